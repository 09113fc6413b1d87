import { describe, expect, it } from 'vitest';
import { hashOfKey, keyMatches, mintKey, readKey } from './api-key.ts';

describe('an API key', () => {
  it('names its record and its workspace', () => {
    const { key, id, hash } = mintKey('ws_one-1');
    expect(readKey(key)).toEqual({ id, workspaceId: 'ws_one-1' });
    expect(hash).toBe(hashOfKey(key));
    expect(keyMatches(key, hash)).toBe(true);
    expect(hash).not.toContain(key.slice(-20));
  });

  it('with one sign changed, cut or added is told apart without the database', () => {
    const { key } = mintKey('demo');
    const from = key.lastIndexOf('_') + 1;
    for (let at = from; at < key.length; at += 1) {
      const other = key[at] === '7' ? '8' : '7';
      expect(readKey(key.slice(0, at) + other + key.slice(at + 1))).toBeNull();
    }
    expect(readKey(key.slice(0, -1))).toBeNull();
    expect(readKey(`${key}7`)).toBeNull();
    expect(readKey(key.replace('demo', 'dema'))).toBeNull();
  });

  it('is never the same twice', () => {
    expect(new Set(Array.from({ length: 1_000 }, () => mintKey('demo').key)).size).toBe(1_000);
  });

  it('is refused for a workspace whose id it cannot carry', () => {
    expect(() => mintKey('a.b')).toThrow(/workspace id/);
  });
});

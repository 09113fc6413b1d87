import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFailure } from '#domain/failure.ts';
import { makeSecrets, type Place } from './secrets.ts';

const place: Place = { workspaceId: 'w1', collection: 'connections', documentId: 'c1', field: 'credentials' };
const KEY = Buffer.alloc(32, 7);
const secrets = makeSecrets([KEY]);
const anyPlace = fc.record({
  workspaceId: fc.string(),
  collection: fc.string(),
  documentId: fc.string(),
  field: fc.string(),
});

const refusal = (work: () => string): string => {
  try {
    return `opened: ${work()}`;
  } catch (error) {
    return isFailure(error, 'bug') ? error.message : `another error: ${String(error)}`;
  }
};

describe('sealed values', () => {
  it('open to what was sealed, at their place', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), anyPlace, (plain, where) => {
        expect(secrets.open(secrets.seal(plain, where), where)).toBe(plain);
      }),
    );
  });

  it('open nowhere else, and say nothing of what is inside', () => {
    fc.assert(
      fc.property(anyPlace, anyPlace, (home, elsewhere) => {
        fc.pre(JSON.stringify(home) !== JSON.stringify(elsewhere));
        const message = refusal(() => secrets.open(secrets.seal('canary-plain', home), elsewhere));
        expect(message).toMatch(/was changed|not a sealed/);
        expect(message).not.toContain('canary-plain');
      }),
    );
  });

  it('do not confuse places whose parts run together', () => {
    const sealed = secrets.seal('x', { ...place, workspaceId: 'a|b', collection: 'c' });
    expect(refusal(() => secrets.open(sealed, { ...place, workspaceId: 'a', collection: 'b|c' }))).toMatch(/changed/);
  });

  it('do not open when any one character is another', () => {
    const sealed = secrets.seal('shpat_0123456789', place);
    for (let at = 0; at < sealed.length; at += 1)
      for (const character of ['A', 'B', '.', '-', ' ']) {
        if (sealed[at] === character) continue;
        const changed = sealed.slice(0, at) + character + sealed.slice(at + 1);
        expect(refusal(() => secrets.open(changed, place))).toMatch(/^connections.credentials of c1 (is|was) /);
      }
  });

  it('do not open when cut anywhere', () => {
    const sealed = secrets.seal('shpat_0123456789', place);
    for (let length = 0; length < sealed.length; length += 1)
      expect(refusal(() => secrets.open(sealed.slice(0, length), place))).toMatch(/^connections.credentials of c1/);
  });

  it('are another text each time', () => {
    expect(new Set(Array.from({ length: 200 }, () => secrets.seal('same', place))).size).toBe(200);
  });

  it('open after the key was changed, until the old key is gone', () => {
    const next = Buffer.alloc(32, 8);
    const both = makeSecrets([next, KEY]);
    const old = secrets.seal('token', place);
    expect(both.open(old, place)).toBe('token');
    expect(both.isCurrent(old)).toBe(false);
    const again = both.seal('token', place);
    expect(both.isCurrent(again)).toBe(true);
    expect(makeSecrets([next]).open(again, place)).toBe('token');
    expect(refusal(() => makeSecrets([next]).open(old, place))).toMatch(/a key that this process does not have/);
  });
});

import { describe, expect, it } from 'vitest';
import { type Remembering, remember } from './remember.ts';

const scene = (forMs: Remembering<string>['forMs'], costMs = 0, keep?: (value: string) => boolean) => {
  let now = 0;
  let reads = 0;
  const told = remember(
    async (key) => {
      reads += 1;
      now += costMs;
      return `${key} ${reads}`;
    },
    { forMs, realNow: () => now, ...(keep ? { keep } : {}) },
  );
  return { told, reads: () => reads, pass: (ms: number) => (now += ms) };
};

describe('what is remembered', () => {
  it('is read once for a hundred who ask at once, and for those who ask within its life', async () => {
    const { told, reads, pass } = scene(1_000);
    const all = await Promise.all(Array.from({ length: 100 }, () => told('a')));
    pass(999);
    expect(new Set([...all, await told('a')])).toEqual(new Set(['a 1']));
    expect(reads()).toBe(1);
    pass(1);
    expect(await told('a')).toBe('a 2');
  });

  it('is each key’s own', async () => {
    const { told } = scene(1_000);
    expect(await Promise.all([told('a', 'x'), told('b', 'x'), told('a', 'x')])).toEqual(['a 1', 'b 2', 'a 1']);
  });

  it('lives longer when it was slow, where its life follows from that', async () => {
    const { told, pass } = scene((tookMs) => tookMs + Math.max(1_000, 4 * tookMs), 500);
    await told('a');
    pass(1_999);
    expect(await told('a')).toBe('a 1');
    pass(1);
    expect(await told('a')).toBe('a 2');
  });

  it('is forgotten when it is told to, also while it is being read, and what is not to be kept is not', async () => {
    const { told } = scene(1_000);
    const first = told('a');
    told.forget('a');
    expect([await first, await told('a'), await told('a')]).toEqual(['a 1', 'a 2', 'a 2']);
    const { told: fleeting } = scene(1_000, 0, (value) => value.endsWith('2'));
    expect([await fleeting('a'), await fleeting('a'), await fleeting('a')]).toEqual(['a 1', 'a 2', 'a 2']);
  });

  it('is never a failure', async () => {
    let fails = true;
    const told = remember(
      async () => {
        if (fails) throw new Error('no');
        return 'yes';
      },
      { forMs: 1_000 },
    );
    await expect(told('a')).rejects.toThrow('no');
    fails = false;
    expect(await told('a')).toBe('yes');
  });
});

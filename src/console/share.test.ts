import { describe, expect, it } from 'vitest';
import { share } from './share.ts';

const scene = (costMs = 0) => {
  let now = 0;
  let reads = 0;
  const shared = share(
    async (key) => {
      reads += 1;
      now += costMs;
      return `${key} ${reads}`;
    },
    1_000,
    () => now,
  );
  return { shared, reads: () => reads, pass: (ms: number) => (now += ms) };
};

describe('a shared reading', () => {
  it('is one for a hundred who ask at once, and for those who ask within its life', async () => {
    const { shared, reads, pass } = scene();
    const all = await Promise.all(Array.from({ length: 100 }, () => shared('a')));
    pass(999);
    expect(new Set([...all, await shared('a')])).toEqual(new Set(['a 1']));
    expect(reads()).toBe(1);
    pass(1);
    expect(await shared('a')).toBe('a 2');
  });

  it('is each key’s own', async () => {
    const { shared } = scene();
    expect(await Promise.all([shared('a'), shared('b')])).toEqual(['a 1', 'b 2']);
  });

  it('lives longer when it was slow', async () => {
    const { shared, pass } = scene(500);
    await shared('a');
    pass(1_999);
    expect(await shared('a')).toBe('a 1');
    pass(1);
    expect(await shared('a')).toBe('a 2');
  });

  it('is tried again after a failure', async () => {
    let fails = true;
    const shared = share(async () => {
      if (fails) throw new Error('no');
      return 'yes';
    }, 1_000);
    await expect(shared('a')).rejects.toThrow('no');
    fails = false;
    expect(await shared('a')).toBe('yes');
  });
});

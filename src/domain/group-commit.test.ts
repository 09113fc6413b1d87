import { describe, expect, it } from 'vitest';
import { groupCommit } from './group-commit.ts';

const gate = () => {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
};

describe('a group commit', () => {
  it('writes what came together at once and gives each caller its own result', async () => {
    const batches: number[][] = [];
    const group = groupCommit(async (items: readonly number[]) => {
      batches.push([...items]);
      return items.map((item) => item * 10);
    });
    expect(await Promise.all([1, 2, 3].map(group.add))).toEqual([10, 20, 30]);
    expect(batches).toEqual([[1, 2, 3]]);
  });

  it('settles no caller before the batch with its item is done', async () => {
    const { opened, open } = gate();
    const group = groupCommit(async (items: readonly number[]) => {
      await opened;
      return items;
    });
    const answered: number[] = [];
    const all = [1, 2, 3].map(async (item) => answered.push(await group.add(item)));
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(answered).toEqual([]);
    open();
    await Promise.all(all);
    expect(answered).toEqual([1, 2, 3]);
  });

  it('rejects the callers of a failed batch, and continues with the next', async () => {
    const group = groupCommit(
      async (items: readonly number[]) => {
        if (items.includes(2)) throw new Error('no disk');
        return items;
      },
      { most: 2, lanes: 1 },
    );
    const settled = await Promise.allSettled([1, 2, 3, 4, 5].map(group.add));
    expect(settled.map(({ status }) => status)).toEqual([
      'rejected',
      'rejected',
      'fulfilled',
      'fulfilled',
      'fulfilled',
    ]);
    await group.drained();
  });

  it('keeps to its lanes and is drained when nothing is under way', async () => {
    let running = 0;
    let most = 0;
    const group = groupCommit(
      async (items: readonly number[]) => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return items;
      },
      { lanes: 2, most: 1 },
    );
    const all = Promise.all(Array.from({ length: 20 }, (_, index) => group.add(index)));
    await group.drained();
    expect(running).toBe(0);
    expect(await all).toHaveLength(20);
    expect(most).toBe(2);
  });
});

import { describe, expect, it } from 'vitest';
import type { TradeListPart, TradeListRecord } from '#domain/trade-list.ts';
import { madeList } from '#trade/screening/testing/made-names.ts';
import { partId, tradeReference } from './lists.ts';

const PER_PART = 250;

/** A store of lists of made names, one of which is active in every workspace; `reads` names the list of each part read. */
const storeOf = (sizes: Readonly<Record<string, number>>) => {
  const parts = new Map<string, TradeListPart>();
  for (const [listId, size] of Object.entries(sizes)) {
    const { entries } = madeList(size, size);
    for (let part = 1; (part - 1) * PER_PART < size; part++) {
      const _id = partId(listId, part);
      const own = entries.slice((part - 1) * PER_PART, part * PER_PART);
      parts.set(_id, { _id, workspaceId: '', listId, part, entries: own });
    }
  }
  let [active = ''] = Object.keys(sizes);
  let fails = false;
  const reads: string[] = [];
  const record = (workspaceId: string): TradeListRecord => {
    const entries = sizes[active] ?? 0;
    return {
      _id: active,
      workspaceId,
      kind: 'ofac_sdn',
      edition: '',
      title: active,
      date: '2026-11-20',
      source: 'made',
      sha256: 'a'.repeat(64),
      entries,
      parts: Math.ceil(entries / PER_PART),
      failedRows: 0,
      state: 'active',
      createdAtMs: 1,
      updatedAtMs: 1,
    };
  };
  return {
    reads,
    activate(listId: string) {
      active = listId;
    },
    fail(now: boolean) {
      fails = now;
    },
    ports: {
      romaniseHan: () => [],
      store: {
        tradeLists: { list: async (workspaceId: string) => [record(workspaceId)] },
        tradeListParts: {
          find: async (_: string, id: string) => {
            if (fails) throw new Error('the database is away');
            const part = parts.get(id) ?? null;
            reads.push(part?.listId ?? '');
            return part;
          },
        },
      },
    },
  };
};

const titles = ({ lists }: { lists: readonly { title: string; entries: readonly unknown[] }[] }) =>
  lists.map(({ title, entries }) => [title, entries.length]);

describe('the lists laid out', () => {
  it('are read and indexed once for all who ask meanwhile, and other work goes on', async () => {
    const { ports, reads } = storeOf({ one: 2_000 });
    let turns = 0;
    let under = true;
    const turn = () => {
      turns += 1;
      if (under) setImmediate(turn);
    };
    setImmediate(turn);
    const all = await Promise.all([1, 2, 3].map(() => tradeReference(ports, 'w')));
    under = false;
    expect(new Set(all.map(({ index }) => index)).size).toBe(1);
    expect(all[0]?.index?.names.length).toBeGreaterThan(2_000);
    expect(reads).toHaveLength(8);
    // A slice is 4 ms; laying this list out takes many of them on any machine.
    expect(turns).toBeGreaterThan(5);
    expect((await tradeReference(ports, 'w')).index).toBe(all[0]?.index);
  });

  it('are never those of a state that was replaced while they were laid out', async () => {
    const { ports, activate } = storeOf({ old: 1_000, new: 500 });
    const asked = tradeReference(ports, 'w');
    // By now the old list is being read.
    await new Promise((resolve) => setImmediate(resolve));
    activate('new');
    const later = tradeReference(ports, 'w');
    expect(titles(await asked)).toEqual([['new', 500]]);
    expect(titles(await later)).toEqual([['new', 500]]);
  });

  it('are laid out one set at a time', async () => {
    const { ports, reads } = storeOf({ one: 500 });
    const before = { workspaces: 0 };
    await Promise.all(
      ['a', 'b', 'c', 'd', 'e', 'f'].map(async (workspace) => {
        const { lists } = await tradeReference(ports, workspace);
        before.workspaces += 1;
        expect(lists).toHaveLength(1);
        // Two parts a workspace, and none of the next is read before this one's are laid out.
        expect(reads.length).toBeLessThanOrEqual(before.workspaces * 2 + 2);
      }),
    );
    expect(before.workspaces).toBe(6);
  });

  it('are tried again after a failure', async () => {
    const { ports, fail } = storeOf({ one: 500 });
    fail(true);
    await expect(tradeReference(ports, 'w')).rejects.toThrow('the database is away');
    fail(false);
    expect(titles(await tradeReference(ports, 'w'))).toEqual([['one', 500]]);
  });
});

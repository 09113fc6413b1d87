import { Failure } from '#domain/failure.ts';
import {
  applyStockOp,
  emptyLevel,
  levelId,
  type Movement,
  type StockLevel,
  type StockOp,
  type StockOutcome,
} from '#domain/stock.ts';
import { difference } from '../change.ts';
import type { Ports } from '../ports.ts';
import { foldedAmong } from './fold.ts';

export interface ShelfOp {
  location: string;
  sku: string;
  op: StockOp;
}

/**
 * Counts operations on shelves, each once by its id however often it is asked for, in one batch too and also when a crash comes
 * between. Ids are unique over all workspaces.
 * A level and the journal of its new movements change in one guarded write; the ledger is filled from the journal after it, and
 * a movement leaves the journal only when it has been seen in the ledger. Whoever counts reads the level first and the ledger
 * second, so an operation that is in neither cannot have been counted unless the level has changed, and then the guard refuses.
 */
export const applyStock = async (
  { store, clock }: Ports,
  workspaceId: string,
  ops: readonly ShelfOp[],
): Promise<ReadonlyMap<string, StockOutcome>> => {
  const outcomes = new Map<string, StockOutcome>();
  const byLevel = Map.groupBy(ops, ({ location, sku }) => levelId(workspaceId, location, sku));
  const ids = [...byLevel.keys()];
  const readTwice = new Set<string>();
  for (let round = 0; ids.length > 0; round += 1) {
    if (round > 200) throw new Failure('unavailable', `the shelves of ${ids.length} SKUs are too busy`);
    const found = new Map((await store.levels.findMany(workspaceId, ids)).map((level) => [level._id, level]));
    const missing = ids.filter((id) => !found.has(id));
    if (missing.length > 0) {
      const made = missing.flatMap((id) => {
        const [first] = byLevel.get(id) ?? [];
        return first ? [emptyLevel(workspaceId, first.location, first.sku)] : [];
      });
      await store.levels.insertMany(made);
      continue;
    }
    const levels = [...found.values()];
    const asked = levels.flatMap((level) => [
      ...level.journal.map((m) => m._id),
      ...(byLevel.get(level._id) ?? []).flatMap(({ op }) => idsOf(op)),
    ]);
    const known = new Set((await store.movements.findMany(workspaceId, [...new Set(asked)])).map((m) => m._id));
    const unknown = asked.filter((id) => !known.has(id));
    for (const id of (await foldedAmong({ store }, workspaceId, levels, unknown)).keys()) known.add(id);
    const writes: { id: string; guard: Partial<StockLevel>; changes: Partial<StockLevel> }[] = [];
    const fresh: Movement[] = [];
    let older = false;
    for (const level of levels) {
      let next: StockLevel = { ...level, journal: level.journal.filter((m) => !known.has(m._id)) };
      const counted = new Set(level.journal.map((m) => m._id));
      for (const { op } of byLevel.get(level._id) ?? []) {
        if (known.has(op.id) || counted.has(op.id)) {
          const stands = outcomeNow(next, op);
          // In the ledger and not on the level: either it is over, or the level was read before it was counted. A second look tells.
          if (op.kind === 'reserve' && stands === 'done' && !readTwice.has(op.id)) {
            readTwice.add(op.id);
            older = true;
          }
          outcomes.set(op.id, stands);
          continue;
        }
        if (op.kind === 'reserve' && op.unless !== undefined && (known.has(op.unless) || counted.has(op.unless))) {
          outcomes.set(op.id, 'done');
          continue;
        }
        const result = applyStockOp(next, op, clock.now());
        if (result.level !== next) counted.add(op.id);
        next = result.level;
        outcomes.set(op.id, result.outcome);
      }
      fresh.push(...next.journal);
      if (next.rev !== level.rev) {
        writes.push({ id: level._id, guard: { rev: level.rev }, changes: difference(level, next) });
      }
    }
    // Which ones were refused is read again, all of them: the ledger still lacks those that were not.
    if ((await store.levels.changeMany(writes)) < writes.length) continue;
    await store.movements.insertMany(fresh);
    if (!older) return outcomes;
  }
  return outcomes;
};

/**
 * Has the rules look at shelves again because something else changed than their stock. A run that has read what was before cannot
 * take it back: it clears only what was asked for when it read. A shelf that is not there is passed over.
 */
export const requestReevaluation = async (
  { store, clock }: Pick<Ports, 'store' | 'clock'>,
  levelIds: readonly string[],
  what: Partial<Pick<StockLevel, 'toRefill' | 'toPublish'>>,
): Promise<void> => {
  await store.levels.changeMany(
    levelIds.map((id) => ({ id, guard: {}, changes: { ...what, askedAtMs: clock.now() } })),
  );
};

/** … and says that one has, unless something has happened there since. */
export const evaluated = (
  { _id, rev, askedAtMs }: StockLevel,
  changes: Partial<StockLevel>,
): { id: string; guard: Partial<StockLevel>; changes: Partial<StockLevel> } => ({
  id: _id,
  guard: { rev, askedAtMs },
  changes,
});

/** The operations of which it has to be known whether they were counted, for one to be. */
const idsOf = (op: StockOp): string[] =>
  op.kind === 'reserve' && op.unless !== undefined ? [op.id, op.unless] : [op.id];

/** How an operation that was counted before stands now. */
const outcomeNow = (level: StockLevel, op: StockOp): StockOutcome => {
  if (op.kind !== 'reserve') return 'done';
  if (level.open.some((o) => o.key === op.key)) return 'held';
  return level.waiting.some((w) => w.key === op.key) ? 'waiting' : 'done';
};

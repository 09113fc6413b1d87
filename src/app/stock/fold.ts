import { type FoldedMovement, levelId, type Movement, type StockLevel } from '#domain/stock.ts';
import { pagesOf } from '../every-page.ts';
import type { Ports } from '../ports.ts';

/** What a shelf that may be folded is announced by lets those who read it before that finish, in real time. */
const SETTLED_MS = 10 * 60_000;
const BATCH = 500;
const PAGE = 1_000;
/** Looks at a shelf that changes while it is read. */
const ROUNDS = 5;

export const foldId = (level: string): string => `fold:${level}`;

/** announced: it may be folded from the next run on. unproven: its movements do not add up to the shelf. busy: it changes too often. */
export type Folded = { outcome: 'nothing' | 'announced' | 'folded' | 'unproven' | 'busy'; movements: number };

/** The figures of a shelf that its movements add up to. */
export const FIELDS = ['onHand', 'reserved', 'onOrder'] as const;

/** The ledger of one shelf: its fold, and the movements that count beside it. */
const readLedger = async ({ store }: Pick<Ports, 'store'>, level: StockLevel) => {
  const id = foldId(level._id);
  const all: Movement[] = [];
  for await (const page of pagesOf(store.movements, level.workspaceId, { sku: level.sku }, PAGE))
    all.push(...page.filter(({ location }) => location === level.location));
  const fold = all.find(({ _id }) => _id === id) ?? null;
  const folding = new Set(fold?.folding ?? []);
  return { fold, beside: all.filter(({ _id }) => _id !== id && !folding.has(_id)) };
};

export interface ShelfBook {
  level: StockLevel;
  fold: Movement | null;
  /** The movements that count beside the fold. */
  beside: readonly Movement[];
}

/** A shelf and its ledger as they were at one moment; null when it is gone, `busy` when it changes too often. */
export const readShelf = async (
  { store }: Pick<Ports, 'store'>,
  workspaceId: string,
  id: string,
): Promise<ShelfBook | null | 'busy'> => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const level = await store.levels.find(workspaceId, id);
    if (!level) return null;
    const { fold, beside } = await readLedger({ store }, level);
    if ((await store.levels.find(workspaceId, id))?.rev === level.rev) return { level, fold, beside };
  }
  return 'busy';
};

/** What the movements of a shelf make it. */
export const sumOf = ({ level, fold, beside }: ShelfBook): Record<(typeof FIELDS)[number], number> => {
  const known = new Set(beside.map(({ _id }) => _id));
  const all = [...(fold ? [fold] : []), ...beside, ...level.journal.filter(({ _id }) => !known.has(_id))];
  const sum = (field: (typeof FIELDS)[number]) => all.reduce((total, movement) => total + movement[field], 0);
  return { onHand: sum('onHand'), reserved: sum('reserved'), onOrder: sum('onOrder') };
};

/** True when the shelf is what its movements make: the proof without which nothing of it is folded. */
export const addsUp = (book: ShelfBook): boolean => {
  const sums = sumOf(book);
  return FIELDS.every((field) => sums[field] === book.level[field]);
};

/** The movements that the fold counts already go from the ledger, and then the list of them. */
const finish = async ({ store }: Ports, fold: Movement): Promise<Movement> => {
  if (!fold.folding || fold.folding.length === 0) return fold;
  await store.movements.deleteMany(fold.folding);
  const changes = { folding: [] };
  await store.movements.change(fold._id, { folded: fold.folded ?? 0 }, changes);
  return { ...fold, ...changes };
};

/**
 * Takes the movements of one shelf from before an instant into its opening movement, whose figures are then their sum. For every
 * moment: fold + movements beside it − those in `folding` = the shelf. Each batch is first written down as folded for ever (an
 * operation that is repeated after years does not count twice), then added to the fold together with their ids, then taken out of
 * the ledger: cut off anywhere, the next run finishes it. A movement that is still in the journal of its shelf stays. A shelf is
 * announced in one run and folded in a later one: whoever read it before the announcement, and would look for a movement in the ledger
 * alone, is long done.
 */
export const foldShelf = async (ports: Ports, given: StockLevel, beforeMs: number): Promise<Folded> => {
  const { store, realTime } = ports;
  const { workspaceId, _id: id } = given;
  const none: Folded = { outcome: 'nothing', movements: 0 };
  const known = await store.movements.find(workspaceId, foldId(id));
  if (known) await finish(ports, known);
  for (let round = 0; round < ROUNDS; round += 1) {
    const book = await readShelf(ports, workspaceId, id);
    if (book === null) return none;
    if (book === 'busy') break;
    const { level, fold, beside } = book;
    const journal = new Set(level.journal.map(({ _id }) => _id));
    const old = beside.filter(({ _id, atMs }) => atMs < beforeMs && !journal.has(_id));
    // One movement that stands for one saves nothing.
    if (old.length < (fold ? 1 : 2)) return none;
    if (!addsUp(book)) return { outcome: 'unproven', movements: 0 };
    if (level.foldsSinceMs === undefined) {
      const announced = { rev: level.rev + 1, foldsSinceMs: realTime.now() };
      if ((await store.levels.change(id, { rev: level.rev }, announced)) === 'changed')
        return { outcome: 'announced', movements: 0 };
      continue;
    }
    if (realTime.now() - level.foldsSinceMs < SETTLED_MS) return { outcome: 'announced', movements: 0 };
    let stands = fold;
    for (let at = 0; at < old.length; at += BATCH)
      stands = await takeIn(ports, level, stands, old.slice(at, at + BATCH));
    return { outcome: 'folded', movements: old.length };
  }
  return { outcome: 'busy', movements: 0 };
};

/** One batch, in the order that makes a cut off run harmless. */
const takeIn = async (
  ports: Ports,
  level: StockLevel,
  fold: Movement | null,
  batch: readonly Movement[],
): Promise<Movement> => {
  const { store } = ports;
  const { workspaceId, location, sku } = level;
  const tombstones = batch.map(({ _id, onHand }): FoldedMovement => ({ _id, workspaceId, onHand }));
  await store.foldedMovements.insertMany(tombstones);
  const empty: Movement = {
    _id: foldId(level._id),
    workspaceId,
    location,
    sku,
    kind: 'opening',
    onHand: 0,
    reserved: 0,
    onOrder: 0,
    reference: 'Movements that were folded',
    atMs: 0,
    rev: 0,
    folded: 0,
    folding: [],
  };
  if (!fold) await store.movements.insert(empty);
  const before = fold ?? empty;
  const sum = (field: (typeof FIELDS)[number]) => batch.reduce((total, m) => total + m[field], before[field]);
  const next: Movement = {
    ...before,
    onHand: sum('onHand'),
    reserved: sum('reserved'),
    onOrder: sum('onOrder'),
    atMs: batch.reduce((latest, { atMs }) => Math.max(latest, atMs), before.atMs),
    rev: batch.reduce((latest, { rev = 0 }) => Math.max(latest, rev), before.rev ?? 0),
    folded: (before.folded ?? 0) + batch.length,
    folding: batch.map(({ _id }) => _id),
  };
  const { _id, workspaceId: _, ...changes } = next;
  const written = await store.movements.change(_id, { folded: before.folded ?? 0 }, changes);
  // Another run folds the same shelf: it has counted these, or will.
  if (written !== 'changed')
    throw new Error(`the shelf ${levelId(workspaceId, location, sku)} is folded by another run`);
  return finish(ports, next);
};

/** Which of these operations were counted and folded; asked only of shelves that may have been. After the ledger, never before it. */
export const foldedAmong = async (
  { store }: Pick<Ports, 'store'>,
  workspaceId: string,
  levels: readonly StockLevel[],
  ids: readonly string[],
): Promise<ReadonlyMap<string, FoldedMovement>> => {
  if (ids.length === 0 || levels.every(({ foldsSinceMs }) => foldsSinceMs === undefined)) return new Map();
  const found = await store.foldedMovements.findMany(workspaceId, ids);
  return new Map(found.map((movement) => [movement._id, movement]));
};

import type { Actor } from '#domain/actor.ts';
import { badValue, Failure } from '#domain/failure.ts';
import { retentionRunId } from '#domain/retention.ts';
import { levelId, type Movement } from '#domain/stock.ts';
import { clearException, openException } from '../exception/open.ts';
import type { Ports } from '../ports.ts';
import { addsUp, FIELDS, readShelf, type ShelfBook, sumOf } from './fold.ts';

type Figures = ReturnType<typeof sumOf>;

export interface ShelfProof {
  location: string;
  sku: string;
  /** What the shelf says. */
  shelf: Figures;
  /** What its movements add up to. */
  movements: Figures;
  proven: boolean;
  /** The difference was entered in the ledger just now. */
  booked: boolean;
}

const NAMES: Readonly<Record<keyof Figures, string>> = { onHand: 'on hand', reserved: 'reserved', onOrder: 'on order' };

/** Shelves that an exception names; of more it says how many. */
const NAMED = 20;
/** Writes of one shelf that others overtook. */
const ROUNDS = 20;

/** A shelf and its ledger; null when it is gone. Throws `unavailable` for one that changes too often to be read. */
const bookOf = async (ports: Pick<Ports, 'store'>, workspaceId: string, id: string): Promise<ShelfBook | null> => {
  const book = await readShelf(ports, workspaceId, id);
  if (book === 'busy') throw new Failure('unavailable', `the shelf ${id} is too busy`);
  return book;
};

const figuresOf = ({ level: { onHand, reserved, onOrder } }: ShelfBook): Figures => ({ onHand, reserved, onOrder });

const proofOf = (book: ShelfBook, booked: boolean): ShelfProof => {
  const { location, sku } = book.level;
  return { location, sku, shelf: figuresOf(book), movements: sumOf(book), proven: addsUp(book), booked };
};

/** A shelf in words, with the figures in which it differs. */
const inWords = (book: ShelfBook): string => {
  const [shelf, movements] = [figuresOf(book), sumOf(book)];
  const differing = FIELDS.filter((field) => shelf[field] !== movements[field]);
  const figures = differing.map((field) => `${NAMES[field]} ${shelf[field]}, by its movements ${movements[field]}`);
  return `${book.level.sku} at ${book.level.location} (${figures.join('; ')})`;
};

/** Those of these shelves that are not the sum of their movements. One that is gone is none of them. */
export const stillUnproven = async (
  ports: Ports,
  workspaceId: string,
  levelIds: readonly string[],
): Promise<string[]> => {
  const unproven: string[] = [];
  for (const id of levelIds) {
    const found = await bookOf(ports, workspaceId, id);
    if (found && !addsUp(found)) unproven.push(id);
  }
  return unproven;
};

/** One exception of the workspace for all shelves that are not the sum of their movements; it closes when there is none. */
export const tellUnproven = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, levelIds }: { workspaceId: string; levelIds: readonly string[] },
): Promise<void> => {
  if (levelIds.length === 0)
    return clearException(ports, actor, { workspaceId, cause: 'ledger_differs', subjectId: workspaceId });
  const named: string[] = [];
  for (const id of levelIds.slice(0, NAMED)) {
    const found = await bookOf(ports, workspaceId, id);
    if (found) named.push(inWords(found));
  }
  const more = levelIds.length > NAMED ? ` and ${levelIds.length - NAMED} more` : '';
  await openException(ports, actor, {
    workspaceId,
    cause: 'ledger_differs',
    subject: { kind: 'workspace', id: workspaceId },
    orderId: null,
    detail: `Not the sum of their movements: ${named.join(', ')}${more}.`,
    retry: null,
  });
};

/**
 * Enters in the ledger what it lacks, or has too much, to be what the shelf says. The shelf stays as it is. Its journal takes the
 * movement in the write that makes sure that nothing has happened there since it was read: two at once enter it once.
 */
const enterDifference = async (
  { store, clock }: Ports,
  actor: Actor,
  { workspaceId, id, note }: { workspaceId: string; id: string; note: string },
): Promise<ShelfProof | null> => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const found = await bookOf({ store }, workspaceId, id);
    if (!found || addsUp(found)) return found && proofOf(found, round > 0);
    const { level } = found;
    const [shelf, movements] = [figuresOf(found), sumOf(found)];
    const rev = level.rev + 1;
    const movement: Movement = {
      _id: `proof:${id}:${rev}`,
      workspaceId,
      location: level.location,
      sku: level.sku,
      kind: 'adjust',
      onHand: shelf.onHand - movements.onHand,
      reserved: shelf.reserved - movements.reserved,
      onOrder: shelf.onOrder - movements.onOrder,
      reference: `${note} (${actor.name})`,
      atMs: clock.now(),
      rev,
    };
    await store.levels.change(id, { rev: level.rev }, { rev, journal: [...level.journal, movement] });
  }
  throw new Failure('unavailable', `the shelf ${id} is too busy`);
};

/**
 * Compares shelves with their movements: those that the daily check found to differ, and those that are named. With a note the
 * difference is entered in the ledger, so that it says what the shelf says. The exception is brought up to date, and closes when all
 * of them agree. Throws `rejected` for a shelf that is not there.
 */
export const proveShelves = async (
  ports: Ports,
  actor: Actor,
  {
    workspaceId,
    shelves,
    note,
  }: { workspaceId: string; shelves: readonly { location: string; sku: string }[]; note: string | null },
): Promise<ShelfProof[]> => {
  const { store } = ports;
  const named = shelves.map(({ location, sku }) => levelId(workspaceId, location, sku));
  const there = new Set((await store.levels.findMany(workspaceId, named)).map(({ _id }) => _id));
  const missing = shelves.find(({ location, sku }) => !there.has(levelId(workspaceId, location, sku)));
  if (missing) throw badValue('shelves', `there is no shelf of ${missing.sku} at ${missing.location}`);
  const run = await store.retentionRuns.find(workspaceId, retentionRunId(workspaceId));
  const unproven: string[] = [];
  const proofs: ShelfProof[] = [];
  for (const id of new Set([...(run?.unproven ?? []), ...named])) {
    const found = note === null ? await bookOf(ports, workspaceId, id) : null;
    const proof =
      note === null ? found && proofOf(found, false) : await enterDifference(ports, actor, { workspaceId, id, note });
    if (!proof) continue;
    proofs.push(proof);
    if (!proof.proven) unproven.push(id);
  }
  await tellUnproven(ports, actor, { workspaceId, levelIds: unproven });
  // Refused: the daily check is under way, and looks at them itself.
  if (run) await store.retentionRuns.change(run._id, { rev: run.rev, step: null }, { rev: run.rev + 1, unproven });
  return proofs;
};

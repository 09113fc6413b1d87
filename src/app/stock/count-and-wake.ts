import { levelId, type Movement } from '#domain/stock.ts';
import type { Ports } from '../ports.ts';
import { applyStock, type ShelfOp } from './apply.ts';
import { foldedAmong } from './fold.ts';

export interface Woken {
  /** Orders whose lines came to hold units: their legs can go on. */
  orderIds: string[];
  /** Movements of these operations that had been counted before. */
  known: ReadonlyMap<string, Pick<Movement, 'onHand'>>;
}

/**
 * Counts operations as `applyStock` does and says whom they woke. An order that waited is named by the call that served it, and
 * by every repetition of that call, should its answer have been lost; one too many may be named, which harms nothing.
 */
export const countAndFindWoken = async (ports: Ports, workspaceId: string, ops: readonly ShelfOp[]): Promise<Woken> => {
  const { store } = ports;
  const levelOf = ({ location, sku }: ShelfOp) => levelId(workspaceId, location, sku);
  const levelIds = [...new Set(ops.map(levelOf))];
  const opIds = new Set(ops.map(({ op }) => op.id));
  const [ledger, before] = await Promise.all([
    store.movements.findMany(workspaceId, [...opIds]),
    store.levels.findMany(workspaceId, levelIds),
  ]);
  const journal = before.flatMap((level) => level.journal.filter((movement) => opIds.has(movement._id)));
  const known = new Map<string, Pick<Movement, 'onHand'>>([...journal, ...ledger].map((m) => [m._id, m]));
  const unknown = [...opIds].filter((id) => !known.has(id));
  for (const [id, folded] of await foldedAmong({ store }, workspaceId, before, unknown)) known.set(id, folded);
  await applyStock(ports, workspaceId, ops);
  const repeated = new Set(ops.filter(({ op }) => known.has(op.id)).map(levelOf));
  const held = new Set(before.flatMap((level) => level.open.map((line) => line.key)));
  const after = await store.levels.findMany(workspaceId, levelIds);
  const woken = after.flatMap((level) =>
    level.open.filter((line) => repeated.has(level._id) || !held.has(line.key)).map((line) => line.orderId),
  );
  return { orderIds: [...new Set(woken)].filter((orderId) => orderId !== ''), known };
};

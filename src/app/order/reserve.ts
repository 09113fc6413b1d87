import { Failure } from '#domain/failure.ts';
import { reservationKey } from '#domain/ids.ts';
import { wantedUnits } from '#domain/may-proceed.ts';
import { allocate } from '#domain/money.ts';
import type { Order, OrderLine } from '#domain/order.ts';
import { levelId } from '#domain/stock.ts';
import { MODES, type OfferedLine } from '#modes';
import { changeOrder } from '../change.ts';
import type { Ports } from '../ports.ts';
import { applyStock, type ShelfOp } from '../stock/apply.ts';

/**
 * The units of each line that a plan has to cover: what is wanted less `covered`, what legs have already, with the part of the line's
 * price that belongs to them. Lines that have no offer are the caller's mistake.
 */
export const offeredLines = (
  order: Pick<Order, 'taken'>,
  lines: readonly OrderLine[],
  covered: (lineId: string) => number,
): OfferedLine[] =>
  lines.flatMap((line): OfferedLine[] => {
    const before = covered(line.id);
    const quantity = line.requiresShipping ? wantedUnits(order, line) - before : 0;
    if (quantity <= 0) return [];
    if (!line.offer) throw new Failure('bug', `order line ${line.id} has no offer`);
    const rest = Math.max(0, line.currentQuantity - before - quantity);
    const [, totalMinor = 0] = allocate(line.totalMinor, [before, quantity, rest]);
    return [{ id: line.id, externalId: line.externalId, title: line.title, quantity, totalMinor, offer: line.offer }];
  });

const shelfOps = (lines: readonly OfferedLine[], op: (line: OfferedLine, wait: boolean) => ShelfOp['op']): ShelfOp[] =>
  lines.flatMap((line) => {
    const { shelf } = MODES[line.offer.mode];
    return shelf ? [{ location: line.offer.location, sku: line.offer.sku, op: op(line, shelf.wait) }] : [];
  });

/** The operation that ends a set for a line: after it nothing is held under the set any more, however late a run comes that wished to. */
export const freeId = (key: string): string => `free:${key}`;
const holdId = (key: string): string => `hold:${key}`;

/** Says of a line whether its units are held under a set; `isOver` when the set was given back: nothing can be planned with it. */
export interface Reserved {
  isHeld(lineId: string): boolean;
  isOver: boolean;
}

/** Holds the units of these lines under one set, each line whole or not at all. A set that was given back holds nothing. */
export const reserve = async (
  ports: Ports,
  order: Order,
  lines: readonly OfferedLine[],
  set: number,
  /** Short lines take their turn in the waiting line; an order that may not go on takes none. */
  mayWait: boolean,
): Promise<Reserved> => {
  const outcomes = await applyStock(
    ports,
    order.workspaceId,
    shelfOps(lines, (line, wait) => ({
      kind: 'reserve',
      id: holdId(reservationKey(line.id, set)),
      unless: freeId(reservationKey(line.id, set)),
      key: reservationKey(line.id, set),
      orderId: order._id,
      quantity: line.quantity,
      wait: wait && mayWait,
      atMs: order.placedAtMs,
      reference: order.number,
    })),
  );
  return {
    isHeld: (lineId) => outcomes.get(holdId(reservationKey(lineId, set))) === 'held',
    isOver: [...outcomes.values()].includes('done'),
  };
};

interface Shelf {
  line: OrderLine;
  location: string;
  sku: string;
  /** It is the one that the line's offer names; else the line had another offer when units were asked for. */
  isOffered: boolean;
}

/** The shelves that may hold something for these lines under a set. */
const shelvesOf = async (
  ports: Ports,
  { workspaceId }: Order,
  lines: readonly OrderLine[],
  set: number,
): Promise<Shelf[]> => {
  const offered = lines.flatMap((line): Shelf[] => {
    if (!line.offer || !MODES[line.offer.mode].shelf) return [];
    return [{ line, location: line.offer.location, sku: line.offer.sku, isOffered: true }];
  });
  const held = new Map(lines.map((line) => [holdId(reservationKey(line.id, set)), line]));
  const asked = (await ports.store.movements.findMany(workspaceId, [...held.keys()])).flatMap((movement): Shelf[] => {
    const line = held.get(movement._id);
    const { location, sku } = movement;
    return line ? [{ line, location, sku, isOffered: false }] : [];
  });
  const isThere = (shelf: Shelf) =>
    offered.some(({ line, location, sku }) => line === shelf.line && location === shelf.location && sku === shelf.sku);
  return [...offered, ...asked.filter((shelf) => !isThere(shelf))];
};

/** Gives back whatever a set holds of these lines, or waits for; once, and for good: nothing is held under it after that. */
export const releaseSet = async (
  ports: Ports,
  order: Order,
  lines: readonly OrderLine[],
  set: number,
): Promise<void> => {
  const shelves = await shelvesOf(ports, order, lines, set);
  await applyStock(
    ports,
    order.workspaceId,
    shelves.map(({ line, location, sku, isOffered }): ShelfOp => {
      const key = reservationKey(line.id, set);
      const quantity = line.quantity + line.currentQuantity;
      const id = isOffered ? freeId(key) : `${freeId(key)} ${location} ${sku}`;
      return { location, sku, op: { kind: 'release', id, key, quantity, reference: order.number, last: true } };
    }),
  );
};

/**
 * True when a set holds, or waits for, of each line what is `wanted`, or nothing. Else a run that died has left there what the order
 * wanted then.
 */
export const isJust = async (
  ports: Ports,
  order: Order,
  lines: readonly OrderLine[],
  set: number,
  wanted: readonly OfferedLine[],
): Promise<boolean> => {
  const { workspaceId } = order;
  const shelves = await shelvesOf(ports, order, lines, set);
  const ids = new Set(shelves.map(({ location, sku }) => levelId(workspaceId, location, sku)));
  const found = await ports.store.levels.findMany(workspaceId, [...ids]);
  const levels = new Map(found.map((level) => [level._id, level]));
  return shelves.every(({ line, location, sku, isOffered }) => {
    const key = reservationKey(line.id, set);
    const level = levels.get(levelId(workspaceId, location, sku));
    const here = [...(level?.open ?? []), ...(level?.waiting ?? [])].find((one) => one.key === key)?.quantity ?? 0;
    return here === 0 || (isOffered && here === wanted.find(({ id }) => id === line.id)?.quantity);
  });
};

/** Takes a set out of use: nobody plans with it from now on, and what it holds goes back, also when this run dies. */
export const useUp = async (ports: Ports, order: Order, lines: readonly OrderLine[], set: number): Promise<Order> => {
  const dueAtMs = ports.clock.now() + ports.grace();
  const marked = await changeOrder(ports, order.workspaceId, order._id, (current) =>
    current.plan || current.units?.set === set || current.unitSets >= set
      ? null
      : { unitSets: set, setsToFree: [...(current.setsToFree ?? []), set], dueAtMs },
  );
  return freeUsedUp(ports, marked, lines);
};

/** Gives back the sets that were taken out of use and that a run may have died with. */
export const freeUsedUp = async (ports: Ports, order: Order, lines: readonly OrderLine[]): Promise<Order> => {
  if (!order.setsToFree?.length) return order;
  const { workspaceId, _id } = order;
  // Written once more before anything goes back: a run that is about to plan with one finds the order changed.
  const marked = await changeOrder(ports, workspaceId, _id, (current) =>
    current.setsToFree?.length ? { setsToFree: [...current.setsToFree] } : null,
  );
  const freed = marked.setsToFree ?? [];
  for (const set of freed) await releaseSet(ports, marked, lines, set);
  return changeOrder(ports, workspaceId, _id, (current) =>
    current.setsToFree?.some((set) => freed.includes(set))
      ? { setsToFree: current.setsToFree.filter((set) => !freed.includes(set)) }
      : null,
  );
};

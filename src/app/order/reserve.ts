import { Failure } from '#domain/failure.ts';
import { reservationKey } from '#domain/ids.ts';
import { wantedUnits } from '#domain/may-proceed.ts';
import { allocate } from '#domain/money.ts';
import type { Order, OrderLine } from '#domain/order.ts';
import { MODES, type OfferedLine } from '#modes';
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

/** Holds the units of these lines under one set, each line whole or not at all. Says of a line whether its units are held. */
export const reserve = async (
  ports: Ports,
  order: Order,
  lines: readonly OfferedLine[],
  set: number,
  /** Short lines take their turn in the waiting line; an order that may not go on takes none. */
  mayWait: boolean,
): Promise<(lineId: string) => boolean> => {
  const outcomes = await applyStock(
    ports,
    order.workspaceId,
    shelfOps(lines, (line, wait) => ({
      kind: 'reserve',
      id: `hold:${reservationKey(line.id, set)}`,
      key: reservationKey(line.id, set),
      orderId: order._id,
      quantity: line.quantity,
      wait: wait && mayWait,
      atMs: order.placedAtMs,
      reference: order.number,
    })),
  );
  return (lineId) => outcomes.get(`hold:${reservationKey(lineId, set)}`) === 'held';
};

/** Gives back whatever a set holds of these lines, or waits for; once, and nothing when there is nothing. */
export const releaseSet = async (
  ports: Ports,
  order: Order,
  lines: readonly OrderLine[],
  set: number,
): Promise<void> => {
  await applyStock(
    ports,
    order.workspaceId,
    lines.flatMap((line): ShelfOp[] => {
      if (!line.offer || !MODES[line.offer.mode].shelf) return [];
      const key = reservationKey(line.id, set);
      return [
        {
          location: line.offer.location,
          sku: line.offer.sku,
          op: {
            kind: 'release',
            id: `free:${key}`,
            key,
            quantity: line.quantity + line.currentQuantity,
            reference: order.number,
          },
        },
      ];
    }),
  );
};

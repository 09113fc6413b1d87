import type { Actor } from '#domain/actor.ts';
import { Failure } from '#domain/failure.ts';
import { countReceipt, type Leg } from '#domain/leg.ts';
import { changeLeg } from '../change.ts';
import type { Ports } from '../ports.ts';
import type { ShelfOp } from '../stock/apply.ts';
import { countAndFindWoken } from '../stock/count-and-wake.ts';
import { clearSettledCancel } from './cancel.ts';

export interface Receipt {
  workspaceId: string;
  legId: string;
  /** The lot or the delivery note: the same again is the same goods. */
  reference: string;
  lines: readonly { lineId: string; quantity: number }[];
  /** What inspection said of a lot; goods that are not released are not counted. */
  released: boolean;
}

/**
 * Goods come in for a leg: a released lot of a factory, held for its order at once, or a delivery for our shelf. Each reference
 * once. An unreleased lot adds nothing to what may be sold. `wakes` names the orders whose lines came to hold units.
 */
export const receiveGoods = async (
  ports: Ports,
  actor: Actor,
  receipt: Receipt,
): Promise<{ leg: Leg; wakes: string[] }> => {
  const { clock } = ports;
  const { workspaceId, legId, reference } = receipt;
  if (!receipt.released)
    throw new Failure('rejected', `lot ${reference} is not released: its units do not count yet`, {
      safe: { reference },
    });
  const leg = await changeLeg(ports, workspaceId, legId, (current) => {
    if (current.kind === 'fulfilment')
      throw new Failure('conflict', `leg ${legId} ships from a shelf: nothing comes in for it`);
    if (current.kind === 'purchase' && current.orderId !== null)
      throw new Failure('conflict', `leg ${legId} goes from the supplier to the buyer`);
    if (
      !current.counted.includes(reference) &&
      !['accepted', 'submitted', 'shipped', 'delivered', 'partly_shipped'].includes(current.state)
    )
      throw new Failure('conflict', `leg ${legId} is ${current.state}: nothing can come in for it`, {
        safe: { state: current.state },
      });
    return countReceipt(current, reference, receipt.lines, { actor, atMs: clock.now() });
  });
  await clearSettledCancel(ports, actor, leg);
  const made = leg.orderId !== null;
  const ops: ShelfOp[] = leg.lines.flatMap((line) => {
    const quantity = receipt.lines.filter((l) => l.lineId === line.lineId).reduce((sum, l) => sum + l.quantity, 0);
    if (quantity === 0) return [];
    const id = `in:${legId}:${reference}:${line.lineId}`;
    return [
      {
        location: leg.location,
        sku: line.sku,
        op: made
          ? { kind: 'make' as const, id, key: line.reservation, orderId: leg.orderId ?? '', quantity, reference }
          : { kind: 'receipt' as const, id, quantity, expected: quantity, reference },
      },
    ];
  });
  const { orderIds } = await countAndFindWoken(ports, workspaceId, ops);
  return { leg, wakes: orderIds };
};

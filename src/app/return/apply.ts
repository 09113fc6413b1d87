import { Failure } from '#domain/failure.ts';
import { idOf } from '#domain/ids.ts';
import { applyRefund } from '#domain/leg.ts';
import type { Return } from '#domain/order.ts';
import { MODES } from '#modes';
import { changeLeg } from '../change.ts';
import { openException } from '../exception/open.ts';
import { getReturn } from '../get.ts';
import type { Ports } from '../ports.ts';
import { applyStock } from '../stock/apply.ts';

export interface AppliedReturn {
  /** Legs that may go on now that units are cancelled. */
  legIds: string[];
  orderId: string | null;
  /** False while the order is not routed: it is counted when that is done. */
  applied: boolean;
}

/**
 * Counts a refund on the legs, once: units that have not left are cancelled and given back to the shelf, the rest counts as
 * returned. More than was ordered becomes an exception, and what fits is counted.
 */
export const applyReturn = async (ports: Ports, workspaceId: string, returnId: string): Promise<AppliedReturn> => {
  const { store, clock } = ports;
  const refund = await getReturn(ports, workspaceId, returnId);
  if (refund.state !== 'refunded' || refund.orderId === null)
    return { legIds: [], orderId: refund.orderId, applied: refund.state === 'applied' };
  const order = await store.orders.find(workspaceId, refund.orderId);
  if (!order) throw new Failure('not_found', `order ${refund.orderId} is gone`);
  const now = clock.now();
  const legs = await store.legs.list(workspaceId, { orderId: order._id }, { limit: 1_000 });
  // A plan is saved before its legs are written down: a line without a leg yet is not a line too many.
  const routed = order.plan ? legs.length >= order.plan.length : order.lines.length === 0 || order.historical;
  if (!routed) {
    // Counted when the order is routed; looked at again by the sweep should that be lost.
    await store.returns.change(
      returnId,
      { state: 'refunded' },
      { dueAtMs: order.state === 'awaiting_mapping' ? null : now + ports.grace() },
    );
    return { legIds: [], orderId: order._id, applied: false };
  }
  const touched: string[] = [];
  let excess = 0;
  const lines: Return['lines'] = [];
  for (const line of refund.lines) {
    const leg = legs.find((l) => l.lines.some((onLeg) => onLeg.lineId === line.lineId));
    if (!leg) {
      excess += order.historical ? 0 : line.quantity;
      lines.push(line);
      continue;
    }
    const changed = await changeLeg(store, workspaceId, leg._id, (current) => {
      const result = applyRefund(current, { id: line.id, lineId: line.lineId, quantity: line.quantity });
      return result.leg === current ? null : { ...result.leg, updatedAtMs: now };
    });
    const counted = changed.refunds.find((r) => r.id === line.id);
    const cancelled = counted?.cancelled ?? 0;
    const returned = counted?.returned ?? 0;
    excess += line.quantity - cancelled - returned;
    lines.push({ ...line, sku: leg.lines.find((l) => l.lineId === line.lineId)?.sku ?? line.sku, cancelled, returned });
    const onLeg = leg.lines.find((l) => l.lineId === line.lineId);
    if (cancelled > 0 && onLeg) {
      touched.push(leg._id);
      if (MODES[leg.mode].shelf)
        await applyStock(ports, workspaceId, [
          {
            location: leg.location,
            sku: onLeg.sku,
            op: {
              kind: 'release',
              id: `cancel:${line.id}`,
              key: line.lineId,
              quantity: cancelled,
              reference: refund._id,
            },
          },
        ]);
    }
  }
  await store.postings.insertMany(
    refund.lines.flatMap((line) => {
      const offer = order.lines.find((l) => l.id === line.lineId)?.offer;
      const postings = offer
        ? MODES[offer.mode].refund(line.totalMinor, offer)
        : [{ kind: 'refund' as const, from: 'us' as const, to: 'buyer' as const, minor: line.totalMinor }];
      return postings.map((posting, index) => ({
        _id: idOf('ps', line.id, index),
        workspaceId,
        orderId: order._id,
        lineId: line.lineId,
        partner: offer?.partner ?? '',
        currency: order.currency,
        atMs: now,
        ...posting,
      }));
    }),
  );
  if (excess > 0)
    await openException(ports, {
      workspaceId,
      cause: 'refund_mismatch',
      subject: { kind: 'return', id: returnId },
      orderId: order._id,
      detail: `Order ${order.number}: refund ${refund.reference} takes back ${excess} units more than there are`,
      retry: null,
    });
  await store.returns.change(
    returnId,
    { state: 'refunded' },
    { state: 'applied', lines, dueAtMs: null, updatedAtMs: now },
  );
  return { legIds: [...new Set(touched)], orderId: order._id, applied: true };
};

import type { Actor } from '#domain/actor.ts';
import { idOf } from '#domain/ids.ts';
import type { Leg } from '#domain/leg.ts';
import { move } from '#domain/move.ts';
import { type Order, orderMachine } from '#domain/order.ts';
import { type Return, returnMachine, takenIdOf } from '#domain/return.ts';
import { MODES } from '#modes';
import { changeOrder, changeReturn } from '../change.ts';
import { openException } from '../exception/open.ts';
import { getOrder, getReturn } from '../get.ts';
import { posterOf } from '../order/postings.ts';
import { settleTaken } from '../order/settle-taken.ts';
import type { Ports } from '../ports.ts';

export interface AppliedReturn {
  /** Legs that may go on now that units are cancelled. */
  legIds: string[];
  orderId: string | null;
  /** False while the order is not routed: it is counted when that is done. */
  applied: boolean;
  /** A supplier may have to be asked to cancel. */
  reconcile: boolean;
}

/** What became of a line of the return: on the legs, or before there was a plan. */
const outcomeOf = (legs: readonly Leg[], id: string) => {
  const here = legs.flatMap((leg) => leg.refunds.filter((r) => takenIdOf(r) === id));
  const sum = (of: (r: (typeof here)[number]) => number) => here.reduce((total, r) => total + of(r), 0);
  return { cancelled: sum((r) => r.cancelled), returned: sum((r) => r.returned), asked: sum((r) => r.asked) };
};

/**
 * Counts a refund, once: units that have not left are cancelled and given back to the shelf, those that were sent are asked of their
 * supplier, the rest counts as returned. More than was ordered becomes an exception, and what fits is counted.
 */
export const applyReturn = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, returnId }: { workspaceId: string; returnId: string },
): Promise<AppliedReturn> => {
  const { store, clock } = ports;
  const refund = await getReturn(ports, workspaceId, returnId);
  if (refund.state !== 'refunded' || refund.orderId === null)
    return { legIds: [], orderId: refund.orderId, applied: refund.state === 'applied', reconcile: false };
  const now = clock.now();
  let order = await getOrder(ports, workspaceId, refund.orderId);
  order = await takeOnce(ports, order, refund);
  const over = orderMachine.final(order.state);
  if (!order.plan && !over) {
    // Counted when the order is routed: its plan leaves out what was refunded before.
    await changeReturn(ports, workspaceId, returnId, (current) =>
      current.state === 'refunded' ? { dueAtMs: order.dueAtMs === null ? null : now + ports.grace() } : null,
    );
    return { legIds: [], orderId: order._id, applied: false, reconcile: false };
  }
  const before = await store.legs.list(workspaceId, { orderId: order._id }, { limit: 1_000 });
  const planned = order.plan?.number === 1 ? order.plan.legs.length : 0;
  if (before.length < planned) {
    // A plan is saved before its legs are written down: a line without a leg yet is not a line too many.
    await changeReturn(ports, workspaceId, returnId, (current) =>
      current.state === 'refunded' ? { dueAtMs: now + ports.grace() } : null,
    );
    return { legIds: [], orderId: order._id, applied: false, reconcile: false };
  }
  const settled = await settleTaken(ports, actor, order, before);
  ({ order } = settled);
  const { legs } = settled;

  // What was never planned here was never sold here: the shop's own books have the sale and the refund.
  const post = await posterOf(ports, order);
  const sold = order.plan ? refund.lines : [];
  await store.postings.insertMany(
    sold.flatMap((line) => {
      const offer = order.lines.find((l) => l.id === line.lineId)?.offer;
      const postings = offer
        ? MODES[offer.mode].refund(line.totalMinor, offer)
        : [{ kind: 'refund' as const, from: 'us' as const, to: 'buyer' as const, minor: line.totalMinor }];
      return postings.map((posting, index) =>
        post(
          { _id: idOf('ps', line.id, index), lineId: line.lineId, partner: offer?.partner ?? '', ...posting },
          order.currency,
          now,
        ),
      );
    }),
  );
  const excess = excessOf(order, refund);
  if (excess > 0 && !order.historical)
    await openException(ports, actor, {
      workspaceId,
      cause: 'refund_mismatch',
      subject: { kind: 'return', id: returnId },
      orderId: order._id,
      detail: `Order ${order.number}: refund ${refund.reference} takes back ${excess} units more than there are`,
      retry: null,
    });
  const lines: Return['lines'] = refund.lines.map((line) => {
    const onLeg = legs.flatMap((leg) => leg.lines).find((l) => l.lineId === line.lineId);
    const { cancelled, returned } = outcomeOf(legs, takenIdOf(line));
    // Refunds of one cancellation share its units: each is for its own number of those that were cancelled.
    const own = Math.min(cancelled, line.quantity);
    return {
      ...line,
      sku: onLeg?.sku ?? line.sku,
      cancelled: own,
      returned: Math.min(returned, line.quantity - own),
    };
  });
  await changeReturn(
    ports,
    workspaceId,
    returnId,
    (current) =>
      current.state === 'refunded'
        ? move(returnMachine, current, 'applied', { lines, dueAtMs: null }, { actor, atMs: now })
        : null,
    refund,
  );
  const reconcile = legs.some(
    (leg) => leg.kind === 'purchase' && leg.cancel === 'none' && leg.lines.some((l) => l.asked > 0),
  );
  return { legIds: settled.touched, orderId: order._id, applied: true, reconcile };
};

/** Units that this refund takes back and that were never sold, or were refunded before. */
const excessOf = (order: Order, refund: Return): number =>
  refund.lines.reduce((sum, line) => {
    const sold = order.lines.find(({ id }) => id === line.lineId);
    if (!sold) return sum + line.quantity;
    const refunded = order.taken.reduce(
      (n, t) => n + (t.why === 'refund' && t.lineId === line.lineId ? t.quantity : 0),
      0,
    );
    return sum + Math.max(0, Math.min(line.quantity, refunded - sold.quantity));
  }, 0);

/** The units of the refund on the order, should the observation that told of it not have counted them. */
const takeOnce = async (ports: Ports, order: Order, refund: Return): Promise<Order> => {
  const missing = (current: Order) =>
    refund.lines.filter(
      (line) =>
        line.quantity > 0 &&
        current.lines.some((sold) => sold.id === line.lineId) &&
        !current.taken.some((taken) => taken.id === takenIdOf(line)),
    );
  if (missing(order).length === 0) return order;
  return changeOrder(
    ports,
    order.workspaceId,
    order._id,
    (current) => {
      const fresh = missing(current).map(({ lineId, quantity, ...line }) => ({
        id: takenIdOf(line),
        why: 'refund' as const,
        lineId,
        quantity,
        settled: false,
      }));
      return fresh.length === 0 ? null : { taken: [...current.taken, ...fresh] };
    },
    order,
  );
};

import { idOf } from '#domain/ids.ts';
import { openUnits } from '#domain/leg.ts';
import { type Order, orderMachine } from '#domain/order.ts';
import { MODES } from '#modes';
import { changeOrder } from '../change.ts';
import type { Ports } from '../ports.ts';
import { chargePostings } from './charge-postings.ts';

/**
 * The order's state as its legs amount to, and, when nothing is left to ship, confirm or refund, the postings of every line and
 * the order closed. Safe at any time.
 */
export const progressOrder = async (
  ports: Ports,
  workspaceId: string,
  orderId: string,
): Promise<Order['state'] | null> => {
  const { store, clock } = ports;
  const order = await store.orders.find(workspaceId, orderId);
  if (!order?.plan || orderMachine.final(order.state)) return order?.state ?? null;
  const [legs, returns, shipments] = await Promise.all([
    store.legs.list(workspaceId, { orderId }, { limit: 1_000 }),
    store.returns.list(workspaceId, { orderId }, { limit: 10_000 }),
    store.shipments.list(workspaceId, { orderId }, { limit: 10_000 }),
  ]);
  if (legs.length < order.plan.length) return order.state;
  const lines = legs.flatMap((leg) => leg.lines);
  const shipped = lines.reduce((sum, line) => sum + line.shipped, 0);
  const open = lines.reduce((sum, line) => sum + openUnits(line), 0);
  const quiet =
    open === 0 &&
    returns.every((r) => r.state === 'applied' || r.state === 'refused') &&
    shipments.every((s) => ['confirmed', 'delivered', 'voided'].includes(s.state));

  if (quiet) {
    const now = clock.now();
    await store.postings.insertMany(
      legs
        .flatMap((leg) =>
          leg.lines.flatMap((line) => {
            const offer = order.lines.find((l) => l.id === line.lineId)?.offer;
            return offer
              ? MODES[leg.mode].settle(line, offer).map((posting, index) => ({
                  _id: idOf('ps', line.lineId, index),
                  workspaceId,
                  orderId,
                  lineId: line.lineId,
                  partner: leg.partner,
                  currency: order.currency,
                  atMs: now,
                  ...posting,
                }))
              : [];
          }),
        )
        .concat(chargePostings(order, now)),
    );
  }
  const state: Order['state'] = quiet
    ? shipped > 0
      ? 'closed'
      : 'cancelled'
    : shipped === 0
      ? order.state
      : open === 0
        ? 'shipped'
        : 'partly_shipped';
  // Two packages told of at once may each take the other for untold: what has all left is looked at again.
  const dueAtMs = open === 0 && !quiet ? clock.now() + ports.grace() : null;
  const move = (current: Order): Order | null => {
    if (orderMachine.final(current.state)) return null;
    if (current.state === state || !orderMachine.allows(current.state, state))
      return (current.dueAtMs === null) === (dueAtMs === null) ? null : { ...current, dueAtMs };
    return { ...current, state, dueAtMs, closedAtMs: quiet ? clock.now() : null, updatedAtMs: clock.now() };
  };
  const changed = await changeOrder(store, workspaceId, orderId, move, order);
  return changed.state;
};

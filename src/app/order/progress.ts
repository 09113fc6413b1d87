import type { Actor } from '#domain/actor.ts';
import { type Leg, openUnits } from '#domain/leg.ts';
import { move } from '#domain/move.ts';
import { type Order, type OrderState, orderMachine } from '#domain/order.ts';
import { changeOrder } from '../change.ts';
import { getOrder } from '../get.ts';
import { clearSettledCancel } from '../leg/cancel.ts';
import type { Ports } from '../ports.ts';
import { nextLook } from './next-look.ts';
import { postOrder, postPackages } from './postings.ts';
import { isUndecided } from './progress-cancels.ts';
import { lacking } from './replan.ts';

/** The order's state as its legs amount to; `quiet` when nothing is left to ship, tell or refund. */
const stateOf = (order: Order, legs: readonly Leg[], quiet: boolean): OrderState => {
  const lines = legs.flatMap((leg) => leg.lines);
  const shipped = lines.some((line) => line.shipped > 0);
  if (quiet) return shipped || order.taken.some(({ why }) => why === 'elsewhere') ? 'closed' : 'cancelled';
  if (!shipped) return 'routed';
  const more = lines.some((line) => openUnits(line) > 0) || lacking(order, legs).length > 0;
  return more ? 'partly_shipped' : 'shipped';
};

export interface Progressed {
  /** Nothing is left to leave and a cancellation is still open: order.reconcile can decide it now. */
  decides: boolean;
}
const isSooner = (atMs: number | null, thanMs: number | null): boolean =>
  atMs !== null && thanMs !== null && atMs <= thanMs;

/**
 * Moves the order to the state that its legs amount to, and, when nothing is left to ship, confirm or refund, makes the postings of
 * what never left and closes it. Safe at any time.
 */
export const progressOrder = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, orderId }: { workspaceId: string; orderId: string },
): Promise<Progressed> => {
  const { store, clock } = ports;
  const order = await getOrder(ports, workspaceId, orderId);
  if (!order.plan || orderMachine.final(order.state)) return { decides: false };
  const { plan } = order;
  const [legs, returns, shipments] = await Promise.all([
    store.legs.list(workspaceId, { orderId }, { limit: 1_000 }),
    store.returns.list(workspaceId, { orderId }, { limit: 10_000 }),
    store.shipments.list(workspaceId, { orderId }, { limit: 10_000 }),
  ]);
  if (legs.filter((leg) => leg.plan === plan.number).length < plan.legs.length) return { decides: false };
  const open = legs.some((leg) => leg.lines.some((line) => openUnits(line) > 0));
  const isQuiet = (current: Order): boolean =>
    current.replan === null &&
    !current.setsToFree?.length &&
    lacking(current, legs).length === 0 &&
    current.taken.every((taken) => taken.settled) &&
    current.cancels.every((request) => request.told && !isUndecided(current, legs, request));
  const quiet =
    !open &&
    isQuiet(order) &&
    returns.every((r) => r.state === 'applied' || r.state === 'refused') &&
    shipments.every((s) => ['confirmed', 'delivered', 'voided'].includes(s.state));

  if (quiet) await postOrder(ports, order, legs, shipments);
  // Whoever counted a package may have died before its postings, and version 0.1 made none before an order closed.
  else if (order.dueAtMs !== null) await postPackages(ports, order, legs, shipments);
  for (const leg of legs) await clearSettledCancel(ports, actor, leg);
  const state = stateOf(order, legs, quiet);
  // Two packages told of at once may each take the other for untold: what has all left is looked at again.
  const nextAtMs = nextLook(order, legs, clock.now(), ports.grace());
  // Not put off or taken back: a look that has come up and was not taken yet, and one that was asked for since the order was read.
  const dueOf = ({ version, dueAtMs }: Order): number | null =>
    dueAtMs !== null && (dueAtMs <= clock.now() || version !== order.version)
      ? Math.min(dueAtMs, nextAtMs ?? dueAtMs)
      : nextAtMs;
  const by = { actor, atMs: clock.now() };
  const changed = await changeOrder(
    ports,
    workspaceId,
    orderId,
    (current) => {
      if (orderMachine.final(current.state)) return null;
      // Changed since it was read: whoever changed it has seen to it that it is looked at again.
      if (quiet && !isQuiet(current)) return null;
      const dueAtMs = quiet ? null : dueOf(current);
      if (current.state === state || !orderMachine.allows(current.state, state))
        return current.dueAtMs === dueAtMs || isSooner(current.dueAtMs, dueAtMs) ? null : { dueAtMs };
      const closed = quiet ? { closedAtMs: clock.now(), holds: [] } : {};
      return move(orderMachine, current, state, { dueAtMs, ...closed }, by);
    },
    order,
  );
  const voiding = shipments.some((one) => one.voiding && one.state !== 'voided');
  return { decides: !open && !voiding && changed.cancels.some((request) => isUndecided(changed, legs, request)) };
};

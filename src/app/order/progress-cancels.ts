import type { Actor } from '#domain/actor.ts';
import { takenBy } from '#domain/cancel-request.ts';
import { idOf } from '#domain/ids.ts';
import { isLost, type Leg, openUnits } from '#domain/leg.ts';
import { allocate } from '#domain/money.ts';
import { born, noted } from '#domain/move.ts';
import type { CancelRequest, Order } from '#domain/order.ts';
import { type Return, returnMachine } from '#domain/return.ts';
import { changeOrder } from '../change.ts';
import type { Ports } from '../ports.ts';

interface Outcome {
  cancelled: number;
  asked: number;
  /** Neither cancelled nor to be cancelled: it has left, or its supplier does not take it back. */
  late: number;
}

/** Its supplier does not cancel: what was asked for will come, unless a person settles it with the supplier. */
const hasRefused = (leg: Leg): boolean => leg.kind === 'purchase' && leg.cancel === 'refused';

const outcomeOf = (order: Order, legs: readonly Leg[], request: CancelRequest): Outcome => {
  const all = { cancelled: 0, asked: 0, late: 0 };
  for (const taken of takenBy(order._id, request)) {
    let cancelled = 0;
    let asked = 0;
    for (const leg of legs)
      for (const r of leg.refunds.filter(({ id }) => id === taken.id)) {
        cancelled += r.cancelled;
        if (!hasRefused(leg)) asked += r.asked;
      }
    all.cancelled += cancelled;
    all.asked += asked;
    all.late += taken.quantity - cancelled - asked;
  }
  return all;
};

/** The refund of what a request has cancelled: each unit's part of its line, never above what the order has left. Null for nothing. */
export const refundOfCancel = (
  order: Order,
  legs: readonly Leg[],
  request: CancelRequest,
  nowMs: number,
  graceMs: number,
): Return | null => {
  let left = order.totalMinor - order.refundedMinor;
  const lines = takenBy(order._id, request).flatMap((taken): Return['lines'] => {
    const line = order.lines.find(({ id }) => id === taken.lineId);
    // Before there is a plan no leg knows of it, and all of it is cancelled at once.
    const quantity = order.plan
      ? legs.reduce((sum, leg) => leg.refunds.reduce((s, r) => s + (r.id === taken.id ? r.cancelled : 0), sum), 0)
      : taken.quantity;
    if (!line || quantity === 0) return [];
    const [share = 0] = allocate(line.totalMinor, [quantity, Math.max(0, line.currentQuantity - quantity)]);
    const totalMinor = Math.max(0, Math.min(share, left));
    left -= totalMinor;
    return [
      {
        id: taken.id,
        lineId: line.id,
        sku: line.offer?.sku ?? line.sku,
        quantity,
        totalMinor,
        restock: true,
        cancelled: 0,
        returned: 0,
      },
    ];
  });
  const totalMinor = lines.reduce((sum, line) => sum + line.totalMinor, 0);
  if (totalMinor === 0) return null;
  return {
    _id: idOf('rt', order._id, 'cancel', request.id),
    workspaceId: order.workspaceId,
    orderId: order._id,
    connectionId: order.connectionId,
    externalId: '',
    reference: `cancel-${request.id}`,
    currency: order.currency,
    totalMinor,
    lines,
    origin: 'ours',
    state: 'wanted',
    received: [],
    reason: request.note,
    dueAtMs: nowMs + graceMs,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
};

/** The refunds of what was cancelled before there was a plan: each is written down once, by its request. */
export const refundUnplanned = async ({ store, clock, grace }: Ports, order: Order): Promise<void> => {
  if (order.plan) return;
  for (const request of order.cancels) {
    if (request.state !== 'confirmed' || request.refund !== 'notShipped') continue;
    const refund = refundOfCancel(order, [], request, clock.now(), grace());
    if (refund) await store.returns.insert(born(returnMachine, refund, { actor: request.by, atMs: clock.now() }));
  }
};

/** Nothing of these legs has left or will: a storefront is told of a whole cancellation alone. */
export const isNothingLeft = (legs: readonly Leg[]): boolean =>
  legs.every((leg) => leg.lines.every((line) => line.shipped === 0 && openUnits(line) === 0));

const inWords = ({ cancelled, late }: Outcome): string =>
  late === 0
    ? 'All of it was cancelled.'
    : `${cancelled} units were cancelled, ${late} had left or are not taken back.`;

/**
 * Takes each open cancellation as far as it has come: undecided while a supplier was asked and has not answered. A decided one is
 * refunded as it was wished, and told to the storefront when nothing of the order is left to ship.
 */
export const progressCancels = async (
  ports: Ports,
  actor: Actor,
  given: Order,
  legs: readonly Leg[],
): Promise<{ order: Order; returnIds: string[]; tellStorefront: boolean }> => {
  const { store, clock } = ports;
  let order = given;
  const returnIds: string[] = [];
  for (const request of given.cancels) {
    // What was declined may still be cancelled, when a person settles it with the supplier.
    if (request.state !== 'requested' && request.state !== 'declined') continue;
    const outcome = outcomeOf(order, legs, request);
    if (request.state === 'declined' && outcome.cancelled === 0) continue;
    // What became of a purchase whose answer was lost is not known yet.
    if (outcome.asked > 0 || legs.some(isLost)) continue;
    const state: CancelRequest['state'] =
      outcome.late === 0 ? 'confirmed' : outcome.cancelled > 0 ? 'partly' : 'declined';
    if (request.refund === 'notShipped') {
      const refund = refundOfCancel(order, legs, request, clock.now(), ports.grace());
      if (refund) {
        await store.returns.insert(born(returnMachine, refund, { actor: request.by, atMs: clock.now() }));
        returnIds.push(refund._id);
      }
    }
    order = await changeOrder(ports, order.workspaceId, order._id, (current) => {
      // Decided once: another run may have been quicker.
      if (!current.cancels.some(({ id, state: known }) => id === request.id && known === request.state)) return null;
      const cancels = current.cancels.map(
        (known): CancelRequest => (known.id === request.id ? { ...known, state, outcome: inWords(outcome) } : known),
      );
      const by = { actor, atMs: clock.now(), data: { request: request.id, ...outcome } };
      return noted(current, `order.cancel_${state}`, { cancels }, by);
    });
  }
  // A storefront is told of a whole cancellation alone: where units have left, or will, there is nothing to tell it.
  const left = legs.some((leg) => leg.lines.some((line) => line.shipped > 0));
  const cannotBeTold = (request: CancelRequest) =>
    !request.told && request.state !== 'requested' && (left || request.state !== 'confirmed');
  if (order.cancels.some(cannotBeTold))
    order = await changeOrder(ports, order.workspaceId, order._id, (current) => ({
      cancels: current.cancels.map((request) => (cannotBeTold(request) ? { ...request, told: true } : request)),
    }));
  const tellStorefront =
    isNothingLeft(legs) && order.cancels.some((request) => !request.told && request.state === 'confirmed');
  return { order, returnIds, tellStorefront };
};

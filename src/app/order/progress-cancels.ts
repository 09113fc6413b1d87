import type { Actor } from '#domain/actor.ts';
import { takenBy } from '#domain/cancel-request.ts';
import { Failure } from '#domain/failure.ts';
import { idOf } from '#domain/ids.ts';
import { isLost, type Leg, openUnits } from '#domain/leg.ts';
import { allocate } from '#domain/money.ts';
import { born, noted } from '#domain/move.ts';
import type { CancelRequest, Order } from '#domain/order.ts';
import { leftToRefund, type Return, returnMachine, takenIdOf } from '#domain/return.ts';
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

/** Units that legs have cancelled of what was taken off the order under one id. */
const cancelledBy = (legs: readonly Leg[], takenId: string): number =>
  legs.reduce((sum, leg) => leg.refunds.reduce((s, r) => s + (takenIdOf(r) === takenId ? r.cancelled : 0), sum), 0);

const outcomeOf = (order: Order, legs: readonly Leg[], request: CancelRequest): Outcome => {
  const all = { cancelled: 0, asked: 0, late: 0 };
  for (const taken of takenBy(order._id, request)) {
    let cancelled = 0;
    let asked = 0;
    for (const leg of legs)
      for (const r of leg.refunds.filter((row) => takenIdOf(row) === taken.id)) {
        cancelled += r.cancelled;
        if (!hasRefused(leg)) asked += r.asked;
      }
    all.cancelled += cancelled;
    all.asked += asked;
    all.late += taken.quantity - cancelled - asked;
  }
  return all;
};

/**
 * Under which id a refund of a request is written down: the first by the request's own, each later one by how many units were paid for
 * before it. So the refund of the same units is one, whoever writes it.
 */
const refundIdOf = ({ _id }: Order, { id }: CancelRequest, unitsBefore: number): string =>
  unitsBefore === 0 ? idOf('rt', _id, 'cancel', id) : idOf('rt', _id, 'cancel', id, unitsBefore);

const unitsIn = (refunds: readonly Return[]): number =>
  refunds.reduce((sum, { lines }) => sum + lines.reduce((s, line) => s + line.quantity, 0), 0);

/** The refunds of a request that are written down. */
const refundsOf = (order: Order, request: CancelRequest, returns: readonly Return[]): Return[] => {
  const written: Return[] = [];
  for (;;) {
    const id = refundIdOf(order, request, unitsIn(written));
    const next = returns.find(({ _id }) => _id === id);
    if (!next) return written;
    written.push(next);
  }
};

/**
 * The refund of what a request has cancelled and has not paid for yet: each unit's part of its line, never above what the order has
 * left. Null for nothing. `returns` are all of the order.
 */
const nextRefundOf = (
  order: Order,
  legs: readonly Leg[],
  request: CancelRequest,
  returns: readonly Return[],
  { nowMs, graceMs }: { nowMs: number; graceMs: number },
): Return | null => {
  const before = refundsOf(order, request, returns);
  const returnId = refundIdOf(order, request, unitsIn(before));
  let left = leftToRefund(order, returns);
  const lines = takenBy(order._id, request).flatMap((taken): Return['lines'] => {
    const line = order.lines.find(({ id }) => id === taken.lineId);
    if (!line) return [];
    // Before there is a plan no leg knows of it, and all of it is cancelled at once.
    const cancelled = order.plan ? cancelledBy(legs, taken.id) : taken.quantity;
    const paid = before.flatMap((one) => one.lines.filter((each) => takenIdOf(each) === taken.id));
    const quantity = cancelled - paid.reduce((sum, each) => sum + each.quantity, 0);
    if (quantity <= 0) return [];
    const [share = 0] = allocate(line.totalMinor, [cancelled, Math.max(0, line.currentQuantity - cancelled)]);
    const owed = share - paid.reduce((sum, each) => sum + each.totalMinor, 0);
    const totalMinor = Math.max(0, Math.min(owed, left));
    left -= totalMinor;
    // The first has the id of what was taken off; a later one has its own, under which it is posted.
    const ids = before.length === 0 ? { id: taken.id } : { id: idOf('rl', returnId, line.id), taken: taken.id };
    return [
      {
        ...ids,
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
    _id: returnId,
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

/** Refunds of one request that are written in one go: only rivals make it more than one. */
const MOST_REFUNDS = 100;

/** Writes down what a request has to pay back by now, each unit once. Returns the refunds that are to be paid. */
const writeRefunds = async (
  { store, clock, grace }: Ports,
  order: Order,
  legs: readonly Leg[],
  request: CancelRequest,
): Promise<string[]> => {
  if (request.refund !== 'notShipped') return [];
  const { workspaceId, _id: orderId } = order;
  const nowMs = clock.now();
  const written: string[] = [];
  for (let round = 0; round < MOST_REFUNDS; round += 1) {
    const returns = await store.returns.list(workspaceId, { orderId }, { limit: 10_000 });
    const refund = nextRefundOf(order, legs, request, returns, { nowMs, graceMs: grace() });
    if (!refund) return written;
    await store.returns.insert(born(returnMachine, refund, { actor: request.by, atMs: nowMs }));
    written.push(refund._id);
  }
  throw new Failure('unavailable', `the refunds of cancellation ${request.id} change faster than they can be written`);
};

/** Nothing of these legs has left or will: a storefront is told of a whole cancellation alone. */
export const isNothingLeft = (legs: readonly Leg[]): boolean =>
  legs.every((leg) => leg.lines.every((line) => line.shipped === 0 && openUnits(line) === 0));

/** The refunds of what was cancelled before there was a plan: each is written down once, by its request. */
export const refundUnplanned = async (ports: Ports, order: Order): Promise<void> => {
  if (order.plan) return;
  for (const request of order.cancels) if (request.state === 'confirmed') await writeRefunds(ports, order, [], request);
};

/**
 * What comes of a request is not written down yet: nobody has decided it, or units that were late by then have been cancelled since.
 * A supplier that had declined may still cancel, and a person may settle it.
 */
export const isUndecided = (order: Order, legs: readonly Leg[], request: CancelRequest): boolean =>
  request.state === 'requested' ||
  (request.state !== 'confirmed' && outcomeOf(order, legs, request).cancelled > (request.cancelled ?? 0));

const inWords = ({ cancelled, late }: Outcome): string =>
  late === 0
    ? 'All of it was cancelled.'
    : `${cancelled} units were cancelled, ${late} had left or are not taken back.`;

/**
 * Takes each open cancellation as far as it has come: undecided while a supplier was asked and has not answered. A decided one is
 * refunded as it was wished, and told to the storefront when nothing of the order is left to ship. What it has not cancelled may be
 * cancelled later: then that is refunded, too, and the request says what it has come to.
 */
export const progressCancels = async (
  ports: Ports,
  actor: Actor,
  given: Order,
  legs: readonly Leg[],
): Promise<{ order: Order; returnIds: string[]; tellStorefront: boolean }> => {
  const { clock } = ports;
  let order = given;
  const returnIds: string[] = [];
  for (const request of given.cancels) {
    if (!isUndecided(order, legs, request)) continue;
    const outcome = outcomeOf(order, legs, request);
    // What became of a purchase whose answer was lost is not known yet.
    if (outcome.asked > 0 || legs.some(isLost)) continue;
    const state: CancelRequest['state'] =
      outcome.late === 0 ? 'confirmed' : outcome.cancelled > 0 ? 'partly' : 'declined';
    returnIds.push(...(await writeRefunds(ports, order, legs, request)));
    order = await changeOrder(ports, order.workspaceId, order._id, (current) => {
      // Decided once: another run may have been quicker.
      const same = (known: CancelRequest) =>
        known.id === request.id && known.state === request.state && known.cancelled === request.cancelled;
      if (!current.cancels.some(same)) return null;
      const { cancelled } = outcome;
      // What was late could not be told; once all of it is cancelled it can.
      const told = ({ tellStorefront, told: before }: CancelRequest) =>
        state === 'confirmed' ? !tellStorefront : before;
      const cancels = current.cancels.map(
        (known): CancelRequest =>
          same(known) ? { ...known, state, cancelled, outcome: inWords(outcome), told: told(known) } : known,
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

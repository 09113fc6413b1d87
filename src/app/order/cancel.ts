import type { Actor } from '#domain/actor.ts';
import { takenBy } from '#domain/cancel-request.ts';
import { Failure } from '#domain/failure.ts';
import { type Leg, openUnits, wasSent } from '#domain/leg.ts';
import { linesToShip, wantedUnits } from '#domain/may-proceed.ts';
import { allocate } from '#domain/money.ts';
import { noted } from '#domain/move.ts';
import { type CancelRequest, type Order, orderMachine } from '#domain/order.ts';
import { changeOrder } from '../change.ts';
import { getOrder } from '../get.ts';
import type { Ports } from '../ports.ts';
import { refundUnplanned } from './progress-cancels.ts';

export interface CancelInput {
  workspaceId: string;
  orderId: string;
  /** The caller's own name of the request: the same again is the same request. */
  id: string;
  /** Null: all that has not left. */
  lines: readonly { lineId: string; quantity: number }[] | null;
  refund: 'none' | 'notShipped';
  tellStorefront: boolean;
  note: string;
}

const invalid = (field: string, message: string): Failure => new Failure('rejected', message, { safe: { field } });

/** The units of a request, checked against what is still wanted. Throws `rejected` with the field for what the order does not have. */
const linesOf = (order: Order, given: CancelInput['lines']): CancelRequest['lines'] => {
  const open = linesToShip(order).map((line) => ({ lineId: line.id, quantity: wantedUnits(order, line) }));
  if (given === null) return open;
  return given.map(({ lineId, quantity }, index) => {
    const line = open.find((one) => one.lineId === lineId);
    if (!line) throw invalid(`lines.${index}.lineId`, `order ${order.number} has no open line ${lineId}`);
    if (quantity > line.quantity)
      throw invalid(`lines.${index}.quantity`, `line ${lineId} has ${line.quantity} units left, ${quantity} given`);
    return { lineId, quantity };
  });
};

/** What cancelling would do, as far as it can be told before the suppliers have answered. */
export interface CancelPreview {
  lines: {
    lineId: string;
    sku: string;
    /** Units that are given back at once. */
    atOnce: number;
    /** Units whose supplier has to be asked. */
    toAsk: number;
    /** Units that have left. */
    late: number;
  }[];
  suppliers: { legId: string; partner: string; canAsk: boolean; expected: string }[];
  /** What would be paid back, in minor units of the order's currency, if everything that can be cancelled is. */
  refund: { amount: number; currency: string };
  tellsStorefront: boolean;
}

/** The effects of a cancellation, without any. */
export const previewCancel = async (ports: Ports, _actor: Actor, input: CancelInput): Promise<CancelPreview> => {
  const { store } = ports;
  const order = await getOrder(ports, input.workspaceId, input.orderId);
  const wanted = linesOf(order, input.lines);
  const legs: Leg[] = await store.legs.list(input.workspaceId, { orderId: order._id }, { limit: 1_000 });
  const left = order.totalMinor - order.refundedMinor;
  let amount = 0;
  const lines = wanted.map(({ lineId, quantity }) => {
    const of = (sent: boolean) =>
      legs
        .filter((leg) => (leg.kind === 'purchase' && wasSent(leg)) === sent)
        .reduce((sum, leg) => leg.lines.reduce((s, l) => s + (l.lineId === lineId ? openUnits(l) : 0), sum), 0);
    const atOnce = order.plan ? Math.min(quantity, of(false)) : quantity;
    const toAsk = Math.min(quantity - atOnce, of(true));
    const line = order.lines.find(({ id }) => id === lineId);
    const share = line
      ? allocate(line.totalMinor, [atOnce + toAsk, Math.max(0, line.currentQuantity - atOnce - toAsk)])[0]
      : 0;
    amount += share ?? 0;
    return { lineId, sku: line?.offer?.sku ?? line?.sku ?? '', atOnce, toAsk, late: quantity - atOnce - toAsk };
  });
  const suppliers = await Promise.all(
    legs
      .filter((leg) => leg.kind === 'purchase' && wasSent(leg) && leg.lines.some((l) => openUnits(l) > 0))
      .map(async (leg) => {
        const connection = await store.connections.find(input.workspaceId, leg.partner);
        const canAsk = connection !== null && ports.gateway.can(connection, 'purchases.cancel');
        const expected = !canAsk
          ? 'It cannot be asked by us: a person has to.'
          : 'It is asked; most suppliers take back what is neither paid nor shipped.';
        return { legId: leg._id, partner: connection?.name ?? leg.partner, canAsk, expected };
      }),
  );
  return {
    lines,
    suppliers,
    refund: { amount: input.refund === 'none' ? 0 : Math.max(0, Math.min(amount, left)), currency: order.currency },
    tellsStorefront: input.tellStorefront && input.lines === null && lines.every((line) => line.late === 0),
  };
};

/**
 * Asks for a cancellation: of lines, or of all that has not left. What was never sent is given back, suppliers are asked, packages that
 * nobody was told of are voided, and what has left stays. The request is on the order before anything is done; it is taken once
 * by its id.
 */
export const cancelOrder = async (ports: Ports, actor: Actor, input: CancelInput): Promise<Order> => {
  const { clock } = ports;
  const { workspaceId, orderId } = input;
  const order = await getOrder(ports, workspaceId, orderId);
  if (order.cancels.some(({ id }) => id === input.id)) return order;
  if (orderMachine.final(order.state))
    throw new Failure('conflict', `order ${order.number} is ${order.state}: there is nothing to cancel`, {
      safe: { state: order.state },
    });
  const by = { actor, atMs: clock.now(), data: { request: input.id } };
  const changed = await changeOrder(ports, workspaceId, orderId, (current) => {
    if (current.cancels.some(({ id }) => id === input.id)) return null;
    const lines = linesOf(current, input.lines);
    const whole = input.lines === null;
    // Nothing was sent yet: there is nobody to ask.
    const decided = current.plan === null;
    const request: CancelRequest = {
      id: input.id,
      by: actor,
      atMs: clock.now(),
      note: input.note,
      lines,
      whole,
      refund: input.refund,
      tellStorefront: input.tellStorefront && whole,
      told: !(input.tellStorefront && whole),
      packagesAsked: decided,
      outcome: decided ? 'Nothing was sent.' : '',
      state: decided ? 'confirmed' : 'requested',
    };
    const changes = {
      cancels: [...current.cancels, request],
      taken: [...current.taken, ...takenBy(orderId, request)],
      dueAtMs: clock.now() + ports.grace(),
    };
    return noted(current, 'order.cancel_requested', changes, { ...by, personal: { note: input.note } });
  });
  // A run that dies before this is made good when the order is routed.
  await refundUnplanned(ports, changed);
  return changed;
};

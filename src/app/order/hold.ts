import type { Actor } from '#domain/actor.ts';
import { Failure } from '#domain/failure.ts';
import { HOLDS, type HoldCode } from '#domain/hold.ts';
import { factOf } from '#domain/may-proceed.ts';
import { noted } from '#domain/move.ts';
import { type Order, orderMachine } from '#domain/order.ts';
import { changeOrder } from '../change.ts';
import type { Ports } from '../ports.ts';

const refuseWhenOver = (order: Order): void => {
  if (orderMachine.final(order.state))
    throw new Failure('conflict', `order ${order.number} is ${order.state}`, { safe: { state: order.state } });
};

/**
 * A person holds an order: nothing more of it is bought, labelled or refunded until it is released. What was sent is not taken back.
 * Throws `rejected` for a hold that only facts set.
 */
export const holdOrder = async (
  ports: Ports,
  actor: Actor,
  given: { workspaceId: string; orderId: string; code: HoldCode; note: string; untilMs: number | null },
): Promise<Order> => {
  const { code, note, untilMs } = given;
  if (HOLDS[code].setBy !== 'person')
    throw new Failure('rejected', `the hold ${code} is set by facts, not by a person`, { safe: { field: 'code' } });
  const nowMs = ports.clock.now();
  return changeOrder(ports, given.workspaceId, given.orderId, (current) => {
    refuseWhenOver(current);
    if (current.holds.some((hold) => hold.code === code && hold.subject.kind === 'order')) return null;
    const hold = {
      code,
      subject: { kind: 'order', id: current._id } as const,
      sinceMs: nowMs,
      by: actor,
      note,
      untilMs,
    };
    const changes = { holds: [...current.holds, hold], dueAtMs: nowMs + ports.grace() };
    return noted(current, 'order.held', changes, { actor, atMs: nowMs, data: { holds: [code] }, personal: { note } });
  });
};

/**
 * Lets an order go on: a person's hold ends, and a hold that facts set is set aside for the fact as it stands. Throws `rejected` for
 * a hold that only a fact can end (an address, a rate), and for a payment that will never come.
 */
export const releaseOrder = async (
  ports: Ports,
  actor: Actor,
  given: { workspaceId: string; orderId: string; code: HoldCode; note: string },
): Promise<Order> => {
  const { code, note } = given;
  const nowMs = ports.clock.now();
  return changeOrder(ports, given.workspaceId, given.orderId, (current) => {
    refuseWhenOver(current);
    if (!HOLDS[code].release)
      throw new Failure('rejected', `${HOLDS[code].title}: ${HOLDS[code].next}`, { safe: { field: 'code', code } });
    if (code === 'payment' && ['voided', 'expired', 'refunded'].includes(current.payment.state))
      throw new Failure(
        'rejected',
        `the payment is ${current.payment.state}: the order cannot be released, only cancelled`,
        {
          safe: { field: 'code', payment: current.payment.state },
        },
      );
    if (!current.holds.some((hold) => hold.code === code)) return null;
    const release = { code, of: factOf(current, code), by: actor, atMs: nowMs, note };
    const changes = {
      holds: current.holds.filter((hold) => hold.code !== code),
      released: HOLDS[code].setBy === 'facts' ? [...current.released, release] : current.released,
      dueAtMs: nowMs + ports.grace(),
    };
    return noted(current, 'order.released', changes, { actor, atMs: nowMs, data: { code }, personal: { note } });
  });
};

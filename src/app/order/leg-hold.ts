import type { Actor } from '#domain/actor.ts';
import type { HoldCode } from '#domain/hold.ts';
import { noted } from '#domain/move.ts';
import type { Order } from '#domain/order.ts';
import { changeOrder } from '../change.ts';
import type { Ports } from '../ports.ts';

/** Holds one leg of an order for a fact that only it lacks: a rate, a weight. The same hold again changes nothing. */
export const setLegHold = async (
  ports: Ports,
  actor: Actor,
  order: Order,
  given: { code: HoldCode; legId: string; note: string; field?: string; sku?: string },
): Promise<Order> => {
  const { code, legId, ...facts } = given;
  const nowMs = ports.clock.now();
  return changeOrder(
    ports,
    order.workspaceId,
    order._id,
    (current) => {
      const known = current.holds.find((hold) => hold.code === code && hold.subject.id === legId);
      if (known && known.note === facts.note) return null;
      const hold = {
        code,
        subject: { kind: 'leg', id: legId } as const,
        sinceMs: nowMs,
        by: actor,
        untilMs: null,
        ...facts,
      };
      const holds = [...current.holds.filter((old) => old !== known), hold];
      return noted(current, 'order.held', { holds }, { actor, atMs: nowMs, data: { holds: [code], legId } });
    },
    order,
  );
};

/** Ends such a hold. Nothing is written where there is none. */
export const clearLegHold = async (
  ports: Ports,
  actor: Actor,
  order: Order,
  code: HoldCode,
  legId: string,
): Promise<Order> => {
  const mine = (hold: Order['holds'][number]) => hold.code === code && hold.subject.id === legId;
  if (!order.holds.some(mine)) return order;
  const nowMs = ports.clock.now();
  return changeOrder(ports, order.workspaceId, order._id, (current) =>
    current.holds.some(mine)
      ? noted(
          current,
          'order.released',
          { holds: current.holds.filter((hold) => !mine(hold)) },
          { actor, atMs: nowMs, data: { code, legId } },
        )
      : null,
  );
};

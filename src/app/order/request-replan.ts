import type { Actor } from '#domain/actor.ts';
import { Failure } from '#domain/failure.ts';
import { type Leg, openUnits, wasSent } from '#domain/leg.ts';
import { noted } from '#domain/move.ts';
import { type Order, orderMachine } from '#domain/order.ts';
import { changeOrder } from '../change.ts';
import { getOrder } from '../get.ts';
import type { Ports } from '../ports.ts';
import { mapAgain } from './map-lines.ts';

export interface ReplanPreview {
  /** Legs that are cancelled and planned anew. */
  planned: { legId: string; units: number }[];
  /** Sent legs whose supplier would be asked to cancel. */
  toAsk: { legId: string; units: number }[];
  /** Sent legs that stay as they are. */
  kept: string[];
  /** Lines whose offer would be another one than now. */
  offers: { lineId: string; sku: string; partner: string; unitCost: string; currency: string }[];
}

/** What planning an order anew would do. */
export const previewReplan = async (
  ports: Ports,
  _actor: Actor,
  given: { workspaceId: string; orderId: string; cancelSent: boolean },
): Promise<ReplanPreview> => {
  const order = await getOrder(ports, given.workspaceId, given.orderId);
  const legs: Leg[] = await ports.store.legs.list(given.workspaceId, { orderId: order._id }, { limit: 1_000 });
  const units = (leg: Leg) => leg.lines.reduce((sum, line) => sum + openUnits(line), 0);
  const open = legs.filter((leg) => units(leg) > 0 && leg.state !== 'cancelled');
  const fresh = open.filter((leg) => !wasSent(leg) && leg.lines.every((line) => line.shipped === 0));
  const sent = open.filter((leg) => !fresh.includes(leg));
  const ask: Leg[] = given.cancelSent ? sent.filter((leg) => leg.kind === 'purchase') : [];
  const lines = await mapAgain(ports, order);
  return {
    planned: fresh.map((leg) => ({ legId: leg._id, units: units(leg) })),
    toAsk: ask.map((leg) => ({ legId: leg._id, units: units(leg) })),
    kept: sent.filter((leg) => !ask.includes(leg)).map((leg) => leg._id),
    offers: lines.flatMap((line) =>
      line.offer
        ? [
            {
              lineId: line.id,
              sku: line.offer.sku,
              partner: line.offer.partner,
              unitCost: line.offer.unitCost,
              currency: line.offer.currency,
            },
          ]
        : [],
    ),
  };
};

/**
 * Asks for a new plan of what has not left: by the offers, shelves and terms as they are now. Until it is made nothing of the order
 * is sent.
 */
export const requestReplan = async (
  ports: Ports,
  actor: Actor,
  given: { workspaceId: string; orderId: string; reason: string; cancelSent: boolean },
): Promise<Order> => {
  const { workspaceId, orderId, reason, cancelSent } = given;
  const nowMs = ports.clock.now();
  return changeOrder(ports, workspaceId, orderId, (current) => {
    if (orderMachine.final(current.state))
      throw new Failure('conflict', `order ${current.number} is ${current.state}`, { safe: { state: current.state } });
    if (current.replan) return null;
    const asked = { by: actor, atMs: nowMs, reason, cancelSent };
    const changes = { replan: current.plan ? asked : null, dueAtMs: nowMs + ports.grace() };
    return noted(current, 'order.replan_requested', changes, {
      actor,
      atMs: nowMs,
      data: { cancelSent },
      personal: { reason },
    });
  });
};

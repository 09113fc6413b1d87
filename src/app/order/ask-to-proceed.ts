import type { Actor } from '#domain/actor.ts';
import { isFailure } from '#domain/failure.ts';
import type { WaitsFor } from '#domain/leg.ts';
import { isUnsettled, mayProceed } from '#domain/may-proceed.ts';
import type { Order } from '#domain/order.ts';
import { getOrder } from '../get.ts';
import type { Ports } from '../ports.ts';
import { keepHolds } from './current-holds.ts';
import { freshOrder } from './fetch.ts';

/** A leg whose storefront cannot be reached asks again after this, in clock time. */
const ASK_SHOP_AGAIN_MS = 5 * 60_000;

export type ProceedAnswer =
  | { kind: 'go'; order: Order }
  | { kind: 'wait'; waitsFor: Extract<WaitsFor, 'hold' | 'shop'>; dueAtMs: number | null }
  /** Something was learnt that changes the order's legs: that comes first. */
  | { kind: 'reconcile' };

/**
 * The question before each purchase, label, confirmation and refund: may this leg of the order proceed, by facts that are fresh? The
 * order is read again at its storefront when it was read too long ago; a storefront that cannot be reached makes the leg wait.
 */
export const askToProceed = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, orderId, legId }: { workspaceId: string; orderId: string; legId?: string },
): Promise<ProceedAnswer> => {
  const known = await getOrder(ports, workspaceId, orderId);
  let fresh: Awaited<ReturnType<typeof freshOrder>>;
  try {
    fresh = await freshOrder(ports, known);
  } catch (error) {
    if (!isFailure(error, 'unavailable', 'rate_limited', 'unauthorised', 'contract', 'forbidden')) throw error;
    ports.log.warn({ orderId, legId, code: error.code }, 'an order could not be read again before it costs');
    return { kind: 'wait', waitsFor: 'shop', dueAtMs: ports.clock.now() + ASK_SHOP_AGAIN_MS };
  }
  const { order, stored } = fresh;
  if (isUnsettled(order) || stored?.next === 'reconcile') return { kind: 'reconcile' };
  const held = await keepHolds(ports, actor, order);
  const verdict = mayProceed(held, held.holds, legId);
  if (verdict.kind === 'go') return { kind: 'go', order: held };
  if (verdict.kind === 'over') return { kind: 'reconcile' };
  return { kind: 'wait', waitsFor: 'hold', dueAtMs: null };
};

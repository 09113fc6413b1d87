import { type Leg, openUnits } from '#domain/leg.ts';
import type { Order } from '#domain/order.ts';
import { lacking } from './replan.ts';

/** What was asked of a supplier wakes its order when it is answered; should that be lost, the order looks after so long in clock time. */
const RECHECK_ASKED_MS = 6 * 3_600_000;

const isAsked = (leg: Leg): boolean =>
  leg.kind === 'purchase' && (leg.cancel !== 'none' || leg.lines.some((line) => line.asked > 0));
const isOpen = (leg: Leg): boolean => leg.lines.some((line) => openUnits(line) > 0);

/**
 * When a planned order that is not over is looked at again if nobody wakes it: soon when nothing of it is left to leave or units have no
 * leg yet, later while a cancellation is undecided, a supplier was asked to cancel or an item is not mapped. Null while its legs look
 * after themselves.
 */
export const nextLook = (order: Order, legs: readonly Leg[], nowMs: number, graceMs: number): number | null => {
  if (order.setsToFree?.length) return nowMs + graceMs;
  const lacks = lacking(order, legs);
  // What has no offer yet is planned when it has one.
  if (lacks.some((line) => line.offer !== null) || (lacks.length === 0 && !legs.some(isOpen))) return nowMs + graceMs;
  const asked =
    lacks.length > 0 ||
    order.cancels.some((request) => request.state === 'requested') ||
    legs.some((leg) => isAsked(leg) && isOpen(leg));
  return asked ? nowMs + RECHECK_ASKED_MS : null;
};

import { type Leg, openUnits } from '#domain/leg.ts';
import type { Order } from '#domain/order.ts';
import type { Ports } from '../ports.ts';
import { lacking } from './replan.ts';

/** What was asked of a supplier wakes its order when it is answered; should that be lost, the order looks after so long in clock time. */
const RECHECK_ASKED_MS = 6 * 3_600_000;

/** How often an order that its shop holds is read again there, in clock time: that a hold ends need not change the order. */
const ASK_SHOP_MS = 3_600_000;
/** The same where the shop has said when it ends: it may say another time. */
const ASK_SHOP_OF_END_MS = 24 * 3_600_000;

/** When the shop is asked again whether it still holds the order; null where it does not. Up to now: it is to be asked now. */
export const nextAskOfShop = ({ shopHolds, fetchedAtMs }: Pick<Order, 'shopHolds' | 'fetchedAtMs'>): number | null => {
  if (!shopHolds?.length) return null;
  const ends = shopHolds.map(({ untilAt }) => (untilAt === null ? null : Date.parse(untilAt)));
  const soon = ends.some((endMs) => endMs === null || endMs <= fetchedAtMs);
  const ahead = ends.filter((endMs) => endMs !== null && endMs > fetchedAtMs).map(Number);
  return Math.min(...ahead, fetchedAtMs + (soon ? ASK_SHOP_MS : ASK_SHOP_OF_END_MS));
};

/** Of an order that its shop holds, whom to ask now whether it still does; null where that is not due, or its connection was removed. */
export const shopToAsk = async (
  ports: Ports,
  order: Order,
): Promise<Pick<Order, 'workspaceId' | 'connectionId' | 'externalId'> | null> => {
  const { workspaceId, connectionId, externalId } = order;
  const askMs = nextAskOfShop(order);
  if (askMs === null || askMs > ports.clock.now()) return null;
  const connection = await ports.cached.connection(workspaceId, connectionId);
  return connection && connection.state !== 'removed' ? { workspaceId, connectionId, externalId } : null;
};

/** When an order whose shop holds it is looked at next: what is asked now is looked at again, should the answer be lost. */
const nextLookAtShop = (order: Order, nowMs: number): number | null => {
  const askMs = nextAskOfShop(order);
  return askMs === null || askMs > nowMs ? askMs : nowMs + ASK_SHOP_MS;
};

/** The earlier of two looks. */
const sooner = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b);

/** When an order without a plan that waits is looked at next: when its units are to be given back, and when its shop is to be asked. */
export const nextLookUnplanned = (order: Order, nowMs: number): number | null =>
  sooner(order.units?.untilMs ?? null, nextLookAtShop(order, nowMs));

const isAsked = (leg: Leg): boolean =>
  leg.kind === 'purchase' && (leg.cancel !== 'none' || leg.lines.some((line) => line.asked > 0));
const isOpen = (leg: Leg): boolean => leg.lines.some((line) => openUnits(line) > 0);

const nextOwnLook = (order: Order, legs: readonly Leg[], nowMs: number, graceMs: number): number | null => {
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

/**
 * When a planned order that is not over is looked at again if nobody wakes it: soon when nothing of it is left to leave or units have no
 * leg yet, later while a cancellation is undecided, a supplier was asked to cancel, an item is not mapped or its shop holds it. Null while its legs look
 * after themselves.
 */
export const nextLook = (order: Order, legs: readonly Leg[], nowMs: number, graceMs: number): number | null =>
  sooner(nextOwnLook(order, legs, nowMs, graceMs), nextLookAtShop(order, nowMs));

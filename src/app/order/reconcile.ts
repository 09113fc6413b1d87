import { type Actor, connectionActor } from '#domain/actor.ts';
import { takenBy } from '#domain/cancel-request.ts';
import { allAsked, type Leg, openUnits } from '#domain/leg.ts';
import { isUnsettled, linesToShip, mayProceed, wantedUnits } from '#domain/may-proceed.ts';
import { noted } from '#domain/move.ts';
import { type CancelRequest, type Order, orderMachine } from '#domain/order.ts';
import { comesBack } from '#domain/shipment.ts';
import { changeLeg, changeOrder } from '../change.ts';
import { clearException, openException } from '../exception/open.ts';
import { getOrder } from '../get.ts';
import type { Ports } from '../ports.ts';
import { voidUntold } from '../shipment/void.ts';
import { keepHolds } from './current-holds.ts';
import { nextLook, shopToAsk } from './next-look.ts';
import { progressCancels } from './progress-cancels.ts';
import { lacking, replan } from './replan.ts';
import { freeUsedUp } from './reserve.ts';
import { lateUnits, type Settled, settleTaken } from './settle-taken.ts';
import { type WrittenLegs, writeLegs } from './write-legs.ts';

export interface Reconciled {
  /** The order has no plan yet: it is routed, not reconciled. */
  route: boolean;
  /** Legs that may go on. */
  legIds: string[];
  submitIds: string[];
  /** Legs whose supplier is to be asked to cancel. */
  cancelIds: string[];
  /** Packages to be voided. */
  voidIds: string[];
  /** Packages that waited for the order, and are to get their label. */
  labelIds: string[];
  /** Packages that waited for the order, and are to be told of. */
  confirmIds: string[];
  /** Refunds to be paid. */
  returnIds: string[];
  /** The storefront is to be told that the order is cancelled. */
  tellStorefront: boolean;
  /** Its shop is to be asked whether it still holds the order. */
  askShop: Awaited<ReturnType<typeof shopToAsk>>;
}

const NOTHING: Reconciled = {
  route: false,
  legIds: [],
  submitIds: [],
  cancelIds: [],
  voidIds: [],
  labelIds: [],
  confirmIds: [],
  returnIds: [],
  tellStorefront: false,
  askShop: null,
};

/** The storefront's own cancellation as a request like any other: of all that is still wanted, with nothing to refund or to tell. */
const requestOfShop = (order: Order, nowMs: number): CancelRequest => ({
  id: 'storefront',
  by: connectionActor({ _id: order.connectionId, name: 'The storefront' }),
  atMs: nowMs,
  note: '',
  lines: linesToShip(order).map((line) => ({ lineId: line.id, quantity: wantedUnits(order, line) })),
  whole: true,
  refund: 'none',
  tellStorefront: false,
  told: true,
  packagesAsked: false,
  outcome: '',
  state: 'requested',
});

/** One exception for what was changed after it had been sent: it names what and how many, and a person chooses. */
const tellLate = async (ports: Ports, actor: Actor, order: Order, { late }: Settled): Promise<void> => {
  const changed = late.filter(({ taken }) => taken.why !== 'refund');
  if (changed.length === 0) return;
  const skuOf = (lineId: string) => order.lines.find((line) => line.id === lineId)?.sku ?? lineId;
  await openException(ports, actor, {
    workspaceId: order.workspaceId,
    cause: 'changed_after_sent',
    subject: { kind: 'order', id: order._id },
    orderId: order._id,
    detail: `Order ${order.number}: ${changed.map(({ taken, quantity }) => `${quantity} of ${skuOf(taken.lineId)} (${taken.why}) have left already`).join('; ')}`,
    retry: null,
  });
};

/** Nothing of what had left too early is still away: its packages were voided since, and a person has nothing to choose. */
const clearLate = async (ports: Ports, actor: Actor, order: Order, legs: readonly Leg[]): Promise<void> => {
  const cameBack = legs.some((leg) => leg.refunds.some(({ taken }) => taken !== undefined));
  if (!cameBack || order.taken.some(({ lineId }) => lateUnits(order, legs, lineId) > 0)) return;
  const { workspaceId, _id: subjectId } = order;
  await clearException(ports, actor, { workspaceId, cause: 'changed_after_sent', subjectId });
};

/** A purchase that was sent and of which units are not wanted any more: cancelled as a whole where all of it is, else a person's. */
const askSuppliers = async (ports: Ports, actor: Actor, order: Order, legs: readonly Leg[]): Promise<string[]> => {
  const wanted: string[] = [];
  for (const leg of legs) {
    if (leg.kind !== 'purchase') continue;
    const asked = leg.lines.reduce((sum, line) => sum + line.asked, 0);
    if (leg.cancel === 'wanted' && leg.lines.some((line) => openUnits(line) > 0)) wanted.push(leg._id);
    if (asked === 0 || leg.cancel !== 'none') continue;
    if (allAsked(leg)) {
      const marked = await changeLeg(ports, order.workspaceId, leg._id, (current) =>
        current.kind === 'purchase' && current.cancel === 'none' && allAsked(current)
          ? { cancel: 'wanted', dueAtMs: ports.clock.now() + ports.grace() }
          : null,
      );
      if (marked.kind === 'purchase' && marked.cancel === 'wanted') wanted.push(leg._id);
      continue;
    }
    await openException(ports, actor, {
      workspaceId: order.workspaceId,
      cause: 'units_after_sent',
      subject: { kind: 'leg', id: leg._id },
      orderId: order._id,
      detail: `Order ${order.number}: ${leg.lines.flatMap((line) => (line.asked > 0 ? `${line.asked} of ${line.sku}` : [])).join(', ')} are no longer wanted, and the purchase was sent with more`,
      retry: null,
    });
  }
  return wanted;
};

/**
 * True when the address became another one than was known: the storefront said another, or a person typed one. That one is known at last
 * is no change; what was sent before went to an address that version 0.1 had made up.
 */
const addressChanged = ({ versions }: Order): boolean =>
  versions.some(({ source, changes }) =>
    changes.some(({ field, from }) => field === 'shipTo' && (source === 'person' || from !== null)),
  );

/** An address that was changed after goods were sent to the old one. */
const tellAddress = async (ports: Ports, actor: Actor, order: Order, legs: readonly Leg[]): Promise<void> => {
  const place = (address: Order['shipTo']) =>
    address &&
    [address.line1, address.line2, address.city, address.region, address.postalCode, address.country].join('|');
  const old = legs.filter(
    (leg) =>
      leg.kind === 'purchase' &&
      !['planned', 'awaiting', 'rejected', 'cancelled', 'received'].includes(leg.state) &&
      leg.cancel !== 'wanted' &&
      place(leg.shipTo) !== place(order.shipTo),
  );
  const subjectId = `${order._id} address`;
  // Of many versions the first are not kept: what was opened stays open.
  if (old.length > 0 && !addressChanged(order)) return;
  if (old.length === 0) {
    // What was sent to the old one was planned anew, or has gone there: nothing is left to choose.
    if (order.versions.some(({ changes }) => changes.some(({ field }) => field === 'shipTo')))
      await clearException(ports, actor, { workspaceId: order.workspaceId, cause: 'changed_after_sent', subjectId });
    return;
  }
  await openException(ports, actor, {
    workspaceId: order.workspaceId,
    cause: 'changed_after_sent',
    subject: { kind: 'order', id: subjectId },
    orderId: order._id,
    detail: `Order ${order.number}: the address was changed after ${old.length === 1 ? 'a purchase was' : `${old.length} purchases were`} sent to the old one`,
    retry: null,
  });
};

/** Packages of a new cancellation that nobody was told of are to be voided: marked before the request says that they were. */
const askForPackages = async (ports: Ports, order: Order): Promise<Order> => {
  const fresh = order.cancels.filter((request) => request.state === 'requested' && !request.packagesAsked);
  if (fresh.length === 0) return order;
  await voidUntold(ports, order, new Set(fresh.flatMap(({ lines }) => lines.map(({ lineId }) => lineId))));
  const asked = new Set(fresh.map(({ id }) => id));
  return changeOrder(ports, order.workspaceId, order._id, (current) => ({
    cancels: current.cancels.map((request) => (asked.has(request.id) ? { ...request, packagesAsked: true } : request)),
  }));
};

const hasPackages = (leg: Leg): boolean =>
  leg.kind === 'purchase' ? leg.lines.some(({ shipped }) => shipped > 0) : leg.counted.length > 0;

/**
 * Packages that wait for their label, or for being told of, until the order has settled what was found when that was to be done, or until
 * a hold is gone.
 */
const waitingPackages = async (
  { store }: Ports,
  order: Order,
  legs: readonly Leg[],
): Promise<Pick<Reconciled, 'labelIds' | 'confirmIds'>> => {
  if (isUnsettled(order) || !legs.some(hasPackages)) return { labelIds: [], confirmIds: [] };
  const { workspaceId, _id: orderId } = order;
  const packages = await store.shipments.list(workspaceId, { orderId }, { limit: 10_000 });
  const waiting = packages.filter(
    ({ state, voiding, waitsFor }) =>
      (state === 'planned' || state === 'labelled') && !voiding && (waitsFor === 'hold' || waitsFor === 'shop'),
  );
  const ids = (isPacked: boolean) =>
    waiting.flatMap(({ _id, tracking }) => ((tracking !== null) === isPacked ? [_id] : []));
  return { labelIds: ids(false), confirmIds: ids(true) };
};

/**
 * Brings a planned order and its legs in line with what is known of it: units that were taken off, cancellations, a new plan, changed
 * holds. One run at a time per order; safe to repeat at any point. Nothing here calls the outside: it says what has to be called.
 */
export const reconcileOrder = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, orderId }: { workspaceId: string; orderId: string },
): Promise<Reconciled> => {
  const { store, clock } = ports;
  let order = await getOrder(ports, workspaceId, orderId);
  if (!order.plan) return { ...NOTHING, route: !orderMachine.final(order.state) };
  const over = orderMachine.final(order.state);

  if (order.cancelledAt !== null && !over && !order.cancels.some(({ id }) => id === 'storefront'))
    order = await changeOrder(ports, workspaceId, orderId, (current) => {
      if (current.cancels.some(({ id }) => id === 'storefront')) return null;
      const request = requestOfShop(current, clock.now());
      const changes = {
        cancels: [...current.cancels, request],
        taken: [...current.taken, ...takenBy(orderId, request)],
        replan: null,
      };
      return noted(current, 'order.cancel_requested', changes, { actor: request.by, atMs: clock.now() });
    });

  order = await freeUsedUp(ports, order, order.lines);
  order = await askForPackages(ports, order);
  // Read after the order: what it says is settled is on them.
  let legs: Leg[] = await store.legs.list(workspaceId, { orderId }, { limit: 1_000 });
  const written: WrittenLegs = { legIds: [], submitIds: [] };
  const take = (more: { legIds: string[]; submitIds: string[] }) => {
    written.legIds.push(...more.legIds);
    written.submitIds.push(...more.submitIds);
  };
  const { plan } = order;
  if (plan && legs.filter((leg) => leg.plan === plan.number).length < plan.legs.length) {
    take(await writeLegs(ports, actor, order));
    legs = await store.legs.list(workspaceId, { orderId }, { limit: 1_000 });
  }

  // What is being voided comes back to its leg first; then there is more to cancel.
  if (order.cancels.some(({ state }) => state === 'requested')) {
    const packages = await store.shipments.list(workspaceId, { orderId }, { limit: 10_000 });
    const voidIds = packages.filter(comesBack).map(({ _id }) => _id);
    if (voidIds.length > 0) return { ...NOTHING, ...written, voidIds };
  }

  const settled = await settleTaken(ports, actor, order, legs);
  ({ order, legs } = settled);
  await tellLate(ports, actor, order, settled);
  await clearLate(ports, actor, order, legs);
  const cancelled = order.cancelledAt !== null;
  if (!over && !cancelled && (order.replan || lacking(order, legs).length > 0)) {
    const planned = await replan(ports, actor, order, legs);
    ({ order, legs } = planned);
    take(planned.written);
  }
  const cancelIds = await askSuppliers(ports, actor, order, legs);
  if (!over) await tellAddress(ports, actor, order, legs);

  const requests = await progressCancels(ports, actor, order, legs);
  ({ order } = requests);

  // What waited for a hold that is gone goes on; what is held now waits when it comes to be sent.
  if (!over) order = await keepHolds(ports, actor, order);
  const verdict = mayProceed(order, order.holds);
  // order.progress runs next and clears dueAtMs where nobody has to look again. Until then the sweep finds the order, should that be lost.
  const dueAtMs = over ? null : nextLook(order, legs, clock.now(), ports.grace());
  if (over ? order.dueAtMs !== null : dueAtMs !== null)
    await store.orders.change(orderId, { version: order.version }, { dueAtMs });
  const woken =
    verdict.kind === 'go'
      ? legs.filter((leg) => leg.waitsFor === 'hold' || leg.waitsFor === 'shop' || settled.touched.includes(leg._id))
      : legs.filter((leg) => settled.touched.includes(leg._id));
  return {
    route: false,
    legIds: [...new Set([...written.legIds, ...woken.map((leg) => leg._id)])],
    submitIds: written.submitIds,
    cancelIds,
    voidIds: [],
    labelIds: [],
    confirmIds: [],
    ...(verdict.kind === 'go' && !over ? await waitingPackages(ports, order, legs) : {}),
    returnIds: requests.returnIds,
    tellStorefront: requests.tellStorefront,
    askShop: over ? null : await shopToAsk(ports, order),
  };
};

import { Failure } from '#domain/failure.ts';
import { idOf, listingId, offerId } from '#domain/ids.ts';
import type { Leg, LegLine } from '#domain/leg.ts';
import { MODE_NAMES, type Terms } from '#domain/offer.ts';
import { type Order, type OrderLine, orderMachine } from '#domain/order.ts';
import { MODES, type OfferedLine, type PlannedLeg } from '#modes';
import { changeOrder } from '../change.ts';
import { clearException, openException } from '../exception/open.ts';
import type { Ports } from '../ports.ts';
import { applyStock } from '../stock/apply.ts';
import { chargePostings } from './charge-postings.ts';
import { shipToOf } from './ship-to.ts';

export interface Routed {
  outcome: 'routed' | 'closed' | 'awaiting_mapping' | 'nothing_to_do';
  /** Legs that have still to be moved on. */
  legIds: string[];
  /** … and those of them that lack nothing, and go to their supplier. */
  submitIds: string[];
}

const offeredLine = (line: OrderLine): OfferedLine => {
  if (!line.offer) throw new Failure('bug', `order line ${line.id} has no offer`);
  return {
    id: line.id,
    externalId: line.externalId,
    title: line.title,
    quantity: line.quantity,
    totalMinor: line.totalMinor,
    offer: line.offer,
  };
};

/**
 * Decides once who does what with an order and writes the legs down. Every line is in exactly one leg. Unknown items make the
 * order wait for a mapping; it goes on by itself. Orders from before the connection are shown and not fulfilled.
 */
export const routeOrder = async (ports: Ports, workspaceId: string, orderId: string): Promise<Routed> => {
  const { store } = ports;
  const order = await store.orders.find(workspaceId, orderId);
  if (!order) throw new Failure('not_found', `there is no order ${orderId}`);
  if (order.plan) return { outcome: 'routed', ...(await ensureLegs(ports, order)) };
  if (!['received', 'awaiting_mapping', 'held'].includes(order.state))
    return { outcome: 'nothing_to_do', legIds: [], submitIds: [] };
  if (order.historical || order.lines.length === 0) return closeUnrouted(ports, order);

  const mapped = await mapLines(ports, order);
  const unmapped = mapped
    .filter((line) => line.offer === null)
    .map((line) => line.sku || line.externalVariantId || line.title);
  if (unmapped.length > 0) {
    await changeOrder(store, workspaceId, orderId, (current) =>
      current.plan
        ? null
        : { ...current, state: 'awaiting_mapping', unmapped, dueAtMs: null, updatedAtMs: ports.clock.now() },
    );
    await openException(ports, {
      workspaceId,
      cause: 'awaiting_mapping',
      subject: { kind: 'order', id: orderId },
      orderId,
      detail: `Order ${order.number}: no offer for ${unmapped.join(', ')}`,
      retry: { job: 'order.route', payload: { workspaceId, orderId } },
    });
    return { outcome: 'awaiting_mapping', legIds: [], submitIds: [] };
  }

  const lines = mapped.map(offeredLine);
  const outcomes = await applyStock(
    ports,
    workspaceId,
    lines.flatMap(({ id, quantity, offer }) => {
      const { shelf } = MODES[offer.mode];
      return shelf
        ? [
            {
              location: offer.location,
              sku: offer.sku,
              op: {
                kind: 'reserve' as const,
                id: `hold:${id}`,
                key: id,
                orderId,
                quantity,
                wait: shelf.wait,
                atMs: order.placedAtMs,
                reference: order.number,
              },
            },
          ]
        : [];
    }),
  );
  const supply = { held: (lineId: string) => outcomes.get(`hold:${lineId}`) === 'held' };
  const plans = MODE_NAMES.map((mode) => {
    const own = lines.filter((line) => line.offer.mode === mode);
    return own.length > 0 ? MODES[mode].plan(own, supply) : { legs: [], short: [] };
  });
  const plan = plans.flatMap((p) => p.legs.map((leg: PlannedLeg) => ({ ...leg, lineIds: [...leg.lineIds] })));
  const route = (current: Order): Order | null => {
    if (current.plan) return null;
    orderMachine.check(
      current.state === 'awaiting_mapping' || current.state === 'held' ? 'received' : current.state,
      'routed',
    );
    return {
      ...current,
      lines: mapped,
      unmapped: [],
      plan,
      short: plans.flatMap((p) => p.short),
      state: 'routed',
      dueAtMs: ports.clock.now() + ports.grace(),
      updatedAtMs: ports.clock.now(),
    };
  };
  const routed = await changeOrder(store, workspaceId, orderId, route, order);
  if (order.state === 'awaiting_mapping') await clearException(ports, workspaceId, 'awaiting_mapping', orderId);
  return { outcome: 'routed', ...(await ensureLegs(ports, routed)) };
};

/** Lines with their offers: by the listing's mapping first, by the storefront's SKU second. */
const mapLines = async ({ store }: Ports, order: Order): Promise<OrderLine[]> => {
  const { workspaceId } = order;
  const idOfListing = (line: OrderLine) => listingId(order.connectionId, line.externalVariantId ?? '');
  const listings = new Map(
    (await store.listings.findMany(workspaceId, order.lines.map(idOfListing))).map((listing) => [
      listing._id,
      listing.sku,
    ]),
  );
  const skuOf = (line: OrderLine) => listings.get(idOfListing(line)) || line.sku;
  const ids = [...new Set(order.lines.map((line) => offerId(workspaceId, skuOf(line))))];
  const offers = new Map(
    (await store.offers.findMany(workspaceId, ids)).map(({ _id, workspaceId: _w, ...offer }) => [_id, offer]),
  );
  return order.lines.map((line) => ({ ...line, offer: offers.get(offerId(workspaceId, skuOf(line))) ?? null }));
};

/** The legs of the saved plan, made once. Gives those that have still to be moved on. */
const ensureLegs = async (ports: Ports, order: Order): Promise<Pick<Routed, 'legIds' | 'submitIds'>> => {
  const { store, clock } = ports;
  const now = clock.now();
  const short = new Set(order.short);
  const planned: Leg[] = (order.plan ?? []).map(({ kind, mode, partner, location, lineIds }, index) => ({
    _id: idOf('lg', order._id, index),
    workspaceId: order.workspaceId,
    orderId: order._id,
    orderNumber: order.number,
    connectionId: order.connectionId,
    orderExternalId: order.externalId,
    shipTo: shipToOf(order),
    kind,
    mode,
    partner,
    location,
    currency: order.currency,
    state: 'planned',
    version: 1,
    lines: lineIds.flatMap((id) =>
      order.lines.filter((line) => line.id === id).map((line) => legLine(offeredLine(line), short)),
    ),
    refunds: [],
    counted: [],
    externalId: '',
    note: '',
    dueAtMs: now + ports.grace(),
    createdAtMs: now,
    updatedAtMs: now,
  }));
  const workspace = await ports.cached.workspace(order.workspaceId);
  const legs = planned.map((leg) => withFirstState(leg, workspace?.terms ?? null));
  const made = await store.legs.insertMany(legs);
  // A rival run may have held what this plan lets be made: the plan that was saved decides.
  if (made.size > 0)
    await applyStock(
      ports,
      order.workspaceId,
      legs
        .filter((leg) => leg.kind === 'work')
        .flatMap((leg) =>
          leg.lines.map((line) => ({
            location: leg.location,
            sku: line.sku,
            op: {
              kind: 'release' as const,
              id: `unplanned:${line.lineId}`,
              key: line.lineId,
              quantity: line.quantity,
              reference: order.number,
            },
          })),
        ),
    );
  // From here on each leg looks after itself.
  if (order.dueAtMs !== null) await store.orders.change(order._id, { version: order.version }, { dueAtMs: null });
  const terms = workspace?.terms ?? null;
  const [submit = [], advance = []] = [true, false].map((free) =>
    legs.filter((leg) => leg.state === 'planned' && (leg.kind === 'purchase' && needsNoApproval(leg, terms)) === free),
  );
  return { legIds: advance.map((leg) => leg._id), submitIds: submit.map((leg) => leg._id) };
};

/** Nobody has to agree to it. */
const needsNoApproval = (leg: Leg, terms: Terms | null): boolean =>
  terms !== null && MODES[leg.mode].approvals(leg, terms).length === 0;

/** A leg that nobody has to agree to and that lacks nothing starts where it would have been moved to at once. */
const withFirstState = (leg: Leg, terms: Terms | null): Leg => {
  if (!needsNoApproval(leg, terms)) return leg;
  if (leg.kind === 'work') return { ...leg, state: 'awaiting', dueAtMs: null };
  const whole = leg.kind === 'fulfilment' && leg.lines.every((line) => line.ready);
  return whole ? { ...leg, state: 'accepted', dueAtMs: null } : leg;
};

/** What a shelf held when the plan was made is ready from the start; nobody can take it since. */
const legLine = (line: OfferedLine, short: ReadonlySet<string>): LegLine => ({
  lineId: line.id,
  externalId: line.externalId,
  sku: line.offer.sku,
  title: line.title,
  quantity: line.quantity,
  totalMinor: line.totalMinor,
  externalSku: line.offer.externalSku || line.offer.sku,
  unitCost: line.offer.unitCost,
  weightGrams: line.offer.weightGrams,
  origin: line.offer.origin,
  hsCode: line.offer.hsCode,
  ready: MODES[line.offer.mode].shelf !== null && !short.has(line.id),
  shipped: 0,
  cancelled: 0,
  returned: 0,
  received: 0,
});

/** An order with nothing to ship, or from before our time, is done as soon as it is known. */
const closeUnrouted = async (ports: Ports, order: Order): Promise<Routed> => {
  const { store, clock } = ports;
  if (!order.historical) await store.postings.insertMany(chargePostings(order, clock.now()));
  await changeOrder(store, order.workspaceId, order._id, (current) =>
    orderMachine.final(current.state)
      ? null
      : { ...current, state: 'closed', dueAtMs: null, closedAtMs: clock.now(), updatedAtMs: clock.now() },
  );
  return { outcome: 'closed', legIds: [], submitIds: [] };
};

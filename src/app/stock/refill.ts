import { systemActor } from '#domain/actor.ts';
import type { Address } from '#domain/address.ts';
import { exceptionId, idOf, offerId } from '#domain/ids.ts';
import { LEG_MACHINES, type Leg, newLeg, newLegLine } from '#domain/leg.ts';
import { shippingAddress } from '#domain/location.ts';
import { born } from '#domain/move.ts';
import type { OfferRecord } from '#domain/records.ts';
import type { StockLevel } from '#domain/stock.ts';
import { MODES, type Refill, unitsToOrder } from '#modes';
import { pagesOf } from '../every-page.ts';
import { findLocation } from '../get.ts';
import type { Ports } from '../ports.ts';
import { evaluated } from './apply.ts';

/** Levels looked at in one run. */
const BATCH = 500;
/** Lines of one purchase order. */
const LINES = 100;

/**
 * Orders what shelves lack, by each SKU's rule: bulk purchases at suppliers, work at factories. Looks at the levels that fell below
 * what the rule said last, and at those of which it changed. A level whose order is written down counts it as on its way before it
 * is looked at again.
 */
export const refillShelves = async (
  ports: Ports,
  workspaceId: string,
): Promise<{ legIds: string[]; more: boolean }> => {
  const { store } = ports;
  const levels = await store.levels.list(workspaceId, { toRefill: true }, { limit: BATCH });
  const offers = new Map(
    (await store.offers.findMany(workspaceId, [...new Set(levels.map((l) => offerId(workspaceId, l.sku)))])).map(
      (offer) => [offer.sku, offer],
    ),
  );
  const shelves = levels.map((level) => {
    const known = offers.get(level.sku);
    const offer = known?.location === level.location ? known : null;
    return { level, offer, refill: offer && MODES[offer.mode].refill(offer) };
  });
  const lacking = shelves.flatMap(({ level, offer, refill }) => {
    const quantity = refill ? unitsToOrder(level, refill) : 0;
    return offer && refill && quantity > 0 ? [{ level, offer, refill, quantity }] : [];
  });
  const refused = lacking.length > 0 ? await refusedItems(ports, workspaceId) : new Set<string>();
  const wanted = lacking.filter(({ offer }) => !refused.has(itemAt(offer.partner, offer.location, skuAt(offer))));
  const groups = [
    ...Map.groupBy(wanted, ({ offer, refill }) =>
      JSON.stringify([refill.kind, offer.mode, offer.partner, offer.location, offer.currency]),
    ).values(),
  ];
  const addresses = new Map(
    await Promise.all(
      [...new Set(wanted.map(({ offer }) => offer.location))].map(
        async (code) => [code, shippingAddress(await findLocation(ports, workspaceId, code))] as const,
      ),
    ),
  );
  const legs = groups.flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / LINES) }, (_, index) =>
      stockLeg(
        ports,
        workspaceId,
        // Read again when the purchase is sent: an address that is entered until then counts.
        addresses.get(group[0]?.offer.location ?? '') ?? null,
        group.slice(index * LINES, (index + 1) * LINES),
      ),
    ),
  );
  const by = { actor: systemActor('stock.refill'), atMs: ports.clock.now() };
  await store.legs.insertMany(legs.map((leg) => born(LEG_MACHINES[leg.kind], leg, by)));
  await store.levels.changeMany(
    shelves.map(({ level, refill }) => evaluated(level, { toRefill: false, refillBelow: refill?.below ?? null })),
  );
  return { legIds: legs.map((leg) => leg._id), more: levels.length === BATCH };
};

const skuAt = ({ externalSku, sku }: OfferRecord): string => externalSku || sku;
const itemAt = (partner: string, location: string, externalSku: string): string =>
  JSON.stringify([partner, location, externalSku]);

/**
 * What a supplier has refused and nobody has decided: it is not asked for the same once more by itself, but by a retry, by a note that
 * resolves the exception, or of another supplier.
 */
const refusedItems = async ({ store }: Ports, workspaceId: string): Promise<ReadonlySet<string>> => {
  const where = { kind: 'purchase', state: 'rejected' } as const;
  const legs: Leg[] = [];
  for await (const page of pagesOf(store.legs, workspaceId, where))
    legs.push(...page.filter(({ orderId }) => orderId === null));
  const told = await store.exceptions.findMany(
    workspaceId,
    legs.map(({ _id }) => exceptionId(workspaceId, 'purchase_rejected', _id)),
  );
  const decided = new Set(told.flatMap(({ state, subject }) => (state === 'resolved' ? [subject.id] : [])));
  return new Set(
    legs
      .filter(({ _id }) => !decided.has(_id))
      .flatMap(({ partner, location, lines }) => lines.map((line) => itemAt(partner, location, line.externalSku))),
  );
};

/** A leg that fills our own shelf. Its id follows from the levels as they were seen, so that a second look makes no second one. */
const stockLeg = (
  { clock, grace }: Ports,
  workspaceId: string,
  shipTo: Address | null,
  group: readonly { level: StockLevel; offer: OfferRecord; refill: Refill; quantity: number }[],
): Leg => {
  const [first] = group;
  if (!first) throw new Error('an empty refill');
  const now = clock.now();
  const _id = idOf('lg', workspaceId, 'stock', ...group.map(({ level }) => `${level._id}@${level.rev}`));
  return newLeg({
    _id,
    workspaceId,
    kind: first.refill.kind,
    mode: first.offer.mode,
    partner: first.offer.partner,
    location: first.offer.location,
    currency: first.offer.currency,
    costCurrency: first.offer.currency,
    shipTo,
    lines: group.map(({ level, offer, quantity }) =>
      newLegLine({
        lineId: idOf('sl', _id, level.sku),
        externalId: '',
        sku: level.sku,
        title: offer.title,
        quantity,
        totalMinor: 0,
        externalSku: skuAt(offer),
        unitCost: offer.unitCost,
        reservation: '',
        ready: false,
      }),
    ),
    dueAtMs: now + grace(),
    atMs: now,
    order: null,
  });
};

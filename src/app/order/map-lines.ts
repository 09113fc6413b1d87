import { listingId, offerId } from '#domain/ids.ts';
import type { Offer } from '#domain/offer.ts';
import type { Order, OrderLine } from '#domain/order.ts';
import type { Ports } from '../ports.ts';

/** Lines with their offers: by the listing's mapping first, by the storefront's SKU second. A line that is mapped stays so. */
export const mapLines = async (ports: Ports, order: Order): Promise<OrderLine[]> => {
  const { store, cached } = ports;
  const { workspaceId } = order;
  const open = order.lines.filter((line) => line.offer === null && line.requiresShipping);
  if (open.length === 0) return order.lines;
  const idOfListing = (line: OrderLine) => listingId(order.connectionId, line.externalVariantId ?? '');
  const listings = new Map(
    (await store.listings.findMany(workspaceId, open.map(idOfListing))).map((listing) => [listing._id, listing.sku]),
  );
  const skuOf = (line: OrderLine) => listings.get(idOfListing(line)) || line.sku;
  const ids = [...new Set(open.map((line) => offerId(workspaceId, skuOf(line))))];
  const offers = new Map<string, Offer>();
  for (const { _id, workspaceId: _, ...offer } of await store.offers.findMany(workspaceId, ids)) {
    // An offer of a supplier that was removed is none: there is nobody to buy from.
    const partner = await cached.connection(workspaceId, offer.partner);
    if (partner?.state !== 'removed') offers.set(_id, offer);
  }
  return order.lines.map((line) =>
    open.includes(line) ? { ...line, offer: offers.get(offerId(workspaceId, skuOf(line))) ?? null } : line,
  );
};

/** Lines with the offers as they are now: what was changed about an offer may be the very reason for a new plan. */
export const mapAgain = async (ports: Ports, order: Order): Promise<OrderLine[]> =>
  mapLines(ports, { ...order, lines: order.lines.map((line) => ({ ...line, offer: null })) });

/** What a person has to map, as they know it. */
export const unmappedOf = (lines: readonly OrderLine[]): string[] =>
  lines.filter((line) => line.offer === null).map((line) => line.sku || line.externalVariantId || line.title);

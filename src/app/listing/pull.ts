import { listingId, offerId } from '#domain/ids.ts';
import type { ListingRead } from '#domain/listing.ts';
import type { Listing } from '#domain/records.ts';
import type { Ports } from '../ports.ts';
import { getActiveConnection } from '../usable-connection.ts';

/** Takes over what a storefront lists; an item whose SKU is one of ours is mapped at once. A mapping that a person made stays. */
export const pullListings = async (
  ports: Ports,
  workspaceId: string,
  connectionId: string,
): Promise<{ listings: number; mapped: number }> => {
  const { store, gateway, clock } = ports;
  const connection = await getActiveConnection(ports, workspaceId, connectionId);
  let cursor: string | null = null;
  let listings = 0;
  let mapped = 0;
  do {
    const page: { items: readonly ListingRead[]; next: string | null } = await gateway.call(
      connection,
      'listings.read',
      { cursor },
    );
    const known = new Set(
      (
        await store.offers.findMany(
          workspaceId,
          page.items.map((item) => offerId(workspaceId, item.sku)),
        )
      ).map((offer) => offer.sku),
    );
    const records = page.items.map(
      (item): Listing => ({
        _id: listingId(connectionId, item.externalVariantId),
        workspaceId,
        connectionId,
        externalVariantId: item.externalVariantId,
        externalProductId: item.externalProductId,
        externalInventoryId: item.externalInventoryId,
        sku: known.has(item.sku) ? item.sku : '',
        title: item.title,
        shown: item.quantity,
        updatedAtMs: clock.now(),
      }),
    );
    const fresh = await store.listings.insertMany(records);
    await store.listings.changeMany(
      records
        .filter((r) => !fresh.has(r._id))
        .map((r) => ({
          id: r._id,
          guard: {},
          changes: {
            title: r.title,
            shown: r.shown,
            externalInventoryId: r.externalInventoryId,
            updatedAtMs: r.updatedAtMs,
          },
        })),
    );
    await store.listings.changeMany(
      records
        .filter((r) => !fresh.has(r._id) && r.sku !== '')
        .map((r) => ({ id: r._id, guard: { sku: '' }, changes: { sku: r.sku } })),
    );
    listings += records.length;
    mapped += records.filter((r) => r.sku !== '').length;
    cursor = page.next;
  } while (cursor !== null);
  return { listings, mapped };
};

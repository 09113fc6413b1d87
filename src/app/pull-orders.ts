import type { ListingRead } from '#domain/listing.ts';
import type { Listing } from '#domain/records.ts';
import type { Ports } from './ports.ts';
import { listingId, offerId } from './route-order.ts';
import { type StoredOrder, storeOrder } from './store-order.ts';
import { getWorkingConnection, working } from './submit-leg.ts';

/** How far a poll looks back over its own cursor: vendors show rows late. */
const OVERLAP_MS = 5 * 60_000;

/**
 * Walks through the orders changed since the last walk and stores each. The cursor is saved after each page and never passes an
 * order that is not stored.
 */
export const pullOrders = async (
  ports: Ports,
  workspaceId: string,
  connectionId: string,
  each: (stored: StoredOrder) => Promise<void>,
): Promise<{ pages: number; orders: number }> => {
  const { store, gateway, clock } = ports;
  // As it is now, not as it is remembered: a page may have been saved a moment ago.
  const connection = working(await store.connections.find(workspaceId, connectionId), connectionId);
  const startedAt = new Date(clock.now()).toISOString();
  const since = new Date(Math.max(0, Date.parse(connection.cursor.since) - OVERLAP_MS)).toISOString();
  let cursor = connection.cursor.next;
  let pages = 0;
  let orders = 0;
  do {
    const page = await gateway.call(connection, 'orders.pull', { since, cursor });
    for (const incoming of page.items) await each(await storeOrder(ports, connection, incoming));
    pages += 1;
    orders += page.items.length;
    cursor = page.next;
    await store.connections.change(
      connectionId,
      {},
      { cursor: cursor === null ? { since: startedAt, next: null } : { since: connection.cursor.since, next: cursor } },
    );
  } while (cursor !== null);
  return { pages, orders };
};

/** Takes over what a storefront lists; an item whose SKU is one of ours is mapped at once. A mapping that a person made stays. */
export const pullListings = async (
  ports: Ports,
  workspaceId: string,
  connectionId: string,
): Promise<{ listings: number; mapped: number }> => {
  const { store, gateway, clock } = ports;
  const connection = await getWorkingConnection(ports, workspaceId, connectionId);
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

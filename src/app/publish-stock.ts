import { idOf } from '#domain/ids.ts';
import type { Listing } from '#domain/records.ts';
import { levelId } from '#domain/stock.ts';
import { MODES } from '#modes';
import { heldBack } from './held-back.ts';
import type { Ports } from './ports.ts';
import { offerId } from './route-order.ts';
import { applyStock, looked } from './stock.ts';
import { getWorkingConnection, working } from './submit-leg.ts';

const BATCH = 250;

/**
 * Tells every storefront the number that may be sold of the SKUs that changed since it was last told; a number that it already
 * shows is not sent. What the storefront refuses stays with its old number and is tried again with the next change.
 */
export const publishStock = async (
  ports: Ports,
  workspaceId: string,
): Promise<{ sent: number; failed: number; more: boolean }> => {
  const { store, gateway, clock } = ports;
  const workspace = await ports.recalled.workspace(workspaceId);
  if (!workspace) return { sent: 0, failed: 0, more: false };
  const levels = await store.levels.list(workspaceId, { toPublish: true }, { limit: BATCH });
  const offers = new Map(
    (await store.offers.findMany(workspaceId, [...new Set(levels.map((l) => offerId(workspaceId, l.sku)))])).map(
      (offer) => [offer.sku, offer],
    ),
  );
  const storefronts = (await store.connections.list(workspaceId, { role: 'storefront' }, { limit: 100 })).filter(
    (c) => c.state === 'active' && c.live,
  );
  const listings = await store.listings.listAny(workspaceId, 'sku', [...new Set(levels.map((level) => level.sku))]);
  // A gate of a case file that is shut takes the listing down to nothing; it is told of in the case.
  const shut = new Map<string, boolean>();
  const isShut = async (sku: string, connectionId: string): Promise<boolean> => {
    const key = JSON.stringify([sku, connectionId]);
    const known = shut.get(key);
    if (known !== undefined) return known;
    const found = (await heldBack(ports, workspaceId, 'list', { sku, connectionId })) !== null;
    shut.set(key, found);
    return found;
  };
  let sent = 0;
  let failed = 0;
  for (const connection of storefronts) {
    const changed: { listing: Listing; quantity: number }[] = [];
    for (const listing of listings) {
      if (listing.connectionId !== connection._id) continue;
      const offer = offers.get(listing.sku);
      const level = levels.find((l) => l.sku === listing.sku && l.location === offer?.location);
      if (!offer || !level) continue;
      const sellable = MODES[offer.mode].sellable(level, workspace.terms);
      const quantity = sellable > 0 && (await isShut(listing.sku, connection._id)) ? 0 : sellable;
      if (quantity !== listing.shown) changed.push({ listing, quantity });
    }
    if (changed.length === 0) continue;
    const report = await gateway.call(
      await getWorkingConnection(ports, workspaceId, connection._id),
      'inventory.push',
      {
        levels: changed.map(({ listing, quantity }) => ({
          externalVariantId: listing.externalVariantId,
          externalProductId: listing.externalProductId,
          externalInventoryId: listing.externalInventoryId,
          sku: listing.sku,
          quantity,
          from: null,
        })),
        idempotencyKey: idOf(
          'pu',
          connection._id,
          ...changed.map(({ listing, quantity }) => `${listing._id}=${quantity}`),
          clock.now(),
        ),
      },
    );
    const refused = new Set(report.failed.map((f) => f.id));
    const told = changed.filter(({ listing }) => !refused.has(listing.externalVariantId));
    await store.listings.changeMany(
      told.map(({ listing, quantity }): { id: string; guard: Partial<Listing>; changes: Partial<Listing> } => ({
        id: listing._id,
        guard: {},
        changes: { shown: quantity, updatedAtMs: clock.now() },
      })),
    );
    for (const { id, message } of report.failed)
      ports.log.warn({ connectionId: connection._id, listing: id, message }, 'a storefront refused a stock number');
    sent += told.length;
    failed += refused.size;
  }
  await store.levels.changeMany(levels.map((level) => looked(level, { toPublish: false })));
  return { sent, failed, more: levels.length === BATCH };
};

/**
 * Takes over what a supplier says it has, for the offers that it stands behind and whose shelf is its own. The cursor is saved after
 * each page: one that is put off in the middle goes on from there.
 */
export const pullSupply = async (
  ports: Ports,
  workspaceId: string,
  connectionId: string,
): Promise<{ items: number; rejected: number }> => {
  const { store, gateway, clock } = ports;
  // As it is now, not as it is remembered: a page may have been saved a moment ago.
  const connection = working(await store.connections.find(workspaceId, connectionId), connectionId);
  const location = supplierShelf(connectionId);
  const offers = new Map<string, string>();
  let after: string | undefined;
  for (;;) {
    const page = await store.offers.list(
      workspaceId,
      { location },
      { limit: 1_000, ...(after === undefined ? {} : { after }) },
    );
    for (const offer of page) offers.set(offer.externalSku || offer.sku, offer.sku);
    after = page.at(-1)?._id;
    if (page.length < 1_000) break;
  }
  // A supplier that fills our own shelf is asked for stock by nobody.
  if (offers.size === 0) return { items: 0, rejected: 0 };
  let cursor = connection.cursor.next;
  let items = 0;
  let rejected = 0;
  do {
    const page: Awaited<ReturnType<typeof pull>> = await pull(cursor);
    const levels = page.items.flatMap((item) => {
      const sku = offers.get(item.externalSku);
      return sku === undefined
        ? []
        : [
            {
              location,
              sku,
              op: {
                kind: 'observe' as const,
                id: idOf('ob', levelId(workspaceId, location, sku), clock.now(), item.quantity),
                quantity: item.quantity,
                reference: connection.name,
              },
            },
          ];
    });
    await applyStock(ports, workspaceId, levels);
    items += page.items.length;
    rejected += page.rejected?.length ?? 0;
    for (const row of page.rejected ?? [])
      ports.log.warn({ connectionId, ...row }, 'a row of a supplier’s feed was left out');
    cursor = page.next;
    await store.connections.change(
      connectionId,
      {},
      { cursor: { since: new Date(clock.now()).toISOString(), next: cursor } },
    );
  } while (cursor !== null);
  return { items, rejected };

  function pull(from: string | null) {
    return gateway.call(connection, 'stock.pull', { cursor: from });
  }
};

export const supplierShelf = (connectionId: string): string => `supplier:${connectionId}`;

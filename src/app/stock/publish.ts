import { idOf, offerId } from '#domain/ids.ts';
import type { Listing } from '#domain/records.ts';
import { MODES } from '#modes';
import { findBlock } from '../case/block.ts';
import type { Ports } from '../ports.ts';
import { getActiveConnection } from '../usable-connection.ts';
import { evaluated } from './apply.ts';

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
  const workspace = await ports.cached.workspace(workspaceId);
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
    const found = (await findBlock(ports, workspaceId, 'list', { sku, connectionId })) !== null;
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
    const report = await gateway.call(await getActiveConnection(ports, workspaceId, connection._id), 'inventory.push', {
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
    });
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
  await store.levels.changeMany(levels.map((level) => evaluated(level, { toPublish: false })));
  return { sent, failed, more: levels.length === BATCH };
};

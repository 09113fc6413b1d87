import type { Actor } from '#domain/actor.ts';
import type { Connection } from '#domain/connection.ts';
import { idOf, offerId } from '#domain/ids.ts';
import type { Listing, Workspace } from '#domain/records.ts';
import { levelId } from '#domain/stock.ts';
import { MODES } from '#modes';
import { findBlock } from '../case/block.ts';
import { findDue, restDue } from '../due/ask.ts';
import type { Ports } from '../ports.ts';
import { withAccount } from '../usable-connection.ts';

const BATCH = 250;
/** How often one run tries a number anew that the storefront refused because it showed another than we knew. */
const MOST_ROUNDS = 5;

type Write = { id: string; guard: Partial<Listing>; changes: Partial<Listing> };

/** The number that each listing should show, by what the shelves, offers and cases say now. Listings that sell nothing of ours have none. */
const wantedOf = async (ports: Ports, workspace: Workspace, connection: Connection, listings: readonly Listing[]) => {
  const { store } = ports;
  const { _id: workspaceId, terms } = workspace;
  const skus = [...new Set(listings.map(({ sku }) => sku).filter((sku) => sku !== ''))];
  const offers = await store.offers.findMany(
    workspaceId,
    skus.map((sku) => offerId(workspaceId, sku)),
  );
  const levels = await store.levels.findMany(
    workspaceId,
    offers.map(({ location, sku }) => levelId(workspaceId, location, sku)),
  );
  const levelOf = new Map(levels.map((level) => [level.sku, level]));
  const wanted = new Map<string, { quantity: number; rev: number }>();
  for (const offer of offers) {
    const level = levelOf.get(offer.sku);
    if (!level) continue;
    const sellable = MODES[offer.mode].sellable(level, terms);
    // A gate of a case file that is shut takes the listing down to nothing; it is told of in the case.
    const isShut =
      sellable > 0 &&
      (await findBlock(ports, workspaceId, 'list', { sku: offer.sku, connectionId: connection._id })) !== null;
    wanted.set(offer.sku, { quantity: isShut ? 0 : sellable, rev: level.rev });
  }
  return listings.map((listing) => ({ listing, want: wanted.get(listing.sku) ?? null }));
};

/** One batch: what was sent, what is refused, and whether some have to be tried anew from the number that the storefront shows. */
const tell = async (
  ports: Ports,
  workspace: Workspace,
  connection: Connection,
  listings: readonly Listing[],
): Promise<{ sent: number; failed: number; conflicts: number }> => {
  const { store, gateway, clock, log } = ports;
  const all = await wantedOf(ports, workspace, connection, listings);
  const changed = all.flatMap(({ listing, want }) =>
    want !== null && want.quantity !== listing.shown ? [{ listing, ...want }] : [],
  );
  const conflicts = new Map<string, number>();
  const refused = new Set<string>();
  if (changed.length > 0) {
    const report = await gateway.call(connection, 'inventory.push', {
      levels: changed.map(({ listing, quantity }) => ({
        externalVariantId: listing.externalVariantId,
        externalProductId: listing.externalProductId,
        externalInventoryId: listing.externalInventoryId,
        sku: listing.sku,
        quantity,
        from: listing.shown,
      })),
      // The same for each try of the same numbers, and never that of an earlier time when the same numbers were told.
      idempotencyKey: idOf(
        'pu',
        connection._id,
        ...changed.flatMap(({ listing, quantity, rev }) => [listing._id, listing.rev ?? 0, quantity, rev]),
      ),
    });
    for (const { id, code, message, shown } of report.failed) {
      if (code === 'conflict' && typeof shown === 'number') {
        conflicts.set(id, shown);
        continue;
      }
      refused.add(id);
      log.warn({ connectionId: connection._id, listing: id, code, message }, 'a storefront refused a stock number');
    }
  }
  const now = clock.now();
  const shows = (listing: Listing, shown: number): Write => ({
    id: listing._id,
    guard: { rev: listing.rev },
    changes: { shown, rev: (listing.rev ?? 0) + 1, updatedAtMs: now },
  });
  const isTold = ({ externalVariantId: id }: Listing) => !conflicts.has(id) && !refused.has(id);
  await store.listings.changeMany([
    ...changed.filter(({ listing }) => isTold(listing)).map(({ listing, quantity }) => shows(listing, quantity)),
    ...changed.flatMap(({ listing }) => {
      const there = conflicts.get(listing.externalVariantId);
      return there === undefined ? [] : [shows(listing, there)];
    }),
    // What the storefront refuses keeps its old number, and is tried again with the next change.
    ...listings
      .filter(({ externalVariantId: id }) => !conflicts.has(id))
      .map(({ _id: id, asks }): Write => ({ id, guard: { asks }, changes: { toTell: false } })),
  ]);
  return {
    sent: changed.filter(({ listing }) => isTold(listing)).length,
    failed: refused.size,
    conflicts: conflicts.size,
  };
};

/**
 * Tells one storefront the number that may be sold of each listing that is marked for it; a number that it shows already is not
 * sent. What was last seen or written there goes along, so that a storefront with compare-and-set refuses a number that was worked
 * out from an older one; its answer is taken over, and the number is worked out anew. While the connection is paused or not live
 * its listings stay marked. A failure leaves them marked too, and a second try has the same idempotency key.
 */
export const publishStock = async (
  ports: Ports,
  _actor: Actor,
  { workspaceId, connectionId }: { workspaceId: string; connectionId: string },
): Promise<{ sent: number; failed: number; left: boolean }> => {
  const { store } = ports;
  const due = await findDue(ports, workspaceId, 'stock.publish', connectionId);
  const total = { sent: 0, failed: 0, left: true };
  const workspace = await ports.cached.workspace(workspaceId);
  const connection = await store.connections.find(workspaceId, connectionId);
  if (!workspace || connection?.state !== 'active' || !connection.live) return total;
  const ready = await withAccount(ports, connection);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    let conflicts = 0;
    for (let after: string | undefined; ; ) {
      const page = await store.listings.list(
        workspaceId,
        { connectionId, toTell: true },
        { limit: BATCH, ...(after === undefined ? {} : { after }) },
      );
      if (page.length > 0) {
        const told = await tell(ports, workspace, ready, page);
        total.sent += told.sent;
        total.failed += told.failed;
        conflicts += told.conflicts;
      }
      after = page.at(-1)?._id;
      if (page.length < BATCH) break;
    }
    if (conflicts > 0) continue;
    await restDue(ports, due);
    return { ...total, left: false };
  }
  return total;
};

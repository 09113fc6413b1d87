import type { Actor } from '#domain/actor.ts';
import type { Listing } from '#domain/records.ts';
import { askFor } from '../due/ask.ts';
import type { Ports } from '../ports.ts';
import { evaluated } from './apply.ts';

const BATCH = 250;

/** Says of listings that their storefront is to be told. Asked for again while one is being told, it is told once more. */
export const markToTell = async ({ store }: Pick<Ports, 'store'>, listings: readonly Listing[]): Promise<void> => {
  await store.listings.changeMany(
    // A guard that refuses is another who asked after these were read, which is as good. Listings of 0.1.0 were never asked about.
    listings.map(({ _id: id, asks }) => ({ id, guard: { asks }, changes: { toTell: true, asks: (asks ?? 0) + 1 } })),
  );
};

/**
 * Turns what is known of SKUs, that another number may be sold than before, into marks on the listings that sell them, and asks for
 * each storefront concerned to be told. One pass for all storefronts; from here on each is told by itself. The levels' own
 * flags fall last: should a crash come before, the pass is repeated.
 */
export const markListings = async (
  ports: Ports,
  _actor: Actor,
  { workspaceId }: { workspaceId: string },
): Promise<{ listings: number; connectionIds: string[]; more: boolean }> => {
  const { store } = ports;
  const levels = await store.levels.list(workspaceId, { toPublish: true }, { limit: BATCH });
  const listings = await store.listings.listAny(workspaceId, 'sku', [...new Set(levels.map(({ sku }) => sku))]);
  await markToTell(ports, listings);
  const connectionIds = [...new Set(listings.map(({ connectionId }) => connectionId))];
  await askFor(ports, workspaceId, 'stock.publish', connectionIds);
  await store.levels.changeMany(levels.map((level) => evaluated(level, { toPublish: false })));
  return { listings: listings.length, connectionIds, more: levels.length === BATCH };
};

import type { Actor } from '#domain/actor.ts';
import { badValue, Failure } from '#domain/failure.ts';
import { offerId } from '#domain/ids.ts';
import type { Listing } from '#domain/records.ts';
import { levelId } from '#domain/stock.ts';
import type { Ports } from '../ports.ts';
import { requestReevaluation } from '../stock/apply.ts';

/** Says which of our SKUs a listing sells; an empty one takes the mapping away. What it shows is published anew. */
export const mapListing = async (
  ports: Ports,
  _actor: Actor,
  { workspaceId, listingId, sku }: { workspaceId: string; listingId: string; sku: string },
): Promise<Listing> => {
  const { store, clock } = ports;
  const listing = await store.listings.find(workspaceId, listingId);
  if (!listing) throw new Failure('not_found', `There is no listing ${listingId}.`);
  const offer = sku === '' ? null : await store.offers.find(workspaceId, offerId(workspaceId, sku));
  if (sku !== '' && !offer) throw badValue('sku', `there is no offer of ${sku}`);
  const changes = { sku, updatedAtMs: clock.now() };
  await store.listings.change(listingId, {}, changes);
  if (offer) await requestReevaluation(ports, [levelId(workspaceId, offer.location, offer.sku)], { toPublish: true });
  return { ...listing, ...changes };
};

import type { Actor } from '#domain/actor.ts';
import { badValue, type Failure } from '#domain/failure.ts';
import { offerId } from '#domain/ids.ts';
import type { Offer } from '#domain/offer.ts';
import type { OfferRecord } from '#domain/records.ts';
import { levelId } from '#domain/stock.ts';
import { MODES } from '#modes';
import { findWrongLocations } from '../location/find-wrong.ts';
import type { Ports } from '../ports.ts';
import { requestReevaluation } from '../stock/apply.ts';

/** Ids of connections begin so: a partner that does names one. */
const CONNECTION_ID = /^cn_/;

/** Why the partner of an offer cannot be: an order would be sent to nobody. */
const partnerFault = (offer: Offer, suppliers: ReadonlySet<string>): Failure | null =>
  suppliers.has(offer.partner) || !(MODES[offer.mode].buys(offer) || CONNECTION_ID.test(offer.partner))
    ? null
    : badValue('partner', `there is no supplier connection ${offer.partner}`, { sku: offer.sku });

/**
 * Makes or replaces offers by SKU. Answers in turn the id of each, or why it was refused: its partner has to be a connected supplier
 * where we buy from it, and its location has to be there. The shelves concerned are looked at again.
 */
export const putOffers = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, offers }: { workspaceId: string; offers: readonly Offer[] },
): Promise<(string | Failure)[]> => {
  const { store } = ports;
  const partners = await store.connections.findMany(workspaceId, [...new Set(offers.map(({ partner }) => partner))]);
  const suppliers = new Set(
    partners.filter(({ role, state }) => role === 'supplier' && state !== 'removed').map(({ _id }) => _id),
  );
  const wrong = await findWrongLocations(ports, actor, { workspaceId, codes: offers.map(({ location }) => location) });
  const locationFault = ({ sku, location }: Offer): Failure | null => {
    const why = wrong.get(location);
    return why === undefined ? null : badValue('location', why, { sku });
  };
  const results = offers.map(
    (offer) => partnerFault(offer, suppliers) ?? locationFault(offer) ?? offerId(workspaceId, offer.sku),
  );
  const records = new Map(
    offers.flatMap((offer, index): [string, OfferRecord][] => {
      const _id = results[index];
      return typeof _id === 'string' ? [[_id, { _id, workspaceId, ...offer }]] : [];
    }),
  );
  const fresh = await store.offers.insertMany([...records.values()]);
  await store.offers.changeMany(
    [...records.values()]
      .filter(({ _id }) => !fresh.has(_id))
      .map(({ _id, workspaceId: _workspace, ...changes }) => ({ id: _id, guard: {}, changes })),
  );
  await requestReevaluation(
    ports,
    [...records.values()].map(({ location, sku }) => levelId(workspaceId, location, sku)),
    { toRefill: true, toPublish: true },
  );
  return results;
};

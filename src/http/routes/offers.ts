import { z } from 'zod';
import { Offer } from '#domain/offer.ts';
import type { Listing, OfferRecord } from '#domain/records.ts';
import { reconcileOrder, routeOrder } from '#jobs';
import { BatchResult, batchOf, resultsOf, runBatch } from '../batch.ts';
import { listPage, Page, PageQuery } from '../page.ts';
import { type Asked, defineRoute } from '../route.ts';
import { CurrencyCode } from '../values.ts';
import { ListingView, OfferView, toListing, toOffer, WithNotices } from '../views.ts';

const OfferInput = Offer.extend({ currency: CurrencyCode }).strict();

/** Orders that waited for an item to be known are looked at again. */
const routeWaiting = ({ app, deps, workspaceId }: Asked): Promise<void> => {
  const refs = (orderIds: readonly string[]) => orderIds.map((orderId) => ({ workspaceId, orderId }));
  return app.findUnmapped(workspaceId, {
    unplanned: (orderIds) => deps.enqueueAll(routeOrder, refs(orderIds)),
    planned: (orderIds) => deps.enqueueAll(reconcileOrder, refs(orderIds)),
  });
};

export const offerRoutes = [
  defineRoute({
    method: 'get',
    path: '/offers',
    scope: 'offers:read',
    summary: 'The terms under which each SKU may be sold',
    input: z.strictObject({
      query: z.strictObject({ ...PageQuery, sku: z.string().optional(), location: z.string().optional() }),
    }),
    response: Page(OfferView),
    async handle({ store, workspaceId }, { query }) {
      const { sku, location } = query;
      const where: Partial<OfferRecord> = {};
      if (sku !== undefined) where.sku = sku;
      else if (location !== undefined) where.location = location;
      const refines = sku !== undefined && location !== undefined;
      const keep = (offer: OfferRecord) => offer.location === location;
      return listPage(store.offers, workspaceId, where, query, toOffer, refines ? keep : undefined);
    },
  }),
  defineRoute({
    method: 'put',
    path: '/offers',
    scope: 'offers:write',
    summary: 'Makes or replaces up to 500 offers by SKU; orders that waited for one go on',
    input: z.strictObject({ body: z.strictObject({ offers: batchOf(OfferInput, 500) }) }),
    response: BatchResult.extend(WithNotices),
    async handle(asked, { body }) {
      const { app, actor, workspaceId } = asked;
      const currencies: string[] = [];
      const result = await runBatch(asked, OfferInput, body.offers, async (items) => {
        const put = await app.putOffers(actor, { workspaceId, offers: items.map(({ item }) => item) });
        currencies.push(...items.filter((_, at) => typeof put[at] === 'string').map(({ item }) => item.currency));
        await routeWaiting(asked);
        return resultsOf(asked, items, put);
      });
      return { ...result, notices: await app.currencyNotices({ workspaceId, currencies }) };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/listings',
    scope: 'offers:read',
    summary: 'Our SKUs as the storefronts list them; `sku=` lists what is not mapped',
    input: z.strictObject({
      query: z.strictObject({ ...PageQuery, connectionId: z.string().optional(), sku: z.string().optional() }),
    }),
    response: Page(ListingView),
    async handle({ store, workspaceId }, { query }) {
      const { sku, connectionId } = query;
      const where: Partial<Listing> = {};
      if (sku !== undefined) where.sku = sku;
      else if (connectionId !== undefined) where.connectionId = connectionId;
      const refines = sku !== undefined && connectionId !== undefined;
      const keep = (listing: Listing) => listing.connectionId === connectionId;
      return listPage(store.listings, workspaceId, where, query, toListing, refines ? keep : undefined);
    },
  }),
  defineRoute({
    method: 'put',
    path: '/listings/{id}',
    scope: 'offers:write',
    summary: 'Says which of our SKUs a listing sells; orders that waited for it go on',
    input: z.strictObject({
      params: z.strictObject({ id: z.string() }),
      body: z.strictObject({ sku: z.string().max(64).describe('Empty takes the mapping away.') }),
    }),
    response: ListingView,
    async handle(asked, { params, body }) {
      const { app, actor, workspaceId } = asked;
      const listing = await app.mapListing(actor, { workspaceId, listingId: params.id, sku: body.sku });
      await routeWaiting(asked);
      return toListing(listing);
    },
  }),
];

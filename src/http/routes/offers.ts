import { z } from 'zod';
import { requestReevaluation } from '#app/stock/apply.ts';
import { Failure } from '#domain/failure.ts';
import { offerId } from '#domain/ids.ts';
import { Offer } from '#domain/offer.ts';
import type { Listing, OfferRecord } from '#domain/records.ts';
import { levelId } from '#domain/stock.ts';
import { routeOrder } from '#jobs';
import { BatchResult, batchOf, runBatch, succeeded } from '../batch.ts';
import { everyPage, listPage, Page, PageQuery } from '../page.ts';
import { type Asked, defineRoute } from '../route.ts';
import { ListingView, OfferView, toListing, toOffer } from '../views.ts';

const OfferInput = Offer.strict();

/** Orders that waited for an item to be known are looked at again. */
const routeWaiting = ({ store, deps, workspaceId }: Asked): Promise<void> =>
  everyPage(store.orders, workspaceId, { state: 'awaiting_mapping' }, (orders) =>
    deps.enqueueAll(
      routeOrder,
      orders.map((order) => ({ workspaceId, orderId: order._id })),
    ),
  );

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
    response: BatchResult,
    handle(asked, { body }) {
      const { store, workspaceId } = asked;
      return runBatch(asked, OfferInput, body.offers, async (items) => {
        const records = new Map(
          items.map(({ item }): [string, OfferRecord] => {
            const _id = offerId(workspaceId, item.sku);
            return [_id, { _id, workspaceId, ...item }];
          }),
        );
        const fresh = await store.offers.insertMany([...records.values()]);
        await store.offers.changeMany(
          [...records.values()]
            .filter(({ _id }) => !fresh.has(_id))
            .map(({ _id, workspaceId: _workspace, ...changes }) => ({ id: _id, guard: {}, changes })),
        );
        await requestReevaluation(
          { store, clock: asked.deps.clock },
          [...records.values()].map(({ location, sku }) => levelId(workspaceId, location, sku)),
          { toRefill: true, toPublish: true },
        );
        await routeWaiting(asked);
        return items.map(({ index, item }) => succeeded(index, offerId(workspaceId, item.sku)));
      });
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
      const { store, workspaceId, deps } = asked;
      const listing = await store.listings.find(workspaceId, params.id);
      if (!listing) throw new Failure('not_found', `There is no listing ${params.id}.`);
      const offer = body.sku === '' ? null : await store.offers.find(workspaceId, offerId(workspaceId, body.sku));
      if (body.sku !== '' && !offer) throw new Failure('rejected', `There is no offer of ${body.sku}.`);
      const changes = { sku: body.sku, updatedAtMs: deps.clock.now() };
      await store.listings.change(listing._id, {}, changes);
      if (offer)
        await requestReevaluation({ store, clock: deps.clock }, [levelId(workspaceId, offer.location, offer.sku)], {
          toPublish: true,
        });
      await routeWaiting(asked);
      return toListing({ ...listing, ...changes });
    },
  }),
];

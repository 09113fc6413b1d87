import { z } from 'zod';
import { Address } from '#kit';
import type { Harness, PlacedOrder, SandboxAnswer, SandboxRequest } from '#kit/sandbox';
import { serveSandbox, vendorBucket, webhookSender } from '#kit/sandbox';
import { compiled, costOf, run } from './sandbox-graphql.ts';
import { LOCATION, openShop, SHOP } from './sandbox-shop.ts';

const TOKEN = 'shpat_sandbox_7f3c1d';
const API_SECRET = 'shpss_sandbox_19ab52';
const LIMIT = { amount: 100, perMs: 1000, burst: 2000 };
const MOST_POINTS = 1000;
const MINUTE = 60_000;
/** Eight retries within four hours. Source: shopify.dev changelog of 2024-09-10, read 2026-11-24; the steps are ours. */
const RETRIES_MS = [10_000, MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE, 60 * MINUTE, 60 * MINUTE, 73 * MINUTE];

const Body = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()).nullish() });

/** Paid orders as the contract suite wants them: two lines, shipping, an address. */
const example = (reference: string, placedAtMs: number): PlacedOrder => ({
  reference,
  placedAtMs,
  currency: SHOP.currencyCode,
  buyer: { id: 'c-1', name: 'Ada Example', email: 'ada@example.com' },
  shipTo: Address.parse({
    name: 'Ada Example',
    company: '',
    line1: '1 Market Street',
    line2: '',
    city: 'Leeds',
    region: 'England',
    postalCode: 'LS1 1AA',
    country: 'GB',
    phone: '+441130000000',
    email: 'ada@example.com',
  }),
  lines: [
    { key: 'a', sku: 'SHOP-1', title: 'Lantern', quantity: 2, unitPrice: '12.50', totalMinor: 2500 },
    { key: 'b', sku: 'SHOP-2', title: 'Rope', quantity: 1, unitPrice: '3.75', totalMinor: 375 },
  ],
  charges: [{ key: 's', kind: 'shipping', code: 'standard', title: 'Standard', totalMinor: 495 }],
  note: '',
});

/**
 * A Shopify shop on loopback that runs GraphQL for real and keeps the rules that bite: the token, the version in the path,
 * the cost bucket, @idempotent, compare-and-set, what is left to fulfil and to refund. Stricter than Shopify in one point:
 * what a query could cost is not given back when it cost less.
 */
export const shopifySandbox: Harness = {
  writes: {
    'shipments.confirm': { method: 'POST', body: /fulfillmentCreate/ },
    'shipments.update': { method: 'POST', body: /fulfillmentTrackingInfoUpdate/ },
    'refunds.create': { method: 'POST', body: /refundCreate/ },
    'orders.cancel': { method: 'POST', body: /orderCancel/ },
  },
  async start({ clock, db, port, tlsPort }) {
    const hooks = webhookSender({ clock, db, table: 'shopify_webhooks', retriesMs: RETRIES_MS });
    const shop = openShop({ clock, db, hooks, apiSecret: API_SECRET });
    const bucket = vendorBucket(clock, LIMIT);

    const withCost = (body: object, requested: number, actual: number | null): SandboxAnswer => ({
      status: 200,
      headers: { 'x-shopify-api-version': '2026-04' },
      body: {
        ...body,
        extensions: {
          cost: {
            requestedQueryCost: requested,
            actualQueryCost: actual,
            throttleStatus: {
              maximumAvailable: LIMIT.burst,
              currentlyAvailable: bucket.available(),
              restoreRate: LIMIT.amount,
            },
          },
        },
      },
    });
    const refused = (message: string, code: string) => ({ errors: [{ message, extensions: { code } }] });

    const answer = (request: SandboxRequest): SandboxAnswer => {
      const body = Body.safeParse(request.json());
      if (!body.success) return { status: 400, body: { errors: { query: 'Required parameter missing or invalid' } } };
      const variables = body.data.variables ?? {};
      const made = compiled(body.data.query);
      if ('errors' in made) return { status: 200, body: made };
      let cost: number;
      try {
        cost = costOf(made, variables);
      } catch (error) {
        return { status: 200, body: { errors: [error] } };
      }
      if (cost > MOST_POINTS)
        return withCost(
          refused(`Query cost is ${cost}, which exceeds the single query max cost limit (1000).`, 'MAX_COST_EXCEEDED'),
          cost,
          null,
        );
      if (!bucket.take(cost)) return withCost(refused('Throttled', 'THROTTLED'), cost, null);
      return withCost(run(made.document, shop.root, variables), cost, cost);
    };

    if (!shop.hasListings())
      db.transaction(() => {
        for (const n of [1, 2, 3])
          shop.addListing({ sku: `SHOP-${n}`, title: `Sandbox item ${n}`, price: '12.50', quantity: 1000 });
      });

    const server = await serveSandbox({
      name: 'shopify',
      clock,
      db,
      ...(port === undefined ? {} : { port }),
      tlsPort,
      before: [
        (request) =>
          request.headers['x-shopify-access-token'] === TOKEN
            ? null
            : {
                status: 401,
                body: { errors: '[API] Invalid API key or access token (unrecognized login or wrong password)' },
              },
      ],
      routes: [{ method: 'POST', path: /^\/admin\/api\/2026-04\/graphql\.json$/, handle: answer }],
      words: {
        tooMany: () => withCost(refused('Throttled', 'THROTTLED'), 1, null),
        notFound: () => ({ status: 404, body: { errors: 'Not Found' } }),
        badJson: () => ({ status: 400, body: { errors: { query: 'Required parameter missing or invalid' } } }),
      },
    });

    let placed = 0;
    return {
      url: server.url,
      tls: server.tls,
      credentials: { shop: SHOP.myshopifyDomain, accessToken: TOKEN, apiSecret: API_SECRET },
      settings: { locationId: LOCATION, endpoint: server.url },
      faults: server.faults,
      requests: server.requests,
      grant: shop.grant,
      effects: (kind) => shop.effects(kind),
      async close() {
        hooks.close();
        await server.close();
      },
      scene: {
        placeOrders: (count) =>
          db.transaction(() =>
            Array.from({ length: count }, () => {
              placed += 1;
              return shop.placeOrder(example(`#${1000 + placed}`, clock.now()));
            }),
          ),
        orderWebhook: (id) => ({ ...shop.orderWebhook(id), secret: API_SECRET }),
        shownQuantity: (id) => shop.shownQuantity(id),
        costlyRead: { verb: 'orders.pull', input: { since: '2999-01-01T00:00:00Z', cursor: null } },
      },
      storefront: {
        addListing: (listing) => db.transaction(() => ({ externalVariantId: shop.addListing(listing) })),
        placeOrder: (order) => db.transaction(() => ({ externalId: shop.placeOrder(order) })),
        refund: (refund) => db.transaction(() => ({ externalId: shop.refund(refund) })),
        told: () => shop.told(),
        webhooks: () => ({ waiting: hooks.waiting(), ...hooks.counts() }),
        ...shop.people,
      },
    };
  },
};

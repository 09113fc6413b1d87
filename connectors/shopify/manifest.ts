import { createHash } from 'node:crypto';
import { z } from 'zod';
import { defineManifest, Failure, type FailureCode, hmacSha256, secret } from '#kit';
import { Envelope, FulfillmentOrderWebhook, OrderWebhook, RedactWebhook, RefundWebhook } from './wire.ts';

export const API_VERSION = '2026-04';

/** Points a second by the shop's plan. Source: shopify.dev, GraphQL Admin API rate limits, read 2026-11-24. */
const POINTS_A_SECOND = { standard: 100, advanced: 200, plus: 1000 } as const;

/**
 * What a top-level error's code means to us. A code that is not here says that our query no longer fits the API.
 * Source: recorded exchanges of Admin GraphQL 2025-01 and 2026-04; THROTTLED, which was never
 * recorded, as clients report it. Read 2026-11-24.
 */
const ERROR_CODES: Readonly<Record<string, FailureCode>> = {
  THROTTLED: 'rate_limited',
  ACCESS_DENIED: 'forbidden',
  SHOP_INACTIVE: 'forbidden',
  INTERNAL_SERVER_ERROR: 'unavailable',
  RESOURCE_NOT_FOUND: 'not_found',
  INVALID_VARIABLE: 'rejected',
  MAX_INPUT_SIZE_EXCEEDED: 'rejected',
  IDEMPOTENCY_CONCURRENT_REQUEST: 'unavailable',
  IDEMPOTENCY_KEY_PARAMETER_MISMATCH: 'conflict',
  IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED: 'rejected',
};
export const failureCodeOf = (code: string | null | undefined, otherwise: FailureCode): FailureCode =>
  ERROR_CODES[code ?? ''] ?? otherwise;

export const classify = ({ body }: { body(): unknown }) => {
  const envelope = Envelope.safeParse(body()).data;
  const error = envelope?.errors?.[0];
  if (!error) return null;
  const code = failureCodeOf(error.extensions?.code, 'contract');
  const cost = envelope?.extensions?.cost;
  const missing = cost ? cost.requestedQueryCost - cost.throttleStatus.currentlyAvailable : 0;
  const wait = cost ? Math.ceil((Math.max(0, missing) * 1000) / cost.throttleStatus.restoreRate) : 1000;
  return {
    code,
    message: `Shopify: ${error.message}`,
    ...(code === 'rate_limited' ? { retryAfterMs: wait } : {}),
  };
};

/**
 * Topics that we know, by the name in the webhook's header, and whom their body names: the order, or one of its fulfillment orders, by
 * which `orders.get` finds it. `orders/updated` is known but not subscribed to: Shopify sends it for each of our own fulfillments, and
 * what it alone would tell the polls bring. That a hold moves the order's change time is written nowhere, so holds have topics.
 * Source: WebhookSubscriptionTopic in the SDL of 2026-04, read 2026-12-01.
 */
const orderGid = (id: string | number | undefined) => (id === undefined ? undefined : `gid://shopify/Order/${id}`);
const orderId = (body: unknown) => orderGid(OrderWebhook.safeParse(body).data?.id);
const fulfillmentOrderId = (body: unknown) => FulfillmentOrderWebhook.safeParse(body).data?.fulfillment_order.id;
interface Topic {
  subscription: string | null;
  order(body: unknown): string | undefined;
}
const TOPICS: Readonly<Record<string, Topic>> = {
  'orders/create': { subscription: 'ORDERS_CREATE', order: orderId },
  'orders/updated': { subscription: null, order: orderId },
  'orders/cancelled': { subscription: 'ORDERS_CANCELLED', order: orderId },
  'refunds/create': {
    subscription: 'REFUNDS_CREATE',
    order: (body) => orderGid(RefundWebhook.safeParse(body).data?.order_id),
  },
  'fulfillment_orders/placed_on_hold': {
    subscription: 'FULFILLMENT_ORDERS_PLACED_ON_HOLD',
    order: fulfillmentOrderId,
  },
  'fulfillment_orders/hold_released': { subscription: 'FULFILLMENT_ORDERS_HOLD_RELEASED', order: fulfillmentOrderId },
  'fulfillment_orders/rescheduled': { subscription: 'FULFILLMENT_ORDERS_RESCHEDULED', order: fulfillmentOrderId },
  'fulfillment_orders/scheduled_fulfillment_order_ready': {
    subscription: 'FULFILLMENT_ORDERS_SCHEDULED_FULFILLMENT_ORDER_READY',
    order: fulfillmentOrderId,
  },
};
/**
 * Sent to apps that are set up for it, not subscribed to: the merchant asks us to erase a customer, of whom sometimes only the e-mail and
 * the orders are known. Source: shopify.dev/docs/apps/build/compliance/privacy-law-compliance, read 2026-12-01.
 */
const REDACT = 'customers/redact';
export const SUBSCRIBED = Object.values(TOPICS).flatMap((topic) => topic.subscription ?? []);

/** Shopify by the Admin GraphQL API, for a custom app of one shop. */
export const manifest = defineManifest({
  id: 'shopify',
  role: 'storefront',
  title: 'Shopify',
  apiVersion: API_VERSION,
  docs: { url: 'https://shopify.dev/docs/api/admin-graphql/2026-04', read: '2026-11-24' },
  credentials: z.object({
    shop: z.string().regex(/^[a-z0-9][a-z0-9-]*\.myshopify\.com$/, 'the shop’s own domain, such as acme.myshopify.com'),
    accessToken: secret(),
    /** The app's API secret key: Shopify signs webhooks with it. */
    apiSecret: secret(),
  }),
  settings: z.object({
    locationId: z.string().regex(/^gid:\/\/shopify\/Location\/\d+$/, 'such as gid://shopify/Location/123'),
    plan: z.enum(['standard', 'advanced', 'plus']).default('standard'),
    endpoint: z.url().optional(),
  }),
  http: {
    baseUrl: ({ credentials, settings }) => settings.endpoint ?? `https://${credentials.shop}`,
    sign: ({ credentials }) => ({ 'x-shopify-access-token': credentials.accessToken }),
    limits: ({ settings }) => {
      const amount = POINTS_A_SECOND[settings.plan];
      // Shopify's bucket holds twenty seconds' worth. We fill half of it: a call is debited there later than here, and a
      // bucket that is full meanwhile gives nothing back.
      return [{ name: 'points', amount, perMs: 1000, burst: amount * 10 }];
    },
    timeoutMs: 30_000,
    classify,
    observe: ({ body }) => {
      const cost = Envelope.safeParse(body()).data?.extensions?.cost;
      return cost ? { limit: 'points', available: cost.throttleStatus.currentlyAvailable } : null;
    },
  },
  webhooks: {
    secret: (credentials) => credentials.apiSecret,
    // The time in X-Shopify-Triggered-At is not signed, so an old one proves nothing: a repeat is known by its delivery id.
    verify: hmacSha256({ header: 'x-shopify-hmac-sha256', encoding: 'base64' }),
    // A delivery without an id is known by its body, never mixed up with another.
    deliveryId: ({ headers, rawBody }) =>
      headers['x-shopify-webhook-id'] ?? createHash('sha256').update(rawBody).digest('hex'),
    read: ({ body, headers }) => {
      const name = headers['x-shopify-topic'] ?? '';
      if (name === REDACT) {
        const asked = RedactWebhook.safeParse(body).data;
        const orders = asked?.orders_to_redact.map((order) => `gid://shopify/Order/${order}`) ?? [];
        const customer = asked?.customer?.id;
        const externalId = customer === undefined ? orders[0] : `gid://shopify/Customer/${customer}`;
        if (externalId === undefined) throw new Failure('invalid', `a ${name} webhook that names no customer`);
        return { kind: 'erase', externalId, orders };
      }
      const topic = TOPICS[name];
      if (!topic) throw new Failure('rejected', `“${name.slice(0, 60)}” is no topic that we subscribe to`);
      const id = topic.order(body);
      if (id === undefined) throw new Failure('invalid', `a ${name} webhook that names no order`);
      return { kind: 'order', externalId: id };
    },
  },
});

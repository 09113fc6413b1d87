import { createHash } from 'node:crypto';
import { z } from 'zod';
import { defineManifest, Failure, hmacSha256, secret, type WebhookCheck, type WebhookMeaning } from '#kit';
import { oauthHeader } from './oauth.ts';
import { HookedResource } from './wire.ts';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
const HTTPS_ONLY =
  'the shop’s address must begin with https:// — over plain http orders and addresses would travel readable by everyone on the way';

const isSafe = (site: string): boolean => {
  const url = URL.parse(site);
  return url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname)));
};

/** The API's root of a shop, also of one that lives in a folder. Throws `invalid` for plain http to another machine. */
export const apiRoot = (site: string): string => {
  const url = URL.parse(site);
  if (!url || !isSafe(site)) throw new Failure('invalid', HTTPS_ONLY);
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}/wp-json/wc/v3`;
};

/**
 * A shop as one account: its host and path, whatever their case, without what goes without saying. http and https are two ways to one
 * shop; a port that is not the scheme's own may be another shop.
 */
export const shopOf = (site: string): string => {
  const { host, pathname } = new URL(site);
  return `${host.replace(/\.(?=:|$)/, '')}${pathname.replace(/\/+$/, '')}`.toLowerCase();
};

/** What each topic that we subscribe to means. All of them name one order. */
export const TOPICS = ['order.created', 'order.updated', 'order.deleted', 'order.restored'] as const;

const read = ({ body, headers }: { body: unknown; headers: WebhookCheck['headers'] }): WebhookMeaning => {
  const topic = headers['x-wc-webhook-topic'] ?? '';
  if (!TOPICS.some((known) => known === topic))
    throw new Failure('rejected', `WooCommerce sent the topic “${topic.slice(0, 60)}”, which we do not know`);
  const parsed = HookedResource.safeParse(body);
  if (!parsed.success) throw new Failure('invalid', `the body of ${topic} names no order`);
  return { kind: 'order', externalId: String(parsed.data.id) };
};

/**
 * The shop's own id of a delivery is a hash of the webhook and the present second, so that two orders changed in one second
 * share it; the body tells them apart.
 */
const deliveryId = ({ rawBody, headers }: Pick<WebhookCheck, 'rawBody' | 'headers'>): string =>
  `${headers['x-wc-webhook-delivery-id'] ?? ''}:${createHash('sha256').update(rawBody).digest('hex').slice(0, 32)}`;

/** What a status alone does not tell. The refusal of a refund comes as a 500 although nothing has happened. */
const CLASSES = [
  {
    meets: (status: number, text: string) => status === 404 && (text.includes('"rest_no_route"') || /^\s*</.test(text)),
    code: 'rejected',
    message:
      'There is no WooCommerce REST API at this address: is WooCommerce active, and are the permalinks anything but “Plain”?',
  },
  {
    meets: (status: number, text: string) =>
      status === 500 && text.includes('"woocommerce_rest_cannot_create_order_refund"'),
    code: 'rejected',
    message: 'WooCommerce refuses the refund',
  },
] as const;

const wordsOf = (text: string): string => /"message":"((?:[^"\\]|\\.){1,200})"/.exec(text)?.[1] ?? '';

/**
 * WooCommerce REST API v3: a shop of one's own, at any host.
 * Source: woocommerce/woocommerce-rest-api-docs, wp-api-v3 at 13d61967911c, read 2026-11-24.
 */
export const manifest = defineManifest({
  id: 'woocommerce',
  role: 'storefront',
  title: 'WooCommerce',
  apiVersion: 'wc/v3',
  docs: { url: 'https://woocommerce.github.io/woocommerce-rest-api-docs/', read: '2026-11-24' },
  credentials: z.object({
    site: z.url().refine(isSafe, HTTPS_ONLY),
    consumerKey: secret(),
    consumerSecret: secret(),
  }),
  settings: z.object({
    /** The shop's own number of decimals: WooCommerce → Settings → General → Number of decimals. */
    priceDecimals: z.int().min(0).max(6).default(2),
    /** WooCommerce itself has no limit; the hosts' firewalls do. */
    requestsPerSecond: z.number().positive().max(100).default(10),
    /** True lets a refund move money through the shop's payment gateway; false only records it in the shop. */
    refundThroughGateway: z.boolean().default(false),
  }),
  identity: ({ credentials }) => shopOf(credentials.site),
  http: {
    baseUrl: ({ credentials }) => apiRoot(credentials.site),
    // Over plain http a shop takes no keys, only what they have signed: by the machine's time, as the shop's is, not by a clock that may be
    // faster than time.
    sign: ({ credentials: { consumerKey, consumerSecret }, method, url }) => ({
      authorization:
        url.protocol === 'https:'
          ? `Basic ${Buffer.from(`${consumerKey}:${consumerSecret}`).toString('base64')}`
          : oauthHeader({ method, url, key: consumerKey, secret: consumerSecret, nowMs: Date.now() }),
    }),
    limits: ({ settings: { requestsPerSecond } }) => [
      { name: 'requests', amount: requestsPerSecond, perMs: 1_000, burst: Math.max(1, 2 * requestsPerSecond) },
    ],
    timeoutMs: 30_000,
    classify({ status, text }) {
      const found = CLASSES.find((row) => row.meets(status, text));
      return found ? { code: found.code, message: `${found.message} ${wordsOf(text)}`.trim() } : null;
    },
  },
  webhooks: {
    secret: 'ours',
    verify: hmacSha256({ header: 'x-wc-webhook-signature', encoding: 'base64' }),
    // Sent unsigned, once, when a webhook is made or switched on.
    isPing: ({ rawBody, headers }) =>
      headers['x-wc-webhook-topic'] === undefined && /^webhook_id=\d+$/.test(rawBody.toString('latin1').trim()),
    deliveryId,
    read,
  },
});

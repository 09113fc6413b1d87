import { z } from 'zod';
import { defineManifest, secret } from '#kit';
import { classify } from './errors.ts';
import { deliveryIdOf, readWebhook, verifyWebhook } from './webhook.ts';

/** Calls a second to endpoints that list. Source: EasyPost, “Rate limiting and backoff guide”, read 2026-11-24. */
export const LISTS_A_SECOND = 5;

/**
 * What a key is for: labels of a test key are worth nothing, and neither kind of key sees what the other has made, so that a user's two
 * kinds are two accounts. Source: EasyPost, “Authentication and Key Management”; the prefixes from gitleaks' rules for its keys,
 * b58d3f10, both read 2026-12-01.
 */
export const keyKindOf = (apiKey: string): 'test' | 'production' | 'other' =>
  apiKey.startsWith('EZTK') ? 'test' : apiKey.startsWith('EZAK') ? 'production' : 'other';

export const manifest = defineManifest({
  id: 'easypost',
  role: 'logistics',
  title: 'EasyPost',
  apiVersion: 'v2',
  docs: { url: 'https://docs.easypost.com', read: '2026-11-24' },
  credentials: z.object({
    apiKey: secret(),
    /** A secret like the key, but it may be left out; then every webhook is refused. */
    webhookSecret: z
      .string()
      .default('')
      .meta(secret().meta() ?? {}),
  }),
  settings: z.object({
    endpoint: z.url().default('https://api.easypost.com/v2'),
    /** For buying and rating EasyPost slows down by its load and names no number: 20 is our politeness. [unverified] */
    requestsPerSecond: z.number().positive().default(20),
    /** The exemption that the customs form of an export from the United States states; this one is for less than 2,500 dollars. */
    eelPfc: z.string().default('NOEEI 30.37(a)'),
  }),
  http: {
    baseUrl: ({ settings }) => settings.endpoint,
    sign: ({ credentials }) => ({
      authorization: `Basic ${Buffer.from(`${credentials.apiKey}:`).toString('base64')}`,
    }),
    limits: ({ settings: { requestsPerSecond } }) => [
      { name: 'requests', amount: requestsPerSecond, perMs: 1_000, burst: Math.max(1, requestsPerSecond) },
      { name: 'lists', amount: LISTS_A_SECOND, perMs: 1_000, burst: 1 },
    ],
    timeoutMs: 30_000,
    classify,
  },
  webhooks: {
    secret: ({ webhookSecret }) => webhookSecret,
    verify: verifyWebhook,
    deliveryId: deliveryIdOf,
    read: readWebhook,
  },
});

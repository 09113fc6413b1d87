import { z } from 'zod';
import { News } from './event.ts';
import { OrderRules } from './hold.ts';
import { Currency, Minor } from './money.ts';
import { machine } from './state-machine.ts';

/**
 * `paused` is the merchant's wish; `needs_attention` is set when the credentials are refused or another connection has the account, and
 * parks its jobs.
 */
export const connectionMachine = machine('connection', 'active', {
  active: ['paused', 'needs_attention', 'removed'],
  needs_attention: ['active', 'paused', 'removed'],
  paused: ['active', 'needs_attention', 'removed'],
  removed: [],
});
export type ConnectionState = keyof typeof connectionMachine.table;

/** What an outside system is to us: where we sell, where we buy, who carries. */
export const CONNECTION_ROLES = ['storefront', 'supplier', 'logistics'] as const;
export type ConnectionRole = (typeof CONNECTION_ROLES)[number];

/** What a connection can be asked for by hand. */
export const SYNCED = ['orders', 'listings', 'stock'] as const;
export type Synced = (typeof SYNCED)[number];

/** A walk through a storefront's orders: from which change on, and the place of the next page; null at its beginning. */
const Walk = z.object({ since: z.string(), next: z.string().nullable() });

/** One account at one outside system. Credentials are an AES-GCM envelope; only the gateway opens it. */
export const Connection = z.object({
  _id: z.string(),
  workspaceId: z.string(),
  connectorId: z.string(),
  role: z.enum(CONNECTION_ROLES),
  name: z.string(),
  credentials: z.string(),
  /** New with each change of the credentials: what was remembered under others, such as a token, is not used. Absent: never changed. */
  credentialsKey: z.string().exactOptional(),
  settings: z.record(z.string(), z.unknown()),
  state: z.enum(connectionMachine.states),
  /**
   * The account that it was found to be, for good: its orders and postings are that account's. Absent while the vendor was not asked:
   * then nothing is taken from it and nothing sent to it.
   */
  identity: z.string().exactOptional(),
  /** The connection that has its account, for which it was stopped; null or absent: none. */
  twinOf: z.string().nullable().exactOptional(),
  /** Nothing that costs money is sent before the merchant says live. */
  live: z.boolean(),
  /** Orders placed before this are shown and never fulfilled. Milliseconds since the epoch. */
  fulfilFromMs: z.number(),
  /** The secret of incoming webhooks where the vendor takes ours, enveloped like the credentials. */
  webhookSecret: z.string(),
  /** Where `orders.pull` goes on: saved only after the page's orders are stored. */
  cursor: Walk,
  /** Where `orders.recheck` goes on; absent or null: no walk is under way. */
  recheck: Walk.nullable().exactOptional(),
  /** How often it is asked for what its webhooks did not bring. */
  pollEveryMinutes: z.number().positive(),
  createdAtMs: z.number(),
  lastError: z.string(),
  /** Currencies of its account and of what it has sent, as far as they are known. */
  currencies: z.array(Currency).exactOptional(),
  /** What was left at a supplier to pay with when it was last asked; absent: it was not, or it does not tell. */
  balance: z.object({ amountMinor: Minor, currency: Currency, atMs: z.number() }).exactOptional(),
  /** How a storefront's orders are taken in; absent: the defaults. */
  orderRules: OrderRules.optional(),
  news: z.array(News).optional(),
  newsSeq: z.int().optional(),
});
export type Connection = z.infer<typeof Connection>;

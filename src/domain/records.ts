import { z } from 'zod';
import { Actor } from './actor.ts';
import { APPROVAL_KINDS, approvalMachine } from './approval.ts';
import { News } from './event.ts';
import { Offer, Terms } from './offer.ts';

/** One merchant's business and the tenant boundary. */
export const Workspace = z.object({
  _id: z.string(),
  workspaceId: z.string(),
  name: z.string(),
  terms: Terms,
  createdAtMs: z.number(),
});
export type Workspace = z.infer<typeof Workspace>;

export const OfferRecord = Offer.extend({ _id: z.string(), workspaceId: z.string() });
export type OfferRecord = z.infer<typeof OfferRecord>;

/** One of our SKUs as one storefront lists it. */
export const Listing = z.object({
  _id: z.string(),
  workspaceId: z.string(),
  connectionId: z.string(),
  externalVariantId: z.string(),
  externalProductId: z.string(),
  externalInventoryId: z.string(),
  /** Ours. Empty while not mapped. */
  sku: z.string(),
  title: z.string(),
  /** What the storefront was last told or seen to show. */
  shown: z.number().nullable(),
  /** Buyers may order it when there is none left; absent where the storefront does not say, or was last read by a version before 0.3. */
  sellsWithoutStock: z.boolean().exactOptional(),
  /** Grows with each number that it was told or seen to show. */
  rev: z.number(),
  /** The number that may be sold may be another than the one shown: the storefront is to be told. */
  toTell: z.boolean(),
  /** Grows each time that telling is asked for: who told the number takes `toTell` back only if nobody has asked since. */
  asks: z.number(),
  updatedAtMs: z.number(),
});
export type Listing = z.infer<typeof Listing>;

/** A webhook, stored before it was answered. */
export const InboxItem = z.object({
  _id: z.string(),
  workspaceId: z.string(),
  connectionId: z.string(),
  deliveryId: z.string(),
  /** What it is about, as `connectionId kind id`: all that wait with one subject are settled by one fetch. */
  subject: z.string(),
  meaning: z.object({
    kind: z.string(),
    externalId: z.string(),
    reference: z.string(),
    /** Of a purchase that its supplier has split: the supplier's ids of the orders that it became. */
    parts: z.array(z.string()).exactOptional(),
  }),
  state: z.enum(['new', 'done']),
  dueAtMs: z.number().nullable(),
  createdAtMs: z.number(),
});
export type InboxItem = z.infer<typeof InboxItem>;

export const ApprovalRecord = z.object({
  _id: z.string(),
  workspaceId: z.string(),
  legId: z.string(),
  orderId: z.string(),
  orderNumber: z.string(),
  kind: z.enum(APPROVAL_KINDS),
  party: z.string(),
  amount: z.number(),
  limit: z.number(),
  reason: z.string(),
  state: z.enum(approvalMachine.states),
  news: z.array(News).optional(),
  newsSeq: z.int().optional(),
  note: z.string(),
  /** The decider's name; empty while nobody has decided. */
  decidedBy: z.string(),
  /** Who that is; absent while nobody has decided, and in records of 0.1.0. */
  decider: Actor.exactOptional(),
  createdAtMs: z.number(),
  updatedAtMs: z.number(),
});
export type ApprovalRecord = z.infer<typeof ApprovalRecord>;

/** Money that belongs to no order: fees, discounts, bad debt. */
export const ChargeRecord = z.object({
  _id: z.string(),
  workspaceId: z.string(),
  reference: z.string(),
  code: z.string(),
  title: z.string(),
  quantity: z.number(),
  totalMinor: z.number(),
  currency: z.string(),
  atMs: z.number(),
  createdAtMs: z.number(),
});
export type ChargeRecord = z.infer<typeof ChargeRecord>;

export const ApiKey = z.object({
  _id: z.string(),
  workspaceId: z.string(),
  name: z.string(),
  /** SHA-256 of the whole key, hex. The key itself is shown once and stored nowhere. */
  hash: z.string(),
  scopes: z.array(z.string()),
  /** Limits the key to what one factory, warehouse or principal may see; empty for the merchant's own. */
  location: z.string(),
  createdAtMs: z.number(),
  revokedAtMs: z.number().nullable(),
});
export type ApiKey = z.infer<typeof ApiKey>;

/** The answer once given to an idempotency key. */
export const StoredAnswer = z.object({
  _id: z.string(),
  workspaceId: z.string(),
  fingerprint: z.string(),
  status: z.number(),
  body: z.unknown(),
  /** Real time: it is kept for a day of the caller's, whatever the business clock does. */
  createdAtMs: z.number(),
});
export type StoredAnswer = z.infer<typeof StoredAnswer>;

export const SealedToken = z.object({
  _id: z.string(),
  workspaceId: z.string(),
  sealed: z.string(),
  expiresAtMs: z.number(),
});
export type SealedToken = z.infer<typeof SealedToken>;

/** A document that a migration could not read. A person looks at it; nothing works with it. */
export const SetAside = z.object({
  _id: z.string(),
  workspaceId: z.string(),
  collection: z.string(),
  id: z.string(),
  reason: z.string(),
  /** The version that had written it. */
  from: z.string(),
  /** Real time. */
  atMs: z.number(),
  document: z.record(z.string(), z.unknown()),
});
export type SetAside = z.infer<typeof SetAside>;

import type { Offer, Terms } from './offer.ts';

/** One merchant's business and the tenant boundary. */
export interface Workspace {
  _id: string;
  workspaceId: string;
  name: string;
  terms: Terms;
  createdAtMs: number;
}

export interface OfferRecord extends Offer {
  _id: string;
  workspaceId: string;
}

/** One of our SKUs as one storefront lists it. */
export interface Listing {
  _id: string;
  workspaceId: string;
  connectionId: string;
  externalVariantId: string;
  externalProductId: string;
  externalInventoryId: string;
  /** Ours. Empty while not mapped. */
  sku: string;
  title: string;
  /** What the storefront was last told or seen to show. */
  shown: number | null;
  updatedAtMs: number;
}

/** A webhook, stored before it was answered. */
export interface InboxItem {
  _id: string;
  workspaceId: string;
  connectionId: string;
  deliveryId: string;
  /** What it is about, as `connectionId kind id`: all that wait with one subject are settled by one fetch. */
  subject: string;
  meaning: { kind: string; externalId: string; reference: string };
  state: 'new' | 'done';
  dueAtMs: number | null;
  createdAtMs: number;
}

export interface ApprovalRecord {
  _id: string;
  workspaceId: string;
  legId: string;
  orderId: string;
  orderNumber: string;
  kind: 'credit_limit' | 'mandate' | 'margin_floor';
  party: string;
  amount: number;
  limit: number;
  reason: string;
  state: 'pending' | 'approved' | 'declined';
  note: string;
  decidedBy: string;
  createdAtMs: number;
  updatedAtMs: number;
}

/** Money that belongs to no order: fees, discounts, bad debt. */
export interface ChargeRecord {
  _id: string;
  workspaceId: string;
  reference: string;
  code: string;
  title: string;
  quantity: number;
  totalMinor: number;
  currency: string;
  atMs: number;
  createdAtMs: number;
}

export interface ApiKey {
  _id: string;
  workspaceId: string;
  name: string;
  /** SHA-256 of the whole key, hex. The key itself is shown once and stored nowhere. */
  hash: string;
  scopes: string[];
  /** Limits the key to what one factory, warehouse or principal may see; empty for the merchant's own. */
  location: string;
  createdAtMs: number;
  revokedAtMs: number | null;
}

/** The answer once given to an idempotency key. */
export interface StoredAnswer {
  _id: string;
  workspaceId: string;
  fingerprint: string;
  status: number;
  body: unknown;
  createdAtMs: number;
}

export interface SealedToken {
  _id: string;
  workspaceId: string;
  sealed: string;
  expiresAtMs: number;
}

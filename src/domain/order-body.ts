import { createHash } from 'node:crypto';
import { z } from 'zod';

/**
 * The body from which an order was last read, as its storefront sent it: when the connector learns to read more, the order can be read
 * again without asking the shop. Kept as JSON text, for a plugin's keys may be none that a database takes.
 */
export const OrderBody = z.object({
  /** The order's own. */
  _id: z.string(),
  workspaceId: z.string(),
  /** The version of the vendor's API that it was asked for. */
  apiVersion: z.string(),
  json: z.string(),
  /** Of `json`; the order names the hash of the body it was last read from. */
  hash: z.string(),
  sentAtMs: z.number(),
  answeredAtMs: z.number(),
});
export type OrderBody = z.infer<typeof OrderBody>;

/** A longer body is not kept: a document of the database holds 16 MB, and a character is three bytes at most. */
export const LONGEST_BODY = 4_000_000;

export const bodyHashOf = (json: string): string => createHash('sha256').update(json).digest('base64url');

import { z } from 'zod';
import { Address } from './address.ts';
import { Currency, DecimalText, Minor } from './money.ts';
import { Attribute, PartyTaxId } from './order-facts.ts';
import { Tracking } from './shipment.ts';
import { ReadFacts } from './variant.ts';

/** A purchase order as a supplier connector sends it. */
export const PurchaseRequest = z.object({
  /** Ours, unique for each purchase order and version; the supplier holds at most one live order under it. */
  reference: z.string().min(1).max(50),
  currency: Currency,
  lines: z
    .array(
      z.object({
        lineId: z.string(),
        sku: z.string(),
        externalSku: z.string(),
        quantity: z.int().positive(),
        unitCost: DecimalText,
        /** How the buyer wants it made or packed. */
        attributes: z.array(Attribute),
      }),
    )
    .min(1),
  /** The buyer's address for drop shipping, our own warehouse for stock. */
  shipTo: Address,
  /** Nothing on the packing slip may show another seller's name. */
  neutralPacking: z.boolean(),
  /** For the customs of where it goes. */
  taxIds: z.array(PartyTaxId),
  note: z.string().default(''),
});
export type PurchaseRequest = z.infer<typeof PurchaseRequest>;

export const PURCHASE_STATES = [
  'created',
  'accepted',
  'partly_shipped',
  'shipped',
  'delivered',
  'rejected',
  'cancelled',
  'unknown',
] as const;

/** What the supplier says of a purchase order, looked up by our reference or by its own id. */
export const PurchaseReport = z.object({
  externalId: z.string().min(1),
  reference: z.string(),
  state: z.enum(PURCHASE_STATES),
  rawStatus: z.string(),
  /** Taken down, and waits for its payment. */
  unpaid: z.boolean().exactOptional(),
  costMinor: Minor.nullable(),
  currency: Currency.nullable(),
  /** Packages so far; `lines` null where the supplier does not say which lines are in it (then: all of them). */
  packages: z.array(
    z.object({
      externalId: z.string(),
      tracking: Tracking,
      shippedAt: z.string().nullable(),
      lines: z.array(z.object({ externalSku: z.string(), quantity: z.int().positive() })).nullable(),
    }),
  ),
  reason: z.string().default(''),
});
export type PurchaseReport = z.infer<typeof PurchaseReport>;

/** What a supplier says it has of one SKU. */
export const SupplyLevel = z.object({
  externalSku: z.string().min(1),
  quantity: z.int().nonnegative(),
  /** Null where the supplier gives no single price (a range is no price). */
  unitCost: DecimalText.nullable(),
  currency: Currency.nullable(),
  title: z.string().default(''),
  /** Physical and customs facts, where the connector reads them. */
  facts: ReadFacts.optional(),
});
export type SupplyLevel = z.infer<typeof SupplyLevel>;

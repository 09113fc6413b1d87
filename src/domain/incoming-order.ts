import { z } from 'zod';
import { Address } from './address.ts';
import { Currency, DecimalText, Minor } from './money.ts';

export const Instant = z.iso.datetime({ offset: true });

/** A part of an order that is not goods: shipping, a fee, a custom line, a tax. It may be negative. */
export const CHARGE_KINDS = ['shipping', 'fee', 'custom', 'discount', 'tax'] as const;
export const IncomingCharge = z.object({
  externalId: z.string().min(1),
  kind: z.enum(CHARGE_KINDS),
  code: z.string().default(''),
  title: z.string(),
  totalMinor: Minor,
});
export type IncomingCharge = z.infer<typeof IncomingCharge>;

export const IncomingLine = z.object({
  externalId: z.string().min(1),
  /** The storefront's own id of what was sold; mappings are made by it first and by `sku` second. */
  externalVariantId: z.string().nullable(),
  sku: z.string(),
  title: z.string(),
  /** Units bought, before any cancellation or refund. */
  quantity: z.int().positive(),
  unitPrice: DecimalText,
  /** What the buyer pays for the line, minor units, as the storefront totals it. */
  totalMinor: Minor,
});
export type IncomingLine = z.infer<typeof IncomingLine>;

/** Money given back at the storefront, with the units it took off the order or back. */
export const IncomingRefund = z.object({
  externalId: z.string().min(1),
  createdAt: Instant,
  /** The merchant's words; also where our own reference is found again. */
  note: z.string(),
  /** Positive: what the buyer gets. */
  totalMinor: Minor,
  lines: z.array(
    z.object({
      lineExternalId: z.string().min(1),
      quantity: z.int().nonnegative(),
      /** Positive: the part of the refund that belongs to this line. */
      totalMinor: Minor,
      restock: z.boolean(),
    }),
  ),
});
export type IncomingRefund = z.infer<typeof IncomingRefund>;

export const FINANCIAL = ['pending', 'authorised', 'paid', 'partly_refunded', 'refunded', 'voided', 'unknown'] as const;

/** One order as a storefront connector reads it: canonical, complete, the storefront's ids kept as text. */
export const IncomingOrder = z.object({
  externalId: z.string().min(1),
  /** What the merchant and the buyer call it. */
  number: z.string().min(1),
  placedAt: Instant,
  updatedAt: Instant,
  currency: Currency,
  financial: z.enum(FINANCIAL),
  /** The storefront's own words for its states, kept when we do not know them. */
  rawStatus: z.string(),
  cancelledAt: Instant.nullable(),
  buyer: z.object({ externalId: z.string().nullable(), name: z.string(), email: z.string() }),
  shipTo: Address.nullable(),
  lines: z.array(IncomingLine),
  charges: z.array(IncomingCharge),
  refunds: z.array(IncomingRefund),
  /** Lines plus charges before refunds, as the storefront states it. */
  totalMinor: Minor,
  note: z.string(),
});
export type IncomingOrder = z.infer<typeof IncomingOrder>;

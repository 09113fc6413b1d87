import { z } from 'zod';
import { Address } from './address.ts';
import { Currency, DecimalText, Minor } from './money.ts';
import { LineFacts, OrderFacts } from './order-facts.ts';
import { Tracking } from './shipment.ts';

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
  /** Units bought at first, before edits and refunds. A shop that keeps no history gives the units of now. */
  quantity: z.int().positive(),
  /** Units still on the order after the merchant's edits. Refunded units count: `refunds` tells of them. */
  currentQuantity: z.int().nonnegative(),
  /** Units that the shop shows as fulfilled, by whoever. */
  fulfilledQuantity: z.int().nonnegative(),
  /** False for gift cards and digital goods: nobody packs them. */
  requiresShipping: z.boolean(),
  unitPrice: DecimalText,
  /** What the buyer pays for the current units of the line, minor units, as the storefront totals it. */
  totalMinor: Minor,
  /** Absent in lines that were last read by a version before 0.3. */
  facts: LineFacts.exactOptional(),
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

export const PAYMENT_STATES = [
  'pending',
  'authorised',
  'partly_paid',
  'paid',
  'partly_refunded',
  'refunded',
  'voided',
  'expired',
  'failed',
  'unknown',
] as const;

export const IncomingPayment = z.object({
  state: z.enum(PAYMENT_STATES),
  /** The shop's own word for how it is paid, such as `bacs`, `cod` or `shopify_payments`; '' where the shop does not say. */
  method: z.string(),
  /** What the shop has received from the buyer, before refunds; null where the shop does not say. */
  paidMinor: Minor.nullable(),
  /** When the last of it was received; null while nothing was, or where the shop does not say. */
  paidAt: Instant.nullable(),
});
export type IncomingPayment = z.infer<typeof IncomingPayment>;

/** The shop's advice on fraud. `none`: it gave none. */
export const RISKS = ['none', 'low', 'investigate', 'cancel'] as const;

/** A package that the shop shows, whoever sent it. */
export const IncomingFulfilment = z.object({
  externalId: z.string().min(1),
  /** The shop's own word. */
  rawStatus: z.string(),
  tracking: z.array(Tracking),
  lines: z.array(z.object({ lineExternalId: z.string().min(1), quantity: z.int().positive() })),
});
export type IncomingFulfilment = z.infer<typeof IncomingFulfilment>;

/** The shop wants nothing sent for now. */
export const IncomingShopHold = z.object({
  externalId: z.string().min(1),
  /** The shop's own word. */
  reason: z.string(),
  note: z.string(),
  /** When it ends by itself; null where somebody has to end it. */
  untilAt: Instant.nullable(),
});
export type IncomingShopHold = z.infer<typeof IncomingShopHold>;

/** One order as a storefront connector reads it: canonical, complete, the storefront's ids kept as text. */
export const IncomingOrder = z.object({
  externalId: z.string().min(1),
  /** What the merchant and the buyer call it. */
  number: z.string().min(1),
  placedAt: Instant,
  updatedAt: Instant,
  currency: Currency,
  payment: IncomingPayment,
  /** The storefront's own words for its states, kept when we do not know them. */
  rawStatus: z.string(),
  cancelledAt: Instant.nullable(),
  buyer: z.object({ externalId: z.string().nullable(), name: z.string(), email: z.string() }),
  /** Placed to try the shop out: nobody pays and nothing is sent. */
  test: z.boolean(),
  risk: z.enum(RISKS),
  /** As the shop gives it, also where parts are empty; null where the shop has none. */
  shipTo: Address.nullable(),
  billTo: Address.nullable(),
  lines: z.array(IncomingLine),
  charges: z.array(IncomingCharge),
  refunds: z.array(IncomingRefund),
  /** The current total: lines plus charges after edits and before refunds, as the storefront states it. */
  totalMinor: Minor,
  note: z.string(),
  /** Absent in orders that were last read by a version before 0.3; so are the next two. */
  facts: OrderFacts.exactOptional(),
  fulfilments: z.array(IncomingFulfilment).exactOptional(),
  shopHolds: z.array(IncomingShopHold).exactOptional(),
});
export type IncomingOrder = z.infer<typeof IncomingOrder>;

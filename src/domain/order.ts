import { z } from 'zod';
import { Address } from './address.ts';
import type { LegKind } from './leg.ts';
import { Currency, DecimalText, Minor } from './money.ts';
import type { ModeName, Offer } from './offer.ts';
import { machine } from './state-machine.ts';

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

/** The life of an order. Payment, shipment and return are axes of their own and are counted on the lines. */
export const orderMachine = machine('order', 'received', {
  received: ['awaiting_mapping', 'held', 'routed', 'closed', 'cancelled'],
  awaiting_mapping: ['received', 'cancelled'],
  held: ['received', 'cancelled'],
  routed: ['partly_shipped', 'shipped', 'cancelled', 'closed'],
  partly_shipped: ['shipped', 'closed'],
  shipped: ['closed'],
  closed: [],
  cancelled: [],
});
export type OrderState = keyof typeof orderMachine.table;

/** An order line as we keep it: what the storefront said, plus the offer it is sold under once it is mapped. */
export interface OrderLine extends IncomingLine {
  id: string;
  offer: Offer | null;
}

export interface Order {
  _id: string;
  workspaceId: string;
  connectionId: string;
  externalId: string;
  number: string;
  placedAtMs: number;
  /** The storefront's own time of the last change that we have seen; an older one never overwrites. */
  seenUpdatedAt: string;
  currency: string;
  financial: IncomingOrder['financial'];
  rawStatus: string;
  cancelledAt: string | null;
  buyer: IncomingOrder['buyer'];
  shipTo: Address | null;
  lines: OrderLine[];
  charges: IncomingCharge[];
  totalMinor: number;
  refundedMinor: number;
  note: string;
  state: OrderState;
  version: number;
  /** Who does what, decided once: the legs are made from it and from nothing else. */
  plan: { kind: LegKind; mode: ModeName; partner: string; location: string; lineIds: string[] }[] | null;
  /** Lines whose units were not on the shelf when the plan was made. */
  short: string[];
  /** Placed before the connection was made: shown, never fulfilled. */
  historical: boolean;
  unmapped: string[];
  dueAtMs: number | null;
  createdAtMs: number;
  updatedAtMs: number;
  closedAtMs: number | null;
}

/** Money back for lines of an order, and what it did to their units. */
export interface Return {
  _id: string;
  workspaceId: string;
  /** Null when it belongs to nothing. */
  orderId: string | null;
  connectionId: string;
  externalId: string;
  /** The storefront's note, or the caller's reference. */
  reference: string;
  currency: string;
  totalMinor: number;
  lines: {
    id: string;
    lineId: string;
    sku: string;
    quantity: number;
    totalMinor: number;
    restock: boolean;
    cancelled: number;
    returned: number;
  }[];
  origin: 'storefront' | 'ours';
  /** wanted: to be paid back at the storefront. refunded: paid back, not yet counted. applied: counted on the legs. */
  state: 'wanted' | 'refunded' | 'applied' | 'unmatched' | 'refused';
  /** Goods that came back, by reference of the receipt. */
  received: { reference: string; lineId: string; quantity: number; restocked: boolean }[];
  reason: string;
  dueAtMs: number | null;
  createdAtMs: number;
  updatedAtMs: number;
}

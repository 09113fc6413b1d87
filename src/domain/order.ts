import type { Address } from './address.ts';
import type { IncomingCharge, IncomingLine, IncomingOrder } from './incoming-order.ts';
import type { LegKind } from './leg.ts';
import type { ModeName, Offer } from './offer.ts';
import { machine } from './state-machine.ts';

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

import { z } from 'zod';
import { Actor } from './actor.ts';
import { Address } from './address.ts';
import { News } from './event.ts';
import { Hold, Release } from './hold.ts';
import { IncomingCharge, IncomingLine, IncomingOrder } from './incoming-order.ts';
import { LegKind } from './leg.ts';
import { Currency, Minor } from './money.ts';
import { ModeName, Offer } from './offer.ts';
import { RateLeg } from './rate.ts';
import { machine } from './state-machine.ts';

/**
 * The life of an order. Payment, shipment and return are axes of their own and are counted on the lines; that an order waits
 * follows from its holds and is no state. A package that is voided before anybody was told of it, and units that a new plan adds, take
 * an order back.
 */
export const orderMachine = machine('order', 'received', {
  received: ['awaiting_mapping', 'routed', 'closed', 'cancelled'],
  awaiting_mapping: ['routed', 'closed', 'cancelled'],
  routed: ['partly_shipped', 'shipped', 'cancelled', 'closed'],
  partly_shipped: ['routed', 'shipped', 'cancelled', 'closed'],
  shipped: ['routed', 'partly_shipped', 'cancelled', 'closed'],
  closed: [],
  cancelled: [],
});
export type OrderState = keyof typeof orderMachine.table;

/** An order line as we keep it: what the storefront said, plus the offer it is sold under once it is mapped. */
export const OrderLine = IncomingLine.extend({ id: z.string(), offer: Offer.nullable() });
export type OrderLine = z.infer<typeof OrderLine>;

/** One leg of a plan: who does it, from where, and how many units of which lines. */
export const PlanLeg = z.object({
  kind: LegKind,
  mode: ModeName,
  partner: z.string(),
  location: z.string(),
  /** Units of order lines, each with the part of the line's price that belongs to them. */
  items: z.array(z.object({ lineId: z.string(), quantity: z.int().positive(), totalMinor: Minor })),
});
export type PlanLeg = z.infer<typeof PlanLeg>;

/**
 * Who does what, decided once for each plan number: the legs are made from it and from nothing else. A later plan covers only what
 * the kept legs of earlier ones do not.
 */
export const Plan = z.object({
  number: z.int().positive(),
  legs: z.array(PlanLeg),
  /** Lines whose units were not on the shelf when the plan was made. */
  short: z.array(z.string()),
  /** Which reservation set holds the units of this plan. */
  unitSet: z.int().positive(),
});
export type Plan = z.infer<typeof Plan>;

/** What one observation changed: the storefront's, or a person's. The newest are kept. */
export const OrderVersion = z.object({
  number: z.int().positive(),
  atMs: z.number(),
  source: z.enum(['storefront', 'person', 'replay']),
  /** The storefront's own time of the change; empty for a person's. */
  updatedAt: z.string(),
  by: Actor,
  changes: z.array(z.object({ field: z.string(), from: z.unknown(), to: z.unknown() })),
});
export type OrderVersion = z.infer<typeof OrderVersion>;
export const MOST_VERSIONS = 50;

/** Units taken off the order, each once: by a refund, a cancellation, an edit at the shop, or because the shop shipped them. */
export const Taken = z.object({
  id: z.string(),
  why: z.enum(['refund', 'cancel', 'edit', 'elsewhere']),
  lineId: z.string(),
  quantity: z.int().positive(),
  /** The plan or the legs know of it. */
  settled: z.boolean(),
});
export type Taken = z.infer<typeof Taken>;

/** What somebody asked to cancel, and how it went. */
export const CancelRequest = z.object({
  id: z.string(),
  by: Actor,
  atMs: z.number(),
  note: z.string(),
  lines: z.array(z.object({ lineId: z.string(), quantity: z.int().positive() })),
  /** The whole order, as far as it has not left. */
  whole: z.boolean(),
  refund: z.enum(['none', 'notShipped']),
  tellStorefront: z.boolean(),
  /** The storefront was told, or need not be. */
  told: z.boolean(),
  /** The packages with its lines that nobody was told of were marked to be voided: once, a carrier may refuse. */
  packagesAsked: z.boolean(),
  /** What came of it, in words. */
  outcome: z.string(),
  /** How many of its units are known to be cancelled; absent while nothing is decided. */
  cancelled: z.int().exactOptional(),
  state: z.enum(['requested', 'confirmed', 'partly', 'declined']),
});
export type CancelRequest = z.infer<typeof CancelRequest>;

export const Order = z.object({
  _id: z.string(),
  workspaceId: z.string(),
  connectionId: z.string(),
  externalId: z.string(),
  number: z.string(),
  placedAtMs: z.number(),
  /** The storefront's own time of the last change that we have seen; an older one never overwrites. */
  seenUpdatedAt: z.string(),
  /** When the request that brought it was sent, by the business clock: of two of one second the later request is the newer. */
  fetchedAtMs: z.number(),
  /** … and when its answer was there: two requests that overlapped do not tell which answer is the newer. */
  answeredAtMs: z.number(),
  currency: Currency,
  payment: IncomingOrder.shape.payment,
  rawStatus: z.string(),
  cancelledAt: z.string().nullable(),
  test: z.boolean(),
  risk: IncomingOrder.shape.risk,
  buyer: IncomingOrder.shape.buyer,
  shipTo: Address.nullable(),
  billTo: Address.nullable(),
  /** A person changed the address here: what the storefront says of it no longer counts. */
  addressBy: Actor.nullable(),
  lines: z.array(OrderLine),
  charges: z.array(IncomingCharge),
  totalMinor: Minor,
  refundedMinor: Minor,
  note: z.string(),
  facts: IncomingOrder.shape.facts,
  fulfilments: IncomingOrder.shape.fulfilments,
  shopHolds: IncomingOrder.shape.shopHolds,
  state: z.enum(orderMachine.states),
  version: z.int(),
  holds: z.array(Hold),
  released: z.array(Release),
  versions: z.array(OrderVersion),
  taken: z.array(Taken),
  cancels: z.array(CancelRequest),
  plan: Plan.nullable(),
  /** A new plan was asked for: until it is made nothing of the order is sent. `cancelSent`: sent legs are asked to cancel too. */
  replan: z.object({ by: Actor, atMs: z.number(), reason: z.string(), cancelSent: z.boolean() }).nullable(),
  /** The set of reservations that holds the units of an order that waits; null when none does. `freeing`: they are being given back. */
  units: z.object({ set: z.int().positive(), untilMs: z.number().nullable(), freeing: z.boolean() }).nullable(),
  /** The time of its units was over while it waited: it holds none again before it is planned. */
  unitsFreed: z.boolean().exactOptional(),
  /** How many reservation sets there have been. */
  unitSets: z.int(),
  /** Sets that belong to no plan and may still hold units: they are being given back. */
  setsToFree: z.array(z.int()).exactOptional(),
  /** The rates that amounts of this order are compared and posted by: the last published on or before its day. Stamped once each. */
  rates: z.array(z.object({ from: Currency, to: Currency, day: z.string(), legs: z.array(RateLeg) })),
  /** Placed before the connection was made: shown, never fulfilled. */
  historical: z.boolean(),
  unmapped: z.array(z.string()),
  dueAtMs: z.number().nullable(),
  createdAtMs: z.number(),
  updatedAtMs: z.number(),
  closedAtMs: z.number().nullable(),
  /** Of the body that it was last read from: one and the same body is no older than itself. See order-body.ts. */
  bodyHash: z.string().exactOptional(),
  /** The buyer was erased: what the storefront says of names and addresses is not taken over again. */
  erasedAtMs: z.number().exactOptional(),
  news: z.array(News).optional(),
  newsSeq: z.int().optional(),
});
export type Order = z.infer<typeof Order>;

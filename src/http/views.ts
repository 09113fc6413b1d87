import { z } from 'zod';
import type { Unreadable } from '#app/app.ts';
import { Actor } from '#domain/actor.ts';
import { Address } from '#domain/address.ts';
import { APPROVAL_KINDS, approvalMachine } from '#domain/approval.ts';
import { CONNECTION_ROLES, type Connection, connectionMachine } from '#domain/connection.ts';
import { type Erasure, erasureMachine } from '#domain/erasure.ts';
import { EVENT_SUBJECTS, type Event } from '#domain/event.ts';
import { CAUSE_NAMES, CAUSES, EXCEPTION_SUBJECTS, type ExceptionRecord, exceptionMachine } from '#domain/exception.ts';
import { DEFAULT_ORDER_RULES, HOLDS, Hold, OrderRules } from '#domain/hold.ts';
import { CHARGE_KINDS, IncomingPayment, RISKS } from '#domain/incoming-order.ts';
import { LEG_KINDS, type Leg, LegState, openUnits, Unpaid, unpaidOf, WaitsFor } from '#domain/leg.ts';
import { wantedUnits } from '#domain/may-proceed.ts';
import { ModeName, Offer, Terms } from '#domain/offer.ts';
import { CancelRequest, type Order, OrderVersion, orderMachine } from '#domain/order.ts';
import { TAX_ID_KINDS } from '#domain/order-facts.ts';
import { PARTIES, POSTING_KINDS, type Posting } from '#domain/posting.ts';
import type {
  ApiKey,
  ApprovalRecord,
  ChargeRecord,
  Listing,
  OfferRecord,
  SetAside,
  Workspace,
} from '#domain/records.ts';
import { RETURN_ORIGINS, type Return, returnMachine } from '#domain/return.ts';
import { Parcel, type Shipment, shipmentMachine, TRACKING_STATES, Tracking } from '#domain/shipment.ts';
import { available, MOVEMENT_KINDS, type Movement, type StockLevel, waitingUnits } from '#domain/stock.ts';
import { LocationView, VariantView } from './views-goods.ts';

/** What the API shows of each thing: the fields of its schema and no others, so that a new field of a record is not public by itself. */

/** The fields of `shown` that the schema names, at every depth; throws when one of them is missing or does not fit. */
export const view = <S extends z.ZodType>(schema: S, shown: z.input<S>): z.output<S> => schema.parse(shown);

const text = z.string();
const units = z.int();
const minor = z.int().describe('Minor units of the currency.');
/** A clock that runs at another speed than the world's has parts of milliseconds. */
export const atMs = z.number().overwrite(Math.floor).describe('Whole milliseconds since the epoch.');

const AttributeView = z.object({ name: text, value: text });
const LineFactsView = z.object({
  discountMinor: minor,
  taxMinor: minor.describe('Whether the total of the line includes it or not.'),
  attributes: z.array(AttributeView).describe('How the buyer wants it made or packed.'),
});
const OrderFactsView = z.object({
  taxIds: z.array(z.object({ kind: z.enum(TAX_ID_KINDS), number: text, country: text })).describe('The buyer’s.'),
  poNumber: text,
  tags: z.array(text),
  shippingMethod: text,
  attributes: z.array(AttributeView).describe('Of the order as a whole, such as a gift message.'),
  shopMoney: z
    .object({ currency: text, totalMinor: minor })
    .nullable()
    .describe('The total as the shop counts it, where that is in another currency.'),
});
const FulfilmentView = z.object({
  externalId: text,
  rawStatus: text,
  tracking: z.array(Tracking),
  lines: z.array(z.object({ lineExternalId: text, quantity: units })),
});
const ShopHoldView = z.object({
  externalId: text,
  reason: text,
  note: text,
  untilAt: text.nullable().describe('When it ends by itself; null where somebody has to end it.'),
});
export const OrderView = z.object({
  id: text,
  connectionId: text,
  externalId: text,
  number: text,
  placedAtMs: atMs,
  currency: text,
  payment: IncomingPayment,
  rawStatus: text,
  cancelledAt: text.nullable(),
  test: z.boolean().describe('Placed to try the shop out: stored, never bought.'),
  risk: z.enum(RISKS).describe('What the shop advises.'),
  buyer: z.object({ externalId: text.nullable(), name: text, email: text }),
  shipTo: Address.nullable(),
  billTo: Address.nullable(),
  lines: z.array(
    z.object({
      id: text,
      externalId: text,
      externalVariantId: text.nullable(),
      sku: text,
      title: text,
      quantity: units,
      currentQuantity: units.describe('Still on the order after edits at the shop.'),
      fulfilledQuantity: units.describe('Shown as fulfilled by the shop.'),
      requiresShipping: z.boolean(),
      wanted: units.describe('To be shipped or shipped: what is on the order less what was taken off it.'),
      unitPrice: text,
      totalMinor: minor,
      facts: LineFactsView.nullable().describe(
        'Tax, discount and personalisation; null until the order was read by version 0.3.',
      ),
      offer: Offer.nullable(),
    }),
  ),
  charges: z.array(
    z.object({ externalId: text, kind: z.enum(CHARGE_KINDS), code: text, title: text, totalMinor: minor }),
  ),
  totalMinor: minor,
  refundedMinor: minor,
  note: text,
  facts: OrderFactsView.nullable().describe('What else the shop tells of it; null until it was read by version 0.3.'),
  fulfilments: z.array(FulfilmentView).describe('The packages that the shop shows, whoever sent them.'),
  shopHolds: z.array(ShopHoldView).describe('Why the shop wants nothing sent for now.'),
  state: z.enum(orderMachine.states),
  holds: z
    .array(
      Hold.omit({ by: true }).extend({
        by: text,
        title: text,
        next: text.describe('What to do.'),
        release: z.boolean().describe('A person may set it aside.'),
      }),
    )
    .describe('Why it waits; empty when it does not.'),
  versions: z.array(OrderVersion.omit({ by: true }).extend({ by: text })).describe('What changed, the newest last.'),
  cancels: z.array(CancelRequest.omit({ by: true, told: true, packagesAsked: true }).extend({ by: text })),
  plan: z.int().describe('The number of its plan; 0 while there is none.'),
  unitsHeld: z.boolean().describe('Its units are held on the shelf while it waits.'),
  unitsHeldUntilMs: atMs.nullable().describe('Until when; null for as long as it waits.'),
  historical: z.boolean(),
  unmapped: z.array(text),
  createdAtMs: atMs,
  updatedAtMs: atMs,
  closedAtMs: atMs.nullable(),
});
export const toOrder = (order: Order) =>
  view(OrderView, {
    id: order._id,
    connectionId: order.connectionId,
    externalId: order.externalId,
    number: order.number,
    placedAtMs: order.placedAtMs,
    currency: order.currency,
    payment: order.payment,
    rawStatus: order.rawStatus,
    cancelledAt: order.cancelledAt,
    test: order.test,
    risk: order.risk,
    buyer: order.buyer,
    shipTo: order.shipTo,
    billTo: order.billTo,
    lines: order.lines.map((line) => ({ ...line, facts: line.facts ?? null, wanted: wantedUnits(order, line) })),
    charges: order.charges,
    totalMinor: order.totalMinor,
    refundedMinor: order.refundedMinor,
    note: order.note,
    facts: order.facts ?? null,
    fulfilments: order.fulfilments ?? [],
    shopHolds: order.shopHolds ?? [],
    state: order.state,
    holds: order.holds.map(({ by, ...hold }) => {
      const { title, next, release } = HOLDS[hold.code];
      return { ...hold, by: by.name, title, next, release };
    }),
    versions: order.versions.map(({ by, ...version }) => ({ ...version, by: by.name })),
    cancels: order.cancels.map(({ by, told, packagesAsked, ...request }) => ({ ...request, by: by.name })),
    plan: order.plan?.number ?? 0,
    unitsHeldUntilMs: order.units?.untilMs ?? null,
    unitsHeld: order.units !== null,
    historical: order.historical,
    unmapped: order.unmapped,
    createdAtMs: order.createdAtMs,
    updatedAtMs: order.updatedAtMs,
    closedAtMs: order.closedAtMs,
  });

const LegLineView = z.object({
  lineId: text,
  externalId: text,
  sku: text,
  title: text,
  quantity: units,
  totalMinor: minor,
  externalSku: text,
  unitCost: text,
  ready: z.boolean().describe('Held on the shelf, or made: the units can leave.'),
  shipped: units,
  cancelled: units,
  returned: units,
  asked: units.describe('No longer wanted, and not yet cancelled by the supplier.'),
  received: units,
  open: units.describe('Still to ship.'),
});
export const LegView = z.object({
  id: text,
  orderId: text.nullable().describe('Null for goods that fill our own shelf.'),
  orderNumber: text,
  plan: z.int(),
  connectionId: text,
  kind: z.enum(LEG_KINDS),
  mode: ModeName,
  partner: text,
  location: text,
  currency: text,
  costCurrency: text,
  state: LegState,
  lines: z.array(LegLineView),
  externalId: text.describe('The supplier’s number of a purchase; empty otherwise.'),
  cancel: z.enum(['none', 'wanted', 'refused', 'byHand']).describe('Whether the supplier was asked to cancel.'),
  waitsFor: WaitsFor.nullable(),
  unpaid: z
    .object({
      amount: z.object({ amount: minor, currency: text }).nullable().describe('Null where the supplier does not say.'),
      reason: text.describe('What the supplier said of it.'),
      pay: Unpaid.shape.pay.describe(
        'wanted: it is to be paid by us. sent: it is not known what came of that. byHand: a person says that it is paid.',
      ),
    })
    .nullable()
    .describe('Taken down by its supplier, and not paid yet.'),
  reason: text.describe('What the party said when it refused.'),
  createdAtMs: atMs,
  updatedAtMs: atMs,
});
const toUnpaid = (unpaid: Unpaid | null) => {
  if (unpaid === null) return null;
  const { amountMinor, currency, reason, pay } = unpaid;
  return { amount: amountMinor === null || currency === null ? null : { amount: amountMinor, currency }, reason, pay };
};
export const toLeg = (leg: Leg) =>
  view(LegView, {
    id: leg._id,
    orderId: leg.orderId,
    orderNumber: leg.orderNumber,
    plan: leg.plan,
    connectionId: leg.connectionId,
    kind: leg.kind,
    mode: leg.mode,
    partner: leg.partner,
    location: leg.location,
    currency: leg.currency,
    costCurrency: leg.costCurrency,
    state: leg.state,
    lines: leg.lines.map((line) => ({ ...line, open: openUnits(line) })),
    externalId: leg.kind === 'purchase' ? leg.externalId : '',
    cancel: leg.kind === 'purchase' ? leg.cancel : ('none' as const),
    waitsFor: leg.waitsFor,
    unpaid: toUnpaid(unpaidOf(leg)),
    reason: leg.reason,
    createdAtMs: leg.createdAtMs,
    updatedAtMs: leg.updatedAtMs,
  });

export const ShipmentView = z.object({
  id: text,
  legId: text,
  orderId: text,
  reference: text,
  lines: z.array(z.object({ lineId: text, sku: text, title: text, quantity: units })),
  parcel: Parcel.nullable(),
  state: z.enum(shipmentMachine.states),
  tracking: Tracking.nullable(),
  trackingHistory: z
    .array(z.object({ tracking: Tracking, atMs, toldAtMs: atMs.nullable() }))
    .default([])
    .describe('Every tracking that it had, the present one last, and when the storefront was told of each.'),
  waitsFor: z.enum(['live', 'case', 'hold', 'shop', 'carrier']).nullable(),
  carrierId: text.nullable().describe('Which connection was asked for its label.'),
  label: z.object({ connectionId: text, externalId: text, costMinor: minor, currency: text, url: text }).nullable(),
  confirmationId: text.nullable(),
  trackingState: z.enum(TRACKING_STATES),
  createdAtMs: atMs,
  updatedAtMs: atMs,
});
export const toShipment = (shipment: Shipment) => view(ShipmentView, { id: shipment._id, ...shipment });

export const ReturnView = z.object({
  id: text,
  orderId: text.nullable().describe('Null when it belongs to nothing.'),
  connectionId: text,
  externalId: text,
  reference: text,
  currency: text,
  totalMinor: minor,
  lines: z.array(
    z.object({
      id: text,
      lineId: text,
      sku: text,
      quantity: units,
      totalMinor: minor,
      restock: z.boolean(),
      cancelled: units,
      returned: units,
    }),
  ),
  origin: z.enum(RETURN_ORIGINS),
  state: z.enum(returnMachine.states),
  reason: text,
  createdAtMs: atMs,
  updatedAtMs: atMs,
});
export const toReturn = (found: Return) => view(ReturnView, { id: found._id, ...found });

export const LevelView = z.object({
  id: text,
  location: text,
  sku: text,
  onHand: units,
  reserved: units,
  onOrder: units,
  available: units,
  waitingUnits: units,
  waiting: z.array(z.object({ lineId: text, orderId: text, quantity: units, atMs })),
  updatedAtMs: atMs,
});
export const toLevel = (level: StockLevel) =>
  view(LevelView, {
    id: level._id,
    ...level,
    available: available(level),
    waitingUnits: waitingUnits(level),
    waiting: level.waiting.map(({ key, ...waits }) => ({ lineId: key, ...waits })),
  });

export const MovementView = z.object({
  id: text,
  location: text,
  sku: text,
  kind: z.enum(MOVEMENT_KINDS),
  onHand: units,
  reserved: units,
  onOrder: units,
  reference: text,
  atMs,
});
export const toMovement = (movement: Movement) => view(MovementView, { id: movement._id, ...movement });

export const ApprovalView = z.object({
  id: text,
  legId: text,
  orderId: text,
  orderNumber: text,
  kind: z.enum(APPROVAL_KINDS),
  party: text.describe('`merchant`, or the location of the principal who decides.'),
  amount: z.number(),
  limit: z.number(),
  reason: text,
  state: z.enum(approvalMachine.states),
  note: text,
  decidedBy: text,
  createdAtMs: atMs,
  updatedAtMs: atMs,
});
export const toApproval = (approval: ApprovalRecord) => view(ApprovalView, { id: approval._id, ...approval });

export const ChargeView = z.object({
  id: text,
  reference: text,
  code: text,
  title: text,
  quantity: units,
  totalMinor: minor,
  currency: text,
  atMs,
  createdAtMs: atMs,
});
export const toCharge = (charge: ChargeRecord) => view(ChargeView, { id: charge._id, ...charge });

export const PostingView = z.object({
  id: text,
  orderId: text,
  lineId: text,
  kind: z.enum(POSTING_KINDS),
  from: z.enum(PARTIES),
  to: z.enum(PARTIES),
  partner: text,
  minor,
  currency: text,
  base: z
    .object({ minor, currency: text, rateDay: text.nullable() })
    .nullable()
    .describe('The amount in the workspace’s currency, by the rate stamped on the order; null without one.'),
  atMs,
});
export const toPosting = (posting: Posting) =>
  view(PostingView, { id: posting._id, ...posting, base: posting.base ?? null });

export const CauseName = z.enum(CAUSE_NAMES);
export const ExceptionView = z.object({
  id: text,
  cause: CauseName,
  title: text,
  next: text.describe('What to do.'),
  subject: z.object({ kind: z.enum(EXCEPTION_SUBJECTS), id: text }),
  orderId: text.nullable(),
  detail: text,
  retriable: z.boolean(),
  state: z.enum(exceptionMachine.states),
  note: text,
  openedAtMs: atMs,
  closedAtMs: atMs.nullable(),
});
export const toException = (exception: ExceptionRecord) =>
  view(ExceptionView, {
    id: exception._id,
    ...CAUSES[exception.cause],
    ...exception,
    retriable: exception.retry !== null,
  });

export const ConnectionView = z.object({
  id: text,
  connectorId: text,
  role: z.enum(CONNECTION_ROLES),
  name: text,
  credentials: z.record(text, z.unknown()).describe('Secrets are masked.'),
  settings: z.record(text, z.unknown()),
  identity: text.nullable().describe('The account outside that it is, for good; null while the vendor was not asked.'),
  state: z.enum(connectionMachine.states),
  live: z.boolean().describe('Nothing that costs money is sent before the merchant says live.'),
  fulfilFromMs: atMs,
  pollEveryMinutes: z.number(),
  orderRules: OrderRules.nullable().describe('How its orders are taken in; null where there are none.'),
  webhookUrl: text,
  createdAtMs: atMs,
  lastError: text,
  currencies: z
    .array(text)
    .optional()
    .describe('Those of its account and of what it has sent, as far as they are known.'),
  balance: z
    .object({ amount: z.object({ amount: minor, currency: text }), atMs })
    .nullable()
    .describe('What was left at a supplier to pay with, and when it was asked; null where it does not tell.'),
  unreadable: z
    .object({ orders: units, listings: units, stock: units })
    .describe('How many items of each it sent that cannot be read; each is an open exception. Fine is 0.'),
});
const toBalance = ({ balance }: Connection) => {
  if (!balance) return null;
  const { amountMinor, currency, atMs } = balance;
  return { amount: { amount: amountMinor, currency }, atMs };
};
export const toConnection = (
  connection: Connection,
  credentials: Record<string, unknown>,
  publicUrl: string | null,
  unreadable: Unreadable,
) =>
  view(ConnectionView, {
    id: connection._id,
    ...connection,
    identity: connection.identity ?? null,
    orderRules: connection.role === 'storefront' ? (connection.orderRules ?? DEFAULT_ORDER_RULES) : null,
    credentials,
    unreadable,
    balance: toBalance(connection),
    webhookUrl: `${publicUrl ?? ''}/webhooks/${connection._id}`,
  });

export const CurrencyNoticeView = z.object({
  kind: z.literal('currency_unpublished'),
  currency: text.describe('The currency whose rates have to be put by hand.'),
  text: text.describe('What to do.'),
});
/** Beside what was made or is shown. */
export const WithNotices = {
  notices: z.array(CurrencyNoticeView).describe('Currencies used here that the ECB does not publish.'),
};

/** A right that the credentials of a connection lack. */
export const MissingRightView = z.object({
  right: text.describe('In the vendor’s own word.'),
  why: text.describe('What does not work without it.'),
  needed: z.boolean().describe('The connection does not go live without it.'),
});

export const OfferView = Offer.extend({ id: text });
export const toOffer = (offer: OfferRecord) => view(OfferView, { id: offer._id, ...offer });

export const ListingView = z.object({
  id: text,
  connectionId: text,
  externalVariantId: text,
  externalProductId: text,
  externalInventoryId: text,
  sku: text.describe('Ours; empty while not mapped.'),
  title: text,
  shown: units.nullable(),
  sellsWithoutStock: z
    .boolean()
    .nullable()
    .describe('Buyers may order it when there is none left; null where the storefront does not say.'),
  updatedAtMs: atMs,
});
export const toListing = (listing: Listing) =>
  view(ListingView, { id: listing._id, ...listing, sellsWithoutStock: listing.sellsWithoutStock ?? null });

export const KeyView = z.object({
  id: text,
  name: text,
  scopes: z.array(text),
  location: text,
  createdAtMs: atMs,
  revokedAtMs: atMs.nullable(),
});
export const toKey = (key: ApiKey) => view(KeyView, { id: key._id, ...key });

export const WorkspaceView = z.object({ id: text, name: text, terms: Terms, createdAtMs: atMs });
export const toWorkspace = (workspace: Workspace) => view(WorkspaceView, { id: workspace._id, ...workspace });

export const EventView = z.object({
  id: text.describe('Ids follow the order of events.'),
  seq: units.describe('From 1 without a gap.'),
  type: text.describe('`order.routed` for a step to that state, `order.held` and the like for anything else.'),
  subject: z.object({ kind: z.enum(EVENT_SUBJECTS), id: text }),
  orderId: text.nullable(),
  from: text.nullable().describe('The state before; null of what is new.'),
  to: text.describe('The state after.'),
  actor: Actor,
  at: z.iso.datetime().describe('Business time.'),
  data: z.record(text, z.unknown()),
  said: z
    .record(text, z.unknown())
    .nullable()
    .describe('What a person typed in; null where there was nothing, or it was erased.'),
  erased: z.boolean().describe('What a person typed in was erased.'),
  proof: z
    .object({ sha256: text, previous: text, ofSaid: text.nullable(), salt: text.nullable() })
    .describe('Of the chain: see docs/events.md.'),
});

export const toEvent = (event: Event): z.infer<typeof EventView> =>
  view(EventView, {
    ...event,
    id: event._id,
    at: new Date(event.atMs).toISOString(),
    said: event.personal?.values ?? null,
    erased: event.personal === null && event.personalHash !== null,
    proof: {
      sha256: event.hash,
      previous: event.prevHash,
      ofSaid: event.personalHash,
      salt: event.personal?.salt ?? null,
    },
  });

export const ErasureView = z.object({
  id: text,
  state: z.enum(erasureMachine.states).describe('`requested`: it is under way; cut off, it goes on by itself.'),
  orderIds: z.array(text).describe('The orders that were the person’s.'),
  cases: z.enum(['keep', 'erase']).describe('What becomes of closed case files that name the person.'),
  counts: z.record(text, units).describe('Documents that were changed, by collection.'),
  requestedAt: z.iso.datetime(),
  doneAt: z.iso.datetime().nullable(),
});

export const toErasure = (erasure: Erasure): z.infer<typeof ErasureView> =>
  view(ErasureView, {
    ...erasure,
    id: erasure._id,
    requestedAt: new Date(erasure.createdAtMs).toISOString(),
    doneAt: erasure.doneAtMs === null ? null : new Date(erasure.doneAtMs).toISOString(),
  });

export const SetAsideView = z.object({
  id: text,
  collection: text.describe('Where the document was.'),
  documentId: text,
  reason: text.describe('Why it could not be read.'),
  from: text.describe('The version that had written it.'),
  setAsideAt: z.iso.datetime().describe('Real time.'),
});

export const toSetAside = (given: SetAside): z.infer<typeof SetAsideView> =>
  view(SetAsideView, {
    ...given,
    id: given._id,
    documentId: given.id,
    setAsideAt: new Date(given.atMs).toISOString(),
  });

/** By the name under which the OpenAPI document shows them. */
export const VIEWS = {
  Order: OrderView,
  Leg: LegView,
  Shipment: ShipmentView,
  Return: ReturnView,
  StockLevel: LevelView,
  Movement: MovementView,
  Approval: ApprovalView,
  Charge: ChargeView,
  Posting: PostingView,
  Exception: ExceptionView,
  Connection: ConnectionView,
  Location: LocationView,
  Variant: VariantView,
  Offer: OfferView,
  Listing: ListingView,
  ApiKey: KeyView,
  Workspace: WorkspaceView,
  Event: EventView,
  Erasure: ErasureView,
  SetAside: SetAsideView,
} as const;

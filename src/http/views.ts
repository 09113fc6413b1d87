import { z } from 'zod';
import { Address } from '#domain/address.ts';
import type { Connection } from '#domain/connection.ts';
import { CAUSES, type ExceptionRecord } from '#domain/exception.ts';
import { CHARGE_KINDS, FINANCIAL } from '#domain/incoming-order.ts';
import { LEG_KINDS, type Leg, legMachine, openUnits } from '#domain/leg.ts';
import { ModeName, Offer, Terms } from '#domain/offer.ts';
import { type Order, orderMachine, type Return } from '#domain/order.ts';
import type { Posting } from '#domain/posting.ts';
import type { ApiKey, ApprovalRecord, ChargeRecord, Listing, OfferRecord, Workspace } from '#domain/records.ts';
import { Parcel, type Shipment, shipmentMachine, TRACKING_STATES, Tracking } from '#domain/shipment.ts';
import { available, type Movement, type StockLevel, waitingUnits } from '#domain/stock.ts';

/** What the API shows of each thing. Fields that only steer our own machinery are left out. */

const text = z.string();
const units = z.int();
const minor = z.int().describe('Minor units of the currency.');
const atMs = z.int().describe('Milliseconds since the epoch.');

export const OrderView = z.object({
  id: text,
  connectionId: text,
  externalId: text,
  number: text,
  placedAtMs: atMs,
  currency: text,
  financial: z.enum(FINANCIAL),
  rawStatus: text,
  cancelledAt: text.nullable(),
  buyer: z.object({ externalId: text.nullable(), name: text, email: text }),
  shipTo: Address.nullable(),
  lines: z.array(
    z.object({
      id: text,
      externalId: text,
      externalVariantId: text.nullable(),
      sku: text,
      title: text,
      quantity: units,
      unitPrice: text,
      totalMinor: minor,
      offer: Offer.nullable(),
    }),
  ),
  charges: z.array(
    z.object({ externalId: text, kind: z.enum(CHARGE_KINDS), code: text, title: text, totalMinor: minor }),
  ),
  totalMinor: minor,
  refundedMinor: minor,
  note: text,
  state: z.enum(orderMachine.states),
  historical: z.boolean(),
  unmapped: z.array(text),
  createdAtMs: atMs,
  updatedAtMs: atMs,
  closedAtMs: atMs.nullable(),
});
export const toOrder = ({ _id, workspaceId, plan, short, version, dueAtMs, seenUpdatedAt, ...order }: Order) => ({
  id: _id,
  ...order,
  lines: order.lines.map((line) => ({ ...line })),
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
  weightGrams: z.int(),
  ready: z.boolean().describe('Held on the shelf, or made: the units can leave.'),
  shipped: units,
  cancelled: units,
  returned: units,
  received: units,
  open: units.describe('Still to ship.'),
});
export const LegView = z.object({
  id: text,
  orderId: text.nullable().describe('Null for goods that fill our own shelf.'),
  orderNumber: text,
  connectionId: text,
  kind: z.enum(LEG_KINDS),
  mode: ModeName,
  partner: text,
  location: text,
  currency: text,
  state: z.enum(legMachine.states),
  lines: z.array(LegLineView),
  externalId: text,
  note: text,
  createdAtMs: atMs,
  updatedAtMs: atMs,
});
export const toLeg = ({
  _id,
  workspaceId,
  version,
  refunds,
  counted,
  dueAtMs,
  shipTo,
  orderExternalId,
  ...leg
}: Leg) => ({
  id: _id,
  ...leg,
  lines: leg.lines.map((line) => ({ ...line, open: openUnits(line) })),
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
  label: z.object({ connectionId: text, externalId: text, costMinor: minor, currency: text, url: text }).nullable(),
  confirmationId: text.nullable(),
  trackingState: z.enum(TRACKING_STATES),
  createdAtMs: atMs,
  updatedAtMs: atMs,
});
export const toShipment = ({
  _id,
  workspaceId,
  connectionId,
  orderExternalId,
  dueAtMs,
  lines,
  ...shipment
}: Shipment) => ({
  id: _id,
  ...shipment,
  lines: lines.map(({ lineId, sku, title, quantity }) => ({ lineId, sku, title, quantity })),
});

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
  origin: z.enum(['storefront', 'ours']),
  state: z.enum(['wanted', 'refunded', 'applied', 'unmatched', 'refused']),
  reason: text,
  createdAtMs: atMs,
  updatedAtMs: atMs,
});
export const toReturn = ({ _id, workspaceId, received, dueAtMs, ...rest }: Return) => ({ id: _id, ...rest });

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
export const toLevel = (level: StockLevel) => ({
  id: level._id,
  location: level.location,
  sku: level.sku,
  onHand: level.onHand,
  reserved: level.reserved,
  onOrder: level.onOrder,
  available: available(level),
  waitingUnits: waitingUnits(level),
  waiting: level.waiting.map(({ key, orderId, quantity, atMs: since }) => ({
    lineId: key,
    orderId,
    quantity,
    atMs: since,
  })),
  updatedAtMs: level.updatedAtMs,
});

export const MOVEMENT_KINDS = [
  'opening',
  'adjust',
  'return',
  'receipt',
  'expect',
  'reserve',
  'release',
  'make',
  'observe',
  'ship',
] as const satisfies readonly Movement['kind'][];
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
export const toMovement = ({ _id, workspaceId, ...movement }: Movement) => ({ id: _id, ...movement });

export const APPROVAL_STATES = ['pending', 'approved', 'declined'] as const;
export const ApprovalView = z.object({
  id: text,
  legId: text,
  orderId: text,
  orderNumber: text,
  kind: z.enum(['credit_limit', 'mandate', 'margin_floor']),
  party: text.describe('`merchant`, or the location of the principal who decides.'),
  amount: z.number(),
  limit: z.number(),
  reason: text,
  state: z.enum(APPROVAL_STATES),
  note: text,
  decidedBy: text,
  createdAtMs: atMs,
  updatedAtMs: atMs,
});
export const toApproval = ({ _id, workspaceId, ...approval }: ApprovalRecord) => ({ id: _id, ...approval });

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
export const toCharge = ({ _id, workspaceId, ...charge }: ChargeRecord) => ({ id: _id, ...charge });

const PARTIES = ['buyer', 'us', 'supplier', 'principal', 'factory'] as const;
export const PostingView = z.object({
  id: text,
  orderId: text,
  lineId: text,
  kind: z.enum(['sale', 'refund', 'cost', 'commission', 'charge']),
  from: z.enum(PARTIES),
  to: z.enum(PARTIES),
  partner: text,
  minor,
  currency: text,
  atMs,
});
export const toPosting = ({ _id, workspaceId, ...posting }: Posting) => ({ id: _id, ...posting });

export const CauseName = z.literal(Object.keys(CAUSES).filter((name): name is keyof typeof CAUSES => name in CAUSES));
export const ExceptionView = z.object({
  id: text,
  cause: CauseName,
  title: text,
  next: text.describe('What to do.'),
  subject: z.object({ kind: z.enum(['order', 'leg', 'shipment', 'return', 'connection', 'case', 'job']), id: text }),
  orderId: text.nullable(),
  detail: text,
  retriable: z.boolean(),
  state: z.enum(['open', 'resolved']),
  note: text,
  openedAtMs: atMs,
  closedAtMs: atMs.nullable(),
});
export const toException = ({ _id, workspaceId, retry, ...exception }: ExceptionRecord) => ({
  id: _id,
  ...CAUSES[exception.cause],
  ...exception,
  retriable: retry !== null,
});

export const ConnectionView = z.object({
  id: text,
  connectorId: text,
  role: z.enum(['storefront', 'supplier', 'logistics']),
  name: text,
  credentials: z.record(text, z.unknown()).describe('Secrets are masked.'),
  settings: z.record(text, z.unknown()),
  state: z.enum(['active', 'paused', 'needs_attention', 'removed']),
  live: z.boolean().describe('Nothing that costs money is sent before the merchant says live.'),
  fulfilFromMs: atMs,
  pollEveryMinutes: z.number(),
  webhookUrl: text,
  createdAtMs: atMs,
  lastError: text,
});
export const toConnection = (
  connection: Connection,
  credentials: Record<string, unknown>,
  publicUrl: string | null,
) => {
  const { _id, workspaceId, webhookSecret, cursor, ...shown } = connection;
  return { id: _id, ...shown, credentials, webhookUrl: `${publicUrl ?? ''}/webhooks/${_id}` };
};

export const OfferView = Offer.extend({ id: text });
export const toOffer = ({ _id, workspaceId, ...offer }: OfferRecord) => ({ id: _id, ...offer });

export const ListingView = z.object({
  id: text,
  connectionId: text,
  externalVariantId: text,
  externalProductId: text,
  externalInventoryId: text,
  sku: text.describe('Ours; empty while not mapped.'),
  title: text,
  shown: units.nullable(),
  updatedAtMs: atMs,
});
export const toListing = ({ _id, workspaceId, ...listing }: Listing) => ({ id: _id, ...listing });

export const KeyView = z.object({
  id: text,
  name: text,
  scopes: z.array(text),
  location: text,
  createdAtMs: atMs,
  revokedAtMs: atMs.nullable(),
});
export const toKey = ({ _id, workspaceId, hash, ...key }: ApiKey) => ({ id: _id, ...key });

export const WorkspaceView = z.object({ id: text, name: text, terms: Terms, createdAtMs: atMs });
export const toWorkspace = ({ _id, workspaceId, ...workspace }: Workspace) => ({ id: _id, ...workspace });

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
  Offer: OfferView,
  Listing: ListingView,
  ApiKey: KeyView,
  Workspace: WorkspaceView,
} as const;

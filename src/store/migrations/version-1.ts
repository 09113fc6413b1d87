import { z } from 'zod';

/**
 * What version 0.1.0 stored, as far as a migration has to change it. A record of what was, so it is never changed. Fields that only
 * pass through are checked too: what a later program relies on must be there, and a document that lacks it is set aside.
 */

const Address = z.looseObject({
  name: z.string(),
  company: z.string(),
  line1: z.string(),
  line2: z.string(),
  city: z.string(),
  region: z.string(),
  postalCode: z.string(),
  country: z.string(),
  phone: z.string(),
  email: z.string(),
  made: z.boolean(),
});

const Mode = z.enum(['wholesale', 'self_produced', 'agent_operated', 'oem_dropship']);
const Kind = z.enum(['fulfilment', 'purchase', 'work']);

export const Offer1 = z.looseObject({
  sku: z.string(),
  mode: Mode,
  title: z.string(),
  partner: z.string(),
  location: z.string(),
  externalSku: z.string(),
  unitCost: z.string(),
  currency: z.string(),
  leadTimeDays: z.number(),
  commissionBps: z.number(),
  reorderPoint: z.number(),
  orderUpTo: z.number(),
  weightGrams: z.number(),
  hsCode: z.string(),
  origin: z.string(),
});

export const Document1 = z.looseObject({ _id: z.string(), workspaceId: z.string() });
const Dated = { createdAtMs: z.number(), updatedAtMs: z.number() };

export const Order1 = Document1.extend({
  connectionId: z.string(),
  externalId: z.string(),
  number: z.string(),
  placedAtMs: z.number(),
  seenUpdatedAt: z.string(),
  currency: z.string(),
  financial: z.enum(['pending', 'authorised', 'paid', 'partly_refunded', 'refunded', 'voided', 'unknown']),
  rawStatus: z.string(),
  cancelledAt: z.string().nullable(),
  buyer: z.looseObject({ externalId: z.string().nullable(), name: z.string(), email: z.string() }),
  shipTo: Address.nullable(),
  lines: z.array(
    z.looseObject({
      id: z.string(),
      externalId: z.string(),
      externalVariantId: z.string().nullable(),
      sku: z.string(),
      title: z.string(),
      quantity: z.int().positive(),
      unitPrice: z.string(),
      totalMinor: z.number(),
      offer: Offer1.nullable(),
    }),
  ),
  charges: z.array(
    z.looseObject({
      externalId: z.string(),
      kind: z.string(),
      code: z.string(),
      title: z.string(),
      totalMinor: z.number(),
    }),
  ),
  totalMinor: z.number(),
  refundedMinor: z.number(),
  note: z.string(),
  state: z.enum(['received', 'awaiting_mapping', 'held', 'routed', 'partly_shipped', 'shipped', 'closed', 'cancelled']),
  version: z.int(),
  plan: z
    .array(
      z.looseObject({
        kind: Kind,
        mode: Mode,
        partner: z.string(),
        location: z.string(),
        lineIds: z.array(z.string()),
      }),
    )
    .nullable(),
  short: z.array(z.string()),
  historical: z.boolean(),
  unmapped: z.array(z.string()),
  dueAtMs: z.number().nullable(),
  ...Dated,
  closedAtMs: z.number().nullable(),
});
export type Order1 = z.infer<typeof Order1>;

export const Leg1 = Document1.extend({
  orderId: z.string().nullable(),
  orderNumber: z.string(),
  connectionId: z.string(),
  orderExternalId: z.string(),
  shipTo: Address,
  kind: Kind,
  mode: Mode,
  partner: z.string(),
  location: z.string(),
  currency: z.string(),
  state: z.enum([
    'planned',
    'awaiting',
    'submitted',
    'unknown',
    'accepted',
    'partly_shipped',
    'shipped',
    'delivered',
    'received',
    'rejected',
    'cancelled',
  ]),
  version: z.int(),
  lines: z.array(
    z.looseObject({
      lineId: z.string(),
      externalId: z.string(),
      sku: z.string(),
      title: z.string(),
      quantity: z.int(),
      totalMinor: z.number(),
      externalSku: z.string(),
      unitCost: z.string(),
      weightGrams: z.number(),
      origin: z.string(),
      hsCode: z.string(),
      ready: z.boolean(),
      shipped: z.int(),
      cancelled: z.int(),
      returned: z.int(),
      received: z.int(),
    }),
  ),
  refunds: z.array(z.looseObject({ id: z.string(), lineId: z.string(), cancelled: z.int(), returned: z.int() })),
  counted: z.array(z.string()),
  externalId: z.string(),
  note: z.string(),
  dueAtMs: z.number().nullable(),
  ...Dated,
});
export type Leg1 = z.infer<typeof Leg1>;

const Tracking = z.looseObject({ carrier: z.string(), number: z.string(), url: z.string() });

export const Shipment1 = Document1.extend({
  legId: z.string(),
  orderId: z.string(),
  connectionId: z.string(),
  orderExternalId: z.string(),
  reference: z.string(),
  lines: z.array(
    z.looseObject({
      lineId: z.string(),
      externalId: z.string(),
      sku: z.string(),
      title: z.string(),
      quantity: z.int().positive(),
      totalMinor: z.number(),
      weightGrams: z.number(),
      origin: z.string(),
      hsCode: z.string(),
    }),
  ),
  parcel: z
    .looseObject({ weightGrams: z.number(), lengthMm: z.number(), widthMm: z.number(), heightMm: z.number() })
    .nullable(),
  state: z.enum(['planned', 'labelled', 'confirmed', 'delivered', 'voided']),
  counted: z.boolean(),
  troubled: z.boolean(),
  tracking: Tracking.nullable(),
  label: z
    .looseObject({
      connectionId: z.string(),
      externalId: z.string(),
      costMinor: z.number(),
      currency: z.string(),
      url: z.string(),
    })
    .nullable(),
  confirmationId: z.string().nullable(),
  trackingState: z.string(),
  dueAtMs: z.number().nullable(),
  ...Dated,
});

export const Return1 = Document1.extend({
  orderId: z.string().nullable(),
  connectionId: z.string(),
  externalId: z.string(),
  reference: z.string(),
  currency: z.string(),
  totalMinor: z.number(),
  lines: z.array(
    z.looseObject({
      id: z.string(),
      lineId: z.string(),
      sku: z.string(),
      quantity: z.int(),
      totalMinor: z.number(),
      restock: z.boolean(),
      cancelled: z.int(),
      returned: z.int(),
    }),
  ),
  origin: z.enum(['storefront', 'ours']),
  state: z.enum(['wanted', 'refunded', 'applied', 'unmatched', 'refused']),
  received: z.array(
    z.looseObject({ reference: z.string(), lineId: z.string(), quantity: z.int(), restocked: z.boolean() }),
  ),
  reason: z.string(),
  dueAtMs: z.number().nullable(),
  ...Dated,
});

export const Listing1 = Document1.extend({
  connectionId: z.string(),
  externalVariantId: z.string(),
  externalProductId: z.string(),
  externalInventoryId: z.string(),
  sku: z.string(),
  title: z.string(),
  shown: z.number().nullable(),
  updatedAtMs: z.number(),
});

export const Exception1 = Document1.extend({
  cause: z.string(),
  subject: z.looseObject({ kind: z.string(), id: z.string() }),
  orderId: z.string().nullable(),
  detail: z.string(),
  retry: z.looseObject({ job: z.string(), payload: z.record(z.string(), z.unknown()) }).nullable(),
  state: z.enum(['open', 'resolved']),
  note: z.string(),
  openedAtMs: z.number(),
  closedAtMs: z.number().nullable(),
});

/** Approvals, connections and cases: only the count of their events is new. */
export const Stateful1 = Document1.extend({ state: z.string() });

export const OfferDocument1 = Document1.extend(Offer1.shape);

/** A place where goods are counted, or to which a key is limited. */
export const Placed1 = Document1.extend({ location: z.string() });

export const Answer1 = Document1.extend({ fingerprint: z.string(), status: z.number(), createdAtMs: z.number() });

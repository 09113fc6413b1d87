import type { Connection } from '#domain/connection.ts';
import type { Leg, LegLine, PurchaseLeg } from '#domain/leg.ts';
import type { Order, Plan } from '#domain/order.ts';
import type { Movement, StockLevel } from '#domain/stock.ts';
import type { Gathered } from '../gather.ts';

/** Plain documents for tests of the overview. */

export const WORKSPACE = 'ws_sample';
export const NOW = Date.UTC(2026, 0, 5, 9);

export const sampleConnection = (id: string, changes: Partial<Connection> = {}): Connection => ({
  _id: id,
  workspaceId: WORKSPACE,
  connectorId: 'shopify',
  role: 'storefront',
  name: 'Shopify',
  credentials: '',
  settings: {},
  state: 'active',
  identity: id,
  live: true,
  fulfilFromMs: 0,
  webhookSecret: '',
  cursor: { since: '', next: null },
  pollEveryMinutes: 5,
  createdAtMs: NOW - 86_400_000,
  lastError: '',
  ...changes,
});

export const sampleOrder = (number: string, changes: Partial<Order> = {}): Order => ({
  _id: `or_${number}`,
  workspaceId: WORKSPACE,
  connectionId: 'cn_shop',
  externalId: number,
  number,
  placedAtMs: NOW - 120_000,
  seenUpdatedAt: '2026-01-05T08:58:00Z',
  currency: 'GBP',
  fetchedAtMs: NOW - 120_000,
  answeredAtMs: NOW - 120_000,
  payment: { state: 'paid', method: '', paidMinor: 2_550, paidAt: null },
  rawStatus: 'paid',
  cancelledAt: null,
  test: false,
  risk: 'none',
  buyer: { externalId: null, name: 'Ada Lovelace', email: 'ada@example.test' },
  shipTo: {
    name: 'Ada Lovelace',
    company: '',
    line1: '1 Analytical Row',
    line2: '',
    city: 'London',
    region: '',
    postalCode: 'N1',
    country: 'GB',
    phone: '',
    email: '',
  },
  billTo: null,
  addressBy: null,
  lines: [
    {
      id: `ol_${number}`,
      externalId: '1',
      externalVariantId: null,
      sku: '22423',
      title: 'Cakestand',
      quantity: 2,
      currentQuantity: 2,
      fulfilledQuantity: 0,
      requiresShipping: true,
      unitPrice: '12.75',
      totalMinor: 2_550,
      offer: null,
    },
  ],
  charges: [],
  totalMinor: 2_550,
  refundedMinor: 0,
  note: '',
  state: 'received',
  version: 1,
  holds: [],
  released: [],
  versions: [],
  taken: [],
  cancels: [],
  plan: null,
  replan: null,
  units: null,
  unitSets: 0,
  rates: [],
  historical: false,
  unmapped: [],
  dueAtMs: null,
  createdAtMs: NOW - 120_000,
  updatedAtMs: NOW - 120_000,
  closedAtMs: null,
  ...changes,
});

/** A first plan; without legs it is that of an order whose legs a test makes itself. */
export const samplePlan = (legs: Plan['legs'] = []): Plan => ({ number: 1, legs, short: [], unitSet: 1 });

export const sampleLegLine = (changes: Partial<LegLine> = {}): LegLine => ({
  lineId: 'ol_1',
  externalId: '1',
  sku: '22423',
  title: 'Cakestand',
  quantity: 2,
  totalMinor: 2_550,
  externalSku: '22423',
  unitCost: '7.65',
  reservation: changes.lineId ?? 'ol_1',
  ready: false,
  shipped: 0,
  cancelled: 0,
  returned: 0,
  asked: 0,
  received: 0,
  ...changes,
});

/** A leg of any kind; of a purchase the supplier's number and whether it was asked to cancel too. */
export const sampleLeg = (
  order: Order,
  changes: Partial<Omit<PurchaseLeg, 'kind'>> & { kind?: Leg['kind'] } = {},
): Leg => {
  const { kind = 'fulfilment', externalId = '', cancel = 'none', ...given } = changes;
  const leg = {
    _id: `lg_${order.number}_${kind}_${changes.mode ?? 'wholesale'}`,
    workspaceId: WORKSPACE,
    orderId: order._id,
    orderExternalId: '',
    plan: 1,
    shipTo: order.shipTo,
    orderNumber: order.number,
    connectionId: order.connectionId,
    mode: 'wholesale' as const,
    partner: 'cn_feed',
    location: 'warehouse',
    currency: order.currency,
    costCurrency: order.currency,
    state: 'planned' as const,
    version: 1,
    lines: [sampleLegLine()],
    refunds: [],
    counted: [],
    waitsFor: null,
    reason: '',
    dueAtMs: null,
    createdAtMs: order.createdAtMs + 1_000,
    updatedAtMs: order.createdAtMs + 1_000,
    ...given,
  };
  return kind === 'purchase' ? { ...leg, kind, externalId, cancel } : { ...leg, kind };
};

export const sampleLevel = (sku: string, waiting: number, location = 'warehouse'): StockLevel => ({
  _id: `${WORKSPACE}|${location}|${sku}`,
  workspaceId: WORKSPACE,
  location,
  sku,
  onHand: 12,
  reserved: 12,
  onOrder: 200,
  open: [],
  waiting: waiting > 0 ? [{ key: `ol_${sku}`, orderId: 'or_1', quantity: waiting, atMs: NOW }] : [],
  journal: [],
  rev: 1,
  short: false,
  refillBelow: null,
  toRefill: false,
  toPublish: false,
  askedAtMs: 0,
  updatedAtMs: NOW,
});

export const sampleMovement = (id: string, changes: Partial<Movement> = {}): Movement => ({
  _id: id,
  workspaceId: WORKSPACE,
  location: 'warehouse',
  sku: '22423',
  kind: 'receipt',
  onHand: 200,
  reserved: 0,
  onOrder: -200,
  reference: 'PO-17',
  atMs: NOW - 60_000,
  ...changes,
});

export const sampleGathered = (changes: Partial<Gathered> = {}): Gathered => ({
  workspace: {
    _id: WORKSPACE,
    workspaceId: WORKSPACE,
    name: 'Harbour Goods',
    terms: {
      currency: 'GBP',
      creditLimitMinor: 100_000,
      mandateLimitMinor: 50_000,
      marginFloorBps: 1_000,
      safetyStock: 0,
    },
    createdAtMs: NOW - 86_400_000,
  },
  counts: [],
  orders: [],
  olderOrders: [],
  legs: [],
  connections: [],
  unreadable: new Map(),
  exceptions: [],
  openExceptions: 0,
  pendingApprovals: 0,
  levels: [],
  movements: [],
  depths: {},
  cases: [],
  openCases: 0,
  ...changes,
});

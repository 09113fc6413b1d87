import { createHash } from 'node:crypto';
import { type GraphQLResolveInfo, getDirectiveValues } from 'graphql';
import { type Clock, exponentOf, fromMinor, hmacSha256Of, type OrderFacts, toMinor } from '#kit';
import type {
  Delivery,
  Effect,
  OfOrder,
  PlacedOrder,
  SandboxDb,
  StorefrontWorld,
  ToldPart,
  WebhookSender,
} from '#kit/sandbox';
import { refusal } from './sandbox-graphql.ts';

/** A shop's books: one document an order, with amounts in minor units of the order's currency. */
interface Line {
  id: string;
  key: string;
  sku: string;
  name: string;
  quantity: number;
  /** Without what refunds and edits took off. */
  current: number;
  unfulfilled: number;
  /** Taken off by edits. */
  removed: number;
  ships: boolean;
  giftCard: boolean;
  variant: number | null;
  unitPrice: string;
  totalMinor: number;
  /** Within the price. */
  taxMinor: number;
  attributes: OrderFacts['attributes'];
}
interface Charge {
  id: string;
  code: string;
  title: string;
  totalMinor: number;
}
interface RefundBook {
  id: string;
  reference: string;
  note: string;
  createdAt: string;
  totalMinor: number;
  lines: { line: number; quantity: number; restockType: string; subtotalMinor: number }[];
}
interface FulfillmentBook {
  id: string;
  tracking: { number: string | null; company: string | null; url: string | null };
  lines: { line: number; quantity: number }[];
  /** The tracking numbers that the buyer was written of, one a message. Absent in what version 0.2 wrote. */
  mails?: string[];
}
/** Money that came in, or was authorised, and when. */
interface Receipt {
  kind: 'SALE' | 'AUTHORIZATION' | 'CAPTURE';
  status: 'SUCCESS' | 'FAILURE';
  minor: number;
  at: string;
}
interface OrderBook {
  n: number;
  name: string;
  createdAt: string;
  updatedAt: string;
  currency: string;
  email: string;
  note: string;
  buyer: { id: string | null; name: string };
  shipTo: PlacedOrder['shipTo'];
  billTo: PlacedOrder['shipTo'];
  /** How it stands while no money is in; from then on the money says it. */
  unpaid: 'PENDING' | 'AUTHORIZED' | 'VOIDED' | 'EXPIRED' | 'PAID';
  gateway: string;
  receipts: Receipt[];
  test: boolean;
  risk: keyof typeof RECOMMENDATION;
  held: boolean;
  /** Why, and until when, where it opens by itself. */
  hold: { n: number; reason: string; note: string; untilMs: number | null };
  facts: Omit<OrderFacts, 'shippingMethod'>;
  cancelled: { at: string; reason: string } | null;
  /** As placed, with what edits added. */
  totalMinor: number;
  lines: Line[];
  shipping: Charge[];
  fees: Charge[];
  refunds: RefundBook[];
  fulfillments: FulfillmentBook[];
}
/** A document as an older version of this sandbox may have written it. */
type Written = Omit<OrderBook, Later | 'lines'> &
  Partial<Pick<OrderBook, Later>> & { lines: (Omit<Line, LaterOfLine> & Partial<Line>)[] };
type LaterOfLine = 'removed' | 'giftCard' | 'taxMinor' | 'attributes';
const NO_FACTS: OrderBook['facts'] = { taxIds: [], poNumber: '', tags: [], attributes: [], shopMoney: null };
const NO_HOLD: OrderBook['hold'] = { n: 0, reason: 'OTHER', note: '', untilMs: null };
type Later = 'facts' | 'hold' | 'billTo' | 'unpaid' | 'gateway' | 'receipts' | 'test' | 'risk' | 'held' | 'cancelled';

/** Of what version 0.1.0 wrote every order was paid whole when it was placed. */
const whole = (written: Written): OrderBook => ({
  billTo: written.shipTo,
  unpaid: 'PAID',
  gateway: 'manual',
  receipts: [{ kind: 'SALE', status: 'SUCCESS', minor: written.totalMinor, at: written.createdAt }],
  test: false,
  risk: 'none',
  held: false,
  hold: NO_HOLD,
  facts: NO_FACTS,
  cancelled: null,
  ...written,
  lines: written.lines.map((line) => ({ removed: 0, giftCard: false, taxMinor: 0, attributes: [], ...line })),
});

const RECOMMENDATION = { none: 'NONE', low: 'ACCEPT', investigate: 'INVESTIGATE', cancel: 'CANCEL' } as const;

interface Listing {
  n: number;
  sku: string;
  title: string;
  price: string;
  quantity: number;
  /** What the merchant has entered; absent: nothing. */
  barcode?: string;
  weight?: { value: number; unit: string };
  harmonizedSystemCode?: string;
  countryCodeOfOrigin?: string;
  sellsWithoutStock?: boolean;
}
interface Subscription {
  id: string;
  topic: string;
  uri: string;
}

/** Ids are numbers as long as Shopify's, each kind in a range of its own, so that one follows from the other. */
const BASE = {
  Order: 5_600_000_000_000,
  FulfillmentHold: 262_000_000_000,
  FulfillmentOrder: 6_700_000_000_000,
  OrderTransaction: 7_200_000_000_000,
  Product: 8_100_000_000_000,
  Customer: 9_100_000_000_000,
  LineItem: 13_000_000_000_000,
  FulfillmentOrderLineItem: 19_000_000_000_000,
  ProductVariant: 44_000_000_000_000,
  InventoryItem: 46_000_000_000_000,
  InventoryItemMeasurement: 46_500_000_000_000,
  Fulfillment: 5_100_000_000_000,
  Refund: 910_000_000_000,
  WebhookSubscription: 1_200_000_000_000,
  ShippingLine: 4_600_000_000_000,
  AdditionalFee: 3_300_000_000_000,
} as const;
type Kind = keyof typeof BASE;
const LINES_PER_ORDER = 10_000;

const gid = (kind: Kind, n: number): string => `gid://shopify/${kind}/${BASE[kind] + n}`;
const numberIn = (kind: Kind, id: string): number => {
  const prefix = `gid://shopify/${kind}/`;
  return id.startsWith(prefix) ? Number(id.slice(prefix.length)) - BASE[kind] : -1;
};
const key = (n: number): string => String(n).padStart(10, '0');

/** Shopify keeps time to the second. */
const instant = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** Shopify drops zeros after the first decimal: 15.00 is "15.0". */
const amountText = (minor: number, currency: string): string => {
  const text = fromMinor(minor, currency);
  return text.includes('.') ? text.replace(/(\.\d+?)0+$/, '$1') : `${text}.0`;
};
/** An amount of an order as the buyer saw it and as the shop counts it, by the rate of the order's total. */
const moneyText = ({ currency: currencyCode, totalMinor, facts: { shopMoney } }: OrderBook, amount: string) => {
  const presentmentMoney = { amount, currencyCode };
  if (!shopMoney || totalMinor === 0) return { presentmentMoney, shopMoney: presentmentMoney };
  const minor = Number(amount) * 10 ** exponentOf(currencyCode) * (shopMoney.totalMinor / totalMinor);
  const { currency } = shopMoney;
  return { presentmentMoney, shopMoney: { amount: amountText(Math.round(minor), currency), currencyCode: currency } };
};
const attributeNode = ({ name: key, value }: OrderFacts['attributes'][number]) => ({ key, value });

interface PageArgs {
  first?: number | null;
  after?: string | null;
}
const cursorOf = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');
const readCursor = (cursor: string | null | undefined): Record<string, unknown> => {
  if (!cursor) return {};
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64').toString('utf8'));
    return { ...Object(value) };
  } catch {
    throw refusal(`Invalid cursor for current pagination sort: ${cursor}.`, 'BAD_REQUEST');
  }
};
const page = (nodes: unknown[], start: string | null, end: string | null, more: boolean, before: boolean) => ({
  nodes,
  pageInfo: { hasNextPage: more, hasPreviousPage: before, startCursor: start, endCursor: end },
});
const slice = <T>(items: readonly T[], { first, after }: PageArgs, node: (item: T) => unknown) => {
  const from = Number(readCursor(after)['offset'] ?? 0);
  const part = items.slice(from, from + (first ?? 0));
  const cursor = (offset: number) => (part.length === 0 ? null : cursorOf({ offset }));
  const end = from + part.length;
  return page(part.map(node), cursor(from), cursor(end), end < items.length, from > 0);
};

const sum = (amounts: readonly number[]): number => amounts.reduce((a, b) => a + b, 0);
const userError = (message: string, field: string[] | null = null, code?: string) => ({
  userErrors: [{ message, field, ...(code ? { code } : {}) }],
});
const DONE = { userErrors: [] };

export const SHOP = {
  id: 'gid://shopify/Shop/63755419881',
  name: 'Crossdock Sandbox',
  myshopifyDomain: 'crossdock-sandbox.myshopify.com',
  currencyCode: 'GBP',
} as const;
/** What an app may be granted of what this shop has. As recorded, the list names each scope that reads and each that writes. */
const ALL_SCOPES = [
  'read_all_orders',
  'read_customers',
  'read_inventory',
  'read_locations',
  'read_merchant_managed_fulfillment_orders',
  'read_orders',
  'read_products',
  'write_inventory',
  'write_merchant_managed_fulfillment_orders',
  'write_orders',
  'write_products',
] as const;
/** The scope that each field of a query or mutation needs. Source: shopify.dev, Admin GraphQL 2026-04, read 2026-12-01. */
const NEEDS: Readonly<Record<string, string>> = {
  order: 'read_orders',
  orders: 'read_orders',
  refund: 'read_orders',
  fulfillment: 'read_orders',
  fulfillmentOrder: 'read_merchant_managed_fulfillment_orders',
  locations: 'read_locations',
  productVariants: 'read_products',
  inventorySetQuantities: 'write_inventory',
  refundCreate: 'write_orders',
  orderCancel: 'write_orders',
  fulfillmentCreate: 'write_merchant_managed_fulfillment_orders',
  fulfillmentTrackingInfoUpdate: 'write_merchant_managed_fulfillment_orders',
};
const mayUse = (scopes: readonly string[], scope: string): boolean =>
  scopes.includes(scope) || scopes.includes(scope.replace(/^read_/, 'write_'));
/** As recorded. */
const accessDenied = (field: string, scope: string) =>
  refusal(`Access denied for ${field} field. Required access: \`${scope}\` access scope.`, 'ACCESS_DENIED');

export const LOCATION = 'gid://shopify/Location/112829759794';
const LOCATIONS = [
  { id: LOCATION, name: 'Leeds', isActive: true, fulfillsOnlineOrders: true },
  { id: 'gid://shopify/Location/112833036594', name: 'Market stall', isActive: true, fulfillsOnlineOrders: false },
  { id: 'gid://shopify/Location/112831103282', name: 'Old store', isActive: false, fulfillsOnlineOrders: false },
];

/** A shop that remembers, by Shopify's rules for orders, stock, packages and refunds. */
export const openShop = (options: { clock: Clock; db: SandboxDb; hooks: WebhookSender; apiSecret: string }) => {
  const { clock, db, hooks } = options;
  const orders = db.table<Written>('shopify_orders');
  const names = db.table<{ n: number }>('shopify_order_names');
  const listings = db.table<Listing>('shopify_listings');
  const fulfillments = db.table<{ order: number }>('shopify_fulfillments');
  const refunds = db.table<{ order: number }>('shopify_refunds');
  const customers = db.table<{ n: number }>('shopify_customers');
  const subscriptions = db.table<Subscription>('shopify_subscriptions');
  const answers = db.table<{ payload: string; id: string | null }>('shopify_idempotency');
  const sent = db.table<never>('shopify_webhook_ids');
  const cancellations = db.table<{ id: string; reference: string }>('shopify_cancellations');
  const jobs = db.table<never>('shopify_jobs');
  const holds = db.table<never>('shopify_holds');

  const save = (order: OrderBook): void => {
    order.updatedAt = instant(clock.now());
    orders.put(key(order.n), order, { a: order.updatedAt });
  };
  /** Holding, releasing and rescheduling move no change time of the order: that they do is recorded nowhere. */
  const keep = (order: OrderBook): void => orders.put(key(order.n), order, { a: order.updatedAt });
  /** What was stopped until a time is open from then on. */
  const isHeld = ({ held, hold }: OrderBook): boolean => held && (hold.untilMs === null || clock.now() < hold.untilMs);
  const orderOf = (n: number): OrderBook | null => {
    const written = n < 0 ? null : orders.get(key(n));
    return written && whole(written);
  };

  const refundedMinor = (order: OrderBook) => sum(order.refunds.map((r) => r.totalMinor));
  const shippedUnits = (order: OrderBook) => sum(order.fulfillments.flatMap((f) => f.lines.map((l) => l.quantity)));
  const openUnits = (order: OrderBook) => sum(order.lines.map((l) => l.unfulfilled));
  const receivedMinor = (order: OrderBook) =>
    sum(order.receipts.filter((r) => r.kind !== 'AUTHORIZATION' && r.status === 'SUCCESS').map((r) => r.minor));
  const lineShare = (line: Line, units: number) => Math.round((line.totalMinor * units) / line.quantity);
  /** After edits, before refunds. */
  const editedMinor = (order: OrderBook) => order.totalMinor - sum(order.lines.map((l) => lineShare(l, l.removed)));
  /** After edits and the lines of refunds; a cancelled order is worth nothing. Recorded so. */
  const currentMinor = (order: OrderBook) =>
    order.cancelled
      ? 0
      : editedMinor(order) - sum(order.refunds.flatMap((refund) => refund.lines.map((line) => line.subtotalMinor)));
  const financial = (order: OrderBook): string => {
    const [received, back] = [receivedMinor(order), refundedMinor(order)];
    if (received === 0) return order.unpaid;
    if (back > 0) return back < received ? 'PARTIALLY_REFUNDED' : 'REFUNDED';
    // An edit that adds to a paid order leaves it partly paid. Recorded so.
    return received < editedMinor(order) ? 'PARTIALLY_PAID' : 'PAID';
  };
  const fulfilment = (order: OrderBook): string => {
    if (isHeld(order) && order.hold.untilMs === null && openUnits(order) > 0) return 'ON_HOLD';
    if (shippedUnits(order) === 0) return 'UNFULFILLED';
    return openUnits(order) > 0 ? 'PARTIALLY_FULFILLED' : 'FULFILLED';
  };

  const webhook = (topic: string, body: Record<string, unknown>): Omit<Delivery, 'url'> => {
    const text = JSON.stringify(body);
    return {
      headers: {
        'content-type': 'application/json',
        'x-shopify-topic': topic,
        'x-shopify-hmac-sha256': hmacSha256Of(options.apiSecret, text, 'base64'),
        'x-shopify-webhook-id': `b54557e4-bdd9-4b37-8a5f-${sent.nextId().toString(16).padStart(12, '0')}`,
        'x-shopify-shop-domain': SHOP.myshopifyDomain,
        'x-shopify-api-version': '2026-04',
        'x-shopify-triggered-at': new Date(clock.now()).toISOString(),
      },
      body: text,
    };
  };
  const orderBody = (order: OrderBook) => ({
    id: BASE.Order + order.n,
    admin_graphql_api_id: gid('Order', order.n),
    name: order.name,
    created_at: order.createdAt,
    updated_at: order.updatedAt,
    currency: order.currency,
    total_price: fromMinor(order.totalMinor, order.currency),
    financial_status: financial(order).toLowerCase(),
  });
  const announce = (topic: string, body: Record<string, unknown>): void => {
    for (const { uri } of subscriptions.byB(topic.replace('/', '_').toUpperCase())) {
      const delivery = webhook(topic, body);
      hooks.enqueue(delivery.headers['x-shopify-webhook-id'] ?? '', { url: uri, ...delivery });
    }
  };

  const applyRefund = (
    order: OrderBook,
    refund: Omit<RefundBook, 'id' | 'lines'> & { lines: { line: number; quantity: number; restockType: string }[] },
  ): string => {
    const n = refunds.nextId();
    const id = gid('Refund', n);
    const lines = refund.lines.map(({ line: index, quantity, restockType }) => {
      const line = order.lines[index];
      if (!line) throw new Error(`order ${order.name} has no line ${index}`);
      // Goods that come back had left; for anything else the units that have not left yet go first.
      const left = line.current - line.unfulfilled;
      line.unfulfilled -=
        restockType === 'RETURN' ? Math.max(0, quantity - left) : Math.min(quantity, line.unfulfilled);
      line.current -= quantity;
      if (restockType !== 'NO_RESTOCK' && line.variant !== null) moveStock(line.variant, quantity);
      const subtotalMinor = lineShare(line, quantity);
      return { line: index, quantity, restockType, subtotalMinor };
    });
    order.refunds.push({ ...refund, id, lines });
    refunds.put(id, { order: order.n });
    save(order);
    announce('refunds/create', {
      id: BASE.Refund + n,
      admin_graphql_api_id: id,
      order_id: BASE.Order + order.n,
      note: refund.note,
      created_at: refund.createdAt,
    });
    announce('orders/updated', orderBody(order));
    return id;
  };

  const moveStock = (n: number, by: number): void => {
    const listing = listings.get(key(n));
    if (listing) saveListing({ ...listing, quantity: listing.quantity + by });
  };
  const saveListing = (listing: Listing): void =>
    listings.put(key(listing.n), listing, { a: key(listing.n), b: listing.sku });

  const itemNode = ({ n, sku, quantity, ...listing }: Listing) => ({
    __typename: 'InventoryItem',
    id: gid('InventoryItem', n),
    sku,
    harmonizedSystemCode: listing.harmonizedSystemCode ?? null,
    countryCodeOfOrigin: listing.countryCodeOfOrigin ?? null,
    measurement: { id: gid('InventoryItemMeasurement', n), weight: listing.weight ?? null },
    inventoryLevel: ({ locationId }: { locationId: string }) =>
      locationId === LOCATION
        ? {
            quantities: ({ names }: { names: string[] }) =>
              names.map((name) => ({ name, quantity: name === 'available' ? quantity : 0 })),
          }
        : null,
  });
  const variantNode = (n: number) => {
    let read: Listing | null = null;
    const listing = (): Listing => {
      read ??= listings.get(key(n));
      if (!read) throw new Error(`no listing ${n}`);
      return read;
    };
    return {
      id: gid('ProductVariant', n),
      title: 'Default Title',
      sku: () => listing().sku,
      barcode: () => listing().barcode ?? null,
      price: () => listing().price,
      inventoryPolicy: () => (listing().sellsWithoutStock ? 'CONTINUE' : 'DENY'),
      inventoryQuantity: () => listing().quantity,
      product: () => ({ id: gid('Product', n), title: listing().title, status: 'ACTIVE' }),
      inventoryItem: () => itemNode(listing()),
    };
  };

  const taxLines = (order: OrderBook, minor: number) =>
    minor === 0 ? [] : [{ title: 'VAT', priceSet: moneyText(order, amountText(minor, order.currency)) }];
  const lineNode = (order: OrderBook, line: Line) => ({
    id: line.id,
    name: line.name,
    title: line.name,
    sku: line.sku,
    quantity: line.quantity,
    currentQuantity: line.current,
    unfulfilledQuantity: line.unfulfilled,
    requiresShipping: line.ships,
    isGiftCard: line.giftCard,
    variant: line.variant === null ? null : variantNode(line.variant),
    customAttributes: line.attributes.map(attributeNode),
    taxLines: taxLines(order, line.taxMinor),
    // What was taken off the price is a discount of the line.
    discountAllocations: [toMinor(line.unitPrice, order.currency) * line.quantity - line.totalMinor]
      .filter((minor) => minor > 0)
      .map((minor) => ({ allocatedAmountSet: moneyText(order, amountText(minor, order.currency)) })),
    originalUnitPriceSet: moneyText(order, line.unitPrice),
    discountedTotalSet: moneyText(order, amountText(line.totalMinor, order.currency)),
  });
  const lineAt = (order: OrderBook, index: number): Line => {
    const line = order.lines[index];
    if (!line) throw new Error(`order ${order.name} has no line ${index}`);
    return line;
  };
  const refundNode = (order: OrderBook, refund: RefundBook) => ({
    id: refund.id,
    createdAt: refund.createdAt,
    processedAt: refund.createdAt,
    note: refund.note,
    totalRefundedSet: moneyText(order, amountText(refund.totalMinor, order.currency)),
    refundLineItems: (args: PageArgs) =>
      slice(refund.lines, args, ({ line, quantity, restockType, subtotalMinor }) => ({
        lineItem: () => lineNode(order, lineAt(order, line)),
        quantity,
        restockType,
        subtotalSet: moneyText(order, amountText(subtotalMinor, order.currency)),
        totalTaxSet: moneyText(order, '0.0'),
      })),
  });
  const fulfillmentNode = (order: OrderBook, fulfillment: FulfillmentBook) => ({
    id: fulfillment.id,
    status: 'SUCCESS',
    trackingInfo: () => (fulfillment.tracking.number === null ? [] : [fulfillment.tracking]),
    fulfillmentLineItems: (args: PageArgs) =>
      slice(fulfillment.lines, args, ({ line, quantity }) => ({
        quantity,
        lineItem: () => lineNode(order, lineAt(order, line)),
      })),
  });
  const fulfillmentOrderStatus = (order: OrderBook): string => {
    if (openUnits(order) === 0) return 'CLOSED';
    if (isHeld(order)) return order.hold.untilMs === null ? 'ON_HOLD' : 'SCHEDULED';
    return shippedUnits(order) === 0 ? 'OPEN' : 'IN_PROGRESS';
  };
  const fulfillmentOrderNode = (order: OrderBook) => ({
    id: gid('FulfillmentOrder', order.n),
    orderId: gid('Order', order.n),
    status: fulfillmentOrderStatus(order),
    fulfillAt: order.hold.untilMs === null ? order.createdAt : instant(order.hold.untilMs),
    fulfillmentHolds:
      fulfillmentOrderStatus(order) === 'ON_HOLD'
        ? [
            {
              id: gid('FulfillmentHold', order.hold.n),
              reason: order.hold.reason,
              reasonNotes: order.hold.note || null,
              displayReason: 'Other',
              handle: '',
            },
          ]
        : [],
    lineItems: (args: PageArgs) =>
      slice(
        order.lines.filter((line) => line.ships),
        args,
        (line) => ({
          id: openLineId(line),
          totalQuantity: line.quantity,
          remainingQuantity: line.unfulfilled,
          lineItem: () => lineNode(order, line),
        }),
      ),
  });
  const openLineId = (line: Line): string => gid('FulfillmentOrderLineItem', numberIn('LineItem', line.id));

  const addressNode = (to: NonNullable<PlacedOrder['shipTo']>) => ({
    name: to.name,
    company: to.company,
    address1: to.line1,
    address2: to.line2,
    city: to.city,
    province: to.region,
    zip: to.postalCode,
    // Shopify keeps a country or none.
    countryCodeV2: to.country === 'ZZ' ? null : to.country,
    phone: to.phone,
  });
  const nameNode = (name: string) => (name === '' ? null : { name });

  const orderNode = (order: OrderBook) => {
    const money = (minor: number) => moneyText(order, amountText(minor, order.currency));
    const receipts = order.receipts.map((receipt, index) => ({
      // The first is followed by the refunds; what came in later stands behind them.
      id: gid('OrderTransaction', order.n * LINES_PER_ORDER + (index === 0 ? 0 : LINES_PER_ORDER / 2 + index)),
      kind: receipt.kind,
      status: receipt.status,
      gateway: order.gateway,
      amountSet: money(receipt.minor),
      processedAt: receipt.at,
      parentTransaction: null,
    }));
    const payment = receipts.find((r) => r.kind !== 'AUTHORIZATION' && r.status === 'SUCCESS') ?? null;
    return {
      id: gid('Order', order.n),
      name: order.name,
      createdAt: order.createdAt,
      updatedAt: order.updatedAt,
      cancelledAt: order.cancelled?.at ?? null,
      cancelReason: order.cancelled?.reason ?? null,
      test: order.test,
      paymentGatewayNames: order.gateway === '' ? [] : [order.gateway],
      risk: { recommendation: RECOMMENDATION[order.risk] },
      currencyCode: order.facts.shopMoney?.currency ?? order.currency,
      tags: order.facts.tags,
      poNumber: order.facts.poNumber || null,
      customAttributes: order.facts.attributes.map(attributeNode),
      // A number without a country is the one of a company.
      purchasingEntity: () => {
        const [company] = order.facts.taxIds.filter(({ country }) => country === '');
        return company === undefined
          ? null
          : { __typename: 'PurchasingCompany', location: { taxSettings: { taxRegistrationId: company.number } } };
      },
      localizedFields: (args: PageArgs) =>
        slice(
          order.facts.taxIds.filter(({ country }) => country !== ''),
          args,
          ({ country, number }) => ({
            key: `TAX_CREDENTIAL_${country}`,
            countryCode: country,
            title: 'Tax ID',
            value: number,
            purpose: 'TAX',
          }),
        ),
      presentmentCurrencyCode: order.currency,
      displayFinancialStatus: () => financial(order),
      displayFulfillmentStatus: () => fulfilment(order),
      email: order.email === '' ? null : order.email,
      note: order.note === '' ? null : order.note,
      taxesIncluded: true,
      totalPriceSet: money(order.totalMinor),
      currentTotalPriceSet: () => money(currentMinor(order)),
      totalReceivedSet: () => money(receivedMinor(order)),
      totalRefundedSet: () => money(refundedMinor(order)),
      customer: () => {
        if (!mayUse(scopes(), 'read_customers')) throw accessDenied('customer', 'read_customers');
        return order.buyer.id === null ? null : { id: order.buyer.id, displayName: order.buyer.name };
      },
      shippingAddress: order.shipTo && addressNode(order.shipTo),
      billingAddress: order.billTo ? addressNode(order.billTo) : nameNode(order.buyer.name),
      currentTaxLines: taxLines(order, sum(order.lines.map((l) => Math.round((l.taxMinor * l.current) / l.quantity)))),
      taxLines: taxLines(order, sum(order.lines.map((l) => l.taxMinor))),
      additionalFees: order.fees.map((fee) => ({ id: fee.id, name: fee.title, price: money(fee.totalMinor) })),
      shippingLines: (args: PageArgs) =>
        slice(order.shipping, args, (line) => ({
          id: line.id,
          code: line.code,
          title: line.title,
          discountedPriceSet: money(line.totalMinor),
          originalPriceSet: money(line.totalMinor),
        })),
      lineItems: (args: PageArgs) => slice(order.lines, args, (line) => lineNode(order, line)),
      refunds: () => order.refunds.map((refund) => refundNode(order, refund)),
      transactions: () => [
        ...receipts,
        ...order.refunds
          .filter((refund) => refund.totalMinor > 0)
          .map((refund, index) => ({
            id: gid('OrderTransaction', order.n * LINES_PER_ORDER + index + 1),
            kind: 'REFUND',
            status: 'SUCCESS',
            gateway: order.gateway,
            amountSet: money(refund.totalMinor),
            processedAt: refund.createdAt,
            parentTransaction: payment,
          })),
      ],
      fulfillments: () => order.fulfillments.map((fulfillment) => fulfillmentNode(order, fulfillment)),
      fulfillmentOrders: (args: PageArgs) =>
        slice(order.lines.some((line) => line.ships) ? [order] : [], args, fulfillmentOrderNode),
    };
  };

  /**
   * Shopify's @idempotent: the first answer again for the same key, a refusal for the same key with another payload, and a
   * key that is spent once its call was refused. Source: descriptions of the error codes in the SDL, read 2026-11-24.
   */
  const idempotent = (
    info: GraphQLResolveInfo,
    payload: unknown,
    work: () => { id: string } | ReturnType<typeof userError>,
    answer: (id: string) => unknown,
  ): unknown => {
    const directive = info.schema.getDirective('idempotent');
    const [field] = info.fieldNodes;
    const values = directive && field && getDirectiveValues(directive, field, info.variableValues);
    if (!values)
      throw refusal('The @idempotent directive is required for this mutation but was not provided.', 'BAD_REQUEST');
    const name = `${info.fieldName} ${String(values['key'])}`;
    const hash = createHash('sha256').update(JSON.stringify(payload)).digest('hex');
    const before = answers.get(name);
    const no = (message: string, code: string) => {
      if (info.fieldName !== 'inventorySetQuantities') throw refusal(message, code);
      return userError(message, null, code);
    };
    if (before && before.payload !== hash)
      return no('The idempotency key was already used with other parameters.', 'IDEMPOTENCY_KEY_PARAMETER_MISMATCH');
    if (before?.id === null)
      return no('A previous request with this idempotency key failed.', 'IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED');
    if (before) return answer(before.id);
    const done = work();
    answers.put(name, { payload: hash, id: 'id' in done ? done.id : null });
    return 'id' in done ? answer(done.id) : done;
  };

  const setQuantities = (input: {
    name: string;
    quantities: { inventoryItemId: string; locationId: string; quantity: number; changeFromQuantity?: number | null }[];
  }) => {
    if (input.quantities.length > 250)
      throw refusal('The input array size of more than 250 is not allowed', 'MAX_INPUT_SIZE_EXCEEDED');
    const changes: Listing[] = [];
    const errors = input.quantities.flatMap((wanted, index) => {
      if (!('changeFromQuantity' in wanted))
        throw refusal(
          'InventoryQuantityInput must include the following argument: changeFromQuantity.',
          'INVALID_FIELD_ARGUMENTS',
        );
      const wrong = (field: string, code: string, message: string) =>
        userError(message, ['input', 'quantities', String(index), field], code).userErrors;
      const n = numberIn('InventoryItem', wanted.inventoryItemId);
      const listing = n < 0 ? null : listings.get(key(n));
      if (!listing)
        return wrong('inventoryItemId', 'INVALID_INVENTORY_ITEM', 'The specified inventory item could not be found.');
      if (wanted.locationId !== LOCATION)
        return wrong('locationId', 'INVALID_LOCATION', 'The specified location could not be found.');
      if (wanted.quantity < 0) return wrong('quantity', 'INVALID_QUANTITY_NEGATIVE', "The quantity can't be negative.");
      if (wanted.changeFromQuantity != null && wanted.changeFromQuantity !== listing.quantity)
        return wrong(
          'changeFromQuantity',
          'CHANGE_FROM_QUANTITY_STALE',
          'The changeFromQuantity argument no longer matches the persisted quantity.',
        );
      changes.push({ ...listing, quantity: wanted.quantity });
      return [];
    });
    if (errors.length > 0) return { userErrors: errors };
    for (const listing of changes) saveListing(listing);
    return { id: 'set' };
  };

  const fulfil = (input: {
    notifyCustomer?: boolean | null;
    trackingInfo?: { number?: string | null; company?: string | null; url?: string | null } | null;
    lineItemsByFulfillmentOrder: {
      fulfillmentOrderId: string;
      fulfillmentOrderLineItems?: { id: string; quantity: number }[] | null;
    }[];
  }) => {
    const [group, second] = input.lineItemsByFulfillmentOrder;
    const order = orderOf(numberIn('FulfillmentOrder', group?.fulfillmentOrderId ?? ''));
    if (!group || !order || second) return userError('Fulfillment order does not exist.', ['fulfillment']);
    const status = fulfillmentOrderStatus(order);
    if (status === 'CLOSED' || status === 'ON_HOLD' || status === 'SCHEDULED')
      return userError(`Fulfillment order ${order.n} has an unfulfillable status= ${status.toLowerCase()}.`, [
        'fulfillment',
      ]);
    const wanted = group.fulfillmentOrderLineItems;
    if ((wanted?.length ?? 0) > 250)
      throw refusal('The input array size of more than 250 is not allowed', 'MAX_INPUT_SIZE_EXCEEDED');
    const places = new Map(order.lines.map((line, index) => [openLineId(line), index]));
    const lines = wanted
      ? wanted.map(({ id, quantity }) => ({ line: places.get(id) ?? -1, quantity }))
      : order.lines.flatMap((line, index) =>
          line.unfulfilled > 0 ? [{ line: index, quantity: line.unfulfilled }] : [],
        );
    for (const { line, quantity } of lines) {
      if (line < 0) return userError('Fulfillment order line item does not exist.', ['fulfillment']);
      if (quantity < 1) return userError('Quantity must be greater than 0', ['fulfillment']);
      if (quantity > lineAt(order, line).unfulfilled)
        return userError('Invalid fulfillment order line item quantity requested.', ['fulfillment']);
    }
    for (const { line, quantity } of lines) lineAt(order, line).unfulfilled -= quantity;
    const id = gid('Fulfillment', fulfillments.nextId());
    const { number = null, company = null, url = null } = input.trackingInfo ?? {};
    const mails = input.notifyCustomer ? [number ?? ''] : [];
    const fulfillment = { id, tracking: { number, company, url }, lines, mails };
    order.fulfillments.push(fulfillment);
    fulfillments.put(id, { order: order.n });
    save(order);
    announce('orders/updated', orderBody(order));
    return { ...DONE, fulfillment: fulfillmentNode(order, fulfillment) };
  };

  /** As recorded: a cancelled fulfillment takes it too, and what is unknown is no error of the call. */
  const updateTracking = (input: {
    fulfillmentId: string;
    trackingInfoInput: { number?: string | null; company?: string | null; url?: string | null };
    notifyCustomer?: boolean | null;
  }) => {
    const order = orderOf(fulfillments.get(input.fulfillmentId)?.order ?? -1);
    const book = order?.fulfillments.find(({ id }) => id === input.fulfillmentId);
    if (!order || !book) return userError('Fulfillment does not exist.', ['fulfillmentId']);
    const { number = null, company = null, url = null } = input.trackingInfoInput;
    book.tracking = { number, company, url };
    if (input.notifyCustomer) book.mails = [...(book.mails ?? []), number ?? ''];
    save(order);
    announce('orders/updated', orderBody(order));
    return { ...DONE, fulfillment: fulfillmentNode(order, book) };
  };

  const refund = (input: {
    orderId: string;
    currency?: string | null;
    note?: string | null;
    refundLineItems?:
      | { lineItemId: string; quantity: number; restockType?: string | null; locationId?: string | null }[]
      | null;
    transactions?: { amount: string; kind: string; parentId?: string | null }[] | null;
  }) => {
    const order = orderOf(numberIn('Order', input.orderId));
    if (!order) return userError('Order does not exist', ['orderId']);
    if (input.currency && input.currency !== order.currency)
      return userError('Currency must be the presentment currency of the order', ['currency']);
    const lines = (input.refundLineItems ?? []).map(({ lineItemId, quantity, restockType, locationId }) => ({
      line: order.lines.findIndex((line) => line.id === lineItemId),
      quantity,
      restockType: restockType ?? 'NO_RESTOCK',
      locationId,
    }));
    for (const [index, { line, quantity, restockType, locationId }] of lines.entries()) {
      const field = (name: string) => ['refundLineItems', String(index), name];
      if (line < 0) return userError('Line item does not exist', field('lineItemId'));
      if (quantity > lineAt(order, line).current)
        return userError('Quantity cannot refund more items than were purchased', field('quantity'));
      if (restockType !== 'NO_RESTOCK' && !locationId)
        return userError('Location must be given to restock', field('locationId'));
    }
    const totalMinor = sum((input.transactions ?? []).map((t) => toMinor(t.amount, order.currency)));
    const net = receivedMinor(order) - refundedMinor(order);
    if (totalMinor > net) {
      const said = (minor: number) => `$${fromMinor(minor, order.currency)}`;
      return userError(`Refund amount ${said(totalMinor)} is greater than net payment received ${said(net)}`);
    }
    const note = input.note ?? '';
    const reference = /\[([^\]]+)\]\s*$/.exec(note)?.[1] ?? note;
    return { id: applyRefund(order, { reference, note, createdAt: instant(clock.now()), totalMinor, lines }) };
  };
  /**
   * Puts an end to the order. Its units come off it by a refund that names them, of all that was paid or of no money at all.
   * What is not paid is voided. Source: recorded orderCancel of 2026-05-08 and 2026-06-29, read 2026-11-30; that there is a
   * refund where no money goes back is [unverified].
   */
  const cancel = (
    order: OrderBook,
    wish: { reason: string; reference: string; restock: boolean; refund: boolean },
  ): string | null => {
    if (order.cancelled) return 'Cannot cancel an order that has already been canceled';
    if (shippedUnits(order) > 0) return 'Cannot cancel an order that has outstanding fulfillments';
    const at = instant(clock.now());
    order.cancelled = { at, reason: wish.reason };
    if (receivedMinor(order) === 0 && order.totalMinor > 0 && order.unpaid !== 'EXPIRED') order.unpaid = 'VOIDED';
    const restockType = wish.restock ? 'CANCEL' : 'NO_RESTOCK';
    const lines = order.lines.flatMap((line, index) =>
      line.current > 0 && line.ships ? [{ line: index, quantity: line.current, restockType }] : [],
    );
    const back = wish.refund ? receivedMinor(order) - refundedMinor(order) : 0;
    cancellations.put(String(jobs.nextId()), { id: gid('Order', order.n), reference: wish.reference });
    if (lines.length > 0 || back > 0)
      applyRefund(order, { reference: '', note: 'Order canceled', createdAt: at, totalMinor: back, lines });
    else save(order);
    announce('orders/cancelled', orderBody(order));
    return null;
  };
  const orderCancel = (input: {
    orderId: string;
    refund?: boolean | null;
    refundMethod?: { originalPaymentMethodsRefund?: boolean | null } | null;
    restock: boolean;
    reason: string;
    staffNote?: string | null;
  }) => {
    const refused = (field: string, message: string, code: string) => ({
      job: null,
      orderCancelUserErrors: [{ field: [field], message, code }],
      userErrors: [{ field: [field], message }],
    });
    const note = input.staffNote ?? '';
    if (note.length > 255)
      return refused('staffNote', 'Staff note is too long. Maximum length is 255 characters.', 'INVALID');
    if (input.refund != null && input.refundMethod != null)
      return refused('refund', 'Only one of the arguments `refund` or `refund_method` is allowed.', 'INVALID');
    const order = orderOf(numberIn('Order', input.orderId));
    if (!order) return refused('orderId', 'Order does not exist', 'NOT_FOUND');
    const words = cancel(order, {
      reason: input.reason,
      reference: /^\[([^\]]+)\]/.exec(note)?.[1] ?? '',
      restock: input.restock,
      refund: input.refund === true || input.refundMethod?.originalPaymentMethodsRefund === true,
    });
    if (words !== null) return refused('orderId', words, 'INVALID');
    const job = `gid://shopify/Job/810c0b1a-d0fe-4ce1-9be0-${jobs.nextId().toString(16).padStart(12, '0')}`;
    return { job: { id: job, done: false }, orderCancelUserErrors: [], userErrors: [] };
  };
  const refundOf = (id: string) => {
    const order = orderOf(refunds.get(id)?.order ?? -1);
    const book = order?.refunds.find((r) => r.id === id);
    return order && book ? { order: orderNode(order), refund: refundNode(order, book) } : null;
  };

  const subscribe = (topic: string, uri: string) => {
    const field = ['webhookSubscription', 'callbackUrl'];
    // Shopify wants https; on loopback there is none.
    if (!/^https:\/\/|^http:\/\/(127\.0\.0\.1|localhost)[:/]/.test(uri))
      return userError(`Address protocol ${uri.split('//')[0]}// is not supported`, field);
    if (subscriptions.byB(topic).some((s) => s.uri === uri))
      return userError('Address for this topic has already been taken', field);
    const subscription = { id: gid('WebhookSubscription', subscriptions.nextId()), topic, uri };
    subscriptions.put(subscription.id, subscription, { b: topic });
    return { ...DONE, webhookSubscription: subscription };
  };
  const unsubscribe = (id: string) => {
    if (!subscriptions.get(id)) return userError('Webhook subscription does not exist', ['id']);
    subscriptions.delete(id);
    return { ...DONE, deletedWebhookSubscriptionId: id };
  };

  const granted = db.table<{ scopes: readonly string[] }>('shopify_scopes');
  const scopes = (): readonly string[] => granted.get('app')?.scopes ?? ALL_SCOPES;
  /** A field that the app may not use is refused in Shopify's words, which name the scope that it lacks. */
  const guarded = <T extends object>(fields: T): T => {
    const withGuards: [string, unknown][] = Object.entries(fields).map(([name, resolve]) => {
      const scope = NEEDS[name];
      if (scope === undefined || typeof resolve !== 'function') return [name, resolve];
      return [
        name,
        (...given: unknown[]) => {
          if (!mayUse(scopes(), scope)) throw accessDenied(name, scope);
          return resolve(...given);
        },
      ];
    });
    return Object.assign({}, fields, Object.fromEntries(withGuards));
  };

  /** What GraphQL runs against: graphql-js calls a function where it finds one. */
  const root = guarded({
    shop: SHOP,
    currentAppInstallation: () => ({ accessScopes: scopes().map((handle) => ({ handle })) }),
    nodes: ({ ids }: { ids: string[] }) =>
      ids.map((id) => {
        const listing = listings.get(key(numberIn('InventoryItem', id)));
        return listing && itemNode(listing);
      }),
    locations: ({ includeInactive, ...args }: PageArgs & { includeInactive: boolean }) =>
      slice(
        LOCATIONS.filter(({ isActive }) => isActive || includeInactive),
        args,
        (location) => location,
      ),
    order: ({ id }: { id: string }) => {
      const order = orderOf(numberIn('Order', id));
      return order && orderNode(order);
    },
    orders: ({ first, after, sortKey, query }: PageArgs & { sortKey: string; query?: string | null }) => {
      if (sortKey !== 'UPDATED_AT') throw refusal('this sandbox sorts orders by UPDATED_AT alone', 'BAD_REQUEST');
      const since = /^updated_at:>='?([^']+)'?$/.exec(query ?? '')?.[1];
      if (query && since === undefined) throw refusal(`this sandbox cannot search for ${query}`, 'BAD_REQUEST');
      const at = readCursor(after);
      const from = since === undefined ? '' : instant(Math.ceil(Date.parse(since) / 1000) * 1000);
      const most = first ?? 0;
      const rows = orders.byA({
        from: String(at['last_value'] ?? from),
        afterId: String(at['last_id'] ?? ''),
        limit: most + 1,
      });
      const part = rows.slice(0, most);
      const cursor = (row: { id: string; a: string } | undefined) =>
        row ? cursorOf({ last_id: row.id, last_value: row.a }) : null;
      const nodes = part.map((row) => orderNode(whole(row.document)));
      return page(nodes, cursor(part[0]), cursor(part.at(-1)), rows.length > most, after != null);
    },
    refund: ({ id }: { id: string }) => refundOf(id)?.refund ?? null,
    fulfillment: ({ id }: { id: string }) => {
      const order = orderOf(fulfillments.get(id)?.order ?? -1);
      const book = order?.fulfillments.find((f) => f.id === id);
      return order && book ? fulfillmentNode(order, book) : null;
    },
    fulfillmentOrder: ({ id }: { id: string }) => {
      const order = orderOf(numberIn('FulfillmentOrder', id));
      return order && fulfillmentOrderNode(order);
    },
    productVariants: ({ first, after }: PageArgs) => {
      const most = first ?? 0;
      const last = String(readCursor(after)['last_id'] ?? '');
      const rows = listings.byA({ from: last, afterId: last, limit: most + 1 });
      const part = rows.slice(0, most);
      const cursor = (row: { id: string } | undefined) => (row ? cursorOf({ last_id: row.id }) : null);
      const nodes = part.map((row) => variantNode(row.document.n));
      return page(nodes, cursor(part[0]), cursor(part.at(-1)), rows.length > most, after != null);
    },
    webhookSubscriptions: ({ uri, ...args }: PageArgs & { uri?: string | null }) =>
      slice(
        subscriptions.all().filter((s) => !uri || s.uri === uri),
        args,
        (s) => s,
      ),
    inventorySetQuantities: (
      args: { input: Parameters<typeof setQuantities>[0] },
      _: unknown,
      info: GraphQLResolveInfo,
    ) =>
      idempotent(
        info,
        args,
        () => setQuantities(args.input),
        () => DONE,
      ),
    refundCreate: (args: { input: Parameters<typeof refund>[0] }, _: unknown, info: GraphQLResolveInfo) =>
      idempotent(
        info,
        args,
        () => refund(args.input),
        (id) => ({ ...DONE, ...refundOf(id) }),
      ),
    orderCancel,
    fulfillmentTrackingInfoUpdate: updateTracking,
    fulfillmentCreate: (args: { fulfillment: Parameters<typeof fulfil>[0] }) => fulfil(args.fulfillment),
    webhookSubscriptionCreate: (args: { topic: string; webhookSubscription: { uri?: string | null } }) =>
      subscribe(args.topic, args.webhookSubscription.uri ?? ''),
    webhookSubscriptionDelete: ({ id }: { id: string }) => unsubscribe(id),
  });

  const paymentOf = ({ payment, placedAtMs }: PlacedOrder, totalMinor: number) => {
    const { state = 'paid', method = 'manual' } = payment ?? {};
    const at = instant(placedAtMs);
    const receipt = (kind: Receipt['kind'], minor: number, status: Receipt['status'] = 'SUCCESS'): Receipt => ({
      kind,
      status,
      minor,
      at,
    });
    const table: Record<typeof state, Pick<OrderBook, 'unpaid' | 'receipts'>> = {
      pending: { unpaid: 'PENDING', receipts: [] },
      on_hold: { unpaid: 'PAID', receipts: [receipt('SALE', totalMinor)] },
      authorised: { unpaid: 'AUTHORIZED', receipts: [receipt('AUTHORIZATION', totalMinor)] },
      partly_paid: { unpaid: 'PENDING', receipts: [receipt('SALE', payment?.paidMinor ?? Math.floor(totalMinor / 2))] },
      paid: { unpaid: 'PAID', receipts: [receipt('SALE', totalMinor)] },
      // A refused payment leaves the order waiting for another.
      failed: { unpaid: 'PENDING', receipts: [receipt('SALE', totalMinor, 'FAILURE')] },
      voided: { unpaid: 'VOIDED', receipts: [receipt('AUTHORIZATION', totalMinor)] },
      expired: { unpaid: 'EXPIRED', receipts: [receipt('AUTHORIZATION', totalMinor)] },
    };
    return { ...table[state], gateway: method };
  };

  const named = (reference: string): OrderBook => {
    const order = orderOf(names.get(reference)?.n ?? -1);
    if (!order) throw new Error(`no order ${reference}`);
    return order;
  };
  const lineNamed = (order: OrderBook, lineKey: string): number => {
    const index = order.lines.findIndex((line) => line.key === lineKey);
    if (index < 0) throw new Error(`order ${order.name} has no line ${lineKey}`);
    return index;
  };
  /** A change of one order by people, with its webhook. What cannot be done at Shopify throws. */
  const changing =
    <C extends OfOrder>(change: (order: OrderBook, wanted: C) => void) =>
    (wanted: C): void =>
      db.transaction(() => {
        const order = named(wanted.orderReference);
        change(order, wanted);
        save(order);
        announce('orders/updated', orderBody(order));
      });
  /** The same of what may be sent of an order: told of under the fulfillment order's own topics. */
  const holding =
    (topic: string, change: (order: OrderBook, wanted: Parameters<StorefrontWorld['hold']>[0]) => void) =>
    (wanted: Parameters<StorefrontWorld['hold']>[0]): void =>
      db.transaction(() => {
        const order = named(wanted.orderReference);
        change(order, wanted);
        keep(order);
        const id = gid('FulfillmentOrder', order.n);
        announce(`fulfillment_orders/${wanted.untilMs === undefined ? topic : 'rescheduled'}`, {
          fulfillment_order: { id, status: fulfillmentOrderStatus(order).toLowerCase() },
        });
      });
  const needs = (order: OrderBook, state: OrderBook['unpaid'], what: string): void => {
    if (receivedMinor(order) > 0 || order.unpaid !== state || order.cancelled)
      throw new Error(`order ${order.name}: ${what} (${financial(order)})`);
  };
  const receive = (order: OrderBook, kind: Receipt['kind'], minor: number, atMs = clock.now()): void => {
    if (minor <= 0 || order.cancelled) throw new Error(`order ${order.name}: there is nothing to pay`);
    order.receipts.push({ kind, status: 'SUCCESS', minor, at: instant(atMs) });
  };

  const people: Omit<StorefrontWorld, 'addListing' | 'placeOrder' | 'refund' | 'told' | 'webhooks'> = {
    pay: changing((order, { amountMinor, atMs }) =>
      receive(order, 'SALE', amountMinor ?? editedMinor(order) - receivedMinor(order), atMs),
    ),
    capture: changing((order, { atMs }) => {
      needs(order, 'AUTHORIZED', 'no authorised money to take');
      receive(order, 'CAPTURE', editedMinor(order), atMs);
    }),
    void: changing((order) => {
      needs(order, 'AUTHORIZED', 'no authorisation to give up');
      order.unpaid = 'VOIDED';
    }),
    expire: changing((order) => {
      if (order.unpaid !== 'PENDING') needs(order, 'AUTHORIZED', 'nothing that could expire');
      order.unpaid = 'EXPIRED';
    }),
    fail: changing((order, { atMs }) => {
      needs(order, 'PENDING', 'no payment that could be refused');
      const at = instant(atMs ?? clock.now());
      order.receipts.push({ kind: 'SALE', status: 'FAILURE', minor: editedMinor(order), at });
    }),
    hold: holding('placed_on_hold', (order, { reason = 'OTHER', note = '', untilMs = null }) => {
      if (openUnits(order) === 0) throw new Error(`order ${order.name}: nothing left to hold`);
      order.held = true;
      order.hold = { n: holds.nextId(), reason, note, untilMs };
    }),
    release: holding('hold_released', (order) => {
      order.held = false;
    }),
    cancel({ orderReference, restock = true, refund = false }) {
      const words = db.transaction(() =>
        cancel(named(orderReference), { reason: 'OTHER', reference: '', restock, refund }),
      );
      if (words !== null) throw new Error(words);
    },
    edit: changing((order, { lineKey, quantity }) => {
      const line = lineAt(order, lineNamed(order, lineKey));
      const more = quantity - line.current;
      if (-more > line.unfulfilled) throw new Error(`order ${order.name}: units of ${lineKey} have left already`);
      if (more > 0) {
        const price = lineShare(line, more);
        line.quantity += more;
        line.totalMinor += price;
        order.totalMinor += price;
      } else line.removed -= more;
      line.current += more;
      line.unfulfilled += more;
      if (line.variant !== null) moveStock(line.variant, -more);
    }),
    changeAddress: changing((order, { shipTo, billTo }) => {
      order.shipTo = shipTo;
      if (billTo !== undefined) order.billTo = billTo;
    }),
    fulfil({ orderReference, lines, tracking }) {
      const order = named(orderReference);
      const wanted = lines?.map(({ lineKey, quantity }) => ({
        id: openLineId(lineAt(order, lineNamed(order, lineKey))),
        quantity,
      }));
      const group = {
        fulfillmentOrderId: gid('FulfillmentOrder', order.n),
        ...(wanted ? { fulfillmentOrderLineItems: wanted } : {}),
      };
      const trackingInfo = tracking === undefined ? null : { number: tracking };
      const [error] = db.transaction(() => fulfil({ trackingInfo, lineItemsByFulfillmentOrder: [group] })).userErrors;
      if (error) throw new Error(error.message);
    },
    assessRisk: changing((order, { risk }) => {
      order.risk = risk;
    }),
  };

  const customerId = (id: string): string => {
    const known = customers.get(id);
    const n = known?.n ?? customers.nextId();
    if (!known) customers.put(id, { n });
    return gid('Customer', n);
  };

  return {
    root,
    grant: (rights: readonly string[]) => void granted.put('app', { scopes: rights }),
    addListing({ facts, ...listing }: Parameters<StorefrontWorld['addListing']>[0]): string {
      const n = listings.byB(listing.sku)[0]?.n ?? listings.nextId();
      const { weightGrams, origin, hsCode, gtin } = facts ?? {};
      saveListing({
        n,
        ...listing,
        ...(gtin === undefined ? {} : { barcode: gtin }),
        ...(weightGrams === undefined ? {} : { weight: { value: weightGrams / 1_000, unit: 'KILOGRAMS' } }),
        ...(hsCode === undefined ? {} : { harmonizedSystemCode: hsCode }),
        ...(origin === undefined ? {} : { countryCodeOfOrigin: origin }),
      });
      return gid('ProductVariant', n);
    },
    hasListings: () => listings.count() > 0,
    shownQuantity: (inventoryItem: string) =>
      listings.get(key(numberIn('InventoryItem', inventoryItem)))?.quantity ?? null,
    /** A sale: the stock of what is listed goes down at once, below zero if need be, as where a shop oversells. */
    placeOrder(placed: PlacedOrder): string {
      const before = names.get(placed.reference);
      if (before) return gid('Order', before.n);
      const n = orders.nextId();
      const id = (kind: Kind, index: number) => gid(kind, n * LINES_PER_ORDER + index);
      const goods = placed.lines.map((line, index): Line => {
        const listing = listings.byB(line.sku)[0];
        if (listing) moveStock(listing.n, -line.quantity);
        const { key, sku, title: name, unitPrice, totalMinor, quantity } = line;
        const giftCard = line.giftCard ?? false;
        const ships = (line.requiresShipping ?? true) && !giftCard;
        return {
          id: id('LineItem', index),
          key,
          sku,
          name,
          quantity,
          current: quantity,
          // What is not sent can be marked as done at Shopify; here nobody does.
          unfulfilled: ships ? quantity : 0,
          removed: 0,
          ships,
          giftCard,
          unitPrice,
          totalMinor,
          taxMinor: line.facts?.taxMinor ?? 0,
          attributes: line.facts?.attributes ?? [],
          variant: listing?.n ?? null,
        };
      });
      // A price below zero does not exist at Shopify: what lowers an order is a discount on it, seen in its total alone.
      const charges = placed.charges.filter((charge) => charge.totalMinor >= 0);
      const custom = charges
        .filter((charge) => charge.kind === 'custom' || charge.kind === 'tip')
        .map(
          (charge, index): Line => ({
            id: id('LineItem', goods.length + index),
            key: charge.key,
            sku: charge.code,
            name: charge.title,
            totalMinor: charge.totalMinor,
            unitPrice: amountText(charge.totalMinor, placed.currency),
            quantity: 1,
            current: 1,
            unfulfilled: 0,
            removed: 0,
            ships: false,
            giftCard: false,
            taxMinor: 0,
            attributes: [],
            variant: null,
          }),
        );
      const chargesOf = (kind: 'shipping' | 'fee', named: Kind): Charge[] =>
        charges
          .filter((charge) => charge.kind === kind)
          .map(({ code, title, totalMinor }, index) => ({ id: id(named, index), code, title, totalMinor }));
      const totalMinor = sum([...placed.lines, ...placed.charges].map((part) => part.totalMinor));
      if (totalMinor < 0) throw new Error(`order ${placed.reference}: Shopify has no order with a total below zero`);
      const order: OrderBook = {
        n,
        name: placed.reference,
        createdAt: instant(placed.placedAtMs),
        updatedAt: '',
        currency: placed.currency,
        email: placed.buyer.email,
        note: placed.note,
        buyer: { id: placed.buyer.id === null ? null : customerId(placed.buyer.id), name: placed.buyer.name },
        shipTo: placed.shipTo,
        billTo: placed.billTo === undefined ? placed.shipTo : placed.billTo,
        ...paymentOf(placed, totalMinor),
        test: placed.test ?? false,
        risk: placed.risk ?? 'none',
        held: placed.payment?.state === 'on_hold',
        hold: NO_HOLD,
        facts: { ...NO_FACTS, ...placed.facts },
        cancelled: null,
        totalMinor,
        lines: [...goods, ...custom],
        shipping: chargesOf('shipping', 'ShippingLine'),
        fees: chargesOf('fee', 'AdditionalFee'),
        refunds: [],
        fulfillments: [],
      };
      save(order);
      names.put(order.name, { n });
      announce('orders/create', orderBody(order));
      return gid('Order', n);
    },
    people,
    /** A refund typed in by the merchant, who may give any amount up to what was paid. */
    refund(given: Parameters<StorefrontWorld['refund']>[0]): string {
      const order = named(given.orderReference);
      const before = order.refunds.find((r) => r.reference === given.reference);
      if (before) return before.id;
      const { lineKey, quantity = 0 } = given;
      const restockType = given.restock === true ? 'RETURN' : 'NO_RESTOCK';
      const lines = lineKey === undefined ? [] : [{ line: lineNamed(order, lineKey), quantity, restockType }];
      if (lines.some(({ line }) => quantity > lineAt(order, line).current))
        throw new Error(`order ${order.name}: more of ${lineKey} refunded than was bought`);
      if (given.totalMinor > receivedMinor(order) - refundedMinor(order))
        throw new Error(`order ${order.name}: more refunded than was paid`);
      return applyRefund(order, {
        reference: given.reference,
        note: `Refund [${given.reference}]`,
        createdAt: instant(given.atMs),
        totalMinor: given.totalMinor,
        lines,
      });
    },
    told: (): ToldPart[] =>
      orders.all().flatMap((order) =>
        order.fulfillments.map(({ tracking, lines }) => ({
          orderExternalId: gid('Order', order.n),
          tracking: tracking.number ?? '',
          lines: lines.map(({ line, quantity }) => ({ lineExternalId: order.lines[line]?.id ?? '', quantity })),
        })),
      ),
    orderWebhook(id: string): Omit<Delivery, 'url'> {
      const order = orderOf(numberIn('Order', id));
      if (!order) throw new Error(`no order ${id}`);
      return webhook('orders/updated', orderBody(order));
    },
    effects(kind: Effect): { id: string; reference: string }[] {
      if (kind === 'orders') return orders.all().map((o) => ({ id: gid('Order', o.n), reference: o.name }));
      if (kind === 'cancellations') return cancellations.all();
      const told = { confirmations: 'fulfillments', refunds: 'refunds' } as const;
      if (kind !== 'confirmations' && kind !== 'refunds') return [];
      return orders
        .all()
        .flatMap((o) =>
          o[told[kind]]
            .filter((e) => 'tracking' in e || e.totalMinor > 0)
            .map((e) => ({ id: e.id, reference: 'tracking' in e ? (e.tracking.number ?? '') : e.reference })),
        );
    },
  };
};

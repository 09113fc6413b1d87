import type { World } from '#simulator/world.ts';

/**
 * What the outside has written down, read from the sandboxes' own files and from nothing of ours. A purchase is found by the name of
 * the buyer whom it goes to, so that one under a reference that we do not know is seen, too.
 */
export interface Purchase {
  id: string;
  /** Under which of our references. */
  reference: string;
  buyer: string;
  units: number;
  state: 'unpaid' | 'paid' | 'cancelled';
  shipped: boolean;
}

interface CjOrder {
  orderId: string;
  orderNumber: string;
  unpaid: string | null;
  cancelledMs?: number;
  shipsMs: number;
  lines: { quantity: number }[];
  to?: { shippingCustomerName: string };
}

/** Every purchase order at CJ; those that were taken back there are gone. */
export const purchasesAtCj = (world: World): Purchase[] => {
  const now = world.clock.clock.now();
  return world.db
    .table<CjOrder>('cj_orders')
    .all()
    .map((order) => ({
      id: order.orderId,
      reference: order.orderNumber,
      buyer: order.to?.shippingCustomerName ?? '',
      units: order.lines.reduce((sum, line) => sum + line.quantity, 0),
      state: order.cancelledMs !== undefined ? 'cancelled' : order.unpaid === null ? 'paid' : 'unpaid',
      shipped: order.unpaid === null && order.cancelledMs === undefined && order.shipsMs <= now,
    }));
};

/** The purchase order under one of our references. */
export const purchaseUnder = (world: World, reference: string): CjOrder | null =>
  world.db.table<CjOrder>('cj_orders').byA({ equal: reference, limit: 1 })[0]?.document ?? null;

/** How often an order that CJ had taken down unpaid was paid since. */
export const paymentsAtCj = (world: World, reference: string): number =>
  world.db
    .table<{ reference: string }>('cj_payments')
    .all()
    .filter((one) => one.reference === reference).length;

/** An order as its shop has it. */
export interface Sold {
  changedAtMs: number;
  /** By the key of the line: how many units the shop was told have left, in packages of ours. */
  told: ReadonlyMap<string, number>;
  totalMinor: number;
  refundedMinor: number;
}

interface ShopifyOrder {
  updatedAt: string;
  totalMinor: number;
  lines: { key: string }[];
  fulfillments: {
    tracking: { number: string | null };
    lines: { line: number; quantity: number }[];
    mails?: string[];
  }[];
  refunds: { totalMinor: number }[];
}
const soldAtShopify = ({ db }: World, reference: string): Sold => {
  const n = db.table<{ n: number }>('shopify_order_names').get(reference)?.n ?? -1;
  const order = db.table<ShopifyOrder>('shopify_orders').get(String(n).padStart(10, '0'));
  if (!order) throw new Error(`Shopify has no order ${reference}`);
  const told = new Map<string, number>();
  // What the merchant marks as fulfilled without us carries no tracking number here.
  for (const { line, quantity } of order.fulfillments.flatMap((f) => (f.tracking.number === null ? [] : f.lines))) {
    const key = order.lines[line]?.key ?? '';
    told.set(key, (told.get(key) ?? 0) + quantity);
  }
  return {
    changedAtMs: Date.parse(order.updatedAt),
    told,
    totalMinor: order.totalMinor,
    refundedMinor: order.refunds.reduce((sum, refund) => sum + refund.totalMinor, 0),
  };
};

interface WooOrder {
  id: number;
  total: string;
  date_modified_gmt: string;
  line_items: { id: number; meta_data: { key: string; value: unknown }[] }[];
  meta_data: { key: string; value: unknown }[];
}
interface Packed {
  number: string;
  lines: { lineExternalId: string; quantity: number }[];
}
const isPacked = (value: unknown): value is Packed =>
  typeof value === 'object' && value !== null && 'lines' in value && Array.isArray(value.lines);
const cents = (text: string): number => Math.round(Number(text) * 100);
const soldAtWooCommerce = ({ db }: World, reference: string): Sold => {
  const id = db.table<{ id: number }>('woo_references').get(`order:${reference}`)?.id ?? -1;
  const order = db.table<WooOrder>('woo_orders').get(String(id));
  if (!order) throw new Error(`WooCommerce has no order ${reference}`);
  const told = new Map<string, number>();
  for (const { key, value } of order.meta_data)
    if (key.startsWith('_crossdock_shipment_') && isPacked(value))
      for (const { lineExternalId, quantity } of value.lines) {
        const line = order.line_items.find((item) => String(item.id) === lineExternalId);
        const name = String(line?.meta_data.find((meta) => meta.key === '_key')?.value ?? '');
        told.set(name, (told.get(name) ?? 0) + quantity);
      }
  const refunds = db.table<{ amount: string }>('woo_refunds').byB(String(id));
  return {
    changedAtMs: Date.parse(`${order.date_modified_gmt}Z`),
    told,
    totalMinor: cents(order.total),
    refundedMinor: refunds.reduce((sum, { amount }) => sum + cents(amount), 0),
  };
};

/** What the buyer of an order was written about its packages, each message once, and the numbers that the shop shows. */
export const trackingAt = ({ db }: World, shop: 'shopify' | 'woocommerce', reference: string) => {
  if (shop === 'shopify') {
    const n = db.table<{ n: number }>('shopify_order_names').get(reference)?.n ?? -1;
    const packages = db.table<ShopifyOrder>('shopify_orders').get(String(n).padStart(10, '0'))?.fulfillments ?? [];
    return {
      shown: packages.map(({ tracking }) => tracking.number),
      mails: packages.flatMap(({ mails = [] }) => mails),
    };
  }
  const id = String(db.table<{ id: number }>('woo_references').get(`order:${reference}`)?.id ?? -1);
  const kept = (db.table<WooOrder>('woo_orders').get(id)?.meta_data ?? []).filter(({ key }) =>
    key.startsWith('_crossdock_shipment_'),
  );
  return {
    shown: kept.map(({ value }) => (isPacked(value) ? value.number : null)),
    mails: db
      .table<{ note: string; customer_note: boolean }>('woo_notes')
      .byB(id)
      .filter((note) => note.customer_note)
      .map(({ note }) => /tracking number (\S+)/.exec(note)?.[1] ?? ''),
  };
};

export const soldAt = (world: World, shop: 'shopify' | 'woocommerce', reference: string): Sold =>
  shop === 'shopify' ? soldAtShopify(world, reference) : soldAtWooCommerce(world, reference);

/** How many labels EasyPost has sold that were not given back. */
export const labelsSold = ({ sandboxes }: World): number => sandboxes.easypost.effects('labels').length;

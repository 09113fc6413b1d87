import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Address, extend, fromMinor, hmacSha256Of, sameText, toMinor } from '#kit';
import {
  type Delivery,
  type Effect,
  type Harness,
  type OfOrder,
  type PlacedOrder,
  type PlacedState,
  type RunningSandbox,
  type SandboxAnswer,
  type SandboxOptions,
  type SandboxRequest,
  type Scene,
  type StorefrontWorld,
  serveSandbox,
  webhookSender,
} from '#kit/sandbox';

/*
 * A WooCommerce shop that remembers: what the documentation of REST v3 (wp-api-v3 at 13d61967911c, read 2026-11-24) says a
 * shop does, and what shops were seen to do beside it. Not here: `dp`, taxes, coupons, deleting. The rules of stock and of
 * dates at a change of status are those of WooCommerce's own code (wc_maybe_reduce_stock_levels, wc_maybe_increase_stock_levels,
 * WC_Order::maybe_set_date_paid), as seen in public copies, read 2026-11-30.
 */

const KEY = 'ck_5a4dbb0c5f1e4c7f9a3b';
const SECRET = 'cs_2f7c61d09be84d1a8c55';
const BASE = '/wp-json/wc/v3';
/** The site stands two hours east of UTC, so that whoever reads a local date finds out. */
const SITE_OFFSET_MS = 2 * 3_600_000;

type Meta = { id: number; key: string; value: unknown };
interface Line {
  id: number;
  name: string;
  product_id: number;
  variation_id: number;
  quantity: number;
  tax_class: string;
  subtotal: string;
  subtotal_tax: string;
  total: string;
  total_tax: string;
  taxes: readonly never[];
  meta_data: Meta[];
  sku: string;
  price: number;
}
interface Order {
  id: number;
  number: string;
  status: string;
  currency: string;
  total: string;
  date_modified_gmt: string;
  date_paid_gmt: string | null;
  payment_method: string;
  billing: Record<string, string>;
  shipping: Record<string, string>;
  meta_data: Meta[];
  line_items: Line[];
  refunds: { id: number; reason: string; total: string }[];
  [field: string]: unknown;
}
interface Refund {
  id: number;
  parent_id: number;
  amount: string;
  reason: string;
  [field: string]: unknown;
}
interface Product {
  id: number;
  /** 0 for a product, else the variable product that this is a variation of. */
  parent_id: number;
  name: string;
  type: string;
  status: string;
  sku: string;
  price: string;
  manage_stock: boolean;
  stock_quantity: number | null;
  stock_status: string;
  weight?: string;
  global_unique_id?: string;
  attributes: readonly { name: string; option?: string; options?: readonly string[] }[];
}
interface Hook {
  id: number;
  name: string;
  status: string;
  topic: string;
  delivery_url: string;
  secret: string;
  failures: number;
}

/** What plugins do to a shop. */
interface WooWorld {
  /** Any word: plugins have their own. */
  setStatus(change: OfOrder & { status: string }): void;
}

const refusal = (status: number, code: string, message: string, more: Record<string, unknown> = {}): SandboxAnswer => ({
  status,
  body: { code, message, data: { status, ...more } },
});
const invalidParam = (name: string, message: string): SandboxAnswer =>
  refusal(400, 'rest_invalid_param', `Invalid parameter(s): ${name}`, { params: { [name]: message } });
const noOrder = () => refusal(404, 'woocommerce_rest_shop_order_invalid_id', 'Invalid ID.');

const gmt = (ms: number): string => new Date(ms).toISOString().slice(0, 19);
/** A date as WordPress gives it: twice, and never with a zone. */
const dates = (name: string, ms: number) => ({
  [name]: gmt(ms + SITE_OFFSET_MS),
  [`${name}_gmt`]: gmt(ms),
});
/** `modified_after` and the like beside `dates_are_gmt`: as it stands, unless a zone makes WordPress move it to the site's. */
const asked = (value: string): string =>
  /(Z|[+-]\d\d:\d\d)$/.test(value) ? gmt(Date.parse(value) + SITE_OFFSET_MS) : value;

/** Two decimals at least, whatever the currency: they are a setting of the site. */
const money = (minor: number, currency: string): string => {
  const text = fromMinor(minor, currency);
  return text.includes('.') ? text : `${text}.00`;
};

const ORDER_STATUSES = ['pending', 'processing', 'on-hold', 'completed', 'cancelled', 'refunded', 'failed', 'trash'];
/** Statuses that take the goods off the shelf, and those that put them back. */
const TAKES_STOCK: ReadonlySet<string> = new Set(['processing', 'on-hold', 'completed']);
const GIVES_STOCK: ReadonlySet<string> = new Set(['cancelled', 'pending']);

/** How an order stands when its checkout is over. Cash on delivery is taken for `processing` at once. */
const PLACED: Readonly<Record<PlacedState, string | null>> = {
  pending: 'pending',
  on_hold: 'on-hold',
  // Gateways that authorise leave the order on hold until the money is taken.
  authorised: 'on-hold',
  partly_paid: null,
  paid: 'processing',
  failed: 'failed',
  voided: 'cancelled',
  expired: 'cancelled',
};

const OrderChange = z.object({
  status: z.string().optional(),
  meta_data: z.array(z.object({ key: z.string(), value: z.unknown() })).default([]),
});
/** How a package of ours stands in an order's metadata. */
const ToldPackage = z.object({
  number: z.string(),
  lines: z.array(z.object({ lineExternalId: z.string(), quantity: z.number() })),
});
const NewRefund = z.object({
  amount: z.string().optional(),
  reason: z.string().default(''),
  api_refund: z.boolean().default(true),
  api_restock: z.boolean().default(true),
  meta_data: z.array(z.object({ key: z.string(), value: z.unknown() })).default([]),
  line_items: z
    .array(z.object({ id: z.coerce.number(), quantity: z.number().default(0), refund_total: z.coerce.string() }))
    .default([]),
});
const NewNote = z.object({ note: z.string().min(1), customer_note: z.boolean().default(false) });
const HookChange = z.object({
  name: z.string().optional(),
  status: z.enum(['active', 'paused', 'disabled']).optional(),
  topic: z.string().optional(),
  delivery_url: z.string().optional(),
  secret: z.string().optional(),
});
const StockBatch = z.object({
  update: z.array(
    z.object({ id: z.number(), manage_stock: z.boolean().optional(), stock_quantity: z.number().nullish() }),
  ),
});

/** Of the group “products”; the shop weighs and measures so. */
const SETTINGS: Readonly<Record<string, string>> = { woocommerce_weight_unit: 'kg', woocommerce_dimension_unit: 'cm' };

const MOST_IN_A_BATCH = 100;
/** More failures in a row than this and a webhook is switched off. */
const FAILURES_ALLOWED = 5;

const listedHook = ({ secret: _, failures: __, ...hook }: Hook) => ({
  ...hook,
  resource: hook.topic.split('.')[0],
  event: hook.topic.split('.')[1],
});

/**
 * `notices`: a host that prints PHP notices in front of every answer. `refundList` false: a shop before WooCommerce 9.0, which
 * has no list of all its refunds.
 */
export const serveWooCommerce = async (
  options: SandboxOptions & { notices?: boolean; refundList?: boolean },
): Promise<RunningSandbox & { scene: Scene; storefront: StorefrontWorld & WooWorld }> => {
  const { clock, db } = options;
  const orders = db.table<Order>('woo_orders');
  /** What a list is made of without opening the orders: by time of change, then id. */
  const index = db.table<{ id: number; reference: string; created: string }>('woo_order_index');
  const references = db.table<{ id: number }>('woo_references');
  const refunds = db.table<Refund>('woo_refunds');
  const shipments = db.table<{ id: string; reference: string }>('woo_shipments');
  const notes = db.table<{ id: number; note: string; customer_note: boolean }>('woo_notes');
  const products = db.table<Product>('woo_products');
  const customers = db.table<{ id: number }>('woo_customers');
  const hooks = db.table<Hook>('woo_webhooks');
  const items = db.table<never>('woo_items');
  const posts = db.table<never>('woo_posts');
  const sent = db.table<never>('woo_sent');
  /** Orders whose units are on the shelf; all others have taken theirs, as every order of version 0.1.0 has. */
  const onShelf = db.table<{ id: number }>('woo_orders_on_shelf');
  const cancellations = db.table<{ id: string; reference: string }>('woo_cancellations');
  const upgrades = db.table<{ done: true }>('woo_upgrades');

  const padded = (id: number): string => String(id).padStart(12, '0');
  const newPost = (): number => 100 + posts.nextId();

  // One try and no second one, as WooCommerce does: what is lost here, polling has to find.
  const sender = webhookSender({
    clock,
    db,
    table: 'woo_deliveries',
    retriesMs: [],
    tried({ headers }, ok) {
      const hook = hooks.get(headers['x-wc-webhook-id'] ?? '');
      if (!hook || (ok && hook.failures === 0)) return;
      const failures = ok ? 0 : hook.failures + 1;
      hooks.put(String(hook.id), {
        ...hook,
        failures,
        status: failures > FAILURES_ALLOWED ? 'disabled' : hook.status,
      });
    },
  });
  const enqueue = (delivery: Delivery): void => sender.enqueue(padded(sent.nextId()), delivery);

  const deliveryOf = (hook: Hook, body: string): Delivery => ({
    url: hook.delivery_url,
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'WooCommerce/10.7 Hookshot (WordPress/6.9)',
      'x-wc-webhook-source': 'https://shop.example/',
      'x-wc-webhook-topic': hook.topic,
      'x-wc-webhook-resource': 'order',
      'x-wc-webhook-event': hook.topic.split('.')[1] ?? '',
      'x-wc-webhook-signature': hmacSha256Of(hook.secret, body, 'base64'),
      'x-wc-webhook-id': String(hook.id),
      // A hash of the webhook and the second: two deliveries in one second share it.
      'x-wc-webhook-delivery-id': createHash('md5')
        .update(`${hook.id}${Math.floor(clock.now() / 1000)}`)
        .digest('hex'),
    },
  });
  const emit = (topic: string, order: Order): void => {
    const listening = hooks.all().filter((hook) => hook.topic === topic && hook.status === 'active');
    if (listening.length === 0) return;
    const body = JSON.stringify(order);
    for (const hook of listening) enqueue(deliveryOf(hook, body));
  };

  const metaData = (entries: Readonly<Record<string, unknown>>): Meta[] =>
    Object.entries(entries).map(([key, value]) => ({ id: items.nextId(), key, value }));
  const withMeta = (meta: readonly Meta[], changes: readonly { key: string; value?: unknown }[]): Meta[] => {
    const result = [...meta];
    for (const { key, value } of changes) {
      const at = result.findIndex((m) => m.key === key);
      if (at < 0) result.push({ id: items.nextId(), key, value });
      else result[at] = { id: result[at]?.id ?? 0, key, value };
    }
    return result;
  };
  const metaOf = (meta: readonly Meta[], key: string): unknown => meta.find((m) => m.key === key)?.value;

  /** Stores the order as changed at `atMs` or now, whichever is later: a shop's time of change never goes back. */
  const save = (order: Order, reference: string, created: string, atMs: number): Order => {
    const before = order.date_modified_gmt === '' ? 0 : Date.parse(`${order.date_modified_gmt}Z`);
    const changed: Order = { ...order, ...dates('date_modified', Math.max(clock.now(), atMs, before)) };
    orders.put(String(order.id), changed);
    index.put(padded(order.id), { id: order.id, reference, created }, { a: changed.date_modified_gmt });
    return changed;
  };
  const change = (order: Order, changes: Partial<Order>, atMs = 0): Order => {
    const known = index.get(padded(order.id));
    const changed = save({ ...order, ...changes }, known?.reference ?? '', known?.created ?? '', atMs);
    emit('order.updated', changed);
    return changed;
  };
  /** A change that leaves the order's time of change as it was: its lines, and what a gateway gives back. */
  const changeQuietly = (order: Order, changes: Partial<Order>): Order => {
    const changed: Order = { ...order, ...changes };
    orders.put(String(order.id), changed);
    emit('order.updated', changed);
    return changed;
  };

  /** What a new status brings with it: the shelf, the dates, and the record of a cancellation. */
  const shiftUnits = (order: Order, sign: 1 | -1): void => {
    for (const line of order.line_items)
      moveStock(products.get(String(line.variation_id || line.product_id)), sign * line.quantity);
  };
  const withStatus = (order: Order, status: string, reference = ''): Partial<Order> => {
    const key = String(order.id);
    if (TAKES_STOCK.has(status) && onShelf.get(key)) {
      onShelf.delete(key);
      shiftUnits(order, -1);
    }
    if (GIVES_STOCK.has(status) && !onShelf.get(key)) {
      onShelf.put(key, { id: order.id });
      shiftUnits(order, 1);
    }
    if (status === 'cancelled' && order.status !== 'cancelled')
      cancellations.put(String(items.nextId()), { id: key, reference });
    return {
      status,
      // Set by the status alone, so that cash on delivery has it, too.
      ...(['processing', 'completed'].includes(status) && !order.date_paid_gmt ? dates('date_paid', clock.now()) : {}),
      ...(status === 'completed' ? dates('date_completed', clock.now()) : {}),
    };
  };

  const moveStock = (product: Product | null, by: number): void => {
    if (!product?.manage_stock) return;
    setStock(product, (product.stock_quantity ?? 0) + by);
  };
  const setStock = (product: Product, quantity: number): Product => {
    const stocked = {
      ...product,
      manage_stock: true,
      stock_quantity: quantity,
      stock_status: quantity > 0 ? 'instock' : 'outofstock',
    };
    putProduct(stocked);
    return stocked;
  };
  const putProduct = (product: Product): void =>
    products.put(String(product.id), product, { a: padded(product.parent_id), b: product.sku });
  const childrenOf = (parent: number): Product[] =>
    products
      .byA({ equal: padded(parent) })
      .map((row) => row.document)
      .sort((a, b) => a.id - b.id);
  const shownProduct = (product: Product) => ({
    regular_price: product.price,
    sale_price: '',
    on_sale: false,
    backorders: 'no',
    backorders_allowed: false,
    backordered: false,
    weight: '',
    dimensions: { length: '', width: '', height: '' },
    global_unique_id: '',
    ...product,
    permalink: `https://shop.example/?p=${product.id}`,
    ...(product.type === 'variable' ? { variations: childrenOf(product.id).map((child) => child.id) } : {}),
  });

  const addProduct = (product: Partial<Product> & Pick<Product, 'name' | 'sku'>): Product => {
    const made: Product = {
      parent_id: 0,
      type: 'simple',
      status: 'publish',
      price: '',
      manage_stock: false,
      stock_quantity: null,
      stock_status: 'instock',
      attributes: [],
      ...product,
      id: newPost(),
    };
    putProduct(made);
    return made;
  };

  const NOBODY = { first_name: '', last_name: '', company: '', phone: '' };
  const NOWHERE = { address_1: '', address_2: '', city: '', state: '', postcode: '', country: '' };
  const names = (name: string) => {
    const at = name.lastIndexOf(' ');
    return at < 0
      ? { first_name: name, last_name: '' }
      : { first_name: name.slice(0, at), last_name: name.slice(at + 1) };
  };
  const place = (to: NonNullable<PlacedOrder['shipTo']>) => ({
    ...names(to.name),
    company: to.company,
    address_1: to.line1,
    address_2: to.line2,
    city: to.city,
    state: to.region,
    postcode: to.postalCode,
    country: to.country === 'ZZ' ? '' : to.country,
    phone: to.phone,
  });
  /** Accounts are numbers here: any other name for one is given the next. */
  const customerId = (id: string | null): number => {
    if (id === null) return 0;
    if (/^[1-9]\d{0,8}$/.test(id)) return Number(id);
    const known = customers.get(id) ?? { id: 1_000_000_000 + customers.nextId() };
    customers.put(id, known);
    return known.id;
  };

  const toLine = (line: PlacedOrder['lines'][number], currency: string): Line => {
    const [product = null] = products.byB(line.sku);
    const total = money(line.totalMinor, currency);
    const exact = extend(line.unitPrice, line.quantity, currency) === line.totalMinor;
    return {
      id: items.nextId(),
      name: line.title,
      product_id: product ? product.parent_id || product.id : 0,
      variation_id: product?.parent_id ? product.id : 0,
      quantity: line.quantity,
      tax_class: '',
      subtotal: total,
      subtotal_tax: '0.00',
      total,
      total_tax: '0.00',
      taxes: [],
      meta_data: metaData({ _key: line.key }),
      sku: line.sku,
      // PHP divides the line's total by its quantity, in floats.
      price: ((exact ? Number(line.unitPrice) * line.quantity : Number(total)) || 0) / line.quantity,
    };
  };
  const toCharge = (charge: PlacedOrder['charges'][number], currency: string) => ({
    id: items.nextId(),
    ...(charge.kind === 'shipping'
      ? { method_title: charge.title, method_id: 'flat_rate' }
      : { name: charge.title, tax_status: 'none' }),
    total: money(charge.totalMinor, currency),
    total_tax: '0.00',
    taxes: [],
    meta_data: metaData({ _key: charge.key, ...(charge.code === '' ? {} : { _code: charge.code }) }),
  });

  const storeOrder = (order: PlacedOrder): Order => {
    const { state = 'paid', method = 'bacs' } = order.payment ?? {};
    const placedAs = PLACED[state];
    if (placedAs === null) throw new Error(`WooCommerce has no order that is ${state}`);
    if (order.test === true) throw new Error('WooCommerce has no test orders');
    const status = method === 'cod' && placedAs === 'pending' ? 'processing' : placedAs;
    const billTo = order.billTo === undefined ? order.shipTo : order.billTo;
    const total = [...order.lines, ...order.charges].reduce((sum, part) => sum + part.totalMinor, 0);
    const stored: Order = {
      id: newPost(),
      parent_id: 0,
      number: order.reference,
      status,
      currency: order.currency,
      version: '10.7.0',
      created_via: 'checkout',
      prices_include_tax: false,
      discount_total: '0.00',
      total: money(total, order.currency),
      total_tax: '0.00',
      customer_id: customerId(order.buyer.id),
      customer_note: order.note,
      billing: {
        ...NOBODY,
        ...NOWHERE,
        ...(billTo ? place(billTo) : {}),
        ...names(order.buyer.name),
        email: order.buyer.email,
      },
      shipping: order.shipTo ? place(order.shipTo) : { ...NOBODY, ...NOWHERE },
      payment_method: method,
      ...dates('date_created', order.placedAtMs),
      date_paid: status === 'processing' ? gmt(order.placedAtMs + SITE_OFFSET_MS) : null,
      date_paid_gmt: status === 'processing' ? gmt(order.placedAtMs) : null,
      date_completed: null,
      date_completed_gmt: null,
      date_modified_gmt: '',
      meta_data: [],
      line_items: order.lines.map((line) => toLine(line, order.currency)),
      tax_lines: [],
      shipping_lines: order.charges.filter((c) => c.kind === 'shipping').map((c) => toCharge(c, order.currency)),
      fee_lines: order.charges.filter((c) => c.kind !== 'shipping').map((c) => toCharge(c, order.currency)),
      coupon_lines: [],
      refunds: [],
    };
    references.put(`order:${order.reference}`, { id: stored.id });
    if (TAKES_STOCK.has(status)) shiftUnits(stored, -1);
    else onShelf.put(String(stored.id), { id: stored.id });
    return save(stored, order.reference, gmt(order.placedAtMs), order.placedAtMs);
  };

  /** The lines of a refund are the order's, negative, each with the id of the one that it gives back. */
  const refundLines = (order: Order, lines: z.infer<typeof NewRefund>['line_items'], restock: boolean) =>
    lines.flatMap(({ id, quantity, refund_total }) => {
      const line = order.line_items.find((item) => item.id === id);
      if (!line) return [];
      if (restock) moveStock(products.get(String(line.variation_id || line.product_id)), quantity);
      const total = money(-toMinor(refund_total, order.currency), order.currency);
      return {
        ...line,
        id: items.nextId(),
        quantity: -quantity,
        subtotal: total,
        total,
        price: quantity === 0 ? 0 : Number(total) / -quantity,
        meta_data: metaData({ _refunded_item_id: String(id) }),
      };
    });
  const keepRefund = (made: Refund, createdGmt: string): void =>
    refunds.put(String(made.id), made, { a: createdGmt, b: String(made.parent_id) });
  const refundedMinor = (order: Order): number =>
    refunds.byB(String(order.id)).reduce((sum, given) => sum + toMinor(given.amount, order.currency), 0);
  const refund = (
    order: Order,
    wanted: z.infer<typeof NewRefund>,
    atMs: number,
    byGateway = false,
  ): Refund | SandboxAnswer => {
    const { currency } = order;
    const lines = wanted.line_items.reduce((sum, line) => sum + toMinor(line.refund_total, currency), 0);
    const amount = wanted.amount === undefined ? lines : toMinor(wanted.amount, currency);
    const left = toMinor(order.total, currency) - refundedMinor(order);
    // Nothing is an amount too: units without a price are taken back so. Source: WC_REST_Order_Refunds_Controller, read 2026-12-01.
    if (amount < 0)
      return refusal(400, 'woocommerce_rest_invalid_order_refund', 'Refund amount must be greater than zero.');
    // A 500, although it is a refusal: so WooCommerce passes on every error of making a refund.
    if (amount > left) return refusal(500, 'woocommerce_rest_cannot_create_order_refund', 'Invalid refund amount.');
    const made: Refund = {
      id: newPost(),
      parent_id: order.id,
      ...dates('date_created', atMs),
      amount: money(amount, currency),
      reason: wanted.reason,
      refunded_by: 1,
      refunded_payment: wanted.api_refund,
      meta_data: withMeta([], wanted.meta_data),
      line_items: refundLines(order, wanted.line_items, wanted.api_restock),
    };
    keepRefund(made, gmt(atMs));
    if (byGateway) {
      changeQuietly(order, {});
      return made;
    }
    const total = money(-amount, currency);
    change(
      order,
      {
        refunds: [{ id: made.id, reason: made.reason, total }, ...order.refunds],
        ...(amount === left ? { status: 'refunded' } : {}),
      },
      atMs,
    );
    return made;
  };
  /** The refund as an order's own list has it: there the order is not repeated. */
  const ofItsOrder = ({ parent_id: _, ...refund }: Refund) => refund;
  const listRefunds = (request: SandboxRequest): SandboxAnswer => {
    const query = request.url.searchParams;
    if ((query.get('orderby') ?? 'date') !== 'date')
      return invalidParam('orderby', 'this sandbox sorts refunds by date alone');
    const shift = query.get('dates_are_gmt') === 'true' ? 0 : SITE_OFFSET_MS;
    const after = query.get('after');
    // The bound is exclusive: behind '~' no id comes any more.
    const from = after === null ? {} : { from: gmt(Date.parse(`${asked(after)}Z`) - shift), afterId: '~' };
    const rows = refunds.byA(from).map((row) => row.document);
    return page(request, query.get('order') === 'asc' ? rows : rows.toReversed(), (row) => row);
  };

  const page = <T>(request: SandboxRequest, rows: readonly T[], shown: (row: T) => unknown): SandboxAnswer => {
    const query = request.url.searchParams;
    const size = Number(query.get('per_page') ?? 10);
    const number = Number(query.get('page') ?? 1);
    if (!Number.isInteger(size) || size < 1 || size > 100)
      return invalidParam('per_page', 'per_page must be between 1 (inclusive) and 100 (inclusive)');
    if (!Number.isInteger(number) || number < 1) return invalidParam('page', 'page must be greater than or equal to 1');
    const pages = Math.ceil(rows.length / size);
    const link = (to: number, rel: string) => {
      const url = new URL(request.url);
      url.searchParams.set('page', String(to));
      return `<${url}>; rel="${rel}"`;
    };
    const links = [
      ...(number > 1 ? [link(number - 1, 'prev')] : []),
      ...(number < pages ? [link(number + 1, 'next')] : []),
    ];
    return {
      status: 200,
      headers: {
        'x-wp-total': String(rows.length),
        'x-wp-totalpages': String(pages),
        ...(links.length === 0 ? {} : { link: links.join(', ') }),
      },
      body: rows.slice((number - 1) * size, number * size).map(shown),
    };
  };

  const listOrders = (request: SandboxRequest): SandboxAnswer => {
    const query = request.url.searchParams;
    const orderby = query.get('orderby') ?? 'date';
    if (!['date', 'id', 'include', 'title', 'slug', 'modified'].includes(orderby))
      return invalidParam('orderby', `orderby is not one of date, modified, id, include, title, and slug.`);
    const shift = query.get('dates_are_gmt') === 'true' ? 0 : SITE_OFFSET_MS;
    const bound = (name: string) => {
      const value = query.get(name);
      return value === null ? null : gmt(Date.parse(`${asked(value)}Z`) - shift);
    };
    const after = bound('modified_after');
    const before = bound('modified_before');
    // Both bounds are exclusive: behind '~' no id comes any more.
    const include = query.get('include');
    const ids = include === null ? null : new Set(include.split(',').map(Number));
    const rows = index.byA(after === null ? {} : { from: after, afterId: '~' });
    const found = rows.filter(
      (row) => (before === null || row.a < before) && (ids === null || ids.has(row.document.id)),
    );
    const keyOf = { modified: (row: (typeof rows)[number]) => row.a, id: (row: (typeof rows)[number]) => row.id };
    const key =
      orderby === 'modified' || orderby === 'id'
        ? keyOf[orderby]
        : (row: (typeof rows)[number]) => row.document.created;
    const sorted =
      orderby === 'modified' ? found : found.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
    const ordered = query.get('order') === 'asc' ? sorted : sorted.toReversed();
    return page(request, ordered, (row) => orders.get(String(row.document.id)));
  };

  const orderOf = (request: SandboxRequest): Order | null => orders.get(request.params['id'] ?? '');
  const withOrder =
    (then: (order: Order, request: SandboxRequest) => SandboxAnswer) =>
    (request: SandboxRequest): SandboxAnswer => {
      const order = orderOf(request);
      return order ? then(order, request) : noOrder();
    };
  /** The body by its schema, or the shop's refusal of the first field that does not fit. */
  const withBody = <T>(
    request: SandboxRequest,
    schema: z.ZodType<T>,
    then: (body: T) => SandboxAnswer,
  ): SandboxAnswer => {
    const body = schema.safeParse(request.json());
    if (body.success) return then(body.data);
    const issue = body.error.issues[0];
    return invalidParam(String(issue?.path[0] ?? 'body'), issue?.message ?? '');
  };

  const SHIPMENT = '_crossdock_shipment_';
  const CANCELLATION = '_crossdock_cancel_';
  const updateOrder = withOrder((order, request) =>
    withBody(request, OrderChange, ({ status, meta_data }) => {
      if (status !== undefined && !ORDER_STATUSES.includes(status))
        return invalidParam('status', `status is not one of ${ORDER_STATUSES.join(', ')}.`);
      for (const { key } of meta_data)
        if (key.startsWith(SHIPMENT)) {
          const reference = key.slice(SHIPMENT.length);
          shipments.put(`${order.id}:${reference}`, { id: `${order.id}:${reference}`, reference });
        }
      const asked = meta_data.find(({ key }) => key.startsWith(CANCELLATION))?.key.slice(CANCELLATION.length);
      const body = change(order, {
        meta_data: withMeta(order.meta_data, meta_data),
        ...(status === undefined ? {} : withStatus(order, status, asked)),
      });
      return { status: 200, body };
    }),
  );
  const createRefund = withOrder((order, request) =>
    withBody(request, NewRefund, (wanted) => {
      const made = refund(order, wanted, clock.now());
      return 'amount' in made ? { status: 201, body: made } : made;
    }),
  );
  const createNote = withOrder((order, request) =>
    withBody(request, NewNote, (wanted) => {
      const note = { id: items.nextId(), author: 'Crossdock', ...dates('date_created', clock.now()), ...wanted };
      notes.put(String(note.id), note, { b: String(order.id) });
      return { status: 201, body: note };
    }),
  );

  /** Unknown ids fail for themselves inside the 200; so does every item under a parent that is not there. */
  const setStocks =
    (parentOf: (request: SandboxRequest) => number, code: string) =>
    (request: SandboxRequest): SandboxAnswer =>
      withBody(request, StockBatch, ({ update }) => {
        if (update.length > MOST_IN_A_BATCH)
          return refusal(
            413,
            'woocommerce_rest_request_entity_too_large',
            `Unable to accept more than ${MOST_IN_A_BATCH} items for this request.`,
          );
        const results = update.map(({ id, stock_quantity }) => {
          const product = products.get(String(id));
          if (!product || product.parent_id !== parentOf(request))
            return { id, error: { code, message: 'Invalid ID.', data: { status: 400 } } };
          return shownProduct(setStock(product, stock_quantity ?? product.stock_quantity ?? 0));
        });
        return { status: 200, body: { update: results } };
      });

  const createHook = (request: SandboxRequest): SandboxAnswer =>
    withBody(request, HookChange, ({ topic, delivery_url, secret, name, status }) => {
      if (!topic || !/^[a-z]+\.[a-z]+$/.test(topic))
        return refusal(400, 'woocommerce_rest_webhook_invalid_topic', 'Webhook topic must be valid.');
      if (!delivery_url || !/^https?:\/\//.test(delivery_url))
        return refusal(400, 'woocommerce_rest_webhook_invalid_delivery_url', 'Webhook delivery URL must be valid.');
      const hook: Hook = {
        id: hooks.nextId(),
        name: name ?? topic,
        status: status ?? 'active',
        topic,
        delivery_url,
        secret: secret ?? '',
        failures: 0,
      };
      hooks.put(String(hook.id), hook);
      enqueue({
        url: hook.delivery_url,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `webhook_id=${hook.id}`,
      });
      return { status: 201, body: listedHook(hook) };
    });
  const updateHook = (request: SandboxRequest): SandboxAnswer => {
    const hook = hooks.get(request.params['id'] ?? '');
    if (!hook) return refusal(404, 'woocommerce_rest_shop_webhook_invalid_id', 'Invalid ID.');
    return withBody(request, HookChange, (changes) => {
      const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
      const changed: Hook = { ...hook, ...given, failures: changes.status === 'active' ? 0 : hook.failures };
      hooks.put(String(hook.id), changed);
      return { status: 200, body: listedHook(changed) };
    });
  };

  const deleteHook = (request: SandboxRequest): SandboxAnswer => {
    const hook = hooks.get(request.params['id'] ?? '');
    if (!hook) return refusal(404, 'woocommerce_rest_shop_webhook_invalid_id', 'Invalid ID.');
    if (request.url.searchParams.get('force') !== 'true')
      return refusal(501, 'woocommerce_rest_trash_not_supported', 'Webhooks do not support trashing.');
    hooks.delete(String(hook.id));
    return { status: 200, body: listedHook(hook) };
  };

  const showSetting = ({ params }: SandboxRequest): SandboxAnswer => {
    const id = params['id'] ?? '';
    const value = SETTINGS[id];
    return value === undefined
      ? refusal(404, 'rest_setting_setting_invalid', 'Invalid setting.')
      : { status: 200, body: { id, value, default: value, type: 'select', group_id: 'products' } };
  };

  type Row = [method: string, path: string, handle: (request: SandboxRequest) => SandboxAnswer];
  const refundList: Row = ['GET', '/refunds', listRefunds];
  const routes: Row[] = [
    ['GET', '/orders', listOrders],
    ['GET', '/orders/(?<id>\\d+)', withOrder((order) => ({ status: 200, body: order }))],
    ['PUT', '/orders/(?<id>\\d+)', updateOrder],
    ['GET', '/orders/(?<id>\\d+)/refunds', withOrder((order, r) => page(r, refunds.byB(String(order.id)), ofItsOrder))],
    ['POST', '/orders/(?<id>\\d+)/refunds', createRefund],
    ...(options.refundList === false ? [] : [refundList]),
    [
      'GET',
      '/orders/(?<id>\\d+)/notes',
      withOrder((order, { url }) => ({
        status: 200,
        body: notes
          .byB(String(order.id))
          .filter((note) => url.searchParams.get('type') !== 'customer' || note.customer_note),
      })),
    ],
    ['POST', '/orders/(?<id>\\d+)/notes', createNote],
    ['GET', '/products', (request) => page(request, inOrder(request, childrenOf(0)), shownProduct)],
    [
      'GET',
      '/products/(?<id>\\d+)/variations',
      (request) => page(request, inOrder(request, childrenOf(Number(request.params['id']))), shownProduct),
    ],
    ['POST', '/products/batch', setStocks(() => 0, 'woocommerce_rest_product_invalid_id')],
    [
      'POST',
      '/products/(?<id>\\d+)/variations/batch',
      setStocks(({ params }) => Number(params['id']), 'woocommerce_rest_product_variation_invalid_id'),
    ],
    ['GET', '/settings/products/(?<id>[a-z_]+)', showSetting],
    ['GET', '/webhooks', (request) => page(request, inOrder(request, hooks.all()), listedHook)],
    ['POST', '/webhooks', createHook],
    ['PUT', '/webhooks/(?<id>\\d+)', updateHook],
    ['DELETE', '/webhooks/(?<id>\\d+)', deleteHook],
  ];
  /** Rows that are kept oldest first; the shop's own default is newest first. */
  const inOrder = <T>({ url }: SandboxRequest, rows: T[]): T[] =>
    url.searchParams.get('order') === 'asc' ? rows : rows.toReversed();

  const keys = db.table<{ permissions: string }>('woo_keys');
  const grant = ([permissions = '']: readonly string[]): void => keys.put(KEY, { permissions });
  /** Before anything else is looked at, whatever the path: only the method counts. */
  const lacks = (method: string): SandboxAnswer | null => {
    const permissions = keys.get(KEY)?.permissions ?? 'read_write';
    const right = method === 'GET' || method === 'HEAD' ? 'read' : 'write';
    if (permissions === right || permissions === 'read_write') return null;
    const words = `The API key provided does not have ${right} permissions.`;
    return refusal(401, 'woocommerce_rest_authentication_error', words);
  };
  const authorise = ({ headers, method }: SandboxRequest): SandboxAnswer | null => {
    const [key = '', secret = ''] = Buffer.from(headers['authorization']?.replace(/^Basic /, '') ?? '', 'base64')
      .toString()
      .split(':');
    if (!sameText(key, KEY)) return refusal(401, 'woocommerce_rest_cannot_view', 'Sorry, you cannot list resources.');
    if (!sameText(secret, SECRET))
      return refusal(401, 'woocommerce_rest_authentication_error', 'Consumer secret is invalid.');
    return lacks(method);
  };

  const NOTICE =
    '<br />\n<b>Notice</b>:  Undefined index: [x] in <b>/wp-content/plugins/a/b.php</b> on line <b>7</b><br />\n';
  const printed = (answer: SandboxAnswer): SandboxAnswer =>
    options.notices === true ? { ...answer, body: `${NOTICE}${JSON.stringify(answer.body)}` } : answer;

  if (products.count() === 0) db.transaction(stockShelves);
  if (!upgrades.get('refunds')) db.transaction(nameOrdersOfRefunds);
  /** Refunds of version 0.1.0 did not say whose they are; their orders name them. */
  function nameOrdersOfRefunds(): void {
    for (const order of refunds.count() === 0 ? [] : orders.all())
      for (const { id } of order.refunds) {
        const made = refunds.get(String(id));
        if (made) keepRefund({ ...made, parent_id: order.id }, String(made['date_created_gmt']));
      }
    upgrades.put('refunds', { done: true });
  }
  function stockShelves(): void {
    addProduct({ name: 'Lamp &amp; Shade', sku: 'WOO-LAMP', price: '24.90', manage_stock: true, stock_quantity: 12 });
    addProduct({ name: 'Enamel mug', sku: 'WOO-MUG', price: '7.50' });
    const tee = addProduct({ name: 'Tee', sku: 'WOO-TEE', type: 'variable', price: '18' });
    for (const [option, quantity] of [
      ['Red', 4],
      ['Blue', 0],
    ] as const)
      addProduct({
        name: option,
        sku: `WOO-TEE-${option.toUpperCase()}`,
        parent_id: tee.id,
        type: 'variation',
        price: '18',
        manage_stock: true,
        stock_quantity: quantity,
        attributes: [{ name: 'Colour', option }],
      });
    addProduct({ name: 'Kitchen set', sku: '', type: 'grouped' });
  }

  const server = await serveSandbox({
    name: 'woocommerce',
    clock,
    db,
    ...(options.port === undefined ? {} : { port: options.port }),
    before: [authorise],
    routes: routes.map(([method, path, handle]) => ({
      method,
      path: new RegExp(`^${BASE}${path}$`),
      handle: (request) => printed(handle(request)),
    })),
    words: {
      tooMany: () => ({ status: 429, headers: { 'retry-after': '1' }, body: '<h1>429 Too Many Requests</h1>' }),
      notFound: () => refusal(404, 'rest_no_route', 'No route was found matching the URL and request method.'),
      badJson: () => refusal(400, 'rest_invalid_json', 'Invalid JSON body passed.'),
    },
  });

  const named = (reference: string): Order => {
    const order = orders.get(String(references.get(`order:${reference}`)?.id ?? ''));
    if (!order) throw new Error(`there is no order ${reference}`);
    return order;
  };
  const lineNamed = (order: Order, lineKey: string): Line => {
    const line = order.line_items.find((item) => metaOf(item.meta_data, '_key') === lineKey);
    if (!line) throw new Error(`there is no line ${lineKey} of an order ${order.number}`);
    return line;
  };
  const only = (order: Order, statuses: readonly string[], what: string): void => {
    if (!statuses.includes(order.status)) throw new Error(`order ${order.number}: ${what} (${order.status})`);
  };
  /** A change of status by people, from one of these. */
  const moving =
    (from: readonly string[], to: string, what: string) =>
    ({ orderReference, atMs }: OfOrder): void =>
      db.transaction(() => {
        const order = named(orderReference);
        only(order, from, what);
        change(order, withStatus(order, to), atMs);
      });
  const pay = moving(['pending', 'on-hold', 'failed'], 'processing', 'there is nothing to pay');

  const people: Omit<StorefrontWorld, 'addListing' | 'placeOrder' | 'refund' | 'told' | 'webhooks'> & WooWorld = {
    pay(wanted) {
      const { total, currency } = named(wanted.orderReference);
      if (wanted.amountMinor !== undefined && wanted.amountMinor !== toMinor(total, currency))
        throw new Error('a WooCommerce order is paid whole or not at all');
      pay(wanted);
    },
    capture: moving(['on-hold'], 'processing', 'no authorised money to take'),
    void: moving(['on-hold'], 'cancelled', 'no authorisation to give up'),
    // An unpaid order is cancelled when the time for which the shop holds its stock is over.
    expire: moving(['pending'], 'cancelled', 'nothing that could expire'),
    fail: moving(['pending', 'on-hold'], 'failed', 'no payment that could be refused'),
    hold: moving(['pending', 'processing', 'failed'], 'on-hold', 'it cannot be held'),
    release: moving(['on-hold'], 'processing', 'it is not held'),
    cancel: ({ orderReference, refund: giveBack = false, atMs = clock.now() }) =>
      db.transaction(() => {
        const order = named(orderReference);
        only(order, ['pending', 'processing', 'on-hold', 'failed', 'completed'], 'it is over already');
        const left = toMinor(order.total, order.currency) - refundedMinor(order);
        if (giveBack && left > 0) {
          const whole = { amount: fromMinor(left, order.currency), reason: 'Order cancelled', api_refund: false };
          refund(order, NewRefund.parse({ ...whole, api_restock: false }), atMs, true);
        }
        change(named(orderReference), withStatus(order, 'cancelled'), atMs);
      }),
    edit: ({ orderReference, lineKey, quantity }) =>
      db.transaction(() => {
        const order = named(orderReference);
        const line = lineNamed(order, lineKey);
        const share = (text: string) => Math.round((toMinor(text, order.currency) * quantity) / line.quantity);
        const edited = {
          ...line,
          quantity,
          subtotal: money(share(line.subtotal), order.currency),
          total: money(share(line.total), order.currency),
        };
        const saved = toMinor(line.total, order.currency) - share(line.total);
        if (!onShelf.get(String(order.id)))
          moveStock(products.get(String(line.variation_id || line.product_id)), line.quantity - quantity);
        changeQuietly(order, {
          line_items: order.line_items.flatMap((item) =>
            item.id !== line.id ? [item] : quantity === 0 ? [] : [edited],
          ),
          total: money(toMinor(order.total, order.currency) - saved, order.currency),
        });
      }),
    changeAddress: ({ orderReference, shipTo, billTo, atMs }) =>
      db.transaction(() => {
        const order = named(orderReference);
        change(
          order,
          {
            shipping: shipTo ? place(shipTo) : { ...NOBODY, ...NOWHERE },
            ...(billTo === undefined
              ? {}
              : {
                  billing: {
                    ...NOBODY,
                    ...NOWHERE,
                    ...(billTo ? place(billTo) : {}),
                    email: order.billing['email'] ?? '',
                  },
                }),
          },
          atMs,
        );
      }),
    fulfil: ({ orderReference, lines, atMs }) =>
      db.transaction(() => {
        const order = named(orderReference);
        const whole =
          lines === undefined ||
          order.line_items.every((line) =>
            lines.some((l) => l.lineKey === metaOf(line.meta_data, '_key') && l.quantity === line.quantity),
          );
        if (!whole) throw new Error('WooCommerce has no partial fulfilment');
        only(order, ['pending', 'processing', 'on-hold'], 'it cannot be completed');
        change(order, withStatus(order, 'completed'), atMs);
      }),
    assessRisk() {
      throw new Error('WooCommerce gives no advice on fraud');
    },
    setStatus: ({ orderReference, status, atMs }) =>
      db.transaction(() => {
        const order = named(orderReference);
        change(order, withStatus(order, status), atMs);
      }),
  };

  const storefront: StorefrontWorld & WooWorld = {
    ...people,
    addListing: ({ sku, title, price, quantity, facts }) =>
      db.transaction(() => {
        const [known] = products.byB(sku);
        const change = {
          name: title,
          sku,
          price,
          manage_stock: true,
          stock_quantity: quantity,
          ...(facts?.weightGrams === undefined ? {} : { weight: String(facts.weightGrams / 1_000) }),
          ...(facts?.gtin === undefined ? {} : { global_unique_id: facts.gtin }),
        };
        if (!known) return { externalVariantId: String(addProduct(change).id) };
        putProduct({ ...known, ...change });
        return { externalVariantId: String(known.id) };
      }),
    placeOrder: (order) =>
      db.transaction(() => {
        const known = references.get(`order:${order.reference}`);
        if (known) return { externalId: String(known.id) };
        const stored = storeOrder(order);
        emit('order.created', stored);
        return { externalId: String(stored.id) };
      }),
    refund: ({ orderReference, reference, lineKey, quantity = 0, totalMinor, restock = false, byGateway, atMs }) =>
      db.transaction(() => {
        const known = references.get(`refund:${reference}`);
        if (known) return { externalId: String(known.id) };
        const order = named(orderReference);
        const total = fromMinor(totalMinor, order.currency);
        const line_items =
          lineKey === undefined ? [] : [{ id: lineNamed(order, lineKey).id, quantity, refund_total: total }];
        const wanted = { amount: total, reason: reference, line_items, api_refund: false, api_restock: restock };
        const made = refund(order, NewRefund.parse(wanted), atMs, byGateway);
        if (!('amount' in made)) throw new Error(`the shop refuses refund ${reference}: ${JSON.stringify(made.body)}`);
        references.put(`refund:${reference}`, { id: made.id });
        return { externalId: String(made.id) };
      }),
    told: () =>
      orders.all().flatMap(({ id, meta_data }) =>
        meta_data
          .filter(({ key }) => key.startsWith(SHIPMENT))
          .map(({ value }) => {
            const { number, lines } = ToldPackage.parse(value);
            return { orderExternalId: String(id), tracking: number, lines };
          }),
      ),
    webhooks: () => ({ waiting: sender.waiting(), ...sender.counts() }),
  };

  let scenes = 0;
  /** A second apart, the last three in one. */
  const placeOrders = (count: number): string[] => {
    const from = clock.now();
    return Array.from({ length: count }, (_, i) => {
      scenes += 1;
      const { externalId } = storefront.placeOrder({
        reference: `SCENE-${scenes}`,
        placedAtMs: from + Math.min(i, Math.max(0, count - 3)) * 1000,
        currency: 'GBP',
        buyer: { id: '17850', name: 'Ada Example', email: 'ada@example.com' },
        shipTo: Address.parse({
          name: 'Ada Example',
          company: '',
          line1: '1 Market Street',
          line2: '',
          city: 'Leeds',
          region: '',
          postalCode: 'LS1 1AA',
          country: 'GB',
          phone: '+441130000000',
          email: 'ada@example.com',
        }),
        lines: [
          { key: '1', sku: 'WOO-LAMP', title: 'Lamp &amp; Shade', quantity: 3, unitPrice: '24.90', totalMinor: 7470 },
          { key: '2', sku: 'WOO-TEE-RED', title: 'Tee &#8211; Red', quantity: 1, unitPrice: '18', totalMinor: 1800 },
        ],
        charges: [{ key: 's', kind: 'shipping', code: '', title: 'Royal Mail', totalMinor: 395 }],
        note: '',
      });
      return externalId;
    });
  };

  const refundReference = (reason: string): string => /\[([^\]]*)\]$/.exec(reason)?.[1] ?? reason;
  return {
    ...server,
    credentials: { site: server.url, consumerKey: KEY, consumerSecret: SECRET },
    settings: {},
    grant,
    effects: (kind: Effect) => {
      if (kind === 'cancellations') return cancellations.all();
      if (kind === 'orders') return index.all().map(({ id, reference }) => ({ id: String(id), reference }));
      if (kind === 'refunds')
        return refunds
          .all()
          .filter(({ amount }) => Number(amount) > 0)
          .map(({ id, reason }) => ({ id: String(id), reference: refundReference(reason) }));
      return kind === 'confirmations' ? shipments.all() : [];
    },
    close: async () => {
      sender.close();
      await server.close();
    },
    storefront,
    scene: {
      placeOrders,
      orderWebhook(id) {
        const hook: Hook = {
          id: 1,
          name: '',
          status: 'active',
          topic: 'order.updated',
          delivery_url: 'http://127.0.0.1:9/',
          secret: 'whs-4711-sandbox',
          failures: 0,
        };
        const { headers, body } = deliveryOf(hook, JSON.stringify(orders.get(id)));
        return { headers, body, secret: hook.secret };
      },
      shownQuantity: (id) => products.get(id)?.stock_quantity ?? null,
    },
  };
};

export const woocommerceSandbox: Harness = {
  writes: {
    'shipments.confirm': { method: 'PUT', path: /\/orders\/\d+$/ },
    'shipments.update': { method: 'POST', path: /\/notes$/ },
    'refunds.create': { method: 'POST', path: /\/refunds$/ },
    'orders.cancel': { method: 'PUT', path: /\/orders\/\d+$/ },
  },
  start: serveWooCommerce,
};

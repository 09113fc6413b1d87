import { createHash } from 'node:crypto';
import { z } from 'zod';
import { extend, fromMinor, hmacSha256Of, sameText, toMinor } from '#kit';
import {
  type Delivery,
  type Harness,
  type PlacedOrder,
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
 * shop does, and what shops were seen to do beside it. Not here: `dp`, taxes, coupons, deleting.
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
  meta_data: Meta[];
  line_items: Line[];
  refunds: { id: number; reason: string; total: string }[];
  [field: string]: unknown;
}
interface Refund {
  id: number;
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
const OrderChange = z.object({
  status: z.string().optional(),
  meta_data: z.array(z.object({ key: z.string(), value: z.unknown() })).default([]),
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

const MOST_IN_A_BATCH = 100;
/** More failures in a row than this and a webhook is switched off. */
const FAILURES_ALLOWED = 5;

const listedHook = ({ secret: _, failures: __, ...hook }: Hook) => ({
  ...hook,
  resource: hook.topic.split('.')[0],
  event: hook.topic.split('.')[1],
});

/** `notices`: a host that prints PHP notices in front of every answer. */
export const serveWooCommerce = async (
  options: SandboxOptions & { notices?: boolean },
): Promise<RunningSandbox & { scene: Scene; storefront: StorefrontWorld }> => {
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
    ...product,
    regular_price: product.price,
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
    moveStock(product, -line.quantity);
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
    const total = [...order.lines, ...order.charges].reduce((sum, part) => sum + part.totalMinor, 0);
    const stored: Order = {
      id: newPost(),
      parent_id: 0,
      number: order.reference,
      status: 'processing',
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
        ...(order.shipTo ? place(order.shipTo) : {}),
        ...names(order.buyer.name),
        email: order.buyer.email,
      },
      shipping: order.shipTo ? place(order.shipTo) : { ...NOBODY, ...NOWHERE },
      payment_method: 'bacs',
      ...dates('date_created', order.placedAtMs),
      ...dates('date_paid', order.placedAtMs),
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
  const refund = (order: Order, wanted: z.infer<typeof NewRefund>, atMs: number): Refund | SandboxAnswer => {
    const { currency } = order;
    const given = order.refunds.reduce((sum, r) => sum - toMinor(r.total, currency), 0);
    const lines = wanted.line_items.reduce((sum, line) => sum + toMinor(line.refund_total, currency), 0);
    const amount = wanted.amount === undefined ? lines : toMinor(wanted.amount, currency);
    const left = toMinor(order.total, currency) - given;
    if (amount <= 0)
      return refusal(400, 'woocommerce_rest_invalid_order_refund', 'Refund amount must be greater than zero.');
    // A 500, although it is a refusal: so WooCommerce passes on every error of making a refund.
    if (amount > left) return refusal(500, 'woocommerce_rest_cannot_create_order_refund', 'Invalid refund amount.');
    const made: Refund = {
      id: newPost(),
      ...dates('date_created', atMs),
      amount: money(amount, currency),
      reason: wanted.reason,
      refunded_by: 1,
      refunded_payment: wanted.api_refund,
      meta_data: withMeta([], wanted.meta_data),
      line_items: refundLines(order, wanted.line_items, wanted.api_restock),
    };
    refunds.put(String(made.id), made, { b: String(order.id) });
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
    const rows = index.byA(after === null ? {} : { from: after, afterId: '~' });
    const found = before === null ? rows : rows.filter((row) => row.a < before);
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
  const updateOrder = withOrder((order, request) =>
    withBody(request, OrderChange, ({ status, meta_data }) => {
      if (status !== undefined && !ORDER_STATUSES.includes(status))
        return invalidParam('status', `status is not one of ${ORDER_STATUSES.join(', ')}.`);
      for (const { key } of meta_data)
        if (key.startsWith(SHIPMENT)) {
          const reference = key.slice(SHIPMENT.length);
          shipments.put(`${order.id}:${reference}`, { id: `${order.id}:${reference}`, reference });
        }
      const body = change(order, {
        meta_data: withMeta(order.meta_data, meta_data),
        ...(status === undefined ? {} : { status }),
        ...(status === 'completed' ? dates('date_completed', clock.now()) : {}),
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

  const routes: [method: string, path: string, handle: (request: SandboxRequest) => SandboxAnswer][] = [
    ['GET', '/orders', listOrders],
    ['GET', '/orders/(?<id>\\d+)', withOrder((order) => ({ status: 200, body: order }))],
    ['PUT', '/orders/(?<id>\\d+)', updateOrder],
    ['GET', '/orders/(?<id>\\d+)/refunds', withOrder((order, r) => page(r, refunds.byB(String(order.id)), (x) => x))],
    ['POST', '/orders/(?<id>\\d+)/refunds', createRefund],
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
    ['GET', '/webhooks', (request) => page(request, inOrder(request, hooks.all()), listedHook)],
    ['POST', '/webhooks', createHook],
    ['PUT', '/webhooks/(?<id>\\d+)', updateHook],
  ];
  /** Rows that are kept oldest first; the shop's own default is newest first. */
  const inOrder = <T>({ url }: SandboxRequest, rows: T[]): T[] =>
    url.searchParams.get('order') === 'asc' ? rows : rows.toReversed();

  const authorise = ({ headers }: SandboxRequest): SandboxAnswer | null => {
    const [key = '', secret = ''] = Buffer.from(headers['authorization']?.replace(/^Basic /, '') ?? '', 'base64')
      .toString()
      .split(':');
    if (!sameText(key, KEY)) return refusal(401, 'woocommerce_rest_cannot_view', 'Sorry, you cannot list resources.');
    if (!sameText(secret, SECRET))
      return refusal(401, 'woocommerce_rest_authentication_error', 'Consumer secret is invalid.');
    return null;
  };

  const NOTICE =
    '<br />\n<b>Notice</b>:  Undefined index: [x] in <b>/wp-content/plugins/a/b.php</b> on line <b>7</b><br />\n';
  const printed = (answer: SandboxAnswer): SandboxAnswer =>
    options.notices === true ? { ...answer, body: `${NOTICE}${JSON.stringify(answer.body)}` } : answer;

  if (products.count() === 0) db.transaction(stockShelves);
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

  const storefront: StorefrontWorld = {
    addListing: ({ sku, title, price, quantity }) =>
      db.transaction(() => {
        const [known] = products.byB(sku);
        const change = { name: title, sku, price, manage_stock: true, stock_quantity: quantity };
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
    refund: ({ orderReference, reference, lineKey, quantity, totalMinor, atMs }) =>
      db.transaction(() => {
        const known = references.get(`refund:${reference}`);
        if (known) return { externalId: String(known.id) };
        const order = orders.get(String(references.get(`order:${orderReference}`)?.id ?? ''));
        const line = order?.line_items.find((item) => metaOf(item.meta_data, '_key') === lineKey);
        if (!order || !line) throw new Error(`there is no line ${lineKey} of an order ${orderReference}`);
        const total = fromMinor(totalMinor, order.currency);
        const wanted = {
          amount: total,
          reason: reference,
          line_items: [{ id: line.id, quantity, refund_total: total }],
        };
        const made = refund(order, NewRefund.parse({ ...wanted, api_refund: false, api_restock: false }), atMs);
        if (!('amount' in made)) throw new Error(`the shop refuses refund ${reference}: ${JSON.stringify(made.body)}`);
        references.put(`refund:${reference}`, { id: made.id });
        return { externalId: String(made.id) };
      }),
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
        shipTo: {
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
          made: false,
        },
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
    effects: (kind) => {
      if (kind === 'orders') return index.all().map(({ id, reference }) => ({ id: String(id), reference }));
      if (kind === 'refunds')
        return refunds.all().map(({ id, reason }) => ({ id: String(id), reference: refundReference(reason) }));
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
    'refunds.create': { method: 'POST', path: /\/refunds$/ },
  },
  start: serveWooCommerce,
};

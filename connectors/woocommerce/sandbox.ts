import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Address, extend, fromMinor, hmacSha256Of, toMinor } from '#kit';
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
import { signIn } from './sandbox-auth.ts';
import {
  BATCH_BODY,
  Batch,
  HOOK_BODY,
  HookChange,
  type Metas,
  NEW_ORDER_BODY,
  NewNote,
  NewOrder,
  NewRefund,
  NOTE_BODY,
  ORDER_BODY,
  OrderChange,
  PRODUCT_BODY,
  ProductChange,
  REFUND_BODY,
} from './sandbox-bodies.ts';
import { HOOK_LIST, ORDER_LIST, ORDER_STATUSES, PRODUCT_LIST, REFUND_LIST, VARIATION_LIST } from './sandbox-lists.ts';
import {
  checkNames,
  checkParameters,
  type Entry,
  gmt,
  invalidParam,
  listOf,
  parametersOf,
  refusal,
  unsupported,
  withFields,
} from './sandbox-query.ts';
import {
  BASE,
  dates,
  type Hook,
  type Line,
  type Meta,
  money,
  type Order,
  type Product,
  type Refund,
  sentOrder,
  shownHook,
  shownOrder,
  shownProduct,
  shownRefund,
  shownVariation,
  withDecimals,
} from './sandbox-shape.ts';

/*
 * A WooCommerce shop that remembers: what the documentation of REST v3 (wp-api-v3 at 13d61967911c, read 2026-11-24) says a
 * shop does, and what shops were seen to do beside it. Not here: taxes, coupons, and what is answered with `sandbox_unsupported`.
 * The rules of stock and of dates at a change of status are those of WooCommerce's own code (wc_maybe_reduce_stock_levels,
 * wc_maybe_increase_stock_levels, WC_Order::maybe_set_date_paid), as seen in public copies, read 2026-11-30.
 */

const KEY = 'ck_5a4dbb0c5f1e4c7f9a3b';
const SECRET = 'cs_2f7c61d09be84d1a8c55';

/** What plugins do to a shop. */
interface WooWorld {
  /** Any word: plugins have their own. */
  setStatus(change: OfOrder & { status: string }): void;
}

const noOrder = () => refusal(404, 'woocommerce_rest_shop_order_invalid_id', 'Invalid ID.');

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

/** How a package of ours stands in an order's metadata. */
const ToldPackage = z.object({
  number: z.string(),
  lines: z.array(z.object({ lineExternalId: z.string(), quantity: z.number() })),
});
/** Of the group “products”; the shop weighs and measures so. */
const SETTINGS: Readonly<Record<string, string>> = { woocommerce_weight_unit: 'kg', woocommerce_dimension_unit: 'cm' };

const MOST_IN_A_BATCH = 100;
/** More failures in a row than this and a webhook is switched off. */
const FAILURES_ALLOWED = 5;

/** Source: wc_is_webhook_valid_topic, as seen in public copies, read 2026-12-01. */
const TOPIC = /^(?:(?:coupon|customer|order|product)\.(?:created|updated|deleted|restored)|action\..+)$/;

/** Routes that WooCommerce documents and this sandbox lacks. */
const LACKING =
  /^\/(orders\/batch|webhooks\/batch|products(\/\d+(\/variations(\/\d+)?)?)?|orders\/\d+\/(notes|refunds)\/\d+|(coupons|customers|reports|taxes|settings|payment_gateways|shipping|shipping_methods|system_status|data|products\/(categories|tags|attributes|reviews|shipping_classes))(\/.*)?)$/;

/**
 * `notices`: a host that prints PHP notices in front of every answer. `refundList` false: a shop before WooCommerce 9.0, which
 * has no list of all its refunds.
 */
export const serveWooCommerce = async (
  options: SandboxOptions & { notices?: boolean; refundList?: boolean },
): Promise<
  RunningSandbox & { scene: Scene; storefront: StorefrontWorld & WooWorld; strangers(): readonly string[] }
> => {
  const { clock, db } = options;
  const orders = db.table<Order>('woo_orders');
  /** What a list is made of without opening the orders: by time of change, then id. */
  const index = db.table<{ id: number; reference: string; created: string; status?: string }>('woo_order_index');
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
    // Of what is gone its id is left.
    const body = JSON.stringify(topic === 'order.deleted' ? { id: order.id } : sentOrder(order));
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
    index.put(
      padded(order.id),
      { id: order.id, reference, created, status: order.status },
      { a: changed.date_modified_gmt },
    );
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
  const stockStatus = (quantity: number, backorders = 'no'): string =>
    quantity > 0 ? 'instock' : backorders === 'no' ? 'outofstock' : 'onbackorder';
  const setStock = (product: Product, quantity: number): void =>
    putProduct({ ...product, stock_quantity: quantity, stock_status: stockStatus(quantity, product.backorders) });
  const putProduct = (product: Product): void =>
    products.put(
      String(product.id),
      { ...product, changedMs: clock.now() },
      { a: padded(product.parent_id), b: product.sku },
    );
  const childrenOf = (parent: number): Product[] =>
    products
      .byA({ equal: padded(parent) })
      .map((row) => row.document)
      .sort((a, b) => a.id - b.id);
  const addProduct = (product: Partial<Product> & Pick<Product, 'name' | 'sku'>): Product => {
    const made: Product = {
      parent_id: 0,
      type: 'simple',
      status: 'publish',
      price: '',
      manage_stock: false,
      stock_quantity: null,
      stock_status: product.manage_stock ? stockStatus(product.stock_quantity ?? 0) : 'instock',
      attributes: [],
      madeMs: clock.now(),
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

  const blank = (currency: string, atMs: number): Order => ({
    id: 0,
    parent_id: 0,
    number: '',
    status: 'pending',
    currency,
    version: '10.7.0',
    created_via: 'checkout',
    prices_include_tax: false,
    total: '0.00',
    total_tax: '0.00',
    customer_id: 0,
    customer_note: '',
    billing: {},
    shipping: {},
    payment_method: '',
    ...dates('date_created', atMs),
    date_paid: null,
    date_paid_gmt: null,
    date_completed: null,
    date_completed_gmt: null,
    date_modified_gmt: '',
    meta_data: [],
    line_items: [],
    tax_lines: [],
    shipping_lines: [],
    fee_lines: [],
    coupon_lines: [],
    refunds: [],
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
      ...blank(order.currency, order.placedAtMs),
      id: newPost(),
      number: order.reference,
      status,
      total: money(total, order.currency),
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
      ...(status === 'processing' ? dates('date_paid', order.placedAtMs) : {}),
      line_items: order.lines.map((line) => toLine(line, order.currency)),
      shipping_lines: order.charges.filter((c) => c.kind === 'shipping').map((c) => toCharge(c, order.currency)),
      fee_lines: order.charges.filter((c) => c.kind !== 'shipping').map((c) => toCharge(c, order.currency)),
    };
    return keepNew(stored, order.reference, order.placedAtMs);
  };
  const keepNew = (stored: Order, reference: string, atMs: number): Order => {
    references.put(`order:${reference}`, { id: stored.id });
    if (TAKES_STOCK.has(stored.status)) shiftUnits(stored, -1);
    else onShelf.put(String(stored.id), { id: stored.id });
    return save(stored, reference, gmt(atMs), atMs);
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
  const memo = <T>(make: () => T): (() => T) => {
    let made: T | undefined;
    return () => {
      made ??= make();
      return made;
    };
  };
  const refundEntry = (made: Refund): Entry<Refund> => {
    const created = String(made['date_created_gmt']);
    return { id: made.id, created, modified: created, row: () => made };
  };
  const productEntry = (product: Product): Entry<Product> => {
    const { id, madeMs = 0, changedMs = madeMs } = product;
    return { id, created: gmt(madeMs), modified: gmt(changedMs), row: () => product };
  };
  const hookEntry = (hook: Hook): Entry<Hook> => {
    const { id, madeMs = 0, changedMs = madeMs } = hook;
    return { id, created: gmt(madeMs), modified: gmt(changedMs), row: () => hook };
  };
  const orderEntries = (): Entry<Order>[] =>
    index.byA({}).map(({ a, document: { id, created, status } }) => ({
      id,
      created,
      modified: a,
      status,
      row: memo(() => orders.get(String(id)) ?? fail(`order ${id} is in the index alone`)),
    }));
  const fail = (what: string): never => {
    throw new Error(what);
  };

  /** `dp` rounds the amounts of orders and refunds; without it they have the site's own decimals. */
  const inDecimals = ({ url }: SandboxRequest, shown: unknown): unknown => {
    const places = url.searchParams.get('dp');
    return places === null ? shown : withDecimals(shown, Math.abs(Math.trunc(Number(places) || 0)));
  };
  const viewOrder = (request: SandboxRequest, order: Order) =>
    inDecimals(request, shownOrder(order, request.url.origin));
  const viewRefund = (request: SandboxRequest, made: Refund) =>
    inDecimals(request, shownRefund(made, request.url.origin));
  const viewProduct = ({ url }: SandboxRequest, product: Product) =>
    product.parent_id === 0
      ? shownProduct(
          product,
          product.type === 'variable' ? childrenOf(product.id).map((child) => child.id) : [],
          url.origin,
        )
      : shownVariation(product, url.origin);
  const viewHook = ({ url }: SandboxRequest, hook: Hook) => shownHook(hook, url.origin);

  const listOrders = (request: SandboxRequest): SandboxAnswer =>
    listOf(request, orderEntries(), ORDER_LIST, (order) => viewOrder(request, order));
  /** The shop's own list names the order of each refund. */
  const listRefunds = (request: SandboxRequest): SandboxAnswer =>
    listOf(request, refunds.all().map(refundEntry), REFUND_LIST, (made) => ({
      ...Object(viewRefund(request, made)),
      parent_id: made.parent_id,
    }));
  const listProducts = (request: SandboxRequest): SandboxAnswer => {
    // Asked for by SKU, variations are found too. Source: WC_REST_Products_Controller::prepare_objects_query, read 2026-12-01.
    const rows = request.url.searchParams.has('sku') ? products.all() : childrenOf(0);
    return listOf(request, rows.map(productEntry), PRODUCT_LIST, (product) => viewProduct(request, product));
  };

  const orderOf = (request: SandboxRequest): Order | null => orders.get(request.params['id'] ?? '');
  const withOrder =
    (then: (order: Order, request: SandboxRequest) => SandboxAnswer) =>
    (request: SandboxRequest): SandboxAnswer => {
      const order = orderOf(request);
      return order ? then(order, request) : noOrder();
    };

  /** Names that nobody documents, as `POST /orders: colour`: the shop ignores them. */
  const strangers = new Set<string>();
  const noteStranger =
    ({ method, url }: SandboxRequest) =>
    (name: string): void => {
      strangers.add(`${method} ${url.pathname.slice(BASE.length).replace(/\d+/g, '{id}')}: ${name}`);
    };
  /** The body by its schema, or the shop's refusal of the first field that does not fit. */
  const withBody = <T>(
    request: SandboxRequest,
    schema: z.ZodType<T>,
    known: Readonly<Record<string, boolean>>,
    then: (body: T) => SandboxAnswer,
  ): SandboxAnswer => {
    const given = request.json();
    const lacks = checkNames(Object.keys(Object(given)), known, 'field', noteStranger(request));
    if (lacks) return lacks;
    const body = schema.safeParse(given);
    if (body.success) return then(body.data);
    const issue = body.error.issues[0];
    return invalidParam(String(issue?.path[0] ?? 'body'), issue?.message ?? '');
  };

  const SHIPMENT = '_crossdock_shipment_';
  const CANCELLATION = '_crossdock_cancel_';
  const badStatus = (status: string | undefined): SandboxAnswer | null =>
    status === undefined || ORDER_STATUSES.includes(status)
      ? null
      : invalidParam('status', `status is not one of ${ORDER_STATUSES.join(', ')}.`);
  /** What a body says of an order beside its status and what is in it; parts of an address that it leaves out stay. */
  const saidOf = (given: z.infer<typeof OrderChange>, order: Pick<Order, 'billing' | 'shipping' | 'meta_data'>) => {
    const { billing, shipping, meta_data, set_paid: _, status: __, ...rest } = given;
    return {
      ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
      billing: { ...order.billing, ...billing },
      shipping: { ...order.shipping, ...shipping },
      meta_data: withMeta(order.meta_data, meta_data),
    };
  };
  /** An order that is paid by a call is taken for processing, wherever it stood before. */
  const statusOf = ({ status, set_paid }: z.infer<typeof OrderChange>, before: string): string | undefined =>
    status ?? (set_paid && ['pending', 'on-hold', 'failed'].includes(before) ? 'processing' : undefined);

  const updateOrder = withOrder((order, request) =>
    withBody(request, OrderChange, ORDER_BODY, (given) => {
      const refused = badStatus(given.status);
      if (refused) return refused;
      for (const { key } of given.meta_data)
        if (key.startsWith(SHIPMENT)) {
          const reference = key.slice(SHIPMENT.length);
          shipments.put(`${order.id}:${reference}`, { id: `${order.id}:${reference}`, reference });
        }
      const asked = given.meta_data.find(({ key }) => key.startsWith(CANCELLATION))?.key.slice(CANCELLATION.length);
      const status = statusOf(given, order.status);
      const changed = change(order, {
        ...saidOf(given, order),
        ...(status === undefined ? {} : withStatus(order, status, asked)),
      });
      return { status: 200, body: viewOrder(request, changed) };
    }),
  );

  const newLine = (given: z.infer<typeof NewOrder>['line_items'][number], currency: string): Line | SandboxAnswer => {
    const { product_id, variation_id, quantity, meta_data } = given;
    const [bySku = null] = given.sku ? products.byB(given.sku) : [];
    const product = products.get(String(variation_id || product_id)) ?? bySku;
    if (!product && !given.name)
      return refusal(400, 'woocommerce_rest_required_product_reference', 'Product ID or SKU is required.');
    const priced = toMinor(product?.price || '0', currency) * quantity;
    const subtotal = given.subtotal === undefined ? priced : toMinor(given.subtotal, currency);
    const total = given.total === undefined ? subtotal : toMinor(given.total, currency);
    return {
      id: items.nextId(),
      name: given.name ?? product?.name ?? '',
      product_id: product ? product.parent_id || product.id : 0,
      variation_id: product?.parent_id ? product.id : 0,
      quantity,
      tax_class: '',
      subtotal: money(subtotal, currency),
      subtotal_tax: '0.00',
      total: money(total, currency),
      total_tax: '0.00',
      taxes: [],
      meta_data: withMeta([], meta_data),
      sku: product?.sku ?? '',
      price: quantity === 0 ? 0 : Number(money(total, currency)) / quantity,
    };
  };
  const newCharge = <T extends { total: string; meta_data: z.infer<typeof Metas> }>(given: T, currency: string) => ({
    ...given,
    id: items.nextId(),
    total: money(toMinor(given.total, currency), currency),
    total_tax: '0.00',
    taxes: [],
    meta_data: withMeta([], given.meta_data),
  });
  const createOrder = (request: SandboxRequest): SandboxAnswer =>
    withBody(request, NewOrder, NEW_ORDER_BODY, (given) => {
      const refused = badStatus(given.status);
      if (refused) return refused;
      const { line_items, shipping_lines, fee_lines, currency = 'GBP' } = given;
      const lines: Line[] = [];
      for (const line of line_items) {
        const made = newLine(line, currency);
        if ('status' in made) return made;
        lines.push(made);
      }
      const shipping = shipping_lines.map((line) => newCharge(line, currency));
      const fees = fee_lines.map((line) => newCharge({ tax_status: 'none', ...line }, currency));
      const total = [...lines, ...shipping, ...fees].reduce((sum, part) => sum + toMinor(part.total, currency), 0);
      const id = newPost();
      const now = clock.now();
      const party = { ...NOBODY, ...NOWHERE };
      const said = saidOf(given, { billing: { ...party, email: '' }, shipping: party, meta_data: [] });
      const status = statusOf(given, 'pending') ?? 'pending';
      const isPaid = ['processing', 'completed'].includes(status);
      const stored = keepNew(
        {
          ...blank(currency, now),
          id,
          number: String(id),
          created_via: 'rest-api',
          ...said,
          status,
          total: money(total, currency),
          ...(isPaid ? dates('date_paid', now) : {}),
          ...(status === 'completed' ? dates('date_completed', now) : {}),
          line_items: lines,
          shipping_lines: shipping,
          fee_lines: fees,
        },
        `api-${id}`,
        now,
      );
      emit('order.created', stored);
      return { status: 201, body: viewOrder(request, stored) };
    });
  /** With `force` it is gone, without it is in the trash; both are told as deleted. */
  const deleteOrder = withOrder((order, request) => {
    const shown = viewOrder(request, order);
    if (request.url.searchParams.get('force') === 'true') {
      orders.delete(String(order.id));
      index.delete(padded(order.id));
    } else {
      if (order.status === 'trash')
        return refusal(410, 'woocommerce_rest_already_trashed', 'The order has already been deleted.');
      save({ ...order, status: 'trash' }, index.get(padded(order.id))?.reference ?? '', createdOf(order), 0);
    }
    emit('order.deleted', order);
    return { status: 200, body: shown };
  });
  const createdOf = (order: Order): string => index.get(padded(order.id))?.created ?? '';

  const createRefund = withOrder((order, request) =>
    withBody(request, NewRefund, REFUND_BODY, (wanted) => {
      const made = refund(order, wanted, clock.now());
      return 'amount' in made ? { status: 201, body: viewRefund(request, made) } : made;
    }),
  );
  const showRefund = withOrder((order, request) => {
    const made = refunds.get(request.params['refund'] ?? '');
    return made && made.parent_id === order.id
      ? { status: 200, body: viewRefund(request, made) }
      : refusal(404, 'woocommerce_rest_invalid_order_refund_id', 'Invalid order refund ID.');
  });
  const createNote = withOrder((order, request) =>
    withBody(request, NewNote, NOTE_BODY, (wanted) => {
      const note = { id: items.nextId(), author: 'Crossdock', ...dates('date_created', clock.now()), ...wanted };
      notes.put(String(note.id), note, { b: String(order.id) });
      return { status: 201, body: note };
    }),
  );
  const listNotes = withOrder((order, { url }) => {
    const type = url.searchParams.get('type') ?? 'any';
    if (!['any', 'customer', 'internal'].includes(type))
      return invalidParam('type', 'type is not one of any, customer, internal.');
    const found = notes
      .byB(String(order.id))
      .filter((note) => type === 'any' || note.customer_note === (type === 'customer'));
    return { status: 200, body: found };
  });

  /** A number alone does not turn the counting of stock on: what is not counted has none. */
  const changeProduct = (product: Product, given: z.infer<typeof ProductChange>): Product => {
    const { stock_quantity, stock_status, meta_data, dimensions, ...rest } = given;
    const said = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
    const next: Product = { ...product, ...said };
    const regular = next.regular_price ?? product.price;
    const quantity = stock_quantity ?? next.stock_quantity ?? 0;
    const changed: Product = {
      ...next,
      regular_price: regular,
      price: next.sale_price || regular,
      dimensions: {
        length: dimensions?.length ?? product.dimensions?.length ?? '',
        width: dimensions?.width ?? product.dimensions?.width ?? '',
        height: dimensions?.height ?? product.dimensions?.height ?? '',
      },
      meta_data: withMeta(product.meta_data ?? [], meta_data),
      ...(next.manage_stock
        ? { stock_quantity: quantity, stock_status: stockStatus(quantity, next.backorders) }
        : { stock_quantity: null, stock_status: stock_status ?? next.stock_status }),
    };
    putProduct(changed);
    return changed;
  };
  const withProduct =
    (then: (product: Product, request: SandboxRequest) => SandboxAnswer) =>
    (request: SandboxRequest): SandboxAnswer => {
      const { parent, id = '' } = request.params;
      const product = products.get(id);
      if (product && product.parent_id === Number(parent ?? 0)) return then(product, request);
      const kind = parent === undefined ? 'product' : 'product_variation';
      return refusal(404, `woocommerce_rest_${kind}_invalid_id`, 'Invalid ID.');
    };
  const showProduct = withProduct((product, request) => ({ status: 200, body: viewProduct(request, product) }));
  const updateProduct = withProduct((product, request) =>
    withBody(request, ProductChange, PRODUCT_BODY, (given) => ({
      status: 200,
      body: viewProduct(request, changeProduct(product, given)),
    })),
  );
  const listVariations = (request: SandboxRequest): SandboxAnswer => {
    const rows = childrenOf(Number(request.params['id'])).map(productEntry);
    return listOf(request, rows, VARIATION_LIST, (product) => viewProduct(request, product));
  };

  /** Unknown ids fail for themselves inside the 200; so does every item under a parent that is not there. */
  const updateProducts =
    (parentOf: (request: SandboxRequest) => number, code: string) =>
    (request: SandboxRequest): SandboxAnswer =>
      withBody(request, Batch, BATCH_BODY, ({ update }) => {
        if (update.length > MOST_IN_A_BATCH)
          return refusal(
            413,
            'woocommerce_rest_request_entity_too_large',
            `Unable to accept more than ${MOST_IN_A_BATCH} items for this request.`,
          );
        const sent = z.object({ update: z.array(z.record(z.string(), z.unknown())).default([]) }).parse(request.json());
        for (const item of sent.update) {
          const lacks = checkNames(Object.keys(item), PRODUCT_BODY, 'field', noteStranger(request));
          if (lacks) return lacks;
        }
        const results = update.map(({ id, ...given }) => {
          const product = products.get(String(id));
          return !product || product.parent_id !== parentOf(request)
            ? { id, error: { code, message: 'Invalid ID.', data: { status: 400 } } }
            : viewProduct(request, changeProduct(product, given));
        });
        return { status: 200, body: { update: results } };
      });

  const badHook = ({ topic, delivery_url }: { topic: string; delivery_url: string }): SandboxAnswer | null => {
    if (!TOPIC.test(topic.toLowerCase()))
      return refusal(
        400,
        'woocommerce_rest_shop_webhook_invalid_topic',
        'Webhook topic is required and must be valid.',
      );
    if (!/^https?:\/\//.test(delivery_url))
      return refusal(
        400,
        'woocommerce_rest_shop_webhook_invalid_delivery_url',
        'Webhook delivery URL must be a valid URL starting with http:// or https://.',
      );
    return null;
  };
  const createHook = (request: SandboxRequest): SandboxAnswer =>
    withBody(request, HookChange, HOOK_BODY, ({ topic = '', delivery_url = '', secret, name, status }) => {
      const refused = badHook({ topic, delivery_url });
      if (refused) return refused;
      const hook: Hook = {
        id: hooks.nextId(),
        name: name ?? topic,
        status: status ?? 'active',
        topic: topic.toLowerCase(),
        delivery_url,
        secret: secret ?? '',
        failures: 0,
        madeMs: clock.now(),
      };
      hooks.put(String(hook.id), hook);
      enqueue({
        url: hook.delivery_url,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `webhook_id=${hook.id}`,
      });
      return { status: 201, body: viewHook(request, hook) };
    });
  const withHook =
    (then: (hook: Hook, request: SandboxRequest) => SandboxAnswer) =>
    (request: SandboxRequest): SandboxAnswer => {
      const hook = hooks.get(request.params['id'] ?? '');
      return hook ? then(hook, request) : refusal(404, 'woocommerce_rest_shop_webhook_invalid_id', 'Invalid ID.');
    };
  const updateHook = withHook((hook, request) =>
    withBody(request, HookChange, HOOK_BODY, (changes) => {
      const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
      const failures = changes.status === 'active' ? 0 : hook.failures;
      const changed: Hook = { ...hook, ...given, failures, changedMs: clock.now() };
      const refused = badHook(changed);
      if (refused) return refused;
      hooks.put(String(hook.id), changed);
      return { status: 200, body: viewHook(request, changed) };
    }),
  );
  const deleteHook = withHook((hook, request) => {
    if (request.url.searchParams.get('force') !== 'true')
      return refusal(501, 'woocommerce_rest_trash_not_supported', 'Webhooks do not support trashing.');
    hooks.delete(String(hook.id));
    return { status: 200, body: viewHook(request, hook) };
  });

  const showSetting = ({ params }: SandboxRequest): SandboxAnswer => {
    const id = params['id'] ?? '';
    const value = SETTINGS[id];
    return value === undefined
      ? unsupported(`setting “${id}”`)
      : { status: 200, body: { id, value, default: value, type: 'select', group_id: 'products' } };
  };

  type Handle = (request: SandboxRequest) => SandboxAnswer;
  interface Row {
    method: string;
    path: string;
    /** Parameters of its query: true where they are here. */
    takes: Readonly<Record<string, boolean>>;
    handle: Handle;
  }
  const get = (path: string, takes: Row['takes'], handle: Handle): Row[] => [{ method: 'GET', path, takes, handle }];
  const post = (path: string, handle: Handle): Row[] => [{ method: 'POST', path, takes: {}, handle }];
  /** WordPress takes the three for one: its `EDITABLE`. */
  const edit = (path: string, takes: Row['takes'], handle: Handle): Row[] =>
    ['POST', 'PUT', 'PATCH'].map((method) => ({ method, path, takes, handle }));
  const remove = (path: string, handle: Handle): Row[] => [{ method: 'DELETE', path, takes: { force: true }, handle }];
  const ITEM = { context: true };
  const MONEY = { context: true, dp: true };
  const ORDER = '/orders/(?<id>\\d+)';
  const PRODUCT = '/products/(?<id>\\d+)';
  const VARIATION = '/products/(?<parent>\\d+)/variations/(?<id>\\d+)';
  const HOOK = '/webhooks/(?<id>\\d+)';
  const rows: Row[] = [
    ...get('/orders', parametersOf(ORDER_LIST), listOrders),
    ...post('/orders', createOrder),
    ...get(
      ORDER,
      MONEY,
      withOrder((order, request) => ({ status: 200, body: viewOrder(request, order) })),
    ),
    ...edit(ORDER, MONEY, updateOrder),
    ...remove(ORDER, deleteOrder),
    ...get(
      `${ORDER}/refunds`,
      parametersOf(REFUND_LIST),
      withOrder((order, request) =>
        listOf(request, refunds.byB(String(order.id)).map(refundEntry), REFUND_LIST, (made) =>
          viewRefund(request, made),
        ),
      ),
    ),
    ...post(`${ORDER}/refunds`, createRefund),
    ...get(`${ORDER}/refunds/(?<refund>\\d+)`, MONEY, showRefund),
    ...(options.refundList === false ? [] : get('/refunds', parametersOf(REFUND_LIST), listRefunds)),
    ...get(`${ORDER}/notes`, { context: true, type: true }, listNotes),
    ...post(`${ORDER}/notes`, createNote),
    ...get('/products', parametersOf(PRODUCT_LIST), listProducts),
    ...get(PRODUCT, ITEM, showProduct),
    ...edit(PRODUCT, ITEM, updateProduct),
    ...get(`${PRODUCT}/variations`, parametersOf(VARIATION_LIST), listVariations),
    ...get(VARIATION, ITEM, showProduct),
    ...edit(VARIATION, ITEM, updateProduct),
    ...post(
      '/products/batch',
      updateProducts(() => 0, 'woocommerce_rest_product_invalid_id'),
    ),
    ...post(
      `${PRODUCT}/variations/batch`,
      updateProducts(({ params }) => Number(params['id']), 'woocommerce_rest_product_variation_invalid_id'),
    ),
    ...get('/settings/products/(?<id>[a-z_]+)', {}, showSetting),
    ...get('/webhooks', parametersOf(HOOK_LIST), (request) =>
      listOf(request, hooks.all().map(hookEntry), HOOK_LIST, (hook) => viewHook(request, hook)),
    ),
    ...post('/webhooks', createHook),
    ...get(
      HOOK,
      ITEM,
      withHook((hook, request) => ({ status: 200, body: viewHook(request, hook) })),
    ),
    ...edit(HOOK, ITEM, updateHook),
    ...remove(HOOK, deleteHook),
  ];
  const handled =
    ({ takes, handle }: Row): Handle =>
    (request) =>
      checkParameters(request, takes, noteStranger(request)) ?? withFields(request, handle(request));
  /** After the routes: what is none of them is missing here, or nowhere at all. */
  const lacking = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map((method) => ({
    method,
    path: new RegExp(`^${BASE}(?<route>/.*)$`),
    handle: ({ params }: SandboxRequest) => {
      const route = params['route'] ?? '';
      return LACKING.test(route)
        ? unsupported(`${method} ${route}`)
        : refusal(404, 'rest_no_route', 'No route was found matching the URL and request method.');
    },
  }));

  const keys = db.table<{ permissions: string }>('woo_keys');
  const grant = ([permissions = '']: readonly string[]): void => keys.put(KEY, { permissions });
  const authorise = signIn({
    key: KEY,
    secret: SECRET,
    permissions: () => keys.get(KEY)?.permissions ?? 'read_write',
  });

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
    tlsPort: options.tlsPort,
    before: [authorise],
    routes: [
      ...rows.map((row) => ({
        method: row.method,
        path: new RegExp(`^${BASE}${row.path}$`),
        handle: (request: SandboxRequest) => printed(handled(row)(request)),
      })),
      ...lacking,
    ],
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
        putProduct({ ...known, ...change, stock_status: stockStatus(quantity, known.backorders) });
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
    strangers: () => [...strangers],
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
        const found = orders.get(id);
        if (!found) throw new Error(`there is no order ${id}`);
        const hook: Hook = {
          id: 1,
          name: '',
          status: 'active',
          topic: 'order.updated',
          delivery_url: 'http://127.0.0.1:9/',
          secret: 'whs-4711-sandbox',
          failures: 0,
        };
        const { headers, body } = deliveryOf(hook, JSON.stringify(sentOrder(found)));
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

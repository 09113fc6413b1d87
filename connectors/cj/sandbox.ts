import { createHash } from 'node:crypto';
import { z } from 'zod';
import { hmacSha256Of } from '#kit';
import {
  type Delivery,
  type Effect,
  type Harness,
  type SandboxAnswer,
  type SandboxOptions,
  type SandboxRequest,
  seeded,
  serveSandbox,
  vendorBucket,
  webhookSender,
} from '#kit/sandbox';
import { LEVELS, POINTS, POINTS_A_DAY, TOKEN_EVERY_MS, TOKEN_LIVES_MS } from './manifest.ts';

const API_KEY = 'CJ1234567@api@5d41402abc4b2a76b9719d911017c592';
const OPEN_ID = '123456789';
const OTHER_KEY = 'CJ7654321@api@a71e0c2b94d84c5f8f1d6f0c3b2e9d55';
const ACCOUNTS: ReadonlyMap<string, string> = new Map([
  [API_KEY, OPEN_ID],
  [OTHER_KEY, '900719925474'],
]);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BASE = '/api2.0/v1';
const POSTAGE_CENTS = 299;

interface Item {
  vid: string;
  pid: string;
  title: string;
  /** In cents. */
  price: number;
  /** What CJ shows in place of the price, where somebody there has written words. */
  words?: string;
  /** Counted by CJ in its Chinese warehouse. */
  quantity: number;
}

interface Placed {
  orderId: string;
  orderNumber: string;
  createdMs: number;
  /** How it stands until it is paid; a paid order moves on by the clock alone. */
  unpaid: 'CREATED' | 'UNPAID' | null;
  /** By CJ or by the merchant at CJ's own site; absent in what version 0.1.0 wrote. */
  cancelledMs?: number;
  shipsMs: number;
  deliversMs: number;
  logisticName: string;
  productCents: number;
  lines: { vid: string; quantity: number }[];
  /** Another tracking number than its first. */
  trackNumber?: string;
  /** Absent in what version 0.1.0 wrote. */
  to?: Destination;
  /** What the customs and the packer are told. */
  declared?: z.infer<typeof Declared>;
  /** The codes of the orders that it was split into; absent: it was not. */
  parts?: string[];
  /** Of an order that came of a split: the id of the order that was placed. */
  partOf?: string;
}

const Destination = z.object({
  shippingCustomerName: z.string().min(1),
  shippingAddress: z.string().min(1),
  shippingAddress2: z.string().nullish(),
  shippingCity: z.string().min(1),
  shippingProvince: z.string().min(1),
  shippingZip: z.string().nullish(),
  shippingCountryCode: z.string().length(2),
  shippingPhone: z.string().nullish(),
});
type Destination = z.infer<typeof Destination>;
/** Lengths and numbers: CJ, “Shopping”, 1.1, read 2026-12-01. */
const Declared = z.object({
  taxId: z.string().max(20).optional(),
  consigneeID: z.string().max(20).optional(),
  iossType: z.literal([1, 2, 3]).optional(),
  iossNumber: z.string().optional(),
  remark: z.string().max(500).optional(),
});
const NewOrder = Destination.extend({
  ...Declared.shape,
  orderNumber: z.string().min(1).max(50),
  shippingCountry: z.string().min(1),
  logisticName: z.string().min(1),
  fromCountryCode: z.string().min(1),
  payType: z.coerce.number().int().default(1),
  products: z.array(z.object({ vid: z.string().min(1), quantity: z.coerce.number().int().positive() })).min(1),
});
const OfOrder = z.object({ orderId: z.string().min(1) });
const Topic = z.object({ type: z.string(), callbackUrls: z.array(z.string()).min(1) }).optional();
const Subscription = z.object({ order: Topic, logistics: Topic });

const dollars = (cents: number) => (cents / 100).toFixed(2);
const cents = (text: string) => Math.round(Number(text) * 100);
const inChina = (ms: number) => `${new Date(ms + 8 * HOUR_MS).toISOString().slice(0, 19)}+08:00`;
const ordinal = (n: number) => String(n).padStart(9, '0');
/** An answer's request id; unlike the real one it tells nothing. */
const requestId = '00000000-0000-4000-8000-000000000000';

const refuse = (code: number, message: string, status = 200): SandboxAnswer => ({
  status,
  body: { code, result: false, message, data: null, requestId },
});

const statusOf = (order: Placed, now: number): string =>
  order.cancelledMs !== undefined
    ? 'CANCELLED'
    : (order.unpaid ?? (now < order.shipsMs ? 'UNSHIPPED' : now < order.deliversMs ? 'SHIPPED' : 'DELIVERED'));
const trackOf = (order: Placed) => order.trackNumber ?? `CJPKL${order.orderId.slice(2)}YQ`;

export interface CjSandboxOptions extends SandboxOptions {
  /** From payment until CJ ships, give or take a tenth; default 24 h of the clock. */
  shipAfterMs?: number;
  level?: keyof typeof LEVELS;
  pointsPerDay?: number;
  /** The merchant's balance at CJ in US dollars; by default it never runs out. */
  balance?: number;
}

/**
 * CJ as far as the connector meets it: one account, its token rules, its calls a second, its points, a catalogue with two
 * kinds of stock, orders that CJ pays, ships and delivers as the clock moves, signed messages. What CJ does not document is
 * marked [unverified] where it is decided.
 */
export const cjSandbox = {
  // The order is what has the effect; the token is a POST, too.
  writes: {
    'purchases.place': { method: 'POST', path: /createOrderV2$/ },
    'purchases.cancel': { method: 'DELETE', path: /deleteOrder$/ },
    'purchases.pay': { method: 'POST', path: /payBalance$/ },
  },
  // Only what is not paid yet can be taken back.
  cancellable: { settings: { payType: 3 } },
  unpaid: { settings: { payType: 3 } },

  async start({ clock, db, port, tlsPort, ...options }: CjSandboxOptions) {
    const level = options.level ?? 'Advanced';
    const pointsPerDay = options.pointsPerDay ?? POINTS_A_DAY;
    const shipAfterMs = options.shipAfterMs ?? DAY_MS;
    /** `apiKey` absent: ours. */
    const tokens = db.table<{ expiresMs: number; apiKey?: string }>('cj_tokens');
    const fetches = db.table<{ atMs: number }>('cj_token_fetches');
    const products = db.table<{ pid: string; title: string; n: number }>('cj_products');
    const items = db.table<Item>('cj_items');
    const orders = db.table<Placed>('cj_orders');
    const account = db.table<{ cents: number }>('cj_account');
    /** Each payment of an order that was placed without one. */
    const payments = db.table<{ id: string; reference: string }>('cj_payments');
    const cancellations = db.table<{ id: string; reference: string }>('cj_cancellations');
    const callbacks = db.table<{ order: string[]; logistics: string[] }>('cj_callbacks');
    // “Within 3 seconds, again after 5 minutes, at most 3 times.” Source: CJ, “Webhook mechanism”, read 2026-11-24.
    const sender = webhookSender({
      clock,
      db,
      table: 'cj_webhooks',
      retriesMs: [5 * 60_000, 5 * 60_000, 5 * 60_000],
      timeoutMs: 3_000,
    });
    // One call more than the level's at once, since CJ does not say how it counts a second. [unverified]
    const calls = vendorBucket(clock, { amount: LEVELS[level], perMs: 1_000, burst: LEVELS[level] + 1 });
    const points = vendorBucket(clock, { amount: pointsPerDay, perMs: DAY_MS, burst: pointsPerDay });

    const done = (data: unknown): SandboxAnswer => ({
      status: 200,
      body: {
        code: 200,
        result: true,
        message: 'Success',
        data,
        requestId,
        pointsInfo: { remaining: points.available(), total: pointsPerDay },
      },
    });
    const now = () => clock.now();
    const route = (method: string, path: string, handle: (request: SandboxRequest) => SandboxAnswer) => ({
      method,
      path: new RegExp(`^${BASE}${path}$`),
      handle,
    });
    const query = (request: SandboxRequest, name: string) => request.url.searchParams.get(name) ?? '';

    const token = (request: SandboxRequest): SandboxAnswer => {
      const given = z.object({ apiKey: z.string() }).safeParse(request.json()).data?.apiKey;
      const openId = ACCOUNTS.get(given ?? '');
      if (given === undefined || openId === undefined)
        return refuse(1600005, 'APIkey is wrong, please check and try again');
      const last = fetches.get(given)?.atMs;
      // How CJ words this refusal is [unverified]; the rule itself is documented.
      if (last !== undefined && now() - last < TOKEN_EVERY_MS)
        return refuse(1600200, 'Too Many Requests, getAccessToken can be called once every 300 seconds', 429);
      const n = tokens.nextId();
      const hex = (kind: string) => createHash('md5').update(`${kind}-${n}`).digest('hex');
      fetches.put(given, { atMs: now() });
      tokens.put(hex('access'), { expiresMs: now() + TOKEN_LIVES_MS, apiKey: given });
      return done({
        openId: Number(openId),
        accessToken: hex('access'),
        accessTokenExpiryDate: inChina(now() + TOKEN_LIVES_MS),
        refreshToken: hex('refresh'),
        refreshTokenExpiryDate: inChina(now() + 180 * DAY_MS),
        createDate: inChina(now()),
      });
    };

    const authenticate = (request: SandboxRequest): SandboxAnswer | null => {
      if (request.url.pathname === `${BASE}/authentication/getAccessToken`) return null;
      const given = request.headers['cj-access-token'] ?? '';
      if (given === '') return refuse(1600002, 'access token cannot be empty');
      const known = tokens.get(given);
      if (!known || known.expiresMs <= now()) return refuse(1600001, 'Invalid API key or access token');
      if (accountOf(request) === OPEN_ID || request.url.pathname === `${BASE}/setting/get`) return null;
      return { status: 501, body: { error: 'sandbox_unsupported: the second account says who it is and no more' } };
    };
    const accountOf = ({ headers }: SandboxRequest): string =>
      ACCOUNTS.get(tokens.get(headers['cj-access-token'] ?? '')?.apiKey ?? API_KEY) ?? OPEN_ID;
    const limit = (): SandboxAnswer | null => (calls.take(1) ? null : tooMany());
    const tooMany = () => refuse(1600200, `Too Many Requests, QPS limit is ${LEVELS[level]} time/1second`, 429);
    const charge = (request: SandboxRequest): SandboxAnswer | null => {
      const path = request.url.pathname.slice(BASE.length);
      const cost = Object.entries(POINTS).find(([name]) => name === path)?.[1] ?? 0;
      return points.take(cost) ? null : refuse(1600201, 'Quota has been used up', 429);
    };

    const listProducts = (request: SandboxRequest): SandboxAnswer => {
      const page = Number(query(request, 'page') || 1);
      const size = Number(query(request, 'size') || 10);
      if (!(page >= 1 && page <= 1000 && size >= 1 && size <= 100)) return refuse(1600300, 'Illegal parameter');
      const first = (page - 1) * size + 1;
      const found = products.byA({ from: ordinal(first), to: ordinal(first + size - 1), limit: size });
      const total = products.count();
      const productList = found.map(({ document: { pid, title } }) => {
        const variants = items.byB(pid);
        return {
          id: pid,
          nameEn: title,
          sku: pid,
          sellPrice: range(variants),
          listedNum: 1,
          warehouseInventoryNum: variants.reduce((sum, v) => sum + v.quantity, 0),
          verifiedWarehouse: 1,
        };
      });
      return done({
        pageSize: size,
        pageNumber: page,
        totalRecords: total,
        totalPages: Math.ceil(total / size),
        content: [{ productList, relatedCategoryList: [], keyWord: '', keyWordOld: '' }],
      });
    };
    const range = (variants: readonly Item[]): string => {
      const prices = variants.map((v) => v.price).sort((a, b) => a - b);
      const [low = 0, high = 0] = [prices[0], prices.at(-1)];
      return low === high ? dollars(low) : `${dollars(low)}-${dollars(high)}`;
    };

    const oneProduct = (request: SandboxRequest): SandboxAnswer => {
      const pid = query(request, 'pid');
      const product = products.get(pid);
      if (!product) return refuse(1602001, 'Product not found');
      const variants = items.byB(pid);
      return done({
        pid,
        productNameEn: product.title,
        productSku: pid,
        sellPrice: range(variants),
        productWeight: '250.0',
        status: '3',
        variants: variants.map((v) => ({
          vid: v.vid,
          pid,
          variantNameEn: v.title,
          variantSku: v.vid,
          variantSellPrice: v.words ?? dollars(v.price),
          variantWeight: 250,
          variantLength: 200,
          variantWidth: 150,
          variantHeight: 80,
        })),
      });
    };

    const stockOf = (request: SandboxRequest): SandboxAnswer => {
      const pid = query(request, 'pid');
      if (!products.get(pid)) return refuse(1602001, 'Product not found');
      const factory = 5_000;
      return done({
        inventories: [{ areaEn: 'China Warehouse', areaId: 1, countryCode: 'CN' }],
        variantInventories: items.byB(pid).map((v) => ({
          vid: v.vid,
          inventory: [
            warehouse('CN', { cjInventory: v.quantity, factoryInventory: 0, verifiedWarehouse: 1 }),
            warehouse('CN', { cjInventory: 0, factoryInventory: factory, verifiedWarehouse: 2 }),
          ],
        })),
      });
    };
    const warehouse = (
      countryCode: string,
      w: { cjInventory: number; factoryInventory: number; verifiedWarehouse: number },
    ) => ({ countryCode, totalInventory: w.cjInventory + w.factoryInventory, ...w });

    /** Under the codes of the orders that came of a split. */
    const parts = db.table<Placed>('cj_parts');
    const byNumber = (number: string): Placed | null => orders.byA({ equal: number, limit: 1 })[0]?.document ?? null;
    const keep = (order: Placed) => orders.put(order.orderId, order, { a: order.orderNumber });

    const wire = (order: Placed) => {
      const status = statusOf(order, now());
      // What the order that was split still shows is [unverified]: no parcel, and the state of the slowest of its parts.
      const shipped =
        order.unpaid === null && order.cancelledMs === undefined && now() >= order.shipsMs && order.parts === undefined;
      return {
        orderId: order.orderId,
        orderNum: order.orderNumber,
        orderStatus: status,
        // A JSON number here, text on the create: CJ's own samples mix the two.
        orderAmount: (order.productCents + POSTAGE_CENTS) / 100,
        productAmount: order.productCents / 100,
        postageAmount: POSTAGE_CENTS / 100,
        logisticName: order.logisticName,
        trackNumber: shipped ? trackOf(order) : null,
        createDate: inChina(order.createdMs).slice(0, 19).replace('T', ' '),
        productList: order.lines,
      };
    };

    const createOrder = (request: SandboxRequest): SandboxAnswer => {
      const wanted = NewOrder.safeParse(request.json());
      if (!wanted.success) return refuse(1600100, `Param error: ${wanted.error.issues[0]?.path.join('.')}`);
      const { orderNumber, products: lines, payType, logisticName } = wanted.data;
      // That CJ refuses it is [unverified]; that it names 1603000 for it is our choice.
      if (byNumber(orderNumber)) return refuse(1603000, 'Order create fail, the order number already exists');
      const found = lines.map((line) => items.get(line.vid));
      const missing = lines.find((_, index) => !found[index]);
      if (missing) return refuse(1602000, `Variant not found: ${missing.vid}`);
      const n = orders.nextId();
      const spread = 0.9 + 0.2 * seeded(n)();
      const shipsMs = now() + Math.round(shipAfterMs * spread);
      const order: Placed = {
        // 18 digits, as in CJ's samples.
        orderId: `${inChina(now()).slice(2, 10).replaceAll('-', '')}100${ordinal(n)}`,
        orderNumber,
        createdMs: now(),
        unpaid: 'CREATED',
        shipsMs,
        deliversMs: shipsMs + 7 * DAY_MS,
        logisticName,
        productCents: lines.reduce((sum, line, index) => sum + (found[index]?.price ?? 0) * line.quantity, 0),
        lines,
        to: Destination.parse(wanted.data),
        declared: Declared.parse(wanted.data),
      };
      const paid = payType === 2 ? pay(order) : null;
      keep(order);
      for (const [index, line] of lines.entries()) {
        const item = found[index];
        // CJ takes orders above its stock and buys the rest in.
        if (item)
          items.put(item.vid, { ...item, quantity: Math.max(0, item.quantity - line.quantity) }, { b: item.pid });
      }
      if (paid === false) return refuse(1604000, 'Balance is insufficient');
      tell(order);
      return done({
        orderId: order.orderId,
        orderNumber,
        orderStatus: statusOf(order, now()),
        orderAmount: dollars(order.productCents + POSTAGE_CENTS),
        productAmount: dollars(order.productCents),
        postageAmount: dollars(POSTAGE_CENTS),
      });
    };

    /** Cart, confirmation and payment in one, as payType 2 asks. Without the money the order stays, unpaid. [unverified] */
    const pay = (order: Placed): boolean => {
      const balance = balanceCents();
      const due = order.productCents + POSTAGE_CENTS;
      order.unpaid = due > balance ? 'UNPAID' : null;
      if (order.unpaid === null) account.put('balance', { cents: balance - due });
      return order.unpaid === null;
    };

    /** A message as CJ shows it: the id of an order is a JSON number of 18 digits. Source: CJ, “Webhook Mechanism”, read 2026-12-01. */
    const message = (order: Placed, type: 'ORDER' | 'LOGISTIC' | 'ORDERSPLIT', status: string): Delivery['body'] => {
      const { orderId, orderNumber, logisticName } = order;
      const placed = order.partOf ?? orderId;
      const left = status === 'SHIPPED' || status === 'DELIVERED';
      const params = {
        ORDER: {
          orderNumber,
          cjOrderId: placed,
          orderStatus: status,
          logisticName,
          trackNumber: left ? trackOf(order) : null,
        },
        LOGISTIC: {
          orderId: placed,
          logisticName,
          trackingNumber: trackOf(order),
          trackingStatus: status === 'DELIVERED' ? 12 : 1,
          logisticsTrackEvents: '[]',
        },
        ORDERSPLIT: {
          originalOrderId: orderId,
          splitOrderList: (order.parts ?? []).map((orderCode) => ({
            createAt: now(),
            orderCode,
            orderStatus: 300,
            productList: (parts.get(orderCode)?.lines ?? []).map((line) => ({
              ...line,
              sku: line.vid,
              productCode: '1',
            })),
          })),
          orderSplitTime: inChina(now()).slice(0, 19).replace('T', ' '),
        },
      };
      const body = JSON.stringify({
        messageId: createHash('md5')
          .update(`${orderId}-${type}-${status}${order.trackNumber ?? ''}`)
          .digest('hex'),
        type,
        messageType: 'UPDATE',
        openId: Number(OPEN_ID),
        params: params[type],
      });
      return /^\d+$/.test(placed) ? body.replace(`Id":"${placed}"`, `Id":${placed}`) : body;
    };
    const deliveryOf = (url: string, body: string): Delivery => ({
      url,
      headers: { 'content-type': 'application/json', sign: hmacSha256Of(OPEN_ID, body, 'base64') },
      body,
    });
    /** Queues what the order will have to tell, each with the time at which it becomes true. */
    const tell = (order: Placed): void => {
      const urls = callbacks.get('all');
      if (!urls) return;
      const changes: [string, number][] =
        order.unpaid || order.cancelledMs !== undefined
          ? [[statusOf(order, now()), now()]]
          : [
              ['UNSHIPPED', order.createdMs],
              ['SHIPPED', order.shipsMs],
              ['DELIVERED', order.deliversMs],
            ];
      for (const [status, atMs] of changes) {
        const send = (type: 'ORDER' | 'LOGISTIC', to: readonly string[]) => {
          for (const [index, url] of to.entries())
            sender.enqueue(
              `${order.orderId}-${type}-${status}-${index}`,
              deliveryOf(url, message(order, type, status)),
              atMs,
            );
        };
        send('ORDER', urls.order);
        if (status === 'SHIPPED' || status === 'DELIVERED') send('LOGISTIC', urls.logistics);
      }
    };

    const orderDetail = (request: SandboxRequest): SandboxAnswer => {
      const id = query(request, 'orderId');
      const order = orders.get(id) ?? parts.get(id) ?? byNumber(id);
      // Source: CJ, “Shopping”, 1.7, read 2026-12-01.
      return order ? done(wire(order)) : refuse(1600300, 'order not found');
    };
    const confirmOrder = (request: SandboxRequest): SandboxAnswer => {
      const id = OfOrder.safeParse(request.json()).data?.orderId ?? '';
      const order = orders.get(id);
      if (!order) return refuse(1603100, 'Order not found, Please check the CJ order id');
      if (order.unpaid !== 'CREATED' || order.cancelledMs !== undefined) return refuse(1603001, 'Order confirm fail');
      order.unpaid = 'UNPAID';
      keep(order);
      return done(order.orderId);
    };
    /** What it says of an order that is not UNPAID, and with which code, is [unverified]. */
    const payBalance = (request: SandboxRequest): SandboxAnswer => {
      const id = OfOrder.safeParse(request.json()).data?.orderId ?? '';
      const order = orders.get(id);
      if (!order) return refuse(1603100, 'Order not found, Please check the CJ order id');
      if (order.unpaid !== 'UNPAID' || order.cancelledMs !== undefined) return refuse(1605000, 'pay fail');
      if (!pay(order)) return refuse(1604000, 'Balance is insufficient');
      paid(order);
      return done(order.orderId);
    };
    /** It ships from its payment on. */
    const paid = (order: Placed): void => {
      order.shipsMs = now() + shipAfterMs;
      order.deliversMs = order.shipsMs + 7 * DAY_MS;
      payments.put(String(payments.nextId()), { id: order.orderId, reference: order.orderNumber });
      keep(order);
      tell(order);
    };
    const balanceCents = (): number => account.get('balance')?.cents ?? (options.balance ?? 1_000_000_000) * 100;
    const getBalance = (): SandboxAnswer =>
      done({ amount: balanceCents() / 100, noWithdrawalAmount: 0, freezeAmount: 0 });

    const giveStockBack = (order: Placed): void => {
      for (const { vid, quantity } of order.lines) {
        const item = items.get(vid);
        if (item) items.put(vid, { ...item, quantity: item.quantity + quantity }, { b: item.pid });
      }
    };
    const deleteOrder = (request: SandboxRequest): SandboxAnswer => {
      const order = orders.get(query(request, 'orderId'));
      if (!order) return refuse(1603100, 'Order not found, Please check the CJ order id');
      if (order.unpaid === null || order.cancelledMs !== undefined) return refuse(1603002, 'Order delete fail');
      orders.delete(order.orderId);
      giveStockBack(order);
      cancellations.put(String(cancellations.nextId()), { id: order.orderId, reference: order.orderNumber });
      return done(order.orderId);
    };
    const setCallbacks = (request: SandboxRequest): SandboxAnswer => {
      const wanted = Subscription.safeParse(request.json());
      if (!wanted.success) return refuse(1606001, 'Webhook set fail');
      const urls = (topic: z.infer<typeof Topic>) => (topic?.type === 'ENABLE' ? topic.callbackUrls : []);
      callbacks.put('all', { order: urls(wanted.data.order), logistics: urls(wanted.data.logistics) });
      return done(true);
    };

    const server = await serveSandbox({
      name: 'cj',
      clock,
      db,
      ...(port === undefined ? {} : { port }),
      tlsPort,
      before: [authenticate, limit, charge],
      routes: [
        route('POST', '/authentication/getAccessToken', token),
        route('GET', '/setting/get', (request) =>
          done({
            openId: Number(accountOf(request)),
            openName: 'Sandbox Trading',
            openEmail: 'sandbox@example.com',
          }),
        ),
        route('GET', '/product/listV2', listProducts),
        route('GET', '/product/query', oneProduct),
        route('GET', '/product/stock/getInventoryByPid', stockOf),
        route('POST', '/shopping/order/createOrderV2', createOrder),
        route('GET', '/shopping/order/getOrderDetail', orderDetail),
        route('DELETE', '/shopping/order/deleteOrder', deleteOrder),
        route('PATCH', '/shopping/order/confirmOrder', confirmOrder),
        route('POST', '/shopping/pay/payBalance', payBalance),
        route('GET', '/shopping/pay/getBalance', getBalance),
        route('POST', '/webhook/set', setCallbacks),
      ],
      words: {
        tooMany,
        notFound: () => refuse(1600101, 'Interface not found'),
        badJson: () => refuse(1600300, 'The request parameter is not in a correct JSON format'),
      },
    });

    /** Puts an item on sale, or changes what is there. Three of the scene's make one product, so that prices range. */
    const stockItem = (pid: string, item: Omit<Item, 'pid'>) =>
      db.transaction(() => {
        if (!products.get(pid)) {
          const n = products.nextId();
          products.put(pid, { pid, title: item.title, n }, { a: ordinal(n) });
        }
        items.put(item.vid, { ...item, pid }, { b: pid });
      });

    const changing = (reference: string, change: (order: Placed) => void) =>
      db.transaction(() => {
        const order = byNumber(reference);
        if (!order) throw new Error(`CJ holds no order ${reference}`);
        change(order);
        keep(order);
        tell(order);
      });
    /** What is left of the order leaves: of one that was split the first part that has not left. */
    const progress = (reference: string) =>
      db.transaction(() => {
        const order = byNumber(reference);
        const waits = (one: Placed) => now() < one.shipsMs;
        const part = (order?.parts ?? []).map((code) => parts.get(code)).find((one) => one !== null && waits(one));
        if (!order || order.unpaid || order.cancelledMs !== undefined || !(part || waits(order))) return;
        const left = { shipsMs: now(), deliversMs: now() + 7 * DAY_MS };
        if (part) parts.put(codeOf(part), { ...part, ...left });
        const slowest = (order.parts ?? []).some((code) => waits(parts.get(code) ?? order));
        if (!slowest) keep({ ...order, ...left });
        tell({ ...(part ?? order), ...left });
      });
    const codeOf = (part: Placed): string => `SD${part.orderId}`;
    /** Into the first unit and all the others. That the ids of the parts are the order's with a number is [unverified]. */
    const split = (reference: string) =>
      db.transaction(() => {
        const order = byNumber(reference);
        const [first, ...others] = order?.lines ?? [];
        const rest = first && first.quantity > 1 ? [{ ...first, quantity: first.quantity - 1 }, ...others] : others;
        if (!order || !first || rest.length === 0 || order.parts || statusOf(order, now()) !== 'UNSHIPPED')
          throw new Error(`CJ cannot split ${reference}`);
        const made = [[{ ...first, quantity: 1 }], rest].map(
          (lines, index): Placed => ({
            ...order,
            orderId: `${order.orderId}-${index + 1}`,
            partOf: order.orderId,
            lines,
          }),
        );
        for (const part of made) parts.put(codeOf(part), part);
        const whole = { ...order, parts: made.map(codeOf) };
        keep(whole);
        const urls = callbacks.get('all')?.order ?? [];
        for (const [index, url] of urls.entries())
          sender.enqueue(
            `${order.orderId}-ORDERSPLIT-${index}`,
            deliveryOf(url, message(whole, 'ORDERSPLIT', '')),
            now(),
          );
      });

    return {
      url: server.url,
      tls: server.tls,
      credentials: { apiKey: API_KEY, openId: OPEN_ID },
      settings: { endpoint: `${server.url}${BASE}`, level, pointsPerDay },
      faults: server.faults,
      effects(kind: Effect) {
        if (kind === 'cancellations') return cancellations.all();
        if (kind === 'payments') return payments.all();
        return kind === 'purchases'
          ? orders.all().map((order) => ({ id: order.orderId, reference: order.orderNumber }))
          : [];
      },
      requests: server.requests,
      others: { 'another account': { apiKey: OTHER_KEY, openId: ACCOUNTS.get(OTHER_KEY) } },
      close() {
        sender.close();
        return server.close();
      },
      supplier: {
        addItem(item: { externalSku: string; title: string; unitCost: string; quantity: number }) {
          const { externalSku: vid, title, quantity, unitCost } = item;
          const price = cents(unitCost);
          stockItem(
            `P-${vid}`,
            Number.isNaN(price) ? { vid, title, quantity, price: 0, words: unitCost } : { vid, title, quantity, price },
          );
        },
        pay: ({ reference }: { reference: string }) =>
          changing(reference, (order) => {
            if (order.unpaid === null || order.cancelledMs !== undefined) throw new Error(`${reference} is not unpaid`);
            if (!pay(order)) throw new Error(`${reference}: the balance is insufficient`);
            payments.put(String(payments.nextId()), { id: order.orderId, reference: order.orderNumber });
            order.shipsMs = now() + shipAfterMs;
            order.deliversMs = order.shipsMs + 7 * DAY_MS;
          }),
        cancel: ({ reference }: { reference: string }) =>
          changing(reference, (order) => {
            if (statusOf(order, now()) !== 'UNSHIPPED' && order.unpaid === null)
              throw new Error(`${reference} is ${statusOf(order, now())}`);
            order.cancelledMs = now();
            giveStockBack(order);
          }),
        setBalance: ({ amount }: { amount: string }) => {
          account.put('balance', { cents: cents(amount) });
        },
        ship: ({ reference }: { reference: string }) => progress(reference),
        split: ({ reference }: { reference: string }) => split(reference),
        retrack: ({ reference, number }: { reference: string; number: string }) =>
          changing(reference, (order) => {
            order.trackNumber = number;
            const urls = callbacks.get('all')?.logistics ?? [];
            for (const [index, url] of urls.entries())
              sender.enqueue(
                `${order.orderId}-${number}-${index}`,
                deliveryOf(url, message(order, 'LOGISTIC', statusOf(order, now()))),
                now(),
              );
          }),
      },
      scene: {
        stockItems: (count: number) =>
          Array.from({ length: count }, (_, index) => {
            const vid = `CJVID${ordinal(index + 1)}`;
            const pid = `CJPID${ordinal(Math.floor(index / 3) + 1)}`;
            if (!items.get(vid))
              stockItem(pid, { vid, title: `Lantern ${index + 1}`, price: 350 + 125 * (index % 3), quantity: 200 });
            return vid;
          }),
        progress,
        purchaseWebhook(reference: string) {
          const order = byNumber(reference);
          if (!order) throw new Error(`CJ holds no order ${reference}`);
          const { headers, body } = deliveryOf('', message(order, 'ORDER', 'SHIPPED'));
          return { headers, body, secret: OPEN_ID };
        },
      },
    };
  },
} satisfies Harness;

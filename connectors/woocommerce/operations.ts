import { z } from 'zod';
import {
  type Call,
  type Context,
  exponentOf,
  Failure,
  fitting,
  IncomingOrder,
  type Input,
  isFailure,
  type LevelChange,
  ListingRead,
  type OrderRead,
  type Output,
  readEach,
  type TrackingUpdate,
} from '#kit';
import { packageId, shipmentKey } from './facts.ts';
import { type manifest, shopOf, TOPICS } from './manifest.ts';
import {
  changeMark,
  changeNoteOf,
  fromRefund,
  hasVariations,
  instant,
  isAbout,
  isDraft,
  isShown,
  isSoldItself,
  mark,
  metaOf,
  noteOf,
  Told,
  toListing,
  toOrder,
  toVariationListing,
  type Units,
} from './mapper.ts';
import {
  Batch,
  Made,
  Note,
  Order,
  Parent,
  Peek,
  Product,
  parse,
  Refund,
  RefundOf,
  RowList,
  Setting,
  Variation,
  Webhook,
} from './wire.ts';

type Shop = Context<z.infer<typeof manifest.credentials>, z.infer<typeof manifest.settings>>;

/** The most that a list gives at once, and a batch takes. */
const MOST = 100;

const ask = async <T>({ http }: Shop, schema: z.ZodType<T>, call: Call): Promise<T> =>
  parse(await http.send(call), schema);

const id = (text: string): string => encodeURIComponent(text);
const dp = ({ settings }: Shop) => ({ dp: settings.priceDecimals });

/** The rows of a short list, to its end. */
const all = async (shop: Shop, path: string, query: Call['query'] = {}): Promise<unknown[]> => {
  const found: unknown[] = [];
  for (let page = 1; ; page += 1) {
    const rows = await ask(shop, RowList, {
      method: 'GET',
      path,
      query: { orderby: 'id', order: 'asc', ...query, per_page: MOST, page },
    });
    found.push(...rows);
    if (rows.length < MOST) return found;
  }
};

/**
 * One page of a list by ascending id, walked from its last page to its first: rows that vanish meanwhile move the others into
 * pages still to come, so that none is missed. With `page` null the walk begins; `next` null ends it.
 */
const fromTheEnd = async (
  shop: Shop,
  call: { path: string; query?: Call['query']; page: number | null },
): Promise<{ rows: unknown[]; next: number | null }> => {
  const query = { ...call.query, orderby: 'id', order: 'asc', per_page: MOST, page: call.page ?? 1 };
  const answer = await shop.http.send({ method: 'GET', path: call.path, query });
  const rows = parse(answer, RowList);
  const pages = Number(answer.headers['x-wp-totalpages'] ?? Number.NaN);
  if (!Number.isInteger(pages)) throw new Failure('contract', 'the shop’s host takes away the header X-WP-TotalPages');
  if (call.page === null && pages > 1) return { rows: [], next: pages };
  const page = call.page ?? 1;
  return { rows, next: page > 1 ? page - 1 : null };
};

/**
 * Whether the key may do this; null where the shop takes the key and refuses what it was asked for. A key has the permission read,
 * write or both. It is looked at before anything else, and one that lacks it is answered 401, as a key is that is wrong.
 * Source: WooCommerce, “Authentication” and WC_REST_Authentication::check_permissions, as seen in public copies, read 2026-12-01.
 */
const allowed = async (work: Promise<unknown>): Promise<Failure | null> => {
  try {
    await work;
    return null;
  } catch (error) {
    if (isFailure(error, 'unauthorised', 'forbidden')) return error;
    throw error;
  }
};

/** WooCommerce tells the permissions of a key nowhere: it is asked for one order, and to change no product. */
export const checkConnection = async (shop: Shop): Promise<Output<'connection.check'>> => {
  const read = await allowed(ask(shop, z.array(Made), { method: 'GET', path: '/orders', query: { per_page: 1 } }));
  const write = await allowed(shop.http.send({ method: 'POST', path: '/products/batch', json: { update: [] } }));
  // Neither: the key is wrong, or not there any more.
  if (read && write) throw read;
  const { site } = shop.credentials;
  return {
    account: new URL(site).host,
    identity: shopOf(site),
    missing: [
      ...(read ? [{ right: 'read', why: 'orders, products and stock cannot be read', needed: true }] : []),
      ...(write ? [{ right: 'write', why: WITHOUT_WRITE, needed: true }] : []),
    ],
  };
};
const WITHOUT_WRITE = 'stock, packages, refunds, cancellations and webhooks cannot be told to the shop';

/** A time as the shop takes it beside `dates_are_gmt`: with a zone it would be moved by the site's own. */
const naive = (ms: number): string => new Date(ms).toISOString().slice(0, 19);
/** The second of a row's change, also of one that cannot be read whole; null where even that is missing. */
const secondOf = (row: unknown): number | null => {
  const at = Peek.safeParse(row).data?.date_modified_gmt;
  const ms = at ? Date.parse(instant(at)) : Number.NaN;
  return Number.isNaN(ms) ? null : Math.floor(ms / 1000) * 1000;
};

/**
 * Where a walk stands. `2026-01-05T09:00:00`: orders changed from this second on. With `@3`: page 3 of that second, and of it
 * all below. `refunds@2`: the second page of the refunds made since the walk's own beginning.
 */
type Place = { list: 'orders'; second: number; page: number | null } | { list: 'refunds'; page: number };

const secondIn = (text: string): number => {
  const second = Math.floor(Date.parse(instant(text)) / 1000) * 1000;
  if (Number.isNaN(second)) throw new Failure('invalid', `“${text.slice(0, 40)}” is no time to read orders from`);
  return second;
};

const placeOf = (text: string): Place => {
  const [at = '', page] = text.split('@');
  if (!/^\d*$/.test(page ?? '')) throw new Failure('invalid', `“${text.slice(0, 40)}” is no place in a walk`);
  if (at === REFUNDS) return { list: 'refunds', page: Number(page) };
  return { list: 'orders', second: secondIn(at), page: page === undefined ? null : Number(page) };
};
const REFUNDS = 'refunds';

/** Rows as the shop sends them: each is read by itself. `next` null ends the orders of a walk. */
interface Rows {
  rows: unknown[];
  next: string | null;
}

/** Orders changed in this very second, a page of them. A past second only loses orders, by their changing again. */
const changedIn = async (shop: Shop, second: number, page: number | null): Promise<Rows> => {
  const found = await fromTheEnd(shop, {
    path: '/orders',
    page,
    query: {
      ...dp(shop),
      dates_are_gmt: true,
      modified_after: naive(second - 1000),
      modified_before: naive(second + 1000),
    },
  });
  return { rows: found.rows, next: found.next === null ? naive(second + 1000) : `${naive(second)}@${found.next}` };
};

/**
 * Orders changed from `second` on, each second of them whole: the last one of a full page may go on behind it and is left to
 * the next call. So the key is the second alone, and no row is missed by what changes between two calls.
 */
const changedSince = async (shop: Shop, second: number): Promise<Rows> => {
  const rows = await ask(shop, RowList, {
    method: 'GET',
    path: '/orders',
    query: {
      ...dp(shop),
      dates_are_gmt: true,
      modified_after: naive(second - 1000),
      orderby: 'modified',
      order: 'asc',
      per_page: MOST,
      page: 1,
    },
  });
  if (rows.length < MOST) return { rows, next: null };
  // The rows stand in the order of their change, so that one without a readable time belongs to the one before it.
  const seconds: number[] = [];
  for (const row of rows) seconds.push(secondOf(row) ?? seconds.at(-1) ?? second);
  const end = seconds.at(-1) ?? second;
  if (end <= second) return changedIn(shop, second, null);
  return { rows: rows.filter((_, index) => (seconds[index] ?? second) < end), next: naive(end) };
};

/** As the shop sends them, to be kept. */
const sentRefundsOf = (shop: Shop, orderId: string): Promise<unknown[]> =>
  all(shop, `/orders/${id(orderId)}/refunds`, dp(shop));

const parseRefunds = (orderId: string, refunds: readonly unknown[]): Refund[] =>
  fitting(`the refunds of order ${orderId}`, () => z.array(Refund).parse(refunds));

const refundsOf = async (shop: Shop, orderId: string): Promise<Refund[]> =>
  parseRefunds(orderId, await sentRefundsOf(shop, orderId));

/** The order as ours, with what it was read from: the order as it was sent and the list of its refunds. */
const readWhole = (order: Order, sent: unknown, refunds: readonly unknown[]): OrderRead => ({
  order: toOrder(order, parseRefunds(String(order.id), refunds)),
  body: { order: sent, refunds },
});

/** The lines of an order's refunds stand in a list of their own, which is asked for where the order names any. */
const complete = async (shop: Shop, order: Order, sent: unknown): Promise<OrderRead> =>
  readWhole(order, sent, order.refunds.length === 0 ? [] : await sentRefundsOf(shop, String(order.id)));

const PERSONAL = /(^|\.)(billing|shipping|buyer|shipTo|billTo|customer_note|note|meta_data|facts)(\.|$)/;

const idOf = (row: unknown): string | null => {
  const found = Peek.safeParse(row).data?.id;
  return found === undefined || found === null ? null : String(found);
};

/** Each of the rows as an order of ours, or as one that cannot be read. Checkouts that nobody finished are none. */
const readOrders = (rows: readonly unknown[], read: (order: Order, sent: unknown) => Promise<OrderRead>) =>
  readEach(
    rows.filter((row) => !isDraft(row)),
    {
      wire: Order,
      read,
      canonical: IncomingOrder,
      recordOf: ({ order }) => order,
      idOf,
      personal: PERSONAL,
    },
  );

/** A page of the shop's own list of refunds, oldest first; null at a shop that has none. It came with WooCommerce 9.0. */
const refundsSince = async (shop: Shop, since: string, page: number): Promise<unknown[] | null> => {
  try {
    return await ask(shop, RowList, {
      method: 'GET',
      path: '/refunds',
      query: {
        ...dp(shop),
        dates_are_gmt: true,
        after: naive(secondIn(since) - 1000),
        orderby: 'date',
        order: 'asc',
        per_page: MOST,
        page,
      },
    });
  } catch (error) {
    if (isFailure(error) && error.safe['status'] === 404) return null;
    throw error;
  }
};

/**
 * Orders that had money given back since the walk's beginning without counting as changed: a gateway's refunds do not move
 * the order's time of change, and an order may not name its refund. Orders that the walk reads anyway are left out.
 */
const refundedSince = async (shop: Shop, since: string, page: number): Promise<Output<'orders.pull'>> => {
  const list = await refundsSince(shop, since, page);
  if (list === null) return { items: [], next: null };
  const next = list.length < MOST ? null : `${REFUNDS}@${page + 1}`;
  const refunds = await readEach(list, {
    wire: RefundOf,
    read: (refund) => refund,
    canonical: RefundOf,
    // Which order it belongs to cannot be told.
    idOf: () => null,
  });
  const rejected = refunds.rejected.map((refund) => ({ ...refund, field: `refunds.${refund.field}` }));
  const byOrder = Map.groupBy(refunds.items, (refund) => refund.parent_id);
  byOrder.delete(0);
  if (byOrder.size === 0) return { items: [], rejected, next };
  const rows = await ask(shop, RowList, {
    method: 'GET',
    path: '/orders',
    query: {
      ...dp(shop),
      include: [...byOrder.keys()].join(','),
      orderby: 'id',
      order: 'asc',
      per_page: MOST,
      page: 1,
    },
  });
  const from = secondIn(since);
  const walked = (row: unknown): boolean => {
    const order = Order.safeParse(row).data;
    const named = new Set(order?.refunds.map((refund) => refund.id));
    const at = secondOf(row);
    return (at ?? 0) >= from && (byOrder.get(order?.id ?? 0) ?? []).every((refund) => named.has(refund.id));
  };
  const found = await readOrders(
    rows.filter((row) => !walked(row)),
    async (order, sent) => readWhole(order, sent, await sentRefundsOf(shop, String(order.id))),
  );
  return { items: found.items, rejected: [...rejected, ...found.rejected], next };
};

export const pullOrders = async (
  shop: Shop,
  { since, cursor }: Input<'orders.pull'>,
): Promise<Output<'orders.pull'>> => {
  const place = placeOf(cursor ?? since);
  if (place.list === 'refunds') return refundedSince(shop, since, place.page);
  const { second, page } = place;
  const { rows, next } = page === null ? await changedSince(shop, second) : await changedIn(shop, second, page);
  const found = await readOrders(rows, (order, sent) => complete(shop, order, sent));
  return { ...found, next: next ?? `${REFUNDS}@1` };
};

const sentOrderOf = (shop: Shop, orderId: string): Promise<unknown> =>
  ask(shop, z.unknown(), { method: 'GET', path: `/orders/${id(orderId)}`, query: dp(shop) });

const parseOrder = (orderId: string, sent: unknown): Order => fitting(`order ${orderId}`, () => Order.parse(sent));

const orderOf = async (shop: Shop, orderId: string): Promise<Order> =>
  parseOrder(orderId, await sentOrderOf(shop, orderId));

/**
 * The refunds are read whatever the order says of them: its own list may be behind. Asked for side by side, the list may be older than
 * the order: it is read again when the order names a refund that it lacks.
 */
export const getOrder = async (shop: Shop, { externalId }: Input<'orders.get'>): Promise<Output<'orders.get'>> => {
  const [sent, refunds] = await Promise.all([sentOrderOf(shop, externalId), sentRefundsOf(shop, externalId)]);
  const order = parseOrder(externalId, sent);
  const listed = new Set(parseRefunds(externalId, refunds).map((refund) => refund.id));
  const isBehind = order.refunds.some((refund) => !listed.has(refund.id));
  return readWhole(order, sent, isBehind ? await sentRefundsOf(shop, externalId) : refunds);
};

const Kept = z.object({ order: Order, refunds: z.array(Refund) });

/** Of a body that `readWhole` gave. */
export const readOrder = async (_shop: Shop, { body }: Input<'orders.read'>): Promise<Output<'orders.read'>> =>
  fitting('WooCommerce’s order', () => {
    const { order: sent, refunds } = Kept.parse(body);
    const order = toOrder(sent, refunds);
    IncomingOrder.parse(order);
    return order;
  });

/** Statuses of an order that needs no cancelling any more, and those that the shop lets nobody cancel for us. */
const CANCELLED: ReadonlySet<string> = new Set(['cancelled', 'refunded', 'trash']);

/**
 * Sets the status, with our reference and the reason in one write, so that a lost answer leaves nothing half done. The shop
 * itself puts the units back into stock and sends its own e-mails, whatever is wished for.
 */
export const cancelOrder = async (
  shop: Shop,
  { externalId, reference, reason, note }: Input<'orders.cancel'>,
): Promise<Output<'orders.cancel'>> => {
  const order = await orderOf(shop, externalId).catch((error: unknown) => {
    if (isFailure(error, 'not_found')) return null;
    throw error;
  });
  if (order === null) return { cancelled: true, reason: 'WooCommerce holds no such order' };
  if (CANCELLED.has(order.status)) return { cancelled: true, reason: `WooCommerce says ${order.status}` };
  if (order.status === 'completed')
    return { cancelled: false, reason: 'The order is completed at WooCommerce: it has been shipped' };
  await ask(shop, Made, {
    method: 'PUT',
    path: `/orders/${order.id}`,
    json: { status: 'cancelled', meta_data: [{ key: `_crossdock_cancel_${reference}`, value: { reason, note } }] },
  });
  return { cancelled: true, reason: '' };
};

const UNITS_KEPT_MS = 3_600_000;
/**
 * The shop's own word for a unit, kept for an hour; `unknown` where it may not be read. Settings ask for a shop manager's key.
 * Source: WooCommerce REST API v3, “Setting options”, read 2026-12-01.
 */
const unitOf = (shop: Shop, option: string): Promise<string> =>
  shop.memory.once(`woocommerce:${option}`, async () => {
    const expiresAtMs = shop.clock.now() + UNITS_KEPT_MS;
    try {
      const { value } = await ask(shop, Setting, { method: 'GET', path: `/settings/products/${option}` });
      return { value: value || 'unknown', expiresAtMs };
    } catch (error) {
      if (isFailure(error, 'not_found', 'forbidden', 'unauthorised', 'rejected'))
        return { value: 'unknown', expiresAtMs };
      throw error;
    }
  });

/** A product that is wrong is rejected by itself, and so is a variation: of its product the others are read. */
export const readListings = async (
  shop: Shop,
  { cursor }: Input<'listings.read'>,
): Promise<Output<'listings.read'>> => {
  const { rows, next } = await fromTheEnd(shop, { path: '/products', page: cursor === null ? null : Number(cursor) });
  const { true: own = [], false: others = [] } = Object.groupBy(rows, (row) => `${isSoldItself(typeOf(row))}`);
  const units: Units = {
    weight: await unitOf(shop, 'woocommerce_weight_unit'),
    dimension: await unitOf(shop, 'woocommerce_dimension_unit'),
  };
  const sold = await readEach(own, {
    wire: Product,
    read: (product) => toListing(product, units),
    canonical: ListingRead,
    idOf,
  });
  const parents = await readEach(others, {
    wire: Parent,
    read: (parent) => readVariations(shop, parent, units),
    canonical: z.unknown(),
    idOf,
  });
  const parts = [sold, { items: [], rejected: parents.rejected }, ...parents.items];
  return {
    items: parts.flatMap(({ items }) => items),
    rejected: parts.flatMap(({ rejected }) => rejected),
    next: next === null ? null : String(next),
  };
};

const typeOf = (row: unknown): string => Peek.safeParse(row).data?.type ?? '';

/** None where the product was taken away since its page was read. */
const readVariations = async (shop: Shop, parent: Parent, units: Units) => {
  const rows = hasVariations(parent)
    ? await all(shop, `/products/${parent.id}/variations`).catch((error: unknown) => {
        if (isFailure(error, 'not_found')) return [];
        throw error;
      })
    : [];
  return readEach(rows, {
    wire: Variation,
    read: (variation) => toVariationListing(parent, variation, units),
    canonical: ListingRead,
    idOf,
  });
};

type Outcome = { id: string; error: { code: string; message: string } | null };

/** Variations are set through their parent, everything else through the one list of products. */
const batchPath = ({ externalProductId, externalVariantId }: LevelChange): string =>
  externalProductId === '' || externalProductId === externalVariantId
    ? '/products/batch'
    : `/products/${id(externalProductId)}/variations/batch`;

/** One batch. A number set twice is the same number, so a lost answer needs no care. */
const setLevels = async (shop: Shop, path: string, levels: readonly LevelChange[]): Promise<Outcome[]> => {
  const update = levels.map(({ externalVariantId, quantity }) => ({
    id: Number(externalVariantId),
    manage_stock: true,
    stock_quantity: quantity,
  }));
  const answer = await ask(shop, Batch, { method: 'POST', path, json: { update } });
  const errors = new Map(answer.update.map((item) => [String(item.id), item.error ?? null]));
  return levels.map(({ externalVariantId }) => ({
    id: externalVariantId,
    error: errors.has(externalVariantId)
      ? (errors.get(externalVariantId) ?? null)
      : { code: 'no_answer', message: 'the shop’s answer leaves this product out' },
  }));
};

/** A batch that is refused whole is the failure of each of its items, not of the others. */
const refused =
  (levels: readonly LevelChange[]) =>
  (error: unknown): Outcome[] => {
    if (!isFailure(error, 'not_found', 'rejected')) throw error;
    return levels.map((level) => ({
      id: level.externalVariantId,
      error: { code: error.code, message: error.message },
    }));
  };

export const pushInventory = async (
  shop: Shop,
  { levels }: Input<'inventory.push'>,
): Promise<Output<'inventory.push'>> => {
  const outcomes: Outcome[] = [];
  for (const [path, group] of Map.groupBy(levels, batchPath))
    for (let from = 0; from < group.length; from += MOST) {
      const part = group.slice(from, from + MOST);
      outcomes.push(...(await setLevels(shop, path, part).catch(refused(part))));
    }
  return {
    processed: outcomes.flatMap((o) => (o.error === null ? [o.id] : [])),
    failed: outcomes.flatMap((o) => (o.error === null ? [] : [{ id: o.id, ...o.error }])),
    skipped: [],
  };
};

/** Orders that are over stay as they are: `completed` would bring them back. */
const OVER: ReadonlySet<string> = new Set(['cancelled', 'refunded', 'failed', 'trash', 'completed']);

/** What the shop keeps of a package that it was told of, or null for one that it was not. */
const toldOf = (order: Order, reference: string) =>
  Told.safeParse(metaOf(order.meta_data, shipmentKey(reference))).data ?? null;

const record = (shop: Shop, order: Order, reference: string, value: object, status?: 'completed') =>
  ask(shop, Made, {
    method: 'PUT',
    path: `/orders/${order.id}`,
    json: { meta_data: [{ key: shipmentKey(reference), value }], ...(status ? { status } : {}) },
  });

/** The messages about a package that the buyer has, oldest first. */
const messagesOf = async (shop: Shop, order: Order, reference: string): Promise<string[]> => {
  const path = `/orders/${order.id}/notes`;
  const notes = await ask(shop, z.array(Note), { method: 'GET', path, query: { type: 'customer' } });
  return notes
    .filter(({ note }) => isAbout(note, reference))
    .sort((a, b) => a.id - b.id)
    .map(({ note }) => note);
};
/** The shop also sends it by e-mail, and would send each again: whoever calls has looked for it first. */
const tellBuyer = (shop: Shop, order: Order, note: string) =>
  ask(shop, Made, { method: 'POST', path: `/orders/${order.id}/notes`, json: { note, customer_note: true } });

/** The message beside the first one, then what the shop keeps of the package. The last message says what the buyer knows. */
const changeTracking = async (shop: Shop, order: Order, update: TrackingUpdate): Promise<void> => {
  const { reference, tracking } = update;
  const told = toldOf(order, reference);
  if (!told) throw new Failure('rejected', `the shop was not told of package ${reference}, or has forgotten it`);
  if (isShown(told, tracking)) return;
  if (update.notify !== false) {
    const messages = await messagesOf(shop, order, reference);
    const last = messages.at(-1);
    if (last === undefined) await tellBuyer(shop, order, noteOf(tracking, reference));
    else if (!last.includes(changeMark(reference, tracking)))
      await tellBuyer(shop, order, changeNoteOf(tracking, reference));
  }
  await record(shop, order, reference, { ...told, ...tracking });
};

/** Writes the package and, with the last one, the status in one call; then tells the buyer. Each once for a reference. */
export const confirmShipment = async (
  shop: Shop,
  { confirmation }: Input<'shipments.confirm'>,
): Promise<Output<'shipments.confirm'>> => {
  const { orderExternalId, reference, tracking, lines, completes } = confirmation;
  const order = await orderOf(shop, orderExternalId);
  const externalId = packageId(order.id, reference);
  const told = toldOf(order, reference);
  if (told && !isShown(told, tracking)) {
    await changeTracking(shop, order, { externalId, orderExternalId, reference, tracking });
    return { externalId };
  }
  const status = completes && !OVER.has(order.status) ? 'completed' : undefined;
  if (!told) await record(shop, order, reference, { ...tracking, lines }, status);
  if ((await messagesOf(shop, order, reference)).length === 0)
    await tellBuyer(shop, order, noteOf(tracking, reference));
  return { externalId };
};

/** Tells the buyer of another tracking and keeps it. Asked again, nothing is told twice. */
export const updateShipment = async (
  shop: Shop,
  update: Input<'shipments.update'>,
): Promise<Output<'shipments.update'>> => {
  await changeTracking(shop, await orderOf(shop, update.orderExternalId), update);
  return { externalId: update.externalId };
};

/** The shop would round an amount finer than its own decimals, and so give back something else than was asked for. */
const refuseFiner = (shop: Shop, { currency, lines }: Input<'refunds.create'>): void => {
  const step = 10 ** Math.max(0, exponentOf(currency) - shop.settings.priceDecimals);
  if (lines.some((line) => line.totalMinor % step !== 0))
    throw new Failure('rejected', `the shop keeps ${shop.settings.priceDecimals} decimals; this refund needs more`);
};

export const createRefund = async (shop: Shop, input: Input<'refunds.create'>): Promise<Output<'refunds.create'>> => {
  refuseFiner(shop, input);
  const given = await refundsOf(shop, input.orderExternalId);
  const known = given.find((refund) => refund.reason.includes(mark(input.reference)));
  if (known) return { externalId: String(known.id) };
  const order = await orderOf(shop, input.orderExternalId);
  const made = await ask(shop, Made, {
    method: 'POST',
    path: `/orders/${order.id}/refunds`,
    json: fromRefund(order, input, shop.settings.refundThroughGateway),
    unsafe: true,
  });
  return { externalId: String(made.id) };
};

const readWebhooks = async (shop: Shop): Promise<z.infer<typeof Webhook>[]> => {
  const rows = await all(shop, '/webhooks');
  return fitting('the shop’s webhooks', () => z.array(Webhook).parse(rows));
};

/** Each topic once. A webhook that is there is switched on again with our secret: the shop never says which one it holds. */
export const registerWebhooks = async (
  shop: Shop,
  { url, secret }: Input<'webhooks.register'>,
): Promise<Output<'webhooks.register'>> => {
  const there = await readWebhooks(shop);
  for (const topic of TOPICS) {
    const found = there.find((hook) => hook.topic === topic && hook.delivery_url === url);
    await ask(shop, Made, {
      method: found ? 'PUT' : 'POST',
      path: found ? `/webhooks/${found.id}` : '/webhooks',
      json: { status: 'active', secret, ...(found ? {} : { name: `Crossdock ${topic}`, topic, delivery_url: url }) },
    });
  }
  return { topics: TOPICS };
};

export const deregisterWebhooks = async (
  shop: Shop,
  { path }: Input<'webhooks.deregister'>,
): Promise<Output<'webhooks.deregister'>> => {
  const ours = (await readWebhooks(shop)).filter(({ delivery_url }) => delivery_url.endsWith(path));
  for (const { id: hook } of ours)
    await shop.http.send({ method: 'DELETE', path: `/webhooks/${hook}`, query: { force: true } });
  return { ended: ours.length };
};

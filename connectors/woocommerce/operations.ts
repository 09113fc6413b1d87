import { z } from 'zod';
import {
  type Call,
  type Confirmation,
  type Context,
  exponentOf,
  Failure,
  type Input,
  isFailure,
  type LevelChange,
  type Output,
  type Page,
} from '#kit';
import { type manifest, TOPICS } from './manifest.ts';
import { fromRefund, instant, isDraft, mark, metaOf, toListings, toOrder } from './mapper.ts';
import { Batch, Made, Note, Order, Product, parse, Refund, Variation, Webhook } from './wire.ts';

type Shop = Context<z.infer<typeof manifest.credentials>, z.infer<typeof manifest.settings>>;

/** The most that a list gives at once, and a batch takes. */
const MOST = 100;

const ask = async <T>({ http }: Shop, schema: z.ZodType<T>, call: Call): Promise<T> =>
  parse(await http.send(call), schema);

const id = (text: string): string => encodeURIComponent(text);
const dp = ({ settings }: Shop) => ({ dp: settings.priceDecimals });

/** A short list to its end. */
const all = async <T>(shop: Shop, schema: z.ZodType<T>, path: string, query: Call['query'] = {}): Promise<T[]> => {
  const found: T[] = [];
  for (let page = 1; ; page += 1) {
    const rows = await ask(shop, z.array(schema), {
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
const fromTheEnd = async <T>(
  shop: Shop,
  schema: z.ZodType<T>,
  call: { path: string; query?: Call['query']; page: number | null },
): Promise<{ rows: T[]; next: number | null }> => {
  const query = { ...call.query, orderby: 'id', order: 'asc', per_page: MOST, page: call.page ?? 1 };
  const answer = await shop.http.send({ method: 'GET', path: call.path, query });
  const rows = parse(answer, z.array(schema));
  const pages = Number(answer.headers['x-wp-totalpages'] ?? Number.NaN);
  if (!Number.isInteger(pages)) throw new Failure('contract', 'the shop’s host takes away the header X-WP-TotalPages');
  if (call.page === null && pages > 1) return { rows: [], next: pages };
  const page = call.page ?? 1;
  return { rows, next: page > 1 ? page - 1 : null };
};

export const checkConnection = async (shop: Shop): Promise<Output<'connection.check'>> => {
  await ask(shop, z.array(Made), { method: 'GET', path: '/orders', query: { per_page: 1 } });
  return { account: new URL(shop.credentials.site).host };
};

/** A time as the shop takes it beside `dates_are_gmt`: with a zone it would be moved by the site's own. */
const naive = (ms: number): string => new Date(ms).toISOString().slice(0, 19);
const secondOf = (order: Order): number => Math.floor(Date.parse(instant(order.date_modified_gmt)) / 1000) * 1000;

/** `2026-01-05T09:00:00`: all that changed from this second on. With `@3`: page 3 of that second, and of it all below. */
const cursorOf = (text: string): { second: number; page: number | null } => {
  const [at = '', page] = text.split('@');
  const second = Math.floor(Date.parse(instant(at)) / 1000) * 1000;
  if (Number.isNaN(second) || !/^\d*$/.test(page ?? ''))
    throw new Failure('invalid', `“${text.slice(0, 40)}” is no time to read orders from`);
  return { second, page: page === undefined ? null : Number(page) };
};

/** Orders changed in this very second, a page of them. A past second only loses orders, by their changing again. */
const changedIn = async (shop: Shop, second: number, page: number | null): Promise<Page<Order>> => {
  const found = await fromTheEnd(shop, Order, {
    path: '/orders',
    page,
    query: {
      ...dp(shop),
      dates_are_gmt: true,
      modified_after: naive(second - 1000),
      modified_before: naive(second + 1000),
    },
  });
  return { items: found.rows, next: found.next === null ? naive(second + 1000) : `${naive(second)}@${found.next}` };
};

/**
 * Orders changed from `second` on, each second of them whole: the last one of a full page may go on behind it and is left to
 * the next call. So the key is the second alone, and no row is missed by what changes between two calls.
 */
const changedSince = async (shop: Shop, second: number): Promise<Page<Order>> => {
  const rows = await ask(shop, z.array(Order), {
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
  const last = rows.at(-1);
  if (rows.length < MOST || !last) return { items: rows, next: null };
  const end = secondOf(last);
  if (end <= second) return changedIn(shop, second, null);
  return { items: rows.filter((order) => secondOf(order) < end), next: naive(end) };
};

/** The order as ours; the lines of its refunds stand in a list of their own. */
const complete = async (shop: Shop, order: Order) =>
  toOrder(order, order.refunds.length === 0 ? [] : await refundsOf(shop, String(order.id)));

const refundsOf = (shop: Shop, orderId: string): Promise<Refund[]> =>
  all(shop, Refund, `/orders/${id(orderId)}/refunds`, dp(shop));

export const pullOrders = async (
  shop: Shop,
  { since, cursor }: Input<'orders.pull'>,
): Promise<Output<'orders.pull'>> => {
  const { second, page } = cursorOf(cursor ?? since);
  const found = page === null ? await changedSince(shop, second) : await changedIn(shop, second, page);
  const items: Output<'orders.get'>[] = [];
  for (const order of found.items) if (!isDraft(order)) items.push(await complete(shop, order));
  return { items, next: found.next };
};

const orderOf = (shop: Shop, orderId: string): Promise<Order> =>
  ask(shop, Order, { method: 'GET', path: `/orders/${id(orderId)}`, query: dp(shop) });

export const getOrder = async (shop: Shop, { externalId }: Input<'orders.get'>): Promise<Output<'orders.get'>> =>
  complete(shop, await orderOf(shop, externalId));

export const readListings = async (
  shop: Shop,
  { cursor }: Input<'listings.read'>,
): Promise<Output<'listings.read'>> => {
  const found = await fromTheEnd(shop, Product, { path: '/products', page: cursor === null ? null : Number(cursor) });
  const items: Output<'listings.read'>['items'][number][] = [];
  for (const product of found.rows)
    items.push(...toListings(product, product.type === 'variable' ? await variationsOf(shop, product) : []));
  return { items, next: found.next === null ? null : String(found.next) };
};

const variationsOf = (shop: Shop, product: Product): Promise<Variation[]> =>
  all(shop, Variation, `/products/${product.id}/variations`);

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

/** The order's own record of one package. A key for each, so that two packages told of at once do not overwrite each other. */
export const shipmentKey = (reference: string): string => `_crossdock_shipment_${reference}`;

/** Orders that are over stay as they are: `completed` would bring them back. */
const OVER: ReadonlySet<string> = new Set(['cancelled', 'refunded', 'failed', 'trash', 'completed']);

const recordShipment = async (shop: Shop, order: Order, { reference, completes, ...rest }: Confirmation) => {
  if (metaOf(order.meta_data, shipmentKey(reference)) !== undefined) return;
  const value = { ...rest.tracking, lines: rest.lines };
  await ask(shop, Made, {
    method: 'PUT',
    path: `/orders/${order.id}`,
    json: {
      meta_data: [{ key: shipmentKey(reference), value }],
      ...(completes && !OVER.has(order.status) ? { status: 'completed' } : {}),
    },
  });
};

const noteOf = ({ tracking: { carrier, number, url }, reference }: Confirmation): string =>
  [`Shipped with ${carrier}, tracking number ${number}`, url, mark(reference)].filter((part) => part !== '').join(' ');

/** The buyer's message, which the shop also sends by e-mail: looked for first, since the shop would send a second one. */
const tellBuyer = async (shop: Shop, order: Order, confirmation: Confirmation) => {
  const path = `/orders/${order.id}/notes`;
  const notes = await ask(shop, z.array(Note), { method: 'GET', path, query: { type: 'customer' } });
  if (notes.some(({ note }) => note.includes(mark(confirmation.reference)))) return;
  await ask(shop, Made, { method: 'POST', path, json: { note: noteOf(confirmation), customer_note: true } });
};

/** Writes the package and, with the last one, the status in one call; then tells the buyer. Each once for a reference. */
export const confirmShipment = async (
  shop: Shop,
  { confirmation }: Input<'shipments.confirm'>,
): Promise<Output<'shipments.confirm'>> => {
  const order = await orderOf(shop, confirmation.orderExternalId);
  await recordShipment(shop, order, confirmation);
  await tellBuyer(shop, order, confirmation);
  return { externalId: `${order.id}:${confirmation.reference}` };
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

/** Each topic once. A webhook that is there is switched on again with our secret: the shop never says which one it holds. */
export const registerWebhooks = async (
  shop: Shop,
  { url, secret }: Input<'webhooks.register'>,
): Promise<Output<'webhooks.register'>> => {
  const there = await all(shop, Webhook, '/webhooks');
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

import type { z } from 'zod';
import {
  type Context,
  Failure,
  fitting,
  type Http,
  IncomingOrder,
  type Input,
  ListingRead,
  LocationRead,
  type Operation,
  type OrderRead,
  type PushReport,
  readEach,
  type Tracking,
} from '#kit';
import { API_VERSION, failureCodeOf, type manifest, SUBSCRIBED } from './manifest.ts';
import {
  CANCEL_REASON,
  chunksOf,
  MOST_INPUTS,
  toDigest,
  toListing,
  toLocation,
  toMark,
  toOrder,
  toPacking,
  toQuantity,
  toRefundLines,
  toRefundTransactions,
  toStaffNote,
  toTrackingInfo,
} from './mapper.ts';
import * as queries from './queries.ts';
import { missingScopes } from './scopes.ts';
import {
  type Connection,
  isFulfillmentOrder,
  LineItem,
  Location,
  Order,
  PagedOrder,
  Peek,
  ProductVariant,
  type UserError,
} from './wire.ts';

type Manifest = typeof manifest;
type Shop = Context<z.infer<Manifest['credentials']>, z.infer<Manifest['settings']>>;

const ask = async <T>(
  http: Http,
  query: queries.Query<T>,
  variables: Record<string, unknown>,
  unsafe = false,
): Promise<T> => {
  const answer = await http.send({
    method: 'POST',
    path: `/admin/api/${API_VERSION}/graphql.json`,
    json: { query: query.text, variables },
    cost: { points: query.cost },
    unsafe,
  });
  return answer.json(query.reply).data;
};

const found = <T>(thing: T | null, what: string): T => {
  if (thing === null) throw new Failure('not_found', `Shopify has no ${what}`);
  return thing;
};

/** What Shopify refuses on business grounds it says beside the data, not as an error. */
export const refuse = (errors: readonly UserError[]): void => {
  const [error] = errors;
  if (error) throw new Failure(failureCodeOf(error.code, 'rejected'), `Shopify: ${error.message}`);
};

const next = ({ pageInfo }: Connection<unknown>): string | null => (pageInfo.hasNextPage ? pageInfo.endCursor : null);

/** Reads a connection to its end: `more` gives the page after a cursor. */
const complete = async <N>(first: Connection<N>, more: (after: string) => Promise<Connection<N>>): Promise<void> => {
  for (let after = next(first); after !== null; ) {
    const page = await more(after);
    first.nodes.push(...page.nodes);
    first.pageInfo = page.pageInfo;
    after = next(page);
  }
};

const morePackageLines = async (http: Http, id: string, after: string) =>
  found((await ask(http, queries.MORE_FULFILLMENT_LINES, { id, after })).fulfillment, id).fulfillmentLineItems;

/** An order has as many lines as a buyer likes; what did not fit on its first page is read before anybody sees the order. */
const completeOrder = async (http: Http, order: PagedOrder): Promise<PagedOrder> => {
  const { id } = order;
  await complete(order.lineItems, async (after) => {
    return found((await ask(http, queries.MORE_LINES, { id, after })).order, id).lineItems;
  });
  await complete(order.shippingLines, async (after) => {
    return found((await ask(http, queries.MORE_SHIPPING_LINES, { id, after })).order, id).shippingLines;
  });
  for (const { id, refundLineItems } of order.refunds)
    await complete(refundLineItems, async (after) => {
      return found((await ask(http, queries.MORE_REFUND_LINES, { id, after })).refund, id).refundLineItems;
    });
  for (const { id, fulfillmentLineItems } of order.fulfillments ?? [])
    await complete(fulfillmentLineItems, (after) => morePackageLines(http, id, after));
  if (order.fulfillmentOrders)
    await complete(order.fulfillmentOrders, async (after) => {
      return found((await ask(http, queries.MORE_FULFILLMENT_ORDERS, { id, after })).order, id).fulfillmentOrders;
    });
  return order;
};

/** Whether the order came with all of its lists. */
const isWhole = ({ lineItems, shippingLines, refunds, fulfillments, fulfillmentOrders }: Order): boolean =>
  [
    lineItems,
    shippingLines,
    ...refunds.map((refund) => refund.refundLineItems),
    ...(fulfillments ?? []).map((fulfillment) => fulfillment.fulfillmentLineItems),
    ...(fulfillmentOrders ? [fulfillmentOrders] : []),
  ].every((list) => next(list) === null);

/** An order with the body of which it was read: the one that Shopify sent, with the rest of its lines in it. */
const readWhole = async (http: Http, order: Order, sent: unknown): Promise<OrderRead> => {
  if (isWhole(order)) return { order: toOrder(order), body: sent };
  const body = await completeOrder(http, PagedOrder.parse(sent));
  return { order: toOrder(Order.parse(body)), body };
};

export const checkConnection: Operation<Manifest, 'connection.check'> = async ({ http }) => {
  const { shop, currentAppInstallation } = await ask(http, queries.SHOP, {});
  return {
    account: `${shop.name} (${shop.myshopifyDomain})`,
    // The domain may change, the id does not.
    identity: shop.id,
    currency: shop.currencyCode,
    missing: missingScopes(currentAppInstallation.accessScopes.map(({ handle }) => handle)),
  };
};

const idOf = (row: unknown): string | null => Peek.safeParse(row).data?.id || null;

export const pullOrders: Operation<Manifest, 'orders.pull'> = async ({ http }, { since, cursor }) => {
  const { orders } = await ask(http, queries.ORDERS, { changed: `updated_at:>='${since}'`, after: cursor });
  const found = await readEach(orders.nodes, {
    wire: Order,
    read: (order, sent) => readWhole(http, order, sent),
    canonical: IncomingOrder,
    recordOf: ({ order }) => order,
    idOf,
    personal: PERSONAL,
  });
  return { ...found, next: next(orders) };
};
const PERSONAL =
  /(^|\.)(shippingAddress|billingAddress|customer|buyer|shipTo|billTo|email|note|poNumber|customAttributes|attributes|localizedFields|purchasingEntity|taxIds)(\.|$)/;

/** An order by its id, or by that of one of its fulfillment orders, which is all that their webhooks name. */
const orderIdOf = async (http: Http, id: string): Promise<string> =>
  isFulfillmentOrder(id)
    ? found((await ask(http, queries.ORDER_OF_FULFILLMENT_ORDER, { id })).fulfillmentOrder, id).orderId
    : id;

export const getOrder: Operation<Manifest, 'orders.get'> = async ({ http }, { externalId }) => {
  const id = await orderIdOf(http, externalId);
  const what = `order ${id}`;
  const sent = found((await ask(http, queries.ORDER_BY_ID, { id })).order ?? null, what);
  const order = fitting(what, () => Order.parse(sent));
  return readWhole(http, order, sent);
};

/** Of a body that `readWhole` gave. */
export const readOrder: Operation<Manifest, 'orders.read'> = async (_shop, { body }) =>
  fitting('Shopify’s order', () => {
    const order = toOrder(Order.parse(body));
    IncomingOrder.parse(order);
    return order;
  });

/**
 * Looks first, for Shopify refuses to cancel twice, and again after a refusal, which may be of our own earlier call. Shopify
 * takes the cancellation and carries it out by itself; that it has is told by the order's webhook.
 */
export const cancelOrder: Operation<Manifest, 'orders.cancel'> = async (
  { http },
  { externalId: id, reference, reason, note, notify, restock },
) => {
  const read = async () => (await ask(http, queries.CANCELLATION, { id })).order;
  const order = await read();
  if (order === null) return { cancelled: true, reason: 'Shopify holds no such order' };
  if (order.cancelledAt !== null) return { cancelled: true, reason: 'The order was cancelled at Shopify before' };
  const variables = { id, reason: CANCEL_REASON[reason], restock, notify, note: toStaffNote(note, reference) };
  const { orderCancel } = await ask(http, queries.CANCEL, variables);
  const [error] = orderCancel.orderCancelUserErrors;
  if (!error) return { cancelled: true, reason: '' };
  const after = await read();
  return { cancelled: after === null || after.cancelledAt !== null, reason: `Shopify: ${error.message}` };
};

export const readListings: Operation<Manifest, 'listings.read'> = async ({ http, settings }, { cursor }) => {
  const page = await ask(http, queries.VARIANTS, { location: settings.locationId, after: cursor });
  const found = await readEach(page.productVariants.nodes, {
    wire: ProductVariant,
    read: (variant) => toListing(variant, page.shop.currencyCode),
    canonical: ListingRead,
    idOf,
  });
  return { ...found, next: next(page.productVariants) };
};

export const readLocations: Operation<Manifest, 'locations.read'> = async ({ http }, { cursor }) => {
  const { locations } = await ask(http, queries.LOCATIONS, { after: cursor });
  const found = await readEach(locations.nodes, { wire: Location, read: toLocation, canonical: LocationRead, idOf });
  return { ...found, next: next(locations) };
};

type Levels = Input<'inventory.push'>['levels'];

const LEVEL_CODES: Readonly<Record<string, string>> = {
  INVALID_INVENTORY_ITEM: 'not_found',
  CHANGE_FROM_QUANTITY_STALE: 'conflict',
  COMPARE_QUANTITY_STALE: 'conflict',
};
const levelCode = ({ code }: UserError): string => LEVEL_CODES[code ?? ''] ?? 'rejected';

/** The place in the batch that an error is about, from a path such as input.quantities.3.inventoryItemId. */
const indexIn = ({ field }: UserError): number => Number(field?.find((part) => /^\d+$/.test(part)) ?? -1);

const MOST_TRIES = 20;

/** Sets all of `levels` or none. A key under which a try failed is spent at Shopify, so the next one in line is taken. */
const setLevels = async ({ http, settings }: Shop, levels: Levels, key: string): Promise<UserError[]> => {
  const quantities = levels.map((level) => ({
    inventoryItemId: level.externalInventoryId,
    locationId: settings.locationId,
    quantity: level.quantity,
    changeFromQuantity: level.from,
  }));
  const input = { name: 'available', reason: 'correction', quantities };
  for (let tries = 0; ; tries += 1) {
    const answer = await ask(http, queries.SET_QUANTITIES, { input, key: `${key}-${tries}` });
    const errors = answer.inventorySetQuantities.userErrors;
    const spent = errors.some((error) => error.code === 'IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED');
    if (!spent || tries === MOST_TRIES) return errors;
  }
};

/** What the levels that are no longer what we took them for show instead, by their variant. */
const shownInstead = async ({ http, settings }: Shop, stale: Levels): Promise<Map<string, number | null>> => {
  if (stale.length === 0) return new Map();
  const ids = stale.map((level) => level.externalInventoryId);
  const { nodes } = await ask(http, queries.LEVELS, { ids, location: settings.locationId });
  const shown = new Map(nodes.flatMap((item) => (item ? [[item.id, toQuantity(item)]] : [])));
  return new Map(stale.map((l) => [l.externalVariantId, shown.get(l.externalInventoryId) ?? null]));
};

/**
 * Shopify sets all levels of a call or none. Those that it names as wrong fail alone and the others are sent again. The key
 * follows from which levels are sent, so that a repeat of the whole meets its own first answers, and what a lost answer had
 * set is seen for what it is.
 */
const pushChunk = async (shop: Shop, chunk: Levels, key: string): Promise<PushReport> => {
  const report: PushReport = { processed: [], failed: [], skipped: [] };
  for (let rest = chunk; rest.length > 0; ) {
    const errors = await setLevels(shop, rest, `${key}-${toDigest(rest.map((level) => level.externalInventoryId))}`);
    const wrong = new Map(errors.map((error) => [indexIn(error), error]));
    const named = rest.flatMap((level, index) => [wrong.get(index)].flatMap((e) => (e ? [{ level, error: e }] : [])));
    // An error that names none of the levels is about the call itself.
    if (named.length === 0) {
      refuse(errors);
      report.processed.push(...rest.map((level) => level.externalVariantId));
      break;
    }
    const stale = named.filter(({ error }) => levelCode(error) === 'conflict').map(({ level }) => level);
    const there = await shownInstead(shop, stale);
    for (const { level, error } of named) {
      const { externalVariantId: id } = level;
      const shown = there.get(id) ?? null;
      if (shown === level.quantity) report.processed.push(id);
      else
        report.failed.push({
          id,
          code: levelCode(error),
          message: error.message,
          ...(shown === null ? {} : { shown }),
        });
    }
    rest = rest.filter((_, index) => !wrong.has(index));
  }
  return report;
};

export const pushInventory: Operation<Manifest, 'inventory.push'> = async (shop, { levels, idempotencyKey }) => {
  const total: PushReport = { processed: [], failed: [], skipped: [] };
  for (const [n, chunk] of chunksOf(levels, MOST_INPUTS).entries()) {
    const report = await pushChunk(shop, chunk, `${idempotencyKey}-${n}`);
    total.processed.push(...report.processed);
    total.failed.push(...report.failed);
  }
  return total;
};

const readPackages = async (http: Http, id: string) => {
  const order = found((await ask(http, queries.FULFILLMENTS, { id })).order, `order ${id}`);
  if (order.fulfillmentOrders.pageInfo.hasNextPage)
    throw new Failure('rejected', `order ${id} has more fulfillment orders than we can tell apart`);
  for (const { id, fulfillmentLineItems } of order.fulfillments)
    await complete(fulfillmentLineItems, (after) => morePackageLines(http, id, after));
  for (const { id, lineItems } of order.fulfillmentOrders.nodes)
    await complete(lineItems, async (after) => {
      return found((await ask(http, queries.MORE_OPEN_LINES, { id, after })).fulfillmentOrder, id).lineItems;
    });
  return order;
};

/** Between the ids of several fulfillments that one package became. */
const BETWEEN = ',';

/** Has a fulfillment show this tracking. Looked at first: Shopify would tell the buyer of each call. */
const showTracking = async (http: Http, id: string, tracking: Tracking, notify: boolean): Promise<void> => {
  const wanted = toTrackingInfo(tracking);
  const { fulfillment } = await ask(http, queries.TRACKING_OF, { id });
  const shown = found(fulfillment, `fulfillment ${id}`).trackingInfo[0];
  if (shown && Object.entries({ ...shown }).every(([field, value]) => (wanted[field] ?? value) === value)) return;
  const { fulfillmentTrackingInfoUpdate } = await ask(http, queries.UPDATE_TRACKING, { id, tracking: wanted, notify });
  refuse(fulfillmentTrackingInfoUpdate.userErrors);
};

export const confirmShipment: Operation<Manifest, 'shipments.confirm'> = async ({ http }, { confirmation }) => {
  const order = await readPackages(http, confirmation.orderExternalId);
  const { told, calls, short } = toPacking(confirmation, order.fulfillments, order.fulfillmentOrders.nodes);
  if (short > 0)
    throw new Failure('rejected', `Shopify has ${short} fewer units open to fulfil than this package holds`);
  const trackingInfo = toTrackingInfo(confirmation.tracking);
  const ids = [...told];
  if (confirmation.earlier?.length) for (const id of told) await showTracking(http, id, confirmation.tracking, true);
  for (const { fulfillmentOrderId, lines } of calls) {
    const group = { fulfillmentOrderId, ...(lines ? { fulfillmentOrderLineItems: lines } : {}) };
    const fulfillment = { trackingInfo, notifyCustomer: true, lineItemsByFulfillmentOrder: [group] };
    const { fulfillmentCreate } = await ask(http, queries.FULFILL, { fulfillment }, true);
    refuse(fulfillmentCreate.userErrors);
    ids.push(fulfillmentCreate.fulfillment?.id ?? fulfillmentOrderId);
  }
  return { externalId: ids.join(BETWEEN) || confirmation.orderExternalId };
};

export const updateShipment: Operation<Manifest, 'shipments.update'> = async ({ http }, update) => {
  for (const id of update.externalId.split(BETWEEN))
    await showTracking(http, id, update.tracking, update.notify ?? true);
  return { externalId: update.externalId };
};

const unfulfilledOf = async (http: Http, id: string): Promise<Map<string, number>> => {
  const page = async (after: string | null): Promise<Connection<unknown>> =>
    found((await ask(http, queries.MORE_LINES, { id, after })).order, `order ${id}`).lineItems;
  const lines = await page(null);
  await complete(lines, page);
  const read = fitting(`order ${id}`, () => lines.nodes.map((line) => LineItem.parse(line)));
  return new Map(read.map((line) => [line.id, line.unfulfilledQuantity]));
};

export const createRefund: Operation<Manifest, 'refunds.create'> = async ({ http, settings }, input) => {
  const { orderExternalId: orderId, reference, currency, lines } = input;
  const mark = toMark(reference);
  const order = found((await ask(http, queries.PAYMENTS, { id: orderId })).order, `order ${orderId}`);
  const given = order.refunds.find((refund) => refund.note?.includes(mark));
  if (given) return { externalId: given.id };
  const unfulfilled = lines.some((line) => line.restock)
    ? await unfulfilledOf(http, orderId)
    : new Map<string, number>();
  const totalMinor = lines.reduce((all, line) => all + line.totalMinor, 0);
  const transactions = toRefundTransactions(totalMinor, orderId, order.transactions, currency);
  // Without a payment Shopify would take the refund and give nothing back.
  if (totalMinor > 0 && transactions.length === 0)
    throw new Failure('rejected', 'Shopify has received no payment for this order: there is nothing to give back');
  const refund = {
    orderId,
    currency,
    note: `${input.note} ${mark}`.trim(),
    notify: false,
    refundLineItems: toRefundLines(lines, unfulfilled, settings.locationId),
    transactions,
  };
  // A refusal spends the key; once another payment has come in or gone out the same refund may be asked for again.
  const key = `refund-${reference}-${toDigest(order.transactions.map((t) => t.id))}`;
  const { refundCreate } = await ask(http, queries.REFUND, { input: refund, key });
  refuse(refundCreate.userErrors);
  return { externalId: found(refundCreate.refund, `refund ${reference} after it was made`).id };
};

export const registerWebhooks: Operation<Manifest, 'webhooks.register'> = async ({ http }, { url }) => {
  const { webhookSubscriptions } = await ask(http, queries.SUBSCRIPTIONS, { uri: url });
  const there = new Set(webhookSubscriptions.nodes.filter((s) => s.uri === url).map((s) => s.topic));
  for (const topic of SUBSCRIBED.filter((t) => !there.has(t))) {
    const { webhookSubscriptionCreate } = await ask(http, queries.SUBSCRIBE, { topic, uri: url });
    refuse(webhookSubscriptionCreate.userErrors);
  }
  return { topics: SUBSCRIBED };
};

export const deregisterWebhooks: Operation<Manifest, 'webhooks.deregister'> = async ({ http }, { path }) => {
  const page = async (after: string | null) =>
    (await ask(http, queries.ALL_SUBSCRIPTIONS, { after })).webhookSubscriptions;
  const all = await page(null);
  await complete(all, page);
  const ours = all.nodes.filter(({ uri }) => uri.endsWith(path));
  for (const { id } of ours)
    refuse((await ask(http, queries.UNSUBSCRIBE, { id })).webhookSubscriptionDelete.userErrors);
  return { ended: ours.length };
};

import { z } from 'zod';
import {
  type Answer,
  type Call,
  Failure,
  isFailure,
  type Operation,
  readEach,
  SupplyLevel,
  toMinor,
  type Verb,
} from '#kit';
import { type manifest, POINTS, refusalOf, TOKEN_EVERY_MS, TOKEN_LIVES_MS } from './manifest.ts';
import {
  canDelete,
  fromPurchase,
  isUnpaid,
  referenceOf,
  toInstant,
  toPurchaseReport,
  toSplitReport,
  toState,
  toSupplyLevel,
} from './mapper.ts';
import {
  Account,
  Balance,
  CreatedOrder,
  CURRENCY,
  ListedProduct,
  type Order,
  OrderOrNone,
  Product,
  ProductPage,
  Stock,
  StockRow,
  Token,
  Variant,
} from './wire.ts';

type Does<V extends Verb> = Operation<typeof manifest, V>;
type Ctx = Parameters<Does<'connection.check'>>[0];

const TOKEN = 'access-token';
/** Taken off the token's life, so that none runs out on its way. */
const MARGIN_MS = 3_600_000;
/** Products of one page of the walk: each costs two more calls, and what is put off in the middle of a page begins it again. */
const PAGE_SIZE = 10;

const fetchToken = async (context: Ctx): Promise<{ value: string; expiresAtMs: number }> => {
  const answer = await context.http
    .send({
      method: 'POST',
      path: '/authentication/getAccessToken',
      json: { apiKey: context.credentials.apiKey },
      unsigned: true,
    })
    .catch((error: unknown) => {
      if (!isFailure(error, 'rate_limited')) throw error;
      throw new Failure('rate_limited', error.message, { retryAfterMs: TOKEN_EVERY_MS });
    });
  const { accessToken, accessTokenExpiryDate } = answer.json(Token).data;
  const now = context.clock.now();
  const until = Date.parse(toInstant(accessTokenExpiryDate) ?? '') || now + TOKEN_LIVES_MS;
  return { value: accessToken, expiresAtMs: until - MARGIN_MS };
};

const tokenOf = (context: Ctx): Promise<string> => context.memory.once(TOKEN, () => fetchToken(context));

/** Sends with the account's token. A token that CJ refuses is fetched anew, once, by whoever finds it still remembered. */
const send = async (context: Ctx, call: Call): Promise<Answer> => {
  const signed = (token: string): Call => ({ ...call, headers: { 'CJ-Access-Token': token } });
  const token = await tokenOf(context);
  try {
    return await context.http.send(signed(token));
  } catch (error) {
    if (!isFailure(error, 'unauthorised')) throw error;
    // Another worker may have replaced it already, and a second fetch would fall under the five-minute rule.
    if ((await tokenOf(context)) === token) await context.memory.forget(TOKEN);
    return context.http.send(signed(await tokenOf(context)));
  }
};

const read = (context: Ctx, path: keyof typeof POINTS, query: Record<string, string | number | undefined>) =>
  send(context, { method: 'GET', path, query, cost: { points: POINTS[path] } });

/** Whether CJ refused for want of the thing, by the kind of failure or by the code that it documents for the call. */
const unlessMissing = async <T>(work: Promise<T>, code?: number): Promise<T | null> => {
  try {
    return await work;
  } catch (error) {
    if (isFailure(error, 'not_found')) return null;
    if (code !== undefined && isFailure(error, 'rejected') && error.message.startsWith(refusalOf(code))) return null;
    throw error;
  }
};

/** “order not found” of `getOrderDetail`; elsewhere it is any parameter. Source: CJ, “Shopping”, 1.7, read 2026-12-01. */
const ORDER_NOT_FOUND = 1600300;

/** `id` is CJ's id or our number: CJ takes both in the same field. Source: CJ, “Shopping”, 1.7, read 2026-12-01. */
const orderOf = async (context: Ctx, id: string): Promise<Order | null> => {
  const answer = await unlessMissing(
    send(context, { method: 'GET', path: '/shopping/order/getOrderDetail', query: { orderId: id } }),
    ORDER_NOT_FOUND,
  );
  return answer?.json(OrderOrNone).data ?? null;
};

/** The order under our number, whatever its state; one that merely answers to it is none. */
const orderUnder = async (context: Ctx, reference: string): Promise<Order | null> => {
  const order = await orderOf(context, reference);
  return order && referenceOf(order) === reference ? order : null;
};

export const checkConnection: Does<'connection.check'> = async (context) => {
  const answer = await send(context, { method: 'GET', path: '/setting/get' });
  const { openId, openName, openEmail } = answer.json(Account).data;
  if (openId === null) throw new Failure('contract', 'CJ does not say whose account it is: data.openId is missing');
  const given = context.credentials.openId;
  return {
    account: openName || openEmail || openId,
    identity: openId,
    missing:
      given === openId
        ? []
        : [
            {
              right: 'openId',
              why: `every message of CJ is refused: ${given === '' ? 'enter' : `${given} is another account, enter`} ${openId}`,
              needed: false,
            },
          ],
  };
};

/**
 * One page of the catalogue, each variant once, with what CJ itself has counted in the country that orders leave from.
 * Costs 50 points and 20 more a product. A product that vanished between the page and its detail is left out.
 */
export const pullStock: Does<'stock.pull'> = async (context, { cursor }) => {
  const page = Number(cursor ?? '1');
  const keyWord = context.settings.keyWord || undefined;
  const list = (await read(context, '/product/listV2', { page, size: PAGE_SIZE, keyWord })).json(ProductPage).data;
  const products = (list.content ?? []).flatMap((part) => part.productList ?? []);
  const found = await readEach(products, {
    wire: ListedProduct,
    read: ({ id }) => readProduct(context, id),
    canonical: z.unknown(),
    idOf: (row) => ListedProduct.safeParse(row).data?.id ?? null,
  });
  return {
    items: found.items.flatMap(({ items }) => items),
    rejected: [...found.rejected, ...found.items.flatMap(({ rejected }) => rejected)],
    next: page < list.totalPages ? String(page + 1) : null,
  };
};

const vidOf = (row: unknown): string | null => StockRow.safeParse(row).data?.vid ?? null;

/** The variants of one product. One whose stock cannot be told is rejected: it is not counted as none. */
const readProduct = async (context: Ctx, pid: string) => {
  const product = (await unlessMissing(read(context, '/product/query', { pid })))?.json(Product).data;
  const stock = (await unlessMissing(read(context, '/product/stock/getInventoryByPid', { pid })))?.json(Stock).data;
  const rows = stock?.variantInventories ?? [];
  const inventories = new Map(rows.map((row) => [vidOf(row), StockRow.safeParse(row).data?.inventory]));
  // A row that names no variant may be that of any variant without one.
  const unknown = inventories.has(null) ? 'the stock of some variant' : null;
  const withStock = (variant: unknown): unknown => {
    const vid = vidOf(variant);
    return vid === null ? variant : { ...Object(variant), inventory: inventories.get(vid) ?? unknown };
  };
  return readEach((product?.variants ?? []).map(withStock), {
    wire: Variant,
    read: (variant) => toSupplyLevel(variant, product?.productNameEn ?? '', context.settings.fromCountryCode),
    canonical: SupplyLevel,
    idOf: vidOf,
  });
};

/**
 * At most one order under our reference, however often it is called: our reference is CJ's `orderNumber`, it is looked up
 * before the create, and a create that CJ refuses is looked up again, so that an order which an earlier call (or a rival
 * one) has placed is adopted. That CJ refuses a second order under one number is [unverified]; the first look does not
 * depend on it. An order that CJ took but could not be paid is reported as `created`, with CJ's words as the reason. One whose id CJ
 * does not tell is found by our reference, and goes by it until CJ shows its id.
 */
export const placePurchase: Does<'purchases.place'> = async (context, { purchase }) => {
  const { reference } = purchase;
  const known = await orderUnder(context, reference);
  if (known && toState(known.orderStatus) !== 'cancelled') return toPurchaseReport(known, reference);
  const json = fromPurchase(purchase, context.settings);
  try {
    const answer = await send(context, { method: 'POST', path: '/shopping/order/createOrderV2', json });
    const created = answer.json(CreatedOrder).data;
    const shown = created.orderId === null ? await orderUnder(context, reference) : null;
    return toPurchaseReport(shown ?? { ...created, orderId: created.orderId ?? reference }, reference);
  } catch (error) {
    if (!isFailure(error, 'rejected', 'conflict')) throw error;
    const order = await orderUnder(context, reference);
    if (!order) throw error;
    return toPurchaseReport(order, reference, error.message);
  }
};

export const findPurchase: Does<'purchases.find'> = async (context, { reference }) => {
  const order = await orderUnder(context, reference);
  return order && toState(order.orderStatus) !== 'cancelled' ? toPurchaseReport(order, reference) : null;
};

export const getPurchase: Does<'purchases.get'> = async (context, { externalId, reference, parts = [] }) => {
  const order = await orderOf(context, externalId);
  if (!order) throw new Failure('not_found', `CJ holds no order ${externalId}`);
  const seen = await Promise.all(parts.map((part) => orderOf(context, part)));
  const known = seen.filter((part) => part !== null);
  const ours = referenceOf(order) || reference;
  return known.length === 0
    ? toPurchaseReport(order, ours)
    : toSplitReport(order, ours, known, parts.length - known.length);
};

/**
 * Pays an order from the balance at CJ. It is looked at first: one that is paid is not paid again. One that still waits to be confirmed
 * is confirmed, as CJ does it for `payType` 2. What CJ refuses is looked at again: it may be paid since. Source: CJ, “Shopping”, 1.9
 * and 2.2, read 2026-12-01; that an order which is not UNPAID yet has to be confirmed first is [unverified].
 */
export const payPurchase: Does<'purchases.pay'> = async (context, { externalId, reference }) => {
  const before = await orderOf(context, externalId);
  if (!before) throw new Failure('not_found', `CJ holds no order ${externalId}`);
  const report = (order: Order) => toPurchaseReport(order, referenceOf(order) || reference);
  if (!isUnpaid(before.orderStatus)) return report(before);
  const json = { orderId: before.orderId };
  if (before.orderStatus !== 'UNPAID')
    await send(context, { method: 'PATCH', path: '/shopping/order/confirmOrder', json });
  try {
    await send(context, { method: 'POST', path: '/shopping/pay/payBalance', json, unsafe: true });
  } catch (error) {
    if (!isFailure(error, 'rejected', 'conflict')) throw error;
    const after = await orderOf(context, externalId);
    if (after && !isUnpaid(after.orderStatus)) return report(after);
    throw error;
  }
  // It is paid: whatever fails from here on says nothing of that.
  const after = await orderOf(context, externalId).catch((cause: unknown) => {
    throw new Failure('outcome_unknown', `CJ was paid for ${externalId} and does not show it yet`, { cause });
  });
  return report(after ?? before);
};

export const readBalance: Does<'balance.read'> = async (context) => {
  const { amount } = (await send(context, { method: 'GET', path: '/shopping/pay/getBalance' })).json(Balance).data;
  const { warnBelow } = context.settings;
  return {
    amountMinor: toMinor(amount, CURRENCY),
    currency: CURRENCY,
    warnBelowMinor: warnBelow === '' ? null : toMinor(warnBelow, CURRENCY),
  };
};

/**
 * Takes back an order that is not paid yet; a paid one is refused without asking, for CJ has no call that would take it back.
 * One that CJ no longer holds counts as cancelled, and so does our second try. What CJ refuses is looked at again: it may be
 * gone, or paid, since we looked.
 */
export const cancelPurchase: Does<'purchases.cancel'> = async (context, { externalId }) => {
  const order = await orderOf(context, externalId);
  const over = whetherOver(order);
  if (over) return over;
  if (order && !canDelete(order.orderStatus))
    return { cancelled: false, reason: `CJ does not take back an order in state ${order.orderStatus}` };
  try {
    await send(context, { method: 'DELETE', path: '/shopping/order/deleteOrder', query: { orderId: externalId } });
    return { cancelled: true, reason: '' };
  } catch (error) {
    if (!isFailure(error, 'rejected', 'conflict', 'not_found')) throw error;
    return whetherOver(await orderOf(context, externalId)) ?? { cancelled: false, reason: error.message };
  }
};

/** The answer where there is nothing left to cancel; null where there is. */
const whetherOver = (order: Order | null): { cancelled: true; reason: string } | null => {
  if (!order) return { cancelled: true, reason: 'CJ holds no such order' };
  return toState(order.orderStatus) === 'cancelled' ? { cancelled: true, reason: 'CJ says CANCELLED' } : null;
};

/** Asks for messages about orders and parcels; CJ keeps one setting an account, so repeating changes nothing. */
export const registerWebhooks: Does<'webhooks.register'> = async (context, { url }) => {
  const here = { type: 'ENABLE', callbackUrls: [url] };
  await send(context, { method: 'POST', path: '/webhook/set', json: { order: here, logistics: here } });
  return { topics: ['ORDER', 'LOGISTIC'] };
};

import { type Actor, connectionActor } from '#domain/actor.ts';
import type { Connection } from '#domain/connection.ts';
import { idOf, incomingOrderId } from '#domain/ids.ts';
import type { IncomingOrder, IncomingRefund } from '#domain/incoming-order.ts';
import { born, move, noted } from '#domain/move.ts';
import {
  asksForPlan,
  differenceOf,
  type Fetched,
  firstRead,
  newerOf,
  newOrder,
  observeOrder,
  orderLineIdOf,
  type RefundLineId,
  refundLineIdOf,
} from '#domain/observe-order.ts';
import { type Order, type OrderVersion, orderMachine, type Taken } from '#domain/order.ts';
import type { OrderBody } from '#domain/order-body.ts';
import { orderOver } from '#domain/over.ts';
import { type Return, returnMachine, takenIdOf } from '#domain/return.ts';
import { changeOrder, changeReturn, difference } from '../change.ts';
import { noteCurrencies } from '../connection/note-currencies.ts';
import type { Ports } from '../ports.ts';
import { bodyToKeep, replaceBody } from './keep-body.ts';
import { storefrontKnows } from './tell-cancelled.ts';

export interface StoredOrder {
  order: Order;
  created: boolean;
  /** Returns that are to be counted. */
  returnIds: string[];
  /** What has to happen next: the first plan, or what a change of a planned order asks for. */
  next: 'route' | 'reconcile' | 'none';
  /** The answer overlapped with another one and differs from it: the order has to be read once more. */
  unclear: boolean;
}

/** Our own reference inside a storefront's refund note. */
const OUR_RETURN = /\brt_[A-Za-z0-9]{20}\b/;
const ourReturnIn = (refund: IncomingRefund): string | null => OUR_RETURN.exec(refund.note)?.[0] ?? null;

/** The returns of ours that the storefront's refunds answer, by id. */
const ourReturns = async ({ store }: Ports, workspaceId: string, incoming: IncomingOrder) => {
  const ids = incoming.refunds.flatMap((refund) => ourReturnIn(refund) ?? []);
  return new Map((await store.returns.findMany(workspaceId, ids)).map((found) => [found._id, found]));
};

const refundLineIds =
  (orderId: string, ours: ReadonlyMap<string, Return>): RefundLineId =>
  (refund, lineExternalId) => {
    const asked = ours.get(ourReturnIn(refund) ?? '');
    const lineId = orderLineIdOf(orderId, lineExternalId);
    const line = asked?.lines.find((one) => one.lineId === lineId);
    return line ? takenIdOf(line) : refundLineIdOf(orderId, refund.externalId, lineExternalId);
  };

/** How many units of each line our own packages hold. */
const shippedByUs = async ({ store }: Ports, order: Order): Promise<(lineId: string) => number> => {
  const legs = await store.legs.list(order.workspaceId, { orderId: order._id }, { limit: 1_000 });
  return (lineId) =>
    legs.reduce((sum, leg) => leg.lines.reduce((s, line) => s + (line.lineId === lineId ? line.shipped : 0), sum), 0);
};

/** True when the shop shows more fulfilled than it did: only then our packages have to be looked up. */
const fulfilsMore = (order: Order, incoming: IncomingOrder): boolean =>
  incoming.lines.some(
    (line) =>
      line.fulfilledQuantity >
      (order.lines.find((known) => known.externalId === line.externalId)?.fulfilledQuantity ?? 0),
  );

/**
 * How many units of a line are ours among those that the shop shows as fulfilled. Where it shows no more than before, all of them have
 * been told apart already, and none is new.
 */
const shippedFor = async (ports: Ports, known: Order, incoming: IncomingOrder): Promise<(lineId: string) => number> => {
  if (!fulfilsMore(known, incoming)) return () => Number.POSITIVE_INFINITY;
  return known.plan ? shippedByUs(ports, known) : () => 0;
};

/** Which step a stored order needs. An order without a plan is routed; of a planned one only what can change its legs is looked at. */
const nextOf = (order: Order, changes: OrderVersion['changes'], created: boolean): StoredOrder['next'] => {
  if (orderMachine.final(order.state))
    return order.taken.some((taken) => !taken.settled) && order.plan ? 'reconcile' : 'none';
  if (!order.plan) return created || changes.length > 0 || order.state === 'received' ? 'route' : 'none';
  return asksForPlan(order, changes) ? 'reconcile' : 'none';
};

/** What an observation would change of an order that we have, and which step would follow. Writes nothing. */
export const previewStore = async (
  ports: Ports,
  known: Order,
  given: { incoming: IncomingOrder; fetched: Fetched; by: Actor },
): Promise<{ changes: OrderVersion['changes']; taken: readonly Taken[]; next: StoredOrder['next'] }> => {
  const { incoming, fetched, by } = given;
  const ours = await ourReturns(ports, known.workspaceId, incoming);
  const { order, changes, taken } = observeOrder(known, incoming, {
    fetched,
    refundLineId: refundLineIds(known._id, ours),
    shipped: await shippedFor(ports, known, incoming),
    by,
    nowMs: ports.clock.now(),
    source: 'replay',
  });
  return { changes, taken, next: nextOf(order, changes, false) };
};

/**
 * Keeps one order per (workspace, connection, external id), whatever webhooks and polls deliver, and one return per refund. Every
 * observation that differs is a version. An older observation never overwrites a newer one; what was read from the very body that the
 * order was last read from is not older. The last `body` is kept beside the order, but for a buyer who was erased. `replayedBy`: a
 * person had a kept body read again.
 */
export const storeOrder = async (
  ports: Ports,
  given: {
    connection: Connection;
    incoming: IncomingOrder;
    /** Absent: none is kept. */
    body?: unknown;
    fetched: Fetched;
    replayedBy?: Actor;
  },
): Promise<StoredOrder> => {
  const { store, clock } = ports;
  const { connection, incoming, fetched, replayedBy } = given;
  const { workspaceId } = connection;
  const by = replayedBy ?? connectionActor(connection);
  const source = replayedBy ? 'replay' : 'storefront';
  const nowMs = clock.now();
  const orderId = incomingOrderId(workspaceId, connection._id, incoming.externalId);
  const body = given.body === undefined ? null : bodyToKeep(ports, connection, orderId, given.body, fetched);
  const ours = await ourReturns(ports, workspaceId, incoming);
  const refundLineId = refundLineIds(orderId, ours);

  // Most news is of an order that we have.
  let known = await store.orders.find(workspaceId, orderId);
  let created = false;
  if (!known) {
    const fresh = newOrder(connection, incoming, { fetched, refundLineId, nowMs, graceMs: ports.grace() });
    const first = born(orderMachine, body ? { ...fresh, bodyHash: body.hash } : fresh, { actor: by, atMs: nowMs });
    // Side by side: the order does not wait for its body. Cut off between the two it has none until it changes.
    const [inserted, kept] = await Promise.all([
      store.orders.insert(first),
      body ? store.orderBodies.insert(body) : true,
    ]);
    created = inserted;
    if (body && created && !kept) await replaceBody(ports, body, undefined);
    known = created ? first : await store.orders.find(workspaceId, orderId);
  }
  if (!known) throw new Error(`order ${orderId} is neither new nor known`);

  if (created) await noteCurrencies(ports, connection, [incoming.currency]);
  let changes: OrderVersion['changes'] = [];
  let unclear = false;
  /** Whether the order was last read from another body, and that body's hash. */
  let other: { hash: string | undefined } | null = null;
  let order = known;
  if (!created) {
    const shipped = await shippedFor(ports, known, incoming);
    const observe = (current: Order) => {
      const isSameBody = body !== null && body.hash === current.bodyHash;
      const newer = isSameBody ? 'incoming' : newerOf(current, incoming, fetched);
      unclear = false;
      changes = [];
      other = null;
      if (newer === 'stored') return null;
      const seen = observeOrder(current, incoming, { fetched, refundLineId, shipped, by, nowMs, source });
      // What differs is the same news whichever answer is newer; only then it matters which.
      if (newer === 'unclear') {
        unclear = differenceOf(current, seen.order).length > 0;
        return null;
      }
      const brings = body && !isSameBody && current.erasedAtMs === undefined ? { bodyHash: body.hash } : {};
      if (body && brings.bodyHash !== undefined) other = { hash: current.bodyHash };
      // One that is over is asked for anew before a refund, and nothing else of it costs.
      const isOld = !orderMachine.final(current.state) && fetched.sentAtMs - current.fetchedAtMs > 60_000;
      if (seen.changes.length === 0) {
        const read = firstRead(current, seen.order);
        return other || isOld || Object.keys(read).length > 0
          ? { fetchedAtMs: seen.order.fetchedAtMs, answeredAtMs: seen.order.answeredAtMs, ...brings, ...read }
          : null;
      }
      changes = seen.changes;
      const { state: _s, news: _n, newsSeq: _q, ...differs } = difference(current, seen.order);
      const dueAtMs = nextOf(seen.order, changes, false) === 'none' ? current.dueAtMs : nowMs + ports.grace();
      const data = { fields: changes.map(({ field }) => field) };
      return noted(current, 'order.changed', { ...differs, ...brings, dueAtMs }, { actor: by, atMs: nowMs, data });
    };
    order = await changeOrder(ports, workspaceId, orderId, observe, known);
    if (body && other) await keepBody(ports, order, body, other);
  }

  // Whoever was to tell the storefront of a cancellation need not any more.
  if (order.cancelledAt !== null && changes.some(({ field }) => field === 'cancelledAt'))
    await storefrontKnows(ports, by, { workspaceId, orderId });

  const returnIds: string[] = [];
  for (const refund of incoming.refunds) {
    const returnId = await keepReturn(ports, order, refund, ours.get(ourReturnIn(refund) ?? '') ?? null, refundLineId);
    if (returnId !== null) returnIds.push(returnId);
  }
  return { order, created, returnIds, next: nextOf(order, changes, created), unclear };
};

/** An order that is over may be erased at any moment: a body that comes after its own was deleted goes again. */
const keepBody = async (
  ports: Ports,
  order: Order,
  body: OrderBody,
  other: { hash: string | undefined },
): Promise<void> => {
  const { store } = ports;
  const isNew = await replaceBody(ports, body, other.hash);
  if (!isNew || !orderOver(order)) return;
  const now = await store.orders.find(order.workspaceId, order._id);
  if (now?.erasedAtMs !== undefined) await store.orderBodies.delete(order._id);
};

/** A refund as a return: new, or the one of ours that asked for it. Null when it is counted already. */
const keepReturn = async (
  ports: Ports,
  order: Order,
  refund: IncomingRefund,
  asked: Return | null,
  refundLineId: RefundLineId,
): Promise<string | null> => {
  const { store, clock, grace } = ports;
  const nowMs = clock.now();
  const by = { actor: connectionActor({ _id: order.connectionId, name: '' }), atMs: nowMs };
  const dueAtMs = nowMs + grace();
  if (asked) {
    const changed = await changeReturn(
      ports,
      order.workspaceId,
      asked._id,
      (current) =>
        current.state === 'wanted' || current.state === 'refused'
          ? move(returnMachine, current, 'refunded', { externalId: refund.externalId, dueAtMs }, by)
          : null,
      asked,
    );
    return changed.state === 'applied' ? null : asked._id;
  }
  const _id = idOf('rt', order.connectionId, order.externalId, refund.externalId);
  const lines: Return['lines'] = refund.lines.map((line) => {
    const sold = order.lines.find((l) => l.externalId === line.lineExternalId);
    return {
      id: refundLineId(refund, line.lineExternalId),
      lineId: sold?.id ?? '',
      sku: sold?.offer?.sku ?? sold?.sku ?? '',
      quantity: line.quantity,
      totalMinor: line.totalMinor,
      restock: line.restock,
      cancelled: 0,
      returned: 0,
    };
  });
  const fresh: Return = {
    _id,
    workspaceId: order.workspaceId,
    orderId: order._id,
    connectionId: order.connectionId,
    externalId: refund.externalId,
    reference: refund.note,
    currency: order.currency,
    totalMinor: refund.totalMinor,
    lines,
    origin: 'storefront',
    state: 'refunded',
    received: [],
    reason: '',
    dueAtMs,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
  if (await store.returns.insert(born(returnMachine, fresh, by))) return _id;
  const known = await store.returns.find(order.workspaceId, _id);
  return known?.state === 'applied' ? null : _id;
};

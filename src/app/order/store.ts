import type { Connection } from '#domain/connection.ts';
import { idOf } from '#domain/ids.ts';
import type { IncomingOrder, IncomingRefund } from '#domain/incoming-order.ts';
import type { Order, Return } from '#domain/order.ts';
import { changeOrder } from '../change.ts';
import type { Ports } from '../ports.ts';

export interface StoredOrder {
  orderId: string;
  created: boolean;
  state: Order['state'];
  /** Returns that are to be counted on the legs. */
  returnIds: string[];
  /** The storefront cancelled it after we had it. */
  cancelled: boolean;
}

/** Our own reference inside a storefront's refund note. */
const OUR_RETURN = /\brt_[A-Za-z0-9]{20}\b/;

/**
 * Keeps one order per (workspace, connection, external id), whatever webhooks and polls deliver, and one return per refund. An
 * older observation never overwrites a newer one.
 */
export const storeOrder = async (
  ports: Ports,
  connection: Connection,
  incoming: IncomingOrder,
): Promise<StoredOrder> => {
  const { store, clock } = ports;
  const { workspaceId } = connection;
  const now = clock.now();
  const orderId = idOf('or', workspaceId, connection._id, incoming.externalId);
  const placedAtMs = Date.parse(incoming.placedAt);
  const refundedMinor = incoming.refunds.reduce((sum, refund) => sum + refund.totalMinor, 0);
  const lines = incoming.lines.map((line) => ({ ...line, id: idOf('ol', orderId, line.externalId), offer: null }));
  const fresh: Order = {
    _id: orderId,
    workspaceId,
    connectionId: connection._id,
    externalId: incoming.externalId,
    number: incoming.number,
    placedAtMs,
    seenUpdatedAt: incoming.updatedAt,
    currency: incoming.currency,
    financial: incoming.financial,
    rawStatus: incoming.rawStatus,
    cancelledAt: incoming.cancelledAt,
    buyer: incoming.buyer,
    shipTo: incoming.shipTo,
    lines,
    charges: incoming.charges,
    totalMinor: incoming.totalMinor,
    refundedMinor,
    note: incoming.note,
    state: 'received',
    version: 1,
    plan: null,
    short: [],
    historical: placedAtMs < connection.fulfilFromMs,
    unmapped: [],
    dueAtMs: now + ports.grace(),
    createdAtMs: now,
    updatedAtMs: now,
    closedAtMs: null,
  };
  // Most news is of an order that we have.
  const known = await store.orders.find(workspaceId, orderId);
  const created = known === null && (await store.orders.insert(fresh));
  const observe = (current: Order): Order | null =>
    current.seenUpdatedAt >= incoming.updatedAt
      ? null
      : {
          ...current,
          seenUpdatedAt: incoming.updatedAt,
          financial: incoming.financial,
          rawStatus: incoming.rawStatus,
          cancelledAt: incoming.cancelledAt,
          refundedMinor,
          updatedAtMs: now,
        };
  const order = created ? fresh : await changeOrder(store, workspaceId, orderId, observe, known ?? undefined);

  const returnIds: string[] = [];
  for (const refund of incoming.refunds) returnIds.push(await keepReturn(ports, order, refund));
  return { orderId, created, state: order.state, returnIds, cancelled: incoming.cancelledAt !== null };
};

/** A refund as a return: new, or the one of ours that asked for it. */
const keepReturn = async ({ store, clock, grace }: Ports, order: Order, refund: IncomingRefund): Promise<string> => {
  const now = clock.now();
  const lines: Return['lines'] = refund.lines.map((line) => {
    const sold = order.lines.find((l) => l.externalId === line.lineExternalId);
    return {
      id: idOf('rl', order._id, refund.externalId, line.lineExternalId),
      lineId: sold?.id ?? '',
      sku: sold?.offer?.sku ?? sold?.sku ?? '',
      quantity: line.quantity,
      totalMinor: line.totalMinor,
      restock: line.restock,
      cancelled: 0,
      returned: 0,
    };
  });
  const ours = OUR_RETURN.exec(refund.note)?.[0];
  const asked = ours === undefined ? null : await store.returns.find(order.workspaceId, ours);
  if (asked) {
    await store.returns.change(
      asked._id,
      { state: 'wanted' },
      { state: 'refunded', externalId: refund.externalId, dueAtMs: now + grace(), updatedAtMs: now },
    );
    return asked._id;
  }
  const _id = idOf('rt', order.connectionId, order.externalId, refund.externalId);
  await store.returns.insert({
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
    dueAtMs: now + grace(),
    createdAtMs: now,
    updatedAtMs: now,
  });
  return _id;
};

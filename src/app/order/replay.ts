import type { Actor } from '#domain/actor.ts';
import type { Connection } from '#domain/connection.ts';
import { Failure, isFailure } from '#domain/failure.ts';
import { incomingOrderId } from '#domain/ids.ts';
import type { IncomingOrder } from '#domain/incoming-order.ts';
import type { Fetched } from '#domain/observe-order.ts';
import type { Order, OrderVersion, Taken } from '#domain/order.ts';
import { getOrder } from '../get.ts';
import type { Ports } from '../ports.ts';
import { previewStore, type StoredOrder, storeOrder } from './store.ts';

/** What today's connector reads otherwise in the body from which an order was last read. */
export interface ReplayPreview {
  orderId: string;
  /** When the body was asked for. */
  readAtMs: number;
  /** The versions of the vendor's API: that of the body, and the one that the connector speaks today. */
  apiVersion: { body: string; connector: string };
  /** By field, from what is stored to what would be. */
  changes: OrderVersion['changes'];
  /** Units that would be taken off the order. */
  taken: readonly Pick<Taken, 'why' | 'lineId' | 'quantity'>[];
  /** The step that would follow. */
  next: StoredOrder['next'];
}

interface ReadAgain {
  order: Order;
  connection: Connection;
  incoming: IncomingOrder;
  body: unknown;
  fetched: Fetched;
  preview: Pick<ReplayPreview, 'orderId' | 'readAtMs' | 'apiVersion'>;
}

const older = (order: Order): Failure =>
  new Failure(
    'conflict',
    `The body that is kept of order ${order.number} is not the one that it was last read from. Ask again: its next change at the shop brings another.`,
    { safe: { orderId: order._id } },
  );

/** The body that is kept of an order, read by today's connector. */
const readAgain = async (ports: Ports, workspaceId: string, orderId: string): Promise<ReadAgain> => {
  const { store, gateway, retention } = ports;
  const order = await getOrder(ports, workspaceId, orderId);
  const kept = await store.orderBodies.find(workspaceId, orderId);
  if (!kept || kept.json === '' || order.erasedAtMs !== undefined)
    throw new Failure(
      'not_found',
      `No body of order ${order.number} is kept. One is kept for ${retention.inboxDays} days since the order was last read with a change, from version 0.2.0 on, unless it is too long or the buyer was erased.`,
      { safe: { orderId } },
    );
  if (kept.hash !== order.bodyHash) throw older(order);
  const connection = await store.connections.find(workspaceId, order.connectionId);
  if (!connection) throw new Failure('not_found', `There is no connection ${order.connectionId}.`);
  const body: unknown = JSON.parse(kept.json);
  const incoming = await gateway.call(connection, 'orders.read', { body }).catch((error: unknown) => {
    if (!isFailure(error, 'contract', 'invalid')) throw error;
    throw new Failure('rejected', `Today’s connector cannot read the body of order ${order.number}: ${error.message}`, {
      safe: error.safe,
    });
  });
  if (incomingOrderId(workspaceId, connection._id, incoming.externalId) !== orderId)
    throw new Failure('rejected', `The body of order ${order.number} is read as order ${incoming.externalId}`);
  const { sentAtMs, answeredAtMs } = kept;
  const connector = gateway.manifest(connection.connectorId).apiVersion;
  return {
    order,
    connection,
    incoming,
    body,
    fetched: { sentAtMs, answeredAtMs },
    preview: { orderId, readAtMs: sentAtMs, apiVersion: { body: kept.apiVersion, connector } },
  };
};

/**
 * Reads the body that is kept of an order with today's connector and tells what would change by it, without asking the storefront. Throws
 * `not_found` when no body is kept any more, and `rejected` with the field that today's connector cannot read.
 */
export const previewReplay = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, orderId }: { workspaceId: string; orderId: string },
): Promise<ReplayPreview> => {
  const { order, incoming, fetched, preview } = await readAgain(ports, workspaceId, orderId);
  return { ...preview, ...(await previewStore(ports, order, { incoming, fetched, by: actor })) };
};

/**
 * The same, stored: what differs becomes a version of the order, once, and what a person changed here stays. Throws `conflict` when the
 * order was read anew at its storefront meanwhile.
 */
export const replayOrder = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, orderId }: { workspaceId: string; orderId: string },
): Promise<StoredOrder & Pick<ReplayPreview, 'changes'>> => {
  const { order, connection, incoming, body, fetched } = await readAgain(ports, workspaceId, orderId);
  const stored = await storeOrder(ports, { connection, incoming, body, fetched, replayedBy: actor });
  if (stored.order.bodyHash !== order.bodyHash) throw older(order);
  const before = order.versions.at(-1)?.number ?? 1;
  const version = stored.order.versions.find(({ number, source }) => number > before && source === 'replay');
  return { ...stored, changes: version?.changes ?? [] };
};

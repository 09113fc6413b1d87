import type { Actor } from '#domain/actor.ts';
import type { Connection } from '#domain/connection.ts';
import type { Fetched } from '#domain/observe-order.ts';
import type { Output } from '#kit';
import { openException } from '../exception/open.ts';
import type { Ports } from '../ports.ts';
import { fetchOrder } from './fetch.ts';
import { type StoredOrder, storeOrder } from './store.ts';

/** Stores each order of a page, and opens an exception for each that cannot be read. `place` names the page where an order has no id. */
export const storePage = async (
  ports: Ports,
  actor: Actor,
  {
    connection,
    page,
    fetched,
    place,
  }: {
    connection: Connection;
    page: Output<'orders.pull'>;
    fetched: Fetched;
    place: string;
  },
  each: (stored: StoredOrder) => Promise<void>,
): Promise<void> => {
  const { workspaceId, _id: connectionId } = connection;
  for (const { order: incoming, body } of page.items) {
    const stored = await storeOrder(ports, { connection, incoming, body, fetched });
    await each(stored.unclear ? await fetchOrder(ports, connection, incoming.externalId) : stored);
  }
  for (const { id, field, reason, raw } of page.rejected ?? [])
    await openException(ports, actor, {
      workspaceId,
      cause: 'order_unreadable',
      subject: { kind: 'connection', id: `${connectionId} order ${id ?? `${place} ${field}`}` },
      orderId: null,
      detail: `${connection.name}, order ${id ?? 'without a readable id'}: ${field} ${reason} (${raw})`,
      retry: id === null ? null : { job: 'order.ingest', payload: { workspaceId, connectionId, externalId: id } },
    });
};

import type { Actor } from '#domain/actor.ts';
import { openException } from '../exception/open.ts';
import type { Ports } from '../ports.ts';
import { requireActive } from '../usable-connection.ts';
import { fetchOrder } from './fetch.ts';
import { type StoredOrder, storeOrder } from './store.ts';

/** How far a poll looks back over its own cursor: vendors show rows late. */
const OVERLAP_MS = 5 * 60_000;

/**
 * Walks through the orders changed since the last walk and stores each. The cursor is saved after each page and never passes an
 * order that is neither stored nor told of in an exception.
 */
export const pullOrders = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, connectionId }: { workspaceId: string; connectionId: string },
  each: (stored: StoredOrder) => Promise<void>,
): Promise<{ pages: number; orders: number }> => {
  const { store, gateway, clock } = ports;
  // As it is now, not as it is remembered: a page may have been saved a moment ago.
  const connection = requireActive(await store.connections.find(workspaceId, connectionId), connectionId);
  const startedAt = new Date(clock.now()).toISOString();
  const since = new Date(Math.max(0, Date.parse(connection.cursor.since) - OVERLAP_MS)).toISOString();
  let cursor = connection.cursor.next;
  let pages = 0;
  let orders = 0;
  do {
    const sentAtMs = clock.now();
    const page = await gateway.call(connection, 'orders.pull', { since, cursor });
    const fetched = { sentAtMs, answeredAtMs: clock.now() };
    for (const incoming of page.items) {
      const stored = await storeOrder(ports, { connection, incoming, fetched });
      await each(stored.unclear ? await fetchOrder(ports, connection, incoming.externalId) : stored);
    }
    for (const { id, field, reason, raw } of page.rejected ?? [])
      await openException(ports, actor, {
        workspaceId,
        cause: 'order_unreadable',
        subject: { kind: 'connection', id: `${connectionId} order ${id ?? `${cursor ?? since} ${field}`}` },
        orderId: null,
        detail: `${connection.name}, order ${id ?? 'without a readable id'}: ${field} ${reason} (${raw})`,
        retry: id === null ? null : { job: 'order.ingest', payload: { workspaceId, connectionId, externalId: id } },
      });
    pages += 1;
    orders += page.items.length;
    cursor = page.next;
    await store.connections.change(
      connectionId,
      {},
      { cursor: cursor === null ? { since: startedAt, next: null } : { since: connection.cursor.since, next: cursor } },
    );
  } while (cursor !== null);
  return { pages, orders };
};

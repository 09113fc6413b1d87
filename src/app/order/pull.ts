import type { Actor } from '#domain/actor.ts';
import type { Ports } from '../ports.ts';
import { requireActive } from '../usable-connection.ts';
import type { StoredOrder } from './store.ts';
import { storePage } from './store-page.ts';

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
    await storePage(ports, actor, { connection, page, fetched, place: cursor ?? since }, each);
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

import type { Actor } from '#domain/actor.ts';
import type { Ports } from '../ports.ts';
import { requireActive } from '../usable-connection.ts';
import type { StoredOrder } from './store.ts';
import { storePage } from './store-page.ts';

/** How far back orders are looked at again. */
const RECENT_MS = 60 * 86_400_000;

/**
 * Walks through the orders of the last sixty days of a storefront that does not count every edit as a change, and stores each as a
 * poll does. Its place is saved after each page: a walk that was cut off goes on there. Orders from before the connection's own
 * beginning, which no poll has brought, are not brought by it either.
 */
export const recheckOrders = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, connectionId }: { workspaceId: string; connectionId: string },
  each: (stored: StoredOrder) => Promise<void>,
): Promise<{ pages: number; orders: number }> => {
  const { store, gateway, clock } = ports;
  const connection = requireActive(await store.connections.find(workspaceId, connectionId), connectionId);
  const { recheck, createdAtMs, fulfilFromMs } = connection;
  const fromMs = Math.max(clock.now() - RECENT_MS, Math.min(createdAtMs, fulfilFromMs));
  const { since, next } = recheck ?? { since: new Date(fromMs).toISOString(), next: null };
  let cursor = next;
  let pages = 0;
  let orders = 0;
  do {
    const sentAtMs = clock.now();
    const page = await gateway.call(connection, 'orders.recheck', { since, cursor });
    const fetched = { sentAtMs, answeredAtMs: clock.now() };
    await storePage(ports, actor, { connection, page, fetched, place: cursor ?? since }, each);
    pages += 1;
    orders += page.items.length;
    cursor = page.next;
    await store.connections.change(connectionId, {}, { recheck: cursor === null ? null : { since, next: cursor } });
  } while (cursor !== null);
  return { pages, orders };
};

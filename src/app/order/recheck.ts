import type { Actor } from '#domain/actor.ts';
import type { Ports } from '../ports.ts';
import { readyConnection } from '../usable-connection.ts';
import type { StoredOrder } from './store.ts';
import { type Walked, walkOrders } from './walk.ts';

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
): Promise<Walked> => {
  const { store, gateway, clock } = ports;
  const connection = await readyConnection(
    ports,
    await store.connections.find(workspaceId, connectionId),
    connectionId,
  );
  const { recheck, createdAtMs, fulfilFromMs } = connection;
  const fromMs = Math.max(clock.now() - RECENT_MS, Math.min(createdAtMs, fulfilFromMs));
  const { since, next } = recheck ?? { since: new Date(fromMs).toISOString(), next: null };
  const save = (place: string | null) =>
    store.connections.change(connectionId, {}, { recheck: place === null ? null : { since, next: place } });
  const read = (cursor: string | null) => gateway.call(connection, 'orders.recheck', { since, cursor });
  return walkOrders(ports, actor, { connection, since, from: next, read, save }, each);
};

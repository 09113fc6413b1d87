import type { Actor } from '#domain/actor.ts';
import type { Ports } from '../ports.ts';
import { readyConnection } from '../usable-connection.ts';
import type { StoredOrder } from './store.ts';
import { type Walked, walkOrders } from './walk.ts';

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
): Promise<Walked> => {
  const { store, gateway, clock } = ports;
  // As it is now, not as it is remembered: a page may have been saved a moment ago.
  const connection = await readyConnection(
    ports,
    await store.connections.find(workspaceId, connectionId),
    connectionId,
  );
  const startedAt = new Date(clock.now()).toISOString();
  const since = new Date(Math.max(0, Date.parse(connection.cursor.since) - OVERLAP_MS)).toISOString();
  const save = (next: string | null) =>
    store.connections.change(
      connectionId,
      {},
      { cursor: next === null ? { since: startedAt, next } : { since: connection.cursor.since, next } },
    );
  const read = (cursor: string | null) => gateway.call(connection, 'orders.pull', { since, cursor });
  return walkOrders(ports, actor, { connection, since, from: connection.cursor.next, read, save }, each);
};

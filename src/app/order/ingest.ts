import { orderSubject } from '#domain/ids.ts';
import type { Ports } from '../ports.ts';
import { getActiveConnection } from '../usable-connection.ts';
import { type StoredOrder, storeOrder } from './store.ts';

/**
 * Brings one order in from its storefront. A webhook is only a hint: the order is fetched and stored, and then every webhook that
 * waited for it before the fetch is done with.
 */
export const ingestOrder = async (
  ports: Ports,
  workspaceId: string,
  connectionId: string,
  externalId: string,
): Promise<StoredOrder> => {
  const { store, gateway } = ports;
  const connection = await getActiveConnection(ports, workspaceId, connectionId);
  const waiting = await store.inbox.list(
    workspaceId,
    { subject: orderSubject(connectionId, externalId) },
    { limit: 1_000 },
  );
  const incoming = await gateway.call(connection, 'orders.get', { externalId });
  const stored = await storeOrder(ports, connection, incoming);
  await store.inbox.changeMany(
    waiting
      .filter((item) => item.state === 'new')
      .map((item) => ({ id: item._id, guard: {}, changes: { state: 'done' as const, dueAtMs: null } })),
  );
  return stored;
};

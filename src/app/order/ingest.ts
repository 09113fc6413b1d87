import type { Actor } from '#domain/actor.ts';
import { orderSubject } from '#domain/ids.ts';
import { clearException } from '../exception/open.ts';
import { finishDeliveries } from '../inbox/finish.ts';
import type { Ports } from '../ports.ts';
import { getActiveConnection } from '../usable-connection.ts';
import { fetchOrder } from './fetch.ts';
import type { StoredOrder } from './store.ts';

/**
 * Brings one order in from its storefront. A webhook is only a hint: the order is fetched and stored, and then every webhook that
 * waited for it before the fetch is done with.
 */
export const ingestOrder = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, connectionId, externalId }: { workspaceId: string; connectionId: string; externalId: string },
): Promise<StoredOrder> => {
  const { store } = ports;
  const connection = await getActiveConnection(ports, workspaceId, connectionId);
  const subject = orderSubject(connectionId, externalId);
  const waiting = await store.inbox.list(workspaceId, { subject }, { limit: 1_000 });
  const stored = await fetchOrder(ports, connection, externalId);
  // One that could not be read before can now.
  await Promise.all([
    finishDeliveries(ports, waiting),
    clearException(ports, actor, { workspaceId, cause: 'order_unreadable', subjectId: subject }),
  ]);
  return stored;
};

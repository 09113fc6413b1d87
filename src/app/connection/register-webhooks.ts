import type { Actor } from '#domain/actor.ts';
import { getConnection } from '../get.ts';
import type { Ports } from '../ports.ts';
import { readyConnection } from '../usable-connection.ts';
import type { ConnectionRef } from './ref.ts';

/** Subscribes `url` to the vendor's webhooks, under the connection's own secret; says which topics will come. */
export const registerWebhooks = async (
  ports: Ports,
  _actor: Actor,
  { workspaceId, connectionId, url }: ConnectionRef & { url: string },
): Promise<readonly string[]> => {
  const connection = await readyConnection(ports, await getConnection(ports, workspaceId, connectionId), connectionId);
  const secret = ports.gateway.webhooks(connection).secret();
  return (await ports.gateway.call(connection, 'webhooks.register', { url, secret })).topics;
};

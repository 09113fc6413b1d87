import type { Actor } from '#domain/actor.ts';
import type { Connection } from '#domain/connection.ts';
import { getConnection } from '../get.ts';
import type { Ports } from '../ports.ts';
import { noteConnection } from './move.ts';
import type { ConnectionRef } from './ref.ts';

/** From now on orders, labels and refunds are sent for real. Again changes nothing. */
export const goLive = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, connectionId }: ConnectionRef,
): Promise<Connection> => {
  const connection = await getConnection(ports, workspaceId, connectionId);
  return connection.live
    ? connection
    : noteConnection(ports, actor, connection, 'connection.went_live', { live: true });
};

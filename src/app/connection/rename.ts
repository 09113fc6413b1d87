import type { Actor } from '#domain/actor.ts';
import type { Connection } from '#domain/connection.ts';
import { getConnection } from '../get.ts';
import type { Ports } from '../ports.ts';
import { noteConnection } from './move.ts';
import type { ConnectionRef } from './ref.ts';

/** Gives a connection another name; the same again changes nothing. */
export const renameConnection = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, connectionId, name }: ConnectionRef & { name: string },
): Promise<Connection> => {
  const connection = await getConnection(ports, workspaceId, connectionId);
  return connection.name === name
    ? connection
    : noteConnection(ports, actor, connection, 'connection.renamed', { name });
};

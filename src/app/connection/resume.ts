import type { Actor } from '#domain/actor.ts';
import type { Connection } from '#domain/connection.ts';
import { Failure } from '#domain/failure.ts';
import { getConnection } from '../get.ts';
import type { Ports } from '../ports.ts';
import { moveConnection } from './move.ts';
import type { ConnectionRef } from './ref.ts';

/** Goes on with a paused connection; one whose credentials were refused goes on with new ones only. */
export const resumeConnection = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, connectionId }: ConnectionRef,
): Promise<Connection> => {
  const connection = await getConnection(ports, workspaceId, connectionId);
  if (connection.state === 'needs_attention')
    throw new Failure('conflict', 'Its credentials were refused: enter new ones and it goes on by itself.');
  return moveConnection(ports, actor, connection, 'active');
};

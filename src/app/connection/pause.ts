import type { Actor } from '#domain/actor.ts';
import type { Connection } from '#domain/connection.ts';
import { getConnection } from '../get.ts';
import type { Ports } from '../ports.ts';
import { moveConnection } from './move.ts';
import type { ConnectionRef } from './ref.ts';

/** Nothing is sent or asked until it is resumed. */
export const pauseConnection = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, connectionId }: ConnectionRef,
): Promise<Connection> => moveConnection(ports, actor, await getConnection(ports, workspaceId, connectionId), 'paused');

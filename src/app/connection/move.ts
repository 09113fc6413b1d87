import type { Actor } from '#domain/actor.ts';
import { type Connection, type ConnectionState, connectionMachine } from '#domain/connection.ts';
import { Failure } from '#domain/failure.ts';
import { type Edit, type Moved, move, noted } from '#domain/move.ts';
import { asRead } from '../change.ts';
import type { Ports } from '../ports.ts';

const write = async (ports: Ports, connection: Connection, changes: Moved<Connection>): Promise<Connection> => {
  const { _id, workspaceId } = connection;
  if ((await ports.store.connections.change(_id, asRead(connection), changes)) !== 'changed')
    throw new Failure('conflict', `${connection.name} was changed meanwhile.`);
  return (await ports.store.connections.find(workspaceId, _id)) ?? { ...connection, ...changes };
};

/**
 * Takes a connection to a state, with `edit` in the same write. Throws `conflict` for a step that its table does not have, and when
 * somebody else changed it since it was read.
 */
export const moveConnection = async (
  ports: Ports,
  actor: Actor,
  connection: Connection,
  to: ConnectionState,
  edit: Edit<Connection> = {},
): Promise<Connection> => {
  const changes = move(connectionMachine, connection, to, edit, { actor, atMs: ports.clock.now() });
  if (connection.state === to && Object.keys(edit).length === 0) return connection;
  return write(ports, connection, changes);
};

/** Changes a connection that stays in its state, with an event that says what was done. */
export const noteConnection = (
  ports: Ports,
  actor: Actor,
  connection: Connection,
  type: `connection.${string}`,
  edit: Edit<Connection>,
): Promise<Connection> => write(ports, connection, noted(connection, type, edit, { actor, atMs: ports.clock.now() }));

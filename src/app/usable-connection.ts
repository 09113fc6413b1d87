import { systemActor } from '#domain/actor.ts';
import type { Connection } from '#domain/connection.ts';
import { Failure } from '#domain/failure.ts';
import { connectedTwice } from './connection/claim.ts';
import { settleAccount } from './connection/settle-account.ts';
import type { Ports, Store } from './ports.ts';

/** How long a step waits before it looks again whether the merchant has switched the connection on. */
const LOOK_AGAIN_MS = 60_000;

/** The connection if it may be used now; else `paused`, which puts the step off without losing an attempt. One that is gone is `not_found`. */
export const requireActive = (connection: Connection | null, connectionId: string): Connection => {
  if (!connection || connection.state === 'removed')
    throw new Failure('not_found', `there is no connection ${connectionId}`, { safe: { connectionId } });
  if (connection.state !== 'active')
    throw new Failure('paused', `${connection.name} is ${connection.state}`, {
      safe: { connectionId, state: connection.state },
      retryAfterMs: LOOK_AGAIN_MS,
    });
  return connection;
};

/** Throws `paused` while the merchant has not said live: nothing that costs money or reaches a buyer is sent before. `what` names it. */
export const requireLive = (connection: Connection, what: string): void => {
  if (!connection.live)
    throw new Failure('paused', `${connection.name} is not live yet: ${what}`, {
      safe: { connectionId: connection._id, live: false },
      retryAfterMs: LOOK_AGAIN_MS,
    });
};

/** Connections whose vendor is being asked by this process whose account they are: who comes meanwhile waits for the answer. */
const asking = new WeakMap<Store, Map<string, Promise<Connection>>>();

/**
 * The connection with its account known. Nothing is taken from an account, and nothing sent to it, before it is certain that no other
 * connection has it: so an order is taken in once however often its shop was connected. It is asked once; one of an older version
 * when it is used for the first time.
 */
export const withAccount = async (ports: Ports, connection: Connection): Promise<Connection> => {
  if (connection.identity !== undefined) return connection;
  const { _id, workspaceId } = connection;
  const known = asking.get(ports.store) ?? new Map<string, Promise<Connection>>();
  asking.set(ports.store, known);
  const ask = async (): Promise<Connection> => {
    // As it is now, not as it is remembered.
    const current = requireActive(await ports.store.connections.find(workspaceId, _id), _id);
    if (current.identity !== undefined) return current;
    const settled = await settleAccount(ports, systemActor('connection.account'), current);
    if (!settled.holder) return settled.connection;
    throw new Failure('paused', connectedTwice(workspaceId, settled.holder).message, { retryAfterMs: LOOK_AGAIN_MS });
  };
  const asked = known.get(_id) ?? ask().finally(() => known.delete(_id));
  known.set(_id, asked);
  return asked;
};

/** A connection that may be used now, with its account known. */
export const readyConnection = async (
  ports: Ports,
  connection: Connection | null,
  connectionId: string,
): Promise<Connection> => withAccount(ports, requireActive(connection, connectionId));

export const getActiveConnection = async (
  ports: Ports,
  workspaceId: string,
  connectionId: string,
): Promise<Connection> =>
  readyConnection(ports, await ports.cached.connection(workspaceId, connectionId), connectionId);

/**
 * The connection through which something was sent, to follow it to its end: also one that was stopped because another has its account,
 * for the account is the same.
 */
export const connectionToFinish = async (
  ports: Ports,
  workspaceId: string,
  connectionId: string,
): Promise<Connection> => {
  const connection = await ports.cached.connection(workspaceId, connectionId);
  if (connection?.state === 'needs_attention' && connection.twinOf) return connection;
  return readyConnection(ports, connection, connectionId);
};

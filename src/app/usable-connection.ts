import type { Connection } from '#domain/connection.ts';
import { Failure } from '#domain/failure.ts';
import type { Ports } from './ports.ts';

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

export const getActiveConnection = async (
  { cached }: Ports,
  workspaceId: string,
  connectionId: string,
): Promise<Connection> => requireActive(await cached.connection(workspaceId, connectionId), connectionId);

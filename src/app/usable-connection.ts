import type { Connection } from '#domain/connection.ts';
import { Failure } from '#domain/failure.ts';
import type { Ports } from './ports.ts';

/** The connection if it may be used now; else a failure that parks the work without losing an attempt. */
export const requireActive = (connection: Connection | null, connectionId: string): Connection => {
  if (!connection || connection.state === 'removed')
    throw new Failure('not_found', `there is no connection ${connectionId}`, { safe: { connectionId } });
  if (connection.state !== 'active')
    throw new Failure('rate_limited', `${connection.name} is ${connection.state}`, { retryAfterMs: 60_000 });
  return connection;
};

export const getActiveConnection = async (
  { cached }: Ports,
  workspaceId: string,
  connectionId: string,
): Promise<Connection> => requireActive(await cached.connection(workspaceId, connectionId), connectionId);

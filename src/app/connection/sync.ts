import type { Actor } from '#domain/actor.ts';
import type { ConnectionRole, Synced } from '#domain/connection.ts';
import { badValue } from '#domain/failure.ts';
import { getConnection } from '../get.ts';
import type { Ports } from '../ports.ts';
import type { ConnectionRef } from './ref.ts';

const OF_ROLE: Readonly<Record<ConnectionRole, readonly Synced[]>> = {
  storefront: ['listings', 'orders'],
  supplier: ['stock'],
  logistics: [],
};

/** What a connection is to be asked for now: `what`, or all that its role has. Throws `rejected` for what it has not. */
export const syncConnection = async (
  ports: Ports,
  _actor: Actor,
  { workspaceId, connectionId, what }: ConnectionRef & { what: Synced | null },
): Promise<readonly Synced[]> => {
  const { role } = await getConnection(ports, workspaceId, connectionId);
  const wanted = OF_ROLE[role].filter((name) => what === null || name === what);
  if (wanted.length === 0) throw badValue('what', `a ${role} has no ${what ?? 'data'} to be asked for`);
  return wanted;
};

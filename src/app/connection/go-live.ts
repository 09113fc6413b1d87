import type { Actor } from '#domain/actor.ts';
import type { Connection } from '#domain/connection.ts';
import { Failure } from '#domain/failure.ts';
import { getConnection } from '../get.ts';
import type { Ports } from '../ports.ts';
import { noteConnection } from './move.ts';
import type { ConnectionRef } from './ref.ts';
import { requireAccount } from './settle-account.ts';

/** The same without asking the vendor: of what was live before. */
export const setLive = async (ports: Ports, actor: Actor, connection: Connection): Promise<Connection> =>
  connection.live ? connection : noteConnection(ports, actor, connection, 'connection.went_live', { live: true });

/**
 * From now on orders, labels and refunds are sent for real. The vendor is asked first: throws `conflict` when another connection has
 * the account, and when the credentials lack a right without which the connection cannot do its work, naming each. Again changes
 * nothing.
 */
export const goLive = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, connectionId }: ConnectionRef,
): Promise<Connection> => {
  const known = await getConnection(ports, workspaceId, connectionId);
  if (known.live) return known;
  const { told, connection } = await requireAccount(ports, actor, known);
  const missing = told.missing.filter(({ needed }) => needed);
  if (missing.length > 0)
    throw new Failure(
      'conflict',
      `${known.name} lacks rights at the vendor: ${missing.map(({ right, why }) => `${right} (${why})`).join('; ')}.`,
      { safe: { missing } },
    );
  return setLive(ports, actor, connection);
};

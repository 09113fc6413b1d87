import type { Actor } from '#domain/actor.ts';
import type { Connection } from '#domain/connection.ts';
import { Failure } from '#domain/failure.ts';
import { getConnection } from '../get.ts';
import type { Ports } from '../ports.ts';
import { claimAccount, connectedTwice } from './claim.ts';
import { moveConnection } from './move.ts';
import type { ConnectionRef } from './ref.ts';
import { clearTwin, requireAccount } from './settle-account.ts';

/**
 * Goes on with a paused connection; one whose credentials were refused goes on with new ones only. Throws `conflict` while another
 * connection has its account.
 */
export const resumeConnection = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, connectionId }: ConnectionRef,
): Promise<Connection> => {
  let connection = await getConnection(ports, workspaceId, connectionId);
  if (connection.state === 'needs_attention' && !connection.twinOf)
    throw new Failure('conflict', 'Its credentials were refused: enter new ones and it goes on by itself.');
  if (connection.identity !== undefined) {
    const holder = await claimAccount(ports, connection, connection.identity, { proven: true });
    if (holder) throw connectedTwice(workspaceId, holder);
  } else if (connection.state === 'needs_attention')
    connection = (await requireAccount(ports, actor, connection)).connection;
  const resumed = await moveConnection(ports, actor, connection, 'active', { lastError: '', twinOf: null });
  await clearTwin(ports, actor, resumed);
  return resumed;
};

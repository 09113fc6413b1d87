import { randomUUID } from 'node:crypto';
import type { Actor } from '#domain/actor.ts';
import type { Connection } from '#domain/connection.ts';
import { clearException } from '../exception/open.ts';
import { getConnection } from '../get.ts';
import type { Ports } from '../ports.ts';
import { moveConnection, noteConnection } from './move.ts';
import type { ConnectionRef } from './ref.ts';
import { clearTwin, proveChange } from './settle-account.ts';

/**
 * Takes new credentials of the same account, once the vendor has taken them; a connection whose old ones were refused is active again.
 * Throws `invalid` with the fields in `safe.fields` when they do not fit the connector, `rejected` when the vendor refuses them, and
 * `conflict` for credentials of another account: the connection's history is of the first.
 */
export const enterCredentials = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, connectionId, credentials: given }: ConnectionRef & { credentials: unknown },
): Promise<Connection> => {
  const before = await getConnection(ports, workspaceId, connectionId);
  const credentials = ports.gateway.sealCredentials(workspaceId, connectionId, before.connectorId, given);
  const credentialsKey = randomUUID();
  const { identity } = await proveChange(ports, { ...before, credentials, credentialsKey });
  const edit = { credentials, credentialsKey, identity, twinOf: null, lastError: '' };
  const changed =
    before.state === 'needs_attention'
      ? await moveConnection(ports, actor, before, 'active', edit)
      : await noteConnection(ports, actor, before, 'connection.credentials_entered', edit);
  await clearException(ports, actor, { workspaceId, cause: 'credentials_refused', subjectId: connectionId });
  await clearTwin(ports, actor, changed);
  return changed;
};

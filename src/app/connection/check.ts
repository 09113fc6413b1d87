import type { Actor } from '#domain/actor.ts';
import type { Connection } from '#domain/connection.ts';
import type { MissingRight } from '#kit';
import { getConnection } from '../get.ts';
import type { Ports } from '../ports.ts';
import { requireActive } from '../usable-connection.ts';
import { noteCurrencies } from './note-currencies.ts';
import type { ConnectionRef } from './ref.ts';
import { requireAccount } from './settle-account.ts';

/**
 * Asks the vendor whose account it is and which rights the credentials lack, and takes the account for this connection. Throws what
 * speaks against the credentials or against asking now, and `conflict` when another connection has the account.
 */
export const checkConnection = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, connectionId }: ConnectionRef,
): Promise<{ account: string; missing: readonly MissingRight[]; connection: Connection }> => {
  const active = requireActive(await getConnection(ports, workspaceId, connectionId), connectionId);
  const { told, connection } = await requireAccount(ports, actor, active);
  const { account, missing, currency } = told;
  return { account, missing, connection: await noteCurrencies(ports, connection, [currency]) };
};

import type { Actor } from '#domain/actor.ts';
import type { Connection } from '#domain/connection.ts';
import { getConnection } from '../get.ts';
import type { Ports } from '../ports.ts';
import { requireActive } from '../usable-connection.ts';
import { noteCurrencies } from './note-currencies.ts';
import type { ConnectionRef } from './ref.ts';

/** Asks the vendor whose account it is; throws what speaks against the credentials, or against asking now. */
export const checkConnection = async (
  ports: Ports,
  _actor: Actor,
  { workspaceId, connectionId }: ConnectionRef,
): Promise<{ account: string; connection: Connection }> => {
  const connection = requireActive(await getConnection(ports, workspaceId, connectionId), connectionId);
  const { account, currency } = await ports.gateway.call(connection, 'connection.check', {});
  return { account, connection: await noteCurrencies(ports, connection, [currency]) };
};

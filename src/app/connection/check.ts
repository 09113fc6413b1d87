import type { Actor } from '#domain/actor.ts';
import type { Output } from '#kit';
import { getConnection } from '../get.ts';
import type { Ports } from '../ports.ts';
import { requireActive } from '../usable-connection.ts';
import type { ConnectionRef } from './ref.ts';

/** Asks the vendor whose account it is; throws what speaks against the credentials, or against asking now. */
export const checkConnection = async (
  ports: Ports,
  _actor: Actor,
  { workspaceId, connectionId }: ConnectionRef,
): Promise<Output<'connection.check'>> => {
  const connection = requireActive(await getConnection(ports, workspaceId, connectionId), connectionId);
  return ports.gateway.call(connection, 'connection.check', {});
};

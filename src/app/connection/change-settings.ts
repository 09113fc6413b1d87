import type { Actor } from '#domain/actor.ts';
import type { Connection } from '#domain/connection.ts';
import { getConnection } from '../get.ts';
import type { Ports } from '../ports.ts';
import { noteConnection } from './move.ts';
import { noteCurrencies } from './note-currencies.ts';
import type { ConnectionRef } from './ref.ts';
import { proveChange } from './settle-account.ts';

/**
 * Takes new settings, whole, once the vendor has answered under them. Throws `invalid` with the fields in `safe.fields` when they do
 * not fit the connector, and `conflict` for settings that lead to another account.
 */
export const changeSettings = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, connectionId, settings: given }: ConnectionRef & { settings: unknown },
): Promise<Connection> => {
  const before = await getConnection(ports, workspaceId, connectionId);
  const settings = ports.gateway.readSettings(before.connectorId, given);
  const { identity, currency } = await proveChange(ports, { ...before, settings });
  const changed = await noteConnection(ports, actor, before, 'connection.settings_changed', { settings, identity });
  const named = ports.gateway.manifest(before.connectorId).currencies?.({ settings }) ?? [];
  return noteCurrencies(ports, changed, [...named, currency]);
};

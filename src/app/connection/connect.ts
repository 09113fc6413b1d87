import { randomUUID } from 'node:crypto';
import type { Actor } from '#domain/actor.ts';
import { type Connection, connectionMachine } from '#domain/connection.ts';
import { born } from '#domain/move.ts';
import { keepDues } from '../due/keep.ts';
import type { Ports } from '../ports.ts';

export interface NewConnection {
  workspaceId: string;
  connectorId: string;
  name: string;
  /** As the connector's manifest asks for them. */
  credentials: unknown;
  settings: unknown;
  /** Orders placed before are shown and not fulfilled; null for now. */
  fulfilFromMs: number | null;
  pollEveryMinutes: number;
}

/**
 * Connects an account: active, and not live, so that nothing that costs money is sent. Throws `rejected` where there is no such
 * connector, and `invalid` with the fields in `safe.fields` for credentials or settings that do not fit it.
 */
export const connect = async (ports: Ports, actor: Actor, given: NewConnection): Promise<Connection> => {
  const { store, gateway, clock } = ports;
  const { workspaceId, connectorId, name, pollEveryMinutes } = given;
  const { id, role, currencies } = gateway.manifest(connectorId);
  const now = clock.now();
  const fulfilFromMs = given.fulfilFromMs ?? now;
  const _id = `cn_${randomUUID()}`;
  const settings = gateway.readSettings(id, given.settings);
  const connection: Connection = {
    _id,
    workspaceId,
    connectorId: id,
    role,
    name,
    credentials: gateway.sealCredentials(workspaceId, _id, id, given.credentials),
    settings,
    state: 'active',
    live: false,
    fulfilFromMs,
    webhookSecret: gateway.mintWebhookSecret(workspaceId, _id),
    cursor: { since: new Date(Math.min(now, fulfilFromMs)).toISOString(), next: null },
    pollEveryMinutes,
    createdAtMs: now,
    lastError: '',
    ...(currencies ? { currencies: [...currencies({ settings })] } : {}),
  };
  const made = born(connectionMachine, connection, { actor, atMs: now });
  await store.connections.insert(made);
  await keepDues(ports, actor, { of: 'connection', connection: made });
  return made;
};

import { randomUUID } from 'node:crypto';
import type { Actor } from '#domain/actor.ts';
import { type Connection, connectionMachine } from '#domain/connection.ts';
import { born } from '#domain/move.ts';
import { keepDues } from '../due/keep.ts';
import type { Ports } from '../ports.ts';
import { claimAccount, connectedTwice, findHolder } from './claim.ts';
import { moveConnection } from './move.ts';

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
 * connector, `invalid` with the fields in `safe.fields` for credentials or settings that do not fit it, and `conflict` for an account
 * that another connection has, as far as credentials and settings tell which it is. The others are asked before they are used.
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
  const identity = gateway.identityOf(connection);
  const known = identity === null ? null : await findHolder(ports, connection, identity);
  if (known) throw connectedTwice(workspaceId, known);
  const made = born(connectionMachine, connection, { actor, atMs: now });
  await store.connections.insert(made);
  // Another may have connected it in the same moment: one of the two gets the account, and this one was never used.
  const holder = identity === null ? null : await claimAccount(ports, made, identity, { proven: false });
  if (holder) {
    await moveConnection(ports, actor, made, 'removed', { credentials: '', webhookSecret: '' });
    throw connectedTwice(workspaceId, holder);
  }
  await keepDues(ports, actor, { of: 'connection', connection: made });
  return made;
};

import type { Actor } from '#domain/actor.ts';
import type { Connection } from '#domain/connection.ts';
import { Failure } from '#domain/failure.ts';
import type { AccountCheck } from '#kit';
import { keepDues } from '../due/keep.ts';
import { clearException, openException } from '../exception/open.ts';
import type { Ports } from '../ports.ts';
import { claimAccount, connectedTwice } from './claim.ts';
import { moveConnection } from './move.ts';

/** Asks the vendor whose account a connection is. Throws `conflict` when it is another than the one that its history is of. */
export const askAccount = async (ports: Pick<Ports, 'gateway'>, connection: Connection): Promise<AccountCheck> => {
  const told = await ports.gateway.call(connection, 'connection.check', {});
  if (connection.identity !== undefined && connection.identity !== told.identity)
    throw new Failure(
      'conflict',
      `This is another account (${told.account}) than the one that ${connection.name} has its history of: connect it as a new one.`,
      { safe: { account: told.account } },
    );
  return told;
};

const isOlder = (one: Connection, other: Connection): boolean =>
  one.createdAtMs === other.createdAtMs ? one._id < other._id : one.createdAtMs < other.createdAtMs;

/** Stops a connection whose account another one has, and asks a person once which of the two is to go. */
export const parkTwin = async (ports: Ports, actor: Actor, twin: Connection, holder: Connection): Promise<void> => {
  const { workspaceId, _id: connectionId } = twin;
  const detail = connectedTwice(workspaceId, holder).message;
  if (twin.state !== 'needs_attention')
    await keepDues(ports, actor, {
      of: 'connection',
      connection: await moveConnection(ports, actor, twin, 'needs_attention', {
        lastError: detail,
        twinOf: holder._id,
      }),
    });
  else await ports.store.connections.change(connectionId, {}, { twinOf: holder._id });
  await openException(ports, actor, {
    workspaceId,
    cause: 'account_connected_twice',
    subject: { kind: 'connection', id: connectionId },
    orderId: null,
    detail,
    retry: null,
  });
};

export interface Settled {
  told: AccountCheck;
  connection: Connection;
  /** The connection that has the account; this one is stopped then. */
  holder: Connection | null;
}

/**
 * Asks the vendor whose account it is and takes the account for this connection, for good. Of two in one workspace the older has it
 * and the younger is stopped; between workspaces it is the first that has proven it.
 */
export const settleAccount = async (ports: Ports, actor: Actor, connection: Connection): Promise<Settled> => {
  const { store } = ports;
  const { _id, workspaceId } = connection;
  const told = await askAccount(ports, connection);
  if (connection.identity !== undefined) return { told, connection, holder: null };
  let holder = await claimAccount(ports, connection, told.identity, { proven: true });
  if (holder && holder.workspaceId === workspaceId && isOlder(connection, holder)) {
    // Stopped first: should this process end in between, it is met again.
    await parkTwin(ports, actor, holder, connection);
    holder = await claimAccount(ports, connection, told.identity, { proven: true, from: holder });
  }
  if (holder) {
    await parkTwin(ports, actor, connection, holder);
    return { told, connection, holder };
  }
  await store.connections.change(_id, {}, { identity: told.identity });
  await clearTwin(ports, actor, connection);
  return { told, connection: { ...connection, identity: told.identity }, holder: null };
};

export const clearTwin = (ports: Ports, actor: Actor, { workspaceId, _id }: Connection): Promise<void> =>
  clearException(ports, actor, { workspaceId, cause: 'account_connected_twice', subjectId: _id });

/** The same, for who cannot go on without it: throws `conflict` when another connection has the account. */
export const requireAccount = async (
  ports: Ports,
  actor: Actor,
  connection: Connection,
): Promise<Omit<Settled, 'holder'>> => {
  const { holder, ...settled } = await settleAccount(ports, actor, connection);
  if (holder) throw connectedTwice(connection.workspaceId, holder);
  return settled;
};

/**
 * What a person has changed of a connection, before it is stored: the vendor is asked with it, the account has to be the one that it
 * was, and it is taken if it was not known. Throws `rejected` where the vendor refuses the credentials.
 */
export const proveChange = async (ports: Ports, changed: Connection): Promise<AccountCheck> => {
  let told: AccountCheck;
  try {
    told = await askAccount(ports, changed);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'unauthorised') throw error;
    throw new Failure('rejected', error.message, { safe: { field: 'credentials' } });
  }
  const holder = await claimAccount(ports, changed, told.identity, { proven: true });
  if (holder) throw connectedTwice(changed.workspaceId, holder);
  return told;
};

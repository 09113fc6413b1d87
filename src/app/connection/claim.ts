import { type AccountClaim, accountClaimId, newAccountClaim } from '#domain/account-claim.ts';
import type { Connection } from '#domain/connection.ts';
import { INSTALLATION } from '#domain/due.ts';
import { Failure } from '#domain/failure.ts';
import type { Ports } from '../ports.ts';

/** Whose claim it is; null when it is free: its connection is gone, was removed, or turned out to be another account. */
const holderOf = async ({ store }: Pick<Ports, 'store'>, claim: AccountClaim): Promise<Connection | null> => {
  const holder = await store.connections.find(claim.ownerId, claim.connectionId);
  if (!holder || holder.state === 'removed') return null;
  return holder.identity === undefined || holder.identity === claim.identity ? holder : null;
};

/**
 * Takes an account for a connection that is stored already, so that a claim never stands before what it is for. Returns the connection
 * that has it, or null when it is ours. Of several at once one gets it. `proven` says that the vendor has confirmed it: what somebody
 * only typed in does not keep another workspace's connection out once that has proven to be the account. `from` is the connection
 * that has to give it up.
 */
export const claimAccount = async (
  ports: Pick<Ports, 'store'>,
  connection: Connection,
  identity: string,
  { proven, from = null }: { proven: boolean; from?: Connection | null },
): Promise<Connection | null> => {
  const { store } = ports;
  const { _id: connectionId, workspaceId: ownerId, connectorId } = connection;
  const ours = newAccountClaim({ connectorId, identity, connectionId, ownerId, proven });
  for (let round = 0; round < 100; round += 1) {
    const known = await store.accountClaims.find(INSTALLATION, ours._id);
    if (!known) {
      if (await store.accountClaims.insert(ours)) return null;
      continue;
    }
    if (known.connectionId === connectionId && (known.proven || !proven)) return null;
    if (known.connectionId !== connectionId) {
      const holder = await holderOf(ports, known);
      const yields = holder?._id === from?._id || (!known.proven && holder?.workspaceId !== ownerId);
      if (holder && !yields) return holder;
    }
    const guard = { connectionId: known.connectionId, proven: known.proven };
    if ((await store.accountClaims.change(ours._id, guard, { connectionId, ownerId, proven })) === 'changed')
      return null;
  }
  throw new Failure('unavailable', 'too many connect this account at once');
};

/** The connection that has this account already, as far as the claims tell. */
export const findHolder = async (
  ports: Pick<Ports, 'store'>,
  { connectorId, workspaceId }: Pick<Connection, 'connectorId' | 'workspaceId'>,
  identity: string,
): Promise<Connection | null> => {
  const claim = await ports.store.accountClaims.find(INSTALLATION, accountClaimId(connectorId, identity));
  const holder = claim && (await holderOf(ports, claim));
  return holder && (claim.proven || holder.workspaceId === workspaceId) ? holder : null;
};

/** Says whose the account is, to whoever may see it. */
export const connectedTwice = (workspaceId: string, holder: Connection): Failure => {
  const isOurs = holder.workspaceId === workspaceId;
  return new Failure(
    'conflict',
    isOurs
      ? `This account is connected already, as “${holder.name}” (${holder._id}).`
      : 'This account is connected already, by another workspace of this installation.',
    { safe: isOurs ? { connectionId: holder._id, name: holder.name } : { otherWorkspace: true } },
  );
};

import { z } from 'zod';
import { INSTALLATION } from './due.ts';
import { idOf } from './ids.ts';

/**
 * Which connection speaks for an account outside: one document an account, for the whole installation. It is never deleted. The claim of
 * a connection that was removed, or that turned out to be another account, is free.
 */
export const AccountClaim = z.object({
  _id: z.string(),
  /** Of no workspace: an account is connected once in the installation. */
  workspaceId: z.string(),
  connectorId: z.string(),
  /** The account, as the connector tells accounts apart. */
  identity: z.string(),
  connectionId: z.string(),
  /** Whose connection it is. */
  ownerId: z.string(),
  /** The vendor has said, to this connection's credentials, that it is this account. Until then it is what somebody typed in. */
  proven: z.boolean(),
});
export type AccountClaim = z.infer<typeof AccountClaim>;

export const accountClaimId = (connectorId: string, identity: string): string => idOf('ac', connectorId, identity);

export const newAccountClaim = (given: Omit<AccountClaim, '_id' | 'workspaceId'>): AccountClaim => ({
  _id: accountClaimId(given.connectorId, given.identity),
  workspaceId: INSTALLATION,
  ...given,
});

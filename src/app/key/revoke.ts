import type { Actor } from '#domain/actor.ts';
import { Failure } from '#domain/failure.ts';
import type { ApiKey } from '#domain/records.ts';
import type { Ports } from '../ports.ts';

/** Revokes an API key for good; again changes nothing. */
export const revokeKey = async (
  { store, clock }: Ports,
  _actor: Actor,
  { workspaceId, keyId }: { workspaceId: string; keyId: string },
): Promise<ApiKey> => {
  const record = await store.apiKeys.find(workspaceId, keyId);
  if (!record) throw new Failure('not_found', `There is no key ${keyId}.`);
  await store.apiKeys.change(keyId, { revokedAtMs: null }, { revokedAtMs: clock.now() });
  return (await store.apiKeys.find(workspaceId, keyId)) ?? record;
};

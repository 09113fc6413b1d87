import type { Actor } from '#domain/actor.ts';
import { mintKey } from '#domain/api-key.ts';
import { badValue, Failure } from '#domain/failure.ts';
import type { ApiKey } from '#domain/records.ts';
import { allows, isScope } from '#domain/scopes.ts';
import { findWrongLocations } from '../location/find-wrong.ts';
import type { Ports } from '../ports.ts';

export interface NewKey {
  workspaceId: string;
  name: string;
  scopes: readonly string[];
  /** Limits the key to one factory, warehouse or principal; empty for the merchant's own. */
  location: string;
  /** What its maker may do: a key gives no more. */
  heldScopes: readonly string[];
}

const gives = (held: readonly string[], scope: string): boolean =>
  scope === '*' ? held.includes('*') : isScope(scope) && allows(held, scope);

/** Makes an API key, which is told this once; only its hash is kept. Throws `forbidden` for scopes that its maker lacks, and
 * `rejected` for a location that is not there. */
export const issueKey = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, name, scopes, location, heldScopes }: NewKey,
): Promise<{ record: ApiKey; key: string }> => {
  const { store, clock } = ports;
  const beyond = scopes.filter((scope) => !gives(heldScopes, scope));
  if (beyond.length > 0)
    throw new Failure('forbidden', `A key gives no more than it has: ${beyond.join(', ')}.`, { safe: { beyond } });
  if (location !== '') {
    const wrong = (await findWrongLocations(ports, actor, { workspaceId, codes: [location] })).get(location);
    if (wrong !== undefined) throw badValue('location', wrong);
  }
  const { key, id, hash } = mintKey(workspaceId);
  const record: ApiKey = {
    _id: id,
    workspaceId,
    name,
    hash,
    scopes: [...scopes],
    location,
    createdAtMs: clock.now(),
    revokedAtMs: null,
  };
  await store.apiKeys.insert(record);
  return { record, key };
};

import type { Store } from '#app/ports.ts';
import { mintKey } from '#domain/api-key.ts';
import type { Clock } from '#domain/clock.ts';
import type { Terms } from '#domain/offer.ts';

/** What a new workspace starts with; the merchant changes it. */
const TERMS: Terms = {
  currency: 'GBP',
  creditLimitMinor: 500_000,
  mandateLimitMinor: 250_000,
  marginFloorBps: 1_000,
  safetyStock: 0,
};

const NAME = 'start';

/**
 * Sees to it that there is a workspace and a way in. Mints a key when there was never one, and with `again` at each start, when
 * the one of the start before is revoked. The key is returned to be shown once; only its hash is kept.
 */
export const firstKey = async (
  store: Store,
  clock: Clock,
  workspaceId: string,
  { again }: { again: boolean },
): Promise<string | null> => {
  await store.workspaces.insert({
    _id: workspaceId,
    workspaceId,
    name: workspaceId,
    terms: TERMS,
    createdAtMs: clock.now(),
  });
  const before = await store.apiKeys.list(workspaceId, { name: NAME }, { limit: 1_000 });
  if (before.length > 0 && !again) return null;
  for (const { _id } of before) await store.apiKeys.change(_id, { revokedAtMs: null }, { revokedAtMs: clock.now() });
  const { key, id, hash } = mintKey(workspaceId);
  await store.apiKeys.insert({
    _id: id,
    workspaceId,
    name: NAME,
    hash,
    scopes: ['*'],
    location: '',
    createdAtMs: clock.now(),
    revokedAtMs: null,
  });
  return key;
};

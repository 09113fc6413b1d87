import type { Store } from '#app/ports.ts';
import { remember } from '#app/remember.ts';
import { type Actor, keyActor } from '#domain/actor.ts';
import { keyMatches, readKey } from '#domain/api-key.ts';
import { refusal } from './problem.ts';

/** How long a revoked key may still be taken. */
const KEY_AGE_MS = 500;

/** Who calls. The workspace is the key's: nothing in a request can name another. */
export interface Caller {
  /** The key, for the events that its acts leave. */
  actor: Actor;
  workspaceId: string;
  scopes: readonly string[];
  /** Empty: the merchant's own. Else the one factory, warehouse or principal whose things it sees. */
  location: string;
}

const unauthenticated = (detail: string): Error =>
  refusal('unauthenticated', detail, { headers: { 'www-authenticate': 'Bearer realm="crossdock"' } });

/** Says who calls by the `Authorization` header. Refuses (401) what is not a key, unknown, or revoked for a second. */
export const makeAuthenticate = (store: Store) => {
  // The id carries its workspace, so that this look-up names one like any other.
  const records = remember((id = '') => store.apiKeys.find(id.slice(0, id.lastIndexOf('.')), id), {
    forMs: KEY_AGE_MS,
  });
  return {
    async caller(header: string | undefined): Promise<Caller> {
      const [, key] = /^Bearer +(\S+)$/i.exec(header ?? '') ?? [];
      if (key === undefined) throw unauthenticated('Send the header “Authorization: Bearer xd_…”.');
      const read = readKey(key);
      if (!read) throw unauthenticated('This is not a whole API key: was it cut or mistyped?');
      const record = await records(read.id);
      if (!record || !keyMatches(key, record.hash)) throw unauthenticated('There is no such API key.');
      if (record.revokedAtMs !== null) throw unauthenticated('This API key was revoked.');
      const { workspaceId, scopes, location } = record;
      return { actor: keyActor(record), workspaceId, scopes, location };
    },
    /** After a revocation here; other processes see it when what they remember is old. */
    forget: (keyId: string): void => records.forget(keyId),
  };
};
export type Authenticate = ReturnType<typeof makeAuthenticate>;

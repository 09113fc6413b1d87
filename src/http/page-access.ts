import type { IncomingMessage } from 'node:http';
import { allows, type Scope } from '#domain/scopes.ts';
import type { Authenticate } from './authenticate.ts';

/** Whose pages a request may see by its API key: the workspace, or null where the key lacks the scope or is not the merchant's own. */
export const makePageAccess =
  (authenticate: Authenticate) =>
  async ({ headers }: Pick<IncomingMessage, 'headers'>, scope: Scope): Promise<string | null> => {
    if (headers.authorization === undefined) return null;
    const caller = await authenticate.caller(headers.authorization).catch(() => null);
    return caller !== null && caller.location === '' && allows(caller.scopes, scope) ? caller.workspaceId : null;
  };

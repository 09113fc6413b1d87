import type { Store } from '#app/ports.ts';
import { remember } from '#app/remember.ts';
import type { TokenStore } from './token-memory.ts';

/** How long, in real time, a token that is there may be told from memory. One that is not there never is. */
const LIFE_MS = 1_000;
/** Tokens belong to a connection, whose id is in their key; their collection has one workspace of its own. */
const WORKSPACE = 'tokens';

/** Tokens that outlive a process, in the database. */
export const storedTokens = ({ tokens }: Pick<Store, 'tokens'>): TokenStore => {
  const get = remember((key = '') => tokens.find(WORKSPACE, key), { forMs: LIFE_MS, keep: (token) => token !== null });
  return {
    get,
    async put(key, value) {
      if (!(await tokens.insert({ _id: key, workspaceId: WORKSPACE, ...value }))) await tokens.change(key, {}, value);
      get.forget(key);
    },
    async delete(key) {
      await tokens.delete(key);
      get.forget(key);
    },
  };
};

import { isUsable } from '#domain/carrier.ts';
import { MOST_OPEN } from './case/open.ts';
import type { Cached, Store } from './ports.ts';
import { remember } from './remember.ts';

/** How long, in real time, a fact that hardly ever changes may be told from memory: a change is seen a second later at the latest. */
export const LIFE_MS = 1_000;

const MOST_FAILED = 1_000;

/** Facts that every step reads and people change: who a connection is, what the terms are. */
export const cachedFrom = (store: Store): Cached => ({
  // What stands still is looked up each time, so that it goes on at once when it may.
  connection: remember((workspaceId = '', id = '') => store.connections.find(workspaceId, id), {
    forMs: LIFE_MS,
    keep: (connection) => connection !== null && connection.state === 'active' && connection.live,
  }),
  connectionsOf: remember(
    async (workspaceId = '', role = '') => {
      const all = await store.connections.list(workspaceId, {}, { limit: 1_000 });
      return all.filter((connection) => connection.role === role && connection.state !== 'removed');
    },
    { forMs: LIFE_MS, keep: (connections) => connections.every(isUsable) },
  ),
  openCases: remember((workspaceId = '') => store.cases.list(workspaceId, { state: 'open' }, { limit: MOST_OPEN }), {
    forMs: LIFE_MS,
  }),
  failedSteps: remember(
    async (workspaceId = '') => {
      const where = { cause: 'failed_job', state: 'open' } as const;
      const open = await store.exceptions.list(workspaceId, where, { limit: MOST_FAILED });
      return new Map(open.map(({ _id, retry }) => [_id, JSON.stringify(retry)]));
    },
    { forMs: LIFE_MS },
  ),
  doneSteps: new Map(),
  workspace: remember((workspaceId = '') => store.workspaces.find(workspaceId, workspaceId), { forMs: LIFE_MS }),
});

import { MOST_OPEN } from './case/change.ts';
import type { Cached, Store } from './ports.ts';

/** How long, in real time, a fact that hardly ever changes may be told from memory. */
const LIFE_MS = 1_000;
const MOST = 10_000;

/**
 * Remembers what `read` told for up to a second and asks once for many who ask at the same time. For facts that every step reads and
 * people change: who a connection is, what the terms are. A change is seen a second later at the latest; what `keep` says no to is
 * never told from memory.
 */
export const cache = <T>(
  read: (...key: readonly string[]) => Promise<T>,
  keep: (value: T) => boolean = () => true,
): ((...key: readonly string[]) => Promise<T>) => {
  const known = new Map<string, { atMs: number; value: Promise<T> }>();
  return (...key) => {
    const id = JSON.stringify(key);
    const hit = known.get(id);
    if (hit && performance.now() - hit.atMs < LIFE_MS) return hit.value;
    if (known.size > MOST) known.clear();
    const value = read(...key);
    known.set(id, { atMs: performance.now(), value });
    // A failure is not a fact, and what is not to be kept is asked again by the next one.
    value.then(
      (told) => keep(told) || known.delete(id),
      () => known.delete(id),
    );
    return value;
  };
};

export const cachedFrom = (store: Store): Cached => ({
  // What stands still is looked up each time, so that it goes on at once when it may.
  connection: cache(
    (workspaceId = '', id = '') => store.connections.find(workspaceId, id),
    (connection) => connection !== null && connection.state === 'active' && connection.live,
  ),
  connectionsOf: cache(async (workspaceId = '', role = '') => {
    const all = await store.connections.list(workspaceId, {}, { limit: 1_000 });
    return all.filter((connection) => connection.role === role && connection.state !== 'removed');
  }),
  openCases: cache((workspaceId = '') => store.cases.list(workspaceId, { state: 'open' }, { limit: MOST_OPEN })),
  workspace: cache((workspaceId = '') => store.workspaces.find(workspaceId, workspaceId)),
});

import type { Actor } from '#domain/actor.ts';
import { connectionOf, UNREADABLE_CAUSES } from '#domain/exception.ts';
import { everyPage, workspacePages } from '../every-page.ts';
import type { Ports } from '../ports.ts';
import { onceEach, type Start } from './retry.ts';

/**
 * Tries again, once a version of the product, what an earlier version could not read: a connector may read it now. To be called when a
 * process starts. The step is started before it is written down as tried, so that a crash in between starts it twice at worst.
 */
export const retryUnread = async (ports: Ports, _actor: Actor, { start }: { start: Start }): Promise<number> => {
  const { store, cached, version } = ports;
  const startOnce = onceEach(start);
  let retried = 0;
  for await (const workspaces of workspacePages(store))
    for (const { _id: workspaceId } of workspaces)
      for (const cause of UNREADABLE_CAUSES)
        await everyPage(store.exceptions, workspaceId, { cause, state: 'open' }, async (page) => {
          for (const { _id, subject, retry, unread, openedAtMs } of page) {
            if (retry === null || unread?.version === version) continue;
            // While it stands still nothing can be read of it, and nothing was tried.
            const connection = await cached.connection(workspaceId, connectionOf(subject));
            if (connection?.state !== 'active') continue;
            await startOnce(retry);
            const tried = { atMs: unread?.atMs ?? openedAtMs, version };
            // Refused: it was closed meanwhile.
            await store.exceptions.change(_id, { state: 'open' }, { unread: tried });
            retried += 1;
          }
        });
  return retried;
};

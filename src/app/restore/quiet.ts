import type { Actor } from '#domain/actor.ts';
import { restoreId } from '#domain/restore.ts';
import { workspacePages } from '../every-page.ts';
import type { Ports } from '../ports.ts';

/** The workspaces that came from a backup and do not go on yet. */
export const quietWorkspaces = async function* ({ store }: Ports, _actor: Actor): AsyncGenerator<string> {
  for await (const page of workspacePages(store))
    for (const { _id } of page) if ((await store.restores.find(_id, restoreId(_id)))?.state === 'quiet') yield _id;
};

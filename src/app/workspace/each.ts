import type { Actor } from '#domain/actor.ts';
import { workspacePages } from '../every-page.ts';
import type { Ports } from '../ports.ts';

/** The ids of all workspaces, for what is done in each. */
export const eachWorkspace = async function* ({ store }: Ports, _actor: Actor): AsyncGenerator<string> {
  for await (const page of workspacePages(store)) for (const { _id } of page) yield _id;
};

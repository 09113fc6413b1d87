import type { Actor } from '#domain/actor.ts';
import { Failure } from '#domain/failure.ts';
import { Terms } from '#domain/offer.ts';
import type { Workspace } from '#domain/records.ts';
import type { Ports } from '../ports.ts';

/** Changes terms of a workspace; those that are not named stay. */
export const changeTerms = async (
  { store }: Ports,
  _actor: Actor,
  { workspaceId, terms: given }: { workspaceId: string; terms: { [T in keyof Terms]?: Terms[T] | undefined } },
): Promise<Workspace> => {
  const workspace = await store.workspaces.find(workspaceId, workspaceId);
  if (!workspace) throw new Failure('not_found', 'This workspace is gone.');
  const named = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const terms = Terms.parse({ ...workspace.terms, ...named });
  await store.workspaces.change(workspaceId, {}, { terms });
  return { ...workspace, terms };
};

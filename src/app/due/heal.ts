import type { Actor } from '#domain/actor.ts';
import { workspacePages } from '../every-page.ts';
import type { Ports } from '../ports.ts';
import { keepDues } from './keep.ts';

/**
 * Gives every workspace and connection the dues that it lacks: after an upgrade, or a crash between a connection and its dues. A
 * walk over all workspaces, done once when a process starts.
 */
export const healDues = async (ports: Ports, actor: Actor): Promise<{ workspaces: number; connections: number }> => {
  const { store } = ports;
  await keepDues(ports, actor, { of: 'installation' });
  let workspaces = 0;
  let connections = 0;
  for await (const page of workspacePages(store)) {
    for (const workspace of page) {
      await keepDues(ports, actor, { of: 'workspace', workspace });
      const all = await store.connections.list(workspace._id, {}, { limit: 1_000 });
      await Promise.all(all.map((connection) => keepDues(ports, actor, { of: 'connection', connection })));
      connections += all.length;
    }
    workspaces += page.length;
  }
  return { workspaces, connections };
};

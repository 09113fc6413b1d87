import type { Actor } from '#domain/actor.ts';
import type { Connection } from '#domain/connection.ts';
import { claimAccount } from '../connection/claim.ts';
import { parkTwin } from '../connection/settle-account.ts';
import { workspacePages } from '../every-page.ts';
import type { Ports } from '../ports.ts';
import { keepDues } from './keep.ts';

/** A connection whose account is known has the claim on it; of two in a store that was put back, one is stopped. */
const keepAccount = async (ports: Ports, actor: Actor, connection: Connection): Promise<void> => {
  if (connection.identity === undefined || connection.state === 'removed') return;
  const holder = await claimAccount(ports, connection, connection.identity, { proven: true });
  if (holder) await parkTwin(ports, actor, connection, holder);
};

/**
 * Gives every workspace and connection the dues that it lacks: after an upgrade, or a crash between a connection and its dues; and
 * every connection the claim on its account: after a restore. A walk over all workspaces, done once when a process starts.
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
      for (const connection of all) await keepAccount(ports, actor, connection);
      connections += all.length;
    }
    workspaces += page.length;
  }
  return { workspaces, connections };
};

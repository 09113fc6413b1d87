import type { Actor } from '#domain/actor.ts';
import type { Connection } from '#domain/connection.ts';
import { DUE_KINDS, type Due, type DueKind, dueId, dueRow, INSTALLATION, newDue, paced } from '#domain/due.ts';
import type { Workspace } from '#domain/records.ts';
import type { Ports } from '../ports.ts';

export type DueSubject =
  | { of: 'connection'; connection: Connection }
  | { of: 'workspace'; workspace: Workspace }
  | { of: 'installation' };

/** How often this is done for a connection; null: not while it is as it is, or never with this connector. */
export const connectionPace = (
  { gateway }: Pick<Ports, 'gateway'>,
  kind: DueKind,
  connection: Connection,
): number | null => {
  const row = dueRow(kind);
  if (row.of !== 'connection' || (row.needs && !gateway.can(connection, row.needs))) return null;
  return row.everyMs(connection);
};

/** The dues that a subject has by the table, at the pace that it has now. */
const duesOf = (ports: Ports, subject: DueSubject): Pick<Due, 'workspaceId' | 'kind' | 'subjectId' | 'everyMs'>[] =>
  DUE_KINDS.flatMap((kind) => {
    const row = dueRow(kind);
    if (row.of === 'connection' && subject.of === 'connection') {
      const { _id: subjectId, workspaceId } = subject.connection;
      return [{ workspaceId, kind, subjectId, everyMs: connectionPace(ports, kind, subject.connection) }];
    }
    if (row.of === 'workspace' && subject.of === 'workspace') {
      const { _id: subjectId } = subject.workspace;
      return [{ workspaceId: subjectId, kind, subjectId, everyMs: row.everyMs(subject.workspace) }];
    }
    if (row.of === 'flag' && subject.of === 'installation')
      return [{ workspaceId: INSTALLATION, kind, subjectId: row.flag, everyMs: row.everyMs(ports.clock.rate()) }];
    if (row.of === 'installation' && subject.of === 'installation')
      return [{ workspaceId: INSTALLATION, kind, subjectId: INSTALLATION, everyMs: row.everyMs() }];
    return [];
  });

/**
 * Sees to it that a connection, a workspace or the installation has its dues, each at its pace: to be called when the subject was
 * made or changed. A paused connection's dues wait, and are due at once when it is resumed; a removed one's are gone. Safe to
 * repeat, and does nothing where everything is as it should be.
 */
export const keepDues = async (ports: Ports, _actor: Actor, subject: DueSubject): Promise<void> => {
  const { store, clock } = ports;
  const wanted = duesOf(ports, subject);
  const gone = subject.of === 'connection' && subject.connection.state === 'removed';
  if (gone) {
    for (const { kind, subjectId } of wanted) await store.dues.delete(dueId(kind, subjectId));
    return;
  }
  const now = clock.now();
  await Promise.all(
    wanted.map(async ({ workspaceId, kind, subjectId, everyMs }) => {
      const fresh = newDue(workspaceId, kind, subjectId, { everyMs, dueAtMs: everyMs === null ? null : now });
      // A kind that this connection never has, such as orders of a supplier, gets no row.
      const known = await store.dues.find(workspaceId, fresh._id);
      if (!known) {
        if (everyMs !== null) await store.dues.insert(fresh);
        return;
      }
      const changes = paced(known, everyMs, now);
      // Refused: it ran or was asked for a moment ago, and takes the pace over from its subject then.
      if (changes) await store.dues.change(known._id, { dueAtMs: known.dueAtMs, asks: known.asks }, changes);
    }),
  );
};

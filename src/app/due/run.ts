import type { Actor } from '#domain/actor.ts';
import { type Due, dueRow, isDueKind } from '#domain/due.ts';
import { type Retry, toRetry } from '#domain/job.ts';
import type { Ports } from '../ports.ts';
import { connectionPace } from './keep.ts';

const BATCH = 1_000;

/** The clock time from one run to the next: null where its subject waits, undefined where its subject is gone. */
const paceOf = async (ports: Ports, due: Due): Promise<number | null | undefined> => {
  // A kind that an older version had.
  if (!isDueKind(due.kind)) return undefined;
  const { cached } = ports;
  const row = dueRow(due.kind);
  switch (row.of) {
    case 'flag':
      return row.everyMs(ports.clock.rate());
    case 'installation':
      return row.everyMs();
    case 'workspace': {
      const workspace = await cached.workspace(due.workspaceId);
      return workspace ? row.everyMs(workspace) : undefined;
    }
    case 'connection': {
      const connection = await cached.connection(due.workspaceId, due.subjectId);
      return connection && connection.state !== 'removed' ? connectionPace(ports, due.kind, connection) : undefined;
    }
  }
};

/** The steps of one run: one, or one for each workspace where a flag is up. */
const stepsOf = async function* (
  { store }: Ports,
  { kind, workspaceId, subjectId }: Due,
): AsyncGenerator<Retry | null> {
  const row = dueRow(kind);
  if (row.of === 'connection') yield toRetry(kind, { workspaceId, connectionId: subjectId });
  if (row.of === 'workspace' || row.of === 'installation') yield toRetry(kind, { workspaceId });
  if (row.of !== 'flag') return;
  const { flag } = row;
  const next = (after: string): Promise<string | null> =>
    flag === 'news' ? store.news.nextWorkspace(after) : store.levels.nextFlagged(flag, after);
  for (let flagged = await next(''); flagged !== null; flagged = await next(flagged))
    yield toRetry(kind, { workspaceId: flagged });
};

/**
 * Runs every due that has come up, and moves it to one period from now, however late it was: missed periods never pile up. Of
 * several processes that look at once, one runs it. A process that dies with a due in its hands leaves it to be taken again after a
 * grace; so does a due whose `run` throws, and the others are not held up by it. Returns how many ran.
 */
export const runDues = async (
  ports: Ports,
  _actor: Actor,
  { run }: { run(step: Retry): Promise<void> },
): Promise<number> => {
  const { store, clock, log } = ports;
  const now = clock.now();
  const runOne = async (due: Due): Promise<boolean> => {
    const everyMs = await paceOf(ports, due);
    if (everyMs === undefined) {
      await store.dues.delete(due._id);
      return false;
    }
    const { _id, dueAtMs, lastRunAtMs, asks } = due;
    if (everyMs === null) {
      await store.dues.change(_id, { dueAtMs, asks }, { everyMs, dueAtMs: null });
      return false;
    }
    const againAtMs = now + Math.min(everyMs, ports.grace());
    const taken = { everyMs, dueAtMs: againAtMs, lastRunAtMs: now };
    if ((await store.dues.change(_id, { dueAtMs, lastRunAtMs }, taken)) !== 'changed') return false;
    for await (const step of stepsOf(ports, due)) if (step) await run(step);
    // Refused: it was put to rest or asked for meanwhile.
    await store.dues.change(_id, { dueAtMs: againAtMs, lastRunAtMs: now }, { dueAtMs: now + everyMs });
    return true;
  };
  const found = await store.dues.due(now, BATCH);
  const ran = await Promise.all(
    found.map((due) =>
      runOne(due).catch((error: unknown) => {
        log.error({ err: error, kind: due.kind, subjectId: due.subjectId }, 'a due could not be run');
        return false;
      }),
    ),
  );
  return ran.filter(Boolean).length;
};

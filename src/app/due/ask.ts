import { type Due, type DueKindOf, dueId, newDue } from '#domain/due.ts';
import type { Ports } from '../ports.ts';

type DuePorts = Pick<Ports, 'store' | 'clock'>;
type Asked = DueKindOf<'connection' | 'workspace'>;

/**
 * There is something to do: the dues of this kind are due now. Whoever is doing it just now and finds nothing left does not put
 * them to rest, for somebody has asked since it looked.
 */
export const askFor = async (
  { store, clock }: DuePorts,
  workspaceId: string,
  kind: Asked,
  subjectIds: readonly string[],
): Promise<void> => {
  const ids = subjectIds.map((subjectId) => dueId(kind, subjectId));
  const known = new Map((await store.dues.findMany(workspaceId, ids)).map((due) => [due._id, due]));
  const now = clock.now();
  await Promise.all(
    subjectIds.map(async (subjectId) => {
      const due = known.get(dueId(kind, subjectId));
      if (due) {
        const dueAtMs = Math.min(due.dueAtMs ?? now, now);
        // Refused: another has asked meanwhile, which is as good.
        await store.dues.change(due._id, { asks: due.asks }, { dueAtMs, asks: due.asks + 1 });
        return;
      }
      // The pace is the subject's: it is looked up when the due comes up.
      await store.dues.insert({ ...newDue(workspaceId, kind, subjectId, { everyMs: null, dueAtMs: now }), asks: 1 });
    }),
  );
};

/** The due as it stands before its work is looked for; null when there is none. */
export const findDue = (
  { store }: DuePorts,
  workspaceId: string,
  kind: Asked,
  subjectId: string,
): Promise<Due | null> => store.dues.find(workspaceId, dueId(kind, subjectId));

/** Nothing is left to do: the due rests until somebody asks, unless somebody has since `due` was read. */
export const restDue = async ({ store }: DuePorts, due: Due | null): Promise<void> => {
  if (due) await store.dues.change(due._id, { asks: due.asks }, { dueAtMs: null });
};

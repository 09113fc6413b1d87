import { z } from 'zod';
import type { Connection } from './connection.ts';
import { idOf } from './ids.ts';
import type { ConnectionRef, JobName, PayloadOf, WorkspaceRef } from './job.ts';
import type { Workspace } from './records.ts';

/** Jobs whose payload is exactly this. */
type JobsFor<P> = { [N in JobName]: PayloadOf<N> extends P ? (P extends PayloadOf<N> ? N : never) : never }[JobName];

/** How often the job runs for this subject; null: not at all while the subject is as it is. */
interface ConnectionRow {
  of: 'connection';
  /** Only for connections whose connector can do this. */
  needs?: 'orders.recheck' | 'balance.read';
  everyMs(connection: Connection): number | null;
}
interface WorkspaceRow {
  of: 'workspace';
  everyMs(workspace: Workspace): number | null;
}
/** One due for the whole installation: the job runs in each workspace where this flag is up, and costs nothing in others. */
interface FlagRow {
  of: 'flag';
  flag: LevelFlag | 'news';
  /**
   * `clockRate`: for what is done every so often in real time, however fast the clock runs. When a clock slows down, the next run still
   * comes at the old pace.
   */
  everyMs(clockRate: number): number;
}
/** One due for the whole installation; its job runs with the workspace of what belongs to none. */
interface InstallationRow {
  of: 'installation';
  everyMs(): number;
}
/** Flags of a stock level; `news` is up where a document has told something that is not filed. */
export type LevelFlag = 'toRefill' | 'toPublish';

type Rows = { readonly [N in JobsFor<z.infer<typeof ConnectionRef>>]?: ConnectionRow } & {
  readonly [N in JobsFor<z.infer<typeof WorkspaceRef>>]?: WorkspaceRow | FlagRow | InstallationRow;
};

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const isUsed = ({ state }: Connection): boolean => state === 'active';

/**
 * What is done again and again, in clock time: one row a kind, and the kind is the name of the job that runs. A job whose work is
 * done may rest its due (`restDue`) until somebody asks for it (`askFor`); until then `everyMs` is when it is tried again.
 */
export const DUES = {
  'orders.pull': {
    of: 'connection',
    everyMs: (c) => (c.role === 'storefront' && isUsed(c) ? c.pollEveryMinutes * MINUTE : null),
  },
  /** Where an edit does not count as a change, so that a poll does not see it. */
  'orders.recheck': {
    of: 'connection',
    needs: 'orders.recheck',
    everyMs: (c) => (c.role === 'storefront' && isUsed(c) ? DAY : null),
  },
  'stock.pull': {
    of: 'connection',
    everyMs: (c) => (c.role === 'supplier' && isUsed(c) ? c.pollEveryMinutes * MINUTE : null),
  },
  /** Rests when the storefront was told everything. */
  'stock.publish': {
    of: 'connection',
    everyMs: (c) => (c.role === 'storefront' && isUsed(c) && c.live ? 5 * MINUTE : null),
  },
  /** What is left to pay suppliers with runs down as purchases are paid. */
  'balance.read': {
    of: 'connection',
    needs: 'balance.read',
    everyMs: (c) => (c.role === 'supplier' && isUsed(c) && c.live ? 60 * MINUTE : null),
  },
  /** Rests while no case is open. */
  'case.remind': { of: 'workspace', everyMs: () => 60 * MINUTE },
  /** Asks the ECB nothing while nothing new is to be expected. */
  'rates.fetch': { of: 'installation', everyMs: () => 15 * MINUTE },
  /** Starts one run in each workspace, which costs a few look-ups where nothing is old. */
  'retention.run': { of: 'installation', everyMs: () => DAY },
  'stock.refill': { of: 'flag', flag: 'toRefill', everyMs: () => MINUTE },
  'listings.mark': { of: 'flag', flag: 'toPublish', everyMs: () => 15_000 },
  /** Whoever looks at a timeline waits in real time. */
  'events.file': { of: 'flag', flag: 'news', everyMs: (clockRate) => 5_000 * Math.max(1, clockRate) },
} as const satisfies Rows;

export type DueKind = keyof typeof DUES;
export const dueRow = (kind: DueKind): ConnectionRow | WorkspaceRow | FlagRow | InstallationRow => DUES[kind];
export const isDueKind = (kind: unknown): kind is DueKind => typeof kind === 'string' && Object.hasOwn(DUES, kind);
export const DUE_KINDS: readonly DueKind[] = Object.keys(DUES).filter(isDueKind);
/** Kinds of due by what each is for. */
export type DueKindOf<S extends 'connection' | 'workspace' | 'flag' | 'installation'> = {
  [K in DueKind]: (typeof DUES)[K] extends { of: S } ? K : never;
}[DueKind];

/** A thing to do again and again, for one connection, one workspace or the whole installation. */
export const Due = z.object({
  _id: z.string(),
  workspaceId: z.string(),
  kind: z.custom<DueKind>(isDueKind, 'there is no due of this kind'),
  /** The connection, the workspace or the flag. */
  subjectId: z.string(),
  /** Clock time from one run to the next, as it was at the last look; null while it waits for its subject. */
  everyMs: z.number().nullable(),
  /** Clock time. Null: it rests or waits. */
  dueAtMs: z.number().nullable(),
  lastRunAtMs: z.number().nullable(),
  /** Grows each time that somebody asks for a run: who found nothing left rests it only if nobody has asked since. */
  asks: z.int(),
});
export type Due = z.infer<typeof Due>;

/** The workspace of what belongs to no workspace. */
export const INSTALLATION = '-';

export const dueId = (kind: DueKind, subjectId: string): string => idOf('du', kind, subjectId);

export const newDue = (
  workspaceId: string,
  kind: DueKind,
  subjectId: string,
  { everyMs, dueAtMs }: Pick<Due, 'everyMs' | 'dueAtMs'>,
): Due => ({
  _id: dueId(kind, subjectId),
  workspaceId,
  kind,
  subjectId,
  everyMs,
  dueAtMs,
  lastRunAtMs: null,
  asks: 0,
});

/**
 * The due at the pace that its subject has now, or null when it is at that pace already. One that waited is due at once; a quicker
 * pace counts from the last run; a slower one from the next.
 */
export const paced = (due: Due, everyMs: number | null, nowMs: number): Pick<Due, 'everyMs' | 'dueAtMs'> | null => {
  if (everyMs === null) return due.dueAtMs === null && due.everyMs === null ? null : { everyMs, dueAtMs: null };
  if (due.dueAtMs === null) return { everyMs, dueAtMs: nowMs };
  if (due.everyMs === everyMs) return null;
  return { everyMs, dueAtMs: Math.min(due.dueAtMs, (due.lastRunAtMs ?? nowMs) + everyMs) };
};

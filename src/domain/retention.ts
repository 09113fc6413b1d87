import { z } from 'zod';

/** How long what is kept, in days of business time; `answersHours` in hours of real time. Null keeps it for ever. */
export const Retention = z.object({
  /** Webhooks that were acted on, and the bodies that orders were read from. */
  inboxDays: z.number(),
  /** Answers to idempotency keys. */
  answersHours: z.number(),
  /** Exceptions that are closed. */
  exceptionsDays: z.number(),
  /** Orders that are over, with their legs, packages, returns, approvals, exceptions and postings. */
  ordersDays: z.number(),
  /** Case files that are closed or cancelled. */
  casesDays: z.number(),
  /** Events of the workspace: what is gone is covered by a signed checkpoint. */
  eventsDays: z.number(),
  /** Movements of a shelf that are older become one opening movement. */
  movementsDays: z.number(),
});
export type Retention = z.infer<typeof Retention>;

export const RETENTION_STEPS = [
  'inbox',
  'orderBodies',
  'answers',
  'exceptions',
  'orders',
  'stockLegs',
  'cases',
  'events',
  'movements',
] as const;
export type RetentionStep = (typeof RETENTION_STEPS)[number];

/** How far retention is in one workspace. A run that was cut off goes on after `after`. */
export const RetentionRun = z.object({
  _id: z.string(),
  workspaceId: z.string(),
  /** Null when the last run is over. */
  step: z.enum(RETENTION_STEPS).nullable(),
  /** The last id that this step has dealt with; empty at its start. */
  after: z.string(),
  /** Before these instants, in the time of each step, a step has nothing to do and is passed over. */
  restsUntilMs: z.partialRecord(z.enum(RETENTION_STEPS), z.number()),
  /** What this run, or the last one, has removed and folded. */
  counts: z.record(z.string(), z.number()),
  /** Shelves whose movements did not add up to what the shelf says when it was last looked: nothing of them is folded. */
  unproven: z.array(z.string()),
  /** Grows with every change: the guard of the compare-and-set. */
  rev: z.number(),
});
export type RetentionRun = z.infer<typeof RetentionRun>;

export const retentionRunId = (workspaceId: string): string => `retention:${workspaceId}`;

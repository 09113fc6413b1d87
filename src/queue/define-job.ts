import type { z } from 'zod';
import type { App } from '#app/app.ts';
import type { Actor } from '#domain/actor.ts';
import type { FailureCode } from '#domain/failure.ts';
import type { JobSubject, Retry } from '#domain/job.ts';
import type { QueueName } from '../../config/queues.ts';
import type { RetryName } from '../../config/retry.ts';

export interface Enqueue {
  /** Adds a job to its queue unless one with the same key still waits there. `delayMs` is clock time. */
  <P>(job: JobDefinition<P>, payload: P, options?: { delayMs?: number }): Promise<void>;
}

export interface JobContext {
  app: App;
  /** The job itself, for the events that it leaves. */
  actor: Actor;
  enqueue: Enqueue;
  /** The same by name: for a step that leads back to this one, which would be a cycle of imports. */
  start(step: Retry): Promise<void>;
}

/** A job: a name, a payload, a queue, a retry policy, a key, and a handler that may run twice. */
export interface JobDefinition<P = unknown> {
  name: string;
  queue: QueueName;
  retry: RetryName;
  payload: z.ZodType<P>;
  /** At most one with the same key waits at a time. */
  key(payload: P): readonly string[];
  /** What the job is about: what an exception is opened on when it is given up. */
  subject(payload: P): JobSubject;
  /** Failures of which the use case opens an exception itself, under a cause of its own. */
  reports?: readonly FailureCode[];
  /**
   * Runs at most once at a time per key, over all workers and all jobs that name the same lock. For a step that buys or tells
   * something at a vendor: it looks for what is there before it acts, and cannot see a rival that is about to act.
   */
  exclusive?: string;
  /** What a second run does while the first one holds the lock: it waits its turn, or is dropped because the first covers it. */
  ifBusy?: 'wait' | 'drop';
  handle(context: JobContext, payload: P): Promise<void>;
}

/** The job as it is written, with its name as a type of its own: the catalogue checks name and payload against `Retry`. */
export const defineJob = <const N extends string, P>(
  job: JobDefinition<P> & { name: N },
): JobDefinition<P> & { name: N } => job;

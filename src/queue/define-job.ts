import type { z } from 'zod';
import type { App } from '#app/app.ts';
import type { QueueName } from '../../config/queues.ts';
import type { RetryName } from '../../config/retry.ts';

export interface Enqueue {
  /** Puts a step on its lane; the same key that still waits is not put there twice. `delayMs` is clock time. */
  <P>(job: JobDefinition<P>, payload: P, options?: { delayMs?: number }): Promise<void>;
}

export interface JobContext {
  app: App;
  enqueue: Enqueue;
}

/** A step of work: a name, a payload, a lane, a retry policy, a key, and a handler that may run twice. */
export interface JobDefinition<P = unknown> {
  name: string;
  queue: QueueName;
  retry: RetryName;
  payload: z.ZodType<P>;
  /** What the step is about; at most one with the same key waits at a time. */
  key(payload: P): readonly string[];
  /**
   * Never two at a time for one key, over all workers and all jobs of this name here: for a step that buys or tells something at a
   * vendor, which may look for what is there before it acts but cannot see a rival that is about to.
   */
  alone?: string;
  /** A second one meanwhile does not wait its turn but is over at once: the first one does its work. */
  leaves?: true;
  handle(context: JobContext, payload: P): Promise<void>;
}

export const defineJob = <P>(job: JobDefinition<P>): JobDefinition<P> => job;

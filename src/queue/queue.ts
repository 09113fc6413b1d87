import { DelayedError, type Job, Queue, UnrecoverableError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { App } from '#app/app.ts';
import type { Log } from '#app/ports.ts';
import { systemActor } from '#domain/actor.ts';
import type { Clock } from '#domain/clock.ts';
import { FAILURES, Failure, toFailure } from '#domain/failure.ts';
import type { FailedStep, Retry } from '#domain/job.ts';
import { LOCK, QUEUES, type QueueName } from '../../config/queues.ts';
import { LATER_BUDGET_MS, RETRY } from '../../config/retry.ts';
import type { Enqueue, JobDefinition } from './define-job.ts';

interface Envelope {
  payload: unknown;
  /** How long it was put off by a vendor so far, all waits together; a clock that jumps does not use it up. */
  laterMs?: number;
}

export interface QueueOptions {
  /** Opens a connection as BullMQ needs it; one each for the queues and for every worker. */
  redis(): Redis;
  prefix: string;
  clock: Clock;
  log: Log;
}

export interface Queues {
  enqueue: Enqueue;
  /** Many at once, in one round trip a lane. */
  enqueueAll<P>(job: JobDefinition<P>, payloads: readonly P[]): Promise<void>;
  /** Jobs that wait, run or are put off, by lane. */
  depths(): Promise<Record<QueueName, number>>;
  close(): Promise<void>;
}

/** How long a lock lasts without a sign of life, and when a job that found it taken tries again; real time. */
const GUARD_MS = 30_000;
const GUARDED_AGAIN_MS = 300;

/** What being put off once counts at least, so that a vendor who always asks for a moment is not asked for ever. */
const LEAST_WAIT_MS = 1_000;

const QUEUE_NAMES = Object.keys(QUEUES) as QueueName[];

/** Waits in the outside's timers are real; ours are clock time. Never 0, so that a step put off is put off. */
export const realDelay = (clock: Clock, ms: number): number =>
  Math.max(1, Math.ceil(ms / Math.max(clock.rate(), 1e-6)));

/** The lanes, for those who put work on them. */
export const openQueues = ({ redis, prefix, clock }: QueueOptions): Queues => {
  const connection = redis();
  const queues = new Map(QUEUE_NAMES.map((name) => [name, new Queue(name, { connection, prefix })]));
  const queueOf = (name: QueueName): Queue => {
    const queue = queues.get(name);
    if (!queue) throw new Error(`no queue ${name}`);
    return queue;
  };
  const entry = <P>(job: JobDefinition<P>, payload: P, delayMs = 0) => {
    const data: Envelope = { payload: job.payload.parse(payload) };
    const { attempts } = RETRY[job.retry];
    return {
      name: job.name,
      data,
      opts: {
        attempts,
        backoff: { type: 'custom' },
        deduplication: { id: keyOf(job, payload) },
        removeOnComplete: true,
        removeOnFail: true,
        ...(delayMs > 0 ? { delay: realDelay(clock, delayMs) } : {}),
      },
    };
  };
  return {
    async enqueue(job, payload, options) {
      const { name, data, opts } = entry(job, payload, options?.delayMs);
      await queueOf(job.queue).add(name, data, opts);
    },
    async enqueueAll(job, payloads) {
      if (payloads.length > 0) await queueOf(job.queue).addBulk(payloads.map((payload) => entry(job, payload)));
    },
    async depths() {
      const counts = await Promise.all(
        QUEUE_NAMES.map(
          async (name) =>
            [name, await queueOf(name).getJobCountByTypes('waiting', 'active', 'delayed', 'prioritized')] as const,
        ),
      );
      return { inbound: 0, orders: 0, outbound: 0, bulk: 0, ...Object.fromEntries(counts) };
    },
    async close() {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
      connection.disconnect();
    },
  };
};

const keyOf = <P>(job: JobDefinition<P>, payload: P): string => [job.name, ...job.key(payload)].join(':');

export interface WorkerOptions extends QueueOptions {
  app: App;
  jobs: ReadonlyMap<string, JobDefinition>;
  enqueue: Enqueue;
  /** Jobs at once over all lanes. */
  concurrency: number;
  /** Wraps each run: correlation, metrics. */
  around?(job: { name: string; id: string }, run: () => Promise<void>): Promise<void>;
  /** Called once when a step is given up, with what it was about. */
  onGiveUp(step: FailedStep, failure: Failure): Promise<void>;
  /** Called each time that a step was done to its end. */
  onDone(step: FailedStep): Promise<void>;
  /** Called when a failure is the merchant's to mend, each time it is met. */
  onRefusedCredentials(step: FailedStep, failure: Failure): Promise<void>;
}

/** Runs the lanes. `close` lets what runs finish for `graceMs` and gives the rest back to the queue. */
export const startWorkers = (options: WorkerOptions): { close(graceMs: number): Promise<void> } => {
  const { clock, jobs, app, enqueue, log, prefix } = options;
  const start = async ({ job, payload }: Retry): Promise<void> => {
    const definition = jobs.get(job);
    if (!definition) throw new Failure('not_found', `There is no job ${job}.`);
    await enqueue(definition, payload);
  };

  const giveUp = async (step: FailedStep, failure: Failure): Promise<never> => {
    await options.onGiveUp(step, failure);
    throw new UnrecoverableError(failure.message);
  };

  const afterFailure = async (
    job: Job<Envelope>,
    token: string | undefined,
    step: FailedStep,
    failure: Failure,
  ): Promise<never> => {
    const { retry } = FAILURES[failure.code];
    log[failure.code === 'bug' ? 'error' : 'warn'](
      { job: job.name, payload: job.data.payload, code: failure.code, attempt: job.attemptsMade, err: failure },
      failure.message,
    );
    if (failure.code === 'unauthorised') await options.onRefusedCredentials(step, failure);
    if (retry === 'never') return giveUp(step, failure);
    if (retry === 'later') {
      const waitMs = failure.retryAfterMs ?? 30_000;
      const laterMs = (job.data.laterMs ?? 0) + Math.max(waitMs, LEAST_WAIT_MS);
      if (laterMs > LATER_BUDGET_MS) return giveUp(step, failure);
      await job.updateData({ ...job.data, laterMs });
      await job.moveToDelayed(Date.now() + realDelay(clock, waitMs), token);
      throw new DelayedError();
    }
    const { attempts } = RETRY[jobs.get(job.name)?.retry ?? 'own'];
    if (job.attemptsMade + 1 >= attempts) return giveUp(step, failure);
    throw failure;
  };

  const guards = options.redis();
  /**
   * Runs `work` unless another job holds the lock; then this one waits, without using up an attempt, or is dropped. A job that runs
   * again after its worker died takes its own lock over at once.
   */
  const runExclusive = async (
    job: Job<Envelope>,
    token: string | undefined,
    { key, ifBusy }: { key: string; ifBusy: 'wait' | 'drop' },
    work: () => Promise<void>,
  ) => {
    const guard = `${prefix}:alone:${key}`;
    const mine = `${job.queueName} ${job.id}`;
    const holder = (await guards.set(guard, mine, 'PX', GUARD_MS, 'NX')) ? mine : await guards.get(guard);
    if (holder !== mine) {
      if (ifBusy === 'drop' && holder !== null) return;
      await job.moveToDelayed(Date.now() + GUARDED_AGAIN_MS, token);
      throw new DelayedError();
    }
    const keep = setInterval(() => void guards.pexpire(guard, GUARD_MS).catch(() => {}), GUARD_MS / 3);
    try {
      await work();
    } finally {
      clearInterval(keep);
      await guards.del(guard).catch(() => {});
    }
  };

  const run = async (job: Job<Envelope>, token?: string): Promise<void> => {
    const definition = jobs.get(job.name);
    if (!definition) throw new UnrecoverableError(`no job is called ${job.name}`);
    const { success, data: payload, error: mismatch } = definition.payload.safeParse(job.data.payload);
    // A step of another version whose payload has changed since: what it was for is still in the database.
    if (!success) {
      log.warn({ job: job.name, payload: job.data.payload }, 'a waiting job does not fit this version and is dropped');
      throw new UnrecoverableError(mismatch.message);
    }
    const { reports = [] } = definition;
    const step = { job: job.name, payload, subject: definition.subject(payload), reports };
    // Released at the start: what changes while this runs must be looked at by a run of its own.
    await job.removeDeduplicationKey();
    const work = async (): Promise<void> => {
      try {
        await definition.handle({ app, enqueue, start, actor: systemActor(job.name) }, payload);
        await options.onDone(step);
      } catch (error) {
        await afterFailure(job, token, step, toFailure(error));
      }
    };
    const { exclusive, ifBusy = 'wait' } = definition;
    await (exclusive
      ? runExclusive(job, token, { key: [exclusive, ...definition.key(payload)].join(':'), ifBusy }, work)
      : work());
  };

  const workers = QUEUE_NAMES.map(
    (name) =>
      new Worker<Envelope>(
        name,
        (job, token) =>
          options.around
            ? options.around({ name: job.name, id: job.id ?? '' }, () => run(job, token))
            : run(job, token),
        {
          connection: options.redis(),
          prefix,
          concurrency: Math.max(1, Math.round(options.concurrency * QUEUES[name].share)),
          lockDuration: LOCK.lockDurationMs,
          stalledInterval: LOCK.stalledIntervalMs,
          maxStalledCount: LOCK.maxStalledCount,
          settings: {
            backoffStrategy: (attemptsMade, _type, _error, job) => {
              const { baseMs, capMs } = RETRY[jobs.get(job?.name ?? '')?.retry ?? 'own'];
              return realDelay(clock, Math.random() * Math.min(capMs, baseMs * 2 ** attemptsMade));
            },
          },
        },
      ),
  );
  for (const worker of workers) worker.on('error', (error) => log.warn({ err: error }, 'the queue is out of reach'));

  return {
    async close(graceMs) {
      const closing = Promise.all(workers.map((worker) => worker.close()));
      const late = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), graceMs).unref());
      if ((await Promise.race([closing, late])) === 'late')
        await Promise.all(workers.map((worker) => worker.close(true)));
      guards.disconnect();
    },
  };
};

import type { App } from '#app/app.ts';
import { systemActor } from '#domain/actor.ts';
import { jobCatalogue, reconcileRestored } from '#jobs';
import { type QueueOptions, type Queues, startWorkers } from '#queue';
import { withContext } from '#telemetry/context.ts';
import type { Log } from '#telemetry/log.ts';
import type { Metrics } from '#telemetry/metrics.ts';
import { startSchedules } from './schedules.ts';

export interface WorkParts {
  app: App;
  queues: Queues;
  queueOptions: QueueOptions;
  /** Jobs at once. */
  concurrency: number;
  metrics: Pick<Metrics, 'job'>;
  log: Log;
}

/** Runs jobs and schedules until closed: at most `graceMs` of real time are left to what runs. */
export const startWork = (parts: WorkParts): { close(graceMs: number): Promise<void> } => {
  const { app, queues, queueOptions, concurrency, metrics, log } = parts;
  const { enqueue } = queues;
  const workers = startWorkers({
    ...queueOptions,
    app,
    jobs: jobCatalogue,
    enqueue,
    concurrency,
    async around(job, run) {
      const started = performance.now();
      let failure: string | null = null;
      try {
        await withContext({ correlationId: job.id }, run);
      } catch (error) {
        failure = error instanceof Error ? error.name : 'unknown';
        throw error;
      } finally {
        metrics.job({ name: job.name, ms: performance.now() - started, failure });
      }
    },
    async onGiveUp(step, failure) {
      await app.giveUp(systemActor(step.job), { step, failure });
    },
    async onDone(step) {
      await app.stepDone(systemActor(step.job), { step });
    },
    async onRefusedCredentials(step, failure) {
      await app.needAttention(systemActor(step.job), { step, failure });
    },
  });
  reconcileRestored(app, enqueue).catch((error: unknown) => log.error({ err: error }, 'restore.failed'));
  const schedules = startSchedules({ app, enqueue, log });
  return {
    async close(graceMs) {
      await schedules.close();
      await workers.close(graceMs);
    },
  };
};

import type { App } from '#app/app.ts';
import { systemActor } from '#domain/actor.ts';
import { retryUnread, runDues, sweepDue } from '#jobs';
import type { Enqueue } from '#queue';
import type { Log } from '#telemetry/log.ts';

/** The database is asked what is due once a second of real time: that is what bounds how long a lost step stays lost. */
const EVERY_REAL_MS = 1_000;

/**
 * The product's own clockwork: puts on the queues what the database says is due, and looks again at the steps that this process has done.
 * Every worker runs it and remembers nothing else: a due is run by one of them, and what the sweep puts on the queues has a key.
 */
export const startSchedules = ({
  app,
  enqueue,
  log,
}: {
  app: App;
  enqueue: Enqueue;
  log: Log;
}): { close(): Promise<void> } => {
  const stop = new AbortController();

  /** False when it failed, which is told. */
  const attempt = async (schedule: string, work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (error) {
      if (!stop.signal.aborted) log.error({ err: error, schedule }, 'schedule.failed');
      return false;
    }
  };

  const second = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(done, EVERY_REAL_MS);
      function done() {
        clearTimeout(timer);
        stop.signal.removeEventListener('abort', done);
        resolve();
      }
      stop.signal.addEventListener('abort', done);
    });

  const heal = async (): Promise<void> => {
    await app.healDues(systemActor('start'));
    await retryUnread(app, enqueue);
  };

  const run = async (): Promise<void> => {
    let isHealed = false;
    while (!stop.signal.aborted) {
      if (!isHealed) isHealed = await attempt('heal', heal);
      await Promise.all([
        attempt('sweep', () => sweepDue(app, enqueue)),
        attempt('dues', () => runDues(app, enqueue)),
        attempt('done', () => app.lookAgainAtDone(systemActor('step.done'))),
      ]);
      await second();
    }
  };
  const running = run();
  return {
    async close() {
      stop.abort();
      await running;
    },
  };
};

import type { App, Start } from '#app/app.ts';
import { systemActor } from '#domain/actor.ts';
import type { Enqueue } from '#queue';
import { jobCatalogue } from '../catalogue.ts';

const startOf =
  (enqueue: Enqueue): Start =>
  async ({ job, payload }) => {
    const definition = jobCatalogue.get(job);
    if (definition) await enqueue(definition, payload);
  };

/** Puts what an earlier version of the product could not read on its queues, once, and returns how much that was. */
export const retryUnread = (app: App, enqueue: Enqueue): Promise<number> =>
  app.retryUnread(systemActor('start'), { start: startOf(enqueue) });

/** Puts the jobs of all dues that have come up on their queues, and returns how many dues that were. */
export const runDues = (app: App, enqueue: Enqueue): Promise<number> =>
  app.runDues(systemActor('dues'), { run: startOf(enqueue) });

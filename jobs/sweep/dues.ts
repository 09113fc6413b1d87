import type { App } from '#app/app.ts';
import { systemActor } from '#domain/actor.ts';
import type { Enqueue } from '#queue';
import { jobCatalogue } from '../catalogue.ts';

/** Puts the jobs of all dues that have come up on their queues, and returns how many dues that were. */
export const runDues = (app: App, enqueue: Enqueue): Promise<number> =>
  app.runDues(systemActor('dues'), {
    async run({ job, payload }) {
      const definition = jobCatalogue.get(job);
      if (definition) await enqueue(definition, payload);
    },
  });

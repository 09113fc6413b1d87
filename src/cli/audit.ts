import { z } from 'zod';
import type { Command } from './command.ts';

const Answer = z.object({
  events: z.number(),
  erased: z.number(),
  next: z.number().nullable(),
  problems: z.array(z.object({ seq: z.number(), what: z.string() })),
});

/** Throws when the chain is not whole, so that the exit code tells it. */
export const audit: Command = {
  words: 'audit verify',
  says: 'holds every event of the workspace against its chain and signatures, and names what was changed, dropped or inserted',
  options: {},
  async run({ api, args: [what], print, progress }) {
    if (what !== 'verify') return 'usage';
    let [events, erased, problems] = [0, 0, 0];
    for (let after: number | null = null; ; ) {
      const answer: z.infer<typeof Answer> = Answer.parse(await api.post('/v1/audit/verify', { after }));
      events += answer.events;
      erased += answer.erased;
      problems += answer.problems.length;
      for (const { seq, what: wrong } of answer.problems) print(`event ${seq}: ${wrong}`);
      if (answer.next === null) break;
      after = answer.next;
      progress(`${events} events …`);
    }
    if (problems > 0) throw new Error(`The chain of ${events} events is not whole: ${problems} problems.`);
    print(`${events} events, a whole chain${erased > 0 ? `; what was said in ${erased} of them was erased` : ''}.`);
    return 'done';
  },
};

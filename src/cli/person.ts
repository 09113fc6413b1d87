import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import type { Command } from './command.ts';

const Erasure = z.looseObject({ id: z.string(), state: z.string() });
const LOOK_EVERY_MS = 500;

export const person: Command = {
  words: `person erase (--email ADDRESS | --orders NUMBER,NUMBER) [--cases keep|erase] [--preview]
      person erasures`,
  says: 'takes a person out of everything that the workspace stores; amounts, goods and times stay',
  options: {
    email: { type: 'string' },
    orders: { type: 'string' },
    cases: { type: 'string' },
    preview: { type: 'boolean' },
  },
  async run({ api, args: [what], values, say }) {
    if (what === 'erasures') {
      say(await api.get('/v1/persons/erasures'));
      return 'done';
    }
    const { email, orders, cases, preview } = values;
    if (what !== 'erase' || (email === undefined) === (orders === undefined)) return 'usage';
    const who = email === undefined ? { orders: (orders ?? '').split(',').map((each) => each.trim()) } : { email };
    if (preview !== undefined) {
      say(await api.post('/v1/persons/erase/preview', who));
      return 'done';
    }
    const read = (answer: unknown) => Erasure.parse(answer);
    let erasure = read(await api.post('/v1/persons/erase', cases === undefined ? who : { ...who, cases }));
    // Cut short here, it goes on all the same.
    while (erasure.state !== 'done') {
      await setTimeout(LOOK_EVERY_MS);
      erasure = read(await api.get(`/v1/persons/erasures/${erasure.id}`));
    }
    say(erasure);
    return 'done';
  },
};

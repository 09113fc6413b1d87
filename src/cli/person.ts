import type { Command } from './command.ts';

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
    say(
      preview === undefined
        ? await api.post('/v1/persons/erase', cases === undefined ? who : { ...who, cases })
        : await api.post('/v1/persons/erase/preview', who),
    );
    return 'done';
  },
};

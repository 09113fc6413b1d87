import type { Command } from './command.ts';

export const restore: Command = {
  words: 'restore status | resume [--force]',
  says: 'after a restore: what was looked up and differs, and, once all was, going live again',
  options: { force: { type: 'boolean' } },
  async run({ api, args: [what], values, say }) {
    if (what === 'status') say(await api.get('/v1/restore'));
    else if (what === 'resume') say(await api.post('/v1/restore/resume', { force: values['force'] === 'true' }));
    else return 'usage';
    return 'done';
  },
};

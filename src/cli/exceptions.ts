import type { Command } from './command.ts';

export const exceptions: Command = {
  words: 'exceptions [retry ID | resolve ID --note TEXT]',
  says: 'lists what waits for a person, tries one again, or closes one with a note',
  options: { note: { type: 'string' } },
  async run({ api, args: [what, id], values, say }) {
    if (what === undefined) for await (const found of api.all('/v1/exceptions?state=open')) say(found);
    else if (what === 'retry' && id !== undefined)
      say(await api.post(`/v1/exceptions/${encodeURIComponent(id)}/retry`, {}));
    else if (what === 'resolve' && id !== undefined && values['note'] !== undefined)
      say(await api.post(`/v1/exceptions/${encodeURIComponent(id)}/resolve`, { note: values['note'] }));
    else return 'usage';
    return 'done';
  },
};

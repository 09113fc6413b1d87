import type { Command } from './command.ts';

export const leg: Command = {
  words: `leg show|cancel|answer|pay|paid LEG
      show LEG
      cancel LEG     (asks its supplier to cancel what has not left)
      answer LEG --cancelled|--kept --note TEXT     (what came of asking the supplier by hand)
      pay LEG     (has it paid from the balance at its supplier)
      paid LEG --note TEXT     (it was paid by hand: its supplier is asked again)`,
  says: 'shows a leg, has its supplier asked to cancel or paid, or says what came of it',
  options: { cancelled: { type: 'boolean' }, kept: { type: 'boolean' }, note: { type: 'string' } },
  async run({ api, args: [what, named], values: { cancelled, kept, note }, say }) {
    if (named === undefined) return 'usage';
    const id = encodeURIComponent(named);
    if (what === 'show') say(await api.get(`/v1/legs/${id}`));
    else if (what === 'cancel') say(await api.post(`/v1/legs/${id}/cancel`, {}));
    else if (what === 'pay') say(await api.post(`/v1/legs/${id}/pay`, {}));
    else if (what === 'paid' && note !== undefined) say(await api.post(`/v1/legs/${id}/paid`, { note }));
    else if (what === 'answer' && note !== undefined && (cancelled === undefined) !== (kept === undefined))
      say(await api.post(`/v1/legs/${id}/cancel-answer`, { cancelled: cancelled !== undefined, note }));
    else return 'usage';
    return 'done';
  },
};

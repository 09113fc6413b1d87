import type { Command } from './command.ts';

export const stock: Command = {
  words: 'stock prove [--sku SKU --location CODE] [--note WHY]',
  says: 'compares shelves with their movements; with a note enters the difference in the ledger',
  options: { sku: { type: 'string' }, location: { type: 'string' }, note: { type: 'string' } },
  async run({ api, args: [what], values: { sku, location, note }, say }) {
    if (what !== 'prove' || (sku === undefined) !== (location === undefined)) return 'usage';
    const shelves = sku === undefined ? [] : [{ sku, location }];
    say(await api.post('/v1/stock/prove', { shelves, ...(note === undefined ? {} : { note }) }));
    return 'done';
  },
};

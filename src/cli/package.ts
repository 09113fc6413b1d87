import type { Command } from './command.ts';

export const packages: Command = {
  words: `package void|settled|parcel-settled PACKAGE
      void PACKAGE
      settled PACKAGE --note TEXT     (its label was settled with the carrier by hand: it is voided without asking)
      parcel-settled PACKAGE --note TEXT     (what became of a parcel that failed was settled by hand)`,
  says: 'voids a package that the storefront was not told of',
  options: { note: { type: 'string' } },
  async run({ api, args: [what, named], values: { note }, say }) {
    if (named === undefined) return 'usage';
    const id = encodeURIComponent(named);
    if (what === 'void') say(await api.post(`/v1/shipments/${id}/void`, {}));
    else if (what === 'settled' && note !== undefined)
      say(await api.post(`/v1/shipments/${id}/label-settled`, { note }));
    else if (what === 'parcel-settled' && note !== undefined)
      say(await api.post(`/v1/shipments/${id}/parcel-settled`, { note }));
    else return 'usage';
    return 'done';
  },
};

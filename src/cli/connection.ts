import { z } from 'zod';
import type { Command } from './command.ts';
import { readObject } from './read-file.ts';

const pathOf = (id: string): string => `/v1/connections/${encodeURIComponent(id)}`;

/** A command that does one thing with one connection. */
const door = (verb: string, says: string): Command => ({
  words: `${verb} CONNECTION`,
  says,
  options: {},
  async run({ api, args: [id], say }) {
    if (id === undefined) return 'usage';
    say(await api.post(`${pathOf(id)}/${verb}`, {}));
    return 'done';
  },
});

export const check = door('check', 'says whose account it is and which rights the credentials lack');
export const sync = door('sync', 'reads listings and orders, or a supplier’s stock, now');
export const balance = door('balance', 'reads what is left at a supplier to pay with');
export const live = door('live', 'from now on purchase orders, labels and refunds may be sent: they cost money');
export const pause = door('pause', 'stops the work of a connection; nothing is lost');
export const resume = door('resume', 'goes on with it');

export const rename: Command = {
  words: 'rename CONNECTION --name NAME',
  says: 'gives a connection another name',
  options: { name: { type: 'string' } },
  async run({ api, args: [id], values: { name }, say }) {
    if (id === undefined || name === undefined) return 'usage';
    say(await api.patch(pathOf(id), { name }));
    return 'done';
  },
};

export const credentials: Command = {
  words: 'credentials CONNECTION --file CREDENTIALS.json',
  says: 'enters new credentials of the same account; what waited for them goes on',
  options: { file: { type: 'string' } },
  async run({ api, args: [id], values: { file }, say }) {
    if (id === undefined || file === undefined) return 'usage';
    say(await api.put(`${pathOf(id)}/credentials`, { credentials: readObject(file) }));
    return 'done';
  },
};

export const settings: Command = {
  words: 'settings CONNECTION --file SETTINGS.json',
  says: 'replaces the settings of a connection; the vendor is asked under them first',
  options: { file: { type: 'string' } },
  async run({ api, args: [id], values: { file }, say }) {
    if (id === undefined || file === undefined) return 'usage';
    say(await api.put(`${pathOf(id)}/settings`, { settings: readObject(file) }));
    return 'done';
  },
};

export const remove: Command = {
  words: 'remove CONNECTION',
  says: 'removes a connection; its orders, listings and postings stay',
  options: {},
  async run({ api, args: [id], say }) {
    if (id === undefined) return 'usage';
    say(await api.delete(pathOf(id)));
    return 'done';
  },
};

export const connections: Command = {
  words: 'connections',
  says: 'lists the connections',
  options: {},
  async run({ api, say }) {
    for await (const connection of api.all('/v1/connections')) say(connection);
    return 'done';
  },
};

export const locations: Command = {
  words: 'connection locations CONNECTION',
  says: 'lists the places of a storefront’s account, one of which its settings name',
  options: {},
  async run({ api, args: [what, id], say }) {
    if (what !== 'locations' || id === undefined) return 'usage';
    say(await api.get(`${pathOf(id)}/locations`));
    return 'done';
  },
};

export const rules: Command = {
  words: 'rules CONNECTION [--file RULES.json]',
  says: 'shows how a storefront’s orders are taken in (payment, units kept, risk), or sets it',
  options: { file: { type: 'string' } },
  async run({ api, args: [id], values, say }) {
    if (id === undefined) return 'usage';
    const path = pathOf(id);
    const { orderRules } = WithRules.parse(
      values['file'] === undefined
        ? await api.get(path)
        : await api.put(`${path}/order-rules`, readObject(values['file'])),
    );
    say(orderRules);
    return 'done';
  },
};

const WithRules = z.object({ orderRules: z.record(z.string(), z.unknown()).nullable() });

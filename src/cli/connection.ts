import { z } from 'zod';
import type { Command } from './command.ts';
import { readObject } from './read-file.ts';

/** A command that does one thing with one connection. */
const door = (verb: string, says: string): Command => ({
  words: `${verb} CONNECTION`,
  says,
  options: {},
  async run({ api, args: [id], say }) {
    if (id === undefined) return 'usage';
    say(await api.post(`/v1/connections/${encodeURIComponent(id)}/${verb}`, {}));
    return 'done';
  },
});

export const check = door('check', 'proves that the credentials work and says whose account it is');
export const sync = door('sync', 'reads listings and orders, or a supplier’s stock, now');
export const live = door('live', 'from now on purchase orders, labels and refunds may be sent: they cost money');
export const pause = door('pause', 'stops the work of a connection; nothing is lost');
export const resume = door('resume', 'goes on with it');

export const connections: Command = {
  words: 'connections',
  says: 'lists the connections',
  options: {},
  async run({ api, say }) {
    for await (const connection of api.all('/v1/connections')) say(connection);
    return 'done';
  },
};

export const rules: Command = {
  words: 'rules CONNECTION [--file RULES.json]',
  says: 'shows how a storefront’s orders are taken in (payment, units kept, risk), or sets it',
  options: { file: { type: 'string' } },
  async run({ api, args: [id], values, say }) {
    if (id === undefined) return 'usage';
    const path = `/v1/connections/${encodeURIComponent(id)}`;
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

import type { Command } from './command.ts';
import { readObject } from './read-file.ts';

export const connect: Command = {
  words: 'connect CONNECTOR --name NAME --credentials FILE.json [--settings FILE.json] [--fulfil-from DATE]',
  says: 'adds a connection; the file holds the fields that GET /v1/connectors names',
  options: {
    name: { type: 'string' },
    credentials: { type: 'string' },
    settings: { type: 'string' },
    'fulfil-from': { type: 'string' },
  },
  async run({ api, args: [connectorId], values, say }) {
    const { name, credentials, settings } = values;
    if (connectorId === undefined || name === undefined || credentials === undefined) return 'usage';
    const from = values['fulfil-from'];
    const made = await api.post('/v1/connections', {
      connectorId,
      name,
      credentials: readObject(credentials),
      settings: settings === undefined ? {} : readObject(settings),
      ...(from === undefined ? {} : { fulfilFrom: new Date(from).toISOString() }),
    });
    say(made);
    return 'done';
  },
};

import { readFileSync } from 'node:fs';
import type { Command } from './command.ts';

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
    const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
    const from = values['fulfil-from'];
    const made = await api.post('/v1/connections', {
      connectorId,
      name,
      credentials: read(credentials),
      settings: settings === undefined ? {} : read(settings),
      ...(from === undefined ? {} : { fulfilFrom: new Date(from).toISOString() }),
    });
    say(made);
    return 'done';
  },
};

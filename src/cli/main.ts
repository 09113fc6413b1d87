import { parseArgs } from 'node:util';
import { apiClient, isProblem } from '#simulator/api-client.ts';
import { audit } from './audit.ts';
import { caseCommand } from './case.ts';
import type { Command } from './command.ts';
import { connect } from './connect.ts';
import {
  balance,
  check,
  connections,
  credentials,
  live,
  locations,
  pause,
  remove,
  rename,
  resume,
  rules,
  settings,
  sync,
} from './connection.ts';
import { exceptions } from './exceptions.ts';
import { leg } from './leg.ts';
import { location } from './location.ts';
import { isMaintenance, MAINTENANCE, maintain } from './maintenance.ts';
import { order } from './order.ts';
import { packages } from './package.ts';
import { person } from './person.ts';
import { rate } from './rate.ts';
import { refusalInWords } from './refusal.ts';
import { restore } from './restore.ts';
import { stock } from './stock.ts';
import { trade } from './trade.ts';
import { variant } from './variant.ts';

const COMMANDS: Readonly<Record<string, Command>> = {
  connect,
  connections,
  connection: locations,
  check,
  sync,
  balance,
  live,
  pause,
  resume,
  rules,
  rename,
  credentials,
  settings,
  remove,
  exceptions,
  leg,
  location,
  order,
  package: packages,
  rate,
  restore,
  stock,
  variant,
  trade,
  case: caseCommand,
  audit,
  person,
};

const USAGE = [
  'npm run cli -- COMMAND --key xd_… [--url http://127.0.0.1:4000]',
  '',
  ...Object.values(COMMANDS).map(({ words, says }) => `  ${words}\n      ${says}`),
  '',
  'On the machine of the server, without a key:',
  '',
  ...MAINTENANCE.map(({ words, says }) => `  ${words}\n      ${says}`),
].join('\n');

/** How a command is typed: the row of what was asked for, or all rows where there is none of this name. */
const usageOf = (words: string, what = ''): string => {
  const [head = '', ...rows] = words.split('\n');
  const isRow = (row: string): boolean => /^ {6}\S/.test(row);
  const from = rows.findIndex((row) => isRow(row) && row.trim().split(' ')[0] === what);
  if (from === -1) return words;
  const next = rows.findIndex((row, at) => at > from && isRow(row));
  return [head, ...rows.slice(from, next === -1 ? undefined : next)].join('\n');
};

const main = async (): Promise<number> => {
  const [name = '', ...rest] = process.argv.slice(2);
  if (isMaintenance(name, rest)) return maintain(name, rest);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    process.stdout.write(`${USAGE}\n`);
    return name === '' || name === '--help' ? 0 : 2;
  }
  const { values, positionals } = parseArgs({
    args: rest,
    allowPositionals: true,
    options: {
      help: { type: 'boolean' },
      key: { type: 'string' },
      url: { type: 'string', default: 'http://127.0.0.1:4000' },
      ...command.options,
    },
  });
  const usage = `npm run cli -- --key xd_… ${usageOf(command.words, positionals[0])}\n`;
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const given = Object.fromEntries(
    Object.entries(values).map(([option, value]) => [
      option,
      typeof value === 'string' ? value : value === true ? 'true' : undefined,
    ]),
  );
  const { key, url = '' } = given;
  if (key === undefined) {
    process.stderr.write('Give an API key: --key xd_… (npm start prints one).\n');
    return 2;
  }
  const api = apiClient({ url: () => url, key: () => key, signal: new AbortController().signal, patienceMs: 0 });
  const done = await command.run({
    api,
    args: positionals,
    values: given,
    say: (value) => void process.stdout.write(`${JSON.stringify(value, null, 2)}\n`),
    print: (line) => void process.stdout.write(`${line}\n`),
    progress: (line) => void process.stderr.write(`${line}\n`),
  });
  if (done === 'done') return 0;
  process.stderr.write(usage);
  return 2;
};

const blockInWords = (error: unknown): string =>
  isProblem(error) && error.status === 0
    ? 'Crossdock does not answer: start it with npm start, or give its address with --url.'
    : (refusalInWords(error) ?? (error instanceof Error ? error.message : String(error)));

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${blockInWords(error)}\n`);
    process.exit(1);
  },
);

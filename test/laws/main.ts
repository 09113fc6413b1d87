import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { endRecorded, startServers } from '#setup/servers.mjs';
import { runSteps } from '#setup/test-steps.mjs';
import { LAWS } from './index.ts';
import type { Law } from './law.ts';
import { SEEDS } from './limits.ts';
import { faultsOf, type Outcome, runLaw, tellBroken } from './run-law.ts';

const USAGE = `npm run laws -- [--only NAME[,NAME]] [--seeds N] [--minutes M] [--from SEED] [--json FILE]

Runs each law with N seeds (default ${SEEDS}), or until M minutes have passed over all laws, whichever comes first.
  --only NAME    the law of this name, or all whose names begin with it
  --from SEED    the first seed (default 1)
  --json FILE    the outcomes as JSON
It ends with exit code 1 when a law is broken, ran fewer than N seeds, or never reached what it is about.`;

const PROGRESS_EVERY_MS = 10_000;
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const secondsOf = (ms: number): string => `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;

const numberOf = (name: string, text: string | undefined, fallback: number, least: number): number => {
  const value = text === undefined ? fallback : Number(text);
  if (!(value >= least) || (name !== 'minutes' && !Number.isInteger(value)))
    throw new Error(`--${name} takes a number from ${least} on, not ${text}.`);
  return value;
};

const lawsOf = (only: string | undefined): Law[] => {
  const names = only?.split(',').map((name) => name.trim()) ?? [];
  const chosen = (name: string) => (law: Law) => law.name === name;
  const found = names.map((name) => {
    const exact = LAWS.filter(chosen(name));
    return { name, laws: exact.length > 0 ? exact : LAWS.filter((law) => law.name.startsWith(name)) };
  });
  const unknown = found.filter(({ laws }) => laws.length === 0).map(({ name }) => name);
  if (unknown.length > 0)
    throw new Error(
      `There is no law ${unknown.join(', ')}. The laws:\n${LAWS.map(({ name, title }) => `  ${name}: ${title}`).join('\n')}`,
    );
  return only === undefined ? [...LAWS] : [...new Set(found.flatMap(({ laws }) => laws))];
};

const readArgs = () => {
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({ options: { only: text, seeds: text, minutes: text, from: text, json: text } });
    return {
      laws: lawsOf(values.only),
      seeds: numberOf('seeds', values.seeds, SEEDS, 1),
      from: numberOf('from', values.from, 1, 0),
      limitMs: numberOf('minutes', values.minutes, Number.POSITIVE_INFINITY, 0) * 60_000,
      json: values.json,
    };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}\n`);
    process.exit(2);
  }
};

const { laws, seeds, from, limitMs, json } = readArgs();

/** Tells of a long run how far it is. */
const progressOf = (name: string) => {
  let next = PROGRESS_EVERY_MS;
  return (ran: number, ms: number): void => {
    if (ms < next) return;
    next = ms + PROGRESS_EVERY_MS;
    say(`  ${name}: ${ran} of ${seeds} seeds, ${secondsOf(ms)}`);
  };
};

await runSteps(async (run) => {
  if (laws.some(({ needs }) => needs === 'servers')) {
    const dataDir = path.join(run.folder, 'data');
    // Before the start, so that a signal in the middle of it leaves no server behind.
    run.onStop(() => endRecorded(dataDir));
    const { REDIS_URL: redisUrl, MONGODB_URI: mongodbUri } = process.env;
    const servers = await startServers({ dataDir, redisUrl, mongodbUri, log: say });
    run.onStop(servers.stop);
    process.env['REDIS_URL'] = servers.redisUrl;
    process.env['MONGODB_URI'] = servers.mongodbUri;
  }
  const started = performance.now();
  const outcomes: Outcome[] = [];
  const faults: string[] = [];
  for (const [index, law] of laws.entries()) {
    // What one law leaves of the time, the others share.
    const left = (limitMs - (performance.now() - started)) / (laws.length - index);
    let found: string[];
    try {
      const outcome = await runLaw(law, { seeds, from, limitMs: left, onSeed: progressOf(law.name) });
      outcomes.push(outcome);
      found = faultsOf(outcome);
      say(
        `${found.length === 0 ? 'holds ' : 'FAILED'} ${law.name}: ${outcome.seeds} seeds, ${secondsOf(outcome.ms)}${outcome.covered && `, ${outcome.covered}`}`,
      );
      if (outcome.broken) say(tellBroken(law.name, outcome.broken));
    } catch (error) {
      found = [`${law.name}: could not be tried: ${error instanceof Error ? (error.stack ?? error.message) : error}`];
      say(`FAILED ${law.name}`);
    }
    faults.push(...found);
    if (found.length === 0) run.counts.passed += 1;
    else run.counts.failed += 1;
  }
  if (json !== undefined)
    writeFileSync(
      json,
      `${JSON.stringify({ seeds, from, ok: faults.length === 0, faults, laws: outcomes }, null, 2)}\n`,
    );
  const total = outcomes.reduce((sum, outcome) => sum + outcome.seeds, 0);
  say(`${laws.length} laws, ${total} seeds, ${secondsOf(performance.now() - started)}.`);
  for (const fault of faults) process.stderr.write(`FAILED: ${fault}\n`);
});
process.exit();

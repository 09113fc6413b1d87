import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, constants, cpus, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { watchParent } from '#setup/parent-watch.mjs';
import { endRecorded, startServers } from '#setup/servers.mjs';
import { AIMS, type Bench, type Row } from './bench.ts';
import { ordersPerSecond } from './rows/a.ts';
import { idleLatency } from './rows/a2.ts';
import { webhookIntake } from './rows/b.ts';
import { workerKilled } from './rows/g.ts';
import { tradeRules } from './rows/t.ts';

const ROWS: Readonly<Record<string, (bench: Bench) => Promise<Row | Row[]>>> = {
  a: ordersPerSecond,
  a2: idleLatency,
  b: webhookIntake,
  g: workerKilled,
  t: tradeRules,
};
/** Rows that ask pure functions. */
const WITHOUT_SERVERS: readonly string[] = ['t'];
const USAGE = `Usage: npm run bench [-- --only ${Object.keys(ROWS).join(',')} --quick --json FILE --cpu-prof FOLDER]`;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const readArgs = () => {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string' },
        quick: { type: 'boolean', default: false },
        json: { type: 'string' },
        'cpu-prof': { type: 'string' },
      },
    });
    const ids = values.only?.split(',').map((id) => id.trim()) ?? Object.keys(ROWS);
    const unknown = ids.filter((id) => !Object.hasOwn(ROWS, id));
    if (unknown.length > 0) throw new Error(`There is no row ${unknown.join(', ')}.`);
    return { ...values, ids };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
    process.exit(2);
  }
};

const undoAll = async (undos: (() => Promise<unknown>)[]): Promise<void> => {
  for (const undo of undos.splice(0).reverse())
    await undo().catch((error: unknown) => process.stderr.write(`While stopping: ${String(error)}\n`));
};

const figure = (value: number | null | undefined): string =>
  value === null || value === undefined || Number.isNaN(value)
    ? '–'
    : value.toPrecision(Math.abs(value) >= 1_000 ? 4 : 3).replace(/^(.*)e\+(.*)$/, (text) => String(Number(text)));

const verdictOf = (row: Row): string => {
  const aim = AIMS[row.id];
  const got = row.value ?? row.ratio ?? Number.NaN;
  if (!row.delivered) return 'not delivered';
  if (!aim) return '';
  const met = aim.better === 'more' ? got >= aim.at : got <= aim.at;
  const wanted = `${aim.better === 'more' ? '≥' : '≤'} ${aim.at}`;
  return met ? `${wanted}: met` : `${wanted}: missed by ${(100 * Math.abs(got / aim.at - 1)).toFixed(0)} %`;
};

const ratioOrValue = ({ value, ratio, unit }: Row): string =>
  [value === undefined ? '' : `${figure(value)} ${unit}`, ratio === undefined ? '' : `${figure(ratio)}×`]
    .filter(Boolean)
    .join(', ');

const tableOf = (rows: readonly Row[]): string =>
  [
    '| row | what | ratio or value | 95 % interval | ours | beside it | pairs | delivered | aim |',
    '|---|---|---|---|---|---|---|---|---|',
    ...rows.map(
      (row) =>
        `| ${row.id} | ${row.title} | ${ratioOrValue(row)} | ` +
        `${figure(row.low)}–${figure(row.high)} | ${figure(row.ours)} ${row.unit} | ` +
        `${row.baseline === null ? '–' : `${figure(row.baseline)} ${row.unit}`} | ${row.pairs} | ` +
        `${row.delivered ? 'yes' : 'NO'} | ${verdictOf(row)} |`,
    ),
  ].join('\n');

/** Runs the rows one after the other, each with what it starts stopped again before the next. */
const main = async (): Promise<number> => {
  watchParent();
  const { ids, quick, json, 'cpu-prof': profiles } = readArgs();
  const began = performance.now();
  const folder = mkdtempSync(path.join(tmpdir(), 'crossdock-bench-'));
  const abort = new AbortController();
  const undos: (() => Promise<unknown>)[] = [];
  const rowUndos: (() => Promise<unknown>)[] = [];
  const stopAll = async () => {
    abort.abort(new Error('stopped'));
    await undoAll(rowUndos);
    await undoAll(undos);
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(name, () => {
      say(`\n${name}: stopping what was started.`);
      void stopAll().finally(() => process.exit(128 + constants.signals[name]));
    });
  const rows: Row[] = [];
  const failed: string[] = [];
  try {
    const dataDir = path.join(folder, 'servers');
    undos.push(() => endRecorded(dataDir));
    const servers = ids.every((id) => WITHOUT_SERVERS.includes(id)) ? null : await startServers({ dataDir, log: say });
    if (servers) undos.push(servers.stop);
    if (profiles !== undefined) mkdirSync(profiles, { recursive: true });
    const machine = {
      cores: availableParallelism(),
      cpu: cpus()[0]?.model ?? 'unknown',
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      servers: servers?.started ?? ['no servers'],
      /** Of the last minute, before the first row: what others do on this machine goes into every figure. */
      loadBefore: loadavg()[0] ?? 0,
    };
    say(
      `${machine.cores} cores (${machine.cpu}), Node ${machine.node}, ${machine.platform}, ${machine.servers.join(' and ')}, ` +
        `load ${machine.loadBefore.toFixed(1)} before the first row${quick ? '; quick: few pairs, wide intervals' : ''}`,
    );
    for (const id of ids) {
      const run = ROWS[id];
      if (!run) continue;
      const started = performance.now();
      say(`\nRow ${id}`);
      try {
        const ran = await run({
          quick,
          folder: mkdtempSync(path.join(folder, `${id}-`)),
          redisUrl: servers?.redisUrl ?? '',
          mongodbUri: servers?.mongodbUri ?? '',
          profiles: profiles === undefined ? null : path.resolve(profiles),
          signal: abort.signal,
          say,
          onStop: (undo) => void rowUndos.push(undo),
        });
        for (const row of [ran].flat()) {
          rows.push(row);
          for (const note of row.notes) say(`  ${note}`);
          for (const what of row.missing) failed.push(`row ${row.id}: ${what}`);
        }
      } catch (error) {
        if (abort.signal.aborted) throw error;
        failed.push(`row ${id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      } finally {
        await undoAll(rowUndos);
      }
      say(`  ${((performance.now() - started) / 1_000).toFixed(0)} s`);
    }
    say(`\n${tableOf(rows)}\n`);
    say(
      'Ratios and values of this one run on this machine, side by side on the same servers; they are no absolute speeds.',
    );
    say(`Whole bench: ${((performance.now() - began) / 1_000).toFixed(0)} s.`);
    if (json !== undefined) writeFileSync(json, `${JSON.stringify({ machine, quick, rows, failed }, null, 2)}\n`);
    for (const what of failed) process.stderr.write(`FAILED ${what}\n`);
    return failed.length === 0 ? 0 : 1;
  } finally {
    if (!abort.signal.aborted) await stopAll();
  }
};

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    // After a signal, its own handler ends the process when everything has been stopped.
    if (error instanceof Error && error.message === 'stopped') return;
    process.stderr.write(
      `${error instanceof Error ? (error.name === 'SetupError' ? error.message : error.stack) : error}\n`,
    );
    process.exit(1);
  },
);

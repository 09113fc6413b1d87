import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { watchParent } from '#setup/parent-watch.mjs';
import { summaryOf } from './history/figures.ts';
import { runHistory } from './run-history.ts';

const USAGE = `npm run simulator -- --history FILE [--from YYYY-MM-DD] [--to YYYY-MM-DD] [--fresh] [--report out.json] [--folder DIR]

Plays a history of real orders (.csv or .csv.gz, columns InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice,
CustomerID, Country) through Crossdock and checks that it balances. Run it again after any interruption: it goes on where it was.
  --from, --to   days, the first included, the second not
  --fresh        forget what was played before in this folder
  --report       where the report goes; default: report.json in the folder
  --folder       where the world, the product and its servers keep their data; default: data-simulator`;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const main = async (): Promise<number> => {
  watchParent();
  const { values } = parseArgs({
    options: {
      history: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      fresh: { type: 'boolean', default: false },
      report: { type: 'string' },
      folder: { type: 'string', default: 'data-simulator' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || values.history === undefined) {
    say(USAGE);
    return values.help ? 0 : 2;
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => stop.abort(new Error(`Stopped by ${signal}; run it again to go on.`)));
  const folder = path.resolve(values.folder);
  const { report, problems } = await runHistory({
    history: values.history,
    span: {
      ...(values.from === undefined ? {} : { from: values.from }),
      ...(values.to === undefined ? {} : { to: values.to }),
    },
    folder,
    fresh: values.fresh,
    say,
    signal: stop.signal,
  });
  const out = path.resolve(values.report ?? path.join(folder, 'report.json'));
  mkdirSync(path.dirname(out), { recursive: true });
  writeFileSync(out, `${JSON.stringify(report, null, 2)}\n`);
  say(`Report: ${path.relative(process.cwd(), out)}`);
  for (const line of summaryOf(report)) say(line);
  for (const problem of problems) say(`Does not balance: ${problem}`);
  say(
    problems.length === 0
      ? `It balances: ${report.file.rows} rows in ${report.run.seconds} s.`
      : `${problems.length} differences.`,
  );
  return problems.length === 0 ? 0 : 1;
};

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(
      `${error instanceof Error ? (error.name === 'Failure' || error.name === 'SetupError' ? error.message : (error.stack ?? error.message)) : String(error)}\n`,
    );
    process.exit(1);
  },
);

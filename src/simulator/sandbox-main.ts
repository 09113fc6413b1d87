import { parseArgs } from 'node:util';
import { type Harness, openSandboxDb } from '#kit/sandbox';
import { makeWorldClock } from '#runtime/virtual-clock.ts';
import { watchParent } from '#setup/parent-watch.mjs';
import { cjSandbox } from '../../connectors/cj/sandbox.ts';
import { easypostSandbox } from '../../connectors/easypost/sandbox.ts';
import { feedSandbox } from '../../connectors/feed/sandbox.ts';
import { shopifySandbox } from '../../connectors/shopify/sandbox.ts';
import { woocommerceSandbox } from '../../connectors/woocommerce/sandbox.ts';
import { CONTROL, serveControl } from './sandbox-control.ts';

const SANDBOXES: Readonly<Record<string, Harness>> = {
  shopify: shopifySandbox,
  woocommerce: woocommerceSandbox,
  easypost: easypostSandbox,
  cj: cjSandbox,
  feed: feedSandbox,
};

const USAGE = `npm run sandbox -- ${Object.keys(SANDBOXES).join('|')} [--port N] [--tls-port N] [--control-port N] [--seed S]

Runs one vendor's sandbox until SIGTERM or Ctrl-C. It remembers nothing when it ends. Ports that are not given are free ones; all are
open to this machine alone. Prints one line of JSON (addresses, credentials, settings) and then, for people, how to control it.
  --tls-port N   listens with TLS too, with a certificate of an authority of its own (NODE_EXTRA_CA_CERTS); 0 is a free port
  --seed S       its time starts at 2026-01-01T00:00:00Z and stands still until POST /clock of the control API moves it, and
                 random faults follow from S; without it, time is the machine's and goes on`;

const SEEDED_START_MS = Date.UTC(2026, 0, 1);

/** A whole number of the command line; undefined where nothing was said. Throws what to say to the caller. */
const wholeNumber = (name: string, text: string | undefined, most: number): number | undefined => {
  if (text === undefined) return undefined;
  if (!/^\d{1,10}$/.test(text) || Number(text) > most)
    throw new RangeError(`--${name} has to be a whole number from 0 to ${most}, and is “${text}”`);
  return Number(text);
};

const run = async (argv: string[]): Promise<number> => {
  watchParent();
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      port: { type: 'string' },
      'tls-port': { type: 'string' },
      'control-port': { type: 'string' },
      seed: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const [name = '', ...more] = positionals;
  const harness = Object.hasOwn(SANDBOXES, name) ? SANDBOXES[name] : undefined;
  if (values.help || !harness || more.length > 0) {
    process.stderr.write(`${USAGE}\n`);
    return values.help ? 0 : 2;
  }
  const port = wholeNumber('port', values.port, 65_535);
  const tlsPort = wholeNumber('tls-port', values['tls-port'], 65_535);
  const controlPort = wholeNumber('control-port', values['control-port'], 65_535);
  const seed = wholeNumber('seed', values.seed, 2 ** 32 - 1);

  const stopped = Promise.withResolvers<void>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopped.resolve());
  const clock = await makeWorldClock(
    seed === undefined ? { startMs: Date.now(), rate: 1 } : { startMs: SEEDED_START_MS, rate: 0 },
  );
  const db = openSandboxDb();
  const sandbox = await harness.start({
    clock: clock.clock,
    db,
    ...(port === undefined ? {} : { port }),
    ...(tlsPort === undefined ? {} : { tlsPort }),
  });
  const { url, tls, credentials, settings } = sandbox;
  const about = { sandbox: name, url, tls, credentials, settings, clockUrl: clock.url };
  const control = await serveControl({
    sandbox,
    db,
    clock,
    seed: seed ?? 1,
    about,
    ...(controlPort === undefined ? {} : { port: controlPort }),
  });
  process.stdout.write(`${JSON.stringify({ ...about, controlUrl: control.url })}\n`);
  const lines = [
    `The ${name} sandbox runs at ${url}${tls ? ` and ${tls.url} (NODE_EXTRA_CA_CERTS=${tls.caFile})` : ''}.`,
    `Control API at ${control.url}, with JSON bodies:`,
    ...Object.entries(CONTROL).map(([call, what]) => `  ${call}  ${what}`),
    'Ends on Ctrl-C or SIGTERM.',
  ];
  process.stderr.write(`${lines.join('\n')}\n`);

  await stopped.promise;
  await Promise.all([control.close(), sandbox.close()]);
  await clock.close();
  db.close();
  return 0;
};

run(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    // What the caller gave wrongly is said in a line; a fault of ours with where it was.
    const isTheirs =
      error instanceof RangeError ||
      (error instanceof Error && 'code' in error && /^ERR_PARSE_ARGS|^EADDRINUSE|^EACCES/.test(String(error.code)));
    process.stderr.write(`${error instanceof Error ? (isTheirs ? error.message : error.stack) : String(error)}\n`);
    process.exit(isTheirs ? 2 : 1);
  },
);

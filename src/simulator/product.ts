import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { endProcess, identityOf } from '#setup/process-identity.mjs';
import { inheritedEnvironment } from '../../config/env.ts';
import { keptPort } from './kept-port.ts';
import type { World } from './world.ts';

const MAIN = path.resolve(import.meta.dirname, '..', 'main.ts');
/** Starts in a row that end before the product answered, until it is given up. */
const MOST_FAILURES = 5;

export interface Product {
  url: string;
  /** The key of the present life of the product. */
  key(): string;
  pid(): number;
  /** Resolves when the product answers and has told its key. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The product as its user starts it: a process of its own on its own folder, at the same port each time since the storefronts send
 * their webhooks there. When it dies it is started again; what a former run of the simulator left is ended first, by its pid.
 */
export const startProduct = async (options: {
  folder: string;
  world: World;
  log: string;
  onRestart(): void;
}): Promise<Product> => {
  const { world, folder } = options;
  const left = world.facts.get('product.process');
  if (left !== null) await endProcess(JSON.parse(left), 20_000);
  const port = String(await keptPort(world.facts, 'product.port', 'the product'));

  const log = createWriteStream(options.log, { flags: 'a' });
  let child: ChildProcess | null = null;
  let key = '';
  let closing = false;
  let failures = 0;
  let ready = Promise.withResolvers<void>();

  const start = (): void => {
    const started = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, '--empty'], {
      cwd: path.resolve(import.meta.dirname, '..', '..'),
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...inheritedEnvironment(),
        DATA_DIR: folder,
        PORT: port,
        HOST: '127.0.0.1',
        CLOCK_URL: world.clock.url,
        EGRESS_ALLOW: world.hosts.join(','),
        RATES_URL: world.ecb.url,
        DEMO: 'off',
        KEY_AT_START: 'on',
        LOG_LEVEL: 'warn',
        PUBLIC_URL: '',
        CROSSDOCK_PARENT_PID: String(process.pid),
      },
    });
    child = started;
    if (started.pid !== undefined) world.facts.put('product.process', JSON.stringify(identityOf(started.pid)));
    started.stderr.pipe(log, { end: false });
    createInterface({ input: started.stdout }).on('line', (line) => {
      const told = /^API key: (\S+)$/.exec(line)?.[1];
      if (told !== undefined) {
        key = told;
        failures = 0;
        ready.resolve();
      } else log.write(`${line}\n`);
    });
    started.once('exit', (code, signal) => {
      child = null;
      if (closing) return;
      failures += 1;
      log.write(`The product ended (${signal ?? code}); it is started again.\n`);
      if (failures >= MOST_FAILURES) {
        ready.reject(new Error(`the product does not start: read ${options.log}`));
        return;
      }
      options.onRestart();
      start();
    });
  };
  start();
  await ready.promise;

  return {
    url: `http://127.0.0.1:${port}`,
    key: () => key,
    pid: () => child?.pid ?? 0,
    ready: () => ready.promise,
    async close() {
      closing = true;
      const running = child;
      if (running?.pid === undefined) return;
      const ended = new Promise((resolve) => running.once('exit', resolve));
      running.kill('SIGTERM');
      const timer = setTimeout(() => running.kill('SIGKILL'), 40_000);
      await ended;
      clearTimeout(timer);
      log.end();
      ready = Promise.withResolvers<void>();
    },
  };
};

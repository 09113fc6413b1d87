import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { PARENT_VARIABLE } from '#setup/parent-watch.mjs';
import { inheritedEnvironment } from '../../config/env.ts';
import type { Bench } from './bench.ts';

const ROOT = path.resolve(import.meta.dirname, '..', '..');
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 30_000;

export interface Child {
  pid: number;
  /** The next line of its output, or one that has not been taken, that fits; fails when the process ends first. */
  line(wanted: RegExp, limitMs?: number): Promise<RegExpExecArray>;
  send(line: string): void;
  /** Asks it to end, and forces it after half a minute. */
  stop(): Promise<void>;
  /** kill -9, and resolves when it is gone. */
  kill(): Promise<void>;
}

/** A process of ours on the same Node; it ends with the row, and by itself when this process is gone. */
export const startChild = (
  bench: Bench,
  options: { name: string; file: string; args?: readonly string[]; env?: Record<string, string>; profile?: boolean },
): Child => {
  const log = createWriteStream(path.join(bench.folder, `${options.name}.log`), { flags: 'a' });
  const profile = options.profile && bench.profiles !== null ? ['--cpu-prof', `--cpu-prof-dir=${bench.profiles}`] : [];
  const started = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', ...profile, path.join(ROOT, options.file), ...(options.args ?? [])],
    {
      cwd: ROOT,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...inheritedEnvironment(), ...options.env, [PARENT_VARIABLE]: String(process.pid) },
    },
  );
  const lines: string[] = [];
  const told: string[] = [];
  let news = Promise.withResolvers<void>();
  let over = false;
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      over = true;
      news.resolve();
      resolve();
    };
    started.once('close', end);
    started.once('error', end);
  });
  const tell = () => {
    news.resolve();
    news = Promise.withResolvers();
  };
  createInterface({ input: started.stdout }).on('line', (line) => {
    log.write(`${line}\n`);
    lines.push(line);
    tell();
  });
  started.stderr.on('data', (chunk: Buffer) => {
    log.write(chunk);
    told.push(chunk.toString());
    if (told.length > 20) told.shift();
  });
  started.stdin.on('error', () => {});

  const line = async (wanted: RegExp, limitMs = START_LIMIT_MS): Promise<RegExpExecArray> => {
    const late = Promise.withResolvers<'late'>();
    const timer = setTimeout(() => late.resolve('late'), limitMs);
    try {
      for (;;) {
        const waits = news.promise;
        for (let next = lines.shift(); next !== undefined; next = lines.shift()) {
          const found = wanted.exec(next);
          if (found) return found;
        }
        if (over) throw new Error(`${options.name} ended early: ${told.join('').slice(-2_000)}`);
        if ((await Promise.race([waits, late.promise])) === 'late')
          throw new Error(`${options.name} did not say ${wanted} in ${limitMs} ms: ${told.join('').slice(-2_000)}`);
        bench.signal.throwIfAborted();
      }
    } finally {
      clearTimeout(timer);
    }
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (over) return;
    started.kill(signal);
    const force = setTimeout(() => started.kill('SIGKILL'), STOP_LIMIT_MS);
    await ended;
    clearTimeout(force);
    log.end();
  };
  const child: Child = {
    pid: started.pid ?? 0,
    line,
    send: (text) => void started.stdin.write(`${text}\n`),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
  bench.onStop(child.stop);
  return child;
};

export interface Product {
  url: string;
  key: string;
  child: Child;
}

export interface ProductOptions {
  name: string;
  role: 'all' | 'api' | 'worker';
  database: string;
  prefix: string;
  dataDir: string;
  clockUrl: string;
  hosts: readonly string[];
  concurrency?: number;
}

/** The product as its user starts it, on the servers of the bench; ready when this resolves. */
export const startProduct = async (bench: Bench, options: ProductOptions): Promise<Product> => {
  const serves = options.role !== 'worker';
  const child = startChild(bench, {
    name: options.name,
    file: 'src/main.ts',
    profile: true,
    env: {
      ROLE: options.role,
      PORT: '0',
      DATA_DIR: options.dataDir,
      REDIS_URL: bench.redisUrl,
      MONGODB_URI: options.database,
      QUEUE_PREFIX: options.prefix,
      CLOCK_URL: options.clockUrl,
      EGRESS_ALLOW: options.hosts.join(','),
      RATES_SOURCE: 'off',
      DEMO: 'off',
      KEY_AT_START: serves ? 'on' : 'off',
      LOG_LEVEL: 'warn',
      ...(options.concurrency === undefined ? {} : { WORKER_CONCURRENCY: String(options.concurrency) }),
    },
  });
  if (!serves) {
    await child.line(/works on its queues/);
    return { url: '', key: '', child };
  }
  const [, url = ''] = await child.line(/^Crossdock runs at (\S+)$/);
  const [, key = ''] = await child.line(/^API key: (\S+)$/);
  return { url, key, child };
};

import path from 'node:path';
import { SETTINGS } from './settings.ts';

export type Role = 'all' | 'api' | 'worker';
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** Everything that is decided outside the code, read once and parsed. */
export interface Config {
  /** 0 takes any free port. */
  port: number;
  host: string;
  role: Role;
  /** Absolute. */
  dataDir: string;
  /** Null: we start one of our own. */
  redisUrl: string | null;
  /** Null: we start one of our own. */
  mongodbUri: string | null;
  /** The first seals, all open; empty: a key file in `dataDir`. See `masterKeys`. */
  masterKeys: readonly Buffer[];
  logLevel: LogLevel;
  /** Without a slash at its end. */
  publicUrl: string | null;
  bodyLimitBytes: number;
  workerConcurrency: number;
  clockUrl: string | null;
  /** `host:port`, the host as a URL would spell it. */
  egressAllow: readonly string[];
  demo: boolean;
  /** Mint and print an API key at each start and revoke the one before; the demo always does. */
  keyAtStart: boolean;
  queuePrefix: string;
}

/**
 * The configuration, or a ConfigError whose message names every problem at once, one a line: the setting, what was given
 * (never the value of a secret) and what is wanted. Reads nothing but its arguments.
 */
export const readConfig = (env: Readonly<Record<string, string | undefined>>, args: readonly string[]): Config => {
  const problems: string[] = [];
  for (const arg of args) if (arg !== '--empty') problems.push(`${arg}: not a flag; the one there is: --empty`);
  const empty = args.includes('--empty');

  const read = <T>(
    name: string,
    setting: { default: string; wanted: string; secret?: true; read(text: string): T },
  ): T => {
    // Compose and .env files pass an unset variable as an empty one.
    const given = env[name]?.trim() || setting.default;
    try {
      return setting.read(given);
    } catch {
      problems.push(`${name}: ${setting.secret ? 'the value given' : JSON.stringify(given)} is not ${setting.wanted}`);
      return setting.read(setting.default);
    }
  };

  const dataDir = read('DATA_DIR', SETTINGS.DATA_DIR);
  const config: Config = {
    port: read('PORT', SETTINGS.PORT),
    host: read('HOST', SETTINGS.HOST),
    role: read('ROLE', SETTINGS.ROLE),
    // The merchant's own data never lies among the demo's.
    dataDir: path.resolve(empty && !env['DATA_DIR']?.trim() ? `${dataDir}-own` : dataDir),
    redisUrl: read('REDIS_URL', SETTINGS.REDIS_URL),
    mongodbUri: read('MONGODB_URI', SETTINGS.MONGODB_URI),
    masterKeys: read('MASTER_KEY', SETTINGS.MASTER_KEY),
    logLevel: read('LOG_LEVEL', SETTINGS.LOG_LEVEL),
    publicUrl: read('PUBLIC_URL', SETTINGS.PUBLIC_URL),
    bodyLimitBytes: read('BODY_LIMIT_BYTES', SETTINGS.BODY_LIMIT_BYTES),
    workerConcurrency: read('WORKER_CONCURRENCY', SETTINGS.WORKER_CONCURRENCY),
    clockUrl: read('CLOCK_URL', SETTINGS.CLOCK_URL),
    egressAllow: read('EGRESS_ALLOW', SETTINGS.EGRESS_ALLOW),
    demo: read('DEMO', SETTINGS.DEMO) && !empty,
    keyAtStart: read('KEY_AT_START', SETTINGS.KEY_AT_START),
    queuePrefix: read('QUEUE_PREFIX', SETTINGS.QUEUE_PREFIX),
  };
  if (problems.length > 0) throw configError(problems.join('\n'));
  return config;
};

/** The configuration of this process. The only place that reads its environment and arguments. */
export const processConfig = (): Config => readConfig(process.env, process.argv.slice(2));

/** An error of whoever configures: its message is meant for them and its stack for nobody. */
export const configError = (message: string): Error => {
  const error = new Error(message);
  error.name = 'ConfigError';
  return error;
};

/** What a child process of ours gets of this one's environment besides its own settings. */
export const inheritedEnvironment = (): Record<string, string> =>
  Object.fromEntries(
    ['PATH', 'HOME', 'TMPDIR', 'LANG'].flatMap((name) =>
      process.env[name] === undefined ? [] : [[name, process.env[name] ?? '']],
    ),
  );

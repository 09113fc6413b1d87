import path from 'node:path';
import { SETTINGS } from './settings.ts';

export type Role = 'all' | 'api' | 'worker';
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** The configuration of a process. Read and parsed once, at start-up. */
export interface Config {
  /** 0 means any free port. */
  port: number;
  host: string;
  role: Role;
  /** Absolute. */
  dataDir: string;
  /** Null: the product starts a Redis of its own. */
  redisUrl: string | null;
  /** Null: the product starts a database of its own. */
  mongodbUri: string | null;
  /** The first key seals, every key opens. Empty: use the key file in `dataDir`. See `masterKeys`. */
  masterKeys: readonly Buffer[];
  logLevel: LogLevel;
  /** Without a trailing slash. */
  publicUrl: string | null;
  bodyLimitBytes: number;
  workerConcurrency: number;
  clockUrl: string | null;
  /** `host:port`, with the host spelled as in a URL. */
  egressAllow: readonly string[];
  demo: boolean;
  /** Create and print an API key at each start and revoke the previous one. The demo always does. */
  keyAtStart: boolean;
  ratesSource: 'ecb' | 'off';
  /** Without a slash at its end. */
  ratesUrl: string;
  /** A rate older than this converts nothing. */
  ratesMaxAgeDays: number;
  queuePrefix: string;
  /** Before a migration changes a store of our own, it is written to `dataDir`/backups. */
  backupBeforeMigration: boolean;
  /** How long what is kept: days of business time, and hours of real time for answers. */
  retention: {
    inboxDays: number;
    answersHours: number;
    exceptionsDays: number;
    ordersDays: number;
    casesDays: number;
    eventsDays: number;
    movementsDays: number;
  };
}

/**
 * Returns the configuration, or throws a ConfigError whose message lists every problem, one a line: the setting, the
 * value given (never of a secret) and what is expected. Reads nothing but its arguments.
 */
export const readConfig = (env: Readonly<Record<string, string | undefined>>, args: readonly string[]): Config => {
  const problems: string[] = [];
  for (const arg of args)
    if (arg !== '--empty' && arg !== '--no-backup')
      problems.push(`${arg}: not a flag; there are --empty and --no-backup`);
  const empty = args.includes('--empty');

  const read = <T>(
    name: string,
    setting: { default: string; wanted: string; secret?: true; read(text: string): T },
  ): T => {
    // Compose and .env files pass an unset variable as an empty string.
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
    // Keep the merchant's own data apart from the demo's.
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
    ratesSource: read('RATES_SOURCE', SETTINGS.RATES_SOURCE),
    ratesUrl: read('RATES_URL', SETTINGS.RATES_URL),
    ratesMaxAgeDays: read('RATES_MAX_AGE_DAYS', SETTINGS.RATES_MAX_AGE_DAYS),
    queuePrefix: read('QUEUE_PREFIX', SETTINGS.QUEUE_PREFIX),
    backupBeforeMigration:
      read('BACKUP_BEFORE_MIGRATION', SETTINGS.BACKUP_BEFORE_MIGRATION) && !args.includes('--no-backup'),
    retention: {
      inboxDays: read('RETENTION_INBOX_DAYS', SETTINGS.RETENTION_INBOX_DAYS),
      answersHours: read('RETENTION_ANSWERS_HOURS', SETTINGS.RETENTION_ANSWERS_HOURS),
      exceptionsDays: read('RETENTION_EXCEPTIONS_DAYS', SETTINGS.RETENTION_EXCEPTIONS_DAYS),
      ordersDays: read('RETENTION_ORDERS_DAYS', SETTINGS.RETENTION_ORDERS_DAYS),
      casesDays: read('RETENTION_CASES_DAYS', SETTINGS.RETENTION_CASES_DAYS),
      eventsDays: read('RETENTION_EVENTS_DAYS', SETTINGS.RETENTION_EVENTS_DAYS),
      movementsDays: read('RETENTION_MOVEMENTS_DAYS', SETTINGS.RETENTION_MOVEMENTS_DAYS),
    },
  };
  if (problems.length > 0) throw configError(problems.join('\n'));
  return config;
};

/** The configuration of this process. No other code reads the environment and the arguments. */
export const processConfig = (): Config => readConfig(process.env, process.argv.slice(2));

/** The same for a command that has arguments of its own. */
export const commandConfig = (args: readonly string[]): Config => readConfig(process.env, args);

/** An error for the person who configures the product: show its message, not its stack. */
export const configError = (message: string): Error => {
  const error = new Error(message);
  error.name = 'ConfigError';
  return error;
};

/** The part of our environment that a child process inherits; its own settings are added to it. */
export const inheritedEnvironment = (): Record<string, string> =>
  Object.fromEntries(
    ['PATH', 'HOME', 'TMPDIR', 'LANG'].flatMap((name) =>
      process.env[name] === undefined ? [] : [[name, process.env[name] ?? '']],
    ),
  );

import path from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '#domain/clock.ts';
import { followClock } from '#runtime/virtual-clock.ts';
import { MONGO } from '#setup/mongo.mjs';
import { isAlive } from '#setup/process-identity.mjs';
import { readRecords } from '#setup/server-records.mjs';
import { startServers } from '#setup/servers.mjs';
import { backup } from '#store/backup.ts';
import { connectTo } from '#store/connect.ts';
import { MIGRATIONS } from '#store/migrations/index.ts';
import { restore } from '#store/restore.ts';
import { type Config, commandConfig } from '../../config/env.ts';
import { productVersion } from '../../config/version.ts';

/** Commands that open the database itself, by DATA_DIR or MONGODB_URI, as the product on this machine does. */
export const MAINTENANCE = [
  {
    name: 'backup',
    words: 'backup DIR [--empty]',
    says: 'writes every document to a new folder, while the product runs or not; the master key is not in it',
  },
  {
    name: 'restore',
    words: 'restore DIR [--empty]',
    says: 'puts a backup into an empty store, with the product stopped; it then starts quiet: see restore status',
  },
] as const;

/** `restore status` and `restore resume` are asked of the running product. */
export const isMaintenance = (name: string, [what = '']: readonly string[]): boolean =>
  MAINTENANCE.some((command) => command.name === name) && !['status', 'resume'].includes(what);

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** The address of the store: the one that is configured, that of a running product's own server, or of one started for this. */
const openDatabase = async (config: Config): Promise<{ uri: string; isRunning: boolean; stop(): Promise<void> }> => {
  if (config.mongodbUri !== null) return { uri: config.mongodbUri, isRunning: false, stop: async () => {} };
  try {
    // Nothing asks the queues here: where an address is given no Redis is started.
    const { mongodbUri, stop } = await startServers({ dataDir: config.dataDir, redisUrl: 'redis://none', log: say });
    return { uri: mongodbUri, isRunning: false, stop };
  } catch (error) {
    // Another process has the folder: the product, whose server we may ask.
    const record = readRecords(config.dataDir).mongodb;
    if (record === undefined || !isAlive(record)) throw error;
    return { uri: MONGO.urlOf(record.port), isRunning: true, stop: async () => {} };
  }
};

/** Runs one of them; the exit code is that of the program. */
export const maintain = async (name: string, args: readonly string[]): Promise<number> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { help: { type: 'boolean' }, empty: { type: 'boolean' } },
  });
  const [given] = positionals;
  const usage = MAINTENANCE.find((command) => command.name === name)?.words ?? '';
  if (values.help || given === undefined) {
    process.stdout.write(`npm run cli -- ${usage}\n`);
    return values.help ? 0 : 2;
  }
  const folder = path.resolve(given);
  const config = commandConfig(values.empty ? ['--empty'] : []);
  const { uri, isRunning, stop } = await openDatabase(config);
  try {
    const { connection, db } = await connectTo(uri);
    try {
      if (name === 'backup') {
        const followed = config.clockUrl === null ? null : await followClock(config.clockUrl);
        try {
          await backup({ db, folder, product: productVersion(), clock: followed ?? systemClock, say });
        } finally {
          followed?.close();
        }
        say(
          `Backed up to ${folder}. Keep the master key (MASTER_KEY, or master.key in DATA_DIR) somewhere else: it opens the credentials.`,
        );
        return 0;
      }
      if (isRunning) {
        process.stderr.write('The product runs on this folder: stop it before a restore.\n');
        return 2;
      }
      await restore({ db, folder, newest: MIGRATIONS.length, say });
      say('Restored. Give the product the master key of the backup and start it: it is quiet until `restore resume`.');
      return 0;
    } finally {
      await connection.close();
    }
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ConfigError')) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  } finally {
    await stop();
  }
};

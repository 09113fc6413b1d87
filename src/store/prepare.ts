import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { backup } from './backup.ts';
import { connectTo } from './connect.ts';
import { MANIFEST } from './manifest.ts';
import { type Migrated, migrate } from './migrate.ts';
import type { Migration } from './migration.ts';
import { MIGRATIONS } from './migrations/index.ts';

/** A folder that holds no finished backup; what is left of one that was cut off is removed. */
const freshFolder = (wanted: string, times = 1): string => {
  const folder = times === 1 ? wanted : `${wanted}-${times}`;
  if (existsSync(path.join(folder, MANIFEST))) return freshFolder(wanted, times + 1);
  rmSync(folder, { recursive: true, force: true });
  return folder;
};

/**
 * Makes the store fit this program, before anything else opens it: migrations, and before the first change a backup of a database of
 * our own. Throws an error named ConfigError, whose message is a sentence for a person, for a store that is newer or half restored.
 */
export const prepareStore = async (options: {
  uri: string;
  /** Where the data of our own database lies; null for somebody else's, which we do not back up. */
  dataDir: string | null;
  backup: boolean;
  product: string;
  clock: { now(): number };
  say(line: string): void;
  migrations?: readonly Migration[];
}): Promise<Migrated> => {
  const { uri, dataDir, product, clock, say, migrations = MIGRATIONS } = options;
  const { connection, db } = await connectTo(uri);
  try {
    return await migrate({
      db,
      migrations,
      product,
      say,
      async before({ from, to, resumes }) {
        say(`The store has version ${from} and becomes version ${to}.`);
        // What a cut off run has begun was backed up by it.
        if (!options.backup || resumes) return;
        if (dataDir === null) {
          say('Its database is not ours: have a backup of it, as this cannot be undone.');
          return;
        }
        const folder = freshFolder(path.join(dataDir, 'backups', `before-${to}`));
        await backup({ db, folder, product, clock, say });
        say(`Backed up to ${folder}.`);
      },
    });
  } finally {
    await connection.close();
  }
};

import { randomBytes, randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { configError } from './env.ts';

/**
 * The keys that seal secrets: the first seals, every key opens. Taken from the configuration, or else from `master.key`
 * in the data folder, which is created once (mode 0600) and shared by every process that uses the folder. Throws a
 * ConfigError if that file holds no key or if other users of the machine can read it. If it is lost, every stored
 * credential must be entered again.
 */
export const masterKeys = (config: {
  masterKeys: readonly Buffer[];
  dataDir: string;
}): readonly [Buffer, ...Buffer[]] => {
  const [first, ...older] = config.masterKeys;
  if (first) return [first, ...older];
  const file = path.join(config.dataDir, 'master.key');
  if (!isThere(file)) make(file);
  const stat = statSync(file);
  if (process.platform !== 'win32' && (stat.mode & 0o077) !== 0)
    throw configError(`${file}: others may read it; wanted: mode 0600 (chmod 600 ${file})`);
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64');
  if (key.length !== 32) throw configError(`${file}: its content is not 32 bytes in base64; restore it from a backup`);
  return [key];
};

const isThere = (file: string): boolean => statSync(file, { throwIfNoEntry: false }) !== undefined;

const make = (file: string): void => {
  mkdirSync(path.dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flush: true });
  try {
    // link() creates the file with its whole content and never replaces one: if two processes start at once, both use
    // the key of the first.
    linkSync(draft, file);
  } catch (error) {
    if (!isThere(file)) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
};

import { linkSync, readFileSync, renameSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { codeOf } from './errors.mjs';
import { isAlive, ownIdentity } from './process-identity.mjs';

/** @typedef {import('./process-identity.mjs').ProcessIdentity} ProcessIdentity */

const HALF_WRITTEN_MS = 2_000;
let counter = 0;

/**
 * Takes the lock if no living process holds it; never waits. Replaces a lock whose owner is dead or whose process id
 * now belongs to another process.
 * @param {string} file
 * @returns {{ held: true, release: () => void } | { held: false, owner: ProcessIdentity }}
 */
export function tryLock(file) {
  const own = JSON.stringify(ownIdentity());
  for (;;) {
    if (createExclusively(file, own)) return { held: true, release: () => releaseLock(file, own) };
    const text = read(file);
    if (text === null) continue;
    const owner = parse(text) ?? halfWritten(file);
    if (owner !== null && isAlive(owner)) return { held: false, owner };
    removeStaleLock(file, text);
  }
}

/**
 * The living owner of the lock, or null.
 * @param {string} file
 */
export function lockOwner(file) {
  const text = read(file);
  const owner = text === null ? null : parse(text);
  return owner !== null && isAlive(owner) ? owner : null;
}

/**
 * @param {string} file
 * @param {string} text
 */
function createExclusively(file, text) {
  const draft = draftName(file);
  try {
    writeFileSync(draft, text, { flag: 'wx' });
    // link() creates the file with its whole text, so nobody reads a partial lock.
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    if (!['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK'].includes(codeOf(error))) throw error;
    return createWithoutLink(file, text);
  } finally {
    remove(draft);
  }
}

/**
 * For file systems without hard links.
 * @param {string} file
 * @param {string} text
 */
function createWithoutLink(file, text) {
  try {
    writeFileSync(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Removes a stale lock. If two processes saw the same stale lock, only one of them moves it, and a fresh lock is put
 * back.
 * @param {string} file
 * @param {string} stale
 */
function removeStaleLock(file, stale) {
  const aside = draftName(file);
  try {
    renameSync(file, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  const moved = read(aside);
  if (moved !== null && moved !== stale) createExclusively(file, moved);
  remove(aside);
}

/**
 * @param {string} file
 * @param {string} own
 */
function releaseLock(file, own) {
  if (read(file) === own) remove(file);
}

/** @param {string} file */
function draftName(file) {
  counter += 1;
  return `${file}.${process.pid}.${Date.now()}.${counter}`;
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** @param {string} file */
function remove(file) {
  try {
    unlinkSync(file);
  } catch {
    // Already gone.
  }
}

/**
 * @param {string} text
 * @returns {ProcessIdentity | null}
 */
function parse(text) {
  try {
    const value = JSON.parse(text);
    if (typeof value?.pid !== 'number') return null;
    return { pid: value.pid, startTime: typeof value.startTime === 'string' ? value.startTime : null };
  } catch {
    return null;
  }
}

/**
 * Without hard links a lock is empty for a moment, so a young unreadable lock counts as held by an unknown process.
 * @param {string} file
 */
function halfWritten(file) {
  try {
    return Date.now() - statSync(file).mtimeMs < HALF_WRITTEN_MS ? ownIdentity() : null;
  } catch {
    return null;
  }
}

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, explainFolderError, setupError } from './errors.mjs';
import { makeFolder } from './folders.mjs';
import { tryLock } from './lock-file.mjs';

const STAMP = 'node_modules/.crossdock-lock';
const STILL_EVERY_MS = 10_000;

/**
 * Installs the packages of package-lock.json unless they are installed already. If two starts run at once, only one
 * installs.
 * @param {string} root
 * @param {(line: string) => void} log
 */
export async function ensurePackages(root, log) {
  const wanted = hashOf(path.join(root, 'package-lock.json'));
  if (readText(path.join(root, STAMP)) === wanted) return;
  // An image or an `npm ci` by hand has installed the right packages: use them.
  if (installedAsLocked(root)) return stamp(root, wanted);
  const release = await installLock(root, log);
  try {
    if (readText(path.join(root, STAMP)) === wanted) return;
    await install(root, log);
    writeFileSync(path.join(root, STAMP), wanted);
  } catch (error) {
    throw explainFolderError(error, root, '');
  } finally {
    release();
  }
}

/**
 * @param {string} root
 * @param {(line: string) => void} log
 */
async function installLock(root, log) {
  try {
    makeFolder(path.join(root, '.servers'));
    for (let told = false; ; told = true) {
      const lock = tryLock(path.join(root, '.servers', 'install.lock'));
      if (lock.held) return lock.release;
      if (!told) log(`Another start (process ${lock.owner.pid}) is installing the packages: waiting for it …`);
      await sleep(200);
    }
  } catch (error) {
    throw explainFolderError(error, root, '');
  }
}

/**
 * @param {string} root
 * @param {(line: string) => void} log
 */
async function install(root, log) {
  const count = Object.keys(lockedPackages(path.join(root, 'package-lock.json'))).length;
  const began = Date.now();
  const seconds = () => Math.round((Date.now() - began) / 1_000);
  log(`Installing up to ${count} packages with npm ci: once, usually less than a minute …`);
  const still = setInterval(() => log(`… still installing packages (${seconds()} s)`), STILL_EVERY_MS);
  try {
    await runNpm(root, ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error']);
  } finally {
    clearInterval(still);
  }
  log(`Packages are installed (${seconds()} s).`);
}

/**
 * @param {string} root
 * @param {string[]} args
 * @returns {Promise<void>}
 */
function runNpm(root, args) {
  const script = process.env.npm_execpath ?? '';
  const viaScript = path.basename(script) === 'npm-cli.js' && existsSync(script);
  return new Promise((resolve, reject) => {
    // npm's output goes to our stderr: stdout belongs to the program that starts afterwards.
    const child = viaScript
      ? spawn(process.execPath, [script, ...args], { cwd: root, stdio: ['ignore', 2, 2] })
      : spawn('npm', args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
    child.once('error', (error) =>
      reject(
        codeOf(error) === 'ENOENT'
          ? setupError('npm is not on PATH: install npm, then run the same command again.', error)
          : error,
      ),
    );
    child.once('exit', (code, signal) => {
      if (code === 0) return resolve();
      const how = signal ?? `exit code ${code}`;
      reject(
        setupError(
          `npm ci could not install the packages (${how}; its reason is above): make sure that npm reaches its registry ` +
            'and the disk has 600 MB free, then run the same command again.',
        ),
      );
    });
  });
}

/**
 * True if npm's own record of node_modules agrees with the lock for every package and the folders exist. Optional
 * packages may be absent, and in production the development packages.
 * @param {string} root
 */
function installedAsLocked(root) {
  try {
    const locked = lockedPackages(path.join(root, 'package-lock.json'));
    const installed = lockedPackages(path.join(root, 'node_modules', '.package-lock.json'));
    const production = process.env.NODE_ENV === 'production';
    for (const [where, entry] of Object.entries(locked)) {
      const found = installed[where];
      const mayLack = entry.optional || entry.devOptional || (production && entry.dev);
      if (found === undefined && mayLack) continue;
      if (found?.version !== entry.version || found?.integrity !== entry.integrity) return false;
      if (!existsSync(path.join(root, where, 'package.json')) && !mayLack) return false;
    }
    return true;
  } catch {
    return false;
  }
}

/**
 * @typedef {{ version?: string, integrity?: string, dev?: boolean, optional?: boolean, devOptional?: boolean }} Locked
 * @param {string} file
 * @returns {Record<string, Locked>}
 */
function lockedPackages(file) {
  const { '': _root, ...packages } = JSON.parse(readFileSync(file, 'utf8')).packages;
  return packages;
}

/**
 * @param {string} root
 * @param {string} hash
 */
function stamp(root, hash) {
  try {
    writeFileSync(path.join(root, STAMP), hash);
  } catch {
    // A read-only image cannot store the stamp: compare again next time.
  }
}

/** @param {string} file */
function hashOf(file) {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch (error) {
    throw setupError(`${path.basename(file)} is missing: get a whole copy of the project.`, error);
  }
}

/** @param {string} file */
function readText(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

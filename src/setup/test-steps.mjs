import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import path from 'node:path';
import { isSetupError } from './errors.mjs';
import { lockOwner } from './lock-file.mjs';
import { watchParent } from './parent-watch.mjs';
import { endRecorded } from './servers.mjs';

export const ROOT = path.resolve(import.meta.dirname, '..', '..');
const TEMPORARY = 'crossdock-test-';
const ABANDONED_AFTER_MS = 60_000;

/** @typedef {{ passed: number, failed: number }} Counts */
/** @typedef {{ counts: Counts, folder: string, onStop: (undo: () => Promise<void>) => void }} Run */

/** @type {Set<import('node:child_process').ChildProcess>} */
const children = new Set();

/**
 * Runs the body with a temporary folder, undoes whatever it started, however it ends, and prints `N passed, N failed`
 * as the last line. The exit code is 0 only if something passed and nothing failed.
 * @param {(run: Run) => Promise<void>} body
 */
export async function runSteps(body) {
  watchParent();
  await removeAbandonedRuns();
  const folder = mkdtempSync(path.join(tmpdir(), TEMPORARY));
  /** @type {Counts} */
  const counts = { passed: 0, failed: 0 };
  /** @type {(() => Promise<void>)[]} */
  const undos = [];
  const undo = async () => {
    for (const stop of undos.splice(0).reverse()) await stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.once(name, async () => {
      for (const child of children) child.kill('SIGTERM');
      await undo().finally(() => process.exit(128 + constants.signals[name]));
    });
  }
  try {
    await body({ counts, folder, onStop: (stop) => undos.push(stop) });
  } catch (error) {
    counts.failed += 1;
    console.error(isSetupError(error) ? error.message : error);
  }
  await undo();
  if (counts.passed + counts.failed === 0) console.error('No test ran: that counts as a failure.');
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
}

/**
 * Runs format, lint and types. Each one that fails is named and counts as one failure.
 * @param {Counts} counts
 */
export async function runStaticSteps(counts) {
  await staticStep('format and lint', ['node_modules/@biomejs/biome/bin/biome', 'check'], counts);
  await staticStep('types', ['node_modules/typescript/bin/tsc', '--noEmit', '-p', '.'], counts);
}

/**
 * Runs vitest, adds the counts of its report and names the skipped tests.
 * @param {Run} run
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 */
export async function runVitest({ counts, folder }, args, env = {}) {
  const report = path.join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  console.log('— tests');
  const code = await runNode(['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...args], env);
  const found = readReport(report);
  counts.passed += found.passed;
  counts.failed += found.failed;
  for (const name of found.broken) console.error(`FAILED: ${name} as a whole`);
  for (const name of found.skipped) console.log(`skipped: ${name}`);
  if (code !== 0 && found.failed === 0) {
    counts.failed += 1;
    console.error(`FAILED: vitest itself (exit code ${code}; its reason is above)`);
  }
}

/**
 * @param {string} name
 * @param {string[]} args
 * @param {Counts} counts
 */
async function staticStep(name, args, counts) {
  console.log(`— ${name}`);
  if ((await runNode(args)) === 0) return;
  counts.failed += 1;
  console.error(`FAILED: ${name}`);
}

/**
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 * @returns {Promise<number>}
 */
function runNode(args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
    });
    children.add(child);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      children.delete(child);
      resolve(code ?? 128 + (signal === null ? 1 : constants.signals[signal]));
    });
  });
}

/**
 * Reads a vitest report. A file that could not be loaded counts as one failure.
 * @param {string} file
 */
export function readReport(file) {
  /** @type {string[]} */
  const skipped = [];
  /** @type {string[]} */
  const broken = [];
  let passed = 0;
  let failed = 0;
  if (!existsSync(file)) return { passed, failed, skipped, broken };
  for (const suite of JSON.parse(readFileSync(file, 'utf8')).testResults) {
    const before = failed;
    for (const test of suite.assertionResults) {
      if (test.status === 'passed') passed += 1;
      else if (test.status === 'failed') failed += 1;
      else skipped.push(`${path.relative(ROOT, suite.name)}: ${test.fullName}`);
    }
    if (suite.status === 'failed' && failed === before) {
      failed += 1;
      broken.push(path.relative(ROOT, suite.name));
    }
  }
  return { passed, failed, skipped, broken };
}

/** Ends the servers and removes the folders of test runs that were killed. */
async function removeAbandonedRuns() {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(TEMPORARY))) {
    const folder = path.join(tmpdir(), name);
    try {
      if (Date.now() - statSync(folder).mtimeMs < ABANDONED_AFTER_MS) continue;
      const data = path.join(folder, 'data');
      if (lockOwner(path.join(data, 'lock')) !== null) continue;
      if (existsSync(data)) await endRecorded(data);
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // It belongs to another user, or is being removed.
    }
  }
}

// The entry of every npm script: `node src/setup/run.mjs <file> [args…]`. Runs on Node 20 with no packages installed.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isSetupError } from './errors.mjs';
import { findNode24 } from './node24.mjs';
import { ensurePackages } from './packages.mjs';
import { PARENT_VARIABLE, watch } from './parent-watch.mjs';
import { identityOf, isAlive, nameAndParentOf } from './process-identity.mjs';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const [file, ...args] = process.argv.slice(2);

try {
  if (file === undefined) {
    process.stderr.write('Usage: node src/setup/run.mjs <file> [arguments]\n');
    process.exit(2);
  }
  await ensurePackages(ROOT, (line) => process.stderr.write(`${line}\n`));
  runChild(findNode24(ROOT), file, args);
} catch (error) {
  process.stderr.write(`${isSetupError(error) ? error.message : error instanceof Error ? error.stack : error}\n`);
  process.exit(1);
}

/**
 * Runs the file and exits with its exit code or signal.
 * @param {string} node
 * @param {string} target
 * @param {string[]} rest
 */
function runChild(node, target, rest) {
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', target, ...rest], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, [PARENT_VARIABLE]: String(process.pid) },
  });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  process.on('SIGINT', () => {
    // A terminal sends Ctrl-C to the child itself; sending it again would mean "stop at once".
    if (!process.stdin.isTTY) child.kill('SIGINT');
  });
  if (process.env.npm_lifecycle_event !== undefined) watch(isNpmAlive(), () => child.kill('SIGTERM'));
  child.once('error', (error) => {
    process.stderr.write(`Node could not be started (${node}): ${error.message}\n`);
    process.exit(1);
  });
  child.once('exit', (code, signal) => {
    process.exit(code ?? 128 + (signal === null ? 1 : constants.signals[signal]));
  });
}

/**
 * True while npm, and the shell between us if there is one, still live. npm ends its shell but not the program in it,
 * and a kill -9 of npm ends nothing. We notice that here, so that the product does not keep running with the folder's
 * lock.
 */
function isNpmAlive() {
  const parent = process.ppid;
  const kinship = nameAndParentOf(parent);
  const shellsParent =
    kinship !== null && /^(sh|dash|bash|ash|zsh|ksh|busybox)$/.test(kinship.name) ? kinship.parent : parent;
  const npm = identityOf(shellsParent);
  return () => process.ppid === parent && (npm === null || isAlive(npm));
}

import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { explainFolderError, reasonOf, setupError } from './errors.mjs';
import { makeFolder } from './folders.mjs';
import { endProcess, identityOf, isAlive } from './process-identity.mjs';

/**
 * How to start one kind of server and check that it answers.
 * @typedef {{ engine: string, title: string, args: (port: number, folder: string) => string[],
 * answers: (port: number) => Promise<boolean> }} Engine
 * @typedef {import('./server-records.mjs').ServerRecord} ServerRecord
 */

const READY_LIMIT_MS = 60_000;
const POLL_MS = 50;
const PORT_ATTEMPTS = 5;

/**
 * Starts a server and waits until it answers, on loopback and a free port, with its data in `folder`. The server
 * outlives this process until it is ended. `keep` gets its record before the server can have touched any data.
 * @param {Engine} engine
 * @param {string} program
 * @param {string} folder
 * @param {(record: ServerRecord) => void} keep
 * @returns {Promise<ServerRecord>}
 */
export async function launch(engine, program, folder, keep) {
  const isNew = !existsSync(folder);
  makeFolder(folder);
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await launchOnce(engine, program, folder, keep);
      } catch (error) {
        // Another process took the port after we chose it and before the server bound it.
        if (attempt === PORT_ATTEMPTS || !/address already in use|in use/i.test(reasonOf(error))) throw error;
      }
    }
  } catch (error) {
    // Remove the folder if this program never filled it, so that the next start may use another program.
    if (isNew) rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Waits until the server answers. False if it ended or the time is up.
 * @param {Engine} engine
 * @param {ServerRecord} record
 * @param {number} limitMs
 */
export async function waitUntilItAnswers(engine, record, limitMs) {
  const until = Date.now() + limitMs;
  while (isAlive(record)) {
    if (await engine.answers(record.port)) return true;
    if (Date.now() > until) return false;
    await sleep(POLL_MS);
  }
  return false;
}

/**
 * @param {Engine} engine
 * @param {string} program
 * @param {string} folder
 * @param {(record: ServerRecord) => void} keep
 */
async function launchOnce(engine, program, folder, keep) {
  const port = await freePort();
  const output = `${folder}.log`;
  const descriptor = openSync(output, 'w');
  // A session of its own: Ctrl-C at the terminal must not stop the database while the product is still draining.
  const child = spawn(program, engine.args(port, folder), {
    cwd: folder,
    detached: true,
    stdio: ['ignore', descriptor, descriptor],
    env: minimalEnvironment(folder),
  });
  closeSync(descriptor);
  const failed = new Promise((resolve) => child.once('error', resolve));
  child.unref();
  if (child.pid === undefined) throw setupError(`${engine.title} does not run (${reasonOf(await failed)})`);
  const identity = identityOf(child.pid);
  if (identity === null) throw exitReason(engine, folder, output);
  const record = { engine: engine.engine, ...identity, port, program };
  keep(record);
  if (await waitUntilItAnswers(engine, record, READY_LIMIT_MS)) return record;
  await endProcess(record, 5_000);
  throw exitReason(engine, folder, output);
}

/**
 * The minimum that a program needs to run: none of our keys, and no settings of the user's own servers.
 * @param {string} folder
 */
function minimalEnvironment(folder) {
  const names = ['PATH', 'LANG', 'LC_ALL', 'TMPDIR', 'TEMP', 'SystemRoot', 'LD_LIBRARY_PATH'];
  const kept = names.filter((name) => process.env[name] !== undefined).map((name) => [name, process.env[name]]);
  return { ...Object.fromEntries(kept), HOME: folder };
}

/**
 * @param {Engine} engine
 * @param {string} folder
 * @param {string} output
 */
function exitReason(engine, folder, output) {
  const lines = readFileSync(output, 'utf8').trim().split('\n');
  const text = lines.slice(-40).join('\n');
  if (/no space left on device|ENOSPC/i.test(text)) return folderProblem('ENOSPC', folder);
  if (/permission denied/i.test(text)) return folderProblem('EACCES', folder);
  const lastLine = lines.filter((line) => /error|fatal|fail|can't|cannot|in use/i.test(line)).at(-1) ?? lines.at(-1);
  return setupError(`${engine.title} did not start (${lastLine || 'no output'}; full output in ${output})`);
}

/**
 * @param {string} code
 * @param {string} folder
 */
function folderProblem(code, folder) {
  return explainFolderError(Object.assign(new Error(code), { code }), folder);
}

/** @returns {Promise<number>} a port of the loopback address that nobody listens on */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A process that cannot be mistaken for a later one with the same number.
 * @typedef {{ pid: number, startTime: string | null }} ProcessIdentity
 */

const POLL_MS = 50;

/**
 * Who runs under this number now, or null when nobody does (a zombie is nobody).
 * @param {number} pid
 * @returns {ProcessIdentity | null}
 */
export function identityOf(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return null;
  if (process.platform === 'linux') return linuxIdentity(pid);
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM means that it lives and belongs to somebody else.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return null;
  }
  return { pid, startTime: askStartTime(pid) };
}

/**
 * True while exactly that process lives.
 * @param {ProcessIdentity} identity
 */
export function isAlive(identity) {
  const now = identityOf(identity.pid);
  return now !== null && now.startTime === identity.startTime;
}

/**
 * The name and the parent of a process where the system tells them cheaply, else null.
 * @param {number} pid
 */
export function kinshipOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const end = stat.lastIndexOf(')');
    return { name: stat.slice(stat.indexOf('(') + 1, end), parent: Number(stat.slice(end + 2).split(' ')[1]) };
  } catch {
    return null;
  }
}

/** The identity of this process. */
export function ownIdentity() {
  return identityOf(process.pid) ?? { pid: process.pid, startTime: null };
}

/**
 * Ends exactly that process: asks, waits, then forces. Nothing happens when it is gone or its number was given away.
 * @param {ProcessIdentity} identity
 * @param {number} graceMs
 */
export async function endProcess(identity, graceMs) {
  signal(identity, 'SIGTERM');
  if (await gone(identity, graceMs)) return;
  signal(identity, 'SIGKILL');
  await gone(identity, 5_000);
}

/** @param {number} pid */
function linuxIdentity(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name may hold blanks and brackets: the fields are counted after the last bracket. They are state … start time.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    return { pid, startTime: `${bootId()}:${fields[19]}` };
  } catch {
    return null;
  }
}

/** Start times count from the boot, so the boot belongs to them. */
function bootId() {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

/** @param {number} pid */
function askStartTime(pid) {
  const [program, args] =
    process.platform === 'win32'
      ? ['powershell', ['-NoProfile', '-Command', `(Get-Process -Id ${pid}).StartTime.Ticks`]]
      : ['ps', ['-o', 'lstart=', '-p', String(pid)]];
  const answer = spawnSync(/** @type {string} */ (program), /** @type {string[]} */ (args), { encoding: 'utf8' });
  return answer.status === 0 ? answer.stdout.trim() : null;
}

/**
 * @param {ProcessIdentity} identity
 * @param {NodeJS.Signals} name
 */
function signal(identity, name) {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, name);
  } catch {
    // It ended in between.
  }
}

/**
 * @param {ProcessIdentity} identity
 * @param {number} limitMs
 */
async function gone(identity, limitMs) {
  const until = Date.now() + limitMs;
  while (isAlive(identity)) {
    if (Date.now() > until) return false;
    await sleep(POLL_MS);
  }
  return true;
}

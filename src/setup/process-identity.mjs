import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Identifies a process so that a later one with the same process id is not mistaken for it.
 * @typedef {{ pid: number, startTime: string | null }} ProcessIdentity
 */

const POLL_MS = 50;

/**
 * The process that currently has this id, or null if there is none (a zombie counts as none).
 * @param {number} pid
 * @returns {ProcessIdentity | null}
 */
export function identityOf(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return null;
  if (process.platform === 'linux') return linuxIdentity(pid);
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: the process exists and belongs to another user.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return null;
  }
  return { pid, startTime: askStartTime(pid) };
}

/**
 * True while exactly this process lives.
 * @param {ProcessIdentity} identity
 */
export function isAlive(identity) {
  const now = identityOf(identity.pid);
  return now !== null && now.startTime === identity.startTime;
}

/**
 * The name and the parent of a process, if the system tells them cheaply; otherwise null.
 * @param {number} pid
 */
export function nameAndParentOf(pid) {
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
 * Ends exactly this process: asks, waits, then forces. Does nothing if it is gone or its id belongs to another process.
 * @param {ProcessIdentity} identity
 * @param {number} graceMs
 */
export async function endProcess(identity, graceMs) {
  signal(identity, 'SIGTERM');
  if (await hasEnded(identity, graceMs)) return;
  signal(identity, 'SIGKILL');
  await hasEnded(identity, 5_000);
}

/** @param {number} pid */
function linuxIdentity(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name may contain spaces and brackets, so count the fields after the last bracket: state … start time.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    return { pid, startTime: `${bootId()}:${fields[19]}` };
  } catch {
    return null;
  }
}

/** Start times count from the boot, so the identity includes the boot. */
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
    // It ended in the meantime.
  }
}

/**
 * @param {ProcessIdentity} identity
 * @param {number} limitMs
 */
async function hasEnded(identity, limitMs) {
  const until = Date.now() + limitMs;
  while (isAlive(identity)) {
    if (Date.now() > until) return false;
    await sleep(POLL_MS);
  }
  return true;
}

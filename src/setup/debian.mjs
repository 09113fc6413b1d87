import { spawn } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { setupError } from './errors.mjs';

const SERVICE_POLICY = '/usr/sbin/policy-rc.d';

/** True if apt-get can be used without asking: root on Debian. */
export function isRootOnDebian() {
  return process.platform === 'linux' && process.geteuid?.() === 0 && existsSync('/etc/debian_version');
}

/**
 * Installs Debian packages without starting their services.
 * @param {string[]} packages
 * @param {number} [limitMs]
 */
export async function aptInstall(packages, limitMs = 10 * 60_000) {
  const until = Date.now() + limitMs;
  const hadPolicy = existsSync(SERVICE_POLICY);
  try {
    // Exit code 101 tells every package not to start its service.
    if (!hadPolicy) writeFileSync(SERVICE_POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
    await apt(['update', '-qq'], until);
    await apt(['install', '-y', '-qq', '--no-install-recommends', ...packages], until);
  } finally {
    if (!hadPolicy) rmSync(SERVICE_POLICY, { force: true });
  }
}

/**
 * Keeps an installed service from starting at the next boot.
 * @param {string} service
 */
export function disableService(service) {
  return run('update-rc.d', [service, 'disable'], Date.now() + 60_000).catch(() => {
    // No init system: nothing to disable.
  });
}

/**
 * @param {string[]} args
 * @param {number} until
 */
const apt = (args, until) => run('apt-get', ['-o', 'DPkg::Lock::Timeout=120', ...args], until);

/**
 * @param {string} program
 * @param {string[]} args
 * @param {number} until
 * @returns {Promise<void>}
 */
function run(program, args, until) {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
    const child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk) => {
      said = (said + chunk).slice(-4_000);
    });
    const limit = setTimeout(() => child.kill('SIGTERM'), Math.max(0, until - Date.now()));
    child.once('error', (error) => {
      clearTimeout(limit);
      reject(setupError(`${program} does not run (${error.message})`, error));
    });
    child.once('close', (code) => {
      clearTimeout(limit);
      if (code === 0) return resolve();
      const reason = said.split('\n').find((line) => line.startsWith('E:')) ?? `exit code ${code}`;
      reject(setupError(`${program} ${args.at(-1)} failed (${reason})`));
    });
  });
}

import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { aptInstall, isRootOnDebian } from './debian.mjs';
import { reasonOf } from './errors.mjs';
import { onPath } from './on-path.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const LIMIT_MS = 5 * 60_000;

/**
 * Installs the browser for the browser tests if there are such tests and it may be installed without asking. Never
 * fails: prints what could not be installed.
 * @param {string} root
 * @param {(line: string) => void} log
 */
export async function ensureChromium(root, log) {
  if (!hasBrowserTests(path.join(root, 'test', 'browser')) || NAMES.some((name) => onPath(name).length > 0)) return;
  if (!isRootOnDebian()) return log('No Chromium on PATH: install it, or the browser tests cannot run.');
  log('Installing chromium with apt-get for the browser tests: up to five minutes, once …');
  try {
    await aptInstall(['chromium'], LIMIT_MS);
  } catch (error) {
    log(`Chromium could not be installed, so the browser tests cannot run: ${reasonOf(error)}`);
  }
}

/** @param {string} folder */
function hasBrowserTests(folder) {
  return existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.test.ts'));
}

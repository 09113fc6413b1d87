import { spawnSync } from 'node:child_process';
import { onPath } from './on-path.mjs';

/** The oldest Redis that BullMQ accepts without warnings. Every Valkey is newer. */
const OLDEST = [6, 2];

/** A redis-server or valkey-server of this machine that is new enough, or null. */
export async function redisOnPath() {
  return [...onPath('redis-server'), ...onPath('valkey-server')].find(isNewEnough) ?? null;
}

/** @param {string} program */
function isNewEnough(program) {
  const answer = spawnSync(program, ['--version'], { encoding: 'utf8', timeout: 10_000 });
  const [, major, minor] = /v=(\d+)\.(\d+)/.exec(answer.stdout ?? '') ?? [];
  const [oldMajor = 0, oldMinor = 0] = OLDEST;
  return Number(major) > oldMajor || (Number(major) === oldMajor && Number(minor) >= oldMinor);
}

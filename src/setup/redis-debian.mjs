import { aptInstall, isRootOnDebian, leaveServiceOff } from './debian.mjs';
import { redisOnPath } from './redis-on-path.mjs';

/**
 * Debian's own Redis, its service left off; null where we may not install.
 * @param {import('./python-wheel.mjs').Fetching} fetching
 */
export async function redisOfDebian({ log, step }) {
  if (!isRootOnDebian()) return null;
  log(`Installing redis-server with apt-get (${step}) …`);
  await aptInstall(['redis-server']);
  await leaveServiceOff('redis-server');
  return redisOnPath();
}

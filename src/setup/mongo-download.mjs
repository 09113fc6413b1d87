import { lookup } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What to download and from where. The helper package checks the archive against its publisher's checksum. */
const MONGOD = { version: '8.2.6', host: 'fastdl.mongodb.org' };
const RESOLVER_LIMIT_MS = 1_500;

/**
 * Downloads the official mongod from its publisher once and caches it. Returns null at once if this machine cannot
 * reach that site.
 * @param {import('./python-wheel.mjs').Fetching} fetching
 * @returns {Promise<string | null>}
 */
export async function mongodFromPublisher({ cacheDir, log, step }) {
  if (lacksAvx() || !(await resolves(MONGOD.host))) return null;
  log(`Fetching MongoDB ${MONGOD.version}, about 90 MB unless it is here already (${step}) …`);
  const { MongoBinary } = await import('mongodb-memory-server-core/lib/util/MongoBinary.js');
  return MongoBinary.getPath({
    version: MONGOD.version,
    downloadDir: path.join(cacheDir, 'mongod'),
    checkMD5: true,
  });
}

/** @param {string} host */
async function resolves(host) {
  const answer = lookup(host).then(
    () => true,
    () => false,
  );
  return Promise.race([answer, sleep(RESOLVER_LIMIT_MS, false, { ref: false })]);
}

/** MongoDB 5 and later exit at once on an x86 processor without AVX. */
function lacksAvx() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return false;
  try {
    return !/\bavx\b/.test(readFileSync('/proc/cpuinfo', 'utf8'));
  } catch {
    return false;
  }
}

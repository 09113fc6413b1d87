import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import type { AnyBulkWriteOperation, Db } from 'mongodb';
import { META, type Meta, metaOf, SET_ASIDE } from './meta.ts';
import { type Migration, type RawDocument, readerOf, type Step } from './migration.ts';
import { keptMarks, newsMark } from './news.ts';
import { storeRefused } from './refused.ts';
import { walk } from './walk.ts';

const BATCH = 500;
const BEAT_MS = 2_000;
/** Whoever has not moved for so long, by the clock of the one who waits, is dead. */
const DEAD_MS = 15_000;
const LOOK_MS = 250;
const SAY_EVERY_MS = 2_000;

export interface SetAside {
  collection: string;
  id: string;
  reason: string;
}

export interface Migrated {
  from: number;
  to: number;
  setAside: readonly SetAside[];
}

export interface MigrateOptions {
  db: Db;
  migrations: readonly Migration[];
  /** The version of the program. */
  product: string;
  say(line: string): void;
  /** Called before the first document is changed; `resumes` when a run before this one has changed some. */
  before?(versions: { from: number; to: number; resumes: boolean }): Promise<void>;
  /** True when this other process of the same machine is known to have ended. */
  isGone?(other: { host: string; pid: number }): boolean;
}

const numbered = (migrations: readonly Migration[]): number => {
  migrations.forEach(({ number }, index) => {
    if (number !== index + 1) throw new Error(`migration ${number} stands where ${index + 1} belongs`);
  });
  return migrations.length;
};
const nameOf = ({ number, says }: Migration): string => `Migration ${String(number).padStart(4, '0')} (${says})`;

/** True when there is no document of anybody's. */
export const isEmpty = async (db: Db): Promise<boolean> => {
  const names = (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name);
  for (const name of names) {
    if (name === META || name.startsWith('system.')) continue;
    // What the readiness check of 0.1.0 has left is no document of anybody's.
    const found = await db.collection<{ _id: string }>(name).find().limit(2).toArray();
    if (found.some(({ _id }) => _id !== 'ready-probe')) return false;
  }
  return true;
};

const hasEnded = ({ host, pid }: { host: string; pid: number }): boolean => {
  if (host !== hostname()) return false;
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
};

/** The right to migrate, for one process at a time. It is lost by who does not move any more. */
const takeLock = async (
  meta: Meta,
  { say, isGone = hasEnded, isDone }: Pick<MigrateOptions, 'say' | 'isGone'> & { isDone(): Promise<boolean> },
): Promise<{ check(): void; release(): Promise<void> } | null> => {
  const me = { owner: `${hostname()}/${process.pid}/${Math.random()}`, host: hostname(), pid: process.pid };
  await meta.lock.insert({ owner: '', host: '', pid: 0, beat: 0 });
  let told = false;
  let seen = { owner: '', beat: -1, atMs: performance.now() };
  for (;;) {
    const lock = await meta.lock.get();
    if (lock === null) throw new Error('the lock of the migrations is gone');
    if (seen.owner !== lock.owner || seen.beat !== lock.beat)
      seen = { owner: lock.owner, beat: lock.beat, atMs: performance.now() };
    const free = lock.owner === '' || isGone(lock) || performance.now() - seen.atMs > DEAD_MS;
    if (free && (await meta.lock.change({ owner: lock.owner, beat: lock.beat }, { ...me, beat: lock.beat + 1 }))) break;
    if (await isDone()) return null;
    if (!told && !free) say(`Another process (${lock.host}, ${lock.pid}) migrates the store: waiting for it.`);
    told ||= !free;
    await wait(LOOK_MS);
  }
  let lost = false;
  let beat = seen.beat + 1;
  const timer = setInterval(() => {
    meta.lock.change({ owner: me.owner, beat }, { beat: beat + 1 }).then(
      (kept) => {
        if (kept) beat += 1;
        else lost = true;
      },
      // Unreachable for a moment; whoever takes over is noticed by the next one.
      () => {},
    );
  }, BEAT_MS);
  return {
    check() {
      if (lost) throw new Error('another process has taken over the migration of the store');
    },
    async release() {
      clearInterval(timer);
      await meta.lock.change({ owner: me.owner }, { owner: '' });
    },
  };
};

const versionOf = (document: RawDocument): number => {
  const { schemaVersion } = document;
  return typeof schemaVersion === 'number' ? schemaVersion : 1;
};

/** One batch: new documents first, then the changed ones, so that a batch cut off anywhere is run again as if it had not been. */
const runBatch = async (db: Db, step: Step, batch: readonly RawDocument[], from: string): Promise<SetAside[]> => {
  const open = batch.filter((document) => versionOf(document) < step.to);
  const changes = await step.run(open, readerOf(db));
  const aside: SetAside[] = [];
  const inserts = new Map<string, RawDocument[]>();
  const writes: AnyBulkWriteOperation<{ _id: string }>[] = [];
  const lost: RawDocument[] = [];
  open.forEach((document, index) => {
    const change = changes[index];
    const { _id } = document;
    if (change === undefined) throw new Error(`a step over ${step.collection} said nothing about ${_id}`);
    if ('unreadable' in change) {
      aside.push({ collection: step.collection, id: _id, reason: change.unreadable });
      lost.push({
        _id: `${step.collection}/${_id}`,
        collection: step.collection,
        id: _id,
        workspaceId: document['workspaceId'] ?? '',
        reason: change.unreadable,
        from,
        atMs: Date.now(),
        document,
      });
      writes.push({ deleteOne: { filter: { _id } } });
      return;
    }
    for (const { collection, schemaVersion, document: fresh } of change.insert ?? [])
      inserts.set(collection, [...(inserts.get(collection) ?? []), { ...fresh, ...newsMark(fresh), schemaVersion }]);
    const replacement = { ...(change.replace ?? document), ...keptMarks(document), _id, schemaVersion: step.to };
    writes.push(
      change.remove
        ? { deleteOne: { filter: { _id } } }
        : { replaceOne: { filter: { _id }, replacement, upsert: false } },
    );
  });
  if (lost.length > 0) inserts.set(SET_ASIDE, lost);
  for (const [collection, documents] of inserts) {
    // What an earlier, cut off run has written stays as it is.
    const known = await readerOf(db).find(
      collection,
      documents.map(({ _id }) => _id),
    );
    const fresh = [...new Map(documents.map((document) => [document._id, document])).values()].filter(
      ({ _id }) => !known.has(_id),
    );
    if (fresh.length > 0) await db.collection<{ _id: string }>(collection).insertMany(fresh, { ordered: false });
  }
  if (writes.length > 0) await db.collection<{ _id: string }>(step.collection).bulkWrite(writes, { ordered: false });
  return aside;
};

/**
 * Brings the store to the newest version that this program knows, one process at a time; the others wait and say so. A run that was
 * cut off goes on with the batch where it was. A document that cannot be read is moved to `set_aside` and reported, and the rest goes
 * on. An empty store starts at the newest version; a store without a version that has documents is one of 0.1.0. A store that is
 * newer than the program is refused, unchanged.
 */
export const migrate = async (options: MigrateOptions): Promise<Migrated> => {
  const { db, migrations, product, say } = options;
  const newest = numbered(migrations);
  const meta = metaOf(db);
  const read = async () => {
    const known = await meta.store.get();
    if (known) return known;
    const version = (await isEmpty(db)) ? newest : 0;
    await meta.store.insert({ version, product, step: null });
    return (await meta.store.get()) ?? { version, product, step: null };
  };
  const restored = await meta.restored.get();
  if (restored?.state === 'under way')
    throw storeRefused(
      'This store is half restored: run the restore again until it ends, or empty the database first.',
    );
  const first = await read();
  if (first.version > newest)
    throw storeRefused(
      `This store has version ${first.version}, written by Crossdock ${first.product}; this program knows versions up to ${newest}: start a newer one.`,
    );
  if (first.version === newest) return { from: newest, to: newest, setAside: [] };

  const isDone = async () => ((await meta.store.get())?.version ?? 0) >= newest;
  const lock = await takeLock(meta, { ...options, isDone });
  if (lock === null) return { from: newest, to: newest, setAside: [] };
  const setAside: SetAside[] = [];
  try {
    let state = await read();
    const pending = migrations.slice(state.version);
    const from = state.version;
    if (pending.some(({ steps }) => steps.length > 0))
      await options.before?.({ from, to: newest, resumes: state.step !== null });
    for (const migration of pending) {
      for (const [index, step] of migration.steps.entries()) {
        if (index < (state.step?.index ?? 0)) continue;
        const collection = db.collection<{ _id: string }>(step.collection);
        const total = await collection.estimatedDocumentCount();
        let { after, done } = state.step?.index === index ? state.step : { after: '', done: 0 };
        let saidAt = performance.now();
        const progress = () =>
          say(`${nameOf(migration)}: ${step.collection}, ${Math.min(done, total)} of about ${total}.`);
        if (after !== '') say(`${nameOf(migration)}: ${step.collection} goes on after ${done}.`);
        for await (const batch of walk(collection, { after, batch: BATCH })) {
          lock.check();
          const documents = batch.map((document) => ({ ...document }));
          for (const found of await runBatch(db, step, documents, nameOf(migration))) {
            setAside.push(found);
            say(`Set aside, not readable: ${found.collection} ${found.id}: ${found.reason}`);
          }
          after = batch.at(-1)?._id ?? after;
          done += batch.length;
          state = { ...state, step: { index, after, done } };
          await meta.store.put(state);
          if (performance.now() - saidAt > SAY_EVERY_MS) {
            progress();
            saidAt = performance.now();
          }
        }
        progress();
        state = { ...state, step: { index: index + 1, after: '', done: 0 } };
        await meta.store.put(state);
      }
      state = { version: migration.number, product, step: null };
      await meta.store.put(state);
      say(`${nameOf(migration)}: done.`);
    }
    if (setAside.length > 0)
      say(`${setAside.length} documents could not be read and lie in the collection ${SET_ASIDE}; the rest goes on.`);
    return { from, to: newest, setAside };
  } finally {
    await lock.release();
  }
};

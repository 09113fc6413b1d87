import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { BSON, type Db } from 'mongodb';
import { MANIFEST, type Manifest } from './manifest.ts';
import { metaOf, OWN_FACTS } from './meta.ts';
import { storeRefused } from './refused.ts';
import { walk } from './walk.ts';

/**
 * The product goes on working while it is backed up, so that what is read first is older than what is read last. A mark that says
 * "done" is read before what it speaks of, and so is never newer: a step that is repeated after a restore finds what it made. The cursor
 * of a connection comes before the orders that it has passed; the orders before their legs. A shelf comes before its ledger, which
 * names the revision of each movement: what the shelf had not counted yet is left out when it is put back. How far events are filed comes
 * first and the events last: the filer looks behind that end, and finds what a document holds as not filed.
 */
const FIRST = [
  'eventChains',
  'connections',
  'inbox',
  'orders',
  'returns',
  'legs',
  'shipments',
  'approvals',
  'postings',
] as const;
const LAST = ['levels', 'movements', 'foldedMovements', 'events'] as const;

const inOrder = (names: readonly string[]): string[] => {
  const edges: readonly string[] = [...FIRST, ...LAST];
  const between = names.filter((name) => !edges.includes(name)).toSorted();
  return [...FIRST, ...between, ...LAST].filter((name) => names.includes(name));
};

/**
 * Writes every document to `folder`, a file a collection: NDJSON of canonical EJSON, which keeps the types of numbers, compressed, in
 * the order of ids, with a manifest at the end. The folder is made and must be empty. The master key is no part of it: without it the
 * credentials in the backup cannot be opened.
 */
export const backup = async (options: {
  db: Db;
  folder: string;
  product: string;
  /** The business clock. */
  clock: { now(): number };
  say(line: string): void;
}): Promise<Manifest> => {
  const { db, folder, product, clock, say } = options;
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw storeRefused(`${folder} is not empty: give a new folder for each backup.`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const store = await metaOf(db).store.get();
  const restored = await metaOf(db).restored.get();
  if (restored?.state === 'under way')
    throw storeRefused('This store is half restored: there is nothing whole to back up.');
  const startedAt = new Date().toISOString();
  const clockStartedAt = new Date(clock.now()).toISOString();
  const names = (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name);
  const kept = names.filter((name) => !OWN_FACTS.includes(name) && !name.startsWith('system.'));
  const files: Manifest['files'] = [];
  for (const collection of inOrder(kept)) {
    const file = `${collection}.ndjson.gz`;
    let documents = 0;
    const lines = async function* () {
      // As they lie there: a number keeps the type that it has in the database.
      const asStored = { promoteValues: false, promoteLongs: false, promoteBuffers: false };
      for await (const batch of walk(db.collection<{ _id: string }>(collection), asStored)) {
        documents += batch.length;
        yield batch.map((document) => `${BSON.EJSON.stringify(document, { relaxed: false })}\n`).join('');
      }
    };
    const hash = createHash('sha256');
    const hashed = async function* (source: AsyncIterable<Buffer>) {
      for await (const chunk of source) {
        hash.update(chunk);
        yield chunk;
      }
    };
    const target = createWriteStream(path.join(folder, file), { flags: 'wx', mode: 0o600, flush: true });
    await pipeline(Readable.from(lines()), createGzip(), hashed, target);
    files.push({ collection, file, documents, sha256: hash.digest('hex') });
    if (documents > 0) say(`Backup: ${collection}, ${documents} documents.`);
  }
  const manifest: Manifest = {
    format: 1,
    id: randomUUID(),
    product,
    // A store that was never started by a program with versions is the one that the first migration begins with.
    storeVersion: Math.max(1, store?.version ?? 1),
    startedAt,
    endedAt: new Date().toISOString(),
    clockStartedAt,
    clockEndedAt: new Date(clock.now()).toISOString(),
    files,
  };
  const draft = path.join(folder, `${MANIFEST}.new`);
  writeFileSync(draft, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(draft, path.join(folder, MANIFEST));
  return manifest;
};

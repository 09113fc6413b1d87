import { createReadStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { BSON, type Db, MongoBulkWriteError } from 'mongodb';
import type { RestoreRecord } from '#domain/restore.ts';
import { restoreId } from '#domain/restore.ts';
import { type Manifest, readManifest, sha256Of } from './manifest.ts';
import { metaOf } from './meta.ts';
import { isEmpty } from './migrate.ts';
import { restores } from './models/restore.ts';
import { storeRefused } from './refused.ts';

const BATCH = 500;
const DUPLICATE = 11_000;

/** Its id is text, or for stored files an id of the driver's. */
type Raw = Readonly<Record<string, unknown>>;

const parseLine = (line: string): Raw => {
  const document: unknown = BSON.EJSON.parse(line, { relaxed: false });
  if (typeof document !== 'object' || document === null || !('_id' in document))
    throw storeRefused('A line of the backup is no document.');
  return { ...document };
};

/** A number, whichever of the database's types it has. */
const numberOf = (value: unknown): number => Number(String(value));

const fieldOf = (document: unknown, field: string): unknown =>
  typeof document === 'object' && document !== null
    ? new Map<string, unknown>(Object.entries(document)).get(field)
    : null;

const linesOf = async function* (file: string): AsyncGenerator<Raw> {
  const lines = createInterface({ input: createReadStream(file).pipe(createGunzip()) });
  for await (const line of lines) yield parseLine(line);
};

/** `ship:` + the package + the line: what `countPackage` calls the movement that takes units of a package off its shelf. */
const SHIP = /^ship:([^:]+):(.+)$/;

/** The packages of a backup by their ids: the shelves were read after them, and may have sent some that it does not hold. */
const packagesIn = async (folder: string, { files }: Manifest): Promise<ReadonlySet<string>> => {
  const ids = new Set<string>();
  const found = files.find(({ collection }) => collection === 'shipments');
  if (found) for await (const { _id } of linesOf(path.join(folder, found.file))) ids.add(String(_id));
  return ids;
};

/** By shelf, the movements of packages that the backup does not hold. */
const strayMovements = async (
  folder: string,
  { files }: Manifest,
  packages: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Raw[]>> => {
  const strays = new Map<string, Raw[]>();
  const found = files.find(({ collection }) => collection === 'movements');
  if (found)
    for await (const movement of linesOf(path.join(folder, found.file)))
      if (isStray(movement, packages))
        strays.set(shelfOf(movement), [...(strays.get(shelfOf(movement)) ?? []), movement]);
  return strays;
};
const isStray = (movement: unknown, packages: ReadonlySet<string>): boolean => {
  const [, packageId] = SHIP.exec(String(fieldOf(movement, '_id'))) ?? [];
  // One that was folded or is of 0.1.0 is older than any backup that this program makes.
  return packageId !== undefined && fieldOf(movement, 'rev') !== undefined && !packages.has(packageId);
};
const shelfOf = ({ workspaceId, location, sku }: Raw): string =>
  `${String(workspaceId)}|${String(location)}|${String(sku)}`;

/**
 * A shelf as if those packages had not left: their units lie there and are held for their lines again. Whoever packs finds the order
 * as it is in the backup, or as it is read back, and packs it under the same name.
 */
const withoutStrays = (level: Raw, ledger: readonly Raw[], packages: ReadonlySet<string>): Raw => {
  const journal = Array.isArray(level['journal']) ? level['journal'] : [];
  const counted = ledger.filter((movement) => numberOf(movement['rev']) <= numberOf(level['rev']));
  const strays = new Map<string, unknown>(
    [...counted, ...journal.filter((movement) => isStray(movement, packages))].map((m) => [
      String(fieldOf(m, '_id')),
      m,
    ]),
  );
  if (strays.size === 0) return level;
  const held = new Map<string, { key: string; orderId: string; quantity: number }>();
  for (const line of Array.isArray(level['open']) ? level['open'] : [])
    held.set(String(fieldOf(line, 'key')), {
      key: String(fieldOf(line, 'key')),
      orderId: String(fieldOf(line, 'orderId')),
      quantity: numberOf(fieldOf(line, 'quantity')),
    });
  let [onHand, reserved] = [numberOf(level['onHand']), numberOf(level['reserved'])];
  for (const [id, movement] of strays) {
    const key = SHIP.exec(id)?.[2] ?? '';
    const quantity = -numberOf(fieldOf(movement, 'reserved'));
    onHand -= numberOf(fieldOf(movement, 'onHand'));
    reserved += quantity;
    const before = held.get(key) ?? { key, orderId: '', quantity: 0 };
    held.set(key, { ...before, quantity: before.quantity + quantity });
  }
  return {
    ...level,
    onHand,
    reserved,
    open: [...held.values()],
    journal: journal.filter((movement) => !strays.has(String(fieldOf(movement, '_id')))),
    toPublish: true,
  };
};

/** What is put back otherwise than it was. */
const changesOnTheWay = (packages: ReadonlySet<string>, strays: ReadonlyMap<string, Raw[]>) => {
  const revisions = new Map<string, number>();
  const live = new Map<string, string[]>();
  const workspaces = new Set<string>();
  const rows: Readonly<Record<string, (document: Raw) => Raw | null>> = {
    workspaces(document) {
      workspaces.add(String(document['_id']));
      return document;
    },
    connections(document) {
      const workspaceId = String(document['workspaceId']);
      if (document['live'] === true) live.set(workspaceId, [...(live.get(workspaceId) ?? []), String(document['_id'])]);
      return { ...document, live: false };
    },
    levels(document) {
      revisions.set(String(document['_id']), numberOf(document['rev']));
      return withoutStrays(document, strays.get(String(document['_id'])) ?? [], packages);
    },
    /** The shelf does not hold what this one did: whoever asked for it asks again and must find that it was not counted. */
    movements(document) {
      if (isStray(document, packages)) return null;
      const { rev } = document;
      const counted = revisions.get(shelfOf(document));
      return rev === undefined || (counted !== undefined && numberOf(rev) <= counted) ? document : null;
    },
  };
  return { rows, live, workspaces };
};

/** Inserts what is not there yet: a restore that was cut off is run again. */
const insertMissing = async (db: Db, collection: string, documents: readonly Raw[]): Promise<void> => {
  if (documents.length === 0) return;
  try {
    await db.collection(collection).insertMany([...documents], { ordered: false });
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError)) throw error;
    const other = [error.writeErrors].flat().find(({ code }) => code !== DUPLICATE);
    if (other) throw error;
  }
};

/**
 * Puts a backup into an empty store, after its files were proven whole. The store is left quiet: no connection is live, and each
 * workspace knows from which backup it came; what follows from that is src/app/restore. One that was cut off goes on when it is
 * run again with the same backup; until it has ended the product does not start on the store.
 */
export const restore = async (options: {
  db: Db;
  folder: string;
  /** The version of a store that this program knows. */
  newest: number;
  say(line: string): void;
}): Promise<Manifest> => {
  const { db, folder, newest, say } = options;
  const manifest = readManifest(folder);
  if (manifest.storeVersion > newest)
    throw storeRefused(
      `This backup has store version ${manifest.storeVersion}, written by Crossdock ${manifest.product}; this program knows versions up to ${newest}: use a newer one.`,
    );
  for (const { file, sha256 } of manifest.files)
    if ((await sha256Of(path.join(folder, file)).catch(() => '')) !== sha256)
      throw storeRefused(`${path.join(folder, file)} is missing or not what the backup wrote: nothing was restored.`);
  const meta = metaOf(db);
  const before = await meta.restored.get();
  const goesOn = before?.state === 'under way' && before.backupId === manifest.id;
  if (!goesOn && !(await isEmpty(db)))
    throw storeRefused(
      'The store is not empty: a backup goes into an empty store only. Give another DATA_DIR or database.',
    );
  const mark = {
    backupId: manifest.id,
    backupStartedAtMs: Date.parse(manifest.clockStartedAt),
    backupEndedAtMs: Date.parse(manifest.clockEndedAt),
    restoredAtMs: Date.now(),
  };
  await meta.restored.put({ ...mark, state: 'under way' });
  const packages = await packagesIn(folder, manifest);
  const { rows, live, workspaces } = changesOnTheWay(packages, await strayMovements(folder, manifest, packages));
  for (const { collection, file, documents } of manifest.files) {
    const row = rows[collection] ?? ((document: Raw) => document);
    let batch: Raw[] = [];
    let read = 0;
    for await (const stored of linesOf(path.join(folder, file))) {
      const document = row(stored);
      read += 1;
      if (document) batch.push(document);
      if (batch.length < BATCH) continue;
      await insertMissing(db, collection, batch);
      batch = [];
    }
    await insertMissing(db, collection, batch);
    if (read !== documents) throw storeRefused(`${file} holds ${read} documents, not ${documents}.`);
    if (documents > 0) say(`Restore: ${collection}, ${documents} documents.`);
  }
  const quiet = [...workspaces].map((workspaceId) => ({
    _id: restoreId(workspaceId),
    workspaceId,
    ...mark,
    live: live.get(workspaceId) ?? [],
    reconciledAtMs: null,
    resumedAtMs: null,
    state: 'quiet',
    schemaVersion: restores.schemaVersion,
  })) satisfies readonly RestoreRecord[];
  await insertMissing(db, restores.collection, quiet);
  await meta.store.put({ version: manifest.storeVersion, product: manifest.product, step: null });
  await meta.restored.put({ ...mark, state: 'done' });
  return manifest;
};

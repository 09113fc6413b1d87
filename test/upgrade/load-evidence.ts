import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { BSON, type Db, MongoClient } from 'mongodb';
import { z } from 'zod';
import { makeSecrets } from '#runtime/secrets.ts';
import { keptPort } from '#simulator/kept-port.ts';
import { PLACES, type Place } from '#simulator/world.ts';

/** What version 0.1.0 has left behind, a folder a set. See 0.1.0/README.md. */
export const EVIDENCE = path.resolve(import.meta.dirname, '0.1.0');
export const SETS = ['demo', 'history', 'states'] as const;
export type EvidenceSet = (typeof SETS)[number];

const Facts = z.object({
  set: z.enum(SETS),
  version: z.literal('0.1.0'),
  commit: z.string(),
  /** The world's clock as it was last written down. */
  clockMs: z.number(),
  clock: z.string(),
  /** Clock time to real time while the set was made. */
  rate: z.number(),
  workspaceId: z.string(),
  productPort: z.number(),
  sandboxPorts: z.record(z.enum(PLACES), z.number()),
  /** Documents by collection. */
  counts: z.record(z.string(), z.number()),
  /** Ids of the orders that are worth a look, by the order's number. */
  orders: z.record(
    z.string(),
    z.object({
      orderId: z.string(),
      legs: z.array(z.string()),
      shipments: z.array(z.string()),
      returns: z.array(z.string()),
    }),
  ),
  /** Ids of the connections by name (`states` only). */
  connections: z.record(z.string(), z.string()).optional(),
  /** The played week, how many events its story has, and how many were told (`history` only). */
  week: z.record(z.string(), z.number()).optional(),
  events: z.number().optional(),
  told: z.number().optional(),
});
export type EvidenceFacts = z.infer<typeof Facts>;

export const factsOf = (set: EvidenceSet): EvidenceFacts =>
  Facts.parse(JSON.parse(readFileSync(path.join(EVIDENCE, set, 'facts.json'), 'utf8')));

/** The documents of a collection as 0.1.0 wrote them: canonical extended JSON, one a line, in the order of ids. */
export const linesOf = (set: EvidenceSet, collection: string): string[] =>
  gunzipSync(readFileSync(path.join(EVIDENCE, set, `${collection}.ndjson.gz`)))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');

export const collectionsOf = (set: EvidenceSet): string[] =>
  readdirSync(path.join(EVIDENCE, set))
    .flatMap((file) => /^(\w+)\.ndjson\.gz$/.exec(file)?.[1] ?? [])
    .sort();

export interface LoadOptions {
  /** An empty database, as `freshDatabase()` gives it. */
  mongodbUri: string;
  /** An empty folder: the world's file goes there, and the master key into `product/` below it. */
  folder: string;
  /**
   * `new` (the default): every sandbox and the product get a port that is free now, and all that names the old ones is rewritten in
   * the copy. So several tests may hold the same set at once. `kept`: all stays as 0.1.0 wrote it; the old ports have to be free.
   */
  ports?: 'new' | 'kept';
}

export interface LoadedSet {
  facts: EvidenceFacts;
  mongodbUri: string;
  /** For `openWorld({ folder: worldFolder, startMs: facts.clockMs, … })`. */
  worldFolder: string;
  /** A product's DATA_DIR: it holds master.key and nothing else. */
  dataDir: string;
  /** The same key, as MASTER_KEY takes it. */
  masterKey: string;
  /** Where the storefronts and CJ send their webhooks: start the product with this PORT. */
  productPort: number;
  sandboxPorts: Readonly<Record<Place, number>>;
}

/** The text with the new port in place of each old one. */
type Moved = (text: string) => string;

/** Each test process chooses among ports of its own: between the choice and its use no other test takes one. */
const OWN = 400;
const ownRange = (): { from: number; to: number } => {
  const from = 12_000 + OWN * (Number(process.env['VITEST_POOL_ID'] ?? 0) % 20);
  return { from, to: from + OWN };
};

const newPorts = async (facts: EvidenceFacts): Promise<Map<string, number>> => {
  const ports = new Map<string, number>();
  const taken = new Map<string, string>();
  for (const name of [...PLACES.map((place) => `port.${place}`), 'product.port'])
    for (;;) {
      const port = await keptPort({ get: () => null, put: () => {} }, name, name, ownRange());
      if (taken.has(String(port))) continue;
      taken.set(String(port), name);
      ports.set(name, port);
      break;
    }
  if (facts.productPort === 0) throw new Error(`${facts.set}: the port of the product is not known`);
  return ports;
};

const Row = z.object({ n: z.number(), json: z.string() });
const Delivery = z.looseObject({ url: z.string(), headers: z.object({}), body: z.string() });

/** The ports in the world's file: the facts, who is told by webhooks, and what is still to be delivered. */
const moveWorld = (file: string, ports: ReadonlyMap<string, number>, moved: Moved): void => {
  const db = new DatabaseSync(file);
  try {
    for (const [name, port] of ports)
      db.prepare('INSERT OR REPLACE INTO world_facts (id, json) VALUES (?, ?)').run(
        name,
        JSON.stringify({ value: String(port) }),
      );
    const tables = db
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%json TEXT%'")
      .all()
      .map((row) => String(row['name']));
    for (const table of tables)
      for (const found of db.prepare(`SELECT n, json FROM ${table} WHERE json LIKE '%127.0.0.1:%'`).all()) {
        const { n, json } = Row.parse(found);
        const delivery = Delivery.safeParse(JSON.parse(json));
        // The body of a webhook is signed: it goes as it was written.
        const text = delivery.success
          ? JSON.stringify({ ...delivery.data, url: moved(delivery.data.url) })
          : moved(json);
        db.prepare(`UPDATE ${table} SET json = ? WHERE n = ?`).run(text, n);
      }
  } finally {
    db.close();
  }
};

const Sealed = z.looseObject({ _id: z.string(), workspaceId: z.string(), credentials: z.string() });

/** WooCommerce and the feed keep the vendor's address among the credentials, which are sealed for the place where they stand. */
const moveCredentials = async (db: Db, masterKey: string, moved: Moved): Promise<void> => {
  const secrets = makeSecrets([Buffer.from(masterKey, 'base64')]);
  const connections = db.collection<{ _id: string; credentials: string }>('connections');
  for (const found of await connections.find().toArray()) {
    const { _id, workspaceId, credentials } = Sealed.parse(found);
    const place = { workspaceId, collection: 'connections', documentId: _id, field: 'credentials' };
    const text = secrets.open(credentials, place);
    if (moved(text) !== text)
      await connections.updateOne({ _id }, { $set: { credentials: secrets.seal(moved(text), place) } });
  }
};

const IndexSpec = z.looseObject({
  key: z.record(z.string(), z.union([z.literal(1), z.literal(-1)])),
  name: z.string(),
});
const Indexes = z.record(z.string(), z.array(IndexSpec));

/**
 * Puts a set where a product can go on with it: its documents and indexes into a database, the world's file and the master key into a
 * folder. The evidence itself is only read.
 */
export const loadEvidence = async (
  set: EvidenceSet,
  { mongodbUri, folder, ports = 'new' }: LoadOptions,
): Promise<LoadedSet> => {
  const facts = factsOf(set);
  const masterKey = readFileSync(path.join(EVIDENCE, 'master-key'), 'utf8').trim();
  const dataDir = path.join(folder, 'product');
  const worldFile = path.join(folder, 'world.db');
  if (existsSync(worldFile)) throw new Error(`${folder} holds a world already`);
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(path.join(dataDir, 'master.key'), `${masterKey}\n`, { mode: 0o600 });
  writeFileSync(worldFile, gunzipSync(readFileSync(path.join(EVIDENCE, set, 'world.db.gz'))));
  if (set === 'history') copyFileSync(path.join(EVIDENCE, set, 'week.csv.gz'), path.join(folder, 'week.csv.gz'));

  const chosen = ports === 'kept' ? new Map<string, number>() : await newPorts(facts);
  const before: [string, number][] = PLACES.map((place) => [`port.${place}`, facts.sandboxPorts[place]]);
  before.push(['product.port', facts.productPort]);
  const replaced = new Map(before.map(([name, port]) => [String(port), String(chosen.get(name) ?? port)]));
  const moved: Moved = (text) =>
    text.replace(/127\.0\.0\.1:(\d+)/g, (whole, port: string) =>
      replaced.has(port) ? `127.0.0.1:${replaced.get(port)}` : whole,
    );
  if (chosen.size > 0) moveWorld(worldFile, chosen, moved);

  const client = new MongoClient(mongodbUri);
  try {
    const db = client.db();
    const indexes = Indexes.parse(JSON.parse(readFileSync(path.join(EVIDENCE, set, 'indexes.json'), 'utf8')));
    for (const name of collectionsOf(set)) {
      const documents = linesOf(set, name).map((line) => BSON.EJSON.parse(moved(line), { relaxed: false }));
      await db.createCollection(name);
      const own = (indexes[name] ?? []).filter(({ name: known }) => known !== '_id_');
      if (own.length > 0) await db.collection(name).createIndexes(own);
      for (let from = 0; from < documents.length; from += 1_000)
        await db.collection(name).insertMany(documents.slice(from, from + 1_000));
    }
    await moveCredentials(db, masterKey, moved);
  } finally {
    await client.close();
  }
  const portOf = (place: Place): number => chosen.get(`port.${place}`) ?? facts.sandboxPorts[place];
  return {
    facts,
    mongodbUri,
    worldFolder: folder,
    dataDir,
    masterKey,
    productPort: chosen.get('product.port') ?? facts.productPort,
    sandboxPorts: {
      shopify: portOf('shopify'),
      woocommerce: portOf('woocommerce'),
      cj: portOf('cj'),
      feed: portOf('feed'),
      easypost: portOf('easypost'),
    },
  };
};

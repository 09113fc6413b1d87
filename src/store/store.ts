import mongoose from 'mongoose';
import type { Document, Documents, Store } from '#app/ports.ts';
import type { Connection } from '#domain/connection.ts';
import type { Workspace } from '#domain/records.ts';
import { COLLECTIONS, type CollectionName } from './collections.ts';
import { WRITERS } from './compare-and-set.ts';
import { documents } from './documents.ts';

type Of<N extends CollectionName> = Store[N] extends Documents<infer T> ? T : never;

/**
 * The database as the rest of the code sees it. Connects, makes the indexes that are missing, and answers by the port alone.
 * What a write returned from is on the majority's disks.
 */
export const openStore = async (uri: string): Promise<Store> => {
  const connection = mongoose.createConnection(uri, {
    serverSelectionTimeoutMS: 10_000,
    autoIndex: false,
    maxPoolSize: 32,
    w: 'majority',
    ignoreUndefined: true,
  });
  await connection.asPromise();
  const { db } = connection;
  if (!db) throw new Error('the database connection has no database');
  const collection = (name: CollectionName) => db.collection<{ _id: string }>(name);

  const open = <N extends CollectionName>(name: N): Documents<Of<N> & Document> =>
    documents(collection(name), name, COLLECTIONS[name], stored<Of<N> & Document>);

  await Promise.all(
    (Object.keys(COLLECTIONS) as CollectionName[]).map(async (name) => {
      const { lists, due, recent } = COLLECTIONS[name];
      const keys: Record<string, 1 | -1>[] = [
        { workspaceId: 1, _id: 1 },
        ...lists.map((row) =>
          Object.fromEntries([
            ['workspaceId', 1 as const],
            ...row.map((field) => [field, 1 as const] as const),
            ['_id', 1 as const],
          ]),
        ),
      ];
      if (recent) keys.push({ workspaceId: 1, [recent]: -1 });
      if (due) keys.push({ dueAtMs: 1 });
      await collection(name).createIndexes(keys.map((key) => ({ key })));
    }),
  );

  return {
    workspaces: open('workspaces'),
    connections: open('connections'),
    offers: open('offers'),
    listings: open('listings'),
    orders: open('orders'),
    legs: open('legs'),
    shipments: open('shipments'),
    returns: open('returns'),
    levels: open('levels'),
    movements: open('movements'),
    approvals: open('approvals'),
    charges: open('charges'),
    postings: open('postings'),
    exceptions: open('exceptions'),
    tradeLists: open('tradeLists'),
    tradeListParts: open('tradeListParts'),
    inbox: open('inbox'),
    apiKeys: open('apiKeys'),
    answers: open('answers'),
    tokens: open('tokens'),
    taxClaims: open('taxClaims'),
    cases: open('cases'),
    async allWorkspaces({ after = '', limit }) {
      const found = await collection('workspaces')
        .find({ _id: { $gt: after } })
        .sort({ _id: 1 })
        // SecantusDB reads the whole collection for a range of ids unless it is told.
        .hint({ _id: 1 })
        .limit(limit)
        .toArray();
      return found.map(stored<Workspace>);
    },
    async findConnection(id) {
      const found = await collection('connections').findOne({ _id: id });
      return found ? stored<Connection>(found) : null;
    },
    async ready() {
      const probe = collection('tokens');
      await probe.updateOne({ _id: 'ready-probe' }, { $set: { workspaceId: '-', at: Date.now() } }, { upsert: true });
      return true;
    },
    close: () => connection.close(),
  };
};

/**
 * What we wrote comes back as it was, but for the store's own mark: every document is written through the port's types, by this code
 * alone, so that reading trusts them instead of parsing each one again.
 */
function stored<T>({ [WRITERS]: _, ...document }: { _id: string; [WRITERS]?: unknown }): T {
  return document as T;
}

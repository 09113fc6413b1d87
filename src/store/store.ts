import type { Document, Documents, Store } from '#app/ports.ts';
import type { Connection } from '#domain/connection.ts';
import type { Workspace } from '#domain/records.ts';
import { COLLECTION_OF_SUBJECT, COLLECTIONS, type CollectionName } from './collections.ts';
import { WRITERS } from './compare-and-set.ts';
import { connectTo } from './connect.ts';
import { FILED, UNFILED } from './define-model.ts';
import { documents } from './documents.ts';
import { newsStore } from './news.ts';

type Of<N extends CollectionName> = Store[N] extends Documents<infer T> ? T : never;

/**
 * The database as the rest of the code sees it. Connects, makes the indexes that are missing, and answers by the port alone.
 * What a write returned from is on the majority's disks. Migrations are not run here: see `prepareStore`.
 */
export const openStore = async (uri: string): Promise<Store> => {
  const { connection, db } = await connectTo(uri);
  const collection = (name: CollectionName) => db.collection<{ _id: string }>(COLLECTIONS[name].collection);

  const open = <N extends CollectionName>(name: N): Documents<Of<N> & Document> =>
    documents(collection(name), COLLECTIONS[name], stored<Of<N> & Document>);

  await Promise.all(
    Object.values(COLLECTIONS).map(async ({ collection: name, mongooseSchema }) => {
      const model = connection.model(name, mongooseSchema, name);
      // In one command, where the model's own way sends one after the other.
      await db.collection(name).createIndexes(model.schema.indexes().map(([key]) => ({ key: keyOf(key) })));
    }),
  );

  return {
    workspaces: open('workspaces'),
    dues: open('dues'),
    connections: open('connections'),
    accountClaims: open('accountClaims'),
    locations: open('locations'),
    variants: open('variants'),
    offers: open('offers'),
    listings: open('listings'),
    orders: open('orders'),
    orderBodies: open('orderBodies'),
    legs: open('legs'),
    shipments: open('shipments'),
    returns: open('returns'),
    levels: open('levels'),
    movements: open('movements'),
    foldedMovements: open('foldedMovements'),
    approvals: open('approvals'),
    charges: open('charges'),
    postings: open('postings'),
    exceptions: open('exceptions'),
    rates: open('rates'),
    tradeLists: open('tradeLists'),
    tradeListParts: open('tradeListParts'),
    inbox: open('inbox'),
    apiKeys: open('apiKeys'),
    answers: open('answers'),
    tokens: open('tokens'),
    taxClaims: open('taxClaims'),
    cases: open('cases'),
    retentionRuns: open('retentionRuns'),
    restores: open('restores'),
    restoreChecks: open('restoreChecks'),
    events: open('events'),
    eventChains: open('eventChains'),
    erasures: open('erasures'),
    setAside: open('setAside'),
    news: newsStore(db, COLLECTION_OF_SUBJECT, COLLECTIONS.events.collection),
    async allWorkspaces({ after = '', limit }) {
      const found = await collection('workspaces')
        // A workspace's own id and the one of its documents are the same. By `_id` SecantusDB follows no order: see walk.ts.
        .find({ workspaceId: { $gt: after } })
        .sort({ workspaceId: 1, _id: 1 })
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

const keyOf = (key: Readonly<Record<string, unknown>>): Record<string, 1 | -1> =>
  Object.fromEntries(Object.entries(key).map(([field, way]) => [field, way === -1 ? -1 : 1]));

/**
 * What we wrote comes back as it was, but for the store's own marks: every document is written through the port's types, by this code
 * alone, so that reading trusts them instead of parsing each one again.
 */
function stored<T>({
  [WRITERS]: _,
  schemaVersion: __,
  [UNFILED]: ___,
  [FILED]: ____,
  ...document
}: {
  _id: string;
  [WRITERS]?: unknown;
  schemaVersion?: unknown;
  [UNFILED]?: unknown;
  [FILED]?: unknown;
}): T {
  return document as T;
}

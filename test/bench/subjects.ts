import path from 'node:path';
import { MongoClient } from 'mongodb';
import { z } from 'zod';
import { type Bench, becomes, databaseFor, pause, prefixFor } from './bench.ts';
import { ITEM, type Outside, openOutside, quiet, watchServers } from './outside.ts';
import { startChild, startProduct } from './processes.ts';
import { connect } from './shop.ts';

/** Jobs at once in one process: the product's own default, and the same for the bare one. */
const CONCURRENCY = 30;
const RUN_LIMIT_MS = 60_000;

/** One side of a comparison of whole orders: a process of its own on an outside and a database of its own. */
export interface Subject {
  name: 'ours' | 'baseline';
  outside: Outside;
  /** Orders of these shop ids that the side's own database calls closed. */
  closed(externalIds: readonly string[]): Promise<number>;
}

const openDatabase = async (bench: Bench, uri: string) => {
  const client = await new MongoClient(uri).connect();
  bench.onStop(() => client.close());
  return client.db();
};

/** Counts orders by what only a full read tells: their number is small, and nothing is timed meanwhile. */
const closedIn =
  (database: Awaited<ReturnType<typeof openDatabase>>, idField: string) =>
  async (externalIds: readonly string[]): Promise<number> => {
    const wanted = new Set(externalIds);
    const rows = await database
      .collection<Record<string, unknown>>('orders')
      .find({}, { projection: { [idField]: 1, state: 1 } })
      .toArray();
    return rows.filter((row) => row['state'] === 'closed' && wanted.has(String(row[idField]))).length;
  };

export const openOurs = async (bench: Bench): Promise<Subject> => {
  const outside = await openOutside(bench, 'ours');
  const database = databaseFor(bench, 'ours');
  const product = await startProduct(bench, {
    name: 'ours',
    role: 'all',
    database,
    prefix: prefixFor('ours'),
    dataDir: path.join(bench.folder, 'ours'),
    clockUrl: outside.clock.url,
    hosts: outside.hosts,
    concurrency: CONCURRENCY,
  });
  outside.fast();
  await connect(bench, product, outside);
  outside.slow();
  return { name: 'ours', outside, closed: closedIn(await openDatabase(bench, database), 'externalId') };
};

const ShopKeys = z.object({ site: z.string(), consumerKey: z.string(), consumerSecret: z.string() });

export const openBaseline = async (bench: Bench): Promise<Subject> => {
  const outside = await openOutside(bench, 'baseline');
  const database = databaseFor(bench, 'baseline');
  const { site, consumerKey, consumerSecret } = ShopKeys.parse(outside.shop.credentials);
  outside.fast();
  const child = startChild(bench, {
    name: 'baseline',
    file: 'test/bench/baseline/orders.ts',
    args: [
      JSON.stringify({
        redisUrl: bench.redisUrl,
        database,
        prefix: prefixFor('baseline'),
        concurrency: CONCURRENCY,
        shop: { url: site, key: consumerKey, secret: consumerSecret },
        supplier: { endpoint: outside.supplier.settings.endpoint, ...outside.supplier.credentials },
        skus: { [ITEM.sku]: ITEM.externalSku },
      }),
    ],
  });
  await child.line(/^ready /);
  outside.slow();
  return { name: 'baseline', outside, closed: closedIn(await openDatabase(bench, database), '_id') };
};

export interface Timed {
  seconds: number;
  perSecond: number;
  /** Requests that the two vendors answered for one order. */
  callsPerOrder: number;
  /** What is not as it has to be, in words. */
  missing: string[];
}

const isConfirmation = (method: string | undefined, url: string | undefined): boolean =>
  method === 'PUT' && /\/orders\/\d+$/.test(url ?? '');

/** The two books after the orders, against the books before them: one purchase and one confirmation an order, no other. */
export const openBooks = ({ shop, supplier }: Outside) => {
  const before = {
    purchases: new Set(supplier.effects('purchases').map(({ id }) => id)),
    confirmations: new Set(shop.effects('confirmations').map(({ id }) => id)),
  };
  return (orders: readonly string[]): string[] => {
    const purchases = supplier.effects('purchases').filter(({ id }) => !before.purchases.has(id));
    const references = new Set(purchases.map(({ reference }) => reference));
    const confirmed = shop
      .effects('confirmations')
      .filter(({ id }) => !before.confirmations.has(id))
      .map(({ id }) => id.split(':')[0] ?? '');
    const told = new Set(confirmed);
    const missing: string[] = [];
    if (purchases.length !== orders.length || references.size !== orders.length)
      missing.push(`${purchases.length} purchases under ${references.size} references for ${orders.length} orders`);
    const silent = orders.filter((id) => !told.has(id));
    if (confirmed.length !== orders.length || silent.length > 0)
      missing.push(
        `${confirmed.length} confirmations for ${orders.length} orders` +
          (silent.length > 0 ? `, none for the shop's ${silent.slice(0, 5).join(', ')}` : ''),
      );
    return missing;
  };
};

let runs = 0;

/** Places `count` orders at once and times from the first webhook to the last confirmation that the shop has booked. */
export const runOrders = async (bench: Bench, subject: Subject, count: number): Promise<Timed> => {
  const { outside, closed } = subject;
  runs += 1;
  const references = Array.from({ length: count }, (_, n) => `R${runs}-${n}`);
  const books = openBooks(outside);
  const callsBefore = outside.answered();
  const shopPort = Number(new URL(outside.shop.url).port);
  let confirmed = 0;
  let last = 0;
  const stop = watchServers({
    answered(request, port) {
      if (port !== shopPort || !isConfirmation(request.method, request.url)) return;
      confirmed += 1;
      last = performance.now();
    },
  });
  try {
    outside.fast();
    const placed = outside.place(references);
    const started = performance.now();
    await becomes(bench, () => confirmed >= count, RUN_LIMIT_MS);
    const seconds = (last - started) / 1_000;
    await becomes(bench, async () => (await closed(placed)) === count, 10_000, 100);
    await quiet(outside);
    const missing = books(placed);
    const done = await closed(placed);
    if (done !== count) missing.push(`${done} of ${count} orders are closed`);
    return {
      seconds,
      perSecond: count / seconds,
      callsPerOrder: (outside.answered() - callsBefore) / count,
      missing: missing.map((what) => `${subject.name}: ${what}`),
    };
  } finally {
    stop();
    outside.slow();
    await pause(200);
  }
};

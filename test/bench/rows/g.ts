import path from 'node:path';
import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';
import { type Bench, becomes, databaseFor, prefixFor, type Row } from '../bench.ts';
import { FAST, openOutside, quiet } from '../outside.ts';
import { startProduct } from '../processes.ts';
import { connect } from '../shop.ts';
import { median } from '../stats.ts';
import { openBooks } from '../subjects.ts';

const ORDERS = 50;
/** Enough for every one of the orders in one lane. */
const CONCURRENCY = 200;
/** A parcel leaves well after its purchase has been written down: a message that overtakes it is another matter than a kill. */
const SHIP_AFTER_REAL_MS = 300;
const LANES = ['inbound', 'orders', 'outbound', 'bulk'] as const;

/**
 * Fifty orders, each with one job under way in one worker when that is killed: at the shop's read, at the supplier's purchase (half
 * of them taken by the supplier already), at the shop's confirmation (half of them booked already).
 */
const hold = ({ shop, supplier }: Awaited<ReturnType<typeof openOutside>>): void => {
  const order = /\/orders\/\d+$/;
  shop.faults.next('hang', { method: 'GET', path: order, times: 15 });
  supplier.faults.next('hang', { method: 'POST', path: /createOrderV2$/, times: 10 });
  supplier.faults.next('hang_after_commit', { method: 'POST', path: /createOrderV2$/, times: 10 });
  shop.faults.next('hang', { method: 'PUT', path: order, times: 7 });
  shop.faults.next('hang_after_commit', { method: 'PUT', path: order, times: 8 });
};

const round = async (bench: Bench, n: number): Promise<{ seconds: number; missing: string[] }> => {
  const limitMs = bench.quick ? 50_000 : 120_000;
  const outside = await openOutside(bench, `kill-${n}`, { shipAfterRealMs: SHIP_AFTER_REAL_MS });
  const database = databaseFor(bench, `kill-${n}`);
  const options = {
    database,
    prefix: prefixFor(`kill-${n}`),
    dataDir: path.join(bench.folder, `kill-${n}`),
    clockUrl: outside.clock.url,
    hosts: outside.hosts,
    concurrency: CONCURRENCY,
  };
  const api = await startProduct(bench, { ...options, name: `api-${n}`, role: 'api' });
  outside.fast();
  await connect(bench, api, outside);
  const doomed = await startProduct(bench, { ...options, name: `doomed-${n}`, role: 'worker' });
  const redis = new Redis(bench.redisUrl, { maxRetriesPerRequest: 3 });
  bench.onStop(async () => redis.disconnect());
  const client = await new MongoClient(database).connect();
  bench.onStop(() => client.close());
  const active = async (): Promise<number> =>
    (await Promise.all(LANES.map((lane) => redis.llen(`${options.prefix}:${lane}:active`)))).reduce((a, b) => a + b, 0);
  const states = async (): Promise<Record<string, number>> => {
    const rows = await client
      .db()
      .collection<{ state: string }>('orders')
      .find({}, { projection: { state: 1 } })
      .toArray();
    return Object.fromEntries(
      [...Map.groupBy(rows, (row) => row.state)].map(([state, group]) => [state, group.length]),
    );
  };

  /** Legs that have not shipped, for whoever looks for what went wrong. */
  const openLegs = async (): Promise<string> => {
    const legs = client.db().collection<{ state: string; externalId: string; dueAtMs: number | null }>('legs');
    const open = (await legs.find({}).toArray()).filter(({ state }) => state !== 'shipped' && state !== 'delivered');
    return open
      .slice(0, 5)
      .map(({ state, externalId, dueAtMs }) => {
        const inSeconds =
          dueAtMs === null ? 'never' : ((dueAtMs - outside.clock.clock.now()) / FAST / 1_000).toFixed(0);
        return `${state}${externalId === '' ? ', not known to the supplier' : ''}, due in ${inSeconds} s`;
      })
      .join('; ');
  };

  const books = openBooks(outside);
  hold(outside);
  const placed = outside.place(Array.from({ length: ORDERS }, (_, index) => `K${n}-${index}`));
  // Under way is what a vendor holds without an answer: exactly that many, and nothing else that moves.
  const held = await becomes(bench, () => outside.hanging() === ORDERS, 30_000, 25);
  await quiet(outside);
  if (!held || outside.hanging() !== ORDERS)
    throw new Error(`${outside.hanging()} requests are held at the vendors, of ${ORDERS} wanted`);
  const survivor = await startProduct(bench, { ...options, name: `survivor-${n}`, role: 'worker' });
  const underWay = await active();
  await doomed.child.kill();
  const killed = performance.now();
  let reported = 0;
  const done = await becomes(
    bench,
    async () => {
      const now = await states();
      if (performance.now() - killed > (reported + 1) * 5_000) {
        reported += 1;
        bench.say(`    ${reported * 5} s after the kill: ${JSON.stringify(now)}`);
      }
      return now['closed'] === ORDERS;
    },
    limitMs,
    50,
  );
  const seconds = (performance.now() - killed) / 1_000;
  await quiet(outside);
  const missing = books(placed);
  if (!done)
    missing.push(
      `after ${limitMs / 1_000} s the orders are ${JSON.stringify(await states())}; legs: ${await openLegs()}`,
    );
  bench.say(
    `  round ${n}: ${underWay} jobs under way, ${done ? '' : 'NOT '}all ${ORDERS} orders done ${seconds.toFixed(2)} s after kill -9`,
  );
  await survivor.child.stop();
  await api.child.stop();
  return { seconds, missing };
};

/** Seconds from the kill -9 of a worker with fifty jobs under way until the other worker has done all of them. */
export const workerKilled = async (bench: Bench): Promise<Row> => {
  const rounds = bench.quick ? 1 : 3;
  const seconds: number[] = [];
  const missing: string[] = [];
  for (let n = 1; n <= rounds && missing.length === 0; n += 1) {
    const one = await round(bench, n);
    seconds.push(one.seconds);
    missing.push(...one.missing.map((what) => `round ${n}: ${what}`));
  }
  return {
    id: 'g',
    title: 'kill -9 of a worker with 50 jobs under way → all done',
    value: median(seconds),
    low: Math.min(...seconds),
    high: Math.max(...seconds),
    unit: 's',
    ours: median(seconds),
    baseline: null,
    pairs: rounds,
    delivered: missing.length === 0,
    missing,
    notes: [
      `another worker is alive when the first is killed; ${rounds} rounds, low and high are the fastest and the slowest ` +
        '(no interval)',
      `of it ${SHIP_AFTER_REAL_MS} ms are the supplier's, from a purchase to its parcel`,
    ],
  };
};

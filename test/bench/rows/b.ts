import path from 'node:path';
import { MongoClient } from 'mongodb';
import { z } from 'zod';
import { type Bench, databaseFor, pause, prefixFor, type Row, wordsOf } from '../bench.ts';
import { openOutside } from '../outside.ts';
import { type Child, startChild, startProduct } from '../processes.ts';
import { connect } from '../shop.ts';
import { median, medianInterval } from '../stats.ts';

const BODY_BYTES = 4_096;
const CONNECTIONS = 64;
/** An open loop needs enough connections that a slow answer holds up none of the next. */
const OPEN_CONNECTIONS = 256;

const Result = z.object({
  seconds: z.number(),
  statuses: z.record(z.string(), z.number()),
  p50: z.number(),
  p99: z.number(),
});
type Result = z.infer<typeof Result>;

const load = async (
  child: Child,
  run: { url: string; secret: string; from: number; count: number; connections: number; perSecond: number | null },
): Promise<Result> => {
  child.send(JSON.stringify({ ...run, bodyBytes: BODY_BYTES }));
  const [, text = ''] = await child.line(/^result (.*)$/, 120_000);
  return Result.parse(JSON.parse(text));
};

/** The product's API without workers, connected to a shop, and the bare receiver, both with the same secret. */
const openSides = async (bench: Bench) => {
  const outside = await openOutside(bench, 'intake');
  const database = databaseFor(bench, 'intake');
  const product = await startProduct(bench, {
    name: 'intake-ours',
    role: 'api',
    database,
    prefix: prefixFor('intake'),
    dataDir: path.join(bench.folder, 'intake'),
    clockUrl: outside.clock.url,
    hosts: outside.hosts,
  });
  outside.fast();
  const { shop } = await connect(bench, product, outside);
  outside.slow();
  const [hook] = outside.db.table<{ secret: string }>('woo_webhooks').all();
  const secret = hook?.secret ?? '';
  const bare = startChild(bench, { name: 'intake-bare', file: 'test/bench/baseline/intake.ts', args: [secret] });
  const [, bareUrl = ''] = await bare.line(/^ready (\S+)$/);
  const client = await new MongoClient(database).connect();
  bench.onStop(() => client.close());
  const inbox = client.db().collection<{ _id: string; connectionId: string; meaning: { externalId: string } }>('inbox');
  return {
    secret,
    ours: `${product.url}/webhooks/${shop}`,
    baseline: `${bareUrl}/webhooks/${shop}`,
    /** Order ids in the inbox, each as often as it stands there. */
    async stored(): Promise<string[]> {
      const rows = await inbox.find({ connectionId: shop }, { projection: { meaning: 1 } }).toArray();
      return rows.map((row) => row.meaning.externalId);
    },
  };
};

const refusals = (name: string, { statuses }: Result, count: number): string[] =>
  statuses['200'] === count ? [] : [`${name}: answers were ${JSON.stringify(statuses)}, not ${count} × 200`];

/** Webhooks a second that are stored before they are answered, each once, against a receiver that stores nothing. */
export const webhookIntake = async (bench: Bench): Promise<Row> => {
  const [pairs, count] = bench.quick ? [3, 2_000] : [8, 6_000];
  const sides = await openSides(bench);
  const child = startChild(bench, { name: 'load', file: 'test/bench/load.ts' });
  await child.line(/^ready/);
  const missing: string[] = [];
  const sent = new Set<string>();
  let from = 1;
  const run = async (side: 'ours' | 'baseline', requests: number, perSecond: number | null): Promise<Result> => {
    const connections = perSecond === null ? CONNECTIONS : OPEN_CONNECTIONS;
    const result = await load(child, {
      url: sides[side],
      secret: sides.secret,
      from,
      count: requests,
      connections,
      perSecond,
    });
    missing.push(...refusals(side, result, requests));
    if (side === 'ours') {
      for (let id = from; id < from + requests; id += 1) sent.add(String(id));
      const stored = await sides.stored();
      const known = new Set(stored);
      const lost = [...sent].filter((id) => !known.has(id));
      if (lost.length > 0)
        missing.push(`ours: ${lost.length} webhooks are not in the inbox: ${lost.slice(0, 5).join(', ')}`);
      if (stored.length !== sent.size)
        missing.push(`ours: ${stored.length} webhooks in the inbox for ${sent.size} that were sent`);
    }
    from += requests;
    await pause(100);
    return result;
  };

  const seen: { ours: number; baseline: number }[] = [];
  for (let pair = 0; pair < pairs && missing.length === 0; pair += 1) {
    const ours = count / (await run('ours', count, null)).seconds;
    const baseline = count / (await run('baseline', count, null)).seconds;
    bench.say(
      `  pair ${pair + 1}/${pairs}${pair === 0 ? ' (dropped)' : ''}: ours ${ours.toFixed(0)}/s, bare ${baseline.toFixed(0)}/s, ` +
        `ratio ${(ours / baseline).toFixed(3)}`,
    );
    if (pair > 0) seen.push({ ours, baseline });
  }
  const half = median(seen.map(({ ours }) => ours)) / 2;
  const late: { ours: number[]; baseline: number[] } = { ours: [], baseline: [] };
  for (let round = 0; round < (bench.quick ? 1 : 3) && missing.length === 0; round += 1)
    for (const side of ['ours', 'baseline'] as const)
      late[side].push((await run(side, Math.max(100, Math.round(half * 2)), half)).p99);
  const ratios = seen.map(({ ours, baseline }) => ours / baseline);
  const interval = medianInterval(ratios);
  const p99 = { ours: median(late.ours), baseline: median(late.baseline) };
  return {
    id: 'b',
    title: 'webhook intake, durable and once each',
    ratio: median(ratios),
    low: interval.low,
    high: interval.high,
    unit: 'requests/s',
    ours: median(seen.map(({ ours }) => ours)),
    baseline: median(seen.map(({ baseline }) => baseline)),
    pairs: ratios.length,
    delivered: missing.length === 0,
    missing,
    halfLoad: { perSecond: half, p99Ms: p99, p99Ratio: p99.ours / p99.baseline },
    notes: [
      `${count} webhooks of ${BODY_BYTES} bytes a run over ${CONNECTIONS} connections from a process of their own; no workers`,
      `p99 at half of our rate (${half.toFixed(0)}/s, open loop): ours ${p99.ours.toFixed(1)} ms, bare ` +
        `${p99.baseline.toFixed(1)} ms, ${(p99.ours / p99.baseline).toFixed(2)}×`,
      wordsOf(interval, 'order statistics of the per-pair ratios'),
    ],
  };
};

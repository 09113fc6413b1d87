import { type Bench, becomes, pause, type Row, wordsOf } from '../bench.ts';
import { watchServers, watchWebhooks } from '../outside.ts';
import { bootstrapInterval, median, percentile } from '../stats.ts';
import { openBaseline, openBooks, openOurs, type Subject } from '../subjects.ts';

const WARM_UP = 5;
const ORDER_LIMIT_MS = 20_000;
const p95 = (values: readonly number[]): number => percentile(values, 0.95);

/** One order alone: milliseconds from the 2xx of its webhook to the purchase as it reaches the supplier. */
const latencyOf = async (bench: Bench, { outside, closed }: Subject, reference: string): Promise<number | null> => {
  const supplierPort = Number(new URL(outside.supplier.url).port);
  const shopPort = Number(new URL(outside.shop.url).port);
  let taken: number | null = null;
  let bought: number | null = null;
  let confirmed = false;
  const stopHooks = watchWebhooks((topic) => {
    if (topic === 'order.created') taken ??= performance.now();
  });
  const stopServers = watchServers({
    came(request, port) {
      if (port === supplierPort && request.url?.endsWith('/createOrderV2')) bought ??= performance.now();
    },
    answered(request, port) {
      if (port === shopPort && request.method === 'PUT' && /\/orders\/\d+$/.test(request.url ?? '')) confirmed = true;
    },
  });
  try {
    const placed = outside.place([reference]);
    const done = await becomes(bench, async () => confirmed && (await closed(placed)) === 1, ORDER_LIMIT_MS);
    return done && taken !== null && bought !== null ? bought - taken : null;
  } finally {
    stopHooks();
    stopServers();
  }
};

/** How long an order alone waits inside: from the webhook's answer until the supplier has the purchase order. */
export const idleLatency = async (bench: Bench): Promise<Row> => {
  const count = bench.quick ? 15 : 100;
  const subjects = [await openOurs(bench), await openBaseline(bench)];
  const seen = { ours: [] as number[], baseline: [] as number[] };
  const missing: string[] = [];
  const books = subjects.map(({ outside }) => openBooks(outside));
  const placed = subjects.map(() => 0);
  for (const { outside } of subjects) outside.fast();
  for (let n = -WARM_UP; n < count && missing.length === 0; n += 1)
    for (const [index, subject] of subjects.entries()) {
      const latency = await latencyOf(bench, subject, `L${n + WARM_UP}`);
      placed[index] = (placed[index] ?? 0) + 1;
      if (latency === null) missing.push(`${subject.name}: order L${n + WARM_UP} did not go through`);
      else if (n >= 0) seen[subject.name].push(latency);
      // The last webhook of an order (the shop's own "updated") is not to meet the next order.
      await pause(50);
    }
  for (const [index, subject] of subjects.entries()) {
    const { shop } = subject.outside;
    const orders = shop.effects('orders').map(({ id }) => id);
    if (orders.length !== placed[index]) missing.push(`${subject.name}: the shop has ${orders.length} orders`);
    missing.push(...(books[index]?.(orders) ?? []).map((what) => `${subject.name}: ${what}`));
  }
  const interval = bootstrapInterval(seen.ours, p95);
  return {
    id: 'a2',
    title: 'idle: webhook 2xx → purchase at the supplier, p95',
    value: p95(seen.ours),
    low: interval.low,
    high: interval.high,
    unit: 'ms',
    ours: p95(seen.ours),
    baseline: p95(seen.baseline),
    pairs: seen.ours.length,
    delivered: missing.length === 0,
    missing,
    medians: { ours: median(seen.ours), baseline: median(seen.baseline) },
    notes: [
      `median: ours ${median(seen.ours).toFixed(1)} ms, bare ${median(seen.baseline).toFixed(1)} ms; one order at a time, ` +
        'ours and bare in turn, both in a clock so fast that no vendor limit is met',
      wordsOf(interval, 'percentile bootstrap of the p95'),
    ],
  };
};

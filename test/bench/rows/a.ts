import { type Bench, type Row, wordsOf } from '../bench.ts';
import { median, medianInterval } from '../stats.ts';
import { openBaseline, openOurs, runOrders } from '../subjects.ts';

/** Orders a second, end to end: the product against the same life written bare. */
export const ordersPerSecond = async (bench: Bench): Promise<Row> => {
  const [pairs, count] = bench.quick ? [3, 40] : [8, 100];
  const baseline = await openBaseline(bench);
  const ours = await openOurs(bench);
  const seen: { ours: number; baseline: number }[] = [];
  const calls = { ours: 0, baseline: 0 };
  const missing: string[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    const left = await runOrders(bench, ours, count);
    const right = await runOrders(bench, baseline, count);
    missing.push(...left.missing, ...right.missing);
    calls.ours = left.callsPerOrder;
    calls.baseline = right.callsPerOrder;
    bench.say(
      `  pair ${pair + 1}/${pairs}${pair === 0 ? ' (dropped)' : ''}: ours ${left.perSecond.toFixed(1)}/s, bare ` +
        `${right.perSecond.toFixed(1)}/s, ratio ${(left.perSecond / right.perSecond).toFixed(3)}; calls an order ` +
        `${left.callsPerOrder.toFixed(1)} and ${right.callsPerOrder.toFixed(1)}`,
    );
    if (pair > 0) seen.push({ ours: left.perSecond, baseline: right.perSecond });
    if (missing.length > 0) break;
  }
  const ratios = seen.map((pair) => pair.ours / pair.baseline);
  const interval = medianInterval(ratios);
  return {
    id: 'a',
    title: 'orders end to end, drop-ship',
    ratio: median(ratios),
    low: interval.low,
    high: interval.high,
    unit: 'orders/s',
    ours: median(seen.map((pair) => pair.ours)),
    baseline: median(seen.map((pair) => pair.baseline)),
    pairs: ratios.length,
    delivered: missing.length === 0,
    missing,
    callsPerOrder: calls,
    notes: [
      `${count} orders a run; calls to the vendors an order: ours ${calls.ours.toFixed(1)}, bare ${calls.baseline.toFixed(1)}`,
      wordsOf(interval, 'order statistics of the per-pair ratios'),
    ],
  };
};

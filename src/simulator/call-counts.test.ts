import { expect, it } from 'vitest';
import { makeMetrics } from '#telemetry/metrics.ts';
import { allCounts, type CountsByProcess, readCounts } from './call-counts.ts';

const readingOf = async (calls: number, fresh: number, startedAt: number | null): Promise<string> => {
  const metrics = makeMetrics();
  for (let call = 0; call < calls; call += 1)
    metrics.outbound({ connector: call % 2 === 0 ? 'acme' : 'other', status: call % 3 === 0 ? 429 : 200, ms: 1 });
  for (let call = 0; call < fresh; call += 1) metrics.orderReadAgain('acme');
  const { body } = await metrics.render();
  return startedAt === null ? body : `${body}\nprocess_start_time_seconds ${startedAt}\n`;
};

it('counts the calls of each life of the product once, however often they are read', async () => {
  let known: CountsByProcess = {};
  for (const reading of [
    await readingOf(0, 0, 100),
    await readingOf(3, 1, 100),
    await readingOf(7, 2, 100),
    await readingOf(7, 2, 100),
    // Killed and started again; a reading without a process is that of nobody.
    await readingOf(4, 1, 200.5),
    await readingOf(9, 9, null),
    '',
  ])
    known = readCounts(known, reading);
  expect(allCounts(known)).toEqual({ vendorCalls: 11, freshnessCalls: 3 });
});

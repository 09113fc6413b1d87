import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { planStory } from '#simulator/history/plan-story.ts';
import { readHistory } from '#simulator/history/read-history.ts';

const FOLDER = join(import.meta.dirname, '../../../shared/data/online-retail');

/** The real file is next to the project, not in it. */
const findFile = (): string | null => {
  try {
    const name = readdirSync(FOLDER).find((entry) => entry.endsWith('.csv.gz'));
    return name ? join(FOLDER, name) : null;
  } catch {
    return null;
  }
};
const file = findFile();
if (!file) console.warn(`SKIPPED: the figures of the real history, for there is no .csv.gz in ${FOLDER}`);

describe.skipIf(!file)('the real history', () => {
  it('reads as published', async () => {
    const story = planStory(readHistory(file ?? ''), {
      storefronts: [{ negativeFees: false }, { negativeFees: true }],
    });
    const events: Record<string, number> = {};
    for await (const { kind } of story.events) events[kind] = (events[kind] ?? 0) + 1;
    expect(story.figures()).toEqual({
      rows: 320_705,
      sale: { orders: 12_385, lines: 311_561, units: 3_323_127, minor: 606_168_489 },
      cancellation: { invoices: 2_282, lines: 5_454, units: -145_217, minor: -21_855_004, unmatchedLines: 1_042 },
      charge: { lines: 1_918, minor: -8_120_347 },
      stock: { lines: 1_772, units: -90_356 },
    });
    // 104 of the orders are without goods.
    expect(events).toEqual({ order: 12_489, refund: 4_412, return_unmatched: 1_042, charge: 407, stock: 1_772 });
  }, 120_000);
});

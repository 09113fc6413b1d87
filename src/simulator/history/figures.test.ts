import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classify } from './classify.ts';
import { checkReport, differences, type ModeFigures, type Report } from './figures.ts';
import { generateWeek } from './generate-week.ts';
import { planStory } from './plan-story.ts';

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('the figures of a file', () => {
  it('equal a naive recount', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const week = generateWeek({ seed, orders: 40, largeOrderLines: 20 });
        const story = planStory(week, { storefronts: [{ negativeFees: true }] });
        let unmatchedLines = 0;
        for await (const { kind } of story.events) if (kind === 'return_unmatched') unmatchedLines += 1;
        const rows = week.map(classify);
        const [sale, cancellation, charge, stock] = (['sale', 'cancellation', 'charge', 'stock'] as const).map(
          (kind) => {
            const those = rows.filter((row) => row.kind === kind);
            return {
              invoices: new Set(those.map(({ invoice }) => invoice)).size,
              lines: those.length,
              units: sum(those.map(({ quantity }) => quantity)),
              minor: sum(those.map(({ minor }) => minor)),
            };
          },
        );
        expect(story.figures()).toEqual({
          rows: week.length,
          sale: { orders: sale?.invoices, lines: sale?.lines, units: sale?.units, minor: sale?.minor },
          cancellation: {
            ...cancellation,
            unmatchedLines,
          },
          charge: { lines: charge?.lines, minor: charge?.minor },
          stock: { lines: stock?.lines, units: stock?.units },
        });
      }),
      { numRuns: 15 },
    );
  });
});

const HUB = {
  sale: { orders: 3, lines: 5, units: 20, minor: 900 },
  cancellation: { invoices: 1, lines: 2, units: -3, minor: -70, unmatchedLines: 1 },
  charge: { lines: 2, minor: -40 },
  stock: { lines: 1, units: -6 },
};
const balanced = (): Report => ({
  file: { rows: 10, ...structuredClone(HUB) },
  hub: structuredClone(HUB),
  byMode: {
    one: { lines: 2, units: 12, minor: 500, shipped: 11, cancelled: 1, returned: 1, held: 0 },
    two: { lines: 3, units: 8, minor: 400, shipped: 8, cancelled: 0, returned: 0, held: 0 },
  },
  orders: { received: 4, goodsless: 1, settled: 4, open: 0, exceptions: 0 },
  exceptionsByCause: { return_unmatched: 1 },
  outside: {
    purchaseOrders: { ours: 1, theirs: 1 },
    labels: { ours: 2, theirs: 2 },
    confirmations: { ours: 3, theirs: 3 },
    confirmedLines: { ours: 4, theirs: 4 },
    confirmedUnits: { ours: 19, theirs: 19 },
    refunds: { ours: 1, theirs: 1 },
  },
  packages: { parts: 3, refundedBefore: 0, differing: [] },
  audit: { events: 40, problems: 0 },
  run: { seconds: 1, linesPerSecond: 10, ordersPerSecond: 4, peakRssMb: 100, vendorCalls: 20, freshnessCalls: 2 },
});

const mode = (name: string, change: Partial<ModeFigures>) => (report: Report) =>
  void Object.assign(report.byMode[name] ?? {}, change);

describe('the check of a report', () => {
  it('accepts one that balances', () => {
    expect(checkReport(balanced())).toEqual([]);
    expect(differences(HUB, HUB)).toEqual([]);
  });

  it('names a figure in which file and hub differ, with both numbers', () => {
    for (const part of ['sale', 'cancellation', 'charge', 'stock'] as const) {
      for (const [name, value] of Object.entries(HUB[part])) {
        const hub = { ...HUB, [part]: { ...HUB[part], [name]: value + 1 } };
        expect(differences(HUB, hub)).toEqual([`${part}.${name}: the file has ${value}, the hub has ${value + 1}`]);
      }
    }
  });

  it.each<[string, (report: Report) => void]>([
    ['orders.received is 4, settled + open + exceptions is 5', ({ orders }) => (orders.settled += 1)],
    ['orders.received is 4, sale.orders + goodsless is 3', ({ orders }) => (orders.goodsless = 0)],
    ['orders.open is 1', ({ orders }) => (orders.open = 1)],
    [
      'orders.exceptions + cancellation.unmatchedLines is 1, the sum of exceptionsByCause is 3',
      (report) => (report.exceptionsByCause['late'] = 2),
    ],
    [
      'exceptionsByCause.late is 1, what the file explains is 0',
      (report) => {
        report.exceptionsByCause['late'] = 1;
        report.orders.exceptions = 1;
        report.orders.settled -= 1;
      },
    ],
    ['the sum of byMode.*.lines is 6, sale.lines is 5', mode('one', { lines: 3 })],
    ['the sum of byMode.*.units is 21, sale.units is 20', mode('one', { units: 13 })],
    ['the sum of byMode.*.minor is 901', mode('one', { minor: 501 })],
    ['byMode.two.units is 8, shipped + cancelled + held is 9', mode('two', { held: 1 })],
    ['byMode.two.held is 1', mode('two', { held: 1 })],
    ['byMode.two.returned is 9, more than the 8 shipped', mode('two', { returned: 9 })],
    ['outside.purchaseOrders.ours is 7', ({ outside }) => (outside.purchaseOrders.ours = 7)],
    ['outside.labels.ours is 2, outside.labels.theirs is 7', ({ outside }) => (outside.labels.theirs = 7)],
    ['outside.confirmations.ours is 7', ({ outside }) => (outside.confirmations.ours = 7)],
    [
      'outside.confirmedLines.ours is 4, outside.confirmedLines.theirs is 3',
      ({ outside }) => (outside.confirmedLines.theirs = 3),
    ],
    ['outside.confirmedUnits.ours is 18', ({ outside }) => (outside.confirmedUnits.ours = 18)],
    ['a package differs: one of them', ({ packages }) => packages.differing.push('one of them')],
    ['audit.problems is 1', ({ audit }) => (audit.problems = 1)],
    ['outside.refunds.ours is NaN', ({ outside }) => (outside.refunds.ours = Number.NaN)],
  ])('tells that %s', (sentence, spoil) => {
    const report = balanced();
    spoil(report);
    expect(checkReport(report).some((problem) => problem.startsWith(sentence))).toBe(true);
  });
});

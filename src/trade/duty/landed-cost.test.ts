import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Exact } from '../decimal.ts';
import { addDays, type PlainDate } from '../plain-date.ts';
import { faultsOf, ruleOn } from '../rule.ts';
import { DUTY_RULES } from './duty-rules.ts';
import { cost, line, totals, why } from './testing/landed.ts';

type Ask = [market: Parameters<typeof cost>[0], rest: Parameters<typeof cost>[3]];
const markets = ['EU', 'GB', 'US', 'AU', 'NZ', 'CH', 'NO', 'JP', 'MX'] as const;
const asks: Ask[] = [
  ...markets.map((market): Ask => [market, {}]),
  ['CA', { taxRate: '0.05' }],
  ['BR', { taxRate: '0.17', fx: [{ from: 'USD', to: 'BRL', rate: '5', source: 'PTAX' }] }],
];
const AMOUNTS = [
  ...(['goods', 'freight', 'insurance', 'inlandFreight', 'customsValue'] as const),
  ...(['duty', 'levies', 'taxBase', 'tax', 'total'] as const),
] as const;

describe('the rules of the landed cost', () => {
  it('have dates that neither overlap nor end before they begin, and ids of their own', () => {
    expect(DUTY_RULES.flatMap(faultsOf)).toEqual([]);
    expect(new Set(DUTY_RULES.map(({ id }) => id)).size).toBe(DUTY_RULES.length);
  });
  it('have a source, a day of reading and a day of review in every row', () => {
    for (const { rows } of DUTY_RULES)
      for (const { source, reviewBy } of rows)
        expect([source.title.length > 5, reviewBy !== null]).toEqual([true, true]);
  });
});

describe('a day', () => {
  const dutiable = [line('5000', { origin: 'CN', dutyRate: '0', weightKg: '1' })];
  it('before every row of a market has no row, named with the day, and never the rate of a neighbour', () => {
    const before = fc.date({ min: new Date('1900-01-01'), max: new Date('2010-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(before, fc.constantFrom(...asks), (date, [market, rest]) => {
        const on = date.toISOString().slice(0, 10);
        expect(why(() => cost(market, on, dutiable, rest))).toMatch(new RegExp(`^no_row: no row: .+ on ${on}`));
      }),
    );
  });
  it('uses the row in force of each rule, including its first and last day', () => {
    for (const table of DUTY_RULES)
      for (const { from, to, value } of table.rows) {
        const at = (on: PlainDate) => ruleOn(table, { on, today: on }).value;
        for (const on of [from, to]) if (on !== null) expect(at(on)).toBe(value);
        const outside = to === null ? null : addDays(to, 1);
        if (outside !== null && !table.rows.some((row) => row.from === outside))
          expect(why(() => at(outside))).toContain(`${table.name} on ${outside}`);
      }
  });
});

describe('a landed cost', () => {
  const sum = (texts: readonly string[]) => texts.reduce((total, text) => total.plus(text), new Exact(0)).toFixed(2);

  const small = fc.integer({ min: 0, max: 20_000 }).map((minor) => (minor / 100).toFixed(2));
  const mixed = fc.record({
    hs: fc.constantFrom('610910', '640399', '220421', '040900', '330300', '350510'),
    quantity: fc.integer({ min: 1, max: 50 }),
    value: small,
    origin: fc.constantFrom('CN', 'US'),
    dutyRate: fc.constantFrom('0', '0.027', '0.3333333333'),
  });
  const yen = { currency: 'USD', fx: [{ from: 'USD', to: 'JPY', rate: '150', source: 'a bank' }] };
  const handedIn = [{ rule: 'us.mpf-informal', value: '2.69', source: '90 FR 34665' } as const];
  const anywhere: Ask[] = [
    ...asks.filter(([market]) => market !== 'JP' && market !== 'US'),
    ...([
      ['JP', yen],
      ['US', { handedIn, channel: 'ocean' }],
      ['EU', { country: 'FR' }],
    ] satisfies Ask[]),
  ];

  it('shares every amount over the lines without a remainder, in every market and sale', () => {
    fc.assert(
      fc.property(
        fc.array(mixed, { minLength: 1, maxLength: 8 }),
        small,
        small,
        fc.constantFrom(...anywhere),
        fc.constantFrom('b2c_distance', 'b2b', 'c2c_gift'),
        (of, freight, insurance, [market, rest], sale) => {
          const found = cost(market, '2026-03-01', of, { freight, insurance, sale, ...rest });
          const texts = (key: (typeof AMOUNTS)[number]) => found.lines.map((one) => one[key]);
          for (const key of AMOUNTS) expect(sum(texts(key))).toBe(sum([found.totals[key]]));
          for (const [kind, key] of [
            ['duty', 'duty'],
            ['levy', 'levies'],
            ['tax', 'tax'],
          ] as const)
            expect(sum(found.steps.filter((step) => step.kind === kind).map(({ amount }) => amount))).toBe(
              sum([found.totals[key]]),
            );
          const { atSale, atImport, reverseCharge, dutyAndTax } = found.totals;
          expect(sum([atSale, atImport, reverseCharge])).toBe(sum([dutyAndTax]));
        },
      ),
      { numRuns: 200 },
    );
  });
  it('takes EUR 3 for each distinct classification', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('610910', '910212', '950300', '330300'), { minLength: 1, maxLength: 9 }),
        (hs) => {
          const found = cost(
            'EU',
            '2026-08-01',
            hs.map((code) => line('1.00', { hs: code })),
          );
          expect(found.totals.duty).toBe((new Set(hs).size * 3).toFixed(2));
        },
      ),
      { numRuns: 60 },
    );
  });
  it('never has less duty on a dearer consignment of the same band', () => {
    const above = fc.integer({ min: 15_001, max: 9_000_000 });
    fc.assert(
      fc.property(above, above, fc.constantFrom('0.012', '0.17', '0.065'), (a, b, dutyRate) => {
        const duty = (minor: number) =>
          new Exact(totals('EU', '2026-08-01', [line((minor / 100).toFixed(2), { dutyRate })]).duty);
        expect(duty(Math.min(a, b)).lte(duty(Math.max(a, b)))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

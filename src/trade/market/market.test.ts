import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainDate } from '../plain-date.ts';
import { codeOf } from '../testing/code-of.ts';
import { landedMargin, landedPriceTest } from './landed-price.ts';
import { annualGrowth, concentration } from './measures.ts';
import { type Indicator, type OpportunityInput, opportunitySheet } from './opportunity.ts';

describe('concentration', () => {
  it('is the sum of squared shares, exactly', () => {
    expect(concentration(['40', '30', '20', '10'])).toEqual({ hhi: '3000', notices: [] });
    expect(concentration(['100']).hhi).toBe('10000');
    expect(concentration(['33.3', '33.3', '33.4']).hhi).toBe('3333.34');
  });
  it('says where shares are missing, and refuses more than the market', () => {
    expect(concentration(['40', '30']).notices[0]?.message).toContain('leave out 30 per cent');
    expect(codeOf(() => concentration(['60', '41']))).toBe('invalid');
    expect(codeOf(() => concentration(['-1', '50']))).toBe('invalid');
    expect(codeOf(() => concentration([]))).toBe('invalid');
    expect(codeOf(() => concentration(['1'.repeat(10_000)]))).toBe('invalid');
  });
});

describe('annual growth', () => {
  const rate = (from: string, to: string, years: string) => annualGrowth({ from, to, years });
  it('is exact where the figures are', () => {
    expect(rate('100', '146.41', '4')).toBe('0.1');
    expect(rate('100', '50', '1')).toBe('-0.5');
    expect(rate('100', '100', '7')).toBe('0');
    expect(rate('100', '0', '3')).toBe('-1');
  });
  it('is refused from zero and over no time', () => {
    for (const [from, to, years] of [
      ['0', '1', '1'],
      ['1', '2', '0'],
      ['1', '-2', '1'],
      ['1', '2', '-1'],
      ['x', '2', '1'],
    ] as const)
      expect(codeOf(() => rate(from, to, years))).toBe('invalid');
    expect(codeOf(() => rate('1', '999999999999', '0.001'))).toBe('invalid');
    expect(codeOf(() => rate('0.000000000001', '999999999999999999', '0.01'))).toBe('invalid');
  });
});

describe('an opportunity sheet', () => {
  const of = (
    id: string,
    weight: string,
    direction: Indicator['direction'],
    bounds?: Indicator['bounds'],
  ): Indicator => ({
    id,
    name: id,
    weight,
    direction,
    ...(bounds ? { bounds } : {}),
  });
  const indicators = [
    of('imports', '0.4', 'more_is_better'),
    of('growth', '0.2', 'more_is_better'),
    of('tariff', '0.2', 'less_is_better'),
    of('concentration', '0.2', 'less_is_better'),
  ];
  const figure = (value: string, basis?: 'cif' | 'fob') => ({
    value,
    source: 'UN Comtrade',
    date: plainDate('2026-06-30'),
    ...(basis ? { basis } : {}),
  });
  const market = (country: string, ...values: [string, string, string, string]) => ({
    country,
    figures: {
      imports: figure(values[0]),
      growth: figure(values[1]),
      tariff: figure(values[2]),
      concentration: figure(values[3]),
    },
  });
  const input: OpportunityInput = {
    product: { hs6: '940360', name: 'Wooden furniture' },
    indicators,
    markets: [
      market('DE', '100', '2', '12', '3000'),
      market('FR', '60', '10', '4', '1800'),
      market('PL', '20', '6', '0', '1200'),
    ],
  };
  const scores = (changed: Partial<OpportunityInput> = {}) =>
    opportunitySheet({ ...input, ...changed }).ranking.map(({ country, score, rank }) => `${rank} ${country} ${score}`);

  it('ranks by the weighted place between worst and best', () => {
    expect(scores()).toEqual(['1 FR 66.67', '2 PL 50.00', '3 DE 40.00']);
  });
  it('shares a rank where scores are equal on paper, though thirds and sevenths have no last digit', () => {
    const alike = ['imports', 'growth', 'tariff', 'concentration'].map((id) =>
      of(id, '0.25', 'more_is_better', { min: '0', max: '21' }),
    );
    const places = fc.integer({ min: 0, max: 21 }).map(String);
    fc.assert(
      fc.property(places, places, places, places, (a, b, c, d) => {
        const markets = [market('DE', a, b, c, d), market('FR', d, c, b, a), market('PL', b, d, a, c)];
        const { ranking } = opportunitySheet({ ...input, indicators: alike, markets });
        expect(ranking.map(({ rank }) => rank)).toEqual([1, 1, 1]);
      }),
    );
  });
  it('has the source and date of every figure', () => {
    const best = opportunitySheet(input).ranking[0];
    expect(best?.figures[2]).toMatchObject({
      indicator: 'tariff',
      value: '4',
      source: 'UN Comtrade',
      date: '2026-06-30',
      scaled: '0.6667',
      points: '13.33',
    });
  });
  it('drops a market that lacks a figure, with the reason, and leaves it out of the scale', () => {
    const lacking = market('US', '900', '1', '0', '500');
    const us = { country: 'US', figures: { ...lacking.figures, tariff: null } };
    const sheet = opportunitySheet({ ...input, markets: [...input.markets, us] });
    expect(sheet.dropped).toEqual([{ country: 'US', missing: ['tariff'], reason: 'no figure for tariff' }]);
    expect(sheet.ranking).toEqual(opportunitySheet(input).ranking);
  });
  it('warns of a scale taken from the set; fixed bounds keep scores when a market is added', () => {
    expect(opportunitySheet(input).notices.map(({ rule }) => rule)).toEqual(['market.bounds']);
    const fixed = indicators.map((indicator) => ({ ...indicator, bounds: { min: '0', max: '10000' } }));
    const more = [...input.markets, market('US', '900', '1', '3', '500')];
    const before = scores({ indicators: fixed }).map((line) => line.slice(2));
    expect(scores({ indicators: fixed, markets: more }).map((line) => line.slice(2))).toEqual(
      expect.arrayContaining(before),
    );
    expect(opportunitySheet({ ...input, indicators: fixed }).notices).toEqual([]);
  });
  it('warns of mirror data, hubs, figures outside the bounds and indicators without information', () => {
    const odd = {
      country: 'NL',
      figures: { ...market('NL', '50', '5', '12', '1').figures, imports: figure('50', 'fob') },
    };
    const cif = {
      country: 'DE',
      figures: { ...market('DE', '10', '-5', '12', '2').figures, imports: figure('10', 'cif') },
    };
    const bounded = [
      of('growth', '0.2', 'more_is_better', { min: '0', max: '3' }),
      ...indicators.filter(({ id }) => id !== 'growth'),
    ];
    const { notices } = opportunitySheet({ ...input, indicators: bounded, markets: [odd, cif] });
    expect(notices.map(({ rule }) => rule)).toEqual([
      'market.bounds',
      'market.no-difference',
      'market.mirror-data',
      'market.outside-bounds',
      'market.re-exports',
    ]);
  });
  it('refuses weights that do not sum to 1, bounds the wrong way round, and what is named twice', () => {
    const refused = (changed: Partial<OpportunityInput>) => codeOf(() => opportunitySheet({ ...input, ...changed }));
    expect(refused({ indicators: indicators.slice(1) })).toBe('invalid');
    expect(refused({ indicators: [of('imports', '1', 'more_is_better', { min: '5', max: '5' })] })).toBe('invalid');
    expect(refused({ markets: [market('DE', '1', '1', '1', '1'), market('DE', '1', '1', '1', '1')] })).toBe('invalid');
    expect(refused({ markets: [market('DE', 'x', '1', '1', '1')] })).toBe('invalid');
    expect(refused({ markets: [] })).toBe('invalid');
  });
  it('scores between 0 and 100, the best in everything 100', () => {
    const value = fc.integer({ min: -1000, max: 1000 }).map(String);
    const values = fc.tuple(value, value, value, value);
    fc.assert(
      fc.property(values, values, values, (a, b, c) => {
        const { ranking } = opportunitySheet({
          ...input,
          markets: [market('AA', ...a), market('BB', ...b), market('CC', ...c)],
        });
        for (const { score } of ranking) expect(Number(score)).toBeGreaterThanOrEqual(0);
        for (const { score } of ranking) expect(Number(score)).toBeLessThanOrEqual(100);
        expect(ranking.map(({ rank }) => rank)).toEqual([...ranking.map(({ rank }) => rank)].sort());
      }),
    );
    expect(scores({ markets: [market('DE', '9', '9', '1', '1'), market('FR', '1', '1', '9', '9')] })).toEqual([
      '1 DE 100.00',
      '2 FR 0.00',
    ]);
  });
});

describe('a landed price', () => {
  const borders = { currency: 'EUR', dutyRate: '0.12', vatRate: '0.20', freight: '8', fees: '2' };
  it('is the highest FOB price that meets the target, rounded down', () => {
    // 134.40 / (1.12 × 1.20) = 100, minus 10.
    expect(landedPriceTest({ ...borders, targetPrice: '134.40' })).toEqual({ maxFob: '90.00', feasible: true });
    expect(landedPriceTest({ ...borders, targetPrice: '100' }).maxFob).toBe('64.40');
    expect(landedPriceTest({ ...borders, targetPrice: '10' })).toEqual({ maxFob: '-2.56', feasible: false });
  });
  it('never costs more than the target', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2000, max: 1_000_000 }), (cents) => {
        const price = (cents / 100).toFixed(2);
        const { maxFob } = landedPriceTest({ ...borders, targetPrice: price });
        const { margin } = landedMargin({ ...borders, fob: maxFob, price, sellingCost: '0' });
        expect(Math.abs(Number(margin))).toBeLessThanOrEqual(0.03);
      }),
    );
  });
  it('leaves a margin', () => {
    expect(landedMargin({ ...borders, fob: '60', price: '120', sellingCost: '5.50' })).toEqual({
      customsValue: '70.00',
      duty: '8.40',
      landedCost: '78.40',
      netPrice: '100.00',
      margin: '16.10',
      marginRate: '0.1610',
    });
  });
  it('refuses what is no amount and no rate', () => {
    for (const wrong of [
      { dutyRate: '-0.1' },
      { vatRate: '120' },
      { freight: '1e5' },
      { fees: '' },
      { currency: 'euro' },
    ])
      expect(codeOf(() => landedPriceTest({ ...borders, targetPrice: '1', ...wrong }))).toBe('invalid');
  });
});

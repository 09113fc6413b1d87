import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exponentOf } from '#domain/money.ts';
import { plainDate } from '../plain-date.ts';
import { codeOf } from '../testing/code-of.ts';
import { CURRENCY_ROWS } from './iso-4217.ts';
import { minorUnitOn } from './minor-unit.ts';
import { roundedText } from './rounding.ts';
import { shareOut } from './share-out.ts';

const TODAY = plainDate('2026-11-25');
const on = (code: string, day = '2026-11-25') => minorUnitOn(code, { on: plainDate(day), today: TODAY });
describe('the minor unit of a currency', () => {
  it('is the one of ISO 4217, not the one a browser shows', () => {
    const decimals = ['JPY', 'KRW', 'HUF', 'IDR', 'TWD', 'USD', 'IQD', 'KWD', 'CLF'].map(
      (code) => on(code).value.decimals,
    );
    expect(decimals).toEqual([0, 0, 2, 2, 2, 2, 3, 3, 4]);
    expect(CURRENCY_ROWS.size).toBeGreaterThan(180);
  });

  it('is the one used for money, for every code in force', () => {
    const differing = [...CURRENCY_ROWS]
      .filter(([, rows]) => rows.some((row) => row.to === null))
      .filter(([code]) => on(code).value.decimals !== exponentOf(code));
    expect(differing.map(([code]) => code)).toEqual([]);
  });

  it('is never guessed: malformed codes are invalid, unknown and ended ones have no row', () => {
    expect(['usd', 'US', '', 'ＵＳＤ', 'x'.repeat(10_000)].map((code) => codeOf(() => on(code)))).toEqual(
      Array(5).fill('invalid'),
    );
    expect(['ABC', 'XAU', 'XXX', 'BGN', 'HRK', 'ANG'].map((code) => codeOf(() => on(code)))).toEqual(
      Array(6).fill('no_row'),
    );
    expect(() => on('BGN')).toThrow('no row: the currency BGN on 2026-11-25; it became EUR');
  });

  it('ends and begins on the day', () => {
    expect(on('BGN', '2025-12-31').value).toEqual({ decimals: 2, followedBy: 'EUR' });
    expect(codeOf(() => on('BGN', '2026-01-01'))).toBe('no_row');
    expect(on('BGN', '2025-12-31').notices.map(({ code }) => code)).toEqual(['general_knowledge']);
    expect(on('EUR', '2025-12-31').notices).toEqual([]);
    expect(codeOf(() => on('XCG', '2025-03-30'))).toBe('no_row');
    expect(on('XCG', '2025-03-31').value.decimals).toBe(2);
    expect(on('BYR', '2016-12-31').value.decimals).toBe(0);
  });
});

describe('rounding', () => {
  it('rounds half away from zero or half to even, in units of any size', () => {
    const both = (x: string, unit: string) => [roundedText(x, unit, 'half-up'), roundedText(x, unit, 'half-even')];
    expect(both('2.5', '1')).toEqual(['3', '2']);
    expect(both('-2.5', '1')).toEqual(['-3', '-2']);
    expect(both('1.005', '0.01')).toEqual(['1.01', '1.00']);
    expect(both('0.125', '0.01')).toEqual(['0.13', '0.12']);
    expect(both('10.025', '0.05')).toEqual(['10.05', '10.00']);
    expect(both('12500', '1000')).toEqual(['13000', '12000']);
    expect(both('-0.4', '1')).toEqual(['0', '0']);
  });

  it('refuses what is no number and a unit that is none', () => {
    for (const [x, unit] of [
      ['1e3', '1'],
      ['', '1'],
      ['1', '0'],
      ['1', '-1'],
      ['NaN', '1'],
      ['٣', '1'],
    ] as const)
      expect(codeOf(() => roundedText(x, unit, 'half-up'))).toBe('invalid');
  });
});

describe('sharing an amount out', () => {
  it('serves the largest remainders, ties to the first', () => {
    expect(shareOut(5, ['3', '7'])).toEqual([2, 3]);
    expect(shareOut(1_999, ['7', '2', '1'])).toEqual([1_399, 400, 200]);
    expect(shareOut(-100, ['1', '1', '1'])).toEqual([-34, -33, -33]);
    expect(shareOut(100, ['0.5', '0', '0.25', '0.25'])).toEqual([50, 0, 25, 25]);
    expect(shareOut(0, ['1', '2'])).toEqual([0, 0]);
  });

  it('always adds up to the total, for any total and ratios', () => {
    const ratio = fc.integer({ min: 0, max: 1_000_000 }).map(String);
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.array(ratio, { minLength: 1, maxLength: 20 }), (total, ratios) => {
        fc.pre(ratios.some((each) => each !== '0'));
        const parts = shareOut(total, ratios);
        expect(parts.reduce((sum, part) => sum + BigInt(part), 0n)).toBe(BigInt(total));
        expect(parts.every((part, index) => part === 0 || ratios[index] !== '0')).toBe(true);
      }),
    );
  });

  it('refuses what does not say who gets what', () => {
    for (const [minor, ratios] of [
      [100, []],
      [100, ['0', '0']],
      [100, ['-1', '2']],
      [1.5, ['1']],
      [Number.NaN, ['1']],
      [100, ['999999999999999999', '0.000000000001']],
    ] as const)
      expect(codeOf(() => shareOut(minor, ratios))).toBe('invalid');
  });
});

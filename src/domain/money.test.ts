import { describe, expect, it } from 'vitest';
import { allocate, exponentOf, fromMinor, share, toMinor } from './money.ts';

const CURRENCIES = ['JPY', 'GBP', 'KWD', 'CLF'];
// What holds for every amount is in test/laws/money.law.ts.

describe('money', () => {
  it('has as many decimals as ISO 4217 gives the currency', () => {
    expect(CURRENCIES.map(exponentOf)).toEqual([0, 2, 3, 4]);
    expect(CURRENCIES.map((code) => toMinor('12', code))).toEqual([12, 1_200, 12_000, 120_000]);
    expect(CURRENCIES.map((code) => fromMinor(-1_250, code))).toEqual(['-1250', '-12.50', '-1.250', '-0.1250']);
    expect(CURRENCIES.map((code) => fromMinor(5, code))).toEqual(['5', '0.05', '0.005', '0.0005']);
  });

  it('rounds half away from zero, below zero as above', () => {
    expect(['0.005', '0.015', '0.0049999999', '-0.005', '-0.0049999999'].map((text) => toMinor(text, 'GBP'))).toEqual([
      1, 2, 0, -1, 0,
    ]);
    expect(['0.5', '1.5', '-0.5', '-1.4999'].map((text) => toMinor(text, 'JPY'))).toEqual([1, 2, -1, -1]);
    expect(toMinor('-1.0005', 'KWD')).toBe(-1_001);
  });

  it.each(['', 'ten', '1,5', '1e3', '0x10', '--1', '.5', '1.', 'NaN', 'Infinity'])('refuses %j', (text) => {
    expect(() => toMinor(text, 'GBP')).toThrow(/is not a decimal number/);
  });

  it('refuses an amount that a number cannot hold exactly', () => {
    expect(toMinor('90071992547409.91', 'GBP')).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => toMinor('90071992547409.92', 'GBP')).toThrow(/too large/);
  });
});

describe('a share in basis points', () => {
  it('is exact, rounded half away from zero', () => {
    expect([share(1, 5_000), share(-1, 5_000), share(1, 4_999), share(10_001, 1_250)]).toEqual([1, -1, 0, 1_250]);
  });
});

describe('an allocation', () => {
  it('is even when nobody has weight, the earlier ones getting the rest', () => {
    expect(allocate(10, [0, 0, 0])).toEqual([4, 3, 3]);
    expect(allocate(-10, [0, 0, 0])).toEqual([-4, -3, -3]);
    expect(allocate(0, [0, 0])).toEqual([0, 0]);
    expect(allocate(5, [])).toEqual([]);
  });
});

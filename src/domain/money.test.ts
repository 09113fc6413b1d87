import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate, exponentOf, extend, fromMinor, share, toMinor } from './money.ts';

const CURRENCIES = ['JPY', 'GBP', 'KWD', 'CLF'];
const currency = fc.constantFrom(...CURRENCIES);
const minor = fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 });
/** A decimal as sign, digits and scale, so that an oracle can reckon with it without parsing text. */
const decimal = fc
  .record({
    negative: fc.boolean(),
    whole: fc.integer({ min: 0, max: 9_999_999 }),
    fraction: fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 10 }),
  })
  .map(({ negative, whole, fraction }) => ({
    text: `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`,
    digits: BigInt(`${whole}${fraction}`) * (negative ? -1n : 1n),
    scale: BigInt(fraction.length),
  }));

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

describe('money', () => {
  it('has as many decimals as ISO 4217 gives the currency', () => {
    expect(CURRENCIES.map(exponentOf)).toEqual([0, 2, 3, 4]);
    expect(CURRENCIES.map((code) => toMinor('12', code))).toEqual([12, 1_200, 12_000, 120_000]);
    expect(CURRENCIES.map((code) => fromMinor(-1_250, code))).toEqual(['-1250', '-12.50', '-1.250', '-0.1250']);
    expect(CURRENCIES.map((code) => fromMinor(5, code))).toEqual(['5', '0.05', '0.005', '0.0005']);
  });

  it('comes back unchanged from its text, whatever the decimals of its currency', () => {
    fc.assert(fc.property(minor, currency, (amount, code) => toMinor(fromMinor(amount, code), code) === amount));
  });

  it('rounds half away from zero, below zero as above', () => {
    expect(['0.005', '0.015', '0.0049999999', '-0.005', '-0.0049999999'].map((text) => toMinor(text, 'GBP'))).toEqual([
      1, 2, 0, -1, 0,
    ]);
    expect(['0.5', '1.5', '-0.5', '-1.4999'].map((text) => toMinor(text, 'JPY'))).toEqual([1, 2, -1, -1]);
    expect(toMinor('-1.0005', 'KWD')).toBe(-1_001);
  });

  it('rounds a negative amount as the positive one', () => {
    fc.assert(
      fc.property(decimal, currency, ({ text }, code) => {
        const opposite = text.startsWith('-') ? text.slice(1) : `-${text}`;
        expect(toMinor(opposite, code) + toMinor(text, code)).toBe(0);
      }),
    );
  });

  it('is within half a minor unit of the exact product, and on a tie the one farther from zero', () => {
    fc.assert(
      fc.property(decimal, fc.integer({ min: -10_000, max: 10_000 }), currency, ({ text, digits, scale }, n, code) => {
        // In units of half a minor unit of the exact value's own scale: no division, so no rounding in the oracle.
        const exact = 2n * digits * BigInt(n) * 10n ** BigInt(exponentOf(code));
        const got = 2n * BigInt(extend(text, n, code)) * 10n ** scale;
        const error = magnitude(exact - got);
        expect(error <= 10n ** scale).toBe(true);
        if (error === 10n ** scale) expect(magnitude(got) > magnitude(exact)).toBe(true);
      }),
      { numRuns: 500 },
    );
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
    fc.assert(
      fc.property(minor, fc.integer({ min: 0, max: 10_000 }), (amount, bps) => {
        const error = 2n * (BigInt(share(amount, bps)) * 10_000n - BigInt(amount) * BigInt(bps));
        expect(magnitude(error) <= 10_000n).toBe(true);
      }),
    );
  });

  it('of the whole is the whole, of nothing is nothing', () => {
    fc.assert(fc.property(minor, (amount) => share(amount, 10_000) === amount && share(amount, 0) + 0 === 0));
  });
});

describe('an allocation', () => {
  const weights = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 20 });

  it('keeps every cent', () => {
    fc.assert(
      fc.property(minor, weights, (total, by) => {
        const parts = allocate(total, by);
        expect(parts).toHaveLength(by.length);
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(total);
      }),
      { numRuns: 500 },
    );
  });

  it('gives each less than one minor unit more or less than its exact share', () => {
    fc.assert(
      fc.property(minor, weights, (total, by) => {
        const sum = by.reduce((a, b) => a + b, 0);
        const shares = sum === 0 ? by.map(() => 1) : by;
        const all = BigInt(shares.reduce((a, b) => a + b, 0));
        allocate(total, by).forEach((part, index) => {
          const error = BigInt(part) * all - BigInt(total) * BigInt(shares[index] ?? 0);
          expect(magnitude(error) < all).toBe(true);
        });
      }),
      { numRuns: 500 },
    );
  });

  it('gives nothing to a weight of zero while another has weight', () => {
    fc.assert(
      fc.property(minor, weights, (total, by) => {
        const parts = allocate(total, by);
        if (by.some((weight) => weight > 0))
          by.forEach((weight, index) => {
            if (weight === 0) expect(parts[index]).toBe(0);
          });
      }),
    );
  });

  it('is even when nobody has weight, the earlier ones getting the rest', () => {
    expect(allocate(10, [0, 0, 0])).toEqual([4, 3, 3]);
    expect(allocate(-10, [0, 0, 0])).toEqual([-4, -3, -3]);
    expect(allocate(0, [0, 0])).toEqual([0, 0]);
    expect(allocate(5, [])).toEqual([]);
  });

  it('of a negative total is the opposite of the positive one', () => {
    fc.assert(
      fc.property(minor, weights, (total, by) => {
        const parts = allocate(total, by);
        allocate(-total, by).forEach((part, index) => {
          expect(part + (parts[index] ?? 0)).toBe(0);
        });
      }),
    );
  });
});

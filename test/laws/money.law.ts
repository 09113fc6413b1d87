import fc from 'fast-check';
import { expect } from 'vitest';
import { allocate, exponentOf, extend, fromMinor, share, toMinor } from '#domain/money.ts';
import { defineLaw } from './law.ts';

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

const weights = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 20 });

/** Minor units, shares and allocations, held against integers without rounding. */
export const moneyLaws = [
  defineLaw({
    name: 'money-text-and-back',
    title: 'an amount comes back unchanged from its text, whatever the decimals of its currency',
    property: () => fc.property(minor, currency, (amount, code) => toMinor(fromMinor(amount, code), code) === amount),
  }),
  defineLaw({
    name: 'money-rounds-both-signs-alike',
    title: 'money rounds a negative amount as the positive one',
    property: () =>
      fc.property(decimal, currency, ({ text }, code) => {
        const opposite = text.startsWith('-') ? text.slice(1) : `-${text}`;
        expect(toMinor(opposite, code) + toMinor(text, code)).toBe(0);
      }),
  }),
  defineLaw({
    name: 'money-product-is-nearest',
    title: 'a product is within half a minor unit of the exact product, and on a tie the one farther from zero',
    property: () =>
      fc.property(decimal, fc.integer({ min: -10_000, max: 10_000 }), currency, ({ text, digits, scale }, n, code) => {
        // In units of half a minor unit of the exact value's own scale: no division, so no rounding in the oracle.
        const exact = 2n * digits * BigInt(n) * 10n ** BigInt(exponentOf(code));
        const got = 2n * BigInt(extend(text, n, code)) * 10n ** scale;
        const error = magnitude(exact - got);
        expect(error <= 10n ** scale).toBe(true);
        if (error === 10n ** scale) expect(magnitude(got) > magnitude(exact)).toBe(true);
      }),
  }),
  defineLaw({
    name: 'money-share-of-whole',
    title: 'a share of the whole is the whole, of nothing is nothing',
    property: () => fc.property(minor, (amount) => share(amount, 10_000) === amount && share(amount, 0) + 0 === 0),
  }),
  defineLaw({
    name: 'money-allocation-keeps-every-cent',
    title: 'an allocation keeps every cent',
    property: () =>
      fc.property(minor, weights, (total, by) => {
        const parts = allocate(total, by);
        expect(parts).toHaveLength(by.length);
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(total);
      }),
  }),
  defineLaw({
    name: 'money-allocation-near-exact-share',
    title: 'an allocation gives each less than one minor unit more or less than its exact share',
    property: () =>
      fc.property(minor, weights, (total, by) => {
        const sum = by.reduce((a, b) => a + b, 0);
        const shares = sum === 0 ? by.map(() => 1) : by;
        const all = BigInt(shares.reduce((a, b) => a + b, 0));
        allocate(total, by).forEach((part, index) => {
          const error = BigInt(part) * all - BigInt(total) * BigInt(shares[index] ?? 0);
          expect(magnitude(error) < all).toBe(true);
        });
      }),
  }),
  defineLaw({
    name: 'money-allocation-nothing-to-no-weight',
    title: 'an allocation gives nothing to a weight of zero while another has weight',
    property: () =>
      fc.property(minor, weights, (total, by) => {
        const parts = allocate(total, by);
        if (by.some((weight) => weight > 0))
          by.forEach((weight, index) => {
            if (weight === 0) expect(parts[index]).toBe(0);
          });
      }),
  }),
  defineLaw({
    name: 'money-allocation-of-negative-total',
    title: 'an allocation of a negative total is the opposite of the positive one',
    property: () =>
      fc.property(minor, weights, (total, by) => {
        const parts = allocate(total, by);
        allocate(-total, by).forEach((part, index) => {
          expect(part + (parts[index] ?? 0)).toBe(0);
        });
      }),
  }),
  defineLaw({
    name: 'money-share-is-nearest',
    title: 'a share in basis points is exact, rounded half away from zero',
    property: () =>
      fc.property(minor, fc.integer({ min: 0, max: 10_000 }), (amount, bps) => {
        const error = 2n * (BigInt(share(amount, bps)) * 10_000n - BigInt(amount) * BigInt(bps));
        expect(magnitude(error) <= 10_000n).toBe(true);
      }),
  }),
];

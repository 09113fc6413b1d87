import { z } from 'zod';
import { Failure } from './failure.ts';

/** Currencies whose minor unit is not one hundredth. Source: ISO 4217 list one, read 2026-11-24. */
const EXPONENTS: Readonly<Record<string, number>> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  UYI: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
  CLF: 4,
  UYW: 4,
};

export const Currency = z.string().regex(/^[A-Z]{3}$/, 'an ISO 4217 code such as EUR');
export const Minor = z.int();
/** An exact decimal as text: `-12.345`. Money never passes through a float. */
export const DecimalText = z.string().regex(/^-?\d{1,15}(\.\d{1,10})?$/, 'a decimal number as text, such as 12.50');

export const exponentOf = (currency: string): number => EXPONENTS[currency] ?? 2;

/** `digits` / 10^`scale`. */
export interface Decimal {
  digits: bigint;
  scale: number;
}

/** A decimal text exactly; throws `invalid` for any other text. */
export const parseDecimal = (text: string): Decimal => {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text.trim());
  if (!match) throw new Failure('invalid', `“${text.slice(0, 40)}” is not a decimal number`);
  const [, sign, whole = '0', fraction = ''] = match;
  const digits = BigInt(whole + fraction);
  return { digits: sign === '-' ? -digits : digits, scale: fraction.length };
};

/** The quotient rounded half away from zero; the denominator is above zero. */
export const divideHalfAway = (numerator: bigint, denominator: bigint): bigint => {
  const negative = numerator < 0n;
  const magnitude = negative ? -numerator : numerator;
  const rounded = (magnitude * 2n + denominator) / (denominator * 2n);
  return negative ? -rounded : rounded;
};

/** Minor units as a number; throws `invalid` where a number would not hold them exactly. */
export const toSafeInteger = (value: bigint): number => {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new Failure('invalid', `an amount of ${value} minor units is too large`);
  return number;
};

/** Converts a decimal text in major units to whole minor units of the currency, rounded half away from zero. */
export const toMinor = (text: string, currency: string): number => extend(text, 1, currency);

/** `unitPrice` × `quantity` in minor units, rounded once, half away from zero. */
export const extend = (unitPrice: string, quantity: number, currency: string): number => {
  const { digits, scale } = parseDecimal(unitPrice);
  return toSafeInteger(
    divideHalfAway(digits * BigInt(quantity) * 10n ** BigInt(exponentOf(currency)), 10n ** BigInt(scale)),
  );
};

/** Minor units as decimal text in major units: 1250 GBP → "12.50", 1250 JPY → "1250". */
export const fromMinor = (minor: number, currency: string): string => {
  const exponent = exponentOf(currency);
  const digits = String(Math.abs(minor)).padStart(exponent + 1, '0');
  const sign = minor < 0 ? '-' : '';
  return exponent === 0 ? sign + digits : `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
};

/** `minor` × `bps` / 10,000, rounded half away from zero. */
export const share = (minor: number, bps: number): number =>
  toSafeInteger(divideHalfAway(BigInt(minor) * BigInt(bps), 10_000n));

/**
 * Splits `total` in proportion to `weights` so that the parts add up to it exactly (largest remainder; ties go to the
 * earlier part). Weights must not be negative. If all are zero, the parts are as equal as possible.
 */
export const allocate = (total: number, weights: readonly number[]): number[] => {
  if (weights.length === 0) return [];
  const sum = weights.reduce((a, b) => a + b, 0);
  const shares = sum === 0 ? weights.map(() => 1n) : weights.map((w) => BigInt(w));
  const all = shares.reduce((a, b) => a + b, 0n);
  const magnitude = BigInt(Math.abs(total));
  const parts = shares.map((w, index) => ({ index, floor: (magnitude * w) / all, rest: (magnitude * w) % all }));
  let left = magnitude - parts.reduce((a, p) => a + p.floor, 0n);
  const sign = total < 0 ? -1n : 1n;
  const result = parts.map((p) => p.floor);
  for (const part of [...parts].sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1))) {
    if (left === 0n) break;
    result[part.index] = part.floor + 1n;
    left -= 1n;
  }
  return result.map((value) => toSafeInteger(value * sign));
};

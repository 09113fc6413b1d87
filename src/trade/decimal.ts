import { Decimal } from 'decimal.js';
import { Failure } from '#domain/failure.ts';
import { exponentOf } from '#domain/money.ts';

/** Exact for every sum and product of trade papers; a quotient or a root carries 60 digits before it is rounded. */
export const Exact = Decimal.clone({ precision: 60, toExpNeg: -60, toExpPos: 60 });
export type Exact = Decimal;

const PLAIN = /^-?\d{1,18}(\.\d{1,12})?$/;

export interface NumberBounds {
  /** Negative numbers are refused unless this says otherwise. */
  negative?: boolean;
  /** Zero is accepted unless this says otherwise. */
  zero?: boolean;
  /** The largest value accepted. */
  max?: string;
}

const refuse = (field: string, text: string, reason: string): never => {
  throw new Failure('invalid', `${field}: “${text.slice(0, 40)}” ${reason}`, { safe: { field, reason } });
};

/** Decimal text (`12.50`) as an exact number; throws `invalid` that names `field`. Never a float, no exponent form. */
export const exact = (text: string, field: string, bounds: NumberBounds = {}): Exact => {
  if (!PLAIN.test(text)) refuse(field, text, 'is not a decimal number such as 12.50');
  const value = new Exact(text);
  if (!bounds.negative && value.isNegative() && !value.isZero()) refuse(field, text, 'is negative');
  if (bounds.zero === false && value.isZero()) refuse(field, text, 'is zero');
  if (bounds.max !== undefined && value.gt(bounds.max)) refuse(field, text, `is more than ${bounds.max}`);
  return value;
};

/** How a levied amount is rounded; the law of the country says which. */
export type Rounding = 'half-up' | 'half-even' | 'down' | 'up';

/** Half up is half away from zero; down is towards zero; up is away from it. */
const MODES = {
  'half-up': Decimal.ROUND_HALF_UP,
  'half-even': Decimal.ROUND_HALF_EVEN,
  down: Decimal.ROUND_DOWN,
  up: Decimal.ROUND_UP,
} as const satisfies Record<Rounding, Decimal.Rounding>;

/** `value` as a whole number of `unit`s (`0.05` for five centimes, `1000` for whole thousands). */
export const roundTo = (value: Exact, unit: string, rounding: Rounding = 'half-up'): Exact =>
  value.div(unit).toDecimalPlaces(0, MODES[rounding]).times(unit);

/** `value` rounded to the minor unit of `currency`. */
export const roundMoney = (value: Exact, currency: string, rounding: Rounding = 'half-up'): Exact =>
  value.toDecimalPlaces(exponentOf(currency), MODES[rounding]);

/** `value`, already rounded, as text with the decimals of `currency`: 12.5 EUR → `12.50`, JPY → `13`. */
export const moneyText = (value: Exact, currency: string): string => {
  const rounded = roundMoney(value, currency);
  return (rounded.isZero() ? new Exact(0) : rounded).toFixed(exponentOf(currency));
};

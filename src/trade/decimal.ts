import { Decimal } from 'decimal.js';
import { Failure } from '#domain/failure.ts';
import { exponentOf } from '#domain/money.ts';

/** Exact for every sum and product in trade papers. Quotients and roots carry 60 digits before rounding. */
export const Exact = Decimal.clone({ precision: 60, toExpNeg: -60, toExpPos: 60 });
export type Exact = Decimal;

const PLAIN = /^-?\d{1,18}(\.\d{1,12})?$/;

export interface NumberBounds {
  /** Whether negative numbers are accepted. Default: no. */
  negative?: boolean;
  /** Whether zero is accepted. Default: yes. */
  zero?: boolean;
  /** The largest accepted value. */
  max?: string;
}

const refuse = (field: string, text: string, reason: string): never => {
  throw new Failure('invalid', `${field}: “${text.slice(0, 40)}” ${reason}`, { safe: { field, reason } });
};

/** Parses decimal text (`12.50`) to an exact number; throws `invalid` naming `field`. No floats, no exponent form. */
export const exact = (text: string, field: string, bounds: NumberBounds = {}): Exact => {
  if (!PLAIN.test(text)) refuse(field, text, 'is not a decimal number such as 12.50');
  const value = new Exact(text);
  if (!bounds.negative && value.isNegative() && !value.isZero()) refuse(field, text, 'is negative');
  if (bounds.zero === false && value.isZero()) refuse(field, text, 'is zero');
  if (bounds.max !== undefined && value.gt(bounds.max)) refuse(field, text, `is more than ${bounds.max}`);
  return value;
};

/** How a levied amount is rounded. The country's law decides. */
export type Rounding = 'half-up' | 'half-even' | 'down' | 'up';

/** Half-up rounds half away from zero; down rounds towards zero; up rounds away from it. */
const MODES = {
  'half-up': Decimal.ROUND_HALF_UP,
  'half-even': Decimal.ROUND_HALF_EVEN,
  down: Decimal.ROUND_DOWN,
  up: Decimal.ROUND_UP,
} as const satisfies Record<Rounding, Decimal.Rounding>;

/** Rounds `value` to a multiple of `unit` (`0.05` for five centimes, `1000` for whole thousands). */
export const roundTo = (value: Exact, unit: string, rounding: Rounding = 'half-up'): Exact =>
  value.div(unit).toDecimalPlaces(0, MODES[rounding]).times(unit);

/** Rounds `value` to the minor unit of `currency`. */
export const roundMoney = (value: Exact, currency: string, rounding: Rounding = 'half-up'): Exact =>
  value.toDecimalPlaces(exponentOf(currency), MODES[rounding]);

/** Formats an already rounded `value` with the decimals of `currency`: 12.5 EUR → `12.50`, JPY → `13`. */
export const moneyText = (value: Exact, currency: string): string => {
  const rounded = roundMoney(value, currency);
  return (rounded.isZero() ? new Exact(0) : rounded).toFixed(exponentOf(currency));
};

import { exact, type Rounding, roundTo } from '../decimal.ts';

/**
 * `value` as a whole number of `unit`s (`0.01`, `0.05`, `1000`), as text with the decimals of the unit. Half-up is half
 * away from zero, half-even is to the even neighbour; no float is passed through. Throws `invalid` for what is not a
 * decimal number and for a unit that is not above zero.
 */
export const roundedText = (value: string, unit: string, rounding: Rounding): string => {
  const step = exact(unit, 'unit', { zero: false });
  const rounded = roundTo(exact(value, 'x', { negative: true }), unit, rounding);
  return (rounded.isZero() ? rounded.abs() : rounded).toFixed(step.decimalPlaces());
};

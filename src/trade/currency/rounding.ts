import { exact, type Rounding, roundTo } from '../decimal.ts';

/**
 * Rounds `value` to a multiple of `unit` (`0.01`, `0.05`, `1000`) and returns text with the decimals of the unit.
 * Half-up is half away from zero, half-even goes to the even neighbour. Uses no floats. Throws `invalid` if `value` is
 * not a decimal number or `unit` is not above zero.
 */
export const roundedText = (value: string, unit: string, rounding: Rounding): string => {
  const step = exact(unit, 'unit', { zero: false });
  const rounded = roundTo(exact(value, 'x', { negative: true }), unit, rounding);
  return (rounded.isZero() ? rounded.abs() : rounded).toFixed(step.decimalPlaces());
};

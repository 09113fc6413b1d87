import { allocate } from '#domain/money.ts';
import { Exact, exact } from '../decimal.ts';
import { invalid } from '../read-input.ts';

const MAX_PARTS = 10_000;

/**
 * Splits `minor` in proportion to `ratios` (decimal text). The parts always add up to it, and each is within one unit
 * of its exact share. For equal remainders the earlier part gets the unit. A negative total is split like its opposite.
 * Throws `invalid` if there is no ratio, a negative one, or only zeros.
 */
export const shareOut = (minor: number, ratios: readonly string[]): number[] => {
  if (!Number.isSafeInteger(minor)) throw invalid('minor', 'is not a whole number of minor units');
  if (ratios.length === 0) throw invalid('ratios', 'name at least one part');
  if (ratios.length > MAX_PARTS) throw invalid('ratios', `at most ${MAX_PARTS} parts`);
  const weights = ratios.map((ratio, index) => exact(ratio, `ratios.${index}`));
  if (weights.every((weight) => weight.isZero())) throw invalid('ratios', 'are all zero');
  const scale = new Exact(10).pow(Math.max(...weights.map((weight) => weight.decimalPlaces())));
  const whole = weights.map((weight) => weight.times(scale).toNumber());
  const sum = whole.reduce((total, weight) => total + weight, 0);
  if (!Number.isSafeInteger(sum)) throw invalid('ratios', 'are too large or too fine; use smaller numbers');
  return allocate(minor, whole);
};

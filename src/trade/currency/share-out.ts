import { allocate } from '#domain/money.ts';
import { Exact, exact } from '../decimal.ts';
import { invalid } from '../read-input.ts';

const MOST_PARTS = 10_000;

/**
 * `minor` shared out by `ratios` (decimal text): the parts always sum to it, each is within one unit of its exact share,
 * and of equal remainders the earlier part is served first; a negative total is shared as its opposite. Throws `invalid`
 * where nothing says who gets what: no ratio at all, a negative one, or nothing but zeros.
 */
export const shareOut = (minor: number, ratios: readonly string[]): number[] => {
  if (!Number.isSafeInteger(minor)) throw invalid('minor', 'is not a whole number of minor units');
  if (ratios.length === 0) throw invalid('ratios', 'name at least one part');
  if (ratios.length > MOST_PARTS) throw invalid('ratios', `at most ${MOST_PARTS} parts`);
  const weights = ratios.map((ratio, index) => exact(ratio, `ratios.${index}`));
  if (weights.every((weight) => weight.isZero())) throw invalid('ratios', 'all are zero; nothing says who gets what');
  const scale = new Exact(10).pow(Math.max(...weights.map((weight) => weight.decimalPlaces())));
  const whole = weights.map((weight) => weight.times(scale).toNumber());
  const sum = whole.reduce((total, weight) => total + weight, 0);
  if (!Number.isSafeInteger(sum)) throw invalid('ratios', 'are too large or too fine; use smaller numbers');
  return allocate(minor, whole);
};

import { z } from 'zod';
import { invalid, readInput } from '../read-input.ts';
import { Figure, PositiveFigure, wholeUnits } from './formulas.ts';

const Share = z.number('a number').gt(0, 'has to be more than 0').max(1, 'has to be 1 at most');

export const AbcInput = z.strictObject({
  /** Value of a year's demand, by SKU. */
  annualValue: z.record(z.string().max(200), Figure).refine((values) => Object.keys(values).length > 0, 'names no SKU'),
  /** Cumulative shares of the value at which class A and class B end. */
  cuts: z.tuple([Share, Share]).refine(([a, b]) => a <= b, 'class A has to end before class B'),
});
export type AbcInput = z.input<typeof AbcInput>;
export type AbcClass = 'A' | 'B' | 'C';

/** Floating-point sums may miss a cut slightly that they meet exactly on paper. */
const HAIR = 1e-9;

/**
 * Classes by cumulative value, the most valuable SKU first (equal ones by name, so that the input order makes no
 * difference). An SKU is in A if the share up to and including it is within the first cut, in B within the second,
 * otherwise in C. A single SKU larger than the first cut is therefore not in A. Without any value all are C.
 */
export const abcClasses = (input: AbcInput): Map<string, AbcClass> => {
  const { annualValue, cuts } = readInput(AbcInput, input);
  // The parser would silently drop this key of a record.
  if (Object.hasOwn(input.annualValue, '__proto__'))
    throw invalid('annualValue', 'names an SKU __proto__; give it another name');
  const skus = Object.entries(annualValue).sort(([a, ofA], [b, ofB]) => ofB - ofA || (a < b ? -1 : 1));
  const total = skus.reduce((sum, [, value]) => sum + value, 0);
  let end = 0;
  const classes = new Map<string, AbcClass>();
  for (const [sku, value] of skus) {
    end += value;
    const within = (cut: number) => total > 0 && end <= total * (cut + HAIR);
    classes.set(sku, within(cuts[0]) ? 'A' : within(cuts[1]) ? 'B' : 'C');
  }
  return classes;
};

export const ForecastErrors = z.strictObject({
  actual: z.array(Figure).min(1, 'is empty').max(100_000),
  forecast: z.array(Figure).min(1, 'is empty').max(100_000),
});
export type ForecastErrors = z.input<typeof ForecastErrors>;

/** √(π/2), rounded as usual in the field, converts a mean absolute deviation to a standard deviation. */
const DEVIATION_PER_MAD = 1.25;

/** Mean absolute deviation of a forecast, and the corresponding standard deviation 1.25·MAD. */
export const deviationOfForecast = (input: ForecastErrors): { mad: number; deviation: number } => {
  const { actual, forecast } = readInput(ForecastErrors, input);
  if (actual.length !== forecast.length)
    throw invalid('forecast', `has ${forecast.length} periods where actual has ${actual.length}`);
  const mad = actual.reduce((sum, value, index) => sum + Math.abs(value - (forecast[index] ?? 0)), 0) / actual.length;
  return { mad, deviation: DEVIATION_PER_MAD * mad };
};

export const Extremes = z.strictObject({
  meanDemand: Figure,
  largestDemand: Figure,
  meanLeadTime: Figure,
  longestLeadTime: Figure,
});
export type Extremes = z.input<typeof Extremes>;

/** Safety stock by the max–average method: largest demand × longest lead time − mean demand × mean lead time. */
export const maxAverageSafetyStock = (input: Extremes): number => {
  const { meanDemand, largestDemand, meanLeadTime, longestLeadTime } = readInput(Extremes, input);
  if (largestDemand < meanDemand) throw invalid('largestDemand', 'is smaller than the mean');
  if (longestLeadTime < meanLeadTime) throw invalid('longestLeadTime', 'is shorter than the mean');
  return largestDemand * longestLeadTime - meanDemand * meanLeadTime;
};

const Cover = z.strictObject({ onHand: Figure, meanDemand: Figure });

/** How many periods the stock lasts, on hand / demand per period; null without demand. */
export const daysOfCover = (input: z.input<typeof Cover>): number | null => {
  const { onHand, meanDemand } = readInput(Cover, input);
  return meanDemand === 0 ? null : onHand / meanDemand;
};

export const StockPosition = z.strictObject({
  onHand: Figure,
  reserved: Figure.default(0),
  /** Ordered and confirmed by the supplier or carrier. Unconfirmed orders do not count. */
  inboundConfirmed: Figure.default(0),
});
export type StockPosition = z.input<typeof StockPosition>;

/** On hand − reserved + confirmed inbound; negative if more is promised than there is. */
export const available = (input: StockPosition): number => {
  const { onHand, reserved, inboundConfirmed } = readInput(StockPosition, input);
  return onHand - reserved + inboundConfirmed;
};

const Sellable = z.strictObject({ onHand: Figure, reserved: Figure.default(0), buffer: Figure });

/**
 * What a channel may offer for sale: on hand − reserved − its stop-sell buffer, never below 0. Inbound is not for sale.
 */
export const sellable = (input: z.input<typeof Sellable>): number => {
  const { onHand, reserved, buffer } = readInput(Sellable, input);
  return Math.max(0, onHand - reserved - buffer);
};

export const Packing = z.strictObject({
  /** The smallest order that the supplier accepts. */
  minimumOrder: Figure.default(0),
  /** Units per carton; orders are whole cartons. */
  casePack: PositiveFigure.default(1),
});
export type Packing = z.input<typeof Packing>;

/** Raises `quantity` to the smallest order and to whole cartons. Zero stays zero. */
export const orderable = (quantity: number, packing: Packing): number => {
  const wanted = readInput(Figure, quantity, 'quantity');
  const { minimumOrder, casePack } = readInput(Packing, packing);
  if (wanted === 0) return 0;
  return wholeUnits(Math.max(wanted, minimumOrder) / casePack) * casePack;
};

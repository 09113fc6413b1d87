import { z } from 'zod';
import { invalid, readInput } from '../read-input.ts';
import { inverseNormal, normalLoss } from './normal-distribution.ts';

// Statistics of demand: plain numbers, not money. All figures of a call use one unit of time (days with demand per day,
// weeks with demand per week); plan-replenishment.ts converts. Formulas read 2026-11-24 in the supplychainpy
// documentation and at purchasinglead.

const MAX_AMOUNT = 1e15;
/** No share of the normal distribution that a number can represent lies further out. */
const MAX_SAFETY_FACTOR = 40;
export const Figure = z.number('a number').min(0, 'is negative').max(MAX_AMOUNT, 'is too large');
export const PositiveFigure = z.number('a number').positive('has to be more than 0').max(MAX_AMOUNT, 'is too large');
/** Safety stock in standard deviations. A negative factor would plan to run out. */
const SafetyFactor = z.number('a number').min(0, 'is negative: that plans to run out').max(MAX_SAFETY_FACTOR);
export const ServiceLevel = z
  .number('a number')
  .min(0.5, 'has to be 0.5 or more: below that, no safety stock is held')
  .lt(1, 'has to be less than 1: no stock is certain');

/** One-sided factor for a service level per order cycle: 0.5 → 0, 0.95 → 1.6449 (not 1.96, which is two-sided). */
export const safetyFactor = (serviceLevel: number): number => {
  const factor = inverseNormal(readInput(ServiceLevel, serviceLevel, 'serviceLevel'));
  // At 0.5 the bisection ends slightly below 0.
  return Math.max(0, factor);
};

export const Demand = z.strictObject({
  safetyFactor: SafetyFactor,
  /** Mean and standard deviation of the demand per unit of time. */
  mean: Figure,
  deviation: Figure,
  leadTime: Figure,
  /** Standard deviation of the lead time; 0 if it is certain. */
  leadTimeDeviation: Figure.default(0),
});
export type Demand = z.input<typeof Demand>;

export interface ReorderPoint {
  /** Standard deviation of the demand during the lead time. */
  deviation: number;
  safetyStock: number;
  reorderPoint: number;
  /** In whole units, rounded up. */
  reorderAt: number;
}

/** Rounds `figure` up to whole units. A floating-point result slightly above a whole number counts as that number. */
export const wholeUnits = (figure: number): number => {
  const near = Math.round(figure);
  return Math.abs(figure - near) <= Math.max(1e-9, 1e-12 * Math.abs(figure)) ? near : Math.ceil(figure);
};

const leadTimeDeviationOf = (mean: number, deviation: number, time: number, timeDeviation: number): number =>
  Math.sqrt(time * deviation ** 2 + mean ** 2 * timeDeviation ** 2);

/** Safety stock z·√(L·σ² + d²·σL²) and reorder point d·L + safety stock; with a certain lead time z·σ·√L. */
export const reorderPoint = (input: Demand): ReorderPoint => {
  const demand = readInput(Demand, input);
  const deviation = leadTimeDeviationOf(demand.mean, demand.deviation, demand.leadTime, demand.leadTimeDeviation);
  const safetyStock = demand.safetyFactor * deviation;
  const point = demand.mean * demand.leadTime + safetyStock;
  return { deviation, safetyStock, reorderPoint: point, reorderAt: wholeUnits(point) };
};

export const ReviewedDemand = Demand.extend({ reviewTime: PositiveFigure });
export type ReviewedDemand = z.input<typeof ReviewedDemand>;

/** Periodic review: order every `reviewTime` up to d·(L+R) + z·√((L+R)·σ² + d²·σL²). */
export const orderUpTo = (input: ReviewedDemand): { deviation: number; safetyStock: number; orderUpTo: number } => {
  const { reviewTime, ...demand } = readInput(ReviewedDemand, input);
  const over = reorderPoint({ ...demand, leadTime: demand.leadTime + reviewTime });
  return { deviation: over.deviation, safetyStock: over.safetyStock, orderUpTo: over.reorderPoint };
};

export const OrderCosts = z.strictObject({
  annualDemand: Figure,
  /** Cost of placing one order, whatever its size. */
  orderCost: PositiveFigure,
  /** Cost of holding one unit for a year. */
  holdingCost: PositiveFigure,
});
export type OrderCosts = z.input<typeof OrderCosts>;

export interface EconomicOrder {
  quantity: number;
  ordersPerYear: number;
  /** Ordering and holding, without the goods. */
  annualCost: number;
}

/** Economic order quantity √(2DS/H). Zero without demand. */
export const economicOrder = (input: OrderCosts): EconomicOrder => {
  const { annualDemand, orderCost, holdingCost } = readInput(OrderCosts, input);
  const quantity = Math.sqrt((2 * annualDemand * orderCost) / holdingCost);
  return {
    quantity,
    ordersPerYear: quantity === 0 ? 0 : annualDemand / quantity,
    annualCost: Math.sqrt(2 * annualDemand * orderCost * holdingCost),
  };
};

export const PriceBreaks = z.strictObject({
  annualDemand: PositiveFigure,
  orderCost: PositiveFigure,
  /** Cost of holding a unit for a year, as a share of its price. */
  holdingRate: PositiveFigure.max(10, 'is a share of the price, such as 0.25'),
  /** All-units prices from a quantity on. A larger order never costs more per unit. */
  prices: z
    .array(z.strictObject({ from: Figure, unitPrice: PositiveFigure }))
    .min(1, 'names no price')
    .max(100),
});
export type PriceBreaks = z.input<typeof PriceBreaks>;

export interface PricedOrder {
  quantity: number;
  unitPrice: number;
  /** Goods, ordering and holding. */
  annualCost: number;
}

/**
 * The order quantity with the lowest yearly cost if the price falls with the order size (all-units discount): the
 * economic quantity at each price, raised to the minimum for that price, and the cheapest of them. `considered` has all
 * of them.
 */
export const economicOrderWithPriceBreaks = (input: PriceBreaks): PricedOrder & { considered: PricedOrder[] } => {
  const { annualDemand, orderCost, holdingRate, prices } = readInput(PriceBreaks, input);
  const sorted = [...prices].sort((a, b) => a.from - b.from);
  if (new Set(sorted.map(({ from }) => from)).size < sorted.length)
    throw invalid('prices', 'two prices begin at the same quantity');
  if (sorted.some(({ unitPrice }, index) => unitPrice > (sorted[index - 1]?.unitPrice ?? unitPrice)))
    throw invalid('prices', 'a larger order costs more per unit; check the quantities and the prices');
  const considered = sorted.flatMap(({ from, unitPrice }, index): PricedOrder[] => {
    const holdingCost = holdingRate * unitPrice;
    const quantity = Math.max(from, economicOrder({ annualDemand, orderCost, holdingCost }).quantity);
    const next = sorted[index + 1];
    if (next && quantity >= next.from) return [];
    const annualCost = annualDemand * unitPrice + (annualDemand / quantity) * orderCost + (quantity / 2) * holdingCost;
    return [{ quantity, unitPrice, annualCost }];
  });
  // The last price has no successor, so at least one is considered.
  const best = considered.reduce((cheapest, each) => (each.annualCost < cheapest.annualCost ? each : cheapest));
  return { ...best, considered };
};

export const FillRateInput = z.strictObject({
  safetyFactor: z.number('a number').min(-MAX_SAFETY_FACTOR).max(MAX_SAFETY_FACTOR),
  /** Standard deviation of the demand during the lead time. */
  deviation: Figure,
  orderQuantity: PositiveFigure,
});
export type FillRateInput = z.input<typeof FillRateInput>;

/** Share of the demand served from stock, 1 − σ·G(z)/Q (never below 0), and the units short per order cycle. */
export const fillRate = (input: FillRateInput): { unitLoss: number; expectedShort: number; fillRate: number } => {
  const { safetyFactor: factor, deviation, orderQuantity } = readInput(FillRateInput, input);
  const unitLoss = normalLoss(factor);
  const expectedShort = deviation * unitLoss;
  return { unitLoss, expectedShort, fillRate: Math.max(0, 1 - expectedShort / orderQuantity) };
};

import { z } from 'zod';
import { invalid, readInput } from '../read-input.ts';
import {
  economicOrder,
  Figure,
  orderUpTo,
  PositiveFigure,
  reorderPoint,
  ServiceLevel,
  safetyFactor,
  wholeUnits,
} from './formulas.ts';
import { available, orderable, Packing, StockPosition } from './stock-figures.ts';

export const TIME_UNITS = ['day', 'week', 'month'] as const;
export type TimeUnit = (typeof TIME_UNITS)[number];

/** A month is a twelfth of a year of 365.25 days. */
const DAYS: Readonly<Record<TimeUnit, number>> = { day: 1, week: 7, month: 365.25 / 12 };
const DAYS_A_YEAR = 365.25;

/** The steps between the order and the shelf. Omitting one is the most common cause of running out of stock. */
export const LEAD_TIME_STEPS = [
  'production',
  'quality_inspection',
  'payment_security',
  'export_clearance',
  'transport',
  'import_clearance',
  'warehouse_inbound',
] as const;

const unit = z.enum(TIME_UNITS);
const LeadTimeStep = z.strictObject({
  step: z.enum(LEAD_TIME_STEPS),
  mean: Figure,
  /** Standard deviation, in the same unit. */
  deviation: Figure.default(0),
  unit,
});

const History = z.strictObject({
  kind: z.literal('history'),
  per: unit,
  /**
   * Units demanded in each period, oldest first. Periods without demand are zeros; periods out of stock are omitted.
   */
  periods: z.array(Figure).min(2, 'has fewer than 2 periods: plan a new SKU from its category').max(10_000),
});
/** A new SKU has no history: its mean is an estimate, its variation is that of its category. */
const Category = z.strictObject({
  kind: z.literal('category'),
  per: unit,
  mean: Figure,
  /** Coefficient of variation of the category: standard deviation / mean. */
  variation: Figure.max(100, 'is a ratio such as 0.6'),
});

export const ReplenishmentInput = z.strictObject({
  demand: z.discriminatedUnion('kind', [History, Category]),
  leadTime: z.array(LeadTimeStep).min(1, 'names no step'),
  serviceLevel: ServiceLevel,
  stock: StockPosition,
  /** Stock is checked, and ordered, only at this interval; without it, whenever stock reaches the reorder point. */
  review: z.strictObject({ every: PositiveFigure, unit }).optional(),
  packing: Packing.optional(),
  /** If given, orders have the economic size. */
  costs: z.strictObject({ orderCost: PositiveFigure, holdingCostPerYear: PositiveFigure }).optional(),
});
export type ReplenishmentInput = z.input<typeof ReplenishmentInput>;

export interface ReplenishmentPlan {
  method: 'continuous_review' | 'periodic_review';
  safetyStock: number;
  /** In whole units, rounded up. With periodic review: the level at which an order cannot wait for the next review. */
  reorderPoint: number;
  orderUpTo: number;
  /** What to order now, in whole cartons; 0 if the stock is enough. */
  orderQuantity: number;
  /** How each figure was calculated, in order. */
  explain: readonly string[];
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const shortNumber = (value: number): string => String(Math.round(value * 100) / 100);

const demandOf = (demand: z.output<typeof ReplenishmentInput>['demand']) => {
  if (demand.kind === 'category') {
    const deviation = demand.variation * demand.mean;
    const how = `standard deviation ${shortNumber(deviation)} from the variation ${demand.variation} of its category`;
    return { mean: demand.mean, deviation, explain: `Demand ${shortNumber(demand.mean)} per ${demand.per}, ${how}` };
  }
  const { periods } = demand;
  const mean = sum(periods) / periods.length;
  // Sample deviation: divide by the number of periods minus one.
  const deviation = Math.sqrt(sum(periods.map((value) => (value - mean) ** 2)) / (periods.length - 1));
  const how = `standard deviation ${shortNumber(deviation)}, over ${periods.length} periods`;
  return { mean, deviation, explain: `Demand ${shortNumber(mean)} per ${demand.per}, ${how}` };
};

const leadTimeOf = (steps: z.output<typeof ReplenishmentInput>['leadTime'], per: TimeUnit) => {
  const scale = (value: number, from: TimeUnit) => (value * DAYS[from]) / DAYS[per];
  const mean = sum(steps.map((each) => scale(each.mean, each.unit)));
  const deviation = Math.sqrt(sum(steps.map((each) => scale(each.deviation, each.unit) ** 2)));
  const missing = LEAD_TIME_STEPS.filter((step) => !steps.some((each) => each.step === step));
  const chance = deviation > 0 ? `, standard deviation ${shortNumber(deviation)}` : '';
  return {
    mean,
    deviation,
    explain: [
      `Lead time ${shortNumber(mean)} ${per}s over ${steps.length} steps${chance}`,
      ...(missing.length === 0 ? [] : [`The lead time counts nothing for: ${missing.join(', ').replaceAll('_', ' ')}`]),
    ],
  };
};

/**
 * What to order of one SKU now, from its demand, lead time and stock. All times are first converted to the unit of the
 * demand figures. `periodic_review` orders up to a level at each review. `continuous_review` orders when available
 * stock has fallen to the reorder point, up to that point plus one order (economic if costs are given, otherwise the
 * smallest order, at least one period's demand). Throws `invalid` naming the field.
 */
export const planReplenishment = (input: ReplenishmentInput): ReplenishmentPlan => {
  const { demand, leadTime, serviceLevel, stock, review, packing, costs } = readInput(ReplenishmentInput, input);
  const { per } = demand;
  const wanted = demandOf(demand);
  const lead = leadTimeOf(leadTime, per);
  const factor = safetyFactor(serviceLevel);
  const figures = {
    safetyFactor: factor,
    mean: wanted.mean,
    deviation: wanted.deviation,
    leadTime: lead.mean,
    leadTimeDeviation: lead.deviation,
  };
  const point = reorderPoint(figures);
  const have = available(stock);
  const common = [
    wanted.explain,
    ...lead.explain,
    `Service level ${serviceLevel} per order cycle: ${shortNumber(factor)} standard deviations`,
    `Available ${shortNumber(have)} = ${stock.onHand} on hand − ${stock.reserved} reserved + ${stock.inboundConfirmed} inbound`,
  ];
  const pack = readInput(Packing, packing ?? {});
  const order = (quantity: number): number => {
    const result = orderable(Math.max(0, wholeUnits(quantity)), pack);
    if (!Number.isSafeInteger(Math.ceil(result))) throw invalid('demand', 'the order is too large to be meant');
    return result;
  };
  const packed = `order, raised to at least ${pack.minimumOrder} and to whole cartons of ${pack.casePack}`;
  if (review !== undefined) {
    const reviewTime = (review.every * DAYS[review.unit]) / DAYS[per];
    const level = orderUpTo({ ...figures, reviewTime });
    const orderQuantity = order(level.orderUpTo - have);
    return {
      method: 'periodic_review',
      safetyStock: level.safetyStock,
      reorderPoint: point.reorderAt,
      orderUpTo: wholeUnits(level.orderUpTo),
      orderQuantity,
      explain: [
        ...common,
        `Safety stock ${shortNumber(level.safetyStock)} over lead time and review of ${shortNumber(reviewTime)} ${per}s`,
        `Order up to ${shortNumber(level.orderUpTo)}; ${orderQuantity} to ${packed}`,
      ],
    };
  }
  const annualDemand = (wanted.mean * DAYS_A_YEAR) / DAYS[per];
  const economic =
    costs === undefined
      ? null
      : economicOrder({ annualDemand, orderCost: costs.orderCost, holdingCost: costs.holdingCostPerYear }).quantity;
  const batch = economic ?? Math.max(wanted.mean, pack.minimumOrder, pack.casePack);
  const level = point.reorderPoint + batch;
  const due = have <= point.reorderPoint && wanted.mean > 0;
  const orderQuantity = due ? order(level - have) : 0;
  return {
    method: 'continuous_review',
    safetyStock: point.safetyStock,
    reorderPoint: point.reorderAt,
    orderUpTo: wholeUnits(level),
    orderQuantity,
    explain: [
      ...common,
      `Safety stock ${shortNumber(point.safetyStock)}; reorder point ${point.reorderAt} with the demand over the lead time`,
      `One order is ${shortNumber(batch)}: ${economic === null ? 'the smallest, at least a period' : 'the economic quantity'}`,
      due
        ? `Available is at or below the reorder point; ${orderQuantity} to ${packed}`
        : `${wanted.mean > 0 ? 'Available is above the reorder point' : 'There is no demand'}: nothing to order`,
    ],
  };
};

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../testing/code-of.ts';
import {
  economicOrder,
  economicOrderWithPriceBreaks,
  fillRate,
  orderUpTo,
  reorderPoint,
  safetyFactor,
  wholeUnits,
} from './formulas.ts';
import { inverseNormal, normalBeyond, normalLoss, normalShare } from './normal-distribution.ts';
import { planReplenishment, type ReplenishmentInput } from './plan-replenishment.ts';
import {
  abcClasses,
  available,
  daysOfCover,
  deviationOfForecast,
  maxAverageSafetyStock,
  orderable,
  sellable,
} from './stock-figures.ts';

describe('the normal distribution', () => {
  it('is exact to nine decimals and more', () => {
    // Values of the printed tables to 16 digits (Abramowitz and Stegun 26.2; NIST).
    const known: [number, number][] = [
      [0.9, 1.2815515655446004],
      [0.95, 1.6448536269514722],
      [0.975, 1.959963984540054],
      [0.98, 2.0537489106318225],
      [0.99, 2.3263478740408408],
      [0.999, 3.090232306167814],
      [0.9999, 3.719016485455709],
    ];
    for (const [share, z] of known) expect(inverseNormal(share)).toBeCloseTo(z, 11);
    expect(inverseNormal(0.5)).toBeCloseTo(0, 14);
    expect(normalShare(1)).toBeCloseTo(0.8413447460685429, 14);
    expect(normalBeyond(6) / 9.865876450376946e-10).toBeCloseTo(1, 9);
  });
  it('comes back from its inverse, on both sides, without a seam', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true }), (share) => {
        expect(Math.abs(normalShare(inverseNormal(share)) - share)).toBeLessThan(1e-13);
        expect(inverseNormal(1 - share)).toBeCloseTo(-inverseNormal(share), 3);
      }),
    );
    expect(normalShare(3 + 1e-12)).toBeCloseTo(normalShare(3 - 1e-12), 13);
  });
  it('loses less, the more stock there is', () => {
    expect(normalLoss(1)).toBeCloseTo(0.0833154706, 9);
    expect(normalLoss(0)).toBeCloseTo(0.3989422804, 9);
    expect(normalLoss(-2) - normalLoss(2)).toBeCloseTo(2, 12);
  });
});

describe('a reorder point', () => {
  const z = safetyFactor(0.95);
  it('is the demand over the lead time plus safety stock', () => {
    const found = reorderPoint({ safetyFactor: z, mean: 50, deviation: 20, leadTime: 9 });
    expect(found.safetyStock).toBeCloseTo(98.6912, 4);
    expect(found.reorderPoint).toBeCloseTo(548.6912, 4);
    expect(found.reorderAt).toBe(549);
  });
  it('adds the chance in the lead time', () => {
    const demand = { safetyFactor: z, mean: 100, deviation: 20, leadTime: 7, leadTimeDeviation: 2 };
    expect(reorderPoint(demand).deviation).toBeCloseTo(206.8816, 4);
    expect(reorderPoint(demand).reorderPoint).toBeCloseTo(1040.29, 2);
  });
  it('covers lead time and review interval under periodic review', () => {
    const demand = { safetyFactor: z, mean: 50, deviation: 20, leadTime: 9, reviewTime: 7 };
    expect(orderUpTo(demand).orderUpTo).toBeCloseTo(931.5883, 4);
  });
  it('needs no safety stock at a service level of one half', () => {
    expect(safetyFactor(0.5)).toBe(0);
    const demand = { mean: 50, deviation: 20, leadTime: 9 };
    expect(reorderPoint({ safetyFactor: safetyFactor(0.5), ...demand }).reorderAt).toBe(450);
  });
  it('is the same in days and in weeks', () => {
    const days = reorderPoint({ safetyFactor: z, mean: 10, deviation: 4, leadTime: 21, leadTimeDeviation: 3 });
    const weeks = reorderPoint({
      safetyFactor: z,
      mean: 70,
      deviation: 4 * Math.sqrt(7),
      leadTime: 3,
      leadTimeDeviation: 3 / 7,
    });
    expect(weeks.reorderPoint).toBeCloseTo(days.reorderPoint, 9);
  });
  it('is in whole units; a floating-point error above a whole number does not add one', () => {
    expect([wholeUnits(548.0001), wholeUnits(0.1 * 3 * 10), wholeUnits(0), wholeUnits(1e-3)]).toEqual([549, 3, 0, 1]);
    // The tolerance does not grow to whole units with the figure.
    expect(wholeUnits(1_000_000_000.4)).toBe(1_000_000_001);
  });
  it('refuses what is no figure', () => {
    const demand = { safetyFactor: z, mean: 50, deviation: 20, leadTime: 9 };
    for (const wrong of [
      { mean: -1 },
      { deviation: Number.NaN },
      { leadTime: Number.POSITIVE_INFINITY },
      { mean: 1e300 },
    ])
      expect(codeOf(() => reorderPoint({ ...demand, ...wrong }))).toBe('invalid');
    for (const level of [0, 1, 1.5, -0.2, 0.4, Number.NaN]) expect(codeOf(() => safetyFactor(level))).toBe('invalid');
  });
});

describe('an economic order', () => {
  it('costs least', () => {
    const { quantity, ordersPerYear, annualCost } = economicOrder({
      annualDemand: 10_000,
      orderCost: 50,
      holdingCost: 2,
    });
    expect([quantity, ordersPerYear, annualCost].map((value) => Math.round(value * 1e4) / 1e4)).toEqual([
      707.1068, 14.1421, 1414.2136,
    ]);
    const cost = (q: number) => (10_000 / q) * 50 + (q / 2) * 2;
    fc.assert(
      fc.property(fc.double({ min: 1, max: 10_000, noNaN: true }), (q) => {
        expect(cost(q)).toBeGreaterThanOrEqual(annualCost - 1e-6);
      }),
    );
  });
  it('is nothing without demand, and is refused where it has no bound', () => {
    expect(economicOrder({ annualDemand: 0, orderCost: 5, holdingCost: 1 })).toEqual({
      quantity: 0,
      ordersPerYear: 0,
      annualCost: 0,
    });
    expect(codeOf(() => economicOrder({ annualDemand: 1, orderCost: 5, holdingCost: 0 }))).toBe('invalid');
  });
  it('takes a price break where the whole year is cheaper for it', () => {
    const prices = [
      { from: 0, unitPrice: 5 },
      { from: 1000, unitPrice: 4.8 },
      { from: 2000, unitPrice: 4.75 },
    ];
    const costs = { annualDemand: 5000, orderCost: 49, holdingRate: 0.2 };
    const best = economicOrderWithPriceBreaks({ ...costs, prices });
    // Heizer and Render's toy car example: 700 at 5.00 (25,700), 1,000 at 4.80 (24,725), 2,000 at 4.75 (24,822.50).
    expect(best.considered.map(({ quantity, annualCost }) => [quantity, annualCost])).toEqual([
      [700, 25_700],
      [1000, 24_725],
      [2000, 24_822.5],
    ]);
    expect(best).toMatchObject({ quantity: 1000, unitPrice: 4.8 });
  });
  it('costs no more than any other quantity at the price of that quantity, whatever the breaks', () => {
    const step = fc.record({ more: fc.integer({ min: 1, max: 3_000 }), less: fc.integer({ min: 0, max: 200 }) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 20_000 }), (steps, q) => {
        let [from, cents] = [0, 2_000];
        const prices = steps.map(({ more, less }, index) => {
          if (index > 0) from += more;
          cents -= less;
          return { from, unitPrice: cents / 100 };
        });
        const costs = { annualDemand: 5000, orderCost: 49, holdingRate: 0.2 };
        const price = prices.findLast((each) => each.from <= q)?.unitPrice ?? 0;
        const cost = 5000 * price + (5000 / q) * 49 + (q / 2) * 0.2 * price;
        expect(economicOrderWithPriceBreaks({ ...costs, prices }).annualCost).toBeLessThanOrEqual(cost + 1e-6);
      }),
    );
  });
  it('is refused where a larger order costs more per unit: no price break does', () => {
    const prices = [
      { from: 0, unitPrice: 4 },
      { from: 500, unitPrice: 5 },
    ];
    const costs = { annualDemand: 5000, orderCost: 49, holdingRate: 0.2 };
    expect(codeOf(() => economicOrderWithPriceBreaks({ ...costs, prices }))).toBe('invalid');
  });
});

describe('a fill rate', () => {
  it('is the share served from stock', () => {
    const found = fillRate({ safetyFactor: 1, deviation: 60, orderQuantity: 500 });
    expect(found.expectedShort).toBeCloseTo(4.9989, 4);
    expect(found.fillRate).toBeCloseTo(0.99, 4);
  });
  it('rises with the stock held and stays within 0 and 1', () => {
    const rate = (factor: number) => fillRate({ safetyFactor: factor, deviation: 60, orderQuantity: 50 }).fillRate;
    const factor = fc.double({ min: -5, max: 5, noNaN: true });
    fc.assert(
      fc.property(factor, factor, (a, b) => {
        const [less, more] = [rate(Math.min(a, b)), rate(Math.max(a, b))];
        expect(more).toBeGreaterThanOrEqual(less - 1e-12);
        expect(Math.min(less, 1 - more)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('the smaller figures', () => {
  it('class SKUs by where their cumulative value ends', () => {
    const classes = (annualValue: Record<string, number>) =>
      [...abcClasses({ annualValue, cuts: [0.8, 0.95] })].map(([sku, name]) => sku + name).join(' ');
    expect(classes({ a: 50, b: 30, c: 9, d: 6, e: 3, f: 2 })).toBe('aA bA cB dB eC fC');
    expect(classes({ small: 1, large: 9 })).toBe('largeB smallC');
    expect(classes({ a: 0, b: 0 })).toBe('aC bC');
    expect(codeOf(() => classes({}))).toBe('invalid');
  });
  it('class SKUs whatever order they come in, and whatever they are called', () => {
    const classes = (skus: readonly (readonly [string, number])[]) => [
      ...abcClasses({ annualValue: Object.fromEntries(skus), cuts: [0.5, 0.95] }),
    ];
    const equal = [
      ['b', 5],
      ['10', 5],
      ['a', 5],
      ['constructor', 5],
    ] as const;
    expect(classes(equal)).toEqual(classes(equal.toReversed()));
    expect(codeOf(() => classes([...equal, ['__proto__', 5]]))).toBe('invalid');
  });
  it('estimate, bound and count', () => {
    expect(deviationOfForecast({ actual: [10, 14], forecast: [12, 10] })).toEqual({ mad: 3, deviation: 3.75 });
    expect(codeOf(() => deviationOfForecast({ actual: [1], forecast: [1, 2] }))).toBe('invalid');
    expect(maxAverageSafetyStock({ meanDemand: 50, largestDemand: 80, meanLeadTime: 9, longestLeadTime: 12 })).toBe(
      510,
    );
    expect(daysOfCover({ onHand: 100, meanDemand: 8 })).toBe(12.5);
    expect(daysOfCover({ onHand: 100, meanDemand: 0 })).toBeNull();
    expect(available({ onHand: 10, reserved: 14, inboundConfirmed: 1 })).toBe(-3);
    expect(sellable({ onHand: 10, reserved: 4, buffer: 2 })).toBe(4);
    expect(sellable({ onHand: 10, reserved: 9, buffer: 2 })).toBe(0);
  });
  it('order whole cartons, at least the smallest order, and the least that covers', () => {
    expect(orderable(101, { casePack: 24 })).toBe(120);
    expect(orderable(10, { minimumOrder: 100, casePack: 24 })).toBe(120);
    expect(orderable(0, { minimumOrder: 100 })).toBe(0);
    const pack = fc.integer({ min: 1, max: 500 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), pack, (wanted, casePack) => {
        const ordered = orderable(wanted, { casePack });
        expect([ordered % casePack, ordered >= wanted, ordered - wanted < casePack]).toEqual([0, true, true]);
      }),
    );
  });
});

describe('a replenishment plan', () => {
  const leadTime: ReplenishmentInput['leadTime'] = [
    { step: 'production', mean: 2, unit: 'week' },
    { step: 'quality_inspection', mean: 1, unit: 'day' },
    { step: 'transport', mean: 25, deviation: 3, unit: 'day' },
  ];
  const input: ReplenishmentInput = {
    demand: { kind: 'history', per: 'day', periods: [8, 12, 10, 9, 11, 10] },
    leadTime,
    serviceLevel: 0.95,
    stock: { onHand: 300, reserved: 20, inboundConfirmed: 100 },
  };
  it('adds the steps of the lead time, whatever their units, and names those that are missing', () => {
    const plan = planReplenishment(input);
    expect(plan.explain[1]).toBe('Lead time 40 days over 3 steps, standard deviation 3');
    expect(plan.explain[2]).toContain('payment security, export clearance, import clearance, warehouse inbound');
    // z·√(40·2 + 10²·3²) and another 400.
    expect(plan.safetyStock).toBeCloseTo(1.6448536 * Math.sqrt(980), 4);
    expect(plan.reorderPoint).toBe(452);
  });
  it('orders only at or below the reorder point, by available stock', () => {
    const packing = { minimumOrder: 200, casePack: 24 };
    expect(planReplenishment({ ...input, packing })).toMatchObject({ orderUpTo: 652, orderQuantity: 288 });
    const enough = { onHand: 453, reserved: 0, inboundConfirmed: 0 };
    expect(planReplenishment({ ...input, packing, stock: enough }).orderQuantity).toBe(0);
  });
  it('orders the economic quantity where costs are given', () => {
    const costs = { orderCost: 40, holdingCostPerYear: 2 };
    const { orderUpTo: level, explain } = planReplenishment({ ...input, costs });
    expect(level).toBe(Math.ceil(400 + 1.6448536 * Math.sqrt(980) + Math.sqrt((2 * 3652.5 * 40) / 2)));
    expect(explain.join(' ')).toContain('economic quantity');
  });
  it('orders up to a level at each review', () => {
    // 470 over 47 days and z·√(47·2 + 10²·3²).
    const plan = planReplenishment({ ...input, review: { every: 1, unit: 'week' } });
    expect(plan).toMatchObject({ method: 'periodic_review', orderUpTo: 522, orderQuantity: 142 });
  });
  it('plans a new SKU from its category', () => {
    const demand = { kind: 'category', per: 'day', mean: 10, variation: 0.5 } as const;
    const plan = planReplenishment({ ...input, demand, leadTime: [{ step: 'transport', mean: 16, unit: 'day' }] });
    expect(plan.safetyStock).toBeCloseTo(1.6448536 * 20, 5);
    const short: ReplenishmentInput['demand'] = { kind: 'history', per: 'day', periods: [3] };
    expect(codeOf(() => planReplenishment({ ...input, demand: short }))).toBe('invalid');
  });
  it('orders nothing without demand, never less than nothing, and always what covers the gap', () => {
    const none: ReplenishmentInput['demand'] = { kind: 'history', per: 'week', periods: [0, 0, 0] };
    expect(planReplenishment({ ...input, demand: none, stock: { onHand: 0 } }).orderQuantity).toBe(0);
    const periods = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(periods, fc.integer({ min: 0, max: 50_000 }), fc.boolean(), (found, onHand, reviewed) => {
        const plan = planReplenishment({
          ...input,
          demand: { kind: 'history', per: 'day', periods: found },
          stock: { onHand },
          ...(reviewed ? { review: { every: 7, unit: 'day' } } : {}),
        });
        expect(plan.orderQuantity).toBeGreaterThanOrEqual(0);
        if (plan.orderQuantity > 0) expect(onHand + plan.orderQuantity).toBeGreaterThanOrEqual(plan.orderUpTo);
      }),
    );
  });
});

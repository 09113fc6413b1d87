import { z } from 'zod';
import { Failure } from '#domain/failure.ts';
import { Exact, exact, roundTo } from '../decimal.ts';
import { plainDate } from '../plain-date.ts';
import { readInput } from '../read-input.ts';
import { type AsOf, mergeNotices, type Notice, noRow, type RuleTable, ruleOn } from '../rule.ts';

export const CARRIER_KINDS = ['courier', 'air', 'post', 'ocean', 'road'] as const;
export const CarrierKind = z.enum(CARRIER_KINDS);
export type CarrierKind = z.infer<typeof CarrierKind>;

const divisor = (kind: CarrierKind, name: string, value: string | null): RuleTable<string> => ({
  id: `freight.divisor-${kind}`,
  name,
  rows:
    value === null
      ? []
      : [
          {
            from: plainDate('2020-01-01'),
            to: null,
            value,
            source: { title: 'Usual tariffs of express carriers and airlines', read: plainDate('2026-11-24') },
            status: 'general_knowledge',
            reviewBy: plainDate('2027-06-30'),
            note: 'the tariff of the carrier decides',
          },
        ],
});

/** Cubic centimetres that count as one kilogram. */
export const VOLUMETRIC_DIVISORS: Readonly<Record<CarrierKind, RuleTable<string>>> = {
  courier: divisor('courier', 'Volumetric divisor of couriers', '5000'),
  air: divisor('air', 'Volumetric divisor of air freight', '6000'),
  post: divisor('post', 'Volumetric divisor of postal operators', null),
  ocean: divisor('ocean', 'Volumetric divisor of ocean freight', null),
  road: divisor('road', 'Volumetric divisor of road freight', null),
};

const Centimetres = z.string().regex(/^\d{1,5}(\.\d{1,2})?$/, 'has to be centimetres as text, such as 60 or 40.5');
const Kilograms = z.string().regex(/^\d{1,7}(\.\d{1,3})?$/, 'has to be kilograms as text, such as 12.5');

export const Package = z.strictObject({
  length: Centimetres,
  width: Centimetres,
  height: Centimetres,
  /** Gross weight of one package. */
  weightKg: Kilograms,
  count: z.int().min(1).max(1_000_000).default(1),
});
export type Package = z.infer<typeof Package>;

export const ChargeableInput = z.strictObject({
  packages: z.array(Package).min(1, 'needs at least one package').max(10_000),
  carrier: CarrierKind,
  /** The divisor in the carrier's tariff. Default: the usual one for its kind. */
  divisor: z
    .string()
    .regex(/^\d{1,6}$/, 'has to be a whole number of cm³ for a kg, such as 5000')
    .optional(),
  /** The step to which the carrier rounds the chargeable weight up: `0.5`, `1`. Not on file. */
  stepKg: Kilograms.optional(),
  /** `package`: each package by itself, as couriers do; `shipment`: all together. */
  compared: z.enum(['package', 'shipment']).default('package'),
});
export type ChargeableInput = z.infer<typeof ChargeableInput>;

export interface ChargeableWeight {
  cbm: Exact;
  grossKg: Exact;
  volumetricKg: Exact;
  chargeableKg: Exact;
  /** Which weight the carrier charges; `both` if packages are compared one by one and differ. */
  by: 'gross' | 'volumetric' | 'both';
  notices: readonly Notice[];
}

interface Measured {
  cm3: Exact;
  gross: Exact;
  count: number;
}

const measured = (one: Package, at: number): Measured => {
  const side = (name: 'length' | 'width' | 'height') => exact(one[name], `packages.${at}.${name}`, { zero: false });
  return {
    cm3: side('length').times(side('width')).times(side('height')),
    gross: exact(one.weightKg, `packages.${at}.weightKg`, { zero: false }),
    count: one.count,
  };
};

/** Volume of `count` packages in cubic metres, unrounded: length × width × height in cm / 1,000,000. */
export const cubicMetres = (one: Package): Exact => measured(one, 0).cm3.times(one.count).div(1_000_000);

/**
 * The weight that a carrier charges: the larger of gross and volumetric weight, rounded up to the step of its tariff.
 * Throws `no_row` without that step, and without a divisor for a kind of carrier that has no usual one.
 */
export const chargeableWeight = (input: z.input<typeof ChargeableInput>, asOf: AsOf): ChargeableWeight => {
  const { packages, carrier, stepKg, compared, ...given } = readInput(ChargeableInput, input, 'packages');
  const ruled = given.divisor === undefined ? ruleOn(VOLUMETRIC_DIVISORS[carrier], asOf, 'divisor') : null;
  const perKg = exact(given.divisor ?? ruled?.value ?? '', 'divisor', { zero: false });
  if (stepKg === undefined) throw noRow(`step the ${carrier} rounds its weights up to; hand it in`, 'stepKg');
  const step = exact(stepKg, 'stepKg', { zero: false }).toFixed();
  const all = packages.map(measured);
  const total = (of: (one: Measured) => Exact) =>
    all.reduce((sum, one) => sum.plus(of(one).times(one.count)), new Exact(0));
  const volumetric = (one: Measured) => one.cm3.div(perKg);
  const [grossKg, volumetricKg] = [total(({ gross }) => gross), total(volumetric)];
  const larger = (volume: Exact, gross: Exact): 'gross' | 'volumetric' => (volume.gt(gross) ? 'volumetric' : 'gross');
  const charged = new Set(
    compared === 'package' ? all.map((one) => larger(volumetric(one), one.gross)) : [larger(volumetricKg, grossKg)],
  );
  const [by = 'gross'] = charged;
  const chargeableKg =
    compared === 'package'
      ? total((one) => roundTo(Exact.max(one.gross, volumetric(one)), step, 'up'))
      : roundTo(Exact.max(grossKg, volumetricKg), step, 'up');
  return {
    cbm: total(({ cm3 }) => cm3).div(1_000_000),
    grossKg,
    volumetricKg,
    chargeableKg,
    by: charged.size > 1 ? 'both' : by,
    notices: mergeNotices(ruled?.notices ?? []),
  };
};

/** Limits of a carrier's tariff, in cm and kg. An absent limit does not apply. */
export const SizeLimits = z.strictObject({
  longestSide: Centimetres.optional(),
  secondSide: Centimetres.optional(),
  /** Length plus girth. */
  lengthAndGirth: Centimetres.optional(),
  /** Sum of the three sides. */
  threeSides: Centimetres.optional(),
  weightKg: Kilograms.optional(),
});
export type SizeLimits = z.infer<typeof SizeLimits>;

export interface SizeCheck {
  longestSide: Exact;
  secondSide: Exact;
  girth: Exact;
  lengthAndGirth: Exact;
  threeSides: Exact;
  /** The exceeded limits; empty if the package fits. */
  passed: readonly (keyof SizeLimits)[];
}

/** The sides of a package in order, its girth around the two shorter ones, and the tariff limits it exceeds. */
export const checkSize = (one: z.input<typeof Package>, limits: SizeLimits): SizeCheck => {
  const given = readInput(Package, one, 'package');
  const allowed = readInput(SizeLimits, limits, 'limits');
  const sides = [given.length, given.width, given.height]
    .map((side) => exact(side, 'package', { zero: false }))
    .sort((a, b) => b.comparedTo(a));
  const [longestSide, secondSide, third] = sides;
  if (!longestSide || !secondSide || !third) throw new Failure('bug', 'a package has three sides');
  const girth = secondSide.plus(third).times(2);
  const measures = {
    longestSide,
    secondSide,
    lengthAndGirth: longestSide.plus(girth),
    threeSides: longestSide.plus(secondSide).plus(third),
    weightKg: exact(given.weightKg, 'weightKg', { zero: false }),
  };
  const names = ['longestSide', 'secondSide', 'lengthAndGirth', 'threeSides', 'weightKg'] as const;
  const passed = names.filter((name) => {
    const limit = allowed[name];
    return limit !== undefined && measures[name].gt(limit);
  });
  const { weightKg: _, ...shown } = measures;
  return { ...shown, girth, passed };
};

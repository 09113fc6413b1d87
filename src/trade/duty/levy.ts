import { exponentOf, toMinor } from '#domain/money.ts';
import { Exact, type Rounding, roundTo } from '../decimal.ts';
import { invalid } from '../read-input.ts';
import { type Notice, noRow, type RuleTable, ruleOn } from '../rule.ts';
import type { DutyLayer } from './consignment.ts';
import { shareOut, sumIn, sumOf, type WorkLine, type Worksheet } from './worksheet.ts';

export const LEVY_KINDS = ['duty', 'levy', 'tax'] as const;
export type LevyKind = (typeof LEVY_KINDS)[number];

/** When the money is collected: with the price, at the border, or never, because the buyer accounts for it. */
export type LevyMoment = 'sale' | 'import' | 'reverse_charge';

export interface RoundedTo {
  unit: string;
  mode: Rounding;
}

/** The name of a levy, and the rule it is based on. */
export interface LevyName {
  code: string;
  kind: LevyKind;
  at: LevyMoment;
  /** The id of the rule table, or the source of a given figure. */
  rule: string;
}

/** One line's share of a levy. */
export interface LevyShare {
  /** Index of the line. */
  line: number;
  /** In minor units; in milligrams if the levy is by weight. */
  base: number;
  /** In minor units. */
  amount: number;
}

/** One levy at one rate: rounded once for all its lines together, then split over them without a remainder. */
export interface Levied extends LevyName {
  base: Exact;
  rate: string | null;
  amount: Exact;
  shares: readonly LevyShare[];
  byWeight: boolean;
  rounding: string;
}

/** The result of an assessment. Lists have one entry per line, in minor units of the worksheet's currency. */
export interface Assessment {
  regime: string;
  basis: 'CIF' | 'FOB' | 'retail' | 'price';
  declaration: string | null;
  /** Number of items in the declaration, if a levy counts them. */
  items: number | null;
  customsValues: readonly number[];
  taxBases: readonly number[];
  levies: readonly Levied[];
  notices: readonly Notice[];
}

export type Assess = (sheet: Worksheet) => Assessment;

export const minorUnit = (currency: string): RoundedTo => ({
  unit: new Exact(10).pow(-exponentOf(currency)).toFixed(),
  mode: 'half-up',
});

interface Borne {
  line: number;
  base: number;
}

const sharesOf = (amount: Exact, borne: readonly Borne[], currency: string): LevyShare[] => {
  const parts = shareOut(
    amount,
    borne.map(({ base }) => base),
    currency,
  );
  return borne.map(({ line, base }, at) => ({ line, base, amount: parts[at] ?? 0 }));
};

export const baseOf = (borne: readonly Borne[], currency: string): Exact =>
  sumIn(
    currency,
    borne.map(({ base }) => base),
  );

/** `rate` of the sum of the bases, rounded when levied: the next base uses the rounded figure. */
export const levyOnShare = (
  name: LevyName,
  borne: readonly Borne[],
  rate: string,
  currency: string,
  rounded: RoundedTo = minorUnit(currency),
): Levied => {
  const base = baseOf(borne, currency);
  const amount = roundTo(base.times(rate), rounded.unit, rounded.mode);
  return {
    ...name,
    base,
    rate,
    amount,
    byWeight: false,
    rounding: `${rounded.unit} ${rounded.mode}`,
    shares: sharesOf(amount, borne, currency),
  };
};

export interface AmountDetails {
  /** What was counted or weighed. Default: the amount itself. */
  base?: Exact;
  rate?: string;
  rounding?: string;
  byWeight?: boolean;
}

/** An amount that is not a share of a value, split over its lines. */
export const levyOfAmount = (
  name: LevyName,
  borne: readonly Borne[],
  amount: Exact,
  currency: string,
  { base = amount, rate, rounding = 'none', byWeight = false }: AmountDetails = {},
): Levied => ({
  ...name,
  base,
  rate: rate ?? null,
  amount,
  byWeight,
  rounding,
  shares: sharesOf(amount, borne, currency),
});

/** All lines with their bases, for a levy that applies to every line. */
export const borneBy = (bases: readonly number[]): Borne[] => bases.map((base, line) => ({ line, base }));

/** The amount of `levies` on each line. */
export const perLine = (sheet: Worksheet, levies: readonly Levied[]): number[] => {
  const sums = nothingPerLine(sheet);
  for (const { line, amount } of levies.flatMap(({ shares }) => shares)) sums[line] = (sums[line] ?? 0) + amount;
  return sums;
};

export const nothingPerLine = (sheet: Worksheet): number[] => sheet.lines.map(() => 0);

/** Adds lists of the same length element by element. */
export const sumLists = (first: readonly number[], ...rest: readonly (readonly number[])[]): number[] =>
  first.map((amount, at) => rest.reduce((sum, list) => sum + (list[at] ?? 0), amount));

export const cifValues = (sheet: Worksheet): number[] =>
  sheet.lines.map(({ goods, freight, insurance }) => goods + freight + insurance);

export const fobValues = (sheet: Worksheet): number[] => sheet.lines.map(({ goods }) => goods);

export const inlandCosts = (sheet: Worksheet): number[] => sheet.lines.map(({ inland }) => inland);

/** Everything that the buyer pays for the goods: price and all costs charged with it. */
export const considerations = (sheet: Worksheet): number[] => sumLists(cifValues(sheet), inlandCosts(sheet));

const SHORT = 'duty';

const layersOf = ({ given }: WorkLine, at: number, sheet: Worksheet): readonly DutyLayer[] => {
  const { dutyRate, layers = [] } = given;
  if (dutyRate !== undefined) {
    if (layers.some(({ code, rate }) => code === SHORT && rate !== undefined))
      throw invalid(`lines.${at}.dutyRate`, `is given beside a layer “${SHORT}” with a rate; one of them is too many`);
    return [{ code: SHORT, rate: dutyRate }, ...layers];
  }
  if (layers.length > 0) return layers;
  const { country } = sheet.consignment;
  const from = given.origin === undefined ? 'an origin not given' : `origin ${given.origin}`;
  throw noRow(
    `duty rate for HS ${given.hs} (${from}) into ${country} on ${sheet.asOf.on}; hand it in`,
    `lines.${at}.dutyRate`,
  );
};

const WITH_THE_LINE = 'handed in with the line';

/**
 * The duty layers, on `values`, of the lines that `reaches` accepts. Lines with the same layer and figure make one
 * levy. Throws `no_row`, naming HS code, origin, country and day, for a line without a rate: tariffs are not on file.
 */
export const tariffDuties = (
  sheet: Worksheet,
  values: readonly number[],
  reaches: (line: WorkLine, at: number) => boolean = () => true,
  rounded: RoundedTo = minorUnit(sheet.currency),
): Levied[] => {
  const groups = new Map<string, { layer: DutyLayer; borne: Borne[] }>();
  for (const [at, line] of sheet.lines.entries()) {
    if (!reaches(line, at)) continue;
    for (const layer of layersOf(line, at, sheet)) {
      const base = borneOf(layer, line, at, values[at] ?? 0, sheet.currency);
      const key = [layer.code, layer.source, layer.rate, layer.per100kg].join('\n');
      const group = groups.get(key) ?? { layer, borne: [] };
      group.borne.push({ line: at, base });
      groups.set(key, group);
    }
  }
  return [...groups.values()].map(({ layer, borne }) => {
    const name = { code: layer.code, kind: 'duty', at: 'import', rule: layer.source ?? WITH_THE_LINE } as const;
    if (layer.rate !== undefined) return levyOnShare(name, borne, layer.rate, sheet.currency, rounded);
    if (layer.per100kg === undefined) return levyOfAmount(name, borne, baseOf(borne, sheet.currency), sheet.currency);
    const kg = sumOf(borne.map(({ base }) => new Exact(base))).div(MILLIGRAMS);
    const amount = roundTo(kg.div(100).times(layer.per100kg), rounded.unit, rounded.mode);
    return levyOfAmount(name, borne, amount, sheet.currency, {
      base: kg,
      rate: `${layer.per100kg} for 100 kg`,
      rounding: `${rounded.unit} ${rounded.mode}`,
      byWeight: true,
    });
  });
};

/** Milligrams per kilogram: weights have at most six decimals, and splitting needs whole numbers. */
export const MILLIGRAMS = 1_000_000;

/** The base of a layer on one line: its value, the given amount, or its gross weight. */
const borneOf = (layer: DutyLayer, { given }: WorkLine, at: number, value: number, currency: string): number => {
  if (layer.rate !== undefined) return value;
  if (layer.amount !== undefined) return toMinor(layer.amount, currency);
  if (given.weightKg !== undefined) return new Exact(given.weightKg).times(MILLIGRAMS).toNumber();
  throw noRow(`gross weight of line ${at + 1}, on which its duty is levied; hand it in`, `lines.${at}.weightKg`);
};

export interface TaxRates {
  /** One entry per line. */
  rates: readonly { rate: string; rule: string }[];
  notices: readonly Notice[];
}

/** The tax rate of each line: its own, otherwise the consignment's, otherwise the row of `table` in force. */
export const taxRatesOf = (sheet: Worksheet, table: RuleTable<string>): TaxRates => {
  const { consignment, asOf, lines } = sheet;
  const own = (line: WorkLine) => line.given.taxRate ?? consignment.taxRate;
  const onFile = lines.some((line) => own(line) === undefined) ? ruleOn(table, asOf, 'taxRate') : null;
  return {
    rates: lines.map((line) => {
      const rate = own(line);
      return rate === undefined ? { rate: onFile?.value ?? '0', rule: table.id } : { rate, rule: 'handed in' };
    }),
    notices: onFile?.notices ?? [],
  };
};

/** The tax on `bases`, one levy for each rate. `reaches` excludes lines. */
export const taxesOn = (
  sheet: Worksheet,
  bases: readonly number[],
  { rates }: TaxRates,
  name: Pick<LevyName, 'code' | 'at'>,
  reaches: (line: number) => boolean = () => true,
  rounded: RoundedTo = minorUnit(sheet.currency),
): Levied[] => {
  const groups = new Map<string, { rate: string; rule: string; borne: Borne[] }>();
  for (const [line, { rate, rule }] of rates.entries()) {
    if (!reaches(line)) continue;
    const group = groups.get(`${rate} ${rule}`) ?? { rate, rule, borne: [] };
    group.borne.push({ line, base: bases[line] ?? 0 });
    groups.set(`${rate} ${rule}`, group);
  }
  return [...groups.values()].map(({ rate, rule, borne }) =>
    levyOnShare({ ...name, kind: 'tax', rule }, borne, rate, sheet.currency, rounded),
  );
};

export const advice = (rule: string, message: string): Notice => ({ code: 'advice', rule, message });

import { exponentOf, toMinor } from '#domain/money.ts';
import { Exact, type Rounding, roundTo } from '../decimal.ts';
import { invalid } from '../read-input.ts';
import { type Notice, noRow, type RuleTable, ruleOn } from '../rule.ts';
import type { DutyLayer } from './consignment.ts';
import { shareOut, sumIn, sumOf, type WorkLine, type Worksheet } from './worksheet.ts';

export const LEVY_KINDS = ['duty', 'levy', 'tax'] as const;
export type LevyKind = (typeof LEVY_KINDS)[number];

/** When the money is taken: with the price, at the border, or never, because the buyer accounts for it. */
export type LevyMoment = 'sale' | 'import' | 'reverse_charge';

export interface RoundedTo {
  unit: string;
  mode: Rounding;
}

/** What a levy is called, and which rule it stands on. */
export interface LevyName {
  code: string;
  kind: LevyKind;
  at: LevyMoment;
  /** The id of the rule table, or where a figure that was handed in comes from. */
  rule: string;
}

/** What one line bears of a levy. */
export interface LevyShare {
  /** Index of the line. */
  line: number;
  /** In minor units; in milligrams where the levy goes by weight. */
  base: number;
  /** In minor units. */
  amount: number;
}

/** One levy of one rate: rounded once, on all its lines together, and shared over them without a remainder. */
export interface Levied extends LevyName {
  base: Exact;
  rate: string | null;
  amount: Exact;
  shares: readonly LevyShare[];
  byWeight: boolean;
  rounding: string;
}

/** What an assessment finds; lists have one entry a line, in minor units of the currency of the worksheet. */
export interface Assessment {
  regime: string;
  basis: 'CIF' | 'FOB' | 'retail' | 'price';
  declaration: string | null;
  /** Lines of the declaration, where a levy counts them. */
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

/** `rate` of the sum of the bases, rounded when it is levied: the next base takes the rounded figure. */
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
  /** What was counted or weighed; left out: the amount itself. */
  base?: Exact;
  rate?: string;
  rounding?: string;
  byWeight?: boolean;
}

/** An amount that is not a share of a value, spread over its lines. */
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

/** All lines with their bases, for a levy that reaches each of them. */
export const borneBy = (bases: readonly number[]): Borne[] => bases.map((base, line) => ({ line, base }));

/** What `levies` take from each line. */
export const perLine = (sheet: Worksheet, levies: readonly Levied[]): number[] => {
  const sums = nothingPerLine(sheet);
  for (const { line, amount } of levies.flatMap(({ shares }) => shares)) sums[line] = (sums[line] ?? 0) + amount;
  return sums;
};

export const nothingPerLine = (sheet: Worksheet): number[] => sheet.lines.map(() => 0);

/** Lists of the same length added up place by place. */
export const addedUp = (first: readonly number[], ...rest: readonly (readonly number[])[]): number[] =>
  first.map((amount, at) => rest.reduce((sum, list) => sum + (list[at] ?? 0), amount));

export const cifValues = (sheet: Worksheet): number[] =>
  sheet.lines.map(({ goods, freight, insurance }) => goods + freight + insurance);

export const fobValues = (sheet: Worksheet): number[] => sheet.lines.map(({ goods }) => goods);

export const inlandCosts = (sheet: Worksheet): number[] => sheet.lines.map(({ inland }) => inland);

/** The whole of what the buyer pays for the goods: price and every cost charged with it. */
export const considerations = (sheet: Worksheet): number[] => addedUp(cifValues(sheet), inlandCosts(sheet));

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
    `duty rate for HS ${given.hs} (${from}) into ${country} on ${sheet.asked.on}; hand it in`,
    `lines.${at}.dutyRate`,
  );
};

const WITH_THE_LINE = 'handed in with the line';

/**
 * The duty layers of the lines that `reaches` accepts, on `values`; lines of the same layer and figure make one levy.
 * Throws `no_row`, naming HS code, origin, country and day, for a line without a rate: tariffs are not on file.
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

/** In a kilogram: weights have six decimals at most, and shares are made by whole numbers. */
export const MILLIGRAMS = 1_000_000;

/** What a layer goes by on one line: its value, the amount handed in for it, or its gross weight. */
const borneOf = (layer: DutyLayer, { given }: WorkLine, at: number, value: number, currency: string): number => {
  if (layer.rate !== undefined) return value;
  if (layer.amount !== undefined) return toMinor(layer.amount, currency);
  if (given.weightKg !== undefined) return new Exact(given.weightKg).times(MILLIGRAMS).toNumber();
  throw noRow(`gross weight of line ${at + 1}, on which its duty is levied; hand it in`, `lines.${at}.weightKg`);
};

export interface TaxRates {
  /** One entry a line. */
  rates: readonly { rate: string; rule: string }[];
  notices: readonly Notice[];
}

/** The tax rate of each line: its own, else that of the consignment, else the row of `table` in force. */
export const taxRatesOf = (sheet: Worksheet, table: RuleTable<string>): TaxRates => {
  const { consignment, asked, lines } = sheet;
  const own = (line: WorkLine) => line.given.taxRate ?? consignment.taxRate;
  const onFile = lines.some((line) => own(line) === undefined) ? ruleOn(table, asked, 'taxRate') : null;
  return {
    rates: lines.map((line) => {
      const rate = own(line);
      return rate === undefined ? { rate: onFile?.value ?? '0', rule: table.id } : { rate, rule: 'handed in' };
    }),
    notices: onFile?.notices ?? [],
  };
};

/** The tax on `bases`, one levy for each rate; `reaches` leaves lines out. */
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

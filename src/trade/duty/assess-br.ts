import { Exact, roundMoney } from '../decimal.ts';
import { mergeNotices, noRow, ruleOn } from '../rule.ts';
import {
  type Assess,
  baseOf,
  borneBy,
  cifValues,
  type Levied,
  levyOfAmount,
  perLine,
  sumLists,
  type TaxRates,
  taxRatesOf,
} from './levy.ts';
import { type BrBand, brIcms, brMember, brOutside } from './rules-br.ts';
import { sumIn, sumOf, type Worksheet } from './worksheet.ts';

const CENTAVO = '0.01 half-up';

const importDuty = (sheet: Worksheet, values: readonly number[], band: BrBand, rule: string): Levied => {
  const value = sumIn('BRL', values);
  const deduction = sheet.exchange(new Exact(band.deduction), 'USD', 'BRL');
  const amount = roundMoney(Exact.max(value.times(band.rate).minus(deduction), 0), 'BRL');
  const rate = deduction.isZero() ? band.rate : `${band.rate} less USD ${band.deduction}`;
  const name = { code: 'ii', kind: 'duty', at: 'import', rule } as const;
  return levyOfAmount(name, borneBy(values), amount, 'BRL', { base: value, rate, rounding: CENTAVO });
};

/** The tax is part of its own base: base = (value + duty) / (1 − rate). */
const icms = (sheet: Worksheet, before: readonly number[], { rates }: TaxRates): Levied[] => {
  const byRate = Map.groupBy(before.keys(), (line) => rates[line]?.rate ?? '0');
  return [...byRate].map(([rate, lines]) => {
    const borne = lines.map((line) => ({ line, base: before[line] ?? 0 }));
    const base = baseOf(borne, 'BRL').div(new Exact(1).minus(rate));
    const name = { code: 'icms', kind: 'tax', at: 'import', rule: 'handed in' } as const;
    const details = { base: roundMoney(base, 'BRL'), rate: `${rate} por dentro`, rounding: CENTAVO };
    return levyOfAmount(name, borne, roundMoney(base.times(rate), sheet.currency), 'BRL', details);
  });
};

/**
 * Import duty and ICMS of a postal or courier consignment to Brazil under the simplified regime. The band is selected
 * by the customs value in US dollars at the given rate, unrounded. Sellers in Remessa Conforme collect both with the
 * sale. Throws `no_row` above USD 3,000, for other channels, and without the state's ICMS rate.
 * Source: Lei 14.902/2024.
 */
export const assessBr: Assess = (sheet) => {
  const { consignment, asOf } = sheet;
  if (consignment.channel !== 'postal' && consignment.channel !== 'courier')
    throw noRow(`Brazilian duties on a consignment by ${consignment.channel}`, 'channel');
  const values = cifValues(sheet);
  const usd =
    consignment.currency === 'USD' ? sumOf(foreignCosts(sheet)) : sheet.exchange(sumIn('BRL', values), 'BRL', 'USD');
  const member = consignment.scheme === 'remessa_conforme';
  const table = member ? brMember : brOutside;
  const { value: bands, notices } = ruleOn(table, asOf);
  const band = bands.find(({ upTo }) => usd.lte(upTo));
  if (!band) throw noRow(`${table.name} above USD 3,000`, 'lines');
  const duty = importDuty(sheet, values, band, table.id);
  const rates = taxRatesOf(sheet, brIcms);
  const before = sumLists(values, perLine(sheet, [duty]));
  const taxes = icms(sheet, before, rates);
  const at = member ? 'sale' : 'import';
  const levies = [duty, ...taxes].map((levy) => ({ ...levy, at }) as const);
  return {
    regime: member ? 'remessa-conforme' : 'simplified',
    basis: 'CIF',
    declaration: null,
    items: null,

    customsValues: values,
    taxBases: sumLists(before, perLine(sheet, taxes)),
    levies,
    notices: mergeNotices(notices, rates.notices),
  };
};

/** The given amounts before conversion: a price in US dollars is tested as it is. */
const foreignCosts = ({ consignment }: Worksheet): Exact[] =>
  [...consignment.lines.map(({ value }) => value), consignment.freight, consignment.insurance].map(
    (text) => new Exact(text),
  );

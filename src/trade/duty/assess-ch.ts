import { Exact, roundTo } from '../decimal.ts';
import { type AsOf, mergeNotices, type Notice, ruleOn } from '../rule.ts';
import {
  type Assess,
  borneBy,
  considerations,
  type Levied,
  levyOnShare,
  perLine,
  sumLists,
  tariffDuties,
  taxesOn,
  taxRatesOf,
} from './levy.ts';
import {
  type ChIndustrialDuty,
  chDeemedSupplier,
  chIndustrialDuty,
  chNotLevied,
  chRounding,
  chVat,
} from './rules-ch.ts';
import { sumOf } from './worksheet.ts';

/** The import tax on `base`: exact, rounded, and as levied. Amounts in CHF. */
export const chImportTax = (
  base: Exact,
  rate: Exact,
  asOf: AsOf,
): { raw: Exact; rounded: Exact; collected: Exact; notices: readonly Notice[] } => {
  const [rounding, limit] = [ruleOn(chRounding, asOf), ruleOn(chNotLevied, asOf)];
  const raw = base.times(rate);
  const rounded = roundTo(raw, rounding.value.unit, rounding.value.mode);
  return {
    raw,
    rounded,
    collected: rounded.lte(limit.value) ? new Exact(0) : rounded,
    notices: mergeNotices(rounding.notices, limit.notices),
  };
};

const NOT_LEVIED = (levy: Levied): Levied => ({
  ...levy,
  amount: new Exact(0),
  shares: levy.shares.map((share) => ({ ...share, amount: 0 })),
  rounding: `${levy.rounding}, too small to be levied`,
});

const inIndustry = (hs: string, { firstChapter, mixedChapters }: ChIndustrialDuty): boolean => {
  const chapter = Number(hs.slice(0, 2));
  return chapter >= firstChapter && !mixedChapters.includes(chapter);
};

/**
 * Duty and tax of an import into Switzerland. Industrial goods are free of duty; the tariff of other goods is by gross
 * weight and is given as layers. Tax is on price, costs to the destination and duty, rounded to five centimes (our
 * reading), and not levied up to CHF 5. Source: BAZG.
 */
export const assessCh: Assess = (sheet) => {
  const { asOf, consignment, lines } = sheet;
  const values = considerations(sheet);
  const industrial = ruleOn(chIndustrialDuty, asOf);
  const isIndustrial = lines.map(({ given }) => inIndustry(given.hs, industrial.value));
  const free = borneBy(values).filter(({ line }) => isIndustrial[line]);
  const name = { code: 'duty', kind: 'duty', at: 'import', rule: chIndustrialDuty.id } as const;
  const duties = [
    ...(free.length > 0 ? [levyOnShare(name, free, industrial.value.rate, sheet.currency)] : []),
    ...tariffDuties(sheet, values, (_, at) => !isIndustrial[at]),
  ];
  const bases = sumLists(values, perLine(sheet, duties));
  const rates = taxRatesOf(sheet, chVat);
  const rounding = ruleOn(chRounding, asOf);
  const atSale = consignment.scheme === 'ch_mail_order';
  const taxes = atSale
    ? taxesOn(sheet, values, rates, { code: 'vat', at: 'sale' })
    : taxesOn(sheet, bases, rates, { code: 'vat', at: 'import' }, () => true, rounding.value);
  const limit = ruleOn(chNotLevied, asOf);
  const small = !atSale && sumOf(taxes.map(({ amount }) => amount)).lte(limit.value);
  return {
    regime: atSale ? 'mail-order' : 'import',
    basis: 'CIF',
    declaration: null,
    items: null,
    customsValues: values,
    taxBases: atSale ? values : bases,
    levies: [...duties, ...(small ? taxes.map(NOT_LEVIED) : taxes)],
    notices: mergeNotices(
      industrial.notices,
      rates.notices,
      limit.notices,
      atSale ? ruleOn(chDeemedSupplier, asOf).notices : rounding.notices,
    ),
  };
};

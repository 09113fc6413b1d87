import { Exact, roundMoney } from '../decimal.ts';
import { mergeNotices, type Notice, ruleOn } from '../rule.ts';
import type { Consignment } from './consignment.ts';
import { bearsExcise } from './excepted-goods.ts';
import {
  type Assess,
  advice,
  borneBy,
  cifValues,
  considerations,
  fobValues,
  type Levied,
  levyOfAmount,
  nothingPerLine,
  perLine,
  sumLists,
  tariffDuties,
  taxesOn,
  taxRatesOf,
} from './levy.ts';
import { nzEntryFees, nzGst, nzLowValue, nzLowValueLevy } from './rules-nz.ts';
import { handedInAmount, sumIn, type Worksheet } from './worksheet.ts';

interface Fees {
  fees: readonly Levied[];
  notices: readonly Notice[];
}

const entryFees = (sheet: Worksheet, values: readonly number[]): Fees => {
  const given = handedInAmount(sheet, 'nz.entry-fees');
  const ruled = given ? null : ruleOn(nzEntryFees, sheet.asOf, 'handedIn');
  const amount = given?.amount ?? new Exact(ruled?.value ?? 0);
  const name = { code: 'entry-fees', kind: 'levy', at: 'import', rule: nzEntryFees.id } as const;
  const fee = levyOfAmount(name, borneBy(values), amount, sheet.currency, { rate: 'with the GST on them' });
  return { fees: [fee], notices: given ? [given.notice] : (ruled?.notices ?? []) };
};

const lowValueLevy = (sheet: Worksheet, values: readonly number[]): Fees => {
  const { value: levy, notices } = ruleOn(nzLowValueLevy, sheet.asOf);
  const { channel } = sheet.consignment;
  const before = channel === 'postal' ? levy.post : channel === 'ocean' ? levy.ocean : levy.other;
  if (before === null || new Exact(before).isZero()) return { fees: [], notices };
  const gst = ruleOn(nzGst, sheet.asOf).value;
  const amount = roundMoney(new Exact(before).times(new Exact(1).plus(gst)), sheet.currency);
  const name = { code: 'low-value-levy', kind: 'levy', at: 'import', rule: nzLowValueLevy.id } as const;
  const details = {
    base: new Exact(1),
    rate: `NZD ${before} a consignment, and GST of ${gst}`,
    rounding: '0.01 half-up',
  };
  return { fees: [levyOfAmount(name, borneBy(values), amount, sheet.currency, details)], notices };
};

/** Why no GST is charged with a low-value sale; null if it is. */
const untaxed = ({ scheme, sale, buyerVatNumber }: Consignment): string | null => {
  if (sale === 'c2c_gift') return 'no GST: a gift is no sale';
  if (sale === 'b2b' && buyerVatNumber) return 'no GST with a sale to a business that gave its number';
  return scheme === 'nz_gst' ? null : 'no GST with the sale: the seller is not registered';
};

/**
 * Duty and GST of an import into New Zealand. Up to NZD 1,000 a registered supplier charges GST with the sale, and
 * Customs only collects a levy. Above it Customs takes duty on the FOB value, and GST on value, duty, freight and
 * insurance; for items up to NZD 1,000 each, whose GST came with the sale, it takes the GST on their duty only. Alcohol
 * and tobacco are never of low value. Throws `no_row` above the limit on days whose entry fees are not on file, unless
 * they are given.
 * Source: New Zealand Customs Service, notice of 2019-07-12 and Goods Fees; Inland Revenue, low value goods.
 */
export const assessNz: Assess = (sheet) => {
  const { consignment, lines, asOf } = sheet;
  const values = fobValues(sheet);
  const limit = ruleOn(nzLowValue, asOf);
  const rates = taxRatesOf(sheet, nzGst);
  const common = { basis: 'FOB', declaration: null, items: null, customsValues: values } as const;
  const paid = considerations(sheet);
  const why = untaxed(consignment);
  const atSale = lines.map(
    ({ goods, given }) =>
      why === null && !bearsExcise(given.hs) && sumIn(sheet.currency, [goods]).div(given.quantity).lte(limit.value),
  );
  if (sheet.goods.lte(limit.value) && !lines.some(({ given }) => bearsExcise(given.hs))) {
    const { fees, notices } = lowValueLevy(sheet, values);
    return {
      ...common,
      regime: 'low-value',
      taxBases: why === null ? paid : nothingPerLine(sheet),
      levies: [...fees, ...(why === null ? taxesOn(sheet, paid, rates, { code: 'gst', at: 'sale' }) : [])],
      notices: mergeNotices(limit.notices, rates.notices, notices, why === null ? [] : [advice(nzLowValue.id, why)]),
    };
  }
  const duties = tariffDuties(sheet, values);
  const duty = perLine(sheet, duties);
  const cif = cifValues(sheet);
  const border = sumLists(
    cif.map((value, line) => (atSale[line] ? 0 : value)),
    duty,
  );
  const { fees, notices } = entryFees(sheet, values);
  return {
    ...common,
    regime: 'import',
    taxBases: sumLists(
      border,
      paid.map((amount, line) => (atSale[line] ? amount : 0)),
    ),
    levies: [
      ...duties,
      ...fees,
      ...taxesOn(sheet, paid, rates, { code: 'gst', at: 'sale' }, (line) => atSale[line] === true),
      ...taxesOn(sheet, border, rates, { code: 'gst', at: 'import' }),
    ],
    notices: mergeNotices(limit.notices, rates.notices, notices),
  };
};

import { Exact, roundMoney } from '../decimal.ts';
import { noticesTogether, ruleOn } from '../rule.ts';
import { bearsExcise } from './excepted-goods.ts';
import {
  type Assess,
  addedUp,
  advice,
  borneBy,
  cifValues,
  considerations,
  fobValues,
  levyOfAmount,
  nothingPerLine,
  perLine,
  tariffDuties,
  taxesOn,
  taxRatesOf,
} from './levy.ts';
import { nzEntryFees, nzGst, nzLowValue } from './rules-nz.ts';
import { handedInFor, type Worksheet } from './worksheet.ts';

const entryFees = (sheet: Worksheet, values: readonly number[]) => {
  const given = handedInFor(sheet, nzEntryFees.id);
  if (!given) ruleOn(nzEntryFees, sheet.asked, 'handedIn');
  const name = { code: 'entry-fees', kind: 'levy', at: 'import', rule: nzEntryFees.id } as const;
  const amount = roundMoney(new Exact(given?.value ?? 0), sheet.currency);
  return { fees: [levyOfAmount(name, borneBy(values), amount, sheet.currency)], notices: given ? [given.notice] : [] };
};

/**
 * Duty and GST of an import into New Zealand: up to NZD 1,000 GST with the sale of a registered supplier, above it duty
 * on the FOB value and GST on value, duty, freight and insurance. Throws `no_row` above it unless the entry fees, which
 * are not on file, are handed in. Source: New Zealand Customs Service, Duty and GST FAQs, read 2026-11-25.
 */
export const assessNz: Assess = (sheet) => {
  const { consignment, lines, asked } = sheet;
  const values = fobValues(sheet);
  const limit = ruleOn(nzLowValue, asked);
  const rates = taxRatesOf(sheet, nzGst);
  const notices = noticesTogether(limit.notices, rates.notices);
  const common = { basis: 'FOB', declaration: null, items: null, customsValues: values } as const;
  const excise = lines.some(({ given }) => bearsExcise(given.hs));
  if (sheet.goods.lte(limit.value) && !excise) {
    const registered = consignment.scheme === 'nz_gst';
    const bases = considerations(sheet);
    return {
      ...{ ...common, regime: 'low-value', taxBases: registered ? bases : nothingPerLine(sheet) },
      levies: registered ? taxesOn(sheet, bases, rates, { code: 'gst', at: 'sale' }) : [],
      notices: registered ? notices : [...notices, advice(nzLowValue.id, 'no GST: the seller is not registered')],
    };
  }
  const duties = tariffDuties(sheet, values);
  const bases = addedUp(cifValues(sheet), perLine(sheet, duties));
  const { fees, notices: feeNotices } = entryFees(sheet, values);
  return {
    ...{ ...common, regime: 'import', taxBases: bases },
    levies: [...duties, ...fees, ...taxesOn(sheet, bases, rates, { code: 'gst', at: 'import' })],
    notices: noticesTogether(notices, feeNotices),
  };
};

import type { Exact } from '../decimal.ts';
import { type AsOf, mergeNotices, type Notice, noRow, ruleOn } from '../rule.ts';
import { isOnFile } from './dated-row.ts';
import { bearsExcise, exceptedKindOf } from './excepted-goods.ts';
import {
  type Assess,
  type Assessment,
  cifValues,
  considerations,
  inlandCosts,
  nothingPerLine,
  perLine,
  sumLists,
  tariffDuties,
  taxesOn,
  taxRatesOf,
} from './levy.ts';
import { gbDutyWaiver, gbGift, gbLowValue, gbVat } from './rules-gb.ts';
import { sumOf, type Worksheet } from './worksheet.ts';

/** By ISO 3166-2. */
const GREAT_BRITAIN: readonly string[] = ['ENG', 'SCT', 'WLS'];
const NORTHERN_IRELAND: readonly string[] = ['NI', 'NIR'];

export type GbRegime = 'supply-vat' | 'import';

/** Where VAT on a consignment is due in Great Britain, by its intrinsic value (without separately shown freight). */
export const gbRegime = (intrinsic: Exact, asOf: AsOf): { regime: GbRegime; notices: readonly Notice[] } => {
  const { value: limit, notices } = ruleOn(gbLowValue, asOf);
  return { regime: intrinsic.lte(limit) ? 'supply-vat' : 'import', notices };
};

const supplied = (sheet: Worksheet, notices: readonly Notice[]): Assessment => {
  const { consignment } = sheet;
  const bases = considerations(sheet);
  const rates = taxRatesOf(sheet, gbVat);
  const at = consignment.sale === 'b2b' && consignment.buyerVatNumber ? 'reverse_charge' : 'sale';
  return {
    regime: 'supply-vat',
    basis: 'price',
    declaration: null,
    items: null,
    customsValues: cifValues(sheet),
    taxBases: bases,
    levies: taxesOn(sheet, bases, rates, { code: 'vat', at }),
    notices: mergeNotices(notices, rates.notices),
  };
};

const imported = (sheet: Worksheet, dutiable: boolean, notices: readonly Notice[]): Assessment => {
  const values = cifValues(sheet);
  const duties = dutiable ? tariffDuties(sheet, values) : [];
  const bases = sumLists(values, perLine(sheet, duties), inlandCosts(sheet));
  const rates = taxRatesOf(sheet, gbVat);
  const duty = sumOf(duties.map(({ amount }) => amount));
  const waiver = duty.gt(0) && isOnFile(gbDutyWaiver, sheet.asOf.on) ? ruleOn(gbDutyWaiver, sheet.asOf) : null;
  return {
    regime: 'import',
    basis: 'CIF',
    declaration: null,
    items: null,
    customsValues: values,
    taxBases: bases,
    levies: [...duties, ...taxesOn(sheet, bases, rates, { code: 'vat', at: 'import' })],
    notices: mergeNotices(notices, rates.notices, waiver && duty.lt(waiver.value) ? waiver.notices : []),
  };
};

/** True if no limit is on file for the day but customs has already assessed the duty, so that no rule is needed. */
const isAssessed = ({ lines, asOf }: Worksheet): boolean =>
  !isOnFile(gbLowValue, asOf.on) &&
  lines.every(({ given }) => given.layers?.length && given.layers.every(({ amount }) => amount !== undefined));

const gift = (sheet: Worksheet): Assessment => {
  const relief = ruleOn(gbGift, sheet.asOf);
  const low = ruleOn(gbLowValue, sheet.asOf);
  const notices = [...relief.notices, ...low.notices];
  const excepted = sheet.lines.some(({ given }) => exceptedKindOf(given.hs) !== null);
  if (excepted || sheet.goods.gt(relief.value)) return imported(sheet, excepted || sheet.goods.gt(low.value), notices);
  const values = cifValues(sheet);
  return {
    regime: 'gift-relief',
    basis: 'CIF',
    declaration: null,
    items: null,
    customsValues: values,
    taxBases: nothingPerLine(sheet),
    levies: [],
    notices,
  };
};

/**
 * Duty and VAT of a consignment to Great Britain. Throws `no_row` for Northern Ireland, whose rules are not on file,
 * and for any region other than England, Scotland and Wales.
 * Source: HMRC guidance on goods sold direct to customers in the UK.
 */
export const assessGb: Assess = (sheet) => {
  const { consignment, lines, asOf } = sheet;
  if (consignment.region !== undefined && !GREAT_BRITAIN.includes(consignment.region)) {
    const where = NORTHERN_IRELAND.includes(consignment.region) ? 'Northern Ireland' : `“${consignment.region}”`;
    throw noRow(`duty and VAT rules for ${where}`, 'region');
  }
  if (isAssessed(sheet)) return imported(sheet, true, []);
  if (consignment.sale === 'c2c_gift') return gift(sheet);
  const { regime, notices } = gbRegime(sheet.goods, asOf);
  const excise = lines.some(({ given }) => bearsExcise(given.hs));
  return regime === 'supply-vat' && !excise ? supplied(sheet, notices) : imported(sheet, true, notices);
};

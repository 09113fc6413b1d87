import { Exact, exact, roundMoney } from '../decimal.ts';
import { type AsOf, mergeNotices, type Notice, ruleOn } from '../rule.ts';
import type { Consignment } from './consignment.ts';
import { bearsExcise } from './excepted-goods.ts';
import {
  type Assess,
  advice,
  cifValues,
  considerations,
  fobValues,
  nothingPerLine,
  perLine,
  sumLists,
  tariffDuties,
  taxesOn,
  taxRatesOf,
} from './levy.ts';
import { auGst, auLowValue, auSupplierThreshold } from './rules-au.ts';

export interface AuPrice {
  priceInclGst: string;
  deliveryInclGst: string;
}

/** The GST in prices that include GST, and whether the goods are of low value. The test excludes GST and delivery. */
export const auLowValueSale = (
  { priceInclGst, deliveryInclGst }: AuPrice,
  asOf: AsOf,
): { customsValue: Exact; isLvig: boolean; gst: Exact; notices: readonly Notice[] } => {
  const [rate, limit] = [ruleOn(auGst, asOf), ruleOn(auLowValue, asOf)];
  const [price, delivery] = [exact(priceInclGst, 'priceInclGst'), exact(deliveryInclGst, 'deliveryInclGst')];
  const customsValue = roundMoney(price.div(new Exact(1).plus(rate.value)), 'AUD');
  const isLvig = customsValue.lte(limit.value);
  const paid = price.plus(delivery);
  const gst = roundMoney(paid.minus(paid.div(new Exact(1).plus(rate.value))), 'AUD');
  return {
    customsValue,
    isLvig,
    gst: isLvig ? gst : new Exact(0),
    notices: mergeNotices(rate.notices, limit.notices),
  };
};

const NO_CHARGES = advice(
  'au.import-processing',
  'the import processing charge of the Border Force and the biosecurity charge on a declaration above AUD 1,000 are not on file and not included',
);

/** Why no GST is charged with a low-value sale; null if it is. */
const untaxed = ({ scheme, sale, buyerVatNumber }: Consignment): string | null => {
  if (sale === 'c2c_gift') return 'no GST: a gift is no sale';
  if (sale === 'b2b' && buyerVatNumber) return 'no GST with a sale to a business that gave its number';
  return scheme === 'au_lvig'
    ? null
    : 'no GST: the seller is not registered for low-value goods, as it must be from AUD 75,000 a year';
};

/**
 * Duty and GST of an import into Australia. Up to AUD 1,000: GST with the sale and nothing at the border. Above: duty
 * on the FOB value and GST on value, duty, transport and insurance. Charges on the declaration are not on file.
 * Source: A New Tax System (Goods and Services Tax) Act 1999, division 84 and section 13-20.
 */
export const assessAu: Assess = (sheet) => {
  const { consignment, lines, asOf } = sheet;
  const values = fobValues(sheet);
  const limit = ruleOn(auLowValue, asOf);
  const excise = lines.some(({ given }) => bearsExcise(given.hs));
  const common = { basis: 'FOB', declaration: null, items: null, customsValues: values } as const;
  const rates = taxRatesOf(sheet, auGst);
  const notices = mergeNotices(limit.notices, rates.notices);
  if (sheet.goods.lte(limit.value) && !excise) {
    const bases = considerations(sheet);
    const why = untaxed(consignment);
    if (why === null)
      return {
        ...common,
        regime: 'low-value',
        taxBases: bases,
        notices,
        levies: taxesOn(sheet, bases, rates, { code: 'gst', at: 'sale' }),
      };
    const threshold = ruleOn(auSupplierThreshold, asOf).notices;
    return {
      ...common,
      regime: 'low-value',
      taxBases: nothingPerLine(sheet),
      levies: [],
      notices: mergeNotices(notices, threshold, [advice(auSupplierThreshold.id, why)]),
    };
  }
  const duties = tariffDuties(sheet, values);
  const bases = sumLists(cifValues(sheet), perLine(sheet, duties));
  return {
    ...common,
    regime: 'import',
    taxBases: bases,
    levies: [...duties, ...taxesOn(sheet, bases, rates, { code: 'gst', at: 'import' })],
    notices: [...notices, ...(sheet.goods.gt(limit.value) ? [NO_CHARGES] : [])],
  };
};

import { roundTo } from '../decimal.ts';
import { type Notice, noRow, noticesTogether, ruleOn } from '../rule.ts';
import { bearsExcise } from './excepted-goods.ts';
import {
  type Assess,
  type Assessment,
  addedUp,
  advice,
  borneBy,
  cifValues,
  considerations,
  type Levied,
  levyOfAmount,
  levyOnShare,
  nothingPerLine,
  perLine,
  type RoundedTo,
  tariffDuties,
} from './levy.ts';
import {
  jpConsumptionTax,
  jpExemption,
  jpNotExempt,
  jpPersonalImport,
  jpSimplifiedLimit,
  jpTruncation,
} from './rules-jp.ts';
import { shareOut, sumIn, type Worksheet } from './worksheet.ts';

const cutTo = (unit: string): RoundedTo => ({ unit, mode: 'down' });

/** `values` cut down to whole `unit`s in sum, the lines keeping their proportions. */
const cutTogether = (values: readonly number[], unit: string): number[] =>
  shareOut(roundTo(sumIn('JPY', values), unit, 'down'), values, 'JPY');

const consumptionTaxes = (
  sheet: Worksheet,
  bases: readonly number[],
  unit: string,
): { taxes: Levied[]; notices: readonly Notice[] } => {
  const { value: rule, notices } = ruleOn(jpConsumptionTax, sheet.asked);
  const name = { kind: 'tax', at: 'import', rule: jpConsumptionTax.id } as const;
  const national = levyOnShare({ ...name, code: 'jct-national' }, borneBy(bases), rule.national, 'JPY', cutTo(unit));
  const [numerator, denominator] = rule.localOf;
  const local = roundTo(national.amount.times(numerator).div(denominator), unit, 'down');
  const details = {
    ...{ base: national.amount, rate: `${numerator}/${denominator}`, rounding: `${unit} down` },
    weights: bases,
  };
  return {
    taxes: [national, levyOfAmount({ ...name, code: 'jct-local' }, borneBy(bases), local, 'JPY', details)],
    notices,
  };
};

const exempted = (
  sheet: Worksheet,
  values: readonly number[],
  notices: readonly Notice[],
  taxExempt: boolean,
): Assessment => {
  const common = { basis: 'CIF', declaration: null, items: null, customsValues: values } as const;
  if (taxExempt) return { ...common, regime: 'exempt', taxBases: nothingPerLine(sheet), levies: [], notices };
  if (sheet.consignment.scheme !== 'jp_registered')
    throw noRow(
      `consumption tax on a small consignment to JP on ${sheet.asked.on} from a seller that is not registered`,
      'scheme',
    );
  const bases = considerations(sheet);
  const tax = ruleOn(jpConsumptionTax, sheet.asked);
  const name = { code: 'jct', kind: 'tax', at: 'sale', rule: jpConsumptionTax.id } as const;
  return {
    ...{ ...common, regime: 'registered-seller', taxBases: bases },
    levies: [levyOnShare(name, borneBy(bases), tax.value.whole, 'JPY', cutTo('1'))],
    notices: noticesTogether(notices, tax.notices),
  };
};

/**
 * Duty and consumption tax of an import into Japan. A personal import is valued at 60 % of its retail price, any other at
 * CIF; up to JPY 10,000 it is exempt but for leather bags, gloves, knitwear, shoes, alcohol and tobacco. Bases and taxes
 * are cut, not rounded (not verified). Rates of the simplified tariff are handed in as others are.
 * Source: Japan Customs 1001; importsquare.
 */
export const assessJp: Assess = (sheet) => {
  const { consignment, asked, lines } = sheet;
  const personal = consignment.sale === 'b2c_distance' ? ruleOn(jpPersonalImport, asked) : null;
  const cut = ruleOn(jpTruncation, asked);
  const cif = cifValues(sheet);
  const whole = personal ? sheet.goods.times(personal.value) : sumIn('JPY', cif);
  const exemption = ruleOn(jpExemption, asked);
  const list = ruleOn(jpNotExempt, asked);
  const outside = lines.some(
    ({ given }) => bearsExcise(given.hs) || list.value.some((prefix) => given.hs.startsWith(prefix)),
  );
  const values = shareOut(
    roundTo(whole, cut.value.value, 'down'),
    personal ? lines.map(({ goods }) => goods) : cif,
    'JPY',
  );
  const noted = noticesTogether(exemption.notices, personal?.notices ?? [], cut.notices, list.notices);
  if (whole.lte(exemption.value.limit) && !outside) return exempted(sheet, values, noted, exemption.value.tax);
  const duties = tariffDuties(sheet, values, () => true, cutTo(cut.value.duty));
  const bases = cutTogether(addedUp(values, perLine(sheet, duties)), cut.value.value);
  const { taxes, notices } = consumptionTaxes(sheet, bases, cut.value.tax);
  const limit = ruleOn(jpSimplifiedLimit, asked);
  const simplified = whole.lte(limit.value)
    ? [advice(jpSimplifiedLimit.id, 'the simplified tariff may be used up to JPY 200,000; its rate is handed in')]
    : [];
  return {
    ...{ regime: personal ? 'personal-import' : 'import', basis: personal ? 'retail' : 'CIF', declaration: null },
    ...{ items: null, customsValues: values, taxBases: bases, levies: [...duties, ...taxes] },
    notices: noticesTogether(noted, notices, simplified),
  };
};

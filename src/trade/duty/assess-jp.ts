import { Exact, roundTo } from '../decimal.ts';
import { mergeNotices, noRow, ruleOn } from '../rule.ts';
import {
  type Assess,
  advice,
  cifValues,
  considerations,
  fobValues,
  type Levied,
  levyOfAmount,
  levyOnShare,
  perLine,
  type RoundedTo,
  sumLists,
  type TaxRates,
  tariffDuties,
  taxesOn,
  taxRatesOf,
} from './levy.ts';
import {
  type JpTaxParts,
  type JpTruncation,
  jpConsumptionTax,
  jpExemption,
  jpNotExempt,
  jpPersonalImport,
  jpSimplifiedLimit,
  jpTaxParts,
  jpTruncation,
} from './rules-jp.ts';
import { shareOut, sumIn } from './worksheet.ts';

const NATIONAL = 'jct-national';

const cutTo = (unit: string): RoundedTo => ({ unit, mode: 'down' });

/**
 * `share` of the values of the selected lines: the sum is cut to whole `unit`s and split over these lines. Other lines
 * get nothing.
 */
const cutTogether = (
  values: readonly number[],
  chosen: (line: number) => boolean,
  unit: string,
  share = '1',
): number[] => {
  const weights = values.map((value, line) => (chosen(line) ? value : 0));
  return shareOut(roundTo(sumIn('JPY', weights).times(share), unit, 'down'), weights, 'JPY');
};

/** National and local tax at the border, by rate: first the base is cut, then each of the two taxes. */
const taxesAtBorder = (
  before: readonly number[],
  reaches: (line: number) => boolean,
  { rates }: TaxRates,
  parts: JpTaxParts,
  units: JpTruncation,
): Levied[] => {
  const byRate = Map.groupBy([...rates.keys()].filter(reaches), (line) => rates[line]?.rate ?? '0');
  return [...byRate].flatMap(([rate, lines]) => {
    const weights = lines.map((line) => before[line] ?? 0);
    const bases = shareOut(roundTo(sumIn('JPY', weights), units.value, 'down'), weights, 'JPY');
    const borne = lines.map((line, at) => ({ line, base: bases[at] ?? 0 }));
    const name = { kind: 'tax', at: 'import', rule: rates[lines[0] ?? 0]?.rule ?? jpConsumptionTax.id } as const;
    const share = new Exact(rate).times(parts.national).toFixed();
    const national = levyOnShare({ ...name, code: NATIONAL }, borne, share, 'JPY', cutTo(units.tax));
    const [numerator, denominator] = parts.local;
    const local = roundTo(national.amount.times(numerator).div(denominator), units.tax, 'down');
    const details = { base: national.amount, rate: `${numerator}/${denominator}`, rounding: `${units.tax} down` };
    return [national, levyOfAmount({ ...name, code: 'jct-local' }, borne, local, 'JPY', details)];
  });
};

const GIFT = advice(
  jpNotExempt.id,
  'taxed here; Customs may exempt such goods as well when they are a gift for private use',
);

/**
 * Duty and consumption tax of an import into Japan. A personal import is valued at 60 % of its retail price, any other
 * at CIF. Up to JPY 10,000 in total, goods are exempt from both, except those that the law excludes, such as leather
 * bags, gloves, knitwear and shoes. Bases and taxes are cut, not rounded (not verified). Rates of the simplified tariff
 * are given like other rates. Throws `no_row` for exempt goods of an unregistered seller once the sale is taxed.
 * Source: Japan Customs 1001 and 1006; importsquare.
 */
export const assessJp: Assess = (sheet) => {
  const { consignment, asOf, lines } = sheet;
  const personal = consignment.sale === 'b2c_distance' ? ruleOn(jpPersonalImport, asOf) : null;
  const [cut, exemption, list] = [ruleOn(jpTruncation, asOf), ruleOn(jpExemption, asOf), ruleOn(jpNotExempt, asOf)];
  const [valued, share] = personal ? [fobValues(sheet), personal.value] : [cifValues(sheet), '1'];
  const whole = sumIn('JPY', valued).times(share);
  const small = whole.lte(exemption.value.limit);
  const listed = lines.map(({ given }) => list.value.some((prefix) => given.hs.startsWith(prefix)));
  const bears = (line: number) => !small || listed[line] === true;
  const exempt = (line: number) => !bears(line);
  const some = { bearing: listed.some((_, line) => bears(line)), exempt: listed.some((_, line) => exempt(line)) };
  const values = sumLists(
    cutTogether(valued, bears, cut.value.value, share),
    cutTogether(valued, exempt, cut.value.value, share),
  );
  const duties = tariffDuties(sheet, values, (_, line) => bears(line), cutTo(cut.value.duty));
  const sold = some.exempt && !exemption.value.tax;
  if (sold && consignment.scheme !== 'jp_registered')
    throw noRow(
      `consumption tax on a small consignment to JP on ${asOf.on} from a seller that is not registered`,
      'scheme',
    );
  const [rates, parts] = [taxRatesOf(sheet, jpConsumptionTax), ruleOn(jpTaxParts, asOf)];
  const before = sumLists(values, perLine(sheet, duties));
  const paid = considerations(sheet).map((amount, line) => (sold && exempt(line) ? amount : 0));
  const atBorder = taxesAtBorder(before, bears, rates, parts.value, cut.value);
  const bases = [...paid];
  for (const { line, base } of atBorder.filter(({ code }) => code === NATIONAL).flatMap(({ shares }) => shares))
    bases[line] = base;
  const atSale = sold ? taxesOn(sheet, paid, rates, { code: 'jct', at: 'sale' }, exempt, cutTo('1')) : [];
  const limit = ruleOn(jpSimplifiedLimit, asOf);
  const simplified =
    some.bearing && whole.lte(limit.value)
      ? [advice(jpSimplifiedLimit.id, 'the simplified tariff may be used up to JPY 200,000; its rate is handed in')]
      : [];
  const imported = personal ? 'personal-import' : 'import';
  return {
    regime: some.bearing ? imported : sold ? 'registered-seller' : 'exempt',
    basis: personal ? 'retail' : 'CIF',
    declaration: null,
    items: null,
    customsValues: values,
    taxBases: bases,
    levies: [...duties, ...atBorder, ...atSale],
    notices: mergeNotices(
      exemption.notices,
      personal?.notices ?? [],
      cut.notices,
      list.notices,
      rates.notices,
      parts.notices,
      simplified,
      small && some.bearing && consignment.sale === 'c2c_gift' ? [GIFT] : [],
    ),
  };
};

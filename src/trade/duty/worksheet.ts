import { allocate, exponentOf, toMinor } from '#domain/money.ts';
import { minorUnitOn } from '../currency/minor-unit.ts';
import { Exact, roundMoney } from '../decimal.ts';
import { invalid } from '../read-input.ts';
import type { AsOf, Notice } from '../rule.ts';
import { type Consignment, type ConsignmentLine, type HandedIn, LEVY_CURRENCY } from './consignment.ts';
import { type Exchange, exchangeWith } from './exchange.ts';

/** One line with its share of the costs: whole minor units of the levy currency, which add up exactly. */
export interface WorkLine {
  given: ConsignmentLine;
  id: string;
  goods: number;
  freight: number;
  insurance: number;
  inland: number;
}

/** A consignment prepared for assessment: all amounts in `currency`, costs split over the lines by value. */
export interface Worksheet {
  consignment: Consignment;
  asOf: AsOf;
  currency: string;
  lines: readonly WorkLine[];
  goods: Exact;
  freight: Exact;
  insurance: Exact;
  inland: Exact;
  exchange: Exchange;
}

/** Up to this, amounts fit the whole minor units used for splitting, even with four decimals. */
const MAX_AMOUNT = new Exact('900000000000');

/** Returns `amount`, or throws if it is too large to be split to the cent. */
export const notTooLarge = (amount: Exact, field: string): Exact => {
  if (amount.lte(MAX_AMOUNT)) return amount;
  throw invalid(field, `comes to more than ${MAX_AMOUNT.toFixed()}, which is too large`);
};

export const sumOf = (amounts: readonly Exact[]): Exact => amounts.reduce((sum, one) => sum.plus(one), new Exact(0));

const minorOf = (amount: Exact, currency: string): number =>
  notTooLarge(amount, 'lines')
    .times(10 ** exponentOf(currency))
    .toNumber();

/** The sum of whole minor units of `currency`, as an amount. */
export const sumIn = (currency: string, minors: readonly number[]): Exact =>
  new Exact(minors.reduce((sum, one) => sum + one, 0)).div(10 ** exponentOf(currency));

/**
 * Splits `amount` in proportion to `weights` (whole numbers). The parts, in minor units of `currency`, add up to it
 * exactly.
 */
export const shareOut = (amount: Exact, weights: readonly number[], currency: string): number[] =>
  weights.length === 1 ? [minorOf(amount, currency)] : allocate(minorOf(amount, currency), weights);

/** Converts a given amount to minor units of its currency. Throws instead of rounding further decimals away. */
export const inMinorUnits = (text: string, currency: string, field: string): number => {
  const decimals = /\.(\d*?)0*$/.exec(text)?.[1]?.length ?? 0;
  if (decimals <= exponentOf(currency)) return toMinor(text, currency);
  throw invalid(field, `${text} has more decimals than ${currency}; round it first`);
};

/**
 * Converts the consignment to the currency of the levies: each total is converted and rounded once, then split. Throws
 * `invalid` for amounts that are too fine or too large and `no_row` for a currency that ISO 4217 does not list on the
 * day.
 */
export const worksheetOf = (consignment: Consignment, asOf: AsOf): Worksheet => {
  const currency = LEVY_CURRENCY[consignment.jurisdiction];
  minorUnitOn(consignment.currency, asOf);
  const exchange = exchangeWith(consignment.fx);
  const local = (amount: Exact, field: string): Exact =>
    notTooLarge(roundMoney(exchange(amount, consignment.currency, currency), currency), field);
  const given = (minors: readonly number[], field: string): Exact =>
    local(notTooLarge(sumIn(consignment.currency, minors), field), field);
  const cost = (field: 'freight' | 'insurance' | 'inlandFreight'): Exact =>
    given([inMinorUnits(consignment[field], consignment.currency, field)], field);
  const values = consignment.lines.map(({ value }, at) =>
    inMinorUnits(value, consignment.currency, `lines.${at}.value`),
  );
  const goods = given(values, 'lines');
  const goodsParts = shareOut(goods, values, currency);
  const [freight, insurance, inland] = [cost('freight'), cost('insurance'), cost('inlandFreight')];
  const shares = [freight, insurance, inland].map((total) => shareOut(total, goodsParts, currency));
  const lines = consignment.lines.map((given, at) => ({
    given,
    id: given.id ?? String(at + 1),
    goods: goodsParts[at] ?? 0,
    freight: shares[0]?.[at] ?? 0,
    insurance: shares[1]?.[at] ?? 0,
    inland: shares[2]?.[at] ?? 0,
  }));
  return { consignment, asOf, currency, lines, goods, freight, insurance, inland, exchange };
};

/** The figure that the caller gave instead of a row, with the notice that says so. */
export const handedInFor = (sheet: Worksheet, rule: HandedIn): { value: string; notice: Notice } | null => {
  const given = sheet.consignment.handedIn.find((one) => one.rule === rule);
  if (!given) return null;
  return {
    value: given.value,
    notice: {
      code: 'advice',
      rule,
      message: `${rule}: ${given.value} was handed in (${given.source}) and stands in for any figure on file`,
    },
  };
};

/** The same for an amount in the currency of the levies. */
export const handedInAmount = (sheet: Worksheet, rule: HandedIn): { amount: Exact; notice: Notice } | null => {
  const given = handedInFor(sheet, rule);
  if (!given) return null;
  return {
    amount: sumIn(sheet.currency, [inMinorUnits(given.value, sheet.currency, 'handedIn')]),
    notice: given.notice,
  };
};

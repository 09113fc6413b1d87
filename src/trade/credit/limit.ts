import { z } from 'zod';
import { Currency } from '#domain/money.ts';
import { Exact, exact, moneyText, roundMoney } from '../decimal.ts';
import { readInput } from '../read-input.ts';
import { type AsOf, type Notice, noRow, ruleOn } from '../rule.ts';
import { LIMIT_SHARES, type LimitShares } from './rules.ts';

const Amount = z.string().max(32, 'a decimal number such as 12.50');

export const CreditNeedInput = z.strictObject({
  currency: Currency,
  /** Expected sales to the buyer in a year, without tax. */
  forecast: Amount,
  /** Invoiced tax as a fraction: 0.2. */
  taxRate: Amount.default('0'),
  /** Days from invoice to payment. */
  termDays: z.int('a whole number of days').min(0, 'is negative').max(3650, 'is more than ten years'),
});
export type CreditNeedInput = z.input<typeof CreditNeedInput>;

/** A commercial year. */
const DAYS_A_YEAR = 360;

/** The credit that a buyer needs for its payment term: forecast × (1 + tax) × days / 360, rounded half up. */
export const creditNeed = (input: CreditNeedInput): string => {
  const { currency, forecast, taxRate, termDays } = readInput(CreditNeedInput, input);
  const withTax = exact(forecast, 'forecast').times(exact(taxRate, 'taxRate', { max: '10' }).plus(1));
  return moneyText(roundMoney(withTax.times(termDays).div(DAYS_A_YEAR), currency), currency);
};

export const CreditLimitInput = z.strictObject({
  currency: Currency,
  /** The need that follows from the buyer's orders and payment term. */
  need: Amount,
  /** Equity minus intangible assets; may be negative. */
  tangibleNetWorth: Amount,
  /** Per year. */
  turnover: Amount,
  /** The buyer's grade, such as B. */
  grade: z.string().min(1, 'is empty').max(20),
  /** Shares from the company's own policy. They replace those on file for the grade. */
  policy: z.strictObject({ netWorth: Amount, turnover: Amount }).optional(),
});
export type CreditLimitInput = z.input<typeof CreditLimitInput>;

export interface CreditLimit {
  limit: string;
  /** Which of the three determined the limit. */
  boundBy: 'need' | 'net_worth' | 'turnover';
  byNetWorth: string;
  byTurnover: string;
  shares: LimitShares;
  notices: readonly Notice[];
}

const sharesFor = (grade: string, asOf: AsOf): { value: LimitShares; notices: readonly Notice[] } => {
  const table = Object.hasOwn(LIMIT_SHARES, grade) ? LIMIT_SHARES[grade] : undefined;
  if (table === undefined) throw noRow(`shares of net worth and turnover for a buyer graded ${grade}`, 'grade');
  return ruleOn(table, asOf);
};

/**
 * The credit limit of a buyer: the smallest of its need, a share of its tangible net worth and a share of its turnover.
 * Never below zero; rounded down, so that it exceeds none of the three. Throws `no_row`, naming the grade, if neither a
 * row nor a policy gives the shares.
 */
export const creditLimit = (input: CreditLimitInput, asOf: AsOf): CreditLimit => {
  const { currency, grade, policy, ...figures } = readInput(CreditLimitInput, input);
  const { value: shares, notices } = policy === undefined ? sharesFor(grade, asOf) : { value: policy, notices: [] };
  const share = (part: keyof LimitShares) => exact(shares[part], `policy.${part}`, { max: '1' });
  const worth = exact(figures.tangibleNetWorth, 'tangibleNetWorth', { negative: true }).times(share('netWorth'));
  const bounds = [
    { boundBy: 'need', amount: exact(figures.need, 'need') },
    { boundBy: 'net_worth', amount: Exact.max(0, worth) },
    { boundBy: 'turnover', amount: exact(figures.turnover, 'turnover').times(share('turnover')) },
  ] as const;
  const [need, byNetWorth, byTurnover] = bounds;
  const least = [byNetWorth, byTurnover].reduce<(typeof bounds)[number]>(
    (smaller, each) => (each.amount.lt(smaller.amount) ? each : smaller),
    need,
  );
  const money = (value: Exact) => moneyText(roundMoney(value, currency, 'down'), currency);
  return {
    limit: money(least.amount),
    boundBy: least.boundBy,
    byNetWorth: money(byNetWorth.amount),
    byTurnover: money(byTurnover.amount),
    shares,
    notices,
  };
};

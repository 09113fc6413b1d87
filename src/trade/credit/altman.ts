import { z } from 'zod';
import { Exact, exact } from '../decimal.ts';
import { invalid, readInput } from '../read-input.ts';
import { type AsOf, mergeNotices, type Notice, ruleOn } from '../rule.ts';
import { ALTMAN, ALTMAN_MODELS, type AltmanModel, type AltmanRule } from './rules.ts';

const Amount = z.string().max(32, 'a decimal number such as 12.5');

/** X1 to X5 (to X4 for Z″), each a ratio, all from the same year. */
const Ratios = z.strictObject({
  model: z.enum(ALTMAN_MODELS),
  ratios: z.array(Amount).max(5, 'has more than the five ratios X1 to X5'),
});

/** Figures of one balance sheet and its year, in one currency. */
export const BalanceSheet = z.strictObject({
  totalAssets: Amount,
  currentAssets: Amount,
  currentLiabilities: Amount,
  retainedEarnings: Amount,
  /** Earnings before interest and taxes for the year. */
  ebit: Amount,
  totalLiabilities: Amount,
  /** Z uses the market value of the equity, Z′ and Z″ its book value. */
  marketValueOfEquity: Amount.optional(),
  bookValueOfEquity: Amount.optional(),
  /** For the year; Z″ does not use it. */
  sales: Amount.optional(),
});
export type BalanceSheet = z.infer<typeof BalanceSheet>;

const FromBalanceSheet = z.strictObject({ model: z.enum(ALTMAN_MODELS), balanceSheet: BalanceSheet });

export const AltmanInput = z.union([Ratios, FromBalanceSheet]);
export type AltmanInput = z.input<typeof AltmanInput>;

export type Zone = 'distress' | 'grey' | 'safe';

export interface AltmanScore {
  model: AltmanModel;
  /** At most ten decimals; the zone is determined from the exact score. */
  score: string;
  zone: Zone;
  /** EM score of emerging markets, Z″ + 3.25, with the same zone; null for the other models. */
  emergingMarketScore: string | null;
  /** X1 and following, six decimals. */
  ratios: readonly string[];
  notices: readonly Notice[];
}

const SIGNED = { negative: true } as const;

const given = (sheet: BalanceSheet, name: 'marketValueOfEquity' | 'bookValueOfEquity' | 'sales'): Exact => {
  const text = sheet[name];
  if (text === undefined) throw invalid(`balanceSheet.${name}`, 'is missing: this model needs it');
  return exact(text, `balanceSheet.${name}`, name === 'bookValueOfEquity' ? SIGNED : {});
};

const ratiosOf = (model: AltmanModel, sheet: BalanceSheet): Exact[] => {
  const assets = exact(sheet.totalAssets, 'balanceSheet.totalAssets', { zero: false });
  const liabilities = exact(sheet.totalLiabilities, 'balanceSheet.totalLiabilities', { zero: false });
  const currentAssets = exact(sheet.currentAssets, 'balanceSheet.currentAssets');
  const currentLiabilities = exact(sheet.currentLiabilities, 'balanceSheet.currentLiabilities');
  if (currentAssets.gt(assets)) throw invalid('balanceSheet.currentAssets', 'are more than the total assets');
  if (currentLiabilities.gt(liabilities))
    throw invalid('balanceSheet.currentLiabilities', 'are more than the total liabilities');
  const retained = exact(sheet.retainedEarnings, 'balanceSheet.retainedEarnings', SIGNED);
  const ebit = exact(sheet.ebit, 'balanceSheet.ebit', SIGNED);
  const equity = given(sheet, model === 'Z' ? 'marketValueOfEquity' : 'bookValueOfEquity');
  return [
    currentAssets.minus(currentLiabilities).div(assets),
    retained.div(assets),
    ebit.div(assets),
    equity.div(liabilities),
    ...(model === 'Z2' ? [] : [given(sheet, 'sales').div(assets)]),
  ];
};

/** Assets equal liabilities plus equity. Figures that do not add up may be from different years. */
const balanceNotices = (sheet: BalanceSheet): Notice[] => {
  if (sheet.bookValueOfEquity === undefined) return [];
  const sum = given(sheet, 'bookValueOfEquity').plus(sheet.totalLiabilities);
  if (sum.eq(sheet.totalAssets)) return [];
  const message = `Liabilities and equity are ${sum.toFixed()}, assets ${sheet.totalAssets}: are all of one year?`;
  return [{ code: 'advice', rule: 'credit.balance', message }];
};

const zoneOf = (score: Exact, { distressBelow, safeAbove }: AltmanRule): Zone =>
  score.lt(distressBelow) ? 'distress' : score.gt(safeAbove) ? 'safe' : 'grey';

const scoreText = (score: Exact): string => score.toDecimalPlaces(10).toFixed();

/**
 * The Altman score of a company and its zone, from its ratios or its balance sheet. A score equal to a cut-off is in
 * the grey zone. Throws `invalid` for a missing figure (named), a wrong number of ratios, or a zero divisor.
 */
export const altmanScore = (input: AltmanInput, asOf: AsOf): AltmanScore => {
  const read =
    'ratios' in readInput(z.looseObject({}), input) ? readInput(Ratios, input) : readInput(FromBalanceSheet, input);
  const { model } = read;
  const { value: rule, notices } = ruleOn(ALTMAN[model], asOf);
  const ratios =
    'ratios' in read
      ? read.ratios.map((ratio, index) => exact(ratio, `ratios.${index}`, SIGNED))
      : ratiosOf(model, read.balanceSheet);
  if (ratios.length !== rule.weights.length)
    throw invalid('ratios', `has ${ratios.length} where the model has X1 to X${rule.weights.length}`);
  const score = rule.weights.reduce((sum, weight, index) => sum.plus(ratios[index]?.times(weight) ?? 0), new Exact(0));
  return {
    model,
    score: scoreText(score),
    zone: zoneOf(score, rule),
    emergingMarketScore: rule.emergingMarkets === null ? null : scoreText(score.plus(rule.emergingMarkets)),
    ratios: ratios.map((ratio) => ratio.toFixed(6)),
    notices: mergeNotices(notices, 'balanceSheet' in read ? balanceNotices(read.balanceSheet) : []),
  };
};

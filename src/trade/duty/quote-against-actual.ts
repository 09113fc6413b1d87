import { z } from 'zod';
import { Currency } from '#domain/money.ts';
import { Exact, moneyText, roundMoney } from '../decimal.ts';
import { invalid, readInput } from '../read-input.ts';
import type { LandedCost, LandedStep } from './landed-cost.ts';
import { inMinorUnits } from './worksheet.ts';

const Amount = z.string().regex(/^\d{1,13}(\.\d{1,4})?$/, 'has to be an amount as text, such as 12.50');

/**
 * The amounts billed by customs, post or courier. Base and rate, if the assessment shows them, explain a difference.
 */
export const ActualCharges = z.strictObject({
  currency: Currency,
  steps: z
    .array(
      z.strictObject({
        code: z.string().trim().min(1).max(200),
        amount: Amount,
        base: Amount.optional(),
        rate: z
          .string()
          .regex(/^\d(\.\d{1,10})?$/, 'has to be a share as text, such as 0.12')
          .optional(),
      }),
    )
    .max(1_000),
});
export type ActualCharges = z.infer<typeof ActualCharges>;

export interface StepVariance {
  code: string;
  quoted: string;
  actual: string;
  /** Actual minus quoted: positive means more expensive than quoted. */
  variance: string;
  /** In percent of the quote, one decimal; null if nothing was quoted. */
  percent: string | null;
  /** The parts of the variance caused by a different base and by a different rate; null if the bill shows neither. */
  fromBase: string | null;
  fromRate: string | null;
  /** `quoted_only`: not billed; `actual_only`: not foreseen. */
  found: 'both' | 'quoted_only' | 'actual_only';
}

export interface QuoteComparison {
  currency: string;
  steps: readonly StepVariance[];
  quoted: string;
  actual: string;
  variance: string;
  percent: string | null;
}

const ZERO = new Exact(0);
const SHARE = /^\d+(\.\d+)?$/;

interface Side {
  amount: Exact;
  base: Exact | null;
  rate: Exact | null;
}

/** Combines steps with the same code. Base and rate are kept only if one step has them. */
const sidesByCode = (
  steps: readonly { code: string; amount: string; base?: string | undefined; rate?: string | null | undefined }[],
): Map<string, Side> =>
  new Map(
    [...Map.groupBy(steps, ({ code }) => code)].map(([code, of]) => {
      const only = of.length === 1 ? of[0] : undefined;
      return [
        code,
        {
          amount: of.reduce((sum, { amount }) => sum.plus(amount), ZERO),
          base: only?.base === undefined ? null : new Exact(only.base),
          rate: only?.rate && SHARE.test(only.rate) ? new Exact(only.rate) : null,
        },
      ];
    }),
  );

const percentOf = (variance: Exact, quoted: Exact): string | null => {
  if (quoted.isZero()) return null;
  const percent = variance.div(quoted).times(100).toDecimalPlaces(1);
  return (percent.isZero() ? ZERO : percent).toFixed(1);
};

const varianceOf = (
  code: string,
  quoted: Side | undefined,
  actual: Side | undefined,
  currency: string,
): StepVariance => {
  const text = (amount: Exact) => moneyText(amount, currency);
  const [was, is] = [quoted?.amount ?? ZERO, actual?.amount ?? ZERO];
  const variance = is.minus(was);
  const known = quoted?.base && quoted.rate && actual?.base;
  const fromBase =
    known && quoted.base && quoted.rate && actual.base
      ? roundMoney(actual.base.minus(quoted.base).times(quoted.rate), currency)
      : null;
  return {
    code,
    quoted: text(was),
    actual: text(is),
    variance: text(variance),
    percent: percentOf(variance, was),
    fromBase: fromBase && text(fromBase),
    fromRate: fromBase && text(variance.minus(fromBase)),
    found: quoted && actual ? 'both' : quoted ? 'quoted_only' : 'actual_only',
  };
};

/**
 * Compares a quote with the bill, step by step and in total. A step on only one side is listed too. Variances are
 * actual minus quoted. Throws `invalid` if the currencies differ (convert first, at a rate on record) and for an amount
 * with more decimals than the currency.
 */
export const quoteAgainstActual = (
  quote: Pick<LandedCost, 'currency'> & { steps: readonly Pick<LandedStep, 'code' | 'amount' | 'base' | 'rate'>[] },
  actual: ActualCharges,
): QuoteComparison => {
  const billed = readInput(ActualCharges, actual, 'actual');
  const { currency } = quote;
  if (billed.currency !== currency)
    throw invalid('currency', `the bill is in ${billed.currency}, the quote in ${currency}; convert first`);
  for (const [at, { amount }] of billed.steps.entries()) inMinorUnits(amount, currency, `steps.${at}.amount`);
  const [was, is] = [sidesByCode(quote.steps), sidesByCode(billed.steps)];
  const codes = [...new Set([...was.keys(), ...is.keys()])];
  const sum = (sides: Map<string, Side>) => [...sides.values()].reduce((total, { amount }) => total.plus(amount), ZERO);
  const [quoted, paid] = [sum(was), sum(is)];
  return {
    currency,
    steps: codes.map((code) => varianceOf(code, was.get(code), is.get(code), currency)),
    quoted: moneyText(quoted, currency),
    actual: moneyText(paid, currency),
    variance: moneyText(paid.minus(quoted), currency),
    percent: percentOf(paid.minus(quoted), quoted),
  };
};

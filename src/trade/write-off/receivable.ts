import { z } from 'zod';
import { Currency } from '#domain/money.ts';
import { Exact, exact, moneyText, roundMoney } from '../decimal.ts';
import type { PlainDate } from '../plain-date.ts';
import { readInput } from '../read-input.ts';
import { type Notice, ruleOn } from '../rule.ts';
import { TOLERANCE } from './rules.ts';

const Amount = z.string().max(32);

export const Tolerance = z.strictObject({ share: Amount, floor: Amount });
export type Tolerance = z.infer<typeof Tolerance>;

export const Receivable = z.strictObject({
  currency: Currency,
  fob: Amount,
  received: z.array(Amount).max(10_000),
  /** What banks deducted from the payments. */
  fees: z.array(Amount).max(10_000).default([]),
  /** Default: the rule on file. */
  tolerance: Tolerance.optional(),
});

export interface Settlement {
  received: string;
  fees: string;
  /** FOB − received − fees; below zero if too much was received. */
  short: string;
  /** The largest difference that still counts as paid, rounded down to the currency's minor unit. */
  tolerance: string;
  settled: boolean;
  notices: readonly Notice[];
}

/**
 * Whether the receipts settle the declaration: |FOB − received − fees| is at most the larger of 0.5 % of FOB and 50 in
 * the declaration's currency. Exactly at the limit counts as settled, one cent beyond does not. A declaration for less
 * than 50 is not settled without any payment. Our own matching rule.
 */
export const settlementOf = (
  input: z.input<typeof Receivable>,
  asOf: { on: PlainDate; today: PlainDate },
): Settlement => {
  const { currency, fob, received, fees, tolerance } = readInput(Receivable, input);
  const rule = ruleOn(TOLERANCE, asOf);
  const { share, floor } = tolerance ?? rule.value;
  const due = exact(fob, 'fob', { zero: false });
  const part = exact(share, 'tolerance.share', { max: '1' });
  const sum = (amounts: readonly string[], field: string): Exact =>
    amounts.reduce((total, amount, index) => total.plus(exact(amount, `${field}.${index}`)), new Exact(0));
  const [paid, kept] = [sum(received, 'received'), sum(fees, 'fees')];
  const short = due.minus(paid).minus(kept);
  const limit = Exact.max(due.times(part), exact(floor, 'tolerance.floor'));
  return {
    received: moneyText(paid, currency),
    fees: moneyText(kept, currency),
    short: moneyText(short, currency),

    tolerance: moneyText(roundMoney(limit, currency, 'down'), currency),
    settled: !paid.isZero() && short.abs().lte(limit),
    notices: rule.notices,
  };
};

import { z } from 'zod';
import { Currency } from '#domain/money.ts';
import { minorUnitOn } from '../currency/minor-unit.ts';
import { Exact, exact, moneyText } from '../decimal.ts';
import { PlainDate } from '../plain-date.ts';
import { invalid, readInput } from '../read-input.ts';
import type { Notice } from '../rule.ts';

const Amount = z.string().max(32);

export const Payout = z.strictObject({
  currency: Currency,
  on: PlainDate,
  /** The amount that reached the account. */
  net: Amount,
  /** The amounts that the platform and the banks deducted, each positive. */
  deductions: z
    .array(
      z.strictObject({
        kind: z.enum(['commission', 'payment-fee', 'bank-fee', 'refund', 'other']),
        amount: Amount,
      }),
    )
    .max(1_000),
});

export interface GrossPayout {
  gross: string;
  deducted: string;
  net: string;
  notices: readonly Notice[];
}

/**
 * Converts a net pay-out to the gross that the buyers paid: net + all deductions, to the minor unit. Matching with
 * declarations and exchange differences use the gross; deductions are cost, not a short payment. Throws `invalid` for a
 * negative deduction and for an amount with more decimals than the currency, `no_row` for a currency not in force.
 */
export const grossOfPayout = (input: z.input<typeof Payout>, today: PlainDate): GrossPayout => {
  const { currency, on, net, deductions } = readInput(Payout, input);
  const { value: unit, notices } = minorUnitOn(currency, { on, today });
  const whole = (text: string, field: string, negative = false): Exact => {
    const amount = exact(text, field, { negative });
    if (amount.decimalPlaces() > unit.decimals) throw invalid(field, `has more decimals than ${currency}`);
    return amount;
  };
  const paid = whole(net, 'net', true);
  const deducted = deductions.reduce(
    (sum, { amount }, index) => sum.plus(whole(amount, `deductions.${index}.amount`)),
    new Exact(0),
  );
  const gross = paid.plus(deducted);
  if (gross.isNegative() && !gross.isZero())
    throw invalid('net', 'a pay-out cannot be more negative than its deductions');
  const text = (amount: Exact): string => moneyText(amount, currency);
  return { gross: text(gross), deducted: text(deducted), net: text(paid), notices };
};

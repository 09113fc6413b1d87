import { z } from 'zod';
import { Currency } from '#domain/money.ts';
import { minorUnitOn } from '../currency/minor-unit.ts';
import { Exact, exact, moneyText } from '../decimal.ts';
import { PlainDate } from '../plain-date.ts';
import { invalid, readInput } from '../read-input.ts';

export const Payout = z.strictObject({
  currency: Currency,
  on: PlainDate,
  /** What reached the account. */
  net: z.string().max(32),
  /** What the platform and the banks kept back, each as a positive amount. */
  deductions: z
    .array(
      z.strictObject({
        kind: z.enum(['commission', 'payment-fee', 'bank-fee', 'refund', 'other']),
        amount: z.string(),
      }),
    )
    .max(1_000),
});

export interface GrossPayout {
  gross: string;
  deducted: string;
  net: string;
}

/**
 * A net pay-out as the gross that the buyers paid: net + everything kept back. Matching to declarations and exchange
 * differences are reckoned on the gross; what was kept back is cost, not a short payment. Throws `invalid` for a negative
 * deduction.
 */
export const grossOfPayout = (input: z.input<typeof Payout>, today: PlainDate): GrossPayout => {
  const { currency, on, net, deductions } = readInput(Payout, input);
  minorUnitOn(currency, { on, today });
  const paid = exact(net, 'net', { negative: true });
  const deducted = deductions.reduce(
    (sum, { amount }, index) => sum.plus(exact(amount, `deductions.${index}.amount`)),
    new Exact(0),
  );
  const gross = paid.plus(deducted);
  if (gross.isNegative() && !gross.isZero())
    throw invalid('net', 'a pay-out cannot be more negative than its deductions');
  return { gross: moneyText(gross, currency), deducted: moneyText(deducted, currency), net: moneyText(paid, currency) };
};

import { z } from 'zod';
import { Failure } from '#domain/failure.ts';
import { Currency, exponentOf } from '#domain/money.ts';
import { Exact, exact, moneyText, type NumberBounds, roundMoney } from '../decimal.ts';
import { PlainDate } from '../plain-date.ts';
import { invalid, readInput } from '../read-input.ts';
import { mergeNotices, type Notice, noRow, ruleOn } from '../rule.ts';
import { LAWS, RESTOCKING_FEE, WITHDRAWAL } from './rules.ts';
import { type RecoveryScheme, TAX_RECOVERY } from './tax-recovery.ts';

const Amount = z.string().max(32);

export const RefundQuestion = z.strictObject({
  law: z.enum(LAWS),
  currency: Currency,
  /** The day of the withdrawal. */
  on: PlainDate,
  /** What the consumer paid for the goods that come back. */
  goods: Amount,
  /** The cheapest delivery offered, and the delivery that the consumer chose and paid. */
  standardDelivery: Amount,
  chosenDelivery: Amount,
  /** Loss of value by handling beyond what testing the goods needs, in per cent of the goods. */
  diminishedPct: Amount.default('0'),
  /** A trader who did not inform about the right may not deduct any loss of value. */
  informed: z.boolean().default(true),
  restockingFee: Amount.default('0'),
});

export interface Refund {
  refund: string;
  goods: string;
  delivery: string;
  deducted: string;
  notices: readonly Notice[];
}

/**
 * An amount that was paid. It must not have more decimals than the currency, because rounding could exceed what was
 * paid.
 */
const paidAmount = (text: string, currency: string, field: string, bounds?: NumberBounds): Exact => {
  const amount = exact(text, field, bounds);
  if (amount.decimalPlaces() > exponentOf(currency)) throw invalid(field, `has more decimals than ${currency}`);
  return amount;
};

const advice = (rule: string, message: string): Notice => ({ code: 'advice', rule, message });

/**
 * The refund to a consumer who withdrew: the goods minus any loss of value, and delivery up to the cheapest kind
 * offered. If the law forbids a restocking fee, none is deducted, and the answer says so. Law: the refund is between
 * zero and what was paid. It is paid by the original means and in the original amount and currency; the seller bears
 * exchange rate differences. Throws `invalid` for an amount with more decimals than its currency, and `no_row` for a
 * law whose refund is not on file. Sources: Directive 2011/83/EU art. 13, 14; SI 2013/3134 reg. 34.
 */
export const withdrawalRefund = (input: z.input<typeof RefundQuestion>, today: PlainDate): Refund => {
  const question = readInput(RefundQuestion, input);
  const { law, currency } = question;
  const feeTable = RESTOCKING_FEE[law];
  if (!feeTable) throw noRow(`what goes back after a withdrawal under ${law} law`, 'law');
  const fees = ruleOn(feeTable, { on: question.on, today }, 'on');
  const paid = (field: 'goods' | 'chosenDelivery' | 'standardDelivery' | 'restockingFee'): Exact =>
    paidAmount(question[field], currency, field);
  const goods = paid('goods');
  const delivery = Exact.min(paid('standardDelivery'), paid('chosenDelivery'));
  const loss = roundMoney(
    goods.times(exact(question.diminishedPct, 'diminishedPct', { max: '100' })).div(100),
    currency,
  );
  const fee = paid('restockingFee');
  const kept = (question.informed ? loss : new Exact(0)).plus(fees.value ? fee : 0);
  const deducted = Exact.min(kept, goods);
  const notes = [
    ...(!fees.value && !fee.isZero()
      ? [advice(feeTable.id, 'a restocking fee is not allowed on a withdrawal; it was left out')]
      : []),
    ...(!question.informed && !loss.isZero()
      ? [advice(WITHDRAWAL[law].id, 'the trader did not inform of the right, so no loss of value is deducted')]
      : []),
  ];
  return {
    refund: moneyText(goods.minus(deducted).plus(delivery), currency),
    goods: moneyText(goods, currency),
    delivery: moneyText(delivery, currency),
    deducted: moneyText(deducted, currency),
    notices: mergeNotices(fees.notices, notes),
  };
};

/**
 * Returns `amount` if it may still be refunded; throws `conflict` if refunds would exceed the captured amount. All
 * three are decimal text in `currency`, with no more decimals than it has (`invalid`).
 */
export const refundWithinCaptured = (
  { captured, refunded, amount }: { captured: string; refunded: string; amount: string },
  currency: string,
): string => {
  const left = paidAmount(captured, currency, 'captured').minus(paidAmount(refunded, currency, 'refunded'));
  const asked = paidAmount(amount, currency, 'amount', { zero: false });
  if (asked.lte(left)) return moneyText(asked, currency);
  const open = moneyText(left.isNegative() ? new Exact(0) : left, currency);
  throw new Failure(
    'conflict',
    `refund: ${currency} ${moneyText(asked, currency)} is more than the ${open} still captured`,
    {
      safe: { field: 'amount', reason: 'more than is still captured', left: open, currency },
    },
  );
};

/** The idempotency key of a refund: order line and return. Requesting it again refunds nothing more. */
export const refundKey = (orderLine: string, rma: string): string => JSON.stringify(['refund', orderLine, rma]);

/** How to recover duty and tax on returned goods. Throws `no_row` before the scheme began. */
export const taxRecovery = (scheme: RecoveryScheme, on: PlainDate, today: PlainDate) => {
  const { value, notices } = ruleOn<string>(TAX_RECOVERY[scheme], { on, today });
  return { how: value, notices };
};

import { z } from 'zod';
import { Failure } from '#domain/failure.ts';
import { Currency, exponentOf } from '#domain/money.ts';
import { Exact, exact, moneyText, type NumberBounds, roundMoney } from '../decimal.ts';
import { PlainDate } from '../plain-date.ts';
import { invalid, readInput } from '../read-input.ts';
import { type Notice, noRow, noticesTogether, ruleOn } from '../rule.ts';
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
  /** The least expensive delivery that was offered, and the one the consumer chose and paid. */
  standardDelivery: Amount,
  chosenDelivery: Amount,
  /** Loss of value through more handling than needed to test the goods, in per cent of the goods. */
  diminishedPct: Amount.default('0'),
  /** A trader who did not inform of the right may deduct no loss of value. */
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

/** An amount that was paid: more decimals than the currency has would be rounded beyond it. */
const paidAmount = (text: string, currency: string, field: string, bounds?: NumberBounds): Exact => {
  const amount = exact(text, field, bounds);
  if (amount.decimalPlaces() > exponentOf(currency)) throw invalid(field, `has more decimals than ${currency}`);
  return amount;
};

const advice = (rule: string, message: string): Notice => ({ code: 'advice', rule, message });

/**
 * What goes back to a consumer who withdrew: the goods less a loss of value, and delivery up to the least expensive kind
 * offered. A restocking fee is not taken where the law forbids it; the answer says so. Law: the refund is between zero
 * and what was paid. It goes back by the original means and in the original amount of the currency; a difference of the
 * exchange rate is the seller’s. Throws `invalid` for an amount with more decimals than its currency, and `no_row` for a
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
    notices: noticesTogether(fees.notices, notes),
  };
};

/**
 * `amount` when it may still be refunded; throws `conflict` when refunds would exceed what was captured. All three are
 * decimal text in `currency`, with no more decimals than it has (`invalid`).
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

/** The key under which a refund happens once, however often it is asked for: order line and return. */
export const refundKey = (orderLine: string, rma: string): string => JSON.stringify(['refund', orderLine, rma]);

/** How duty and tax of goods that came back are recovered. Throws `no_row` before the scheme began. */
export const taxRecovery = (scheme: RecoveryScheme, on: PlainDate, today: PlainDate) => {
  const { value, notices } = ruleOn<string>(TAX_RECOVERY[scheme], { on, today });
  return { how: value, notices };
};

import { z } from 'zod';
import { Calendar } from '../../../src/trade/calendar.ts';
import { PlainDate, plainDate } from '../../../src/trade/plain-date.ts';
import { invalid, readInput } from '../../../src/trade/read-input.ts';
import { amazonUsReturn, returnWindow } from '../../../src/trade/returns-law/marketplace-return.ts';
import { MARKETPLACES } from '../../../src/trade/returns-law/marketplaces.ts';
import { withdrawalRefund } from '../../../src/trade/returns-law/refund.ts';
import { EXCEPTIONS, LAWS } from '../../../src/trade/returns-law/rules.ts';
import { refundDeadline, shortTermReject, withdrawalPeriod } from '../../../src/trade/returns-law/withdrawal.ts';
import type { Answer } from './vector.ts';

const TODAY = plainDate('2026-11-25');
const Decimals = z.union([z.string(), z.number().transform(String)]);

const LawName = z.enum(LAWS);
const PeriodQuestion = z.object({
  law: LawName,
  delivered: PlainDate,
  informed: z.boolean().default(true),
  informedOn: PlainDate.optional(),
  exception: z.enum(EXCEPTIONS).optional(),
  calendar: Calendar.optional(),
});
const RejectQuestion = z.object({ law: z.literal('UK'), delivered: PlainDate });
const RefundQuestion = z.object({
  law: LawName,
  goods: Decimals,
  standardDelivery: Decimals,
  chosenDelivery: Decimals.optional(),

  diminishedPct: Decimals.default('0'),
  restockingFee: Decimals.default('0'),
  informed: z.boolean().default(true),
});
const DeadlineQuestion = z.object({
  law: LawName,
  notice: PlainDate,
  goodsBack: PlainDate.optional(),
  proofOfSending: PlainDate.optional(),
  calendar: Calendar.optional(),
});
const AmazonQuestion = z.object({
  law: z.literal('amazon-us'),
  price: Decimals,
  sellerUSReturnAddress: z.boolean(),
});
const WindowQuestion = z.object({
  law: z.enum(MARKETPLACES),
  delivered: PlainDate.optional(),
  estimatedDelivery: PlainDate.optional(),
});

const refund = (input: unknown) => {
  const { law, standardDelivery, chosenDelivery = standardDelivery, ...rest } = readInput(RefundQuestion, input);
  const answered = withdrawalRefund(
    { law, currency: 'EUR', on: TODAY, standardDelivery, chosenDelivery, ...rest },
    TODAY,
  );
  return { refund: answered.refund };
};

const period = (input: unknown) => {
  const { informedOn: informedLaterOn, ...question } = readInput(PeriodQuestion, input);
  return { lastDay: withdrawalPeriod({ ...question, informedLaterOn }, TODAY).lastDay };
};

const reject = (input: unknown) => {
  const { delivered } = readInput(RejectQuestion, input);
  return { lastDay: shortTermReject({ delivered }, TODAY).lastDay };
};

const deadline = (input: unknown) => {
  const { refundBy, mayWithholdUntil } = refundDeadline(readInput(DeadlineQuestion, input), TODAY);
  return { refundBy, mayWithholdUntil };
};

const amazon = (input: unknown) => {
  const { price, sellerUSReturnAddress } = readInput(AmazonQuestion, input);
  return { action: amazonUsReturn({ price, sellerUsReturnAddress: sellerUSReturnAddress, on: TODAY }, TODAY).action };
};

const marketplaceWindow = (input: unknown) => {
  const { law: marketplace, delivered, estimatedDelivery } = readInput(WindowQuestion, input);
  const day = delivered ?? estimatedDelivery;
  if (day === undefined) throw invalid('delivered', 'is needed');
  return { lastDay: returnWindow({ marketplace, delivered: day, estimatedDelivery }, TODAY).lastDay };
};

/** The questions use any name for the calendar, so it is recognised by its form. */
const withCalendar = (input: Record<string, unknown>): Record<string, unknown> => {
  const calendar = Object.values(input).find((value) => Calendar.safeParse(value).success);
  return calendar === undefined ? input : { calendar, ...input };
};

export const answer: Answer = (_, question) => {
  const input = withCalendar(question);
  if ('price' in input) return amazon(input);
  if ('notice' in input) return deadline(input);
  if ('goods' in input) return refund(input);
  if (MARKETPLACES.some((name) => name === input['law'])) return marketplaceWindow(input);
  if (input['faulty'] === true || input['conforms'] === false) return reject(input);
  return period(input);
};

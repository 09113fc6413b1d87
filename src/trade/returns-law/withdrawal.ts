import { z } from 'zod';
import { Calendar, openDayFrom, openDaysAfter } from '../calendar.ts';
import { addDays, addMonths, daysBetween, earliest, latest, PlainDate } from '../plain-date.ts';
import { invalid, readInput } from '../read-input.ts';
import { mergeNotices, type Notice, noRow, ruleOn } from '../rule.ts';
import { EXCEPTION_RULES, EXCEPTIONS, LAWS, WITHDRAWAL, type Withdrawal } from './rules.ts';
import { FTC_SHIPPING, SHORT_TERM_REJECT, WITHDRAWAL_FUNCTION } from './seller-duties.ts';

/** Saturdays and Sundays, if the caller gave no calendar of the place. */
const WEEKENDS_ONLY: Calendar = { weekend: ['Sat', 'Sun'], closed: [], openDays: [] };

/** Notice if working days matter and no calendar was given. */
const noCalendar = (rule: string, calendar: Calendar | undefined): Notice[] =>
  calendar === undefined
    ? [
        {
          code: 'advice',
          rule,
          message: 'no calendar was handed in: Saturdays and Sundays count as not worked, public holidays do not',
        },
      ]
    : [];

const asksForWorkingDays = ({ unit, rollsToWorkingDay }: Withdrawal): boolean =>
  rollsToWorkingDay || unit === 'working days';

export const WithdrawalQuestion = z.strictObject({
  law: z.enum(LAWS),
  /** The day the consumer received the last good of the order. */
  delivered: PlainDate,
  /** Whether the trader informed about the right before the contract. */
  informed: z.boolean(),
  /** The day the trader informed later, if it did. */
  informedLaterOn: PlainDate.optional(),
  exception: z.enum(EXCEPTIONS).optional(),
  /** The working days at the consumer's place. */
  calendar: Calendar.optional(),
});

export interface WithdrawalPeriod {
  right: boolean;
  /** Last day to tell the trader; null without a right. */
  lastDay: PlainDate | null;
  why: string;
  notices: readonly Notice[];
}

/**
 * The last day on which a consumer may withdraw from a distance contract under the law of the consumer's country. In
 * the EU: 14 days after delivery of the last good; if the consumer was not informed, 12 months more, or 14 days from
 * late information. There, and where the row says so, a period that ends on a non-working day is extended to the next
 * working day (Regulation 1182/71 art. 3(4)); the 12 months are added to that end. Throws `no_row` if the law, or the
 * exception, is not on file. Sources: Directive 2011/83/EU art. 9, 10, 16; SI 2013/3134 regs. 28–31, read 2026-11-25;
 * others with their rows.
 */
export const withdrawalPeriod = (input: z.input<typeof WithdrawalQuestion>, today: PlainDate): WithdrawalPeriod => {
  const { law, delivered, informed, informedLaterOn, exception, calendar } = readInput(WithdrawalQuestion, input);
  const asOf = { on: delivered, today };
  const { value, notices } = ruleOn(WITHDRAWAL[law], asOf, 'delivered');
  const none = (why: string, more: readonly Notice[] = []): WithdrawalPeriod => ({
    right: false,
    lastDay: null,
    why,
    notices: mergeNotices(notices, more),
  });
  if (value === null) return none('the law gives no such right; the seller’s own policy decides');
  if (exception !== undefined) {
    const table = EXCEPTION_RULES[law];
    if (!table) throw noRow(`the exceptions of the law ${law}`, 'exception');
    const excepted = ruleOn(table, asOf, 'delivered');
    return none(`excepted: ${excepted.value[exception]}`, excepted.notices);
  }
  const { days, unit, monthsUninformed, rollsToWorkingDay } = value;
  const worked = calendar ?? WEEKENDS_ONLY;
  const end = (day: PlainDate): PlainDate => (rollsToWorkingDay ? openDayFrom(day, worked) : day);
  const after = (day: PlainDate): PlainDate =>
    unit === 'working days' ? openDaysAfter(day, days, worked) : end(addDays(day, days));
  const advised = asksForWorkingDays(value) ? noCalendar(WITHDRAWAL[law].id, calendar) : [];
  const until = (lastDay: PlainDate, why: string): WithdrawalPeriod => ({
    right: true,
    lastDay,
    why,
    notices: mergeNotices(notices, advised),
  });
  const first = after(delivered);
  if (informed || monthsUninformed === 0) return until(first, `${days} ${unit} after delivery`);
  const longest = end(addMonths(first, monthsUninformed));
  if (informedLaterOn === undefined || informedLaterOn > longest)
    return until(longest, 'the trader did not inform of the right');
  return until(earliest(after(latest(informedLaterOn, delivered)), longest), `informed late, on ${informedLaterOn}`);
};

export const RefundDeadlineQuestion = z.strictObject({
  law: z.enum(LAWS),
  /** The day the consumer told the trader of the withdrawal. */
  notice: PlainDate,
  goodsBack: PlainDate.optional(),
  proofOfSending: PlainDate.optional(),
  /** Whether the trader offered to collect the goods. Then it may not wait for them. */
  traderCollects: z.boolean().default(false),
  /** Whether the consumer was told before the contract to pay for sending the goods back. */
  toldOfReturnCost: z.boolean().default(true),
  calendar: Calendar.optional(),
});

export interface RefundDeadline {
  /** The day that is safe under every reading: never moved because of a non-working day. */
  refundBy: PlainDate;
  /** The end of the period itself if that day is a non-working day (EU). */
  periodEnds: PlainDate;
  mayWithholdUntil: string | null;
  /** The day from which nothing may be withheld any more; null until goods or proof have arrived. */
  withheldUntil: PlainDate | null;
  /** By when the consumer must send the goods; null if the law sets no time or the trader collects them. */
  sendBackBy: PlainDate | null;
  /** Who pays for sending the goods back, unless the trader offered to. */
  returnCost: 'consumer' | 'trader';
  notices: readonly Notice[];
}

/**
 * By when a trader must refund after a withdrawal, what it may wait for and who pays for the return. Under the
 * Directive the 14 days count from the notice; in the UK from the goods or the proof, and until one of them arrives the
 * answer is the earliest possible day. Throws `invalid` under a law without the right, and `no_row` under one that sets
 * no time. Sources: Directive 2011/83/EU art. 6(6), 13(1), (3), 14(1); SI 2013/3134 regs. 34, 35.
 */
export const refundDeadline = (input: z.input<typeof RefundDeadlineQuestion>, today: PlainDate): RefundDeadline => {
  const question = readInput(RefundDeadlineQuestion, input);
  const { law, notice, goodsBack, proofOfSending, traderCollects, toldOfReturnCost, calendar } = question;
  const { value, notices } = ruleOn(WITHDRAWAL[law], { on: notice, today }, 'notice');
  if (value === null) throw invalid('law', `${law} law has no withdrawal; the seller’s own policy decides`);
  const { refundDays, sendBackDays, refundFrom, rollsToWorkingDay, returnCost } = value;
  if (refundDays === null) throw noRow(`the days to refund after a withdrawal under ${law} law`, 'law');
  const end = (day: PlainDate): PlainDate => (rollsToWorkingDay ? openDayFrom(day, calendar ?? WEEKENDS_ONLY) : day);
  // If the goods came before the notice, the refund may be withheld only from the notice on: before it there is no
  // withdrawal.
  const backs = [goodsBack, proofOfSending].flatMap((day) => (day === undefined ? [] : [latest(day, notice)]));
  const [firstBack, ...laterBacks] = backs;
  const back = firstBack === undefined ? null : earliest(firstBack, ...laterBacks);
  const start = refundFrom === 'goods or proof' && !traderCollects && back !== null ? back : notice;
  const refundBy = addDays(start, refundDays);
  const withholds = !traderCollects && value.mayWithholdUntil !== null;
  const consumerPays =
    !traderCollects && (returnCost === 'consumer' || (returnCost === 'consumer if told' && toldOfReturnCost));
  return {
    refundBy,
    periodEnds: end(refundBy),
    mayWithholdUntil: withholds ? value.mayWithholdUntil : null,
    withheldUntil: withholds ? back : notice,
    sendBackBy: sendBackDays === null || traderCollects ? null : end(addDays(notice, sendBackDays)),
    returnCost: consumerPays ? 'consumer' : 'trader',
    notices: mergeNotices(notices, asksForWorkingDays(value) ? noCalendar(WITHDRAWAL[law].id, calendar) : []),
  };
};

export const RejectQuestion = z.strictObject({
  delivered: PlainDate,
  /** Repairs or replacements that the consumer requested: the day of the request and the day the goods were back. */
  repairs: z
    .array(z.strictObject({ asked: PlainDate, back: PlainDate }))
    .max(50)
    .default([]),
});

/**
 * UK: the last day to reject non-conforming goods for a full refund, 30 days after delivery. A repair or replacement
 * stops the clock from the day it was requested to the day the goods were back, inclusive; after each the rest of the
 * period remains, at least 7 days. Perishable goods have less time, which is not calculated here. Throws `invalid`
 * naming the repair that does not fit. Source: Consumer Rights Act 2015 s. 22(3)–(8), read 2026-11-25.
 */
export const shortTermReject = (
  input: z.input<typeof RejectQuestion>,
  today: PlainDate,
): { lastDay: PlainDate; notices: readonly Notice[] } => {
  const { delivered, repairs } = readInput(RejectQuestion, input);
  const { value, notices } = ruleOn(SHORT_TERM_REJECT, { on: delivered, today }, 'delivered');
  const inOrder = repairs
    .map((repair, index) => ({ ...repair, field: `repairs.${index}` }))
    .sort((a, b) => (a.asked < b.asked ? -1 : a.asked > b.asked ? 1 : 0));
  const { lastDay } = inOrder.reduce(
    ({ lastDay, free }, { asked, back, field }) => {
      if (back < asked) throw invalid(field, 'came back before it was asked for');
      if (asked < free) throw invalid(field, `was asked for on ${asked}, before the goods were there on ${free}`);
      if (asked > lastDay) throw invalid(field, `was asked for on ${asked}, after the period ended on ${lastDay}`);
      const stopped = daysBetween(asked, back) + 1;
      return { lastDay: latest(addDays(lastDay, stopped), addDays(back, value.least)), free: back };
    },
    { lastDay: addDays(delivered, value.days), free: delivered },
  );
  return { lastDay, notices };
};

export const ShippingQuestion = z.strictObject({
  /** The day the order was complete and paid. */
  ordered: PlainDate,
  /** Days within which the seller promised to ship. Default: the rule's 30. */
  promisedDays: z.int().min(0).max(365).optional(),
  calendar: Calendar.optional(),
});

/**
 * US: by when an order must be shipped, and by when it must be refunded if it was not and the buyer did not agree to
 * wait. Source: 16 CFR 435.
 */
export const shippingRule = (
  input: z.input<typeof ShippingQuestion>,
  today: PlainDate,
): { shipBy: PlainDate; refundUnshippedBy: PlainDate; notices: readonly Notice[] } => {
  const { ordered, promisedDays, calendar } = readInput(ShippingQuestion, input);
  const { value, notices } = ruleOn(FTC_SHIPPING, { on: ordered, today }, 'ordered');
  const shipBy = addDays(ordered, promisedDays ?? value.shipDays);
  return {
    shipBy,
    refundUnshippedBy: openDaysAfter(shipBy, value.refundWorkingDays, calendar ?? WEEKENDS_ONLY),
    notices: mergeNotices(notices, noCalendar(FTC_SHIPPING.id, calendar)),
  };
};

/**
 * Whether an online shop must offer the withdrawal function on `on`, and its steps. Source: art. 11a, read 2026-11-25.
 */
export const withdrawalFunction = (on: PlainDate, today: PlainDate) => {
  const { value, notices } = ruleOn(WITHDRAWAL_FUNCTION, { on, today });
  return { ...value, notices };
};

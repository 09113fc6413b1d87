import { z } from 'zod';
import { Calendar, openDayFrom, openDaysAfter } from '../calendar.ts';
import { addDays, addMonths, daysBetween, earliest, latest, PlainDate } from '../plain-date.ts';
import { invalid, readInput } from '../read-input.ts';
import { type Notice, noticesTogether, ruleOn } from '../rule.ts';
import {
  EXCEPTION_RULES,
  EXCEPTIONS,
  FTC_SHIPPING,
  LAWS,
  type Law,
  SHORT_TERM_REJECT,
  WITHDRAWAL,
  WITHDRAWAL_FUNCTION,
} from './rules.ts';

/** Saturdays and Sundays, where no calendar of the place was handed in. */
const WEEKENDS_ONLY: Calendar = { weekend: ['Sat', 'Sun'], closed: [], openDays: [] };

const noCalendar = (law: Law): Notice => ({
  code: 'advice',
  rule: `returns.${law.toLowerCase()}.withdrawal`,
  message: 'no calendar was handed in: Saturdays and Sundays count as not worked, public holidays do not',
});

export const WithdrawalQuestion = z.strictObject({
  law: z.enum(LAWS),
  /** The day the consumer got the last good of the order. */
  delivered: PlainDate,
  /** Whether the trader informed of the right before the contract. */
  informed: z.boolean(),
  /** The day the trader informed later, when it did. */
  informedLaterOn: PlainDate.optional(),
  exception: z.enum(EXCEPTIONS).optional(),
  /** The working days of the consumer’s place. */
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
 * The last day on which a consumer may withdraw from a distance contract: 14 days after delivery of the last good; not
 * informed, 12 months more, or 14 days from late information. In the EU a period that ends on a day not worked runs to
 * the next working day (Regulation 1182/71 art. 3(4)); the 12 months follow the end so found. The UK has no such rule.
 * Sources: Directive 2011/83/EU art. 9, 10, 16; SI 2013/3134 regs. 28–31, read 2026-11-25.
 */
export const withdrawalPeriod = (input: z.input<typeof WithdrawalQuestion>, today: PlainDate): WithdrawalPeriod => {
  const { law, delivered, informed, informedLaterOn, exception, calendar } = readInput(WithdrawalQuestion, input);
  const asked = { on: delivered, today };
  const { value, notices } = ruleOn(WITHDRAWAL[law], asked, 'delivered');
  if (value.days === null || law === 'US')
    return {
      right: false,
      lastDay: null,
      why: 'the law gives no such right; the seller’s own policy decides',
      notices,
    };
  if (exception !== undefined) {
    const excepted = ruleOn(EXCEPTION_RULES[law], asked, 'delivered');
    const why = `excepted: ${excepted.value[exception]}`;
    return { right: false, lastDay: null, why, notices: noticesTogether(notices, excepted.notices) };
  }
  const end = (day: PlainDate): PlainDate =>
    value.rollsToWorkingDay ? openDayFrom(day, calendar ?? WEEKENDS_ONLY) : day;
  const advised = value.rollsToWorkingDay && calendar === undefined ? [noCalendar(law)] : [];
  const first = end(addDays(delivered, value.days));
  const told = noticesTogether(notices, advised);
  if (informed) return { right: true, lastDay: first, why: `${value.days} days after delivery`, notices: told };
  const longest = end(addMonths(first, value.monthsUninformed));
  if (informedLaterOn === undefined || informedLaterOn > longest)
    return { right: true, lastDay: longest, why: 'the trader did not inform of the right', notices: told };
  const late = end(addDays(latest(informedLaterOn, delivered), value.days));
  return { right: true, lastDay: earliest(late, longest), why: `informed late, on ${informedLaterOn}`, notices: told };
};

export const RefundDeadlineQuestion = z.strictObject({
  law: z.enum(LAWS),
  /** The day the consumer told the trader of the withdrawal. */
  notice: PlainDate,
  goodsBack: PlainDate.optional(),
  proofOfSending: PlainDate.optional(),
  /** Whether the trader offered to collect the goods: then it may not wait for them. */
  traderCollects: z.boolean().default(false),
  calendar: Calendar.optional(),
});

export interface RefundDeadline {
  /** 14 days after notice: the day that is safe under every reading. */
  refundBy: PlainDate;
  /** Where that day is not worked, the period itself ends here (EU). */
  periodEnds: PlainDate;
  mayWithholdUntil: string | null;
  /** The day from which nothing may be withheld any more; null while neither goods nor proof are there. */
  withheldUntil: PlainDate | null;
  /** By when the consumer has to send the goods. */
  sendBackBy: PlainDate;
  notices: readonly Notice[];
}

/**
 * By when a trader refunds after a withdrawal, and what it may wait for. Throws `invalid` under a law without the right.
 * Sources: Directive 2011/83/EU art. 13(1), (3), 14(1); SI 2013/3134 regs. 34, 35. In the UK the 14 days run from the
 * goods or the proof, if neither is there, the day told is the earliest it can be.
 */
export const refundDeadline = (input: z.input<typeof RefundDeadlineQuestion>, today: PlainDate): RefundDeadline => {
  const question = readInput(RefundDeadlineQuestion, input);
  const { law, notice, goodsBack, proofOfSending, traderCollects, calendar } = question;
  const { value, notices } = ruleOn(WITHDRAWAL[law], { on: notice, today }, 'notice');
  if (value.days === null) throw invalid('law', `${law} law has no withdrawal; the seller’s own policy decides`);
  const end = (day: PlainDate): PlainDate =>
    value.rollsToWorkingDay ? openDayFrom(day, calendar ?? WEEKENDS_ONLY) : day;
  const backs = [goodsBack, proofOfSending].filter((day) => day !== undefined);
  const [firstBack, ...laterBacks] = backs;
  const back = firstBack === undefined ? null : earliest(firstBack, ...laterBacks);
  const start = law === 'UK' && !traderCollects && back !== null ? back : notice;
  const refundBy = addDays(start, value.refundDays);
  return {
    ...{ refundBy, periodEnds: end(refundBy), sendBackBy: end(addDays(notice, value.sendBackDays)) },
    mayWithholdUntil: traderCollects ? null : value.mayWithholdUntil,
    withheldUntil: traderCollects ? notice : back,
    notices,
  };
};

export const RejectQuestion = z.strictObject({
  delivered: PlainDate,
  /** Times in which a repair or replacement that the consumer asked for was under way: asked, and back. */
  repairs: z
    .array(z.strictObject({ asked: PlainDate, back: PlainDate }))
    .max(50)
    .default([]),
});

/**
 * UK: the last day to reject goods that do not conform for a full refund, 30 days after delivery. Repairs stop the clock;
 * after each the rest of the period remains, at least 7 days. Source: Consumer Rights Act 2015 s. 22, read 2026-11-25.
 */
export const shortTermReject = (
  input: z.input<typeof RejectQuestion>,
  today: PlainDate,
): { lastDay: PlainDate; notices: readonly Notice[] } => {
  const { delivered, repairs } = readInput(RejectQuestion, input);
  const { value, notices } = ruleOn(SHORT_TERM_REJECT, { on: delivered, today }, 'delivered');
  const inOrder = [...repairs].sort((a, b) => (a.asked < b.asked ? -1 : 1));
  const lastDay = inOrder.reduce(
    (last, { asked, back }, index) => {
      const field = `repairs.${index}`;
      if (back < asked) throw invalid(field, 'came back before it was asked for');
      if (asked > last) throw invalid(field, `was asked for on ${asked}, after the period ended on ${last}`);
      return latest(addDays(last, daysBetween(asked, back)), addDays(back, value.least));
    },
    addDays(delivered, value.days),
  );
  return { lastDay, notices };
};

export const ShippingQuestion = z.strictObject({
  /** The day the order was complete and paid. */
  ordered: PlainDate,
  /** Days the seller promised to ship within; left out, the rule’s 30. */
  promisedDays: z.int().min(0).max(365).optional(),
  calendar: Calendar.optional(),
});

/** US: by when an order is shipped, and refunded when it was not and the buyer did not agree to wait. Source: 16 CFR 435. */
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
    notices,
  };
};

/** Whether an online shop has to offer the withdrawal function on `on`, and its steps. Source: art. 11a, read 2026-11-25. */
export const withdrawalFunction = (on: PlainDate, today: PlainDate) => {
  const { value, notices } = ruleOn(WITHDRAWAL_FUNCTION, { on, today });
  return { ...value, notices };
};

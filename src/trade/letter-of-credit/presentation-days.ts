import { z } from 'zod';
import { type Calendar, openDayFrom, openDaysAfter } from '../calendar.ts';
import { addDays, earliest, PlainDate } from '../plain-date.ts';
import { type AsOf, mergeNotices, type Notice, ruleOn } from '../rule.ts';
import { CLOSED_DAY, EXAMINATION_DAYS, PRESENTATION_DAYS, REFUSAL_DAYS } from './ucp-rules.ts';

/** The current day. The rules are those in force on the day of presentation or shipment. */
export type Today = Pick<AsOf, 'today'>;

/**
 * The last day on which a bank may decide on a presentation (art. 14(b)): the fifth banking day after the day of
 * presentation, whether or not that day was a banking day and whether or not the credit expires in the meantime.
 */
export const lastExaminationDay = (
  presented: PlainDate,
  bank: Calendar,
  { today }: Today,
): { lastDay: PlainDate; notices: readonly Notice[] } => {
  const { value, notices } = ruleOn(EXAMINATION_DAYS, { on: presented, today }, 'presented');
  return { lastDay: openDaysAfter(presented, value, bank), notices };
};

export const PresentationTerms = z.strictObject({
  /** The date of shipment; the latest one of several (art. 31(b)). */
  shipped: PlainDate,
  expiry: PlainDate,
  /** Field 48; null if the credit is silent. */
  days: z.int().min(0).max(999).nullable(),
  /**
   * Whether originals of transport documents (arts 19 to 25) are presented. With only copies, or with other papers such
   * as a forwarder's receipt, the 21 days do not apply; a period stated in the credit still does.
   */
  originals: z.boolean().default(true),
});
export type PresentationTerms = z.infer<typeof PresentationTerms>;

export interface PresentationDeadline {
  /** The earlier of the end of the presentation period and the expiry, before closed days are considered. */
  limit: PlainDate;
  /** The last day on which the bank at the place of presentation accepts it. */
  lastDay: PlainDate;
  /** The day the presentation period ends, after moving past closed days; null if no period applies. */
  periodEnds: PlainDate | null;
  /** The day the credit expires, after moving past closed days. */
  expires: PlainDate;
  /** Art. 29(b): the bank states on its cover schedule that the presentation was within the time limits as extended. */
  statement: boolean;
  notices: Notice[];
}

/**
 * How the period of field 48 affects the deadline. A period that counts from another event than shipment replaces the
 * 21 days (art. 14(c)) and cannot be calculated from the day of shipment: then `counted` is false.
 */
export const presentationTerm = (
  stated: { days: number; after: string | null } | null,
  originals: boolean,
): Pick<PresentationTerms, 'days' | 'originals'> & { counted: boolean } => {
  const after = stated?.after ?? null;
  const counted =
    after === null || /\bSHIPMENT\b|\bON BOARD\b|\bB\/?L\b|\bBILL OF LADING\b|\bTRANSPORT\b|\bAWB\b/i.test(after);
  return { days: counted ? (stated?.days ?? null) : null, originals: originals && counted, counted };
};

/**
 * The last day for presentation (arts 14(c), 29). `bank` is the calendar of the bank at the place of presentation. Only
 * expiry and presentation move to the next banking day; the latest date of shipment never does (art. 29(c)).
 */
export const presentationDeadline = (
  terms: PresentationTerms,
  bank: Calendar,
  { today }: Today,
): PresentationDeadline => {
  const asOf: AsOf = { on: terms.shipped, today };
  const ruled = ruleOn(PRESENTATION_DAYS, asOf, 'onBoard');
  const closed = ruleOn(CLOSED_DAY, asOf, 'onBoard');
  const days = terms.days ?? (terms.originals ? ruled.value : null);
  const end = days === null ? null : addDays(terms.shipped, days);
  const limit = end === null ? terms.expiry : earliest(end, terms.expiry);
  const lastDay = openDayFrom(limit, bank);
  return {
    limit,
    lastDay,
    periodEnds: end === null ? null : openDayFrom(end, bank),
    expires: openDayFrom(terms.expiry, bank),
    statement: lastDay !== limit,
    notices: mergeNotices(ruled.notices, closed.notices),
  };
};

/** What a bank does with documents it refuses (art. 16(c)(iii)). */
export const REFUSAL_STATEMENTS = [
  'holding_for_instructions',
  'holding_for_waiver',
  'returning',
  'acting_as_instructed',
] as const;

export const RefusalNotice = z.strictObject({
  presented: PlainDate,
  /** The day of the notice; null if none was given. */
  given: PlainDate.nullable(),
  refuses: z.boolean(),
  discrepancies: z.array(z.string().min(1)),
  statement: z.enum(REFUSAL_STATEMENTS).nullable(),
  /** Notices given earlier for the same presentation. */
  earlierNotices: z.int().min(0).default(0),
});
export type RefusalNotice = z.infer<typeof RefusalNotice>;

export interface RefusalVerdict {
  /** The last day for the notice. */
  lastDay: PlainDate;
  /** Art. 16(f): the bank can no longer claim that the documents do not comply. False while there is still time. */
  precluded: boolean;
  /** What is wrong with the notice. */
  reasons: string[];
  notices: Notice[];
}

/**
 * Whether a refusal is valid (art. 16): one notice that states the refusal, every discrepancy and what happens to the
 * documents, by the close of the fifth banking day after presentation.
 */
export const refusalVerdict = (notice: RefusalNotice, bank: Calendar, { today }: Today): RefusalVerdict => {
  const { value, notices } = ruleOn(REFUSAL_DAYS, { on: notice.presented, today }, 'presented');
  const lastDay = openDaysAfter(notice.presented, value, bank);
  const late = notice.given === null ? today > lastDay : notice.given > lastDay;
  const reasons = [
    ...(late ? [`the notice was due by ${lastDay} (art. 16(d))`] : []),
    ...(notice.given !== null && !notice.refuses ? ['it does not say that the bank refuses (art. 16(c)(i))'] : []),
    ...(notice.given !== null && notice.discrepancies.length === 0 ? ['it names no discrepancy (art. 16(c)(ii))'] : []),
    ...(notice.given !== null && notice.statement === null
      ? ['it does not say what happens to the documents (art. 16(c)(iii))']
      : []),
    ...(notice.earlierNotices > 0 ? ['only a single notice counts; the first one decides (art. 16(c))'] : []),
  ];
  return { lastDay, precluded: reasons.length > 0, reasons, notices: [...notices] };
};

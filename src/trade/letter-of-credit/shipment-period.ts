import { addDays, addMonths, earliest, latest, type PlainDate, plainDate } from '../plain-date.ts';
import { invalid } from '../read-input.ts';
import { type AsOf, mergeNotices, type Notice, ruleOn } from '../rule.ts';
import { clausesOf, type Point, type Relation } from './period-clauses.ts';
import { quoted } from './quoted.ts';
import { DATE_WORDS, MONTH_PARTS, type MonthPart, type MonthPartName, ON_OR_ABOUT_DAYS, WITHIN } from './ucp-rules.ts';

export interface Period {
  /** First day, inclusive; null if the wording sets none. */
  earliest: PlainDate | null;
  /** Last day, inclusive; null if the wording sets none. */
  latest: PlainDate | null;
}

export interface ShipmentPeriod extends Period {
  /** Words that art. 3 tells banks to disregard, such as “prompt”. */
  disregarded: string[];
  notices: readonly Notice[];
}

/** The text that an error quotes and the field it names. */
interface Wording {
  text: string;
  field: string;
}

/** A point as its first and last day. */
interface Days {
  first: PlainDate;
  last: PlainDate;
}

/** The years that SWIFT can write. */
const [FIRST_YEAR, LAST_YEAR] = [1980, 2079];

const iso = (year: number, month: number, day: number, said: Wording): PlainDate =>
  plainDate(
    `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`,
    said.field,
  );

const daysOf = (point: Point, parts: Record<MonthPartName, MonthPart>, said: Wording): Days => {
  const { year, month, day, shift } = point;
  if (month === null) throw invalid(said.field, `${quoted(said.text)} does not say which month`);
  if (year === null) throw invalid(said.field, `${quoted(said.text)} does not say which year`);
  if (year < FIRST_YEAR || year > LAST_YEAR)
    throw invalid(said.field, `${quoted(said.text)}: ${year} is no year of a credit (${FIRST_YEAR} to ${LAST_YEAR})`);
  if (day !== null) {
    const date = iso(year, month, day, said);
    const moved = shift ? moveBy(date, shift) : date;
    return { first: moved, last: moved };
  }
  if (shift) throw invalid(said.field, `${quoted(said.text)} counts from a month, not from a day`);
  const { from, to } = point.part === null ? { from: 1, to: 31 } : parts[point.part];
  const last = addDays(addMonths(iso(year, month, 1, said), 1), -1);
  return { first: iso(year, month, from, said), last: to === 31 ? last : iso(year, month, to, said) };
};

const moveBy = (date: PlainDate, { count, unit, direction }: NonNullable<Point['shift']>): PlainDate =>
  unit === 'month' ? addMonths(date, count * direction) : addDays(date, count * direction * (unit === 'week' ? 7 : 1));

const OPEN: Period = { earliest: null, latest: null };

/** How each relation turns its points into a period. `about` is the number of days of “on or about”. */
const PERIODS: Record<Relation, (days: readonly [Days, ...Days[]], about: number) => Period> = {
  exactly: ([{ first, last }]) => ({ earliest: first, latest: last }),
  within: ([{ first, last }]) => ({ earliest: first, latest: last }),
  about: ([{ first, last }], about) => ({ earliest: addDays(first, -about), latest: addDays(last, about) }),
  until: ([{ last }]) => ({ ...OPEN, latest: last }),
  from: ([{ first }]) => ({ ...OPEN, earliest: first }),
  before: ([{ first }]) => ({ ...OPEN, latest: addDays(first, -1) }),
  after: ([{ last }]) => ({ ...OPEN, earliest: addDays(last, 1) }),
  between: (days) => ({ earliest: days[0].first, latest: days.at(-1)?.last ?? days[0].last }),
};

/** ISBP A14(c), A15(a): the day itself does not count, unless the days lie on both sides of it. */
const SPANS = {
  both: (date: PlainDate, count: number): Period => ({ earliest: addDays(date, -count), latest: addDays(date, count) }),
  after: (date: PlainDate, count: number): Period => ({ earliest: addDays(date, 1), latest: addDays(date, count) }),
  before: (date: PlainDate, count: number): Period => ({ earliest: addDays(date, -count), latest: addDays(date, -1) }),
} as const;

const DISREGARDED = ['prompt', 'promptly', 'immediate', 'immediately', 'as soon as possible', 'asap'] as const;
const removeDisregarded = (text: string): { rest: string; disregarded: string[] } => {
  const disregarded: string[] = [];
  let rest = ` ${text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/a\.\s?s\.\s?a\.\s?p\.?/g, 'asap')
    .replace(/\s+/g, ' ')} `;
  for (const word of DISREGARDED) {
    const before = rest;
    rest = rest.replaceAll(new RegExp(`([^a-z])${word}(?=[^a-z])`, 'g'), '$1');
    if (rest !== before) disregarded.push(word);
  }
  return { rest, disregarded };
};

/**
 * The days of a shipment period or another period of a credit, as UCP 600 art. 3 reads it: “first half of May 2026”,
 * “on or about 15 May 2026”, “after 1 May 2026 and before 20 May 2026”. An open end is null. Words that banks disregard
 * (“prompt”, “as soon as possible”) set no end. Throws `invalid` for any other wording, for a missing year and for a
 * period that ends before it begins; nothing is guessed.
 */
export const shipmentPeriod = (text: string, asOf: AsOf, field = 'text'): ShipmentPeriod => {
  if (text.length > 600) throw invalid(field, 'is longer than 600 characters');
  const words = ruleOn(DATE_WORDS, asOf);
  const parts = ruleOn(MONTH_PARTS, asOf);
  const about = ruleOn(ON_OR_ABOUT_DAYS, asOf);
  const { rest, disregarded } = removeDisregarded(text);
  if (disregarded.length > 0 && /^[\s,;.]*(shipment|shipments)?[\s,;.]*$/.test(rest))
    return { ...OPEN, disregarded, notices: words.notices };
  const clauses = clausesOf(rest, text, field);
  let period: Period = OPEN;
  let practised = false;
  for (const { relation, points, span } of clauses) {
    const [first, ...others] = points.map((point) => daysOf(point, parts.value, { text, field }));
    if (!first) continue;
    if ((relation === 'about' || span) && points[0]?.day === null)
      throw invalid(field, `${quoted(text)} counts days around a month; they are counted around a day`);
    practised ||= span !== null || relation === 'within' || points.some(({ shift }) => shift !== null);
    const next = span ? SPANS[span.side](first.first, span.count) : PERIODS[relation]([first, ...others], about.value);
    period = meeting(period, next);
  }
  if (period.earliest !== null && period.latest !== null && period.earliest > period.latest)
    throw invalid(field, `${quoted(text)} ends ${period.latest}, before it begins ${period.earliest}`);
  const notices = mergeNotices(
    words.notices,
    parts.notices,
    about.notices,
    practised ? ruleOn(WITHIN, asOf).notices : [],
  );
  return { ...period, disregarded, notices };
};

const meeting = (one: Period, other: Period): Period => ({
  earliest: one.earliest && other.earliest ? latest(one.earliest, other.earliest) : (one.earliest ?? other.earliest),
  latest: one.latest && other.latest ? earliest(one.latest, other.latest) : (one.latest ?? other.latest),
});

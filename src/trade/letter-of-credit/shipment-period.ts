import { addDays, addMonths, earliest, latest, type PlainDate, plainDate } from '../plain-date.ts';
import { invalid } from '../read-input.ts';
import { type Asked, type Notice, noticesTogether, ruleOn } from '../rule.ts';
import { monthOf, type Token, tokenised } from './date-words.ts';
import { quoted } from './quoted.ts';
import { DATE_WORDS, MONTH_PARTS, type MonthPartName, ON_OR_ABOUT_DAYS, WITHIN } from './ucp-rules.ts';

export interface Period {
  /** First day, included; null when the wording sets none. */
  earliest: PlainDate | null;
  /** Last day, included; null when the wording sets none. */
  latest: PlainDate | null;
}

export interface ShipmentPeriod extends Period {
  /** Words that art. 3 tells banks to disregard, such as “prompt”. */
  disregarded: string[];
  notices: readonly Notice[];
}

/** How the words before a date relate to it. */
type Relation = 'exactly' | 'about' | 'until' | 'from' | 'before' | 'after' | 'between' | 'within';

/** Longest first among those that begin alike: the first that fits is taken. */
const RELATIONS: readonly (readonly [string, Relation])[] = [
  ['on or about', 'about'],
  ['on or around', 'about'],
  ['on or before', 'until'],
  ['on or after', 'from'],
  ['not later than', 'until'],
  ['not after', 'until'],
  ['no later than', 'until'],
  ['not earlier than', 'from'],
  ['no earlier than', 'from'],
  ['not before', 'from'],
  ['not beyond', 'until'],
  ['at the latest by', 'until'],
  ['at the latest', 'until'],
  ['latest by', 'until'],
  ['latest on', 'until'],
  ['latest', 'until'],
  ['up to and including', 'until'],
  ['until and including', 'until'],
  ['up to', 'until'],
  ['up till', 'until'],
  ['to', 'until'],
  ['until', 'until'],
  ['till', 'until'],
  ['through', 'until'],
  ['by', 'until'],
  ['and including', 'until'],
  ['as from', 'from'],
  ['starting from', 'from'],
  ['from', 'from'],
  ['prior to', 'before'],
  ['before', 'before'],
  ['later than', 'after'],
  ['after', 'after'],
  ['between', 'between'],
  ['within', 'within'],
  ['about', 'about'],
  ['around', 'about'],
  ['approximately', 'about'],
  ['during', 'exactly'],
  ['on', 'exactly'],
  ['in', 'exactly'],
];

const DISREGARDED = ['prompt', 'promptly', 'immediate', 'immediately', 'as soon as possible', 'asap'] as const;
const FILLER = [
  'the',
  'of',
  'a',
  'date',
  'calendar',
  'both',
  'inclusive',
  'included',
  'incl',
  'month',
  'dates',
  'days',
];
const LEADING = [
  'shipment',
  'shipments',
  'shipped',
  'dispatch',
  'loading',
  'must',
  'should',
  'shall',
  'is',
  'are',
  'to',
  'be',
];
const LED = ['effected', 'made', 'done', 'despatched', 'dispatched', 'shipped'];
const JOINING = ['and', 'but'];
const CLOSING = ['inclusive', 'included', 'incl', 'both', 'dates', 'days'];

const PARTS: readonly (readonly [string, MonthPartName])[] = [
  ['first half', 'first half'],
  ['1st half', 'first half'],
  ['second half', 'second half'],
  ['2nd half', 'second half'],
  ['beginning', 'beginning'],
  ['middle', 'middle'],
  ['end', 'end'],
];

/** A day or part of a month whose month or year may stand beside another date: “from 1 to 20 May 2026”. */
interface Point {
  year: number | null;
  month: number | null;
  day: number | null;
  part: MonthPartName | null;
  shift: { count: number; unit: Unit; direction: 1 | -1 } | null;
}

type Unit = 'day' | 'week' | 'month';
const UNITS: Readonly<Record<string, Unit>> = {
  ...{ day: 'day', days: 'day', week: 'week', weeks: 'week', month: 'month', months: 'month' },
};

interface Clause {
  relation: Relation;
  points: Point[];
  /** “within 2 days of”: on both sides. */
  span: { count: number; side: 'before' | 'after' | 'both' } | null;
}

interface Reader {
  tokens: readonly Token[];
  at: number;
  field: string;
  text: string;
}

const wordAt = (reader: Reader, at: number): string | null => {
  const token = reader.tokens[at];
  if (token?.kind === 'word') return token.text;
  return token?.kind === 'number' ? token.text : null;
};

const has = (reader: Reader, phrase: string, at = reader.at): boolean =>
  phrase.split(' ').every((word, index) => wordAt(reader, at + index) === word);

const skip = (reader: Reader, words: readonly string[]): void => {
  for (let word = wordAt(reader, reader.at); word !== null && words.includes(word); word = wordAt(reader, reader.at))
    reader.at++;
};

const misread = (reader: Reader): never => {
  const token = reader.tokens[reader.at];
  const where =
    token === undefined ? 'ends too early' : `is not understood at ${quoted(wordAt(reader, reader.at) ?? '-')}`;
  throw invalid(
    reader.field,
    `${quoted(reader.text)} ${where}; say it in the words of UCP 600 art. 3, such as “until 20 May 2026”`,
  );
};

const numberAt = (reader: Reader): number | null => {
  const token = reader.tokens[reader.at];
  return token?.kind === 'number' ? token.value : null;
};

const monthAt = (reader: Reader): number | null => {
  const word = wordAt(reader, reader.at);
  const month = word === null ? null : monthOf(word);
  if (month !== null) reader.at++;
  return month;
};

/** `2026` or nothing. */
const yearAt = (reader: Reader): number | null => {
  const value = numberAt(reader);
  if (value === null || value < 1900) return null;
  reader.at++;
  return value;
};

const plain = (year: number | null, month: number | null, day: number | null, part: MonthPartName | null): Point => ({
  ...{ year, month, day, part, shift: null },
});

const dayOrMonth = (reader: Reader): Point => {
  skip(reader, FILLER);
  const token = reader.tokens[reader.at];
  if (token?.kind === 'date') {
    reader.at++;
    return plain(token.year, token.month, token.day, null);
  }
  const part = PARTS.find(([phrase]) => has(reader, phrase));
  if (part) {
    reader.at += part[0].split(' ').length;
    skip(reader, FILLER);
    const month = monthAt(reader);
    if (month === null) return misread(reader);
    return plain(yearAt(reader), month, null, part[1]);
  }
  const month = monthAt(reader);
  if (month !== null) {
    const day = numberAt(reader);
    if (day === null || day > 31) return plain(yearAt(reader), month, null, null);
    reader.at++;
    return plain(yearAt(reader), month, day, null);
  }
  const day = numberAt(reader);
  if (day === null || day < 1 || day > 31) return misread(reader);
  reader.at++;
  skip(reader, FILLER);
  const named = monthAt(reader);
  return plain(named === null ? null : yearAt(reader), named, day, null);
};

/** `5 days after 10 May 2026` as a point, or the point itself. */
const pointAt = (reader: Reader): Point => {
  const start = reader.at;
  const count = numberAt(reader);
  if (count !== null) {
    reader.at++;
    skip(reader, ['calendar']);
    const unit = UNITS[wordAt(reader, reader.at) ?? ''];
    const side = unit && wordAt(reader, reader.at + 1);
    if (unit && (side === 'after' || side === 'from' || side === 'before')) {
      reader.at += 2;
      return { ...dayOrMonth(reader), shift: { count, unit, direction: side === 'before' ? -1 : 1 } };
    }
    reader.at = start;
  }
  return dayOrMonth(reader);
};

const SIDES: Readonly<Record<string, 'before' | 'after' | 'both'>> = {
  ...{ of: 'both', after: 'after', from: 'after', before: 'before', to: 'both' },
};

const withinAt = (reader: Reader): Clause => {
  const start = reader.at;
  const count = numberAt(reader);
  if (count !== null) {
    reader.at++;
    skip(reader, ['calendar']);
    const unit = UNITS[wordAt(reader, reader.at) ?? ''];
    const side = SIDES[wordAt(reader, reader.at + 1) ?? ''];
    if ((unit === 'day' || unit === 'week') && side) {
      reader.at += 2;
      return {
        relation: 'within',
        points: [dayOrMonth(reader)],
        span: { count: unit === 'week' ? count * 7 : count, side },
      };
    }
    reader.at = start;
  }
  const point = dayOrMonth(reader);
  return { relation: point.day === null ? 'exactly' : 'until', points: [point], span: null };
};

const AND_ON = ['and', 'to', 'until', 'till', 'through'];

const clauseAt = (reader: Reader): Clause => {
  if (has(reader, 'at least')) {
    // “at least 2 days before 10 May”: that day or earlier.
    reader.at += 2;
    const point = pointAt(reader);
    if (!point.shift) return misread(reader);
    return { relation: point.shift.direction < 0 ? 'until' : 'from', points: [point], span: null };
  }
  const found = RELATIONS.find(([phrase]) => has(reader, phrase));
  if (!found) {
    const point = pointAt(reader);
    const next = reader.tokens[reader.at];
    const ranges = next?.kind === 'dash' || AND_ON.slice(1).includes(wordAt(reader, reader.at) ?? '');
    if (next?.kind === 'dash') {
      reader.at++;
      return { relation: 'between', points: [point, pointAt(reader)], span: null };
    }
    return { relation: ranges ? 'from' : 'exactly', points: [point], span: null };
  }
  const [phrase, relation] = found;
  reader.at += phrase.split(' ').length;
  if (relation === 'within') return withinAt(reader);
  if (relation === 'about' || relation === 'exactly') skip(reader, ['or', 'about']);
  const first = pointAt(reader);
  if (
    reader.tokens[reader.at]?.kind === 'dash' ||
    (relation === 'between' && AND_ON.includes(wordAt(reader, reader.at) ?? ''))
  ) {
    reader.at++;
    return { relation: 'between', points: [first, pointAt(reader)], span: null };
  }
  return relation === 'between' ? misread(reader) : { relation, points: [first], span: null };
};

/** A point as its first and last day. */
interface Days {
  first: PlainDate;
  last: PlainDate;
}

const iso = (year: number, month: number, day: number, reader: Reader): PlainDate =>
  plainDate(
    `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`,
    reader.field,
  );

const daysOf = (point: Point, parts: Record<MonthPartName, { from: number; to: number }>, reader: Reader): Days => {
  const { year, month, day, shift } = point;
  if (month === null) throw invalid(reader.field, `${quoted(reader.text)} does not say which month`);
  if (year === null) throw invalid(reader.field, `${quoted(reader.text)} does not say which year`);
  if (day !== null) {
    const date = iso(year, month, day, reader);
    const moved = shift ? moveBy(date, shift) : date;
    return { first: moved, last: moved };
  }
  if (shift) throw invalid(reader.field, `${quoted(reader.text)} counts from a month, not from a day`);
  const { from, to } = point.part === null ? { from: 1, to: 31 } : parts[point.part];
  const last = addDays(addMonths(iso(year, month, 1, reader), 1), -1);
  return { first: iso(year, month, from, reader), last: to === 31 ? last : iso(year, month, to, reader) };
};

const moveBy = (date: PlainDate, { count, unit, direction }: NonNullable<Point['shift']>): PlainDate =>
  unit === 'month' ? addMonths(date, count * direction) : addDays(date, count * direction * (unit === 'week' ? 7 : 1));

const monthNumber = (year: number, { month, day }: Point): number => year * 400 + (month ?? 0) * 31 + (day ?? 0);

/**
 * Fills the month and year that a date leaves to its neighbour: the one that follows, else the one that went before.
 */
const completed = (points: readonly Point[]): Point[] => {
  const filled = points.map((point) => ({ ...point }));
  for (let index = filled.length - 2; index >= 0; index--) {
    const [point, next] = [filled[index], filled[index + 1]];
    if (!point || !next || point.shift) continue;
    point.month ??= next.month;
    if (point.year === null && next.year !== null)
      point.year = monthNumber(0, point) > monthNumber(0, next) ? next.year - 1 : next.year;
  }
  for (let index = 1; index < filled.length; index++) {
    const [previous, point] = [filled[index - 1], filled[index]];
    if (point && previous && point.year === null && previous.year !== null && point.month !== null)
      point.year = monthNumber(0, point) < monthNumber(0, previous) ? previous.year + 1 : previous.year;
  }
  return filled;
};

const OPEN: Period = { earliest: null, latest: null };

/** What each relation makes of its points. `about` is the days of “on or about”. */
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

/** ISBP A14(c), A15(a): the day itself does not count, save where the days lie on both sides of it. */
const SPANS = {
  both: (date: PlainDate, count: number): Period => ({ earliest: addDays(date, -count), latest: addDays(date, count) }),
  after: (date: PlainDate, count: number): Period => ({ earliest: addDays(date, 1), latest: addDays(date, count) }),
  before: (date: PlainDate, count: number): Period => ({ earliest: addDays(date, -count), latest: addDays(date, -1) }),
} as const;

const MOST_DAYS = 3650;

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
 * The days that a shipment period or another period of a credit takes in, read as UCP 600 art. 3 reads it: “first half
 * of May 2026”, “on or about 15 May 2026”, “after 1 May 2026 and before 20 May 2026”. An end that the wording leaves
 * open is null. Words that banks disregard (“prompt”, “as soon as possible”) set no end. Throws `invalid` for any other
 * wording, for a missing year and for a period that ends before it begins; nothing is guessed.
 */
export const shipmentPeriod = (text: string, asked: Asked, field = 'text'): ShipmentPeriod => {
  if (text.length > 600) throw invalid(field, 'is longer than 600 characters');
  const words = ruleOn(DATE_WORDS, asked);
  const parts = ruleOn(MONTH_PARTS, asked);
  const about = ruleOn(ON_OR_ABOUT_DAYS, asked);
  const { rest, disregarded } = removeDisregarded(text);
  if (disregarded.length > 0 && /^[\s,;.]*(shipment|shipments)?[\s,;.]*$/.test(rest))
    return { ...OPEN, disregarded, notices: words.notices };
  const reader: Reader = { tokens: tokenised(rest, field), at: 0, field, text };
  if (/^shipments?$|^shipped$|^dispatch$/.test(wordAt(reader, 0) ?? '')) {
    // “shipment to be effected not later than …”: what leads to the period is no part of it.
    const led = LED.findIndex((word) =>
      reader.tokens.slice(0, 6).some((token) => token.kind === 'word' && token.text === word),
    );
    skip(reader, led < 0 ? LEADING.filter((word) => word !== 'to') : [...LEADING, ...LED]);
  }
  const clauses: Clause[] = [];
  while (reader.at < reader.tokens.length) {
    if (clauses.length > 0) skip(reader, JOINING);
    clauses.push(clauseAt(reader));
    skip(reader, CLOSING);
    if (has(reader, 'at the latest')) {
      // “15 May 2026 at the latest”
      reader.at += 3;
      const last = clauses.at(-1);
      if (last?.relation === 'exactly') last.relation = 'until';
    }
  }
  const counts = clauses.flatMap(({ span, points }) => [
    span?.count ?? 0,
    ...points.map(({ shift }) => shift?.count ?? 0),
  ]);
  if (counts.some((count) => count > MOST_DAYS))
    throw invalid(field, `${quoted(text)} counts more than ${MOST_DAYS} days`);
  const points = completed(clauses.flatMap((clause) => clause.points));
  let period: Period = OPEN;
  let practised = false;
  for (const { relation, points: own, span } of clauses) {
    const [first, ...others] = points.splice(0, own.length).map((point) => daysOf(point, parts.value, reader));
    if (!first) continue;
    if (relation === 'about' && own[0]?.day === null)
      throw invalid(field, `${quoted(text)}: “on or about” goes with a day, not with a month`);
    practised ||= span !== null || relation === 'within' || own.some(({ shift }) => shift !== null);
    const next = span ? SPANS[span.side](first.first, span.count) : PERIODS[relation]([first, ...others], about.value);
    period = meeting(period, next);
  }
  if (period.earliest !== null && period.latest !== null && period.earliest > period.latest)
    throw invalid(field, `${quoted(text)} ends ${period.latest}, before it begins ${period.earliest}`);
  const notices = noticesTogether(
    ...[words.notices, parts.notices, about.notices],
    practised ? ruleOn(WITHIN, asked).notices : [],
  );
  return { ...period, disregarded, notices };
};

const meeting = (one: Period, other: Period): Period => ({
  earliest: one.earliest && other.earliest ? latest(one.earliest, other.earliest) : (one.earliest ?? other.earliest),
  latest: one.latest && other.latest ? earliest(one.latest, other.latest) : (one.latest ?? other.latest),
});

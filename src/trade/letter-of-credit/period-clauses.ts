import { invalid } from '../read-input.ts';
import { monthOf, type Token, tokenised } from './date-words.ts';
import { quoted } from './quoted.ts';
import type { MonthPartName } from './ucp-rules.ts';

/** How the words before a date relate to it. */
export type Relation = 'exactly' | 'about' | 'until' | 'from' | 'before' | 'after' | 'between' | 'within';

/** The first match is used, so longer phrases come before shorter ones with the same beginning. */
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

/** A day or part of a month whose month or year may be given with another date: “from 1 to 20 May 2026”. */
export interface Point {
  year: number | null;
  month: number | null;
  day: number | null;
  part: MonthPartName | null;
  shift: { count: number; unit: Unit; direction: 1 | -1 } | null;
}

type Unit = 'day' | 'week' | 'month';
const UNITS: Readonly<Record<string, Unit>> = {
  day: 'day',
  days: 'day',
  week: 'week',
  weeks: 'week',
  month: 'month',
  months: 'month',
};

export interface Clause {
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
  year,
  month,
  day,
  part,
  shift: null,
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

/**
 * `5 calendar days after`: the count, the unit and the side; null, without consuming anything, if the text is something
 * else.
 */
const countedAt = <S>(reader: Reader, sides: Readonly<Record<string, S>>) => {
  const start = reader.at;
  const count = numberAt(reader);
  if (count === null) return null;
  reader.at++;
  skip(reader, ['calendar']);
  const unit = UNITS[wordAt(reader, reader.at) ?? ''];
  const side = sides[wordAt(reader, reader.at + 1) ?? ''];
  if (unit && side) {
    reader.at += 2;
    return { count, unit, side };
  }
  reader.at = start;
  return null;
};

const DIRECTIONS: Readonly<Record<string, -1 | 1>> = { after: 1, from: 1, before: -1 };

/** `5 days after 10 May 2026` as a point, or the point itself. */
const pointAt = (reader: Reader): Point => {
  const counted = countedAt(reader, DIRECTIONS);
  if (!counted) return dayOrMonth(reader);
  const { count, unit, side: direction } = counted;
  return { ...dayOrMonth(reader), shift: { count, unit, direction } };
};

const SIDES: Readonly<Record<string, 'before' | 'after' | 'both'>> = {
  of: 'both',
  after: 'after',
  from: 'after',
  before: 'before',
  to: 'both',
};

const withinAt = (reader: Reader): Clause => {
  const start = reader.at;
  const counted = countedAt(reader, SIDES);
  if (counted && (counted.unit === 'day' || counted.unit === 'week')) {
    const { count, unit, side } = counted;
    return {
      relation: 'within',
      points: [dayOrMonth(reader)],
      span: { count: unit === 'week' ? count * 7 : count, side },
    };
  }
  reader.at = start;
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

/** Increases through the year. */
const placeInYear = ({ month, day }: Point): number => (month ?? 0) * 31 + (day ?? 0);

/** Fills in the month and year that a date leaves to its neighbour: the following one, otherwise the previous one. */
const completed = (points: readonly Point[]): Point[] => {
  const filled = points.map((point) => ({ ...point }));
  for (let index = filled.length - 2; index >= 0; index--) {
    const [point, next] = [filled[index], filled[index + 1]];
    if (!point || !next || point.shift) continue;
    point.month ??= next.month;
    if (point.year === null && next.year !== null)
      point.year = placeInYear(point) > placeInYear(next) ? next.year - 1 : next.year;
  }
  for (let index = 1; index < filled.length; index++) {
    const [previous, point] = [filled[index - 1], filled[index]];
    if (point && previous && point.year === null && previous.year !== null && point.month !== null)
      point.year = placeInYear(point) < placeInYear(previous) ? previous.year + 1 : previous.year;
  }
  return filled;
};

/** A count of days longer than ten years is a typing error. */
const MAX_DAYS = 3650;

/**
 * The clauses of a period in order, with months and years filled in from their neighbours. Throws `invalid` for any
 * wording that is not completely understood; `text` is what the message quotes.
 */
export const clausesOf = (words: string, text: string, field: string): Clause[] => {
  const reader: Reader = { tokens: tokenised(words, field), at: 0, field, text };
  if (/^shipments?$|^shipped$|^dispatch$/.test(wordAt(reader, 0) ?? '')) {
    // “shipment to be effected not later than …”: the words before the period are not part of it.
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
  if (counts.some((count) => count > MAX_DAYS))
    throw invalid(field, `${quoted(text)} counts more than ${MAX_DAYS} days`);
  const points = completed(clauses.flatMap((clause) => clause.points));
  return clauses.map((clause) => ({ ...clause, points: points.splice(0, clause.points.length) }));
};

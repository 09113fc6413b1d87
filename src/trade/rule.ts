import { Failure } from '#domain/failure.ts';
import type { PlainDate } from './plain-date.ts';

/**
 * How reliable a rule is. `verified`: read in the named source; `published`: our calculation repeats a figure printed
 * there; `computed`: follows from such a rule; `general_knowledge`: usual in the field, not re-read in a source;
 * `unverified`: sources conflict, are missing, or may have changed. Every answer based on the last two tells the user
 * so.
 */
export type RuleStatus = 'verified' | 'published' | 'computed' | 'general_knowledge' | 'unverified';

export interface Source {
  /** The law, notice or page, so that a reader can find it. */
  title: string;
  url?: string;
  /** The day somebody of this project read it. */
  read: PlainDate;
}

/** One state of a rate, threshold or deadline. `from` and `to` are both inclusive; null is open. */
export interface DatedRow<V> {
  from: PlainDate | null;
  to: PlainDate | null;
  value: V;
  source: Source;
  status: RuleStatus;
  /** After this day the row must be read again; answers say so until it has been. */
  reviewBy: PlainDate | null;
  note?: string;
}

/**
 * A rule over time. Its rows do not overlap. `name` is shown to users, such as “EU duty on consignments up to EUR 150”.
 */
export interface RuleTable<V> {
  /** Stable and unique across all tables, such as `eu.low-value-duty`. */
  id: string;
  name: string;
  rows: readonly DatedRow<V>[];
}

/** Something a user must know before relying on an answer. */
export interface Notice {
  code: 'unverified' | 'general_knowledge' | 'review_overdue' | 'advice';
  rule: string;
  message: string;
}

/** `on` is the day whose rules apply; `today` is the current day, which decides whether a rule is due for review. */
export interface AsOf {
  on: PlainDate;
  today: PlainDate;
}

export interface Ruled<V> {
  value: V;
  row: DatedRow<V>;
  notices: readonly Notice[];
}

const noticesOf = <V>(table: RuleTable<V>, row: DatedRow<V>, { on, today }: AsOf): Notice[] => {
  const notices: Notice[] = [];
  const because = row.note === undefined ? '' : ` (${row.note})`;
  if (row.status === 'unverified')
    notices.push({
      code: 'unverified',
      rule: table.id,
      message: `${table.name}: not verified${because}. Source: ${row.source.title}`,
    });
  if (row.status === 'general_knowledge')
    notices.push({
      code: 'general_knowledge',
      rule: table.id,
      message: `${table.name}: general knowledge of the trade, not re-read in a source${because}`,
    });
  if (row.reviewBy !== null && today > row.reviewBy)
    notices.push({
      code: 'review_overdue',
      rule: table.id,
      message: `${table.name}: due for review since ${row.reviewBy}; check it at its source before relying on it (${row.source.title})`,
    });
  else if (row.reviewBy !== null && on > row.reviewBy)
    notices.push({
      code: 'advice',
      rule: table.id,
      message: `${table.name}: it is to be reviewed by ${row.reviewBy}, before the day it is asked for`,
    });
  return notices;
};

/** The error for a rate, rule or layout that is not on file. It names what is missing; no other row is used instead. */
export const noRow = (missing: string, field: string): Failure =>
  new Failure('no_row', `no row: ${missing}`, { safe: { field, reason: 'no row', missing } });

/**
 * Returns the row of `table` in force on `asOf.on`, with the notices the user must see. Throws `no_row`, naming the
 * table and the day, if there is none: a neighbouring row is never used instead.
 */
export const ruleOn = <V>(table: RuleTable<V>, asOf: AsOf, field = 'date'): Ruled<V> => {
  const row = table.rows.find(({ from, to }) => (from === null || from <= asOf.on) && (to === null || asOf.on <= to));
  if (!row) throw noRow(`${table.name} on ${asOf.on}`, field);
  return { value: row.value, row, notices: noticesOf(table, row, asOf) };
};

/** The faults in the rows of a table, in words: overlaps and ends before beginnings. Empty if there are none. */
export const faultsOf = (table: RuleTable<unknown>): string[] => {
  const rows = [...table.rows].sort((a, b) => ((a.from ?? '') < (b.from ?? '') ? -1 : 1));
  return rows.flatMap((row, index) => {
    const faults: string[] = [];
    if (row.from !== null && row.to !== null && row.to < row.from)
      faults.push(`${table.id}: a row ends ${row.to}, before it begins ${row.from}`);
    const next = rows[index + 1];
    if (next && (row.to === null || next.from === null || next.from <= row.to))
      faults.push(`${table.id}: the rows from ${row.from} and from ${next.from} overlap`);
    return faults;
  });
};

/** Merges notices of several answers into one list without duplicates. */
export const mergeNotices = (...lists: readonly (readonly Notice[])[]): Notice[] => {
  const seen = new Map<string, Notice>();
  for (const notice of lists.flat()) seen.set(`${notice.rule} ${notice.code} ${notice.message}`, notice);
  return [...seen.values()];
};

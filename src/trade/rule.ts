import { Failure } from '#domain/failure.ts';
import type { PlainDate } from './plain-date.ts';

/**
 * How sure a rule is. `verified`: read in the source named; `published`: a figure printed there that our calculation
 * repeats; `computed`: follows from a rule that is; `general_knowledge`: usual in the field, not re-read in a source;
 * `unverified`: sources conflict, are missing, or may have changed. The last two are told to the user with every answer.
 */
export type RuleStatus = 'verified' | 'published' | 'computed' | 'general_knowledge' | 'unverified';

export interface Source {
  /** The law, notice or page, so that a reader finds it. */
  title: string;
  url?: string;
  /** The day somebody of this project read it. */
  read: PlainDate;
}

/** One state of a rate, threshold or deadline. `from` and `to` are both included; null is open. */
export interface DatedRow<V> {
  from: PlainDate | null;
  to: PlainDate | null;
  value: V;
  source: Source;
  status: RuleStatus;
  /** After this day the row has to be read again; answers say so until then. */
  reviewBy: PlainDate | null;
  note?: string;
}

/** A rule over time: its rows do not overlap. `name` is what a user reads, such as “EU duty on consignments up to EUR 150”. */
export interface RuleTable<V> {
  /** Stable and unique over all tables, such as `eu.low-value-duty`. */
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

/** The day a rule is asked for, and the day somebody asks. */
export interface Asked {
  on: PlainDate;
  today: PlainDate;
}

export interface Ruled<V> {
  value: V;
  row: DatedRow<V>;
  notices: readonly Notice[];
}

const noticesOf = <V>(table: RuleTable<V>, row: DatedRow<V>, { on, today }: Asked): Notice[] => {
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

/** The error for a rate, rule or layout that is not on file: it names what is missing, and nothing stands in for it. */
export const noRow = (missing: string, field: string): Failure =>
  new Failure('no_row', `no row: ${missing}`, { safe: { field, reason: 'no row', missing } });

/**
 * The row of `table` in force on `asked.on`, with what the user must know about it. Throws `no_row`, naming the table and
 * the day, when none is: a neighbouring row never stands in.
 */
export const ruleOn = <V>(table: RuleTable<V>, asked: Asked, field = 'date'): Ruled<V> => {
  const row = table.rows.find(({ from, to }) => (from === null || from <= asked.on) && (to === null || asked.on <= to));
  if (!row) throw noRow(`${table.name} on ${asked.on}`, field);
  return { value: row.value, row, notices: noticesOf(table, row, asked) };
};

/** What is wrong with the rows of a table, in words: overlaps and ends before beginnings. Empty when nothing is. */
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

/** Notices of several answers as one list, each once. */
export const noticesTogether = (...lists: readonly (readonly Notice[])[]): Notice[] => {
  const seen = new Map<string, Notice>();
  for (const notice of lists.flat()) seen.set(`${notice.rule} ${notice.code} ${notice.message}`, notice);
  return [...seen.values()];
};

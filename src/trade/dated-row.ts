import { type PlainDate, plainDate } from './plain-date.ts';
import type { DatedRow, RuleStatus, Source } from './rule.ts';

/** The next review of rows that are not expected to change. */
const ORDINARY_REVIEW = '2027-06-30';

/** Sources that were read on the same day. */
export const sourcesReadOn =
  (on: string) =>
  (title: string, url?: string, read: PlainDate = plainDate(on)): Source => ({
    title,
    read,
    ...(url === undefined ? {} : { url }),
  });

export interface RowDetails {
  source: Source;
  status: RuleStatus;
  /** Default: the ordinary review of the year. */
  reviewBy?: string;
  note?: string;
}

/** One dated row. Both days are inclusive; null is open. */
export const row = <V>(from: string | null, to: string | null, value: V, details: RowDetails): DatedRow<V> => ({
  from: from === null ? null : plainDate(from),
  to: to === null ? null : plainDate(to),
  value,
  source: details.source,
  status: details.status,
  reviewBy: plainDate(details.reviewBy ?? ORDINARY_REVIEW),
  ...(details.note === undefined ? {} : { note: details.note }),
});

import { sourcesReadOn } from '../dated-row.ts';
import type { PlainDate } from '../plain-date.ts';
import type { RuleTable } from '../rule.ts';

export { row } from '../dated-row.ts';

/** The day when the reference behind these tables was read. A row read on another day has its own source. */
export const source = sourcesReadOn('2026-11-24');
/** Sources looked up in addition to the reference, in stored copies of unknown age. */
export const lookedUp = sourcesReadOn('2026-11-25');

/** Whether a rule has a row on the day. For rules that began on some day and are also evaluated for earlier days. */
export const isOnFile = ({ rows }: RuleTable<unknown>, on: PlainDate): boolean =>
  rows.some(({ from, to }) => (from === null || from <= on) && (to === null || on <= to));

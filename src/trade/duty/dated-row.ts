import { sourcesRead } from '../dated-row.ts';
import type { PlainDate } from '../plain-date.ts';
import type { RuleTable } from '../rule.ts';

export { row } from '../dated-row.ts';

/** The day the reference behind these tables was read; a row read on another day names its own. */
export const source = sourcesRead('2026-11-24');
/** Sources looked up beside the reference, in stored copies whose age is not known. */
export const lookedUp = sourcesRead('2026-11-25');

/** Whether a rule has a row on the day: for rules that began one day, and are asked for on days before it. */
export const isOnFile = ({ rows }: RuleTable<unknown>, on: PlainDate): boolean =>
  rows.some(({ from, to }) => (from === null || from <= on) && (to === null || on <= to));

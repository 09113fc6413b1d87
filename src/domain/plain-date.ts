import { z } from 'zod';
import { Failure } from './failure.ts';

const DAY_MS = 86_400_000;

const toMs = (text: string): number => Date.parse(`${text}T00:00:00Z`);
const fromMs = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

const isDay = (text: string): boolean => {
  const ms = toMs(text);
  return Number.isFinite(ms) && fromMs(ms) === text;
};

/** A day of the civil calendar, `2026-03-15`. Dates of law have no hour and no time zone. */
export const PlainDate = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'a date such as 2026-03-15')
  .refine(isDay, 'a day that the calendar has')
  .brand('PlainDate');
export type PlainDate = z.infer<typeof PlainDate>;

/** `text` as a plain date; throws `invalid` that names `field`. */
export const plainDate = (text: string, field = 'date'): PlainDate => {
  const parsed = PlainDate.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new Failure('invalid', `${field}: “${text.slice(0, 40)}” is not a day of the calendar, such as 2026-03-15`, {
    safe: { field, reason: 'not a day of the calendar' },
  });
};

/** No clock and no calendar reaches further: the years 0000 to 9999. */
const EARLIEST_MS = toMs('0000-01-01');
const LATEST_MS = toMs('9999-12-31') + DAY_MS - 1;

/** The day, in UTC, of a moment in milliseconds since the epoch; throws `invalid` outside the years 0000 to 9999. */
export const dayOf = (ms: number): PlainDate => {
  if (EARLIEST_MS <= ms && ms <= LATEST_MS) return plainDate(fromMs(ms));
  throw new Failure('invalid', 'date: the day is outside the years 0000 to 9999', {
    safe: { field: 'date', reason: 'outside the years 0000 to 9999' },
  });
};

/** The day that `days` (negative: before) days from `date` fall on. */
export const addDays = (date: PlainDate, days: number): PlainDate => dayOf(toMs(date) + days * DAY_MS);

const monthLength = (year: number, month: number): number => new Date(Date.UTC(year, month + 1, 0)).getUTCDate();

/** The corresponding day `months` later; where that month is shorter, its last day (29 February + 12 → 28 February). */
export const addMonths = (date: PlainDate, months: number): PlainDate => {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  const all = year * 12 + month - 1 + months;
  const toYear = Math.floor(all / 12);
  const toMonth = all - toYear * 12;
  const toDay = Math.min(day, monthLength(toYear, toMonth));
  return plainDate(
    `${String(toYear).padStart(4, '0')}-${String(toMonth + 1).padStart(2, '0')}-${String(toDay).padStart(2, '0')}`,
  );
};

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export const daysBetween = (from: PlainDate, to: PlainDate): number => Math.round((toMs(to) - toMs(from)) / DAY_MS);

export const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

export const weekdayOf = (date: PlainDate): Weekday => WEEKDAYS[new Date(toMs(date)).getUTCDay()] ?? 'Sun';

/** ISO dates sort as text. */
const inOrder = (dates: readonly PlainDate[]): PlainDate[] => [...dates].sort();
export const earliest = (first: PlainDate, ...rest: PlainDate[]): PlainDate => inOrder([first, ...rest])[0] ?? first;
export const latest = (first: PlainDate, ...rest: PlainDate[]): PlainDate => inOrder([first, ...rest]).at(-1) ?? first;

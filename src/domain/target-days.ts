import { addDays, type PlainDate, plainDate, weekdayOf } from './plain-date.ts';

/**
 * When the ECB publishes its reference rates: about 16:00 in Brussels and Frankfurt on each day that TARGET is open. TARGET is closed
 * on Saturdays, Sundays, New Year's Day, Good Friday, Easter Monday, 1 May, 25 and 26 December, since 2002.
 * Sources: https://www.ecb.europa.eu/press/pr/date/2000/html/pr001214_4.en.html (closing days) and
 * https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates/html/index.en.html (16:00 CET on working
 * days), stored copies read 2026-11-30. Unverified: that no closing day was added since; for 1999 to 2001 other days held.
 */
const ZONE = 'Europe/Brussels';
/** We ask a quarter of an hour later: "about 16:00" is no promise. */
export const PUBLISHED_AT = '16:00';
export const FETCHED_AT = '16:15';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** TARGET is never closed for so many days in a row. */
const LONGEST_CLOSURE = 14;

/** Western Easter Sunday by the anonymous Gregorian computus (Meeus, Jones, Butcher). */
const easterSunday = (year: number): PlainDate => {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const g = Math.floor((8 * b + 13) / 25);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31);
  const day = ((h + l - 7 * m + 114) % 31) + 1;
  return plainDate(`${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`);
};

const FIXED_CLOSINGS: ReadonlySet<string> = new Set(['01-01', '05-01', '12-25', '12-26']);

/** True on the days on which the ECB publishes rates. */
export const isTargetDay = (day: PlainDate): boolean => {
  if (['Sat', 'Sun'].includes(weekdayOf(day)) || FIXED_CLOSINGS.has(day.slice(5))) return false;
  const easter = easterSunday(Number(day.slice(0, 4)));
  return day !== addDays(easter, -2) && day !== addDays(easter, 1);
};

/** The last day before `day` on which the ECB publishes. */
export const targetDayBefore = (day: PlainDate): PlainDate => lastTargetDay(addDays(day, -1));

const lastTargetDay = (from: PlainDate): PlainDate => {
  let day = from;
  for (let tried = 0; tried < LONGEST_CLOSURE && !isTargetDay(day); tried += 1) day = addDays(day, -1);
  return day;
};

const wall = new Intl.DateTimeFormat('en-GB', {
  timeZone: ZONE,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** The day and the time of day, `16:15`, in Brussels. */
const inBrussels = (ms: number): { day: PlainDate; time: string } => {
  const parts = new Map(wall.formatToParts(ms).map(({ type, value }) => [type, value]));
  const part = (name: Intl.DateTimeFormatPartTypes): string => parts.get(name) ?? '';
  return {
    day: plainDate(`${part('year')}-${part('month')}-${part('day')}`),
    time: `${part('hour')}:${part('minute')}`,
  };
};

/** The instant of a time of day in Brussels. Both times used here exist on every day: the clocks change at night. */
export const brusselsInstant = (day: PlainDate, time: string): number => {
  const asUtc = Date.parse(`${day}T${time}:00Z`);
  const summer = asUtc - 2 * HOUR_MS;
  return inBrussels(summer).time === time ? summer : asUtc - HOUR_MS;
};

/** The last day whose rates can be fetched at `nowMs`: a TARGET day whose 16:15 in Brussels has come. */
export const expectedRateDay = (nowMs: number): PlainDate => {
  const { day, time } = inBrussels(nowMs);
  return lastTargetDay(time >= FETCHED_AT ? day : addDays(day, -1));
};

/** The next moment after `nowMs` at which new rates are to be fetched: 16:15 in Brussels on a TARGET day. */
export const nextFetchAt = (nowMs: number): number => {
  let { day } = inBrussels(nowMs);
  for (let tried = 0; tried <= LONGEST_CLOSURE; tried += 1) {
    const atMs = brusselsInstant(day, FETCHED_AT);
    if (isTargetDay(day) && atMs > nowMs) return atMs;
    day = addDays(day, 1);
  }
  return nowMs + 24 * 60 * MINUTE_MS;
};

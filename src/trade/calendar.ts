import { z } from 'zod';
import { Failure } from '#domain/failure.ts';
import { addDays, PlainDate, WEEKDAYS, weekdayOf } from './plain-date.ts';

/**
 * The working days of one place, passed in by the caller. `closed` days are holidays. `openDays` are worked although
 * they fall on a weekend (China's make-up days); they override both the weekend and `closed`.
 */
export const Calendar = z.strictObject({
  weekend: z.array(z.enum(WEEKDAYS)).max(6),
  closed: z.array(PlainDate),
  openDays: z.array(PlainDate),
});
export type Calendar = z.infer<typeof Calendar>;

export const isOpen = (date: PlainDate, calendar: Calendar): boolean =>
  calendar.openDays.includes(date) || !(calendar.closed.includes(date) || calendar.weekend.includes(weekdayOf(date)));

/** Longer than any calendar stays closed. */
const MAX_CLOSURE_DAYS = 366;

/** `date` itself if it is open, otherwise the next open day. */
export const openDayFrom = (date: PlainDate, calendar: Calendar): PlainDate => {
  let day = date;
  for (let tried = 0; tried <= MAX_CLOSURE_DAYS; tried++) {
    if (isOpen(day, calendar)) return day;
    day = addDays(day, 1);
  }
  throw new Failure('invalid', `calendar: no open day within a year of ${date}`, {
    safe: { field: 'calendar', reason: `no open day within a year of ${date}` },
  });
};

/** The `count`-th open day after `date`; `date` itself does not count. */
export const openDaysAfter = (date: PlainDate, count: number, calendar: Calendar): PlainDate => {
  let day = date;
  for (let counted = 0; counted < count; counted++) day = openDayFrom(addDays(day, 1), calendar);
  return day;
};

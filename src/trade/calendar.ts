import { z } from 'zod';
import { Failure } from '#domain/failure.ts';
import { addDays, PlainDate, WEEKDAYS, weekdayOf } from './plain-date.ts';

/**
 * The working days of one place, handed in by the caller: `closed` days are holidays, `openDays` are worked although the
 * week says otherwise (China's make-up days) and win over both others.
 */
export const Calendar = z.strictObject({
  weekend: z.array(z.enum(WEEKDAYS)).max(6),
  closed: z.array(PlainDate),
  openDays: z.array(PlainDate),
});
export type Calendar = z.infer<typeof Calendar>;

export const isOpen = (date: PlainDate, calendar: Calendar): boolean =>
  calendar.openDays.includes(date) || !(calendar.closed.includes(date) || calendar.weekend.includes(weekdayOf(date)));

/** More days in a row than any calendar is closed. */
const LONGEST_CLOSURE = 366;

/** `date` itself when it is open, else the next open day. */
export const openDayFrom = (date: PlainDate, calendar: Calendar): PlainDate => {
  let day = date;
  for (let tried = 0; tried <= LONGEST_CLOSURE; tried++) {
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

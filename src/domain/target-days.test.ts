import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, daysBetween, plainDate, weekdayOf } from './plain-date.ts';
import { expectedRateDay, isTargetDay, nextFetchAt, targetDayBefore } from './target-days.ts';

const at = (text: string): number => Date.parse(text);
const iso = (ms: number): string => new Date(ms).toISOString();

describe('TARGET days', () => {
  // Good Friday and Easter Monday of each year are well known.
  it.each([
    '2011-04-22',
    '2011-04-25',
    '2024-03-29',
    '2024-04-01',
    '2025-04-18',
    '2025-04-21',
    '2026-04-03',
    '2026-04-06',
    '2026-01-01',
    '2026-05-01',
    '2026-12-25',
    '2026-11-28',
    '2026-11-29',
    '2027-03-26',
    '2027-03-29',
    '2038-04-23',
    '2038-04-26',
  ])('%s is none', (day) => {
    expect(isTargetDay(plainDate(day))).toBe(false);
  });

  it.each(['2026-04-02', '2026-04-07', '2026-12-24', '2026-12-31', '2026-05-14', '2026-11-30', '2026-08-15'])(
    '%s is one, unless it is a weekend',
    (day) => {
      expect(isTargetDay(plainDate(day))).toBe(!['Sat', 'Sun'].includes(weekdayOf(plainDate(day))));
    },
  );

  it('are never more than five days apart, so that no closing outlasts a rate', () => {
    let last = plainDate('1999-01-04');
    for (let day = last; day < '2060-01-01'; day = addDays(day, 1)) {
      if (!isTargetDay(day)) continue;
      expect(daysBetween(last, day)).toBeLessThanOrEqual(5);
      expect(day === last || targetDayBefore(day) === last).toBe(true);
      last = day;
    }
  });
});

describe('the next fetch', () => {
  it.each([
    // Winter and summer time, and both days on which the clocks change (a Sunday).
    ['2026-11-27T10:00:00Z', '2026-11-27T15:15:00.000Z'],
    ['2026-11-27T15:15:00Z', '2026-11-30T15:15:00.000Z'],
    ['2026-11-28T12:00:00Z', '2026-11-30T15:15:00.000Z'],
    ['2026-07-01T14:14:59Z', '2026-07-01T14:15:00.000Z'],
    ['2026-03-27T16:00:00Z', '2026-03-30T14:15:00.000Z'],
    ['2026-10-23T16:00:00Z', '2026-10-26T15:15:00.000Z'],
    // Easter and Christmas.
    ['2026-04-02T15:00:00Z', '2026-04-07T14:15:00.000Z'],
    ['2026-12-24T16:00:00Z', '2026-12-28T15:15:00.000Z'],
    ['2026-12-31T23:30:00Z', '2027-01-04T15:15:00.000Z'],
  ])('after %s is %s', (now, next) => {
    expect(iso(nextFetchAt(at(now)))).toBe(next);
  });

  it('is the moment from which the next day is expected', () => {
    fc.assert(
      fc.property(fc.integer({ min: at('2005-01-01T00:00:00Z'), max: at('2045-01-01T00:00:00Z') }), (now) => {
        const next = nextFetchAt(now);
        expect(next).toBeGreaterThan(now);
        expect(expectedRateDay(next - 1)).toBe(expectedRateDay(now));
        expect(expectedRateDay(next) > expectedRateDay(now)).toBe(true);
        expect(isTargetDay(expectedRateDay(now))).toBe(true);
        expect(targetDayBefore(expectedRateDay(next))).toBe(expectedRateDay(now));
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOpen, openDayFrom, openDaysAfter } from './calendar.ts';
import { Exact, exact, moneyText, roundTo } from './decimal.ts';
import { addDays, addMonths, daysBetween, plainDate, weekdayOf } from './plain-date.ts';
import { faultsOf, mergeNotices, type RuleTable, ruleOn } from './rule.ts';

const day = plainDate;
const table: RuleTable<string> = {
  id: 'xx.rate',
  name: 'The rate of XX',
  rows: [
    {
      from: day('2026-01-01'),
      to: day('2026-06-30'),
      value: '0.10',
      status: 'verified',
      source: { title: 'Law 1', read: day('2026-11-24') },
      reviewBy: day('2026-05-31'),
    },
    {
      from: day('2026-08-01'),
      to: null,
      value: '0.12',
      status: 'unverified',
      note: 'the notice was not seen',
      source: { title: 'Law 2', read: day('2026-11-24') },
      reviewBy: null,
    },
  ],
};

describe('a dated rule', () => {
  it('applies on its first and its last day, and no neighbouring row is used outside', () => {
    const on = (date: string) => ruleOn(table, { on: day(date), today: day('2026-01-01') }).value;
    expect([on('2026-01-01'), on('2026-06-30'), on('2026-08-01'), on('2199-01-01')]).toEqual([
      '0.10',
      '0.10',
      '0.12',
      '0.12',
    ]);
    for (const outside of ['2025-12-31', '2026-07-01', '2026-07-31'])
      expect(() => on(outside)).toThrow(`no row: The rate of XX on ${outside}`);
  });
  it('says that it was not verified, and that its review is overdue', () => {
    const codes = (on: string, today: string) =>
      ruleOn(table, { on: day(on), today: day(today) }).notices.map(({ code }) => code);
    // Neither the current day nor the requested day is past the review date.
    expect(codes('2026-05-31', '2026-05-31')).toEqual([]);
    expect(codes('2026-06-30', '2026-05-31')).toEqual(['advice']);
    expect(codes('2026-06-30', '2026-06-01')).toEqual(['review_overdue']);
    expect(codes('2026-09-01', '2026-09-01')).toEqual(['unverified']);
    const [first = []] = [ruleOn(table, { on: day('2026-09-01'), today: day('2026-09-01') }).notices];
    expect(mergeNotices(first, first)).toHaveLength(1);
  });
  it('is checked for overlaps', () => {
    expect(faultsOf(table)).toEqual([]);
    const [first, second] = table.rows;
    if (!first || !second) throw new Error('two rows');
    expect(faultsOf({ ...table, rows: [{ ...first, to: null }, second] })).toHaveLength(1);
    expect(faultsOf({ ...table, rows: [{ ...first, to: day('2025-01-01') }] })).toHaveLength(1);
  });
});

describe('plain dates', () => {
  it('refuse days that the calendar lacks, by field', () => {
    for (const text of ['2026-02-29', '2026-13-01', '26-01-01', '', '2026-1-1', 'today'])
      expect(() => plainDate(text, 'exportDate')).toThrow('exportDate: ');
  });
  it('add months by the corresponding day, else the last of the month', () => {
    expect(addMonths(day('2024-02-29'), 36)).toBe('2027-02-28');
    expect(addMonths(day('2026-03-15'), 36)).toBe('2029-03-15');
    expect(addMonths(day('2026-01-31'), -2)).toBe('2025-11-30');
  });
  it('add and count days as each other’s inverse', () => {
    fc.assert(
      fc.property(fc.integer({ min: -40_000, max: 40_000 }), (days) => {
        const from = day('2026-03-29');
        expect(daysBetween(from, addDays(from, days))).toBe(days);
      }),
    );
    expect(weekdayOf(day('2026-11-25'))).toBe('Wed');
  });
  it('beyond the calendar are an error, not a crash', () => {
    for (const days of [1, 1e15, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => addDays(day('9999-12-31'), days)).toThrow(/^date: .*outside/);
    expect(() => addDays(day('0000-01-01'), -1)).toThrow(/^date: .*outside/);
    expect(() => addMonths(day('9999-12-31'), 1)).toThrow(/^date: /);
  });
});

describe('a calendar', () => {
  const bank = {
    weekend: ['Sat' as const, 'Sun' as const],
    closed: [day('2026-12-25'), day('2027-01-01')],
    openDays: [day('2026-12-27')],
  };
  it('counts open days after a day, make-up days included', () => {
    expect(openDaysAfter(day('2026-12-23'), 5, bank)).toBe('2026-12-30');
    expect(openDaysAfter(day('2026-12-23'), 5, { ...bank, openDays: [] })).toBe('2026-12-31');
    expect(openDayFrom(day('2026-12-25'), bank)).toBe('2026-12-27');
    expect(isOpen(day('2026-12-25'), bank)).toBe(false);
  });
  it('without an open day is an error, not an endless search', () => {
    const closed = Array.from({ length: 400 }, (_, index) => addDays(day('2026-01-01'), index));
    expect(() => openDayFrom(day('2026-01-01'), { weekend: [], closed, openDays: [] })).toThrow('no open day');
  });
});

describe('exact numbers', () => {
  it('accept only plain decimals, and say which field is wrong', () => {
    for (const text of ['1e3', 'NaN', 'Infinity', '', ' 1', '0x10', '1,5', '--1', '-1'])
      expect(() => exact(text, 'goods')).toThrow('goods: ');
    expect(exact('-1', 'stock', { negative: true }).toString()).toBe('-1');
    expect(() => exact('0', 'rate', { zero: false })).toThrow('is zero');
    expect(() => exact('1.01', 'rate', { max: '1' })).toThrow('is more than 1');
  });
  it('round to any unit and print the decimals of the currency', () => {
    expect(roundTo(new Exact('5.022'), '0.05').toString()).toBe('5');
    expect(roundTo(new Exact('18999'), '1000', 'down').toString()).toBe('18000');
    expect([
      moneyText(new Exact('12.505'), 'EUR'),
      moneyText(new Exact('12.5'), 'JPY'),
      moneyText(new Exact('1'), 'KWD'),
    ]).toEqual(['12.51', '13', '1.000']);
    expect(moneyText(new Exact('-0.001'), 'EUR')).toBe('0.00');
  });
});

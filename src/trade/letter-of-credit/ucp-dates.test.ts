import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Calendar, isOpen, openDayFrom } from '../calendar.ts';
import { addDays, daysBetween, plainDate } from '../plain-date.ts';
import { faultsOf } from '../rule.ts';
import { maturityOf } from './maturity.ts';
import { lastExaminationDay, presentationDeadline, refusalVerdict } from './presentation-days.ts';
import { shipmentPeriod } from './shipment-period.ts';
import { ALL_UCP_RULES } from './ucp-rules.ts';

const day = plainDate;
const TODAY = { today: day('2026-11-25') };
const ASKED = { on: day('2026-11-25'), ...TODAY };
const BANK: Calendar = {
  weekend: ['Sat', 'Sun'],
  closed: [day('2026-12-25'), day('2027-01-01')],
  openDays: [],
};

it('the rules of UCP 600 do not overlap, and none applies before 2007-07-01', () => {
  expect(ALL_UCP_RULES.flatMap(faultsOf)).toEqual([]);
  expect(new Set(ALL_UCP_RULES.map(({ id }) => id)).size).toBe(ALL_UCP_RULES.length);
  expect(() => lastExaminationDay(day('2007-06-29'), BANK, TODAY)).toThrow('no row: UCP 600 art. 14(b)');
  expect(lastExaminationDay(day('2026-11-25'), BANK, { today: day('2027-07-01') }).notices).toEqual([
    expect.objectContaining({ code: 'review_overdue' }),
  ]);
});

describe('a period', () => {
  const rows: [string, string | null, string | null][] = [
    ['first half of May 2026', '2026-05-01', '2026-05-15'],
    ['SECOND HALF OF FEBRUARY 2027', '2027-02-16', '2027-02-28'],
    ['second half of February 2028', '2028-02-16', '2028-02-29'],
    ['the beginning of May 2026', '2026-05-01', '2026-05-10'],
    ['middle of May 2026', '2026-05-11', '2026-05-20'],
    ['end of February 2026', '2026-02-21', '2026-02-28'],
    ['on or about 15 May 2026', '2026-05-10', '2026-05-20'],
    ['ON OR ABOUT MAY 3RD, 2026', '2026-04-28', '2026-05-08'],
    ['to 20 May 2026', null, '2026-05-20'],
    ['until 20 May 2026', null, '2026-05-20'],
    ['till 20 May 2026', null, '2026-05-20'],
    ['from 1 May 2026', '2026-05-01', null],
    ['between 1 May 2026 and 20 May 2026', '2026-05-01', '2026-05-20'],
    ['between 20 December and 10 January 2027', '2026-12-20', '2027-01-10'],
    ['from 1 to 20 May 2026', '2026-05-01', '2026-05-20'],
    ['1-20 May 2026', '2026-05-01', '2026-05-20'],
    ['before 20 May 2026', null, '2026-05-19'],
    ['after 1 May 2026', '2026-05-02', null],
    ['after 31 December 2026 and before 1 March 2028', '2027-01-01', '2028-02-29'],
    ['from beginning of May 2026 until middle of June 2026', '2026-05-01', '2026-06-20'],
    ['not later than 2026-05-31', null, '2026-05-31'],
    ['not before 1 May 2026 and not after 20 May 2026', '2026-05-01', '2026-05-20'],
    ['within 5 days of 14 May 2026', '2026-05-09', '2026-05-19'],
    ['within 30 days from 1 May 2026', '2026-05-02', '2026-05-31'],
    ['within 14 May 2026', null, '2026-05-14'],
    ['within May 2026', '2026-05-01', '2026-05-31'],
    ['at least 2 days before 14 May 2026', null, '2026-05-12'],
    ['prompt', null, null],
    ['as soon as possible', null, null],
    ['prompt shipment, not later than 15 May 2026', null, '2026-05-15'],
    ['shipment to be effected from 1 May 2026 to 20 May 2026', '2026-05-01', '2026-05-20'],
    ['15 May 2026', '2026-05-15', '2026-05-15'],
  ];
  it.each(rows)('“%s” is %s to %s', (text, earliest, latest) => {
    expect(shipmentPeriod(text, ASKED)).toMatchObject({ earliest, latest });
  });

  it('is refused when it is not clear, never guessed', () => {
    for (const text of [
      '',
      '   ',
      '\u0301\u0302',
      'foo',
      'May',
      'first half of May',
      'WITHIN OCTOBER',
      '05/06/2026',
      '31 April 2026',

      'end of 2026',
      'on or about May 2026',
      'until 20 May 2026 and from 25 May 2026',
      'x'.repeat(10_000),
      '五月上旬',

      'within 5 days of May 2026',
      'until 31 December 9999',
      '1 May 1026',
      'after 31 December 2079 and before 1 May 2080',
      'between 1 May 2026',
      'within 99999 days of 1 May 2026',
      'from',
      '1 2 3 4 5',
      '30 February 2026',
    ])
      expect(() => shipmentPeriod(text, ASKED, '44D'), text).toThrow('44D: ');
  });

  it('says that “within” is practice, not the text of UCP 600', () => {
    expect(shipmentPeriod('within 5 days of 14 May 2026', ASKED).notices).toEqual([
      expect.objectContaining({ code: 'general_knowledge', rule: 'ucp.isbp.within' }),
    ]);
    expect(shipmentPeriod('middle of May 2026', ASKED).notices).toEqual([]);
  });
});

describe('a maturity', () => {
  const rows: [string, string][] = [
    ['60 days after B/L date', '2026-05-09'],
    ['60 days from B/L date', '2026-05-09'],
    ['60 DAYS FROM DATE OF SHIPMENT', '2026-05-09'],
    ['sixty (60) days after the date of the bill of lading', '2026-05-09'],
    ['one hundred and twenty days from invoice date', '2026-07-08'],
    ['AT 90 DAYS SIGHT', '2026-06-08'],
    ['30 days after presentation of documents', '2026-04-09'],
    ['2 months after B/L date', '2026-05-10'],
    ['3 weeks from AWB date', '2026-03-31'],
    ['at sight', '2026-03-10'],
    ['on 15 May 2026', '2026-05-15'],
  ];
  it.each(rows)('“%s” from 10 March 2026 is %s', (text, date) => {
    expect(maturityOf(text, day('2026-03-10'), ASKED).maturity).toBe(date);
  });
  it('of months ends with the month', () => {
    expect(maturityOf('1 month after sight', day('2026-01-31'), ASKED).maturity).toBe('2026-02-28');
  });
  it('is refused when the tenor does not say from when, or counts what is not on file', () => {
    for (const text of [
      '',
      '60 days',
      '60 banking days after sight',
      '60 days end of month',
      '60 (ninety) days after sight',
    ])
      expect(() => maturityOf(text, day('2026-03-10'), ASKED), text).toThrow('tenor: ');
    for (const text of [
      '60 days before B/L date',
      '99999 days after sight',
      '-5 days after sight',
      'from May to June 2026',
    ])
      expect(() => maturityOf(text, day('2026-03-10'), ASKED), text).toThrow('tenor: ');
  });
});

describe('the days of a bank', () => {
  const examined = (presented: string, bank = BANK) => lastExaminationDay(day(presented), bank, TODAY).lastDay;
  it('are five after the day of presentation, closed days left out', () => {
    expect(examined('2026-12-23')).toBe('2026-12-31');
    expect(examined('2026-11-27')).toBe('2026-12-04');
    expect(examined('2026-12-26')).toBe('2027-01-04');
  });
  it('take in a make-up day on which the bank is open', () => {
    const golden = ['2026-10-01', '2026-10-02', '2026-10-05', '2026-10-06', '2026-10-07'].map((date) => day(date));
    const bank = { ...BANK, closed: golden };
    expect(examined('2026-09-30', { ...bank, openDays: [day('2026-10-10')] })).toBe('2026-10-13');
    expect(examined('2026-09-30', bank)).toBe('2026-10-14');
  });

  const deadline = (shipped: string, expiry: string, days: number | null = null, originals = true) =>
    presentationDeadline({ shipped: day(shipped), expiry: day(expiry), days, originals }, BANK, TODAY);
  it('let the earlier of 21 days and expiry decide, and only closed days move it', () => {
    expect(deadline('2026-09-10', '2026-10-15')).toMatchObject({ lastDay: '2026-10-01', statement: false });
    expect(deadline('2026-09-10', '2026-09-25')).toMatchObject({ lastDay: '2026-09-25', statement: false });
    expect(deadline('2026-10-24', '2026-11-30', 21)).toMatchObject({
      limit: '2026-11-14',
      lastDay: '2026-11-16',
      statement: true,
    });
    expect(deadline('2026-12-04', '2026-12-31')).toMatchObject({
      limit: '2026-12-25',
      lastDay: '2026-12-28',
      statement: true,
    });
    expect(deadline('2026-09-10', '2026-12-15', 45).lastDay).toBe('2026-10-26');
  });
  it('apply only the expiry to copies and to papers other than transport documents', () => {
    expect(deadline('2026-09-10', '2026-10-15', null, false)).toMatchObject({
      lastDay: '2026-10-15',
      periodEnds: null,
    });
    expect(deadline('2026-09-10', '2026-10-15', 10, false).lastDay).toBe('2026-09-21');
  });
  it('never end a presentation before shipment, nor later than the banking day after expiry', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 400 }),
        fc.integer({ min: 0, max: 60 }),
        fc.option(fc.integer({ min: 0, max: 60 }), { nil: null }),
        (offset, until, days) => {
          const shipped = addDays(day('2026-09-01'), offset);
          const expiry = addDays(shipped, until);
          const { lastDay, limit, statement } = presentationDeadline(
            { shipped, expiry, days, originals: true },
            BANK,
            TODAY,
          );
          expect(daysBetween(shipped, lastDay)).toBeGreaterThanOrEqual(0);
          expect(lastDay <= openDayFrom(expiry, BANK)).toBe(true);
          expect([isOpen(lastDay, BANK), statement]).toEqual([true, lastDay !== limit]);
        },
      ),
    );
  });

  it('bind a bank that refuses late, twice, or without saying why and what becomes of the documents', () => {
    const whole = {
      presented: day('2026-11-27'),
      given: day('2026-12-04'),
      refuses: true,
      discrepancies: ['late shipment'],
    };
    const verdict = (change: object, today = '2026-12-10') =>
      refusalVerdict({ ...whole, statement: 'returning', earlierNotices: 0, ...change }, BANK, { today: day(today) });
    expect(verdict({})).toMatchObject({ lastDay: '2026-12-04', precluded: false, reasons: [] });
    expect(verdict({ given: day('2026-12-07') }).precluded).toBe(true);
    expect(verdict({ given: null }, '2026-12-04').precluded).toBe(false);
    expect(verdict({ given: null }, '2026-12-05').precluded).toBe(true);
    for (const change of [{ discrepancies: [] }, { statement: null }, { refuses: false }, { earlierNotices: 1 }])
      expect(verdict(change).reasons).toHaveLength(1);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Exact } from '../decimal.ts';
import { plainDate } from '../plain-date.ts';
import { type MonetaryItem, monetaryItemHistory } from './monetary-item.ts';
import { grossOfPayout } from './payout.ts';
import { converted, crossRate, publicationDay, type RateSheet, stampedRate } from './reference-rate.ts';

const day = plainDate;
const TODAY = day('2026-11-25');
const sheet = (date: string, rates: Record<string, string>): RateSheet => ({
  source: 'ECB reference rates',
  base: 'EUR',
  date: day(date),
  rates,
});
const FRIDAY = sheet('2026-11-20', { USD: '1.0850', JPY: '162.75' });
const MONDAY = sheet('2026-11-23', { USD: '1.0900', JPY: '163.00' });
const SHEETS = [FRIDAY, MONDAY];

describe('a reference rate', () => {
  it('crosses through the base and is stamped with source and day', () => {
    expect(crossRate('1.0850', '162.75').toFixed(4)).toBe('150.0000');
    const rate = stampedRate(SHEETS, { from: 'USD', to: 'JPY', on: day('2026-11-20') }, TODAY);
    expect(rate).toMatchObject({ rate: '150.000000', source: 'ECB reference rates', date: '2026-11-20' });
  });

  it('of a weekend or a holiday is the publication before', () => {
    const dateOf = (on: string) => stampedRate(SHEETS, { from: 'EUR', to: 'USD', on: day(on) }, TODAY).date;
    expect(['2026-11-21', '2026-11-22', '2026-11-23'].map(dateOf)).toEqual(['2026-11-20', '2026-11-20', '2026-11-23']);
    const target = { weekend: ['Sat' as const, 'Sun' as const], closed: [day('2026-12-25')], openDays: [] };
    expect(publicationDay(day('2026-12-27'), target)).toBe('2026-12-24');
  });

  it('that is missing on a working day, or for a currency, is not replaced', () => {
    expect(() => stampedRate(SHEETS, { from: 'EUR', to: 'USD', on: day('2026-11-24') }, TODAY)).toThrow(
      'no row: a publication of rates on 2026-11-24',
    );
    expect(() => stampedRate(SHEETS, { from: 'EUR', to: 'GBP', on: day('2026-11-20') }, TODAY)).toThrow(
      'a rate of GBP',
    );
    expect(() => stampedRate(SHEETS, { from: 'EUR', to: 'HRK', on: day('2026-11-20') }, TODAY)).toThrow(
      'it became EUR',
    );
    expect(() => crossRate('0', '1')).toThrow('is zero');
  });

  it('is stamped with figures enough to look it up again, however small', () => {
    const soft = [sheet('2026-11-20', { USD: '1.085', IRR: '1271234.5' })];
    const stamped = (from: string, to: string, decimals?: number) =>
      stampedRate(soft, { from, to, on: day('2026-11-20'), ...(decimals === undefined ? {} : { decimals }) }, TODAY)
        .rate;
    expect([stamped('IRR', 'USD'), stamped('USD', 'IRR'), stamped('IRR', 'USD', 4)]).toEqual([
      '0.000000853501',
      '1171644.700461',
      '0.0000',
    ]);
  });

  it('converts with all its digits and rounds once', () => {
    expect(converted('100', SHEETS, { from: 'USD', to: 'JPY', on: day('2026-11-23') }, TODAY).amount).toBe('14954');
  });
});

const item = (over: Partial<MonetaryItem> = {}): MonetaryItem => ({
  side: 'receivable',
  currency: 'USD',
  functional: 'CNY',
  amount: '50000',
  booked: { date: day('2026-10-10'), rate: '7.10' },
  closings: [{ date: day('2026-10-31'), rate: '7.18' }],
  settlements: [{ date: day('2026-11-20'), amount: '50000', rate: '7.05', bankFee: '50' }],
  ...over,
});

describe('the life of a monetary item', () => {
  it('measures each difference from the carrying amount, the bank’s fee apart', () => {
    expect(monetaryItemHistory(item(), TODAY)).toMatchObject({
      booked: '355000.00',
      unrealised: '4000.00',
      realised: '-6500.00',
      lifetime: '-2500.00',
      cash: '352147.50',
      fee: '352.50',
      carrying: '0.00',
      open: '0',
    });
  });

  it('is the opposite for a payable, whose fee is paid on top', () => {
    expect(monetaryItemHistory(item({ side: 'payable' }), TODAY)).toMatchObject({
      unrealised: '-4000.00',
      realised: '6500.00',
      lifetime: '2500.00',
      cash: '352852.50',
      fee: '352.50',
    });
  });

  it('takes the carrying amount out in parts when it is settled in parts', () => {
    const settlements = [
      { date: day('2026-11-05'), amount: '20000', rate: '7.20' },
      { date: day('2026-11-20'), amount: '30000', rate: '7.05' },
    ];
    const life = monetaryItemHistory(item({ settlements }), TODAY);
    expect(life.events.map(({ difference }) => difference)).toEqual(['4000.00', '400.00', '-3900.00']);
    expect(life.events.map(({ carrying }) => carrying)).toEqual(['359000.00', '215400.00', '0.00']);
  });

  it('refuses more than is open, days before booking and twice the same closing', () => {
    const paid = { date: day('2026-11-20'), amount: '50000.01', rate: '7' };
    expect(() => monetaryItemHistory(item({ settlements: [paid] }), TODAY)).toThrow('is more than the open 50000');
    expect(() => monetaryItemHistory(item({ closings: [{ date: day('2026-10-09'), rate: '7' }] }), TODAY)).toThrow(
      'before the item',
    );
    const closing = { date: day('2026-10-31'), rate: '7' };
    expect(() => monetaryItemHistory(item({ closings: [closing, closing] }), TODAY)).toThrow('same day');
  });

  it('has no event in a currency that has ended', () => {
    const inLev = { currency: 'EUR', functional: 'BGN', booked: { date: day('2025-12-10'), rate: '1.95583' } };
    const settlements = [{ date: day('2025-12-31'), amount: '50000', rate: '1.95583' }];
    expect(monetaryItemHistory(item({ ...inLev, closings: [], settlements }), TODAY).lifetime).toBe('0.00');
    const late = [{ date: day('2026-01-01'), amount: '50000', rate: '1.95583' }];
    expect(() => monetaryItemHistory(item({ ...inLev, closings: [], settlements: late }), TODAY)).toThrow(
      'it became EUR',
    );
  });

  it('always sums to cash + fee − booked, to the cent, with any closings, parts, rates and fees', () => {
    const rate = fc.integer({ min: 1, max: 99_999_999 }).map((n) => new Exact(n).div(10_000).toFixed(4));
    const cents = fc.integer({ min: 1, max: 10_000_000 });
    const part = fc.record({
      amount: cents,
      rate,
      feePct: fc.integer({ min: 0, max: 100 }),
      at: fc.integer({ min: 0, max: 400 }),
    });
    const close = fc.record({ rate, at: fc.integer({ min: 0, max: 400 }) });
    const at = (offset: number) => day(new Date(Date.UTC(2025, 0, 1 + offset)).toISOString().slice(0, 10));
    fc.assert(
      fc.property(
        fc.constantFrom('receivable' as const, 'payable' as const),
        rate,
        fc.array(part, { minLength: 1, maxLength: 6 }),
        fc.uniqueArray(close, { maxLength: 6, selector: (each) => each.at }),
        (side, bookRate, parts, closings) => {
          const total = parts.reduce((sum, { amount }) => sum.plus(amount), new Exact(0)).div(100);
          const life = monetaryItemHistory(
            {
              side,
              currency: 'USD',
              functional: 'CNY',
              amount: total.toFixed(2),
              booked: { date: at(0), rate: bookRate },
              closings: closings.map((each) => ({ date: at(each.at), rate: each.rate })),
              settlements: parts.map((each) => ({
                date: at(each.at),
                amount: new Exact(each.amount).div(100).toFixed(2),
                rate: each.rate,
                bankFee: new Exact(each.amount).times(each.feePct).div(10_000).toFixed(2, Exact.ROUND_DOWN),
              })),
            },
            TODAY,
          );
          const { cash, fee, booked } = life;
          const law =
            side === 'receivable' ? new Exact(cash).plus(fee).minus(booked) : new Exact(booked).minus(cash).plus(fee);
          expect(life.lifetime).toBe(law.isZero() ? '0.00' : law.toFixed(2));
          expect([life.carrying, life.open]).toEqual(['0.00', '0']);
        },
      ),
    );
  });
});

describe('a platform’s pay-out', () => {
  it('is grossed up by everything kept back', () => {
    const deductions = [
      { kind: 'commission' as const, amount: '150.00' },
      { kind: 'payment-fee' as const, amount: '29.30' },
    ];
    const payout = { currency: 'USD', on: TODAY, net: '820.70', deductions };
    expect(grossOfPayout(payout, TODAY)).toEqual({ gross: '1000.00', deducted: '179.30', net: '820.70', notices: [] });
    expect(() => grossOfPayout({ ...payout, net: '-200' }, TODAY)).toThrow('more negative than its deductions');
  });

  it('refuses amounts with more decimals than the currency, and reports an overdue review', () => {
    const payout = { currency: 'USD', on: TODAY, net: '1.005', deductions: [] };
    expect(() => grossOfPayout(payout, TODAY)).toThrow('net: has more decimals than USD');
    const fine = [{ kind: 'other' as const, amount: '0.5' }];
    expect(() => grossOfPayout({ ...payout, currency: 'JPY', net: '1', deductions: fine }, TODAY)).toThrow(
      'deductions.0.amount: has more decimals than JPY',
    );
    expect(grossOfPayout({ ...payout, net: '1' }, day('2028-01-01')).notices.map(({ code }) => code)).toEqual([
      'review_overdue',
    ]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFailure } from '#domain/failure.ts';
import { Exact } from '../decimal.ts';
import { plainDate } from '../plain-date.ts';
import { faultsOf } from '../rule.ts';
import { altmanScore, type BalanceSheet } from './altman.ts';
import { creditExposure, type ExposureInput } from './exposure.ts';
import { type CreditLimitInput, creditLimit, creditNeed } from './limit.ts';
import { ALTMAN, type AltmanModel, LIMIT_SHARES } from './rules.ts';

const day = plainDate('2026-11-25');
const asOf = { on: day, today: day };
const failureOf = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    return isFailure(error) ? `${error.code} ${error.safe['field']}` : 'not a Failure';
  }
  return 'nothing thrown';
};

describe('an Altman score', () => {
  const score = (model: AltmanModel, ...ratios: string[]) => {
    const found = altmanScore({ model, ratios }, asOf);
    return `${found.score} ${found.zone}`;
  };
  const sheet: BalanceSheet = {
    totalAssets: '1000',
    currentAssets: '500',
    currentLiabilities: '300',
    retainedEarnings: '150',
    ebit: '90',
    bookValueOfEquity: '400',
    totalLiabilities: '600',
  };
  it('weighs the ratios of its model', () => {
    expect(score('Z', '0.2', '0.3', '0.15', '1.5', '1.2')).toBe('3.255 safe');
    expect(score('Z', '-0.05', '0.02', '0.01', '0.2', '0.8')).toBe('0.921 distress');
    expect(score('Z1', '0.2', '0.3', '0.15', '0.8', '1.2')).toBe('2.39715 grey');
  });
  it('comes from the balance sheet as well, with the score of emerging markets for Z″', () => {
    expect(altmanScore({ model: 'Z2', balanceSheet: sheet }, asOf)).toMatchObject({
      score: '3.1058',
      zone: 'safe',
      emergingMarketScore: '6.3558',
      ratios: ['0.200000', '0.150000', '0.090000', '0.666667'],
    });
    const listed = { ...sheet, marketValueOfEquity: '900', sales: '1200' };
    expect(altmanScore({ model: 'Z', balanceSheet: listed }, asOf).score).toBe('2.847');
    expect(altmanScore({ model: 'Z1', balanceSheet: listed }, asOf).score).toBe('2.02768');
  });
  it('is grey at both cut-offs, exactly', () => {
    // X5 has the weight 1.0 in Z, so it is the score if the other ratios are zero.
    const only = (x5: string) => score('Z', '0', '0', '0', '0', x5).split(' ')[1];
    expect(['1.809999', '1.81', '2.99', '2.990001'].map(only)).toEqual(['distress', 'grey', 'grey', 'safe']);
  });
  it('says which figures were not re-read', () => {
    const notices = (model: AltmanModel, ...ratios: string[]) =>
      altmanScore({ model, ratios }, asOf).notices.map(({ code }) => code);
    expect(notices('Z', '0', '0', '0', '0', '0')).toEqual([]);
    expect(notices('Z1', '0', '0', '0', '0', '0')).toEqual([]);
    expect(notices('Z2', '0', '0', '0', '0')).toEqual(['general_knowledge']);
  });
  it('refuses what is no input, and a figure that it only compares', () => {
    for (const input of ['null', '"Z"', '[]', '{}'])
      expect(failureOf(() => altmanScore(JSON.parse(input), asOf))).toContain('invalid');
    const listed = { ...sheet, marketValueOfEquity: '900', sales: '1200', bookValueOfEquity: 'about 400' };
    expect(failureOf(() => altmanScore({ model: 'Z', balanceSheet: listed }, asOf))).toBe(
      'invalid balanceSheet.bookValueOfEquity',
    );
  });
  it('warns of a balance sheet that does not balance', () => {
    const { notices } = altmanScore({ model: 'Z2', balanceSheet: { ...sheet, totalAssets: '1001' } }, asOf);
    expect(notices.map(({ rule }) => rule)).toContain('credit.balance');
  });
  it('refuses missing figures, a wrong number of ratios and nothing to divide by', () => {
    const refused = (model: AltmanModel, changed: Partial<BalanceSheet>) =>
      failureOf(() => altmanScore({ model, balanceSheet: { ...sheet, ...changed } }, asOf));
    expect(refused('Z', {})).toBe('invalid balanceSheet.marketValueOfEquity');
    expect(refused('Z1', {})).toBe('invalid balanceSheet.sales');
    expect(refused('Z2', { totalLiabilities: '0', currentLiabilities: '0' })).toBe(
      'invalid balanceSheet.totalLiabilities',
    );
    expect(refused('Z2', { totalAssets: '0' })).toBe('invalid balanceSheet.totalAssets');
    expect(refused('Z2', { currentAssets: '1001' })).toBe('invalid balanceSheet.currentAssets');
    expect(refused('Z2', { ebit: 'NaN' })).toBe('invalid balanceSheet.ebit');
    expect(failureOf(() => score('Z2', '1', '1', '1', '1', '1'))).toBe('invalid ratios');
    expect(failureOf(() => score('Z', '1', '1', '1', '1'))).toBe('invalid ratios');
    expect(failureOf(() => score('Z', '1e9', '1', '1', '1', '1'))).toBe('invalid ratios.0');
  });
});

describe('a credit limit', () => {
  const buyer: CreditLimitInput = {
    currency: 'EUR',
    need: '50000',
    tangibleNetWorth: '80000',
    turnover: '700000',
    grade: 'B',
  };
  const limit = (changed: Partial<CreditLimitInput> = {}) => {
    const found = creditLimit({ ...buyer, ...changed }, asOf);
    return `${found.limit} ${found.boundBy}`;
  };
  it('is the least of need and the shares of net worth and turnover', () => {
    expect(limit()).toBe('28000.00 net_worth');
    expect(limit({ need: '10000' })).toBe('10000.00 need');
    expect(limit({ turnover: '100000' })).toBe('5000.00 turnover');
    expect(limit({ tangibleNetWorth: '-1000' })).toBe('0.00 net_worth');
  });
  it('has no shares for other grades than B, unless the house hands its policy in', () => {
    for (const grade of ['A', 'C', 'b', 'constructor', '__proto__'])
      expect(failureOf(() => limit({ grade }))).toBe('no_row grade');
    expect(limit({ grade: 'C', policy: { netWorth: '0.1', turnover: '0.02' } })).toBe('8000.00 net_worth');
    expect(failureOf(() => limit({ policy: { netWorth: '35', turnover: '5' } }))).toBe('invalid policy.netWorth');
  });
  it('never exceeds any of the three, not by a cent', () => {
    const amount = fc.integer({ min: 0, max: 10_000_000 }).map((thousandths) => new Exact(thousandths).div(1_000));
    fc.assert(
      fc.property(amount, amount, amount, (need, worth, turnover) => {
        const figures = { need: need.toFixed(), tangibleNetWorth: worth.toFixed(), turnover: turnover.toFixed() };
        const [found = ''] = limit(figures).split(' ');
        expect(Exact.min(need, worth.times('0.35'), turnover.times('0.05')).minus(found).gte(0)).toBe(true);
      }),
    );
  });
  it('answers a need that follows from the payment term', () => {
    expect(creditNeed({ currency: 'EUR', forecast: '360000', termDays: 60 })).toBe('60000.00');
    expect(creditNeed({ currency: 'EUR', forecast: '360000', taxRate: '0.2', termDays: 60 })).toBe('72000.00');
    expect(failureOf(() => creditNeed({ currency: 'EUR', forecast: '1', termDays: -1 }))).toBe('invalid termDays');
  });
});

describe('credit exposure', () => {
  const buyer: ExposureInput = {
    currency: 'EUR',
    limit: '28000',
    openInvoices: '15000',
    ordersNotInvoiced: '9000',
    newOrder: '5000',
  };
  it('holds an order that exceeds the headroom, and says what to pay first', () => {
    expect(creditExposure(buyer)).toMatchObject({
      exposure: '24000.00',
      headroom: '4000.00',
      decision: 'hold',
      payFirst: '1000.00',
      prepayment: '1000.00',
    });
  });
  it('ships what just fits', () => {
    expect(creditExposure({ ...buyer, newOrder: '4000' })).toMatchObject({ decision: 'ship', payFirst: '0.00' });
    expect(creditExposure({ ...buyer, newOrder: '4000.01' })).toMatchObject({ decision: 'hold', payFirst: '0.01' });
  });
  it('never holds an order without an amount to pay', () => {
    expect(creditExposure({ ...buyer, newOrder: '4000.001' })).toMatchObject({ decision: 'hold', payFirst: '0.01' });
  });
  it('includes open items if the limit is already exceeded', () => {
    expect(creditExposure({ ...buyer, limit: '20000' })).toMatchObject({
      headroom: '-4000.00',
      decision: 'hold',
      payFirst: '9000.00',
      prepayment: '5000.00',
    });
  });
  it('does not use the buyer’s limit for an order under a confirmed letter of credit', () => {
    const covered = (bankHeadroom: string, countryHeadroom: string) =>
      creditExposure({ ...buyer, limit: '0', confirmedCredit: { bankHeadroom, countryHeadroom } });
    expect(covered('5000', '90000')).toMatchObject({ decision: 'ship', limitUsed: 'bank' });
    expect(covered('90000', '4999.99')).toMatchObject({ decision: 'hold', limitUsed: 'country', payFirst: '0.01' });
  });
  it('refuses negative and malformed amounts', () => {
    expect(failureOf(() => creditExposure({ ...buyer, newOrder: '-1' }))).toBe('invalid newOrder');
    expect(failureOf(() => creditExposure({ ...buyer, limit: '\u0301'.repeat(20) }))).toBe('invalid limit');
    expect(failureOf(() => creditExposure({ ...buyer, openInvoices: '1'.repeat(10_000) }))).toBe(
      'invalid openInvoices',
    );
  });
});

describe('the rules of credit', () => {
  it('do not overlap', () => {
    expect([...Object.values(ALTMAN), ...Object.values(LIMIT_SHARES)].flatMap(faultsOf)).toEqual([]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFailure } from '#domain/failure.ts';
import { Exact } from '../decimal.ts';
import { addDays, plainDate } from '../plain-date.ts';
import { faultsOf, type RuleTable } from '../rule.ts';
import { amazonUsReturn, returnWindow } from './marketplace-return.ts';
import { AMAZON_ABROAD, AMAZON_RESTOCKING, type MARKETPLACES, RETURN_POLICIES } from './marketplaces.ts';
import { refundKey, refundWithinCaptured, taxRecovery, withdrawalRefund } from './refund.ts';
import { RMA_STATES, RMA_TIMERS, rmaMachine, timerOf } from './rma.ts';
import * as rules from './rules.ts';
import * as duties from './seller-duties.ts';
import { TAX_RECOVERY } from './tax-recovery.ts';
import { refundDeadline, shippingRule, shortTermReject, withdrawalFunction, withdrawalPeriod } from './withdrawal.ts';

const day = plainDate;
const TODAY = day('2026-11-25');
const weekdays = {
  weekend: ['Sat' as const, 'Sun' as const],
  closed: [day('2026-06-22')],
  openDays: [day('2026-06-20')],
};

describe('the period of withdrawal', () => {
  const last = (delivered: string, over: Partial<Parameters<typeof withdrawalPeriod>[0]> = {}) =>
    withdrawalPeriod({ law: 'EU', delivered: day(delivered), informed: true, ...over }, TODAY).lastDay;

  it('is 14 days from delivery and in the EU ends on a working day', () => {
    expect(last('2026-06-01')).toBe('2026-06-15');
    expect(['2026-06-05', '2026-06-06', '2026-06-07'].map((on) => last(on))).toEqual([
      '2026-06-19',
      '2026-06-22',
      '2026-06-22',
    ]);
    expect(last('2026-06-06', { calendar: { ...weekdays, openDays: [] } })).toBe('2026-06-23');
    expect(last('2026-06-06', { calendar: weekdays })).toBe('2026-06-20');
    expect(last('2026-06-06', { law: 'UK' })).toBe('2026-06-20');
    expect(last('2028-02-15')).toBe('2028-02-29');
  });

  it('is 12 months longer without information, or 14 days from late information', () => {
    expect(last('2026-06-01', { informed: false })).toBe('2027-06-15');
    expect(last('2026-06-06', { informed: false })).toBe('2027-06-22');
    expect(last('2026-06-06', { informed: false, law: 'UK' })).toBe('2027-06-20');
    expect(last('2026-06-01', { informed: false, informedLaterOn: day('2026-08-03') })).toBe('2026-08-17');
    expect(last('2026-06-01', { informed: false, informedLaterOn: day('2027-06-10') })).toBe('2027-06-15');
    expect(last('2026-06-01', { informed: false, informedLaterOn: day('2026-05-01') })).toBe('2026-06-15');
  });

  it('does not exist for excepted goods or under US federal law', () => {
    expect(
      withdrawalPeriod({ law: 'EU', delivered: TODAY, informed: true, exception: 'custom-made' }, TODAY),
    ).toMatchObject({ right: false, lastDay: null });
    expect(withdrawalPeriod({ law: 'US', delivered: TODAY, informed: true }, TODAY)).toMatchObject({
      right: false,
      lastDay: null,
    });
    expect(() => last('2014-06-12')).toThrow('no row');
  });

  it('is of the law of each country, in its own days, and is never borrowed from a neighbour', () => {
    const of = (law: (typeof rules.LAWS)[number], over = {}) =>
      withdrawalPeriod({ law, delivered: day('2026-06-04'), informed: true, ...over }, TODAY);
    const days = (law: (typeof rules.LAWS)[number]) => of(law).lastDay;
    // Japan counts the day of delivery as the first of eight; Mexico counts five working days after it.
    expect([days('NO'), days('JP'), days('BR'), days('MX')]).toEqual([
      '2026-06-18',
      '2026-06-11',
      '2026-06-11',
      '2026-06-11',
    ]);
    expect((['CH', 'AU', 'NZ'] as const).map((law) => of(law).right)).toEqual([false, false, false]);
    expect(of('JP', { informed: false }).lastDay).toBe('2026-06-11');
    expect(of('MX').notices.map(({ code }) => code)).toEqual(['unverified', 'advice']);
    expect(() => of('CA')).toThrow(/no row: Canadian/);
    expect(() => of('BR', { exception: 'custom-made' })).toThrow(/no row: the exceptions/);
  });

  it('is never shorter for a consumer who was not informed, nor longer than a year and the first period', () => {
    const date = fc.integer({ min: 0, max: 8000 }).map((days) => addDays(day('2014-06-13'), days));
    fc.assert(
      fc.property(
        fc.constantFrom('EU', 'UK', 'NO'),
        date,
        fc.integer({ min: -30, max: 500 }),
        (law, delivered, late) => {
          const ends = (over: object) =>
            withdrawalPeriod({ law, delivered, informed: false, ...over }, TODAY).lastDay ?? '';
          const [told, later, never] = [
            ends({ informed: true }),
            ends({ informedLaterOn: addDays(delivered, late) }),
            ends({}),
          ];
          expect(told <= later && later <= never && never <= addDays(delivered, 14 + 366 + 4)).toBe(true);
        },
      ),
    );
  });

  it('says when holidays could not be seen', () => {
    const told = (calendar?: typeof weekdays) =>
      withdrawalPeriod({ law: 'EU', delivered: TODAY, informed: true, calendar }, TODAY).notices;
    expect(told().map(({ code }) => code)).toEqual(['advice']);
    expect(told(weekdays)).toEqual([]);
  });

  it('needs a function on the interface since 2026-06-19', () => {
    expect(['2026-06-18', '2026-06-19'].map((on) => withdrawalFunction(day(on), TODAY).required)).toEqual([
      false,
      true,
    ]);
  });
});

describe('the refund after a withdrawal', () => {
  it('is due 14 days after notice and may wait for goods or proof, unless the trader collects', () => {
    const due = (over = {}) => refundDeadline({ law: 'EU', notice: day('2026-06-10'), ...over }, TODAY);
    expect(due()).toMatchObject({
      refundBy: '2026-06-24',
      mayWithholdUntil: 'goods back or proof of sending',
      withheldUntil: null,
    });
    expect(due({ goodsBack: day('2026-06-20'), proofOfSending: day('2026-06-14') }).withheldUntil).toBe('2026-06-14');
    expect(due({ traderCollects: true })).toMatchObject({ mayWithholdUntil: null, withheldUntil: '2026-06-10' });
    expect(due({ notice: day('2026-06-06') })).toMatchObject({ refundBy: '2026-06-20', periodEnds: '2026-06-22' });
    expect(due({ law: 'UK', goodsBack: day('2026-06-20') }).refundBy).toBe('2026-07-04');
    expect(due({ law: 'UK', goodsBack: day('2026-06-20'), traderCollects: true }).refundBy).toBe('2026-06-24');
    expect(() => due({ law: 'US' })).toThrow('no withdrawal');
    expect(() => due({ law: 'JP' })).toThrow('no row');
    expect(due({ law: 'BR' })).toMatchObject({ refundBy: '2026-06-10', mayWithholdUntil: null, sendBackBy: null });
  });

  it('does not begin before the notice, when goods came back without one', () => {
    const early = { notice: day('2026-06-10'), goodsBack: day('2026-01-01') };
    expect(refundDeadline({ law: 'UK', ...early }, TODAY)).toMatchObject({
      refundBy: '2026-06-24',
      withheldUntil: '2026-06-10',
    });
  });

  it('makes the consumer pay for the return if informed, otherwise the trader', () => {
    const pays = (law: 'EU' | 'UK' | 'NO' | 'BR', over = {}) =>
      refundDeadline({ law, notice: day('2026-06-10'), ...over }, TODAY).returnCost;
    expect((['EU', 'UK', 'NO', 'BR'] as const).map((law) => pays(law))).toEqual([
      'consumer',
      'consumer',
      'consumer',
      'trader',
    ]);
    expect([pays('EU', { toldOfReturnCost: false }), pays('EU', { traderCollects: true })]).toEqual([
      'trader',
      'trader',
    ]);
  });

  it('says when holidays could not be seen', () => {
    const told = (calendar?: typeof weekdays) =>
      refundDeadline({ law: 'EU', notice: day('2026-06-10'), calendar }, TODAY).notices.map(({ code }) => code);
    expect([told(), told(weekdays)]).toEqual([['advice'], []]);
  });

  const question = {
    law: 'EU' as const,
    currency: 'EUR',
    on: day('2026-06-10'),
    goods: '80.00',
    standardDelivery: '4.90',
    chosenDelivery: '12.90',
  };

  it('is the goods plus the standard delivery, minus a loss of value', () => {
    const refund = (over = {}) => withdrawalRefund({ ...question, ...over }, TODAY).refund;
    expect(refund()).toBe('84.90');
    expect(refund({ chosenDelivery: '0' })).toBe('80.00');
    expect(refund({ diminishedPct: '30' })).toBe('60.90');
    expect(refund({ diminishedPct: '100' })).toBe('4.90');
    expect(refund({ diminishedPct: '30', informed: false })).toBe('84.90');
    expect(() => refund({ diminishedPct: '100.01' })).toThrow('diminishedPct');
    expect(() => refund({ goods: '-1' })).toThrow('goods');
  });

  it('takes no amount that its currency cannot hold, which rounding would lift above what was paid', () => {
    const of = (currency: string, goods: string) =>
      withdrawalRefund({ ...question, currency, goods, standardDelivery: '0', chosenDelivery: '0' }, TODAY).refund;
    expect([of('JPY', '100'), of('KWD', '0.105'), of('EUR', '80.00')]).toEqual(['100', '0.105', '80.00']);
    expect(() => of('JPY', '100.5')).toThrow(/^goods: has more decimals than JPY/);
    expect(() => of('EUR', '80.005')).toThrow(/^goods:/);
    const over = { captured: '60.905', refunded: '0', amount: '60.905' };
    expect(() => refundWithinCaptured(over, 'EUR')).toThrow(/^captured:/);
  });

  it('is not made up by the law of another country', () => {
    for (const law of ['JP', 'BR', 'CA'] as const)
      expect(() => withdrawalRefund({ ...question, law }, TODAY)).toThrow(
        `no row: what goes back after a withdrawal under ${law}`,
      );
  });

  it('names the rule that forbids deducting a loss of value', () => {
    const { notices } = withdrawalRefund({ ...question, diminishedPct: '30', informed: false }, TODAY);
    expect(notices).toMatchObject([{ code: 'advice', rule: 'returns.eu.withdrawal' }]);
  });

  it('has no restocking fee in the EU and the UK, and says so', () => {
    const charged = (law: 'EU' | 'UK' | 'US') => withdrawalRefund({ ...question, law, restockingFee: '10' }, TODAY);
    expect((['EU', 'UK', 'US'] as const).map((law) => charged(law).refund)).toEqual(['84.90', '84.90', '74.90']);
    expect(charged('EU').notices.map(({ message }) => message)).toEqual([
      'a restocking fee is not allowed on a withdrawal; it was left out',
    ]);
  });

  it('is never below zero or above what was paid', () => {
    const amount = fc.integer({ min: 0, max: 1_000_000 }).map((n) => new Exact(n).div(100).toFixed(2));
    const pct = fc.integer({ min: 0, max: 10_000 }).map((n) => new Exact(n).div(100).toFixed(2));
    fc.assert(
      fc.property(
        fc.constantFrom('EU', 'UK', 'US', 'NO'),
        amount,
        amount,
        amount,
        pct,
        amount,
        (law, goods, standard, chosen, diminishedPct, restockingFee) => {
          const answer = withdrawalRefund(
            {
              ...question,
              law,
              goods,
              standardDelivery: standard,
              chosenDelivery: chosen,
              diminishedPct,
              restockingFee,
            },
            TODAY,
          );
          expect(answer.refund.startsWith('-')).toBe(false);
          expect(new Exact(answer.refund).lte(new Exact(goods).plus(chosen))).toBe(true);
        },
      ),
    );
  });

  it('never exceeds what was captured, and has one key for a line and a return', () => {
    expect(refundWithinCaptured({ captured: '84.90', refunded: '24.00', amount: '60.90' }, 'EUR')).toBe('60.90');
    try {
      refundWithinCaptured({ captured: '84.90', refunded: '24.00', amount: '60.91' }, 'EUR');
      expect.unreachable();
    } catch (error) {
      expect(isFailure(error, 'conflict')).toBe(true);
    }
    expect(refundKey('a', 'b:c')).not.toBe(refundKey('a:b', 'c'));
  });

  it('recovers duty and tax by scheme, with how sure that is', () => {
    expect(taxRecovery('eu-ioss', TODAY, TODAY).notices).toEqual([]);
    expect(taxRecovery('eu-low-value-duty', TODAY, TODAY).notices.map(({ code }) => code)).toEqual(['unverified']);
    expect(() => taxRecovery('eu-low-value-duty', day('2026-06-30'), TODAY)).toThrow('no row');
  });
});

describe('other laws', () => {
  it('give UK buyers 30 days to reject, stopped by repairs, with at least 7 days after each', () => {
    const last = (repairs: [string, string][] = []) =>
      shortTermReject(
        {
          delivered: day('2026-06-01'),
          repairs: repairs.map(([asked, back]) => ({ asked: day(asked), back: day(back) })),
        },
        TODAY,
      ).lastDay;
    expect(last()).toBe('2026-07-01');
    // The waiting period includes its first and last day: 11 days from 11 to 21 June.
    expect(last([['2026-06-11', '2026-06-21']])).toBe('2026-07-12');
    expect(last([['2026-06-30', '2026-07-10']])).toBe('2026-07-17');
    expect(() => last([['2026-07-02', '2026-07-10']])).toThrow('after the period ended');
  });

  it('refuse repairs that overlap, precede delivery or end before they begin, by their place in the question', () => {
    const last = (...repairs: [string, string][]) =>
      shortTermReject(
        {
          delivered: day('2026-06-01'),
          repairs: repairs.map(([asked, back]) => ({ asked: day(asked), back: day(back) })),
        },
        TODAY,
      ).lastDay;
    expect(() => last(['2026-06-08', '2026-06-12'], ['2026-06-03', '2026-06-09'])).toThrow(
      /^repairs.0: .*before the goods/,
    );
    expect(() => last(['2026-05-31', '2026-06-12'])).toThrow(/^repairs.0: .*before the goods/);
    expect(() => last(['2026-06-08', '2026-06-07'])).toThrow(/^repairs.0: came back/);
    expect(last(['2026-06-12', '2026-06-13'], ['2026-06-03', '2026-06-04'])).toBe('2026-07-05');
  });

  it('have US sellers ship within 30 days, and refund within 7 working days of failing to', () => {
    expect(shippingRule({ ordered: day('2026-06-01') }, TODAY)).toMatchObject({
      shipBy: '2026-07-01',
      refundUnshippedBy: '2026-07-10',
    });
    expect(shippingRule({ ordered: day('2026-06-01'), promisedDays: 5 }, TODAY).shipBy).toBe('2026-06-06');
  });
});

describe('a marketplace', () => {
  it('Amazon US refunds a seller abroad without a US address by itself up to USD 25.00', () => {
    const action = (price: string, sellerUsReturnAddress = false) =>
      amazonUsReturn({ price, sellerUsReturnAddress, on: TODAY }, TODAY).action;
    expect(['24.99', '25.00', '25'].map((price) => action(price))).toEqual(
      Array(3).fill('automatic returnless refund'),
    );
    expect(action('25.01')).toBe('returnless | prepaid international label | provider, within 5 days');
    expect(action('25.00', true)).toContain('prepaid returns service');
    expect(() => action('-1')).toThrow('price');
  });

  it('has its own window, and says if it was not re-read', () => {
    const of = (marketplace: (typeof MARKETPLACES)[number], over = {}) =>
      returnWindow({ marketplace, delivered: day('2026-06-01'), ...over }, TODAY);
    expect(of('amazon-us', { estimatedDelivery: day('2026-06-03') }).lastDay).toBe('2026-07-03');
    expect(of('temu')).toMatchObject({ lastDay: '2026-08-30' });
    expect(of('ebay', { listingDays: 60 }).lastDay).toBe('2026-07-31');
    expect(() => of('ebay', { listingDays: 14 })).toThrow('30 or 60');
    expect(of('tiktok-shop-id').lastDay).toBe('2026-06-07');
    expect(of('tiktok-shop-id', { listingDays: 15 }).lastDay).toBe('2026-06-16');
    expect(of('walmart').notices.map(({ code }) => code)).toEqual(['unverified']);
  });
});

describe('the return machine', () => {
  it('reaches every state, ends only in closed, and has a timer on each before', () => {
    const seen = new Set([rmaMachine.initial]);
    for (const state of seen) for (const next of rmaMachine.table[state]) seen.add(next);
    expect([...seen].sort()).toEqual([...RMA_STATES].sort());
    expect(RMA_STATES.filter((state) => rmaMachine.final(state))).toEqual(['closed']);
    expect(RMA_STATES.filter((state) => RMA_TIMERS[state] === null)).toEqual(['closed']);
  });

  it('lets no refund happen before goods were inspected, unless they need not come back', () => {
    expect(rmaMachine.before('refunded')).toEqual(['returnless', 'inspected']);
    expect(() => rmaMachine.check('in_transit', 'refunded')).toThrow('no step');
  });

  it('counts working days by the calendar', () => {
    expect(timerOf('received', day('2026-06-19'), { ...weekdays, openDays: [] })?.due).toBe('2026-06-24');
    expect(timerOf('in_transit', day('2026-06-19'), weekdays)?.due).toBe('2026-07-19');
    expect(timerOf('closed', day('2026-06-19'), weekdays)).toBeNull();
  });
});

describe('the tables', () => {
  it('have no faults and ids of their own', () => {
    const tables = [
      ...[rules.WITHDRAWAL, rules.RESTOCKING_FEE, rules.EXCEPTION_RULES, TAX_RECOVERY, duties, RETURN_POLICIES].flatMap(
        (some) => Object.values<RuleTable<unknown>>(some),
      ),
      AMAZON_ABROAD,
      AMAZON_RESTOCKING,
    ];
    expect(tables.flatMap(faultsOf)).toEqual([]);
    expect(new Set(tables.map(({ id }) => id)).size).toBe(tables.length);
  });
});

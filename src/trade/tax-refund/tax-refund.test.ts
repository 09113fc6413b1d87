import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Exact } from '../decimal.ts';
import { plainDate } from '../plain-date.ts';
import { faultsOf } from '../rule.ts';
import { CUSTOMS_MODES, checkMode } from './customs-modes.ts';
import { collectionDeadline, filingDocuments, receiptTableWithClaim, refundDeadlines } from './deadlines.ts';
import { checkDeemedReceipt, DEEMED_REASONS, DEEMED_RECEIPT } from './deemed-receipt.ts';
import { fobOfPrice, manufacturerRefund, tradingRefund } from './refund-amount.ts';
import { claimProcedure } from './refund-claim.ts';
import { refundRateOn } from './refund-rate.ts';
import * as rules from './rules-cn.ts';

const day = plainDate;
const TODAY = day('2026-11-25');
const ASKED = { on: TODAY, today: TODAY };

describe('the refund of a trading company', () => {
  it('is the invoice without VAT times the refund rate; the rest of the VAT is cost', () => {
    const rates = { taxRate: '0.13', refundRate: '0.09' };
    expect(tradingRefund({ ...rates, invoiceInclVat: '113000' })).toEqual({
      refund: '9000.00',
      costTransfer: '4000.00',
    });
    expect(tradingRefund({ ...rates, invoiceExVat: '0.06' })).toEqual({ refund: '0.01', costTransfer: '0.00' });
  });

  it('is, with the cost, the VAT of the invoices to the fen', () => {
    const rate = fc.integer({ min: 0, max: 1_700 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), rate, rate, (amount, a, b) => {
        const [net, taxRate] = [new Exact(amount).div(100), new Exact(Math.max(a, b)).div(10_000)];
        const refundRate = new Exact(Math.min(a, b)).div(10_000).toFixed(4);
        const answer = tradingRefund({ taxRate: taxRate.toFixed(4), refundRate, invoiceExVat: net.toFixed(2) });
        const { refund, costTransfer } = answer;
        expect(new Exact(refund).plus(costTransfer).toFixed(2)).toBe(net.times(taxRate).toFixed(2));
        expect([refund, costTransfer].some((each) => each.startsWith('-'))).toBe(false);
      }),
    );
    expect(tradingRefund({ taxRate: '0.13', refundRate: '0.09', invoiceExVat: '0.05' })).toEqual({
      refund: '0.00',
      costTransfer: '0.01',
    });
  });

  it('refuses a refund above the tax, invoices that disagree, and none', () => {
    expect(() => tradingRefund({ taxRate: '0.09', refundRate: '0.13', invoiceExVat: '1' })).toThrow('refundRate');
    expect(() => tradingRefund({ taxRate: '13', refundRate: '9', invoiceExVat: '1' })).toThrow('taxRate');
    const rates = { taxRate: '0.13', refundRate: '0.13' };
    expect(() => tradingRefund({ ...rates, invoiceExVat: '100', invoiceInclVat: '114' })).toThrow('does not agree');
    expect(() => tradingRefund(rates)).toThrow('invoiceExVat');
  });
});

describe('the refund of a manufacturer', () => {
  const plain = { outputVat: '102000', inputVat: '160000', taxRate: '0.17', refundRate: '0.13', fobCny: '1000000' };

  it('follows the four cases: credit left, materials, cap, tax payable', () => {
    expect(manufacturerRefund(plain, ASKED)).toMatchObject({
      nonCreditable: '40000.00',
      taxPayable: '-18000.00',
      refundCap: '130000.00',
      refund: '18000.00',
      exemptCredit: '112000.00',
      carryForward: '0.00',
      surchargeBase: '112000.00',
    });
    expect(manufacturerRefund({ ...plain, dutyFreeMaterials: '200000' }, ASKED)).toMatchObject({
      nonCreditable: '32000.00',
      taxPayable: '-26000.00',
      refund: '26000.00',
      exemptCredit: '78000.00',
    });
    expect(manufacturerRefund({ ...plain, previousCredit: '150000' }, ASKED)).toMatchObject({
      taxPayable: '-168000.00',
      refund: '130000.00',
      exemptCredit: '0.00',
      carryForward: '38000.00',
    });
    const payable = { ...plain, outputVat: '300000', inputVat: '100000', taxRate: '0.13', refundRate: '0.09' };
    expect(manufacturerRefund(payable, ASKED)).toMatchObject({
      taxPayable: '240000.00',
      refund: '0.00',
      exemptCredit: '90000.00',
      surchargeBase: '330000.00',
    });
  });

  it('takes FOB in another currency at the rate fixed, and refuses two that disagree', () => {
    const abroad = { ...plain, fobCny: undefined, fobForeign: '200000', fx: '7.10' };
    expect(manufacturerRefund(abroad, ASKED).refundCap).toBe('184600.00');
    expect(() => manufacturerRefund({ ...abroad, fobCny: '1420001' }, ASKED)).toThrow('which is 1420000.00');
    expect(() => manufacturerRefund({ ...abroad, fx: undefined }, ASKED)).toThrow('fobCny');
  });

  it('keeps its laws for any figures: refund + 免抵 = cap, refund ≤ credit left, nothing negative', () => {
    const amount = fc.integer({ min: 0, max: 1_000_000_000 }).map((fen) => new Exact(fen).div(100).toFixed(2));
    const rates = fc.tuple(fc.integer({ min: 0, max: 17 }), fc.integer({ min: 0, max: 17 }));
    fc.assert(
      fc.property(amount, amount, amount, amount, amount, rates, (fob, output, input, previous, materials, [a, b]) => {
        const answer = manufacturerRefund(
          {
            fobCny: fob,
            outputVat: output,
            inputVat: input,
            previousCredit: previous,
            dutyFreeMaterials: materials,
            taxRate: String(Math.max(a, b) / 100),
            refundRate: String(Math.min(a, b) / 100),
          },
          ASKED,
        );
        const { refund, exemptCredit, refundCap, taxPayable, carryForward, nonCreditable, surchargeBase } = answer;
        expect(new Exact(refund).plus(exemptCredit).eq(refundCap)).toBe(true);
        const left = Exact.max(new Exact(taxPayable).negated(), 0);
        expect(new Exact(refund).plus(carryForward).eq(left)).toBe(true);
        for (const each of [refund, exemptCredit, refundCap, carryForward, nonCreditable, surchargeBase])
          expect(each.startsWith('-')).toBe(false);
      }),
    );
  });

  it('is calculated from FOB: freight and insurance are deducted from a CIF price', () => {
    expect(fobOfPrice({ basis: 'CIF', price: '1000', freight: '80', insurance: '5' })).toBe('915');
    expect(fobOfPrice({ basis: 'CFR', price: '1000', freight: '80' })).toBe('920');
    expect(fobOfPrice({ basis: 'FOB', price: '1000' })).toBe('1000');
    expect(() => fobOfPrice({ basis: 'CIF', price: '1000', freight: '80' })).toThrow('insurance');
    expect(() => fobOfPrice({ basis: 'CFR', price: '80', freight: '80' })).toThrow('leave nothing');
  });
});

describe('the refund rate', () => {
  it('turns on the export date', () => {
    const rate = (product: string, on: string) => refundRateOn(product, day(on), TODAY).refundRate;
    const days = ['2024-11-30', '2024-12-01', '2026-03-31', '2026-04-01', '2026-12-31', '2027-01-01'];
    expect(days.map((on) => rate('battery', on))).toEqual(['0.13', '0.09', '0.09', '0.06', '0.06', '0']);
    expect(days.map((on) => rate('pv', on))).toEqual(['0.13', '0.09', '0.09', '0', '0', '0']);
    expect(['2024-11-30', '2024-12-01'].map((on) => rate('aluminum', on))).toEqual(['0.13', '0']);
    expect(rate('copper', '2024-12-01')).toBe('0');
  });

  it('is never a neighbour’s: an unknown product or day has no row', () => {
    for (const [product, on] of [
      ['toys', '2026-05-01'],
      ['', '2026-05-01'],
      ['constructor', '2026-05-01'],
      ['battery', '2018-01-01'],
      ['copper', '2024-11-30'],
      ['non-metallic-minerals', '2026-04-01'],
    ] as const)
      expect(() => refundRateOn(product, day(on), TODAY)).toThrow('no row');
  });

  it('says that it applies to the codes of a list, what was not read, and what is due for review', () => {
    const codes = (product: string, on: string, today = TODAY) =>
      refundRateOn(product, day(on), today).notices.map(({ code }) => code);
    expect(codes('battery', '2026-06-01')).toEqual(['advice']);
    // … and that it is to be reviewed before the requested day.
    expect(codes('battery', '2027-01-01')).toEqual(['advice', 'advice']);
    expect(codes('battery', '2027-01-01', day('2027-01-01'))).toEqual(['review_overdue', 'advice']);
    // The announcement that cancels the refund does not state the previous rate.
    expect(codes('aluminium', '2024-11-30')).toEqual(['unverified', 'advice']);
  });
});

describe('the deadlines', () => {
  it('are 30 April of the next year and the corresponding day after 36 months', () => {
    const of = (on: string) => {
      const { fileAndCollectBy, last36Months, deemedDomesticRuleApplies } = refundDeadlines(day(on), TODAY);
      return [fileAndCollectBy, last36Months, deemedDomesticRuleApplies];
    };
    expect(of('2025-06-10')).toEqual(['2026-04-30', '2028-06-10', false]);
    expect(of('2025-12-31')).toEqual(['2026-04-30', '2028-12-31', false]);
    expect(of('2026-01-01')).toEqual(['2027-04-30', '2029-01-01', true]);
    expect(of('2026-12-31')).toEqual(['2027-04-30', '2029-12-31', true]);
    expect(of('2028-02-29')).toEqual(['2029-04-30', '2031-02-28', true]);
    expect(refundDeadlines(day('2026-12-31'), TODAY)).toMatchObject({
      filingOpens: '2027-01-01',
      deemedDomesticFrom: '2030-01-01',
    });
    expect(() => of('2011-01-01')).toThrow('no row');
  });

  it('say that the 36 months are our reading, and that a claim goes in before the last filing period ends', () => {
    const { notices } = refundDeadlines(day('2026-03-15'), TODAY);
    expect(notices.map(({ code }) => code)).toEqual(['unverified', 'advice']);
    expect(notices.at(-1)?.message).toContain('VAT filing period');
    expect(collectionDeadline(day('2026-03-15'), null, TODAY).notices.map(({ code }) => code)).toEqual(['unverified']);
  });

  it('follow a later contract, up to 36 months', () => {
    const by = (final: string | null) =>
      collectionDeadline(day('2026-03-15'), final === null ? null : day(final), TODAY).collectBy;
    expect([null, '2026-12-01', '2027-04-30', '2027-05-01', '2028-06-30', '2029-03-15', '2029-03-16'].map(by)).toEqual([
      '2027-04-30',
      '2027-04-30',
      '2027-04-30',
      '2027-05-01',
      '2028-06-30',
      '2029-03-15',
      '2029-03-15',
    ]);
  });

  it('give fifteen days for the filing documents, kept ten years since 2026', () => {
    expect(filingDocuments(day('2026-05-12'), TODAY)).toMatchObject({
      filingDocumentsBy: '2026-05-27',
      keepYears: 10,
      keepUntil: '2036-05-12',
    });
    expect(filingDocuments(day('2025-12-31'), TODAY)).toMatchObject({ filingDocumentsBy: '2026-01-15', keepYears: 5 });
    expect(['2022-05-01', '2022-04-30'].map((on) => filingDocuments(day(on), TODAY).notices.length)).toEqual([0, 1]);
    expect(() => filingDocuments(day('2012-06-30'), TODAY)).toThrow('no row');
  });

  it('make class 4, false papers and late claims submit the table of receipts', () => {
    const facts = {
      exportDate: day('2026-03-15'),
      filedOn: day('2026-06-01'),
      companyClass: 2 as const,
      falsePapersNotice: null,
    };
    const submit = (over: Partial<Parameters<typeof receiptTableWithClaim>[0]>) =>
      receiptTableWithClaim({ ...facts, ...over }, TODAY).submit;
    expect(submit({})).toBe(false);
    expect(submit({ companyClass: 4 })).toBe(true);
    expect(submit({ falsePapersNotice: day('2024-06-02') })).toBe(true);
    expect(submit({ falsePapersNotice: day('2024-06-01') })).toBe(false);
    expect([day('2027-04-30'), day('2027-05-01')].map((filedOn) => submit({ filedOn }))).toEqual([false, true]);
    expect(receiptTableWithClaim(facts, TODAY).notices.map(({ code }) => code)).toEqual(['unverified']);
  });
});

describe('the way of a claim', () => {
  const question = {
    paper: 'special-vat-invoice',
    mode: '9810',
    sale: 'overseas-warehouse',
    exportDate: day('2026-03-15'),
    sold: false,
  } as const;

  it('is a pre-refund for unsold stock in an overseas warehouse, from 2025-01-27 on', () => {
    expect(claimProcedure(question, TODAY).preRefund?.claimType).toBe('HWC-YT');
    expect(claimProcedure(question, TODAY).preRefund?.settle).toContain('30 April of the next year');
    expect(claimProcedure({ ...question, sold: true }, TODAY).preRefund).toBeNull();
    expect(() => claimProcedure({ ...question, exportDate: day('2025-01-26') }, TODAY)).toThrow('no row');
  });

  it('is exemption without refund for goods bought without an invoice', () => {
    expect(claimProcedure({ ...question, paper: 'none' }, TODAY)).toMatchObject({
      treatment: 'exempt',
      preRefund: null,
    });
  });

  it('warns of a customs mode that does not fit the sale, and knows no other codes', () => {
    expect(checkMode('9710', 'b2c-direct', TODAY, TODAY)).toMatchObject({ fits: false });
    expect(checkMode('9710', 'b2c-direct', TODAY, TODAY).notices.at(-1)?.message).toContain('9610');
    expect(checkMode('9610', 'b2c-direct', TODAY, TODAY).fits).toBe(true);
    expect(checkMode('1239', 'bonded-stock', TODAY, TODAY).fits).toBe(false);
    expect(checkMode('9710', 'b2b-direct', TODAY, TODAY)).toMatchObject({ fits: true, notices: [] });
    for (const code of ['9999', '__proto__', 'constructor'])
      expect(() => checkMode(code, 'b2c-direct', TODAY, TODAY)).toThrow('no row');
  });

  it('counts as received only with every proof', () => {
    const all = checkDeemedReceipt('quality-claim', [], ASKED).missing;
    expect(all.length).toBeGreaterThan(1);
    expect(checkDeemedReceipt('quality-claim', all.slice(1), ASKED)).toMatchObject({
      accepted: false,
      missing: all.slice(0, 1),
    });
    for (const reason of DEEMED_REASONS) {
      const { missing, accepted } = checkDeemedReceipt(reason, [], ASKED);
      expect([accepted, checkDeemedReceipt(reason, missing, ASKED).accepted]).toEqual([false, true]);
    }
  });
});

describe('the tables', () => {
  it('have no faults and ids of their own', () => {
    const { REFUND_RATES, REFUND_GROUPS, FILING_PAPERS: _, ...others } = rules;
    const tables = [
      ...REFUND_GROUPS.map((group) => REFUND_RATES[group]),
      ...Object.values(others),
      ...CUSTOMS_MODES.values(),
      DEEMED_RECEIPT,
    ];
    expect(tables.flatMap(faultsOf)).toEqual([]);
    expect(new Set(tables.map(({ id }) => id)).size).toBe(tables.length);
  });
});

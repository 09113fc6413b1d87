import { describe, expect, it } from 'vitest';
import { plainDate } from '../plain-date.ts';
import { readCredit } from './credit.ts';
import type { Credit } from './credit-terms.ts';
import { examinePresentation } from './examine-presentation.ts';
import { reviewCredit } from './review-credit.ts';
import { reviewTransfer } from './review-transfer.ts';
import { SalesContract } from './sales-contract.ts';
import { SAMPLE_MT720, SAMPLE_TRANSFERABLE } from './testing/sample-credit.ts';
import { insurance, invoice, lading } from './testing/sample-presentation.ts';

const TODAY = plainDate('2026-09-10');
const creditOf = (text: string): Credit => {
  const { credit } = readCredit(text, { on: TODAY, today: TODAY });
  if (!credit) throw new Error('a sample is a credit');
  return credit;
};
const original = creditOf(SAMPLE_TRANSFERABLE);
const moved = creditOf(SAMPLE_MT720);
const codes = (change: Partial<Credit>, of: Partial<Credit> = {}) =>
  reviewTransfer({ ...original, ...of }, { ...moved, ...change }, { today: TODAY }).findings.map(
    ({ code, severity, field }) => `${code} ${severity} ${field}`,
  );
const goods = (price: string) => (moved.goods ?? []).map((line) => line.replace('4.00', price));
const documents = (perCent: string) => (moved.documents ?? []).map((line) => line.replace('137.50', perCent));

describe('a transfer against its credit', () => {
  it('may reduce amount, price and times and raise the insurance (art. 38(g))', () => {
    const review = reviewTransfer(original, moved, { today: TODAY });
    expect([review.findings, review.acceptable, review.notices]).toEqual([[], true, []]);
  });

  const cases: [string, Partial<Credit>, Partial<Credit>, string[]][] = [
    ['a credit that is not transferable', {}, { form: 'IRREVOCABLE' }, ['NOT_TRANSFERABLE must 40A']],
    ['a second transfer', {}, { transfer: moved.transfer }, ['TRANSFERRED_TWICE must 40B']],
    ['another credit', { number: 'OTHER' }, {}, ['OTHER_CREDIT must 21']],
    ['another first beneficiary', { applicant: ['SOMEBODY'] }, {}, ['FIRST_BENEFICIARY should 50']],
    ['another currency', { currency: 'EUR' }, {}, ['CURRENCY must 32B']],
    ['the same amount', { amount: '100000.00' }, {}, []],
    ['a cent more', { amount: '100000.01' }, {}, ['AMOUNT_RAISED must 32B']],
    ['the same price', { goods: goods('5.00'), documents: documents('110') }, {}, []],
    ['a higher price', { goods: goods('5.01') }, {}, ['UNIT_PRICE_RAISED must 45A']],
    ['the same expiry', { expiry: original.expiry }, {}, []],
    [
      'a later expiry',
      { expiry: { date: plainDate('2026-11-16'), place: 'SHANGHAI' } },
      {},
      ['EXPIRY_EXTENDED must 31D'],
    ],
    ['the same shipment', { latestShipment: original.latestShipment }, {}, []],
    ['later shipment', { latestShipment: plainDate('2026-11-01') }, {}, ['SHIPMENT_EXTENDED must 44C']],
    ['no end of shipment', { latestShipment: null }, {}, ['SHIPMENT_EXTENDED must 44C']],
    [
      'shipment before its period',
      { latestShipment: null, shipmentPeriod: ['FROM 1 OCTOBER 2026 TO 20 OCTOBER 2026'] },
      { latestShipment: null, shipmentPeriod: ['SECOND HALF OF OCTOBER 2026'] },
      ['SHIPMENT_EXTENDED must 44D'],
    ],
    ['an unclear period', { latestShipment: null, shipmentPeriod: ['SOON'] }, {}, ['SHIPMENT_UNREAD note 44D']],
    ['16 days', { presentation: { days: 16, after: null } }, {}, ['PRESENTATION_EXTENDED must 48']],
    ['silence, 21 days', { presentation: null }, {}, ['PRESENTATION_EXTENDED must 48']],
    ['less insurance', { documents: documents('100') }, {}, ['INSURANCE_LOWERED must 46A']],
    ['insurance that no longer covers', { documents: documents('137.49') }, {}, ['INSURANCE_SHORT should 46A']],
    ['a lost confirmation', {}, { confirmation: 'CONFIRM' }, ['CONFIRMATION_LOST must 40B']],
    ['another port', { discharge: 'ANTWERP, BELGIUM' }, {}, ['TERM_CHANGED must 44F']],
    ['another tenor', { draftsAt: ['AT SIGHT'] }, {}, ['TERM_CHANGED must 42C']],
    ['partial shipments', { partialShipments: 'ALLOWED' }, {}, ['TERM_CHANGED must 43P']],
    ['another tolerance', { tolerance: { plus: 10, minus: 5 } }, {}, ['TERM_CHANGED must 39A']],
    ['a condition more', { conditions: ['+MORE'] }, {}, ['COMPARE note 47A']],
  ];
  it.each(cases)('%s', (_, change, of, expected) => {
    expect(codes(change, of)).toEqual(expected);
  });

  it('is refused for a credit that was not transferred', () => {
    expect(() => reviewTransfer(original, original, { today: TODAY })).toThrow('transfer: is no transferred credit');
  });
});

describe('a transferred credit', () => {
  const contract = SalesContract.parse({
    number: 'NS-2026-118',
    signed: '2026-08-01',
    currency: 'USD',
    amount: '80000.00',
    tolerance: null,
    seller: { name: 'Hangzhou Demo Mill Co., Ltd.', country: 'CN', places: ['SHANGHAI', 'CHINA'] },
    buyer: { name: 'Ningbo Sample Textile Co., Ltd.', country: 'CN', places: ['NINGBO'] },
    goods: { description: 'Cotton T-shirts', quantity: '20000', unit: 'PCS', unitPrice: '4.00' },
    incoterm: { code: 'CIF', place: 'Le Havre' },
    loading: 'Ningbo',
    discharge: 'Le Havre',
    plannedShipment: '2026-10-15',
    shipmentBuffer: 10,
    presentationDays: 10,
    creditDue: '2026-09-15',
    tenor: '60 days after B/L date',
    availableBy: ['BY NEGOTIATION'],
    confirmed: false,
    chargesAbroad: 'seller',
    partialShipments: false,
    transhipment: true,
  });

  it('is reviewed like any other, against the contract of the second beneficiary with the first', () => {
    const review = (change: Partial<Credit>, wanted: Partial<SalesContract> = {}) =>
      reviewCredit({ ...moved, ...change }, { ...contract, ...wanted }, { today: TODAY }).findings.map(
        ({ code, severity }) => `${code} ${severity}`,
      );
    expect(review({})).toEqual(['TRANSFERRED note']);
    expect(review({ amount: '79999.99' })).toEqual(['AMOUNT_SHORT must', 'TRANSFERRED note']);
    expect(review({}, { confirmed: true })).toEqual(['CONFIRMATION_MISSING must', 'TRANSFERRED note']);
    const adding = { ...moved.transfer, confirmation: 'ADDING OUR CONFIRMATION' as const };
    expect(moved.transfer && review({ transfer: { ...moved.transfer, ...adding } }, { confirmed: true })).toEqual([
      'TRANSFERRED note',
    ]);
  });

  it('takes an invoice of the second beneficiary to the first (art. 38(g))', () => {
    const papers = {
      invoice: {
        ...invoice,
        amount: '80000.00',
        unitPrice: '4.00',
        issuer: 'HANGZHOU DEMO MILL CO LTD',
        addressee: 'NINGBO SAMPLE TEXTILE CO., LTD.',
      },
      lading: { ...lading, shipped: '2026-10-20', notify: 'NINGBO SAMPLE TEXTILE CO., LTD.' },
      insurance: { ...insurance, date: '2026-10-19' },
    };
    const { discrepancies } = examinePresentation(
      { ...moved, documents: (moved.documents ?? []).slice(0, 4) },
      {
        documents: Object.values(papers),
        presented: '2026-10-28',
        calendar: { weekend: ['Sat', 'Sun'], closed: [], openDays: [] },
      },
      TODAY,
    );
    expect(discrepancies).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { plainDate } from '../plain-date.ts';
import { readCredit } from './credit.ts';
import type { Credit } from './credit-terms.ts';
import { reviewCredit } from './review-credit.ts';
import { SalesContract } from './sales-contract.ts';
import { SAMPLE_MT700 } from './testing/sample-credit.ts';

const TODAY = plainDate('2026-09-03');
const creditOf = (change: Partial<Credit> = {}): Credit => {
  const { credit } = readCredit(SAMPLE_MT700, { on: TODAY, today: TODAY });
  if (!credit) throw new Error('the sample is a credit');
  return { ...credit, ...change };
};
const contract = SalesContract.parse({
  number: 'NS-2026-118',
  signed: '2026-08-01',
  currency: 'USD',
  amount: '100000.00',
  tolerance: null,
  seller: { name: 'Ningbo Sample Textile Co., Ltd.', country: 'CN', places: ['SHANGHAI', 'NINGBO', 'CHINA'] },
  buyer: { name: 'Maison Exemple SARL', country: 'FR', places: ['LYON', 'FRANCE'] },
  goods: { description: 'Cotton T-shirts', quantity: '20000', unit: 'PCS', unitPrice: '5.00' },
  incoterm: { code: 'CIF', place: 'Le Havre' },

  loading: 'Ningbo',
  discharge: 'Le Havre',
  plannedShipment: '2026-10-20',
  shipmentBuffer: 10,
  presentationDays: 15,
  creditDue: '2026-09-05',
  tenor: '60 days after B/L date',
  availableBy: ['BY NEGOTIATION'],
  confirmed: false,
  chargesAbroad: 'seller',
  partialShipments: false,
  transhipment: true,
});

const review = (change: Partial<Credit> = {}, wanted: Partial<SalesContract> = {}) =>
  reviewCredit(creditOf(change), { ...contract, ...wanted }, { today: TODAY });
const codes = (...given: Parameters<typeof review>) =>
  review(...given).findings.map(({ code, severity }) => `${code} ${severity}`);

describe('a credit against its contract', () => {
  it('that agrees has no finding', () => {
    expect(review()).toMatchObject({ findings: [], acceptable: true });
  });

  const bank = (option: 'A' | 'D', line: string) => ({
    with: { option, lines: [line] },
    by: 'BY NEGOTIATION' as const,
  });
  const cases: [string, Partial<Credit>, Partial<SalesContract>, string[]][] = [
    [
      'beneficiary',
      { beneficiary: { account: null, lines: ['NINGBO SIMPLE TEXTILE'] } },
      {},
      ['BENEFICIARY_NAME must'],
    ],
    ['applicant', { applicant: ['MAISON AUTRE SARL'] }, {}, ['APPLICANT_NAME must']],
    ['currency', { currency: 'EUR' }, {}, ['CURRENCY must']],
    ['amount', { amount: '99999.99' }, {}, ['AMOUNT_SHORT must']],
    [
      'tolerance',
      { tolerance: null },
      { tolerance: { plus: 5, minus: 5 } },
      ['TOLERANCE_SHORT should', 'TOLERANCE_DOWN should'],
    ],
    ['quantity tolerance', {}, { tolerance: { plus: 5, minus: 5 } }, ['QUANTITY_TOLERANCE should']],
    ['Incoterms rule', {}, { incoterm: { code: 'CIF', place: 'Antwerp' } }, ['INCOTERM must']],
    [
      'insurance under FOB',
      {},
      { incoterm: { code: 'FOB', place: 'Ningbo' } },
      ['INCOTERM must', 'INSURANCE_NOT_DUE must', 'FREIGHT_MARK must'],
    ],
    ['ports', { loading: 'SHANGHAI' }, {}, ['PORT_OF_LOADING must']],
    ['any port', { loading: 'ANY PORT IN CHINA' }, {}, []],
    ['latest shipment', { latestShipment: plainDate('2026-10-29') }, {}, ['LATEST_SHIPMENT must']],
    ['expiry', { expiry: { date: plainDate('2026-11-14'), place: 'SHANGHAI' } }, {}, ['EXPIRY_SHORT must']],
    ['presentation', { presentation: { days: 10, after: null } }, {}, ['PRESENTATION_SHORT must']],
    ['silence on presentation', { presentation: null }, {}, []],
    ['place of expiry', { expiry: { date: plainDate('2026-11-15'), place: 'LYON' } }, {}, ['EXPIRY_PLACE should']],
    [
      'soft clause',
      { conditions: ['+INSPECTION CERTIFICATE SIGNED BY APPLICANT IS REQUIRED'] },
      {},
      ['SIGNED_BY_APPLICANT must', 'INSPECTION_BY_BUYER must'],
    ],
    ['licence', { conditions: ['+THIS CREDIT IS SUBJECT TO IMPORT LICENCE'] }, {}, ['IMPORT_LICENCE must']],
    ['inoperative', { conditions: ['+THIS CREDIT IS NOT OPERATIVE UNTIL WE SAY SO'] }, {}, ['NOT_OPERATIVE must']],
    [
      'a bill to the buyer',
      { documents: ['+2/3 ORIGINAL BILLS OF LADING', '+1/3 ORIGINAL B/L SENT DIRECTLY TO APPLICANT'] },
      {},
      ['ORIGINAL_BL_TO_APPLICANT must'],
    ],
    ['confirmation', {}, { confirmed: true }, ['CONFIRMATION_MISSING must']],
    ['may add', { confirmation: 'MAY ADD' }, { confirmed: true }, ['CONFIRMATION_OPEN should']],
    ['confirmation not needed', { confirmation: 'CONFIRM' }, {}, ['CONFIRMATION_COST note']],
    ['charges', {}, { chargesAbroad: 'buyer' }, ['CHARGES should']],
    ['availability', { available: { ...bank('D', 'ANY BANK'), by: 'BY PAYMENT' } }, {}, ['AVAILABLE_BY must']],
    ['buyer’s bank', { available: bank('A', 'TESTFRPP') }, {}, ['AVAILABLE_WITH should']],
    ['seller’s bank', { available: bank('A', 'TESTCNSH') }, {}, []],
    ['tenor', { draftsAt: ['90 DAYS AFTER B/L DATE'] }, {}, ['TENOR must']],
    ['unread tenor', { draftsAt: ['WHEN THE BUYER LIKES'] }, {}, ['TENOR_UNREAD should']],
    ['partial', {}, { partialShipments: true }, ['PARTIAL_SHIPMENTS must']],
    ['transhipment', { transhipment: 'NOT ALLOWED' }, {}, ['TRANSHIPMENT should']],
    ['rules', { rules: { version: 'OTHR', narrative: null } }, {}, ['RULES must']],
    ['contract number', {}, { number: 'NS-2026-119' }, ['CONTRACT_NUMBER should']],
    ['quantity', {}, { goods: { ...contract.goods, quantity: '21000' } }, ['QUANTITY must']],
    ['unit price', {}, { goods: { ...contract.goods, unitPrice: '5.10' } }, ['UNIT_PRICE must']],
    ['unit of quantity', { goods: ['20,000 SETS', 'CIF LE HAVRE'] }, {}, ['QUANTITY_UNIT should']],
    ['parts of a quantity', { goods: ['20,000 PCS: 12,000 PCS RED, 8,000 PCS BLUE', 'CIF LE HAVRE'] }, {}, []],
    ['currency of the price', { goods: ['20,000 PCS AT EUR 5.00 PER PC', 'CIF LE HAVRE'] }, {}, ['UNIT_PRICE must']],
    [
      'unit of the price',
      { goods: ['20,000 PCS AT USD 60.00 PER DOZEN', 'CIF LE HAVRE'] },
      {},
      ['UNIT_PRICE_UNIT should'],
    ],
    ['no contract number', { goods: ['20,000 PCS AS PER CONTRACT DATED AUGUST', 'CIF LE HAVRE'] }, {}, []],
    ['no day of shipment', { latestShipment: null }, {}, []],
    [
      'no day of shipment and an early expiry',
      { latestShipment: null, expiry: { date: plainDate('2026-11-13'), place: 'SHANGHAI' } },
      {},
      ['EXPIRY_SHORT must'],
    ],
    ['shipment period', { latestShipment: null, shipmentPeriod: ['SOMETIME'] }, {}, ['SHIPMENT_PERIOD_UNCLEAR must']],
  ];
  it.each(cases)('%s', (_, change, wanted, expected) => {
    expect(codes(change, wanted)).toEqual(expected);
  });

  it('says what to request, and is not acceptable while something must change', () => {
    const { findings, acceptable } = review({ latestShipment: plainDate('2026-10-29') });
    expect(acceptable).toBe(false);
    expect(findings[0]).toMatchObject({ field: '44C', ask: 'a latest date of shipment of 2026-10-30 or later' });
  });

  it('that has expired, or is about to, says so', () => {
    const late = reviewCredit(creditOf(), contract, { today: plainDate('2026-11-16') });
    expect(late.findings.map(({ code }) => code)).toEqual(['EXPIRED']);
    expect(reviewCredit(creditOf(), contract, { today: plainDate('2026-11-10') }).findings[0]?.code).toBe(
      'EXPIRY_NEAR',
    );
  });
});

import { describe, expect, it } from 'vitest';
import { DISCREPANCIES, WARNINGS } from './discrepancies.ts';
import { goodsTerms } from './goods.ts';
import { requiredDocuments } from './required-documents.ts';
import {
  certificate,
  codes,
  creditOf,
  type Doc,
  draft,
  examine,
  insurance,
  invoice,
  lading,
  packing,
} from './testing/sample-presentation.ts';

describe('a presentation', () => {
  it('that complies has no discrepancy, and nothing is left unexamined', () => {
    expect(examine()).toMatchObject({ discrepancies: [], warnings: [], notExamined: [], complies: true });
  });

  it('that says little is not condemned: what is unsaid is named', () => {
    const { discrepancies, notExamined } = examine({ lading: { kind: 'bill_of_lading', shipped: '2026-10-28' } });
    expect(discrepancies).toEqual([]);
    expect(notExamined.join('\n')).toContain('the port of loading on the bill of lading');
    expect(notExamined.join('\n')).toContain('the carrier on the bill of lading');
  });

  const cases: [string, Record<string, Doc | null | Doc[]>, string[]][] = [
    ['shipped late', { lading: { ...lading, shipped: '2026-11-02' } }, ['LATE_SHIPMENT']],
    ['without a date of shipment', { lading: { ...lading, shipped: null } }, ['SHIPMENT_DATE_NOT_SHOWN']],
    [
      'overdrawn',
      { invoice: { ...invoice, amount: '105000.01' }, draft: { ...draft, amount: '105000.01' } },
      ['OVERDRAWN'],
    ],
    [
      'at the tolerance',
      { invoice: { ...invoice, amount: '105000.00' }, draft: { ...draft, amount: '105000.00' } },
      [],
    ],
    [
      'underdrawn',
      { invoice: { ...invoice, amount: '94999.99' }, draft: { ...draft, amount: '94999.99' } },
      ['UNDERDRAWN'],
    ],
    [
      'short of pieces',
      { invoice: { ...invoice, quantity: { value: '19950', unit: 'PIECES' } } },
      ['QUANTITY_MISMATCH'],
    ],
    ['at another price', { invoice: { ...invoice, unitPrice: '4.99' } }, ['UNIT_PRICE']],
    ['invoiced in another currency', { invoice: { ...invoice, currency: 'EUR' } }, ['INVOICE_CURRENCY']],
    ['invoiced by another', { invoice: { ...invoice, issuer: 'OTHER CO' } }, ['INVOICE_ISSUER']],
    ['invoiced to another', { invoice: { ...invoice, addressee: 'OTHER SARL' } }, ['INVOICE_ADDRESSEE']],
    ['of other goods', { invoice: { ...invoice, goods: '500 STEEL PIPES DN50' } }, ['GOODS_MISMATCH']],
    [
      'under another rule',
      { invoice: { ...invoice, incoterm: { code: 'FOB', place: 'NINGBO' } } },
      ['INCOTERM_MISMATCH'],
    ],
    ['not signed', { invoice: { ...invoice, signed: false } }, ['NOT_SIGNED']],
    ['in too few copies', { invoice: { ...invoice, originals: 1, copies: 1 } }, ['COPIES_SHORT']],
    ['dated after presentation', { packing: { ...packing, date: '2026-11-10' } }, ['DATED_AFTER_PRESENTATION']],
    [
      'with another credit number',
      { packing: { ...packing, creditNumber: 'LCFR26090002' } },
      ['CREDIT_NUMBER_MISMATCH'],
    ],
    ['without the credit number', { packing: { ...packing, quotesCredit: false } }, ['CONDITION_47A']],
    ['without a document', { packing: null }, ['MISSING_DOCUMENT']],
    ['without the words', { certificate: { ...certificate, wording: 'Goods are good.' } }, ['WORDING_MISSING']],
    ['from another port', { lading: { ...lading, loading: 'SHANGHAI' } }, ['PORT_OF_LOADING']],
    ['to another port', { lading: { ...lading, discharge: 'ANTWERP' } }, ['PORT_OF_DISCHARGE']],
    ['with a part of the set', { lading: { ...lading, set: { presented: 2, issued: 3 } } }, ['BL_NOT_FULL_SET']],
    ['with torn cartons', { lading: { ...lading, clauses: ['2 CARTONS TORN'] } }, ['NOT_CLEAN']],
    ['said to contain', { lading: { ...lading, clauses: ["SHIPPER'S LOAD AND COUNT", 'SAID TO CONTAIN'] } }, []],
    ['on deck', { lading: { ...lading, onDeck: true } }, ['ON_DECK']],
    ['under a charter party', { lading: { ...lading, charterParty: true } }, ['CHARTER_PARTY']],
    ['without a carrier', { lading: { ...lading, carrier: null } }, ['CARRIER_NOT_NAMED']],
    ['not signed for the carrier', { lading: { ...lading, signed: false } }, ['TRANSPORT_NOT_SIGNED']],
    ['freight collect', { lading: { ...lading, freight: 'COLLECT' } }, ['FREIGHT']],
    ['consigned to the buyer', { lading: { ...lading, consignee: 'MAISON EXEMPLE SARL' } }, ['CONSIGNEE']],
    ['not endorsed', { lading: { ...lading, endorsedInBlank: false } }, ['NOT_ENDORSED']],
    ['notifying another', { lading: { ...lading, notify: 'A FORWARDER' } }, ['NOTIFY_PARTY']],
    ['by air', { lading: { kind: 'air_waybill', shipped: '2026-10-28', quotesCredit: true } }, ['TRANSPORT_KIND']],
    ['underinsured', { insurance: { ...insurance, amount: '109999.99' } }, ['INSURANCE_UNDERCOVER']],
    ['insured in euros', { insurance: { ...insurance, currency: 'EUR' } }, ['INSURANCE_CURRENCY']],
    ['insured late', { insurance: { ...insurance, date: '2026-10-29' } }, ['INSURANCE_DATED_AFTER_SHIPMENT']],
    ['insured late, covered in time', { insurance: { ...insurance, date: '2026-10-29', effective: '2026-10-28' } }, []],
    ['with a cover note', { insurance: { ...insurance, form: 'cover_note' } }, ['INSURANCE_COVER_NOTE']],
    ['insured under C', { insurance: { ...insurance, clauses: 'INSTITUTE CARGO CLAUSES (C)' } }, ['INSURANCE_RISKS']],
    [
      'with one policy of two',
      { insurance: { ...insurance, set: { presented: 1, issued: 2 } } },
      ['INSURANCE_ORIGINALS'],
    ],
    ['drawn for another amount', { draft: { ...draft, amount: '99000.00' } }, ['DRAFT_AMOUNT']],
    ['drawn at another tenor', { draft: { ...draft, tenor: '90 days after B/L date' } }, ['DRAFT_TENOR']],
    ['drawn on another', { draft: { ...draft, drawee: 'OTHERDEFF' } }, ['DRAFT_DRAWEE']],
  ];
  it.each(cases)('%s', (_, change, expected) => {
    expect(codes(change)).toEqual(expected);
  });

  it('is late after the period, expired after the expiry, and a Sunday moves both', () => {
    const onBoard = (shipped: string) => ({ lading: { ...lading, shipped } });
    expect(codes({}, { presented: '2026-11-12' })).toEqual([]);
    expect(codes({}, { presented: '2026-11-13' })).toEqual(['LATE_PRESENTATION']);
    const otherwise = creditOf({ presentation: { days: 5, after: 'AFTER INVOICE DATE' } });
    const told = examine({ lading: { ...lading, shipped: '2026-10-01' }, insurance: null }, { credit: otherwise });
    expect(told.discrepancies.map(({ code }) => code)).toEqual(['MISSING_DOCUMENT']);
    expect(told.notExamined.join()).toContain('counted “AFTER INVOICE DATE”');
    expect(codes(onBoard('2026-10-31'), { presented: '2026-11-16' })).toEqual([]);
    expect(examine(onBoard('2026-10-31'), { presented: '2026-11-16' }).warnings.map(({ code }) => code)).toEqual([
      'EXTENDED_BY_CLOSED_DAY',
    ]);
    expect(codes(onBoard('2026-10-31'), { presented: '2026-11-17' })).toEqual(['CREDIT_EXPIRED', 'LATE_PRESENTATION']);
  });

  it('over two vessels is partial, over two bills of one voyage is not, and the latest date counts', () => {
    const two = (second: object): Record<string, Doc[]> => ({
      lading: [lading, { ...lading, shipped: '2026-10-29', ...second }],
    });
    expect(codes(two({ loading: 'NINGBO PORT' }))).toEqual([]);
    expect(codes(two({ vessel: 'OTHER' }))).toEqual(['PARTIAL_SHIPMENT']);
    expect(codes(two({}), { presented: '2026-11-13' })).toEqual([]);
    expect(codes(two({ vessel: 'OTHER' }), { credit: creditOf({ partialShipments: 'ALLOWED' }) })).toEqual([]);
  });

  it('of bulk goods has 5 % of quantity and none of the amount (art. 30(b))', () => {
    const credit = creditOf({
      tolerance: null,
      amount: '900000.00',
      partialShipments: 'ALLOWED',
      documents: ['+COMMERCIAL INVOICE'],

      conditions: null,
      draftsAt: null,
      drawee: null,
      goods: ['2,000 MT OF BARITE LUMPS IN BULK AT USD 450.00 PER MT'],
    });
    const bulk = (quantity: string, amount: string, drawing?: string) => {
      const papers = {
        invoice: {
          ...invoice,
          unitPrice: '450.00',
          amount,
          quantity: { value: quantity, unit: 'MT' },
          goods: 'BARITE LUMPS',
          incoterm: undefined,
        },
      };
      return examine(
        { ...papers, packing: null, insurance: null, certificate: null, draft: null },
        { credit, ...(drawing ? { drawing } : {}) },
      );
    };
    const found = (...given: Parameters<typeof bulk>) => bulk(...given).discrepancies.map(({ code }) => code);
    expect(found('1980', '891000.00')).toEqual([]);
    expect(found('2040', '918000.00')).toEqual(['OVERDRAWN']);
    expect(found('2040', '918000.00', '900000.00')).toEqual([]);
    expect(bulk('2040', '918000.00', '900000.00').warnings.map(({ code }) => code)).toEqual(['INVOICE_ABOVE_CREDIT']);
    expect(found('2101', '945450.00', '900000.00')).toEqual(['QUANTITY_MISMATCH']);
    expect(found('1000', '450000.00')).toEqual([]);
  });

  it('has no quantity judged in a unit that is not on file', () => {
    const credit = creditOf({ goods: ['20 CONTAINERS OF SHIRTS'] });
    const { notExamined } = examine(
      { invoice: { ...invoice, quantity: { value: '20', unit: 'CONTAINERS' } } },
      { credit },
    );
    expect(notExamined.join('\n')).toContain('the quantity against 45A');
  });

  it('counts what was drawn before, and reads a shipment period', () => {
    expect(codes({}, { drawnBefore: '5000.01' })).toContain('OVERDRAWN');
    const credit = creditOf({ latestShipment: null, shipmentPeriod: ['SECOND HALF OF OCTOBER 2026'] });
    expect(codes({}, { credit })).toEqual([]);
    expect(codes({ lading: { ...lading, shipped: '2026-11-01' } }, { credit })).toEqual(['SHIPMENT_OUTSIDE_PERIOD']);
    const unclear = creditOf({ latestShipment: null, shipmentPeriod: ['WITHIN OCTOBER'] });
    expect(examine({}, { credit: unclear }).notExamined.join()).toContain('44D');
  });

  it('refuses documents that are not in form, by field', () => {
    expect(() => examine({}, { presented: '2026-02-30' })).toThrow('presentation.presented: ');
    expect(() => examine({ invoice: { ...invoice, amount: 'much' } })).toThrow('presentation.documents.0.amount: ');
  });

  it('has an article and a remedy for everything it may say', () => {
    for (const row of [...Object.values(DISCREPANCIES), ...Object.values(WARNINGS)])
      expect([row.article, row.remedy].every((text) => text.length > 2)).toBe(true);
  });
});

describe('a description of goods', () => {
  it('gives quantity, price, rule and references, and nothing uncertain', () => {
    expect(goodsTerms(creditOf().goods ?? [])).toEqual({
      quantities: [{ quantity: '20000', unit: 'PCS', about: false, tolerance: null }],
      unitPrice: { currency: 'USD', price: '5', unit: 'PC', about: false },
      incoterm: { code: 'CIF', place: 'LE HAVRE' },
      references: ['NS-2026-118'],
    });
    expect(goodsTerms(['ABOUT 500 MT +/- 5 PCT OF RICE IN 25 KG BAGS', 'FOB BANGKOK'])).toMatchObject({
      quantities: [{ quantity: '500', unit: 'MT', about: true, tolerance: { plus: 5, minus: 5 } }],
      unitPrice: null,
      incoterm: { code: 'FOB', place: 'BANGKOK' },
    });
    expect(goodsTerms(['1X40 FT CONTAINER OF TOYS, TOTAL 2.000,50 MT']).quantities).toEqual([]);
    expect(goodsTerms(['9'.repeat(20_000), '\u0301'.repeat(100)]).quantities).toEqual([]);
  });
});

describe('the documents of field 46A', () => {
  it('are distinguished, with the requirements for each', () => {
    const found = requiredDocuments([
      '1. SIGNED COMMERCIAL INVOICE IN 5 COPIES',
      '2. FULL SET OF CLEAN ON BOARD BILLS OF LADING MADE OUT TO ORDER',

      'AND BLANK ENDORSED MARKED FREIGHT COLLECT',
      '3. AIR WAYBILL CONSIGNED TO THE APPLICANT',
      '4. HALAL CERTIFICATE',
      '5. CERTIFICATE OF ORIGIN FORM E',
    ]);
    expect(found.map(({ kind }) => kind)).toEqual([
      'invoice',
      'bill_of_lading',
      'air_waybill',
      'other',
      'certificate_of_origin',
    ]);
    expect(found[0]).toMatchObject({ signed: true, count: 5 });
    expect(found[1]).toMatchObject({ fullSet: true, consignee: 'to_order', blankEndorsed: true, freight: 'COLLECT' });
    expect(found[2]?.consignee).toBe('other');
  });
});

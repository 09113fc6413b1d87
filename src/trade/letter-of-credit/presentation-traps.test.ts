import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFailure } from '#domain/failure.ts';
import { goodsTerms } from './goods.ts';
import { requiredDocuments } from './required-documents.ts';
import { certificate, codes, creditOf, draft, examine, invoice, lading } from './testing/sample-presentation.ts';
import { samePlace } from './text-compare.ts';

const unseen = (...given: Parameters<typeof examine>) => examine(...given).notExamined.join('\n');

describe('a discrepancy is not invented', () => {
  it('by a courier receipt beside the bill of lading, which shows that papers were sent', () => {
    const courier = { kind: 'courier_receipt' as const, shipped: '2026-11-05', quotesCredit: true };
    expect(codes({ courier })).toEqual([]);
    expect(codes({ lading: null, courier })).toContain('TRANSPORT_KIND');
  });

  it('by a place that one document names with its country, or a vessel with its prefix', () => {
    const two = [lading, { ...lading, discharge: 'Le Havre, France', vessel: 'M/V Demo Star' }];
    expect(codes({ lading: two })).toEqual([]);
  });

  it('by the set of an air waybill, of which only the shipper’s original is presented', () => {
    const air = creditOf({ documents: ['+AIR WAYBILL'], conditions: null, loading: null, discharge: null });
    const awb = { kind: 'air_waybill' as const, shipped: '2026-10-28', set: { presented: 1, issued: 3 } };
    expect(codes({ lading: awb }, { credit: air })).toEqual([]);
  });

  it('by two certificates of one kind, each with its own words', () => {
    const credit = creditOf({
      documents: [
        '+BENEFICIARY CERTIFICATE CERTIFYING THAT COPIES WERE SENT TO APPLICANT',
        '+BENEFICIARY CERTIFICATE CERTIFYING THAT NO WOOD WAS USED FOR PACKING',
      ],
    });
    const said = (wording: string) => ({ ...certificate, wording });
    const [copies, wood] = [said('Copies were sent to applicant.'), said('No wood was used for packing.')];
    expect(codes({ certificate: [copies, wood] }, { credit })).toEqual([]);
    expect(codes({ certificate: [copies, copies] }, { credit })).toEqual(['WORDING_MISSING']);
  });

  it('by a condition that excepts documents, forbids a number, or names an order without a number', () => {
    for (const condition of [
      '+ALL DOCUMENTS EXCEPT THE DRAFT MUST QUOTE THIS CREDIT NUMBER',
      '+ALL DOCUMENTS MUST NOT SHOW THE L/C NUMBER',
      '+ALL DOCUMENTS MADE OUT TO ORDER AND BLANK ENDORSED',
    ]) {
      const credit = creditOf({ conditions: [condition] });
      const told = { credit };
      const silent = { invoice: { ...invoice, quotesCredit: false, references: ['NONE'] } };
      expect(codes(silent, told), condition).toEqual([]);
      expect(unseen(silent, told)).toContain('additional condition');
    }
  });

  it('by an insurance measured on a price of another unit or currency', () => {
    const goods = (line: string) => creditOf({ goods: ['20,000 PCS COTTON T-SHIRTS', line, 'CIF LE HAVRE'] });
    const bare = { ...invoice, unitPrice: undefined, incoterm: undefined, goods: undefined };
    for (const line of ['USD 60.00 PER DOZEN', 'EUR 50.00 PER PC'])
      expect(codes({ invoice: bare }, { credit: goods(line) }), line).toEqual([]);
  });

  it('by two drafts that share the drawing', () => {
    const half = { ...draft, amount: '50000.00' };
    expect(codes({ draft: [half, half] })).toEqual([]);
    expect(codes({ draft: [half, { ...half, amount: '40000.00' }] })).toEqual(['DRAFT_AMOUNT', 'DRAFT_AMOUNT']);
  });

  it('by a clause that denies a defect', () => {
    const clauses = ['NO DAMAGED CARTONS'];
    const { discrepancies, warnings } = examine({ lading: { ...lading, clauses } });
    expect([discrepancies, warnings.map(({ code }) => code)]).toEqual([[], ['CLAUSE_TO_JUDGE']]);
  });

  it('nor is one hidden: of two towns whose names end alike, of places that the credit names, of a second number', () => {
    expect(samePlace('LONDON', 'EAST LONDON')).toBe(false);
    expect(samePlace('YORK', 'NEW YORK, USA')).toBe(false);
    expect(samePlace('PORT OF NINGBO', 'Ningbo, China')).toBe(true);
    const placed = creditOf({ takingInCharge: 'HANGZHOU', destination: 'LYON' });
    expect(unseen({}, { credit: placed })).toContain('the place of taking in charge on the bill of lading');
    const elsewhere = { ...lading, takingInCharge: 'SUZHOU', destination: 'Lyon, France' };
    expect(codes({ lading: elsewhere }, { credit: placed })).toEqual(['PLACE_OF_TAKING_IN_CHARGE']);
    const both = creditOf({ conditions: ['+ALL DOCUMENTS MUST QUOTE L/C NUMBER AND P/O NO. 4711'] });
    const quoted = { invoice: { ...invoice, quotesCredit: false, references: ['4711'] } };
    expect(codes(quoted, { credit: both })).toEqual(['CONDITION_47A']);
  });

  it('and everything not examined is named', () => {
    const bare = { kind: 'bill_of_lading' as const };
    const told = unseen({ lading: bare }, { credit: creditOf({ transhipment: 'NOT ALLOWED' }) });
    for (const what of ['date of shipment', 'loading on deck', 'charter party', 'transhipment', 'number of originals'])
      expect(told).toContain(what);
    expect(unseen({}, { drawnBefore: '1.00' })).toContain('the quantity together with what was shipped');
  });
});

describe('a presentation of extremes', () => {
  it('has one error for an amount below zero, and none for zero', () => {
    expect(() => examine({ invoice: { ...invoice, amount: '-1.00' } })).toThrow(
      'presentation.documents.0.amount: is negative',
    );
    expect(() => examine({}, { drawnBefore: '-1' })).toThrow('presentation.drawnBefore: is negative');
    expect(codes({ invoice: { ...invoice, amount: '0.00' }, draft: null })).toContain('UNDERDRAWN');
  });

  it('reads a description of one endless word, or in another script', () => {
    for (const word of ['X'.repeat(5_000), '纯棉短袖针织衫'.repeat(40), '\u0301'.repeat(200), '__proto__ constructor'])
      expect(() => examine({}, { credit: creditOf({ goods: [word] }) }), word.slice(0, 20)).not.toThrow();
  });

  it('fails on no text of a credit or a document but with a field and a reason, and changes none of its input', () => {
    const text = fc.oneof(fc.string({ maxLength: 80 }), fc.string({ unit: 'grapheme', maxLength: 40 }));
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), text, (lines, word) => {
        const credit = Object.freeze(creditOf({ goods: lines, documents: lines, conditions: lines, draftsAt: lines }));
        const before = JSON.stringify(credit);
        try {
          const papers = { invoice: { ...invoice, goods: `A${word}` }, lading: { ...lading, consignee: `A${word}` } };
          expect(examine(papers, { credit })).toEqual(examine(papers, { credit }));
        } catch (error) {
          if (!isFailure(error, 'invalid')) throw error;
          expect(error.message).toMatch(/^[a-z0-9A-Z.]+: /);
        }
        expect(JSON.stringify(credit)).toBe(before);
      }),
      { numRuns: 60 },
    );
  });
});

describe('what a credit says', () => {
  it('of a document is the first one it names', () => {
    const kinds = (...lines: string[]) => requiredDocuments(lines).map(({ kind }) => kind);
    expect(
      kinds(
        '+COMMERCIAL INVOICE SHOWING FREIGHT AND INSURANCE CHARGES, COVERING ALL GOODS',
        '+INVOICE CERTIFYING ORIGIN AS PER CERTIFICATE OF ORIGIN AND B/L NUMBER',
        '+FULL SET OF BILLS OF LADING, CHARTER PARTY BILLS OF LADING NOT ACCEPTABLE',
        '+CHARTER PARTY BILLS OF LADING',
        '+INSURANCE POLICY OR CERTIFICATE',
      ),
    ).toEqual(['invoice', 'invoice', 'bill_of_lading', 'charter_party_bill_of_lading', 'insurance']);
    expect(requiredDocuments(['+CERTIFICATE OF WEIGHT SHOWING AT LEAST', '20.5 MT NET']).length).toBe(1);
  });

  it('of goods takes no word for a number, and finds the place on either side of the rule’s year', () => {
    expect(goodsTerms(['TOYS AS PER CONTRACT DATED 1 MAY 2026']).references).toEqual([]);
    expect(goodsTerms(['TOYS AS PER ORDER NO. A-1']).references).toEqual(['A-1']);
    for (const line of ['CIF LE HAVRE INCOTERMS 2020', 'CIF INCOTERMS 2020 LE HAVRE', 'CIF (INCOTERMS 2020) LE HAVRE'])
      expect(goodsTerms([line]).incoterm, line).toEqual({ code: 'CIF', place: 'LE HAVRE' });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '#domain/failure.ts';
import { exponentOf, fromMinor } from '#domain/money.ts';
import { plainDate } from '../plain-date.ts';
import { faultsOf as tableFaults } from '../rule.ts';
import { disagreements, sumsOf } from './agreement.ts';
import { amountInWords } from './amount-in-words.ts';
import { figuresOf } from './figures.ts';
import { makeDocument, postalFormsOf, readShipmentRecord } from './make-document.ts';
import { missingFor } from './missing.ts';
import { DOCUMENT_KINDS, DOCUMENT_RULES, type DocumentKind } from './rules.ts';
import { ShipmentRecord, type ShipmentRecordInput } from './shipment-record.ts';
import { SHIPMENT, shipment, shipments } from './testing/shipments.ts';
import type { TradeDocument } from './trade-document.ts';

const day = plainDate;
const asOf = { on: day('2026-10-05'), today: day('2026-11-25') };
const rates = (currency: string) => ({
  sdrRate: { currency, sdrPerUnit: '0.8', date: day('2026-10-05'), source: 'IMF' },
  euroRate: { currency, unitsPerEuro: '1.1', date: day('2026-10-05'), source: 'ECB' },
});
const context = { asOf, ...rates('EUR') };

const failureOf = (act: () => unknown): Failure => {
  try {
    act();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

const faultFields = (changes: Partial<ShipmentRecordInput>): string[] =>
  figuresOf(shipment(changes)).faults.map(({ field }) => field);

const [first, second] = SHIPMENT.lines;
const [c1, c2, c3] = SHIPMENT.packages ?? [];
if (!first || !second || !c1 || !c2 || !c3) throw new Error('the example has two lines and three cartons');

describe('rule tables', () => {
  it('have rows that neither overlap nor end before they begin, and sources that were read', () => {
    for (const table of DOCUMENT_RULES) expect(tableFaults(table)).toEqual([]);
  });
});

describe('papers of one shipment', () => {
  it('can all be made from a complete record and agree', () => {
    const papers = DOCUMENT_KINDS.map((kind) => makeDocument(kind, shipment(), context));
    expect(disagreements(papers)).toEqual([]);
    expect(sumsOf(makeDocument('commercial_invoice', shipment(), context))).toEqual({
      goods: 11_994,
      goodsOnly: 11_004,
      total: 11_904,
      pieces: 15,
      packages: 3,
      netGrams: 2250,
      grossGrams: 3000,
    });
  });

  it('agree to the cent, the gram and the piece for any shipment', () => {
    fc.assert(
      fc.property(shipments, (input) => {
        const record = readShipmentRecord(input);
        expect(figuresOf(record).faults).toEqual([]);
        const given = { asOf, ...rates(record.currency) };
        const papers = DOCUMENT_KINDS.flatMap((kind): TradeDocument[] => {
          expect(missingFor(kind, record, asOf)).toEqual([]);
          // Both have a value limit; above it they say so instead.
          if (kind !== 'cn22' && kind !== 'eu_h7') return [makeDocument(kind, record, given)];
          try {
            return [makeDocument(kind, record, given)];
          } catch (error) {
            expect(error).toBeInstanceOf(Failure);
            return [];
          }
        });
        expect(papers.length).toBeGreaterThanOrEqual(9);
        expect(disagreements(papers)).toEqual([]);
        for (const paper of papers) {
          const sums = sumsOf(paper);
          const printed = (minor: number | null) => (minor === null ? null : fromMinor(minor, record.currency));
          if (paper.kind === 'commercial_invoice')
            expect([paper.goods, paper.total]).toEqual([printed(sums.goods), printed(sums.total)]);
          if (paper.kind === 'eu_h7') expect(paper.intrinsicValue).toBe(printed(sums.goodsOnly));
          if (paper.kind === 'eu_h1') expect(paper.goodsOnly).toBe(printed(sums.goodsOnly));
          if (paper.kind === 'us_entry') expect(paper.enteredValue).toBe(printed(sums.goodsOnly));
          if (paper.kind === 'cn_declaration') expect(paper.goods).toBe(printed(sums.goods));
          if ('pieces' in paper) expect(paper.pieces).toBe(sums.pieces);
          if ('netGrams' in paper) expect(paper.netGrams).toBe(sums.netGrams);
          if ('grossGrams' in paper) expect(paper.grossGrams).toBe(sums.grossGrams);
          for (const notice of paper.notices) expect(notice.message.length).toBeGreaterThan(10);
        }
      }),
      { numRuns: 100, seed: 20261125 },
    );
  });

  it('gives every line a gross of at least its net, and shares that sum to the whole', () => {
    fc.assert(
      fc.property(shipments, (input) => {
        const { figures } = figuresOf(readShipmentRecord(input));
        for (const line of figures.lines) expect(line.grossGrams ?? 0).toBeGreaterThanOrEqual(line.netGrams ?? 0);
        expect(figures.packages.reduce((sum, { valueMinor }) => sum + valueMinor, 0)).toBe(figures.goodsOnlyMinor);
        expect(figures.packages.reduce((sum, { netGrams }) => sum + (netGrams ?? 0), 0)).toBe(figures.netGrams);
      }),
      { numRuns: 100, seed: 7 },
    );
  });

  it('names what differs when papers come from different records', () => {
    const other = shipment({ charges: SHIPMENT.charges?.slice(0, 2) });
    const papers = [makeDocument('commercial_invoice', shipment(), context), makeDocument('eu_h1', other, context)];
    expect(disagreements(papers).map(({ what }) => what)).toEqual(['total']);
  });
});

describe('a record that contradicts itself', () => {
  it('is refused with each contradiction', () => {
    expect(faultFields({ packages: [c1, c2] })).toEqual(['lines[1].quantity']);
    expect(faultFields({ packages: [c1, c2, c3, { ...c3, id: 'C4' }] })).toEqual(['lines[1].quantity']);
    expect(faultFields({ packages: [c1, { ...c2, id: 'C1' }, c3] })).toEqual(['packages[1].id']);
    expect(faultFields({ lines: [first, { ...second, lineNo: 1 }] })).toContain('lines[1].lineNo');
    expect(faultFields({ packages: [c1, c2, { ...c3, grossGrams: 299 }] })).toEqual(['packages[2].grossGrams']);
    expect(faultFields({ packages: [c1, c2, { ...c3, contents: [{ lineNo: 9, quantity: 1 }] }] })).toEqual([
      'packages[2].contents[0].lineNo',
      'lines[1].quantity',
    ]);
    expect(
      faultFields({
        lines: [
          { ...first, grossGrams: 1799 },
          { ...second, grossGrams: 1201 },
        ],
      }),
    ).toEqual(['lines[0].grossGrams']);
    expect(
      faultFields({
        lines: [
          { ...first, grossGrams: 2400 },
          { ...second, grossGrams: 601 },
        ],
      }),
    ).toEqual(['packages']);
    expect(faultFields({ lines: [{ ...first, grossGrams: 2400 }, second] })).toContain('lines[1].grossGrams');
    expect(faultFields({ charges: [{ kind: 'freight', amount: '9.999' }] })).toEqual(['charges[0].amount']);
    expect(faultFields({ charges: [{ kind: 'freight', amount: '-1.00' }] })).toEqual(['charges[0].amount']);
    expect(faultFields({ charges: [{ kind: 'other', amount: '-500.00' }] })).toEqual(['charges']);
    expect(faultFields({ charges: [{ kind: 'freight', amount: '500.00', included: true }] })).toEqual(['charges']);
    expect(faultFields({ currency: 'USD' })).toEqual(['currency']);
  });

  it('accepts stated figures that are right, and names each that is not', () => {
    const right = { goods: '119.94', total: '119.04', pieces: 15, packages: 3, netGrams: 2250, grossGrams: 3000 };
    expect(faultFields({ stated: right })).toEqual([]);
    expect(faultFields({ stated: { ...right, total: '119.05' } })).toEqual(['stated.total']);
    expect(faultFields({ stated: { ...right, goods: '119.941' } })).toEqual(['stated.goods']);
    expect(faultFields({ stated: { ...right, pieces: 14, grossGrams: 3001 } })).toEqual([
      'stated.pieces',
      'stated.grossGrams',
    ]);
  });

  it('keeps the decimals of the currency: none in yen, three in dinars', () => {
    const priced = (currency: string) =>
      makeDocument(
        'commercial_invoice',
        shipment({
          currency,
          credit: null,
          charges: SHIPMENT.charges?.map((charge) => ({ ...charge, amount: '0' })) ?? [],
        }),
        context,
      ).lines.map(({ amount }) => amount);
    expect(priced('JPY')).toEqual(['60', '60']);
    expect(priced('KWD')).toEqual(['59.940', '60.000']);
    expect(exponentOf('KWD')).toBe(3);
  });

  it('never throws, however large its amounts: each is a separate contradiction', () => {
    const most = '999999999999.9999';
    const record = shipment({
      currency: 'CLF',
      stated: { goods: most, total: most },
      credit: SHIPMENT.credit ? { ...SHIPMENT.credit, currency: 'CLF', amount: most } : null,
      charges: [
        { kind: 'freight', amount: most, included: true },
        { kind: 'other', amount: `-${most}` },
      ],
    });
    expect(figuresOf(record).faults.map(({ field }) => field)).toEqual([
      'charges[0].amount',
      'charges[1].amount',
      'credit.amount',
      'stated.goods',
      'stated.total',
    ]);
    const zeros = { kind: 'freight', amount: '9999999.500000' } as const;
    expect(faultFields({ charges: [zeros] })).toEqual([]);
    expect(faultFields({ charges: [{ ...zeros, amount: '999999999999.500000' }] })).toEqual([]);
    const amount = fc.tuple(fc.bigInt(-(10n ** 12n) + 1n, 10n ** 12n - 1n), fc.nat({ max: 999_999 }));
    const text = amount.map(([whole, part]) => `${whole}.${String(part).padStart(6, '0')}`);
    fc.assert(
      fc.property(
        fc.constantFrom('EUR', 'JPY', 'KWD', 'CLF'),
        fc.array(text, { maxLength: 4 }),
        fc.array(fc.integer({ min: 1, max: 10_000_000 }), { minLength: 1, maxLength: 3 }),
        (currency, amounts, quantities) => {
          const large = shipment({
            currency,
            credit: null,
            packages: [],
            lines: quantities.map((quantity, at) => ({ ...first, lineNo: at + 1, quantity, unitPrice: '999999999.9' })),
            charges: amounts.map((each, at) => ({
              kind: at % 2 ? 'other' : 'insurance',
              amount: each,
              included: at > 1,
            })),
          });
          for (const { field, reason } of figuresOf(large).faults)
            expect(`${field}${reason}`).not.toContain('undefined');
        },
      ),
    );
  });

  it('says so in one failure that lists all', () => {
    const failure = failureOf(() => makeDocument('packing_list', shipment({ packages: [c1] }), context));
    expect(failure.code).toBe('invalid');
    expect(failure.safe).toMatchObject({ field: 'lines[0].quantity' });
    expect(failure.safe['faults']).toHaveLength(2);
  });
});

describe('an incomplete record', () => {
  const bare = ShipmentRecord.parse({
    reference: 'S1',
    currency: 'EUR',
    lines: [{ lineNo: 1, quantity: 1, unitPrice: '1' }],
  });

  it('lists every missing field for every paper', () => {
    expect(missingFor('commercial_invoice', bare, asOf)).toEqual([
      'exporter',
      'importer',
      'references.invoiceNo',
      'dates.invoice',
      'incoterm',
      'lines[0].descriptionEn',
      'lines[0].hs',
      'lines[0].hsEdition',
      'lines[0].origin',
      'reasonForExport',
    ]);
    expect(missingFor('packing_list', bare, asOf)).toContain('packages');
    for (const kind of DOCUMENT_KINDS) {
      const missing = missingFor(kind, bare, asOf);
      expect(missing.length).toBeGreaterThan(2);
      expect(failureOf(() => makeDocument(kind, bare, context)).safe['missing']).toEqual(missing);
    }
  });

  it('requires the freight split of a seller who pays the carriage, and an importer of record under DDP', () => {
    const lacks = (changes: Partial<ShipmentRecordInput>) =>
      missingFor('commercial_invoice', shipment({ charges: [], importerOfRecord: null, ...changes }), asOf);
    expect(lacks({})).toEqual(['charges.freight', 'importerOfRecord']);
    expect(lacks({ incoterm: { rule: 'CIF', place: 'Hamburg' } })).toEqual(['charges.freight', 'charges.insurance']);
    expect(lacks({ incoterm: { rule: 'FOB', place: 'Shenzhen' } })).toEqual([]);
  });

  it('names the parts of every party that a paper prints', () => {
    const nobody = { name: '', country: null };
    const lacks = (kind: DocumentKind, changes: Partial<ShipmentRecordInput>) =>
      missingFor(kind, shipment(changes), asOf);
    const parts = (field: string) => ['name', 'line1', 'city', 'country'].map((part) => `${field}.${part}`);
    expect(lacks('commercial_invoice', { consignee: nobody })).toEqual(parts('consignee'));
    expect(lacks('commercial_invoice', { importerOfRecord: nobody })).toEqual(parts('importerOfRecord'));
    expect(lacks('commercial_invoice', { notify: nobody })).toEqual(['notify.name']);
    expect(lacks('cn_declaration', { producer: nobody })).toEqual(['producer.name', 'producer.taxNumber']);
  });

  it('wants the country of arrival of a Chinese declaration, and not the name of a place for it', () => {
    const carriage = { ...SHIPMENT.carriage, destination: { name: 'Köln' } };
    expect(missingFor('cn_declaration', shipment({ carriage }), asOf)).toEqual(['carriage.destination.country']);
    const { tradeCountry, arrivalCountry, items } = makeDocument('cn_declaration', shipment(), context);
    expect([tradeCountry, arrivalCountry, items[0]?.destination]).toEqual(['DE', 'DE', 'DE']);
  });

  it('reports a missing exchange rate together with everything else that is missing', () => {
    const yen = shipment({ currency: 'JPY', credit: null, charges: [], dates: {} });
    const lacks = (kind: DocumentKind) => failureOf(() => makeDocument(kind, yen, { asOf })).safe['missing'];
    expect([lacks('cn22'), lacks('eu_h7'), lacks('cn23')]).toEqual([
      ['dates.invoice', 'sdrRate'],
      ['dates.invoice', 'euroRate'],
      ['dates.invoice'],
    ]);
    expect(missingFor('eu_h7', shipment({ dates: {} }), asOf, {})).toEqual(['dates.invoice']);
    expect(missingFor('cn22', yen, asOf)).toEqual(['dates.invoice']);
  });

  it('has a currency in force on the day, and never the decimals of another', () => {
    const paper = (currency: string, on = '2026-10-05') =>
      makeDocument('packing_list', shipment({ currency, credit: null, charges: [] }), {
        asOf: { on: day(on), today: day('2028-01-01') },
      });
    for (const currency of ['ABC', 'XXX', 'XDR', 'BGN'])
      expect(failureOf(() => paper(currency)).safe).toMatchObject({ field: 'currency', reason: 'no row' });
    expect(paper('BGN', '2025-12-31').currency).toBe('BGN');
    expect(paper('EUR').notices.map(({ code }) => code)).toEqual(['review_overdue']);
  });

  it('wants HS and origin for commercial items of mail, not for gifts', () => {
    const lines = [{ ...first, hs: null, origin: null }, second];
    const lacks = (kind: DocumentKind, reasonForExport: 'sale' | 'gift') =>
      missingFor(kind, shipment({ lines, reasonForExport }), asOf);
    for (const kind of ['cn22', 'cn23'] as const) {
      expect(lacks(kind, 'sale')).toEqual(['lines[0].hs', 'lines[0].origin']);
      expect(lacks(kind, 'gift')).toEqual([]);
    }
  });

  it('wants product identifiers in H7 from 2026-11-01, and none the day before', () => {
    const record = shipment({ lines: [{ ...first, productIds: null }, second] });
    const lacks = (on: string) => missingFor('eu_h7', record, { ...asOf, on: day(on) });
    expect(lacks('2026-10-31')).toEqual([]);
    expect(lacks('2026-11-01')).toEqual(['lines[0].productIds']);
  });

  it('wants the ten digits of the national tariff where a paper needs them', () => {
    const record = shipment({ lines: [{ ...first, hs: '610910' }, second] });
    for (const kind of ['eu_h1', 'us_entry', 'cn_declaration'] as const)
      expect(missingFor(kind, record, asOf)).toEqual(['lines[0].hs']);
    expect(missingFor('eu_h7', record, asOf)).toEqual([]);
  });

  it('refuses anything that is not a record, naming the field', () => {
    for (const [changes, field] of [
      [{ currency: 'euro' }, 'currency'],
      [{ lines: [] }, 'lines'],
      [{ lines: [{ ...first, unitPrice: '-1' }] }, 'lines.0.unitPrice'],
      [{ lines: [{ ...first, unitPrice: '1e3' }] }, 'lines.0.unitPrice'],
      [{ lines: [{ ...first, quantity: 0 }] }, 'lines.0.quantity'],
      [{ lines: [{ ...first, descriptionEn: 'two\nlines' }] }, 'lines.0.descriptionEn'],
      [{ lines: [{ ...first, descriptionEn: '\ud800' }] }, 'lines.0.descriptionEn'],
      [{ lines: [{ ...first, descriptionEn: 'x'.repeat(10_000) }] }, 'lines.0.descriptionEn'],
      [{ lines: [{ ...first, origin: 'UK' }] }, 'lines.0.origin'],
      [{ lines: [{ ...first, hs: '770000' }] }, 'lines.0.hs'],
      [{ exporter: { name: 'A', country: 'ZZ' } }, 'exporter.country'],
      [{ eu: { ioss: 'IM1' } }, 'eu.ioss'],
      [{ more: 1 }, 'shipment'],
    ] as const)
      expect(failureOf(() => readShipmentRecord({ ...SHIPMENT, ...changes })).safe['field']).toBe(field);
    for (const input of [null, 7, 'x', []]) expect(failureOf(() => readShipmentRecord(input)).code).toBe('invalid');
  });
});

describe('CN22 and CN23', () => {
  const mail = (unitPrice: string, grossGrams: number) =>
    shipment({
      currency: 'USD',
      credit: null,
      charges: [{ kind: 'freight', amount: '0' }],
      lines: [{ ...first, quantity: 1, unitPrice, netGrams: 100 }],
      packages: [{ ...c1, grossGrams, contents: [{ lineNo: 1, quantity: 1 }] }],
    });
  const formAt = (unitPrice: string, grossGrams: number, sdrPerUnit = '1') =>
    postalFormsOf(mail(unitPrice, grossGrams), {
      asOf,
      sdrRate: { currency: 'USD', sdrPerUnit, date: day('2026-10-05'), source: 'IMF' },
    })[0]?.form;

  it('take CN22 up to 300 SDR and 2 kg, both included', () => {
    expect(formAt('299.99', 1900)).toBe('cn22');
    expect(formAt('300.00', 2000)).toBe('cn22');
    expect(formAt('300.01', 1900)).toBe('cn23');
    expect(formAt('250.00', 2001)).toBe('cn23');
    expect(formAt('400.00', 1900, '0.75')).toBe('cn22');
    expect(formAt('400.01', 1900, '0.75')).toBe('cn23');
  });

  it('refuse a CN22 beyond the limits, and make a CN23 without any rate', () => {
    const expensive = failureOf(() => makeDocument('cn22', mail('375.01', 500), { asOf, ...rates('USD') }));
    expect([expensive.code, expensive.safe['field']]).toEqual(['invalid', 'packages[0]']);
    const heavy = failureOf(() => makeDocument('cn22', mail('10', 2001), { asOf, ...rates('USD') }));
    expect(heavy.safe['field']).toBe('packages[0]');
    expect(heavy.safe['reason']).toContain('300 SDR, 2 kg');
    expect(makeDocument('cn23', mail('300.01', 500), { asOf }).items).toHaveLength(1);
  });

  it('want a rate of the right currency and not of a later day', () => {
    const refusal = (sdrRate?: { currency: string; date: string }) =>
      failureOf(() =>
        makeDocument('cn22', mail('10', 500), {
          asOf,
          ...(sdrRate && { sdrRate: { ...sdrRate, date: day(sdrRate.date), sdrPerUnit: '0.7', source: 'IMF' } }),
        }),
      ).safe['field'];
    expect(refusal()).toBe('sdrRate');
    expect(refusal({ currency: 'EUR', date: '2026-10-05' })).toBe('sdrRate.currency');
    expect(refusal({ currency: 'USD', date: '2026-10-06' })).toBe('sdrRate.date');
  });
});

describe('customs declarations', () => {
  it('H7 makes one item of two SKUs with one subheading, H1 two', () => {
    const lines = [first, { ...second, hs: '6109100099' }];
    const record = shipment({ lines });
    expect(makeDocument('eu_h7', record, context).items.map(({ code, quantity }) => [code, quantity])).toEqual([
      ['610910', 15],
    ]);
    expect(makeDocument('eu_h1', record, context).items.map(({ code }) => code)).toEqual(['6109100022', '6109100099']);
  });

  it('H7 takes an intrinsic value of EUR 150.00 and refuses 150.01, excise and restricted goods', () => {
    const worth = (unitPrice: string) =>
      shipment({
        credit: null,
        charges: [{ kind: 'freight', amount: '10.00', included: true }],
        lines: [{ ...first, quantity: 1, unitPrice }],
        packages: [{ ...c1, grossGrams: 1900, contents: [{ lineNo: 1, quantity: 1 }] }],
      });
    expect(makeDocument('eu_h7', worth('160.00'), context).intrinsicValue).toBe('150.00');
    expect(failureOf(() => makeDocument('eu_h7', worth('160.01'), context)).safe['field']).toBe('lines');
    const restricted = shipment({ lines: [{ ...first, controls: ['excise'] }, second] });
    expect(failureOf(() => makeDocument('eu_h7', restricted, context)).safe['field']).toBe('lines[0].controls');
  });

  it('H7 has the relief code until 2026-06-30; from then on it says that the code is not on file', () => {
    const on = (date: string) => makeDocument('eu_h7', shipment(), { ...context, asOf: { ...asOf, on: day(date) } });
    const before = makeDocument('eu_h7', shipment(), {
      ...context,
      asOf: { on: day('2026-06-30'), today: asOf.today },
    });
    expect(before.additionalProcedures).toEqual(['C07', 'F48']);
    expect(on('2026-07-01').additionalProcedures).toEqual(['F48']);
    expect(on('2026-07-01').notices.map(({ code }) => code)).toContain('unverified');
    expect(failureOf(() => on('2021-06-30')).code).toBe('no_row');
    expect(failureOf(() => on('2028-07-01')).code).toBe('no_row');
  });

  it('says when a Chinese customs mode does not fit the sale', () => {
    const notices = (saleType: 'b2c-direct' | 'b2b-direct') =>
      makeDocument('cn_declaration', shipment({ saleType }), context).notices.filter(({ code }) => code === 'advice');
    expect(
      notices('b2b-direct')
        .map(({ message }) => message)
        .join(),
    ).not.toContain('9710');
    expect(
      notices('b2c-direct')
        .map(({ message }) => message)
        .join(),
    ).toContain('9710');
  });

  it('takes an informal US entry up to USD 2,500, and leaves the type open in another currency', () => {
    const typed = (currency: string, unitPrice: string) =>
      makeDocument(
        'us_entry',
        shipment({
          currency,
          credit: null,
          charges: [],
          lines: [{ ...first, quantity: 1, unitPrice }],
          packages: [{ ...c1, grossGrams: 1900, contents: [{ lineNo: 1, quantity: 1 }] }],
        }),
        context,
      ).entryType;
    expect(typed('USD', '2500.00')).toBe('11');
    expect(typed('USD', '2500.01')).toBe('01');
    expect(typed('EUR', '100.00')).toBe(null);
  });
});

describe('drafts under a credit', () => {
  it('are drawn for the invoice total, in the currency and under the number of the credit', () => {
    const draft = makeDocument('bill_of_exchange', shipment(), context);
    expect(draft).toMatchObject({
      amount: '119.04',
      currency: 'EUR',
      creditNumber: 'LC2026000123',
      tenor: '60 days after B/L date',
      amountInWords: 'EUROS ONE HUNDRED AND NINETEEN AND 04/100 ONLY',
    });
    expect(makeDocument('beneficiary_certificate', shipment(), context).statements).toEqual(SHIPMENT.credit?.certifies);
  });

  it('say when they are above the credit amount', () => {
    const credit = SHIPMENT.credit ? { ...SHIPMENT.credit, amount: '119.03' } : null;
    const messages = makeDocument('bill_of_exchange', shipment({ credit }), context).notices.map((n) => n.message);
    expect(messages.join()).toContain('above the credit amount');
  });

  it('write amounts in words', () => {
    expect(amountInWords(0, 'USD')).toBe('US DOLLARS ZERO ONLY');
    expect(amountInWords(123_450, 'USD')).toBe('US DOLLARS ONE THOUSAND TWO HUNDRED AND THIRTY-FOUR AND 50/100 ONLY');
    expect(amountInWords(1_000_013, 'JPY')).toBe('JAPANESE YEN ONE MILLION THIRTEEN ONLY');
    expect(amountInWords(21_005, 'KWD')).toBe('KWD TWENTY-ONE AND 005/1000 ONLY');
  });
});

import fc from 'fast-check';
import { exponentOf } from '#domain/money.ts';
import { plainDate } from '../../plain-date.ts';
import { CUSTOMS_MODES } from '../rules.ts';
import { ShipmentRecord, type ShipmentRecordInput } from '../shipment-record.ts';

type LineInput = ShipmentRecordInput['lines'][number];

const party = (name: string, nameZh: string, country: string) => ({
  name,
  nameZh,
  line1: '88 Keyuan Road',
  line2: 'Building B',
  city: 'Shenzhen',
  region: 'Guangdong',
  postalCode: '518057',
  country,
  phone: '+86 755 8000 0000',
  email: 'trade@example.com',
  eori: 'DE123456789012345',
  vat: 'DE136695976',
  taxNumber: '9144030071526726XG',
});

/** A shipment of two lines in three cartons with every field that any paper needs. */
export const SHIPMENT: ShipmentRecordInput = {
  reference: 'SHP-2026-0042',
  exporter: party('Shenzhen Qianhai Bright Trading Co., Ltd.', '深圳市前海明亮贸易有限公司', 'CN'),
  importer: { ...party('Łódź Handel GmbH', '', 'DE'), line1: 'Königstraße 12', city: 'Köln', region: '' },
  importerOfRecord: { ...party('Łódź Handel GmbH', '', 'DE'), line1: 'Königstraße 12', city: 'Köln', region: '' },
  references: { invoiceNo: 'CI-2026-0042', order: 'PO-7781', contract: 'SC-2026-19', certificateNo: 'G26400012345' },
  credit: {
    number: 'LC2026000123',
    issuedOn: plainDate('2026-09-01'),
    issuingBank: 'Commerzbank AG, Frankfurt',
    currency: 'EUR',
    amount: '200.00',
    tenor: '60 days after B/L date',
    drawee: 'Commerzbank AG, Frankfurt',
    payee: 'Bank of China, Shenzhen Branch',
    goodsDescription: ['COTTON T-SHIRTS AND WATCHES AS PER SC-2026-19'],
    certifies: ['ONE SET OF NON-NEGOTIABLE DOCUMENTS HAS BEEN SENT TO THE APPLICANT WITHIN 3 DAYS AFTER SHIPMENT'],
  },
  incoterm: { rule: 'DDP', place: 'Köln' },
  currency: 'EUR',
  lines: [
    {
      lineNo: 1,
      sku: 'TS-BLK-M',
      descriptionEn: 'T-shirts of cotton, knitted',
      descriptionZh: '针织棉制T恤衫',

      hs: '6109100022',
      hsEdition: 'HS2022',
      origin: 'CN',
      originCriterion: 'WO',
      quantity: 12,
      unitPrice: '4.995',
      netGrams: 1800,
      manufacturerId: 'CNQIABRI88SHE',
      sourcePlace: '深圳',
      productIds: { merchant: 'TS-BLK-M', manufacturer: 'QB-1001' },
    },
    {
      lineNo: 2,
      sku: 'WT-01',
      descriptionEn: 'Wrist-watches, battery operated',
      descriptionZh: '电子手表',

      hs: '9102120000',
      hsEdition: 'HS2022',
      origin: 'CN',
      originCriterion: 'RVC',
      quantity: 3,
      unitPrice: '20.00',
      netGrams: 450,
      manufacturerId: 'CNQIABRI88SHE',
      sourcePlace: '深圳',
      dangerousGoods: { un: 'UN3481', class: '9', instruction: 'PI 967' },
      productIds: { merchant: 'WT-01', manufacturer: 'QB-2001' },
    },
  ],
  packages: [
    {
      id: 'C1',
      marks: 'LODZ/KOELN/1-3',
      kind: 'CARTON',
      lengthMm: 600,
      widthMm: 400,
      heightMm: 400,
      grossGrams: 1300,
      contents: [{ lineNo: 1, quantity: 7 }],
    },
    {
      id: 'C2',
      marks: 'LODZ/KOELN/2-3',
      kind: 'CARTON',
      lengthMm: 405,
      widthMm: 300,
      heightMm: 255,
      grossGrams: 1250,
      contents: [
        { lineNo: 1, quantity: 5 },
        { lineNo: 2, quantity: 1 },
      ],
    },
    {
      id: 'C3',
      marks: 'LODZ/KOELN/3-3',
      kind: 'CARTON',
      lengthMm: 300,
      widthMm: 200,
      heightMm: 100,
      grossGrams: 450,
      contents: [{ lineNo: 2, quantity: 2 }],
    },
  ],
  charges: [
    { kind: 'freight', name: 'Freight', nameZh: '运费', amount: '9.90', included: true },
    { kind: 'insurance', name: 'Insurance', nameZh: '保险费', amount: '1.10' },
    { kind: 'other', name: 'Discount', nameZh: '折扣', amount: '-2.00' },
  ],
  carriage: {
    mode: 'sea',
    carrier: 'Evergreen',
    conveyance: 'EVER GOLDEN 0123W',
    trackingNo: '',
    billNo: 'EGLV149600001234',
    loading: { name: 'Shenzhen', code: 'CNSZX', country: 'CN' },
    discharge: { name: 'Hamburg', code: 'DEHAM', country: 'DE' },
    destination: { name: 'Köln', code: 'DECGN', country: 'DE' },
  },
  dates: { invoice: plainDate('2026-10-05'), dispatch: plainDate('2026-10-08') },
  reasonForExport: 'sale',
  saleType: 'b2b-direct',
  eu: { vatScheme: 'ioss', ioss: 'IM2760000742', previousDocument: 'NMRN 26DE123456789012T5' },
  china: { mode: '9710', exitCustoms: '深圳海关', exitPort: '盐田', exemptionNature: '一般征税' },
  us: { portOfEntry: '2704 Los Angeles' },
  originForm: 'rcep',
};

export const shipment = (changes: Partial<ShipmentRecordInput> = {}): ShipmentRecord =>
  ShipmentRecord.parse({ ...SHIPMENT, ...changes });

const CURRENCIES = ['EUR', 'USD', 'JPY', 'KWD', 'GBP'] as const;
const CODES = ['6109100022', '6109100099', '9102120000', '8517130000', '0101210000'] as const;

const price = fc
  .tuple(fc.nat({ max: 5000 }), fc.nat({ max: 9999 }))
  .map(([whole, part]) => `${whole}.${String(part).padStart(4, '0')}`);

const lineOf = (lineNo: number): fc.Arbitrary<LineInput> =>
  fc
    .record({
      unitPrice: price,
      hs: fc.constantFrom(...CODES),
      origin: fc.constantFrom('CN', 'VN', 'IT'),
      quantity: fc.integer({ min: 1, max: 500 }),
      netGrams: fc.integer({ min: 0, max: 400_000 }),
      manufacturerId: fc.constantFrom('CNQIABRI88SHE', 'VNHAN12HAN'),
    })
    .map((made) => ({
      ...SHIPMENT.lines[0],
      ...made,
      lineNo,
      sku: `SKU-${lineNo}`,
      descriptionEn: `Goods of kind ${made.hs}`,
    }));

/** Splits `quantity` at random over packages `0…count-1`; a package may get none. */
const cut = (quantity: number, count: number): fc.Arbitrary<number[]> =>
  fc.array(fc.nat({ max: quantity }), { minLength: count - 1, maxLength: count - 1 }).map((cuts) => {
    const edges = [0, ...cuts.sort((a, b) => a - b), quantity];
    return edges.slice(1).map((edge, index) => edge - (edges[index] ?? 0));
  });

const amount = (currency: string, max: number): fc.Arbitrary<string> =>
  fc.nat({ max }).map((minor) => (minor / 10 ** exponentOf(currency)).toFixed(exponentOf(currency)));

/** Consistent shipments: one to eight lines in one to five packages, with charges included in the prices and on top. */
export const shipments: fc.Arbitrary<ShipmentRecordInput> = fc
  .record({
    currency: fc.constantFrom(...CURRENCIES),
    count: fc.integer({ min: 1, max: 5 }),
    lineCount: fc.integer({ min: 1, max: 8 }),
    tare: fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 5, maxLength: 5 }),
    mode: fc.constantFrom(...CUSTOMS_MODES),
    isIncluded: fc.boolean(),
  })
  .chain(({ currency, count, lineCount, tare, mode, isIncluded }) =>
    fc
      .tuple(...Array.from({ length: lineCount }, (_, index) => lineOf(index + 1)))
      .chain((lines) =>
        fc.record({
          lines: fc.constant(lines),
          cuts: fc.tuple(...lines.map((line) => cut(line.quantity, count))),
          freight: amount(currency, 5000),
          insurance: amount(currency, 500),
        }),
      )
      .map(({ lines, cuts, freight, insurance }) => {
        const packages = tare
          .slice(0, count)
          .map((grams, at) => {
            const contents = lines.flatMap((line, index) => {
              const quantity = cuts[index]?.[at] ?? 0;
              return quantity === 0 ? [] : [{ lineNo: line.lineNo, quantity }];
            });
            const net = contents.reduce((sum, { lineNo, quantity }) => {
              const line = lines[lineNo - 1];
              return sum + Math.ceil(((line?.netGrams ?? 0) * quantity) / (line?.quantity ?? 1));
            }, 0);
            return {
              id: `C${at + 1}`,
              marks: `MARK ${at + 1}`,
              kind: 'CARTON',
              contents,
              grossGrams: net + grams,
              lengthMm: 100 + grams,
              widthMm: 333,
              heightMm: 257,
            };
          })
          .filter((pack) => pack.contents.length > 0);
        const goodsMayCarryFreight = lines.every(
          (line) => Number(line.unitPrice) * line.quantity > 60 * 10 ** (2 - exponentOf(currency)),
        );
        return {
          ...SHIPMENT,
          currency,
          lines,
          packages,
          reference: `SHP-${lines.length}-${packages.length}`,
          china: { ...SHIPMENT.china, mode },
          credit: SHIPMENT.credit ? { ...SHIPMENT.credit, currency } : null,
          charges: [
            { kind: 'freight' as const, amount: freight, included: isIncluded && goodsMayCarryFreight },
            { kind: 'insurance' as const, amount: insurance },
          ],
        };
      }),
  );

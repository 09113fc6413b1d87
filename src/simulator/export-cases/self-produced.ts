import { daysFrom, figure, MADE_UP, onPaper, type Tell } from './story.ts';

const DECLARATION = '530420269610000962';
const MAKER = onPaper(
  'Shenzhen Lumenforge Technology Co., Ltd.',
  '深圳流明工坊科技有限公司',
  ['7 Workbench Street, Longhua', 'Shenzhen', '518110', 'CN'],
  { taxNumber: '91440300MADEUP0962', email: 'export@lumenforge.example' },
);
const BUYER = onPaper('Familie Mustermann', '', ['Beispielweg 4', 'Köln', '50667', 'DE']);
const CLEARER = onPaper(
  'Rheinkontor Zollvertretung GmbH',
  '',
  ['Speicherstraße 1', 'Frankfurt am Main', '60327', 'DE'],
  {
    eori: 'DE0000009620962',
  },
);
const REACHED = {
  postalAddress: 'Speicherstraße 1, 60327 Frankfurt am Main',
  electronicAddress: 'safety@rheinkontor.example',
};

/** A brand owner sends what it makes, a lantern with a lithium battery in it, to a consumer in Germany: IOSS, data set H7, EUR 3. */
export const selfProducedExport: Tell = ({ on, sku, orderId }) => {
  const day = daysFrom(on);
  return {
    newCase: {
      number: 'EX-2026-9610',
      title: 'Camping lanterns by parcel to Germany, IOSS',
      mode: 'self_produced',
      subject: { kind: 'order', id: orderId || 'LF-2296' },
      orderId,
      skus: [sku],
      connectionIds: [],
      destination: 'DE',
    },
    facts: {
      market: {
        parties: [
          {
            id: 'buyer',
            role: 'buyer',
            party: { name: 'Familie Mustermann', kind: 'person', countries: ['DE'] },
          },
          {
            id: 'clearer',
            role: 'importer_of_record',
            party: { name: 'Rheinkontor Zollvertretung GmbH', kind: 'organisation', countries: ['DE'] },
          },
          {
            id: 'carrier',
            role: 'carrier',
            party: { name: 'Windrose Parcel Air', kind: 'organisation', countries: ['DE'] },
          },
        ],
        sheet: {
          score: '64',
          marginPct: '31.0',
          figures: [
            figure('Searches a month', '33100', day(-45)),
            figure('Price of five competitors, EUR', '24.90 to 39.90', day(-20)),
            figure('Duty and fees a parcel, EUR', '3.00', day(-20)),
          ],
        },
      },
      rights: {
        destination: { country: 'DE', foreignTradeZone: false, marketplace: null },
        products: [
          {
            sku,
            brand: 'Lumenforge',
            facts: {
              categories: ['electronics', 'batteries'],
              hs: '8513100000',
              consumer: true,
              flags: { children: false, radio: false, energyLabelled: false, cpscRegulated: false, svhc: false },
              manufacturer: {
                name: 'Shenzhen Lumenforge Technology Co., Ltd.',
                country: 'CN',

                postalAddress: '7 Workbench Street, Longhua, Shenzhen 518110',
                electronicAddress: 'safety@lumenforge.example',
              },
              responsible: [
                { role: 'gpsr', name: 'Rheinkontor Zollvertretung GmbH', country: 'DE', ...REACHED },
                { role: 'market_surveillance', name: 'Rheinkontor Zollvertretung GmbH', country: 'DE', ...REACHED },
              ],
              listing: { picture: true, type: 'Camping lantern LF-20', identifier: 'LF-20' },
              warnings: { languages: ['de'] },
              evidence: [
                { kind: 'CE', country: null, id: 'DoC-LF20-03', expires: null },
                { kind: 'BATTERY_LABEL', country: null, id: 'artwork-LF20', expires: null },
                { kind: 'BATTERY_REGISTER', country: 'DE', id: 'DE 00000962', expires: null },
                { kind: 'WEEE', country: 'DE', id: 'DE 00000962', expires: day(200) },
                { kind: 'LUCID', country: 'DE', id: 'DE0000000000962', expires: null },
              ],
              cpsc: null,
            },
          },
        ],
        needs: [
          {
            kind: 'tax_registration',
            because: 'IOSS for distance sales into the Union',
            scope: { hsPrefixes: [], countries: ['DE'], brands: [] },
          },
        ],
        licences: [
          {
            id: 'IM2760000962',
            kind: 'tax_registration',
            from: '2025-01-01',
            expires: day(400),
            scope: { hsPrefixes: [], countries: ['DE'], brands: [] },
            evidence: 'ioss-confirmation.pdf',
          },
        ],
      },
      quality: {
        lots: ['LF-LOT-31'],
        reports: [
          {
            on: day(-12),
            report: {
              standard: 'ISO2859-1',
              lot: 'LF-LOT-31',
              lotSize: 1_000,
              level: 'II',
              classes: { critical: '0', major: '1.0', minor: '2.5' },
              findings: {
                critical: { units: 80, defects: 0 },
                major: { units: 80, defects: 1 },
                minor: { units: 80, defects: 3 },
              },
            },
          },
        ],
      },
      contract: { payment: 'prepaid' },
      logistics: {
        documents: ['commercial_invoice', 'packing_list', 'eu_h7', 'cn_declaration'],
        batteries: [
          {
            mode: 'air',
            chemistry: 'lithium-ion',
            item: 'cell',
            packing: 'contained-in',
            wh: '9.62',

            stateOfCharge: '28',
            indicatedCapacity: null,
            netKg: '0.096',
            testSummaryOnFile: true,
            damaged: false,
          },
        ],
        shipment: {
          reference: 'LF-2296',
          exporter: MAKER,
          importer: BUYER,
          importerOfRecord: CLEARER,
          references: { invoiceNo: 'LF-CI-2296', order: 'LF-2296', contract: 'LF-2296', certificateNo: '' },
          incoterm: { rule: 'DDP', place: 'Köln' },
          currency: 'EUR',
          lines: [
            {
              lineNo: 1,
              sku: 'LF-20',
              descriptionEn: 'Camping lantern with built-in lithium-ion battery',
              descriptionZh: '野营灯（内置锂电池）',
              hs: '8513109000',
              hsEdition: 'HS2022',
              origin: 'CN',
              quantity: 2,
              unitPrice: '24.90',
              netGrams: 640,
              sourcePlace: '深圳',
              dangerousGoods: { un: 'UN3481', class: '9', instruction: 'PI 967 Section II' },
              productIds: { merchant: 'LF-20', manufacturer: 'LUMENFORGE-LF-20' },
            },
          ],
          packages: [
            {
              id: 'P1',
              marks: 'LF-2296',
              kind: 'CARTON',
              lengthMm: 240,
              widthMm: 160,
              heightMm: 120,
              grossGrams: 820,
              contents: [{ lineNo: 1, quantity: 2 }],
            },
          ],
          charges: [{ kind: 'freight', name: 'Air parcel', nameZh: '空运费', amount: '6.90' }],
          carriage: {
            mode: 'air',
            carrier: 'Windrose Parcel Air',
            conveyance: 'WR 962',
            billNo: '000-26009620',
            trackingNo: 'WR0009622026DE',
            loading: { name: 'Shenzhen', code: 'CNSZX', country: 'CN' },
            discharge: { name: 'Frankfurt am Main', code: 'DEFRA', country: 'DE' },
            destination: { name: 'Köln', code: 'DECGN', country: 'DE' },
          },
          dates: { invoice: day(-8), dispatch: day(-7) },
          reasonForExport: 'sale',
          saleType: 'b2c-direct',
          eu: { vatScheme: 'ioss', ioss: 'IM2760000962', previousDocument: 'NMRN 26DE0000009620962' },
          china: { mode: '9610', exitCustoms: '深圳海关', exitPort: '深圳宝安机场', exemptionNature: '一般征税' },
        },
      },
      clearance: {
        consignment: {
          jurisdiction: 'EU',
          country: 'DE',
          currency: 'EUR',
          incoterm: 'DDP',
          sale: 'b2c_distance',
          scheme: 'ioss',
          channel: 'air',
          freight: '6.90',
          shipFrom: 'CN',
          importerOfRecord: true,
          lines: [
            {
              id: 'LF-20',
              hs: '8513100000',
              origin: 'CN',
              quantity: 2,
              value: '49.80',
              weightKg: '0.82',
              layers: [{ code: 'mfn', rate: '0.057', source: MADE_UP }],
            },
          ],
        },
      },
      after_sales: { currency: 'GBP', capturedMinor: 100_000, law: 'EU', delivered: day(-14), informed: true },
      settlement: {
        claim: { paper: 'special-vat-invoice', mode: '9610', sale: 'b2c-direct', sold: true },
        file: {
          company: 'manufacturer',
          lines: [
            {
              declaration: DECLARATION,
              line: 1,
              exportDate: day(-7),
              currency: 'EUR',
              fob: '49.80',
              hs: '8513109000',
              quantity: '2',
              unit: '个',
              contract: 'LF-2296',
              claim: null,
              deemed: null,
              closed: false,
            },
          ],
          contracts: [{ number: 'LF-2296', buyer: 'Marktkontor Payments', finalPayment: null }],
          invoices: [],
          receipts: [
            {
              id: 'FX-2296',
              date: day(-1),
              currency: 'EUR',
              credited: '49.80',
              bankFee: '0.00',
              payer: 'Marktkontor Payments',
              contract: 'LF-2296',
              uses: [],
            },
          ],
          transports: [{ kind: 'air-waybill', number: '000-26009620', onBoard: day(-7), declarations: [DECLARATION] }],
        },
      },
    },
  };
};

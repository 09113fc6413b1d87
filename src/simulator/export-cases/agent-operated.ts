import { daysFrom, figure, MADE_UP, onPaper, type Tell } from './story.ts';

const DECLARATION = '514020269710001270';
const PIECES = 320;
const PRINCIPAL = onPaper(
  'Foshan Willowclay Homeware Co., Ltd.',
  '佛山柳陶家居用品有限公司',
  ['33 Kiln Road, Chancheng', 'Foshan', '528000', 'CN'],
  { taxNumber: '91440604MADEUP1270' },
);
const BUYER = onPaper('Larkmoor Home Ltd', '', ['2 Sample Yard', 'Leeds', 'LS1 1AA', 'GB'], {
  eori: 'GB000000127000',
  vat: 'GB000000127',
});
const IMPORTER = onPaper('Pennine Gate Customs Services Ltd', '', ['9 Bonded Way', 'Hull', 'HU1 1AA', 'GB'], {
  eori: 'GB000000127011',
  vat: 'GB000000128',
});

/** An agency runs the store of a pottery, which sells to a shop in Great Britain with duty paid (DDP). */
export const agentOperatedExport: Tell = ({ on, sku, orderId }) => {
  const day = daysFrom(on);
  return {
    newCase: {
      number: 'EX-2026-9710',
      title: 'Stoneware to Leeds, duty paid, for Willowclay',
      mode: 'agent_operated',

      subject: { kind: 'consignment', id: 'WC-1270' },
      orderId,
      skus: [sku],
      connectionIds: [],
      destination: 'GB',
    },
    facts: {
      market: {
        parties: [
          {
            id: 'buyer',
            role: 'buyer',
            party: { name: 'Larkmoor Home Ltd', kind: 'organisation', countries: ['GB'] },
          },
          {
            id: 'importer',
            role: 'importer_of_record',
            party: { name: 'Pennine Gate Customs Services Ltd', kind: 'organisation', countries: ['GB'] },
          },
          {
            id: 'principal',
            role: 'manufacturer',
            party: { name: 'Foshan Willowclay Homeware Co., Ltd.', kind: 'organisation', countries: ['CN'] },
          },
        ],
        sheet: {
          score: '58',
          marginPct: '22.5',
          figures: [
            figure('Shops that carry stoneware', '410', day(-40)),
            figure('Commission of the agency', '15 %', day(-40)),
          ],
        },
        credit: {
          currency: 'GBP',
          limit: '5000.00',
          openInvoices: '1200.00',
          ordersNotInvoiced: '0.00',
          newOrder: '960.00',
        },
      },
      rights: {
        destination: { country: 'GB', foreignTradeZone: false, marketplace: null },
        products: [
          {
            sku,
            brand: 'Willowclay',
            facts: {
              categories: ['general'],
              hs: '6912002310',
              consumer: true,
              flags: { children: false, radio: false, energyLabelled: false, cpscRegulated: false, svhc: false },
              manufacturer: {
                name: 'Foshan Willowclay Homeware Co., Ltd.',
                country: 'CN',

                postalAddress: '33 Kiln Road, Chancheng, Foshan 528000',
                electronicAddress: 'safety@willowclay.example',
              },
              responsible: [],
              listing: { picture: true, type: 'Stoneware bowl, 16 cm', identifier: 'WC-B16' },
              warnings: null,
              evidence: [{ kind: 'UK_PRODUCER_ADDRESS', country: 'GB', id: 'Larkmoor Home Ltd, Leeds', expires: null }],
              cpsc: null,
            },
          },
        ],
        needs: [
          {
            kind: 'brand_authorisation',
            because: 'the agency sells under the principal’s brand',
            scope: { hsPrefixes: [], countries: ['GB'], brands: ['Willowclay'] },
          },
        ],
        licences: [
          {
            id: 'MANDATE-WC-3',
            kind: 'brand_authorisation',
            from: '2026-01-01',
            expires: day(300),
            scope: { hsPrefixes: [], countries: ['GB'], brands: ['Willowclay'] },
            evidence: 'mandate-3.pdf',
          },
        ],
      },
      quality: {
        lots: ['WC-KILN-77'],
        reports: [
          {
            on: day(-10),
            report: {
              standard: 'ISO2859-1',
              lot: 'WC-KILN-77',
              lotSize: PIECES,
              level: 'II',
              classes: { critical: '0', major: '2.5' },
              findings: { critical: { units: 50, defects: 0 }, major: { units: 50, defects: 2 } },
            },
          },
        ],
      },
      contract: { payment: 'prepaid' },
      logistics: {
        documents: ['commercial_invoice', 'packing_list', 'certificate_of_origin', 'cn_declaration'],
        shipment: {
          reference: 'WC-1270',
          exporter: PRINCIPAL,
          importer: BUYER,
          importerOfRecord: IMPORTER,
          references: { invoiceNo: 'WC-CI-1270', order: 'LM-88', contract: 'WC-1270', certificateNo: '' },
          incoterm: { rule: 'DDP', place: 'Leeds' },
          currency: 'GBP',
          lines: [
            {
              lineNo: 1,
              sku: 'WC-B16',
              descriptionEn: 'Stoneware bowls, 16 cm',
              descriptionZh: '炻器碗',
              hs: '6912001000',
              hsEdition: 'HS2022',
              origin: 'CN',
              quantity: PIECES,
              unitPrice: '3.00',
              netGrams: PIECES * 450,
              sourcePlace: '佛山',
            },
          ],
          packages: Array.from({ length: 10 }, (_, at) => ({
            id: `C${at + 1}`,
            marks: `LARKMOOR LEEDS ${at + 1}-10`,
            kind: 'CARTON',
            lengthMm: 400,
            widthMm: 400,
            heightMm: 350,
            grossGrams: 16_000,
            contents: [{ lineNo: 1, quantity: PIECES / 10 }],
          })),
          charges: [{ kind: 'freight', name: 'Air freight', nameZh: '空运费', amount: '210.00' }],
          carriage: {
            mode: 'air',
            carrier: 'Grey Wagtail Cargo',
            conveyance: 'GW 127',
            billNo: '000-26012700',
            loading: { name: 'Guangzhou', code: 'CNCAN', country: 'CN' },
            discharge: { name: 'Manchester', code: 'GBMNC', country: 'GB' },
            destination: { name: 'Leeds', code: 'GBLEE', country: 'GB' },
          },
          dates: { invoice: day(-8), dispatch: day(-6) },
          reasonForExport: 'sale',
          saleType: 'b2b-direct',
          originForm: 'non_preferential',
          china: { mode: '9710', exitCustoms: '广州海关', exitPort: '广州白云机场', exemptionNature: '一般征税' },
        },
      },
      clearance: {
        consignment: {
          jurisdiction: 'GB',
          country: 'GB',
          currency: 'GBP',
          incoterm: 'DDP',
          sale: 'b2b',
          channel: 'air',
          freight: '210.00',
          shipFrom: 'CN',
          importerOfRecord: true,
          lines: [
            {
              id: 'WC-B16',
              hs: '6912002310',
              origin: 'CN',
              quantity: PIECES,
              value: '960.00',
              weightKg: '160',
              layers: [{ code: 'mfn', rate: '0.08', source: MADE_UP }],
            },
          ],
        },
      },
      after_sales: { currency: 'GBP', capturedMinor: 100_000 },
      settlement: {
        claim: { paper: 'special-vat-invoice', mode: '9710', sale: 'b2b-direct', sold: true },
        file: {
          company: 'manufacturer',
          lines: [
            {
              declaration: DECLARATION,
              line: 1,
              exportDate: day(-6),
              currency: 'GBP',
              fob: '960.00',
              hs: '6912001000',
              quantity: String(PIECES),
              unit: '个',
              contract: 'WC-1270',
              claim: null,
              deemed: null,
              closed: false,
            },
          ],
          contracts: [{ number: 'WC-1270', buyer: 'Larkmoor Home Ltd', finalPayment: null }],
          invoices: [],
          receipts: [
            {
              id: 'FX-1270',
              date: day(-9),
              currency: 'GBP',
              credited: '955.00',
              bankFee: '5.00',
              payer: 'Larkmoor Home Ltd',
              contract: 'WC-1270',
              uses: [],
            },
          ],
          transports: [{ kind: 'air-waybill', number: '000-26012700', onBoard: day(-6), declarations: [DECLARATION] }],
        },
      },
    },
  };
};

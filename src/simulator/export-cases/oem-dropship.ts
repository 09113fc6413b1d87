import { daysFrom, figure, MADE_UP, onPaper, type Tell } from './story.ts';

const DECLARATION = '292120269610000482';
const SELLER = onPaper(
  'Yiwu Paperkite Studio Co., Ltd.',
  '义乌纸鸢文创有限公司',
  ['41 Inkwell Road', 'Yiwu', '322000', 'CN'],
  { taxNumber: '91330782MADEUP0482' },
);
const BUYER = onPaper('Hoshino Bunbogu', '', ['1-2-3 Reidai', 'Osaka', '530-0001', 'JP']);

/** A seller's own brand of notebooks, made and posted by the factory itself to Japan: CN22 on the parcel. */
export const oemDropshipExport: Tell = ({ on, sku, orderId }) => {
  const day = daysFrom(on);
  return {
    newCase: {
      number: 'EX-2026-POST',
      title: 'Notebooks by post to Osaka, sent by the factory',
      mode: 'oem_dropship',
      subject: { kind: 'order', id: orderId || 'PK-0482' },
      orderId,
      skus: [sku],
      connectionIds: [],
      destination: 'JP',
    },
    facts: {
      market: {
        parties: [
          {
            id: 'buyer',
            role: 'buyer',
            party: { name: 'Hoshino Bunbogu', kind: 'organisation', countries: ['JP'] },
          },
          {
            id: 'factory',
            role: 'manufacturer',
            party: { name: 'Jinhua Inkstone Notebook Factory', kind: 'organisation', countries: ['CN'] },
          },
        ],
        sheet: {
          score: '49',
          marginPct: '27.0',
          figures: [
            figure('Postage to Japan up to 2 kg, CNY', '96', day(-15)),
            figure('Tax up to JPY 10,000', 'none', day(-15)),
          ],
        },
      },
      rights: {
        destination: { country: 'JP', foreignTradeZone: false, marketplace: null },
        products: [
          {
            sku,
            brand: 'Paperkite',
            facts: {
              categories: ['general'],
              hs: '482010',
              consumer: true,
              flags: { children: false, radio: false, energyLabelled: false, cpscRegulated: false, svhc: false },
              manufacturer: null,
              responsible: [],
              warnings: null,
              evidence: [],
              cpsc: null,
              listing: { picture: true, type: 'Notebook A5, dotted', identifier: 'PK-A5-D' },
            },
          },
        ],
        needs: [
          {
            kind: 'brand_authorisation',
            because: 'the factory makes under the seller’s brand',
            scope: { hsPrefixes: ['4820'], countries: [], brands: ['Paperkite'] },
          },
        ],
        licences: [
          {
            id: 'OEM-PK-2026',
            kind: 'brand_authorisation',
            from: '2026-01-01',
            expires: day(250),
            scope: { hsPrefixes: ['4820'], countries: [], brands: ['Paperkite'] },
            evidence: 'oem-agreement.pdf',
          },
        ],
      },
      quality: { lots: [], waivedBecause: 'Ten pieces; the factory’s samples of this print run were approved.' },
      contract: { payment: 'prepaid' },
      logistics: {
        documents: ['commercial_invoice', 'packing_list', 'cn22', 'cn23'],
        sdr: { currency: 'JPY', date: day(-5), source: MADE_UP, sdrPerUnit: '0.0048' },
        shipment: {
          reference: 'PK-0482',
          exporter: SELLER,
          importer: BUYER,
          references: { invoiceNo: 'PK-CI-0482', order: 'PK-0482', contract: '', certificateNo: '' },
          incoterm: { rule: 'DAP', place: 'Osaka' },
          currency: 'JPY',
          lines: [
            {
              lineNo: 1,
              sku: 'PK-A5-D',
              descriptionEn: 'Paper notebooks, A5',
              descriptionZh: '纸质笔记本',
              hs: '482010',
              hsEdition: 'HS2022',
              origin: 'CN',
              quantity: 6,
              unitPrice: '800',
              netGrams: 1_560,
            },
          ],
          packages: [
            {
              id: 'P1',
              marks: 'PK-0482',
              kind: 'PARCEL',
              lengthMm: 220,
              widthMm: 160,
              heightMm: 120,
              grossGrams: 1_720,
              contents: [{ lineNo: 1, quantity: 6 }],
            },
          ],
          charges: [{ kind: 'freight', name: 'Postage', nameZh: '邮费', amount: '1900' }],
          carriage: {
            mode: 'post',
            carrier: 'Post',
            trackingNo: 'XX000004820CN',
            destination: { name: 'Osaka', code: 'JPOSA', country: 'JP' },
          },
          dates: { invoice: day(-4), dispatch: day(-3) },
          reasonForExport: 'sale',
          saleType: 'b2c-direct',
          china: { mode: '9610', exitCustoms: '义乌海关', exitPort: '义乌', exemptionNature: '一般征税' },
        },
      },
      clearance: {
        consignment: {
          jurisdiction: 'JP',
          country: 'JP',
          currency: 'JPY',
          incoterm: 'DAP',
          sale: 'b2c_distance',
          channel: 'postal',
          freight: '1900',
          shipFrom: 'CN',
          lines: [{ id: 'PK-A5-D', hs: '482010', origin: 'CN', quantity: 6, value: '4800', weightKg: '1.72' }],
        },
      },
      after_sales: { currency: 'GBP', capturedMinor: 100_000 },
      settlement: {
        claim: { paper: 'special-vat-invoice', mode: '9610', sale: 'b2c-direct', sold: true },
        file: {
          company: 'trading',
          lines: [
            {
              declaration: DECLARATION,
              line: 1,
              exportDate: day(-3),
              currency: 'JPY',
              fob: '4800',
              hs: '4820100000',
              quantity: '6',
              unit: '本',
              contract: 'PK-0482',
              claim: null,
              deemed: null,
              closed: false,
            },
          ],
          contracts: [{ number: 'PK-0482', buyer: 'Hoshino Bunbogu', finalPayment: null }],
          invoices: [
            {
              invoice: '3307260482',
              line: 1,
              hs: '4820100000',
              quantity: '6',
              unit: '本',
              uses: [],
              contract: 'PK-0482',
            },
          ],
          receipts: [
            {
              id: 'FX-0482',
              date: day(-1),
              currency: 'JPY',
              credited: '4780',
              bankFee: '20',
              payer: 'Hoshino Bunbogu',
              contract: 'PK-0482',
              uses: [],
            },
          ],
          transports: [{ kind: 'air-waybill', number: 'XX000004820CN', onBoard: day(-3), declarations: [DECLARATION] }],
        },
      },
    },
  };
};

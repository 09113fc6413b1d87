import type { PlainDate } from '#trade/plain-date.ts';
import { creditDay, daysFrom, figure, MADE_UP, onPaper, type Tell } from './story.ts';

const PIECES = 24_000;
const CARTONS = 120;
const IN_CARTON = PIECES / CARTONS;
const CONTRACT = 'NHT-26-0418';
const CREDIT = 'DC26-KBR-00731';
const DECLARATION = '310420260110004187';
const INVOICE = 'NHT-CI-0418';
const BILL = 'NBRT26110418';

const SELLER = onPaper(
  'Ningbo Harbourlight Trading Co., Ltd.',
  '宁波港明贸易有限公司',
  ['18 Lighthouse Road, Beilun', 'Ningbo', '315800', 'CN'],
  { taxNumber: '91330206MADEUP0417' },
);
const BUYER = onPaper('Kadehoek Textiel B.V.', '', ['Voorbeeldkade 12', 'Rotterdam', '3011 AA', 'NL'], {
  eori: 'NL000000417',
  vat: 'NL000000417B01',
});

/**
 * The MT700 as the bank advised it. With `discrepant` its latest shipment is before the contract's, and the buyer's agent would have to
 * sign a paper: two findings that must be amended before anything is loaded.
 */
export const creditMessage = (on: PlainDate, { discrepant = false } = {}): string => {
  const day = daysFrom(on);
  return `{1:F01MADEUPNLAXXX0000000000}{2:I700MADEUPCNSXXXXN}{4:
:27:1/1
:40A:IRREVOCABLE
:20:${CREDIT}
:31C:${creditDay(day(-8))}
:40E:UCP LATEST VERSION
:31D:${creditDay(day(60))}NINGBO
:50:KADEHOEK TEXTIEL B.V.
VOORBEELDKADE 12
3011 AA ROTTERDAM NETHERLANDS
:59:NINGBO HARBOURLIGHT TRADING CO., LTD.
18 LIGHTHOUSE ROAD, BEILUN
NINGBO 315800 CHINA
:32B:USD44400,
:41D:ANY BANK IN CHINA
BY NEGOTIATION
:42C:AT SIGHT
:42A:MADENL2A
:43P:NOT ALLOWED
:43T:ALLOWED
:44E:NINGBO, CHINA
:44F:ROTTERDAM, NETHERLANDS
:44C:${creditDay(day(discrepant ? 10 : 40))}
:45A:24,000 PCS COTTON TEA TOWELS, HS 630260
AT USD 1.85 PER PC
CIF ROTTERDAM INCOTERMS 2020
AS PER CONTRACT NO. ${CONTRACT}
:46A:+SIGNED COMMERCIAL INVOICE IN TRIPLICATE
+FULL SET 3/3 CLEAN ON BOARD OCEAN BILLS OF LADING MADE OUT TO
ORDER OF SHIPPER AND BLANK ENDORSED, MARKED FREIGHT PREPAID,
NOTIFY APPLICANT
+PACKING LIST IN DUPLICATE
+INSURANCE POLICY FOR 110 PCT OF CIF VALUE COVERING
INSTITUTE CARGO CLAUSES (A)
+BENEFICIARY'S CERTIFICATE CERTIFYING THAT ONE SET OF COPIES
HAS BEEN SENT TO APPLICANT
:47A:+ALL DOCUMENTS MUST QUOTE THIS CREDIT NUMBER${
    discrepant ? "\n+INSPECTION CERTIFICATE SIGNED BY APPLICANT'S AGENT IS REQUIRED" : ''
  }
:71D:CHARGES OUTSIDE THE NETHERLANDS ARE FOR
BENEFICIARY'S ACCOUNT
:48:15
:49:WITHOUT
:78:WE SHALL REMIT AT SIGHT
-}`;
};

/** A trading company buys tea towels in bulk and exports them in general trade (0110) by sea, CIF, under a letter of credit. */
export const wholesaleExport: Tell = ({ on, sku, orderId }) => {
  const day = daysFrom(on);
  const loaded = day(-9);
  return {
    newCase: {
      number: 'EX-2026-0110',
      title: 'Tea towels to Rotterdam, CIF, letter of credit',
      mode: 'wholesale',
      subject: { kind: 'contract', id: CONTRACT },
      orderId,
      skus: [sku],
      connectionIds: [],
      destination: 'NL',
    },
    facts: {
      market: {
        parties: [
          {
            id: 'buyer',
            role: 'buyer',
            party: { name: 'Kadehoek Textiel B.V.', kind: 'organisation', countries: ['NL'] },
          },
          {
            id: 'bank',
            role: 'bank',
            party: { name: 'Kustbank Rijnmond N.V.', kind: 'organisation', countries: ['NL'] },
          },
          {
            id: 'mill',
            role: 'supplier',
            party: { name: 'Shaoxing Plumrain Weaving Mill', kind: 'organisation', countries: ['CN'] },
          },
          {
            id: 'fund',
            role: 'owner',
            party: { name: 'Moerasreiger Participaties B.V.', kind: 'organisation', countries: ['NL'] },
          },
          {
            id: 'line',
            role: 'carrier',
            party: { name: 'Northern Tern Container Line', kind: 'organisation', countries: ['DK'] },
          },
        ],
        ownership: { buyer: { fund: '40' } },
        sheet: {
          score: '71',
          marginPct: '18.4',
          figures: [
            figure('Imports of HS 630260, tonnes a year', '4120', day(-60)),
            figure('Duty', '12 %', day(-30)),
            figure('Landed margin', '18.4 %', day(-30)),
          ],
        },
      },
      rights: {
        destination: { country: 'NL', foreignTradeZone: false, marketplace: null },
        products: [
          {
            sku,
            brand: null,
            facts: {
              categories: ['textiles'],
              hs: '6302600000',
              consumer: true,
              flags: { children: false, radio: false, energyLabelled: false, cpscRegulated: false, svhc: false },
              manufacturer: {
                name: 'Shaoxing Plumrain Weaving Mill',
                country: 'CN',
                postalAddress: '5 Canal Lane, Shaoxing 312000',
                electronicAddress: 'safety@plumrain.example',
              },
              responsible: [
                {
                  role: 'gpsr',
                  name: 'Kadehoek Textiel B.V.',
                  country: 'NL',

                  postalAddress: 'Voorbeeldkade 12, 3011 AA Rotterdam',
                  electronicAddress: 'product@kadehoek.example',
                },
              ],
              listing: { picture: true, type: 'Tea towel, cotton terry, 50 × 70 cm', identifier: 'TT-5070' },
              warnings: null,
              evidence: [{ kind: 'FIBRE_COMPOSITION', country: null, id: '100 % cotton', expires: null }],
              cpsc: null,
            },
          },
        ],
        needs: [
          {
            kind: 'customs_registration',
            because: 'only a registered consignor may declare',
            scope: { hsPrefixes: [], countries: [], brands: [] },
          },
        ],
        licences: [
          {
            id: 'CUS-3302-0417',
            kind: 'customs_registration',
            from: '2020-05-06',
            expires: null,
            scope: { hsPrefixes: [], countries: [], brands: [] },
            evidence: 'registration-0417.pdf',
          },
        ],
      },
      quality: {
        lots: ['PL-0418'],
        reports: [
          {
            on: day(-14),
            report: {
              standard: 'ISO2859-1',
              lot: 'PL-0418',
              lotSize: PIECES,
              level: 'II',
              classes: { critical: '0', major: '2.5', minor: '4.0' },
              findings: {
                critical: { units: 315, defects: 0 },
                major: { units: 315, defects: 6 },
                minor: { units: 315, defects: 11 },
              },
            },
          },
        ],
      },
      contract: {
        payment: 'letter_of_credit',
        contract: {
          number: CONTRACT,
          signed: day(-30),
          currency: 'USD',
          amount: '44400.00',
          tolerance: null,
          seller: { name: 'Ningbo Harbourlight Trading Co., Ltd.', country: 'CN', places: ['NINGBO', 'CHINA'] },
          buyer: { name: 'Kadehoek Textiel B.V.', country: 'NL', places: ['ROTTERDAM', 'NETHERLANDS'] },
          goods: { description: 'Cotton tea towels', quantity: String(PIECES), unit: 'PCS', unitPrice: '1.85' },
          incoterm: { code: 'CIF', place: 'Rotterdam' },
          loading: 'Ningbo',
          discharge: 'Rotterdam',
          plannedShipment: day(20),
          shipmentBuffer: 10,
          presentationDays: 15,
          creditDue: day(-10),
          tenor: 'at sight',
          availableBy: ['BY NEGOTIATION'],
          confirmed: false,
          chargesAbroad: 'seller',
          partialShipments: false,
          transhipment: true,
        },
        messages: creditMessage(on),
        shipped: loaded,
        presented: null,
      },
      logistics: {
        documents: [
          ...(['commercial_invoice', 'packing_list', 'certificate_of_origin', 'cn_declaration'] as const),
          ...(['bill_of_exchange', 'beneficiary_certificate'] as const),
        ],
        shipment: {
          reference: 'NHT-0418',
          exporter: SELLER,
          importer: BUYER,
          notify: BUYER,
          references: { invoiceNo: INVOICE, order: 'KT-7714', contract: CONTRACT, certificateNo: '' },
          credit: {
            number: CREDIT,
            issuedOn: day(-8),
            issuingBank: 'Kustbank Rijnmond N.V., Rotterdam',
            currency: 'USD',
            amount: '44400.00',
            tenor: 'sight',
            drawee: 'Kustbank Rijnmond N.V., Rotterdam',
            payee: 'Any bank in China',
            goodsDescription: [`24,000 PCS COTTON TEA TOWELS AS PER ${CONTRACT}`],
            certifies: ['ONE SET OF COPIES HAS BEEN SENT TO APPLICANT'],
          },
          incoterm: { rule: 'CIF', place: 'Rotterdam' },
          currency: 'USD',
          lines: [
            {
              lineNo: 1,
              sku: 'TT-5070',
              descriptionEn: 'Cotton tea towels, terry, 50 × 70 cm',
              descriptionZh: '棉制毛圈茶巾',
              hs: '6302601000',
              hsEdition: 'HS2022',
              origin: 'CN',
              quantity: PIECES,
              unitPrice: '1.85',
              netGrams: PIECES * 80,
              sourcePlace: '绍兴',
            },
          ],
          packages: Array.from({ length: CARTONS }, (_, at) => ({
            id: `C${at + 1}`,
            marks: `KADEHOEK ROTTERDAM ${at + 1}-${CARTONS}`,
            kind: 'CARTON',
            lengthMm: 520,
            widthMm: 400,
            heightMm: 380,
            grossGrams: 17_200,
            contents: [{ lineNo: 1, quantity: IN_CARTON }],
          })),
          charges: [
            { kind: 'freight', name: 'Ocean freight', nameZh: '海运费', amount: '1680.00', included: true },
            { kind: 'insurance', name: 'Insurance', nameZh: '保险费', amount: '89.00', included: true },
          ],
          carriage: {
            mode: 'sea',
            carrier: 'Northern Tern Container Line',
            conveyance: 'NORTHERN TERN 041W',
            billNo: BILL,
            loading: { name: 'Ningbo', code: 'CNNGB', country: 'CN' },
            discharge: { name: 'Rotterdam', code: 'NLRTM', country: 'NL' },
            destination: { name: 'Rotterdam', code: 'NLRTM', country: 'NL' },
          },
          dates: { invoice: day(-11), dispatch: loaded },
          reasonForExport: 'sale',
          saleType: 'general-trade',
          originForm: 'non_preferential',
          china: { mode: '0110', exitCustoms: '宁波海关', exitPort: '北仑', exemptionNature: '一般征税' },
        },
      },
      clearance: {
        consignment: {
          jurisdiction: 'EU',
          country: 'NL',
          currency: 'USD',
          incoterm: 'CIF',
          sale: 'b2b',
          channel: 'ocean',
          freight: '1680.00',
          insurance: '89.00',
          shipFrom: 'CN',
          buyerVatNumber: true,
          fx: [{ from: 'USD', to: 'EUR', rate: '0.86', source: MADE_UP }],
          lines: [
            {
              id: 'TT-5070',
              hs: '6302600000',
              origin: 'CN',
              quantity: PIECES,
              value: '42631.00',
              weightKg: '1920',
              layers: [{ code: 'mfn', rate: '0.12', source: MADE_UP }],
            },
          ],
        },
      },
      after_sales: { currency: 'GBP', capturedMinor: 100_000 },
      settlement: {
        claim: { paper: 'special-vat-invoice', mode: '0110', sale: 'general-trade', sold: true },
        file: {
          company: 'trading',
          lines: [
            {
              declaration: DECLARATION,
              line: 1,
              exportDate: loaded,
              currency: 'USD',
              fob: '42631.00',
              hs: '6302601000',
              quantity: String(PIECES),
              unit: '条',
              contract: CONTRACT,
              claim: null,
              deemed: null,
              closed: false,
            },
          ],
          contracts: [{ number: CONTRACT, buyer: 'Kadehoek Textiel B.V.', finalPayment: null }],
          invoices: [
            {
              invoice: '3302264418',
              line: 1,
              hs: '6302601000',
              quantity: String(PIECES),
              unit: '条',
              uses: [{ declaration: DECLARATION, line: 1, quantity: String(PIECES) }],
              contract: CONTRACT,
            },
          ],
          receipts: [
            {
              id: 'FX-0418',
              date: day(-1),
              currency: 'USD',
              credited: '44365.00',
              bankFee: '35.00',
              payer: 'Kadehoek Textiel B.V.',
              contract: null,
              uses: [{ declaration: DECLARATION, line: 1, amount: '42631.00' }],
            },
          ],
          transports: [{ kind: 'bill-of-lading', number: BILL, onBoard: loaded, declarations: [DECLARATION] }],
        },
      },
    },
  };
};

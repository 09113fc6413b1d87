import type { PlainDate } from '../plain-date.ts';
import type { Notice } from '../rule.ts';
import type { DocumentKind, OriginForm } from './rules.ts';
import type { CreditReference, EuroRate, SdrRate, ShipmentRecord, TradeParty } from './shipment-record.ts';

type Place = NonNullable<ShipmentRecord['carriage']['loading']>;
type Incoterm = NonNullable<ShipmentRecord['incoterm']>;

/** The common part of every paper. Money is decimal text with the decimals of `currency`; weights are grams. */
interface Head<K extends DocumentKind> {
  kind: K;
  /** The reference of the shipment it was made from. */
  reference: string;
  number: string;
  date: PlainDate;
  currency: string;
  notices: readonly Notice[];
}

export interface ChargeLine {
  kind: 'freight' | 'insurance' | 'other';
  name: string;
  nameZh: string;
  amount: string;
  included: boolean;
}

export interface InvoiceLine {
  lineNo: number;
  sku: string;
  descriptionEn: string;
  descriptionZh: string;
  hs: string;
  origin: string;
  quantity: number;
  unit: string;
  unitPrice: string;
  amount: string;
  dangerousGoods: string;
}

export interface CommercialInvoice extends Head<'commercial_invoice'> {
  seller: TradeParty;
  buyer: TradeParty;
  consignee: TradeParty;
  notify: TradeParty | null;
  importerOfRecord: TradeParty | null;
  order: string;
  contract: string;
  credit: CreditReference | null;
  incoterm: Incoterm;
  carriage: ShipmentRecord['carriage'];
  reasonForExport: NonNullable<ShipmentRecord['reasonForExport']>;
  ioss: string;
  lines: readonly InvoiceLine[];
  charges: readonly ChargeLine[];
  goods: string;
  total: string;
  pieces: number;
  packages: number;
  netGrams: number | null;
  grossGrams: number | null;
}

export interface PackingContent {
  lineNo: number;
  sku: string;
  descriptionEn: string;
  descriptionZh: string;
  quantity: number;
  unit: string;
  netGrams: number;
}

export interface PackingRow {
  id: string;
  marks: string;
  kind: string;
  contents: readonly PackingContent[];
  lengthMm: number;
  widthMm: number;
  heightMm: number;
  /** Exact, not rounded. */
  cubicMetres: string;
  netGrams: number;
  grossGrams: number;
}

export interface PackingList extends Head<'packing_list'> {
  seller: TradeParty;
  consignee: TradeParty;
  order: string;
  contract: string;
  creditNumber: string;
  carriage: ShipmentRecord['carriage'];
  packages: readonly PackingRow[];
  pieces: number;
  cubicMetres: string;
  netGrams: number;
  grossGrams: number;
}

export interface PostalContent {
  description: string;
  descriptionZh: string;
  quantity: number;
  netGrams: number;
  value: string;
  hs: string;
  origin: string;
  /** Such as `UN3481 class 9`; empty for goods that are not dangerous. */
  dangerousGoods: string;
}

export interface PostalItem {
  packageId: string;
  contents: readonly PostalContent[];
  value: string;
  netGrams: number;
  grossGrams: number;
}

interface PostalForm {
  sender: TradeParty;
  addressee: TradeParty;
  category: NonNullable<ShipmentRecord['reasonForExport']>;
  trackingNo: string;
  /** Papers that travel with the item: boxes 12 to 14 of a CN23. */
  licenceNo: string;
  certificateNo: string;
  invoiceNo: string;
  rate: SdrRate | null;
  /** One item of mail per package. */
  items: readonly PostalItem[];
}
export interface Cn22 extends Head<'cn22'>, PostalForm {}
export interface Cn23 extends Head<'cn23'>, PostalForm {}

export interface OriginLine {
  lineNo: number;
  descriptionEn: string;
  descriptionZh: string;
  hs6: string;
  origin: string;
  criterion: string;
  quantity: number;
  unit: string;
  grossGrams: number;
}

export interface CertificateOfOrigin extends Head<'certificate_of_origin'> {
  form: OriginForm;
  /** The typical validity; the issuing body decides. */
  validUntil: PlainDate;
  exporter: TradeParty;
  consignee: TradeParty;
  carriage: ShipmentRecord['carriage'];
  countries: readonly string[];
  marks: readonly string[];
  packages: number;
  packageKinds: string;
  lines: readonly OriginLine[];
  invoiceNo: string;
  invoiceDate: PlainDate;
  pieces: number;
  grossGrams: number;
}

/** Goods of one classification line; may combine several lines of the shipment. */
export interface DeclaredItem {
  itemNo: number;
  lineNos: readonly number[];
  code: string;
  descriptionEn: string;
  descriptionZh: string;
  quantity: number;
  unit: string;
  netGrams: number;
  grossGrams: number;
  /** Without the freight and insurance that prices include. */
  value: string;
}

export interface H7Item extends DeclaredItem {
  productIds: readonly { merchant: string; manufacturer: string }[];
}

export interface EuH7 extends Head<'eu_h7'> {
  exporter: TradeParty;
  importer: TradeParty;
  ioss: string;
  additionalProcedures: readonly string[];
  previousDocument: string;
  transportAndInsurance: string;
  items: readonly H7Item[];
  /** Data element 14 14, for the whole consignment. */
  intrinsicValue: string;
  packages: number;
  grossGrams: number;
  rate: EuroRate | null;
}

export interface OriginItem extends DeclaredItem {
  origin: string;
}

export interface EuH1 extends Head<'eu_h1'> {
  exporter: TradeParty;
  importer: TradeParty;
  incoterm: Incoterm;
  carriage: ShipmentRecord['carriage'];
  previousDocument: string;
  transportAndInsurance: string;
  items: readonly OriginItem[];
  /** Sum of the items. */
  goodsOnly: string;
  totalInvoiced: string;
  packages: number;
  grossGrams: number;
}

export interface ChinaItem extends OriginItem {
  unitPrice: string;
  /** 总价 as invoiced: the price under the terms of sale. */
  amount: string;
  destination: string;
  sourcePlace: string;
}

export interface ChinaDeclaration extends Head<'cn_declaration'> {
  consignor: TradeParty;
  overseasConsignee: TradeParty;
  /** 贸易国（地区）: the country of the contract party. */
  tradeCountry: string;
  /** 运抵国（地区）, which is also each item's 最终目的国. */
  arrivalCountry: string;
  producer: TradeParty;
  mode: string;
  modeName: string;
  exitCustoms: string;
  exitPort: string;
  exemptionNature: string;
  licence: string;
  contract: string;
  exportDate: PlainDate;
  carriage: ShipmentRecord['carriage'];
  discharge: Place;
  destination: Place;
  incoterm: Incoterm;
  freight: string;
  insurance: string;
  otherCharges: string;
  packages: number;
  packageKinds: string;
  marks: readonly string[];
  items: readonly ChinaItem[];
  goods: string;
  netGrams: number;
  grossGrams: number;
}

export interface UsItem extends OriginItem {
  manufacturerId: string;
}

export interface UsEntry extends Head<'us_entry'> {
  /** Null if the value is not in US dollars. */
  entryType: string | null;
  importerOfRecord: TradeParty;
  consignee: TradeParty;
  exporter: TradeParty;
  portOfEntry: string;
  carriage: ShipmentRecord['carriage'];
  exportDate: PlainDate;
  countries: readonly string[];
  items: readonly UsItem[];
  enteredValue: string;
  charges: string;
  packages: number;
  grossGrams: number;
}

export interface BillOfExchange extends Head<'bill_of_exchange'> {
  place: string;
  tenor: string;
  amount: string;
  amountInWords: string;
  payee: string;
  drawee: string;
  drawer: TradeParty;
  issuingBank: string;
  creditNumber: string;
  creditIssuedOn: PlainDate;
  invoiceNo: string;
}

export interface BeneficiaryCertificate extends Head<'beneficiary_certificate'> {
  beneficiary: TradeParty;
  issuingBank: string;
  creditNumber: string;
  creditIssuedOn: PlainDate;
  invoiceNo: string;
  invoiceDate: PlainDate;
  amount: string;
  statements: readonly string[];
}

interface DocumentByKind {
  commercial_invoice: CommercialInvoice;
  packing_list: PackingList;
  cn22: Cn22;
  cn23: Cn23;
  certificate_of_origin: CertificateOfOrigin;
  eu_h7: EuH7;
  eu_h1: EuH1;
  cn_declaration: ChinaDeclaration;
  us_entry: UsEntry;
  bill_of_exchange: BillOfExchange;
  beneficiary_certificate: BeneficiaryCertificate;
}
export type DocumentOf<K extends DocumentKind> = DocumentByKind[K];
export type TradeDocument = DocumentByKind[DocumentKind];

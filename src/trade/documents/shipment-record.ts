import { z } from 'zod';
import { COUNTRY_CODES } from '#domain/country.ts';
import { Currency } from '#domain/money.ts';
import { HS_EDITION_IDS } from '../classification/hs-edition.ts';
import { Incoterm } from '../incoterms/incoterms-2020.ts';
import { PlainDate } from '../plain-date.ts';
import { SALES } from '../tax-refund/customs-modes.ts';
import { CUSTOMS_MODES, EU_VAT_SCHEMES, ORIGIN_FORMS } from './rules.ts';

/** A line of text that a paper can contain: no control characters, no half surrogate pairs. */
const isOneLine = (text: string): boolean => !/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u.test(text);

const line = (longest: number) =>
  z.string().max(longest).refine(isOneLine, 'one line of text without control characters');
const text = (longest = 200) => line(longest).default('');

const Country = z.string().refine((code) => COUNTRY_CODES.has(code), 'an ISO 3166-1 alpha-2 code such as CN');
const Amount = z.string().regex(/^\d{1,12}(\.\d{1,6})?$/, 'a decimal number as text, such as 12.50');
const SignedAmount = z.string().regex(/^-?\d{1,12}(\.\d{1,6})?$/, 'a decimal number as text, such as -12.50');
const Grams = z.int().min(0).max(1_000_000_000);
const Millimetres = z.int().min(1).max(50_000);

/** A party named on the papers. An empty text counts as missing. */
export const TradeParty = z.strictObject({
  name: text(),
  nameZh: text(),
  line1: text(),
  line2: text(),
  city: text(),
  region: text(),
  postalCode: text(32),
  country: Country.nullable().default(null),
  phone: text(64),
  email: text(),
  eori: text(32),
  vat: text(32),
  /** The party's national number: 统一社会信用代码 in China, importer number (EIN) in the United States. */
  taxNumber: text(32),
});
export type TradeParty = z.infer<typeof TradeParty>;

export const REASONS_FOR_EXPORT = ['sale', 'gift', 'sample', 'documents', 'return', 'repair', 'other'] as const;
export const TRANSPORT_MODES = ['sea', 'air', 'road', 'rail', 'post', 'courier'] as const;
export const LINE_CONTROLS = ['excise', 'prohibited_or_restricted', 'quota', 'preference'] as const;

/** Codes are text: a number would lose the leading zero of chapters 01 to 09. */
const HsCode = z
  .string()
  .regex(/^(?!00|77)\d{6,10}$/, 'an HS code of 6 to 10 digits, of a chapter that there is, without dots');

export const ShipmentLine = z.strictObject({
  lineNo: z.int().min(1).max(9999),
  sku: text(64),
  descriptionEn: text(500),
  descriptionZh: text(500),
  hs: HsCode.nullable().default(null),
  hsEdition: z.enum(HS_EDITION_IDS).nullable().default(null),
  /** Country where the goods originate, not where they are sent from. */
  origin: Country.nullable().default(null),
  originCriterion: text(32),
  quantity: z.int().min(1).max(10_000_000),
  unit: line(12).default('PCS'),
  /** In major units of the record's currency; may have more decimals than the currency. */
  unitPrice: z.string().regex(/^\d{1,9}(\.\d{1,6})?$/, 'a price as decimal text, such as 1.2345'),
  /** For the whole line. */
  netGrams: Grams.nullable().default(null),
  /** For the whole line. If absent on every line, the packages' gross weight is split by net weight. */
  grossGrams: Grams.nullable().default(null),
  controls: z.array(z.enum(LINE_CONTROLS)).max(LINE_CONTROLS.length).default([]),
  dangerousGoods: z
    .strictObject({ un: z.string().regex(/^UN\d{4}$/, 'such as UN3481'), class: line(16), instruction: text(64) })
    .nullable()
    .default(null),
  /** The EU's identifiers per item of low-value goods. */
  productIds: z
    .strictObject({ merchant: text(64), manufacturer: text(64) })
    .nullable()
    .default(null),
  /** The MID of block 13 of CBP Form 7501. */
  manufacturerId: text(32),
  /** 境内货源地. */
  sourcePlace: text(64),
});
export type ShipmentLine = z.infer<typeof ShipmentLine>;

export const ShipmentPackage = z.strictObject({
  id: line(64).min(1),
  marks: text(200),
  kind: text(32),
  lengthMm: Millimetres.nullable().default(null),
  widthMm: Millimetres.nullable().default(null),
  heightMm: Millimetres.nullable().default(null),
  grossGrams: Grams.nullable().default(null),
  contents: z
    .array(z.strictObject({ lineNo: z.int().min(1).max(9999), quantity: z.int().min(1).max(10_000_000) }))
    .max(999),
});
export type ShipmentPackage = z.infer<typeof ShipmentPackage>;

export const CHARGE_KINDS = ['freight', 'insurance', 'other'] as const;
export const ShipmentCharge = z.strictObject({
  kind: z.enum(CHARGE_KINDS),
  name: text(100),
  nameZh: text(100),
  /** In major units; only `other` may be negative (a discount). */
  amount: SignedAmount,
  /** The unit prices already include it (a CIF price): shown separately, not added to the total. */
  included: z.boolean().default(false),
});
export type ShipmentCharge = z.infer<typeof ShipmentCharge>;

const Place = z.strictObject({ name: line(100).min(1), code: text(8), country: Country.nullable().default(null) });

/** What the papers under a documentary credit need from it (MT700 fields in brackets). */
export const CreditReference = z.strictObject({
  /** Field 20. */
  number: line(35).min(1),
  /** Field 31C. */
  issuedOn: PlainDate.nullable().default(null),
  issuingBank: text(),
  /** Field 32B. */
  currency: Currency,
  amount: Amount.nullable().default(null),
  /** Field 42C, such as `sight` or `60 days after B/L date`. */
  tenor: text(140),
  /** Field 42A/42D: the bank that the draft is drawn on. */
  drawee: text(),
  /** The bank to whose order the draft is made out. */
  payee: text(),
  /** Field 45A: the description of goods that the invoice must contain unchanged. */
  goodsDescription: z.array(line(500)).max(100).default([]),
  /** Field 46A: what the beneficiary must certify, unchanged. */
  certifies: z.array(line(500)).max(50).default([]),
});
export type CreditReference = z.infer<typeof CreditReference>;

const Packages = z.array(ShipmentPackage).max(2000).default([]);
const Party = TradeParty.nullable().default(null);

/**
 * One shipment: the only source of all its papers, so that they cannot contradict each other. Unknown values are null
 * or empty; `missingFor` tells which papers need them.
 */
export const ShipmentRecord = z.strictObject({
  reference: line(64).min(1),
  exporter: Party,
  importer: Party,
  /** Null if the importer receives the goods. */
  consignee: Party,
  notify: Party,
  importerOfRecord: Party,
  /** 生产销售单位; null if it is the exporter. */
  producer: Party,
  references: z
    .strictObject({ invoiceNo: text(64), order: text(64), contract: text(64), certificateNo: text(64) })
    .prefault({}),
  credit: CreditReference.nullable().default(null),
  incoterm: z
    .strictObject({ rule: Incoterm, place: line(100).min(1) })
    .nullable()
    .default(null),
  currency: Currency,
  lines: z.array(ShipmentLine).min(1).max(999),
  packages: Packages,
  charges: z.array(ShipmentCharge).max(20).default([]),
  carriage: z
    .strictObject({
      mode: z.enum(TRANSPORT_MODES).nullable().default(null),
      carrier: text(100),
      /** Vessel and voyage, flight, train or lorry. */
      conveyance: text(100),
      trackingNo: text(64),
      /** Bill of lading or air waybill. */
      billNo: text(64),
      loading: Place.nullable().default(null),
      discharge: Place.nullable().default(null),
      destination: Place.nullable().default(null),
    })
    .prefault({}),
  dates: z
    .strictObject({ invoice: PlainDate.nullable().default(null), dispatch: PlainDate.nullable().default(null) })
    .prefault({}),
  reasonForExport: z.enum(REASONS_FOR_EXPORT).nullable().default(null),
  saleType: z.enum(SALES).nullable().default(null),
  eu: z
    .strictObject({
      vatScheme: z.enum(EU_VAT_SCHEMES).nullable().default(null),
      ioss: z.union([z.literal(''), z.string().regex(/^IM\d{10}$/, 'an IOSS number: IM and ten digits')]).default(''),
      previousDocument: text(64),
    })
    .prefault({}),
  china: z
    .strictObject({
      mode: z.enum(CUSTOMS_MODES).nullable().default(null),
      /** 出境关别. */
      exitCustoms: text(64),
      /** 离境口岸. */
      exitPort: text(64),
      /** 征免性质. */
      exemptionNature: text(64),
      /** 许可证号. */
      licence: text(64),
    })
    .prefault({}),
  us: z.strictObject({ portOfEntry: text(64) }).prefault({}),
  originForm: z.enum(ORIGIN_FORMS).nullable().default(null),
  /** Figures calculated by somebody else. Each given figure must equal ours. */
  stated: z
    .strictObject({
      goods: SignedAmount.nullable().default(null),
      total: SignedAmount.nullable().default(null),
      pieces: z.int().nullable().default(null),
      packages: z.int().nullable().default(null),
      netGrams: z.int().nullable().default(null),
      grossGrams: z.int().nullable().default(null),
    })
    .prefault({}),
});
export type ShipmentRecord = z.infer<typeof ShipmentRecord>;
/** The record as received, before defaults are filled in. */
export type ShipmentRecordInput = z.input<typeof ShipmentRecord>;

const quoted = {
  currency: Currency,
  date: PlainDate,
  source: line(200).min(1),
};
const Rate = z.string().regex(/^\d{1,9}(\.\d{1,10})?$/, 'a rate as decimal text, such as 0.7352');

/** Special drawing rights for one unit of `currency`, as the IMF publishes them. */
export const SdrRate = z.strictObject({ ...quoted, sdrPerUnit: Rate });
export type SdrRate = z.infer<typeof SdrRate>;

/** Units of `currency` for one euro, as the ECB publishes them. */
export const EuroRate = z.strictObject({ ...quoted, unitsPerEuro: Rate });
export type EuroRate = z.infer<typeof EuroRate>;

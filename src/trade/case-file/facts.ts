import { z } from 'zod';
import { Currency, Minor } from '#domain/money.ts';
import { Calendar } from '../calendar.ts';
import { HS_EDITION_IDS } from '../classification/hs-edition.ts';
import { BatteryShipment } from '../dangerous-goods/carriage.ts';
import { DOCUMENT_KINDS } from '../documents/rules.ts';
import { EuroRate, SdrRate, ShipmentRecord } from '../documents/shipment-record.ts';
import { Consignment } from '../duty/consignment.ts';
import { ActualCharges } from '../duty/quote-against-actual.ts';
import { SalesContract } from '../letter-of-credit/sales-contract.ts';
import { PlainDate } from '../plain-date.ts';
import { Licence, LicenceNeed } from '../requirements/licence-register.ts';
import { Destination, ProductFacts } from '../requirements/product-facts.ts';
import { LAWS } from '../returns-law/rules.ts';
import { InspectionReport } from '../sampling/inspection.ts';
import { Party } from '../screening/party.ts';
import { SALES } from '../tax-refund/customs-modes.ts';
import { PURCHASE_PAPERS } from '../tax-refund/refund-claim.ts';
import { WriteOffFile } from '../write-off/case-file.ts';

/** The eight steps of an export, in order. */
export const STEPS = [
  'market',
  'rights',
  'quality',
  'contract',
  'logistics',
  'clearance',
  'after_sales',
  'settlement',
] as const;
export type Step = (typeof STEPS)[number];

/** The title of a step in the product's two languages. */
export const STEP_TITLES: Readonly<Record<Step, { en: string; zh: string }>> = {
  market: { en: 'Market research & parties', zh: '市场开发与客户资信' },
  rights: { en: 'Import & export rights', zh: '进出口权与准入' },
  quality: { en: 'Stocking & quality', zh: '备货与质检' },
  contract: { en: 'Contract & letter of credit', zh: '合同与信用证' },
  logistics: { en: 'Logistics & documents', zh: '物流与单证' },
  clearance: { en: 'Destination customs & tax', zh: '目的国清关与税费' },
  after_sales: { en: 'After-sales', zh: '售后' },
  settlement: { en: 'FX settlement & tax refund', zh: '收汇核销与退税' },
};

const Name = z.string().trim().min(1).max(200);
/** The id is also a field name in the document: no dots, no dollar sign, no leading underscore. */
const PartyId = z
  .string()
  .trim()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} _-]{0,99}$/u, 'letters, digits, spaces, “-” and “_”, such as buyer-2');
const Amount = z.string().regex(/^\d{1,15}(\.\d{1,4})?$/, 'an amount as text, such as 12.50');

export const PARTY_ROLES = [
  'buyer',
  'consignee',
  'notify',
  'importer_of_record',
  'bank',
  'supplier',
  'manufacturer',
  'carrier',
  'owner',
] as const;

const Market = z.strictObject({
  parties: z
    .array(z.strictObject({ id: PartyId, role: z.enum(PARTY_ROLES), party: Party }))
    .max(100)
    .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'names a party twice'),
  /** For the 50 % rule: owned party → owner → per cent. Owners must be parties too, otherwise nobody screens them. */
  ownership: z.record(PartyId, z.record(PartyId, Amount)).default({}),
  /** The opportunity sheet of the product in this country; null if there is none. */
  sheet: z
    .strictObject({
      score: Amount,
      marginPct: z.string().max(20).nullable(),
      figures: z.array(z.strictObject({ name: Name, value: Name, source: Name, date: PlainDate })).max(60),
    })
    .nullable()
    .default(null),
  /** The buyer's credit; null if nothing is sold on credit. */
  credit: z
    .strictObject({
      currency: Currency,
      limit: Amount,
      openInvoices: Amount,
      ordersNotInvoiced: Amount,
      newOrder: Amount,
    })
    .nullable()
    .default(null),
});

const Rights = z.strictObject({
  destination: Destination,
  products: z
    .array(z.strictObject({ sku: Name, brand: Name.nullable().default(null), facts: ProductFacts }))
    .min(1)
    .max(500),
  needs: z.array(LicenceNeed).max(1_000).default([]),
  licences: z.array(Licence).max(1_000).default([]),
});

const Quality = z.strictObject({
  /** Lots that must pass inspection before anything is shipped; empty if it is decided to inspect none. */
  lots: z.array(Name).max(200),
  /** Why no lot is inspected; required if `lots` is empty. */
  waivedBecause: z.string().trim().max(500).default(''),
  reports: z
    .array(z.strictObject({ on: PlainDate, report: InspectionReport }))
    .max(500)
    .default([]),
});

const Contract = z.strictObject({
  payment: z.enum(['letter_of_credit', 'prepaid', 'open_account', 'documents_against_payment']),
  contract: SalesContract.nullable().default(null),
  /**
   * The credit as advised by the bank, with its continuation (MT701) and the accepted amendments, in one text; '' if
   * none has arrived.
   */
  messages: z.string().max(200_000).default(''),
  /** The day the goods were loaded; null if not yet. */
  shipped: PlainDate.nullable().default(null),
  /** The day the documents were presented to the bank. */
  presented: PlainDate.nullable().default(null),
  /** The bank's working days at the place of presentation. */
  bank: Calendar.prefault({ weekend: ['Sat', 'Sun'], closed: [], openDays: [] }),
});

const Logistics = z.strictObject({
  shipment: ShipmentRecord,
  documents: z.array(z.enum(DOCUMENT_KINDS)).min(1).max(DOCUMENT_KINDS.length),
  sdr: SdrRate.nullable().default(null),
  euro: EuroRate.nullable().default(null),
  batteries: z.array(BatteryShipment).max(100).default([]),
});

const Clearance = z.strictObject({
  consignment: Consignment,
  /** The customs bill; null if not yet received. */
  actual: ActualCharges.nullable().default(null),
  /** The edition from which the HS codes were taken. */
  storedAs: z.enum(HS_EDITION_IDS).default('HS2022'),
});

const AfterSales = z.strictObject({
  currency: Currency,
  capturedMinor: Minor.nonnegative(),
  refundedMinor: Minor.nonnegative().default(0),
  /** A refund that was requested and not paid yet. */
  askedMinor: Minor.nonnegative().default(0),
  law: z.enum(LAWS).nullable().default(null),
  delivered: PlainDate.nullable().default(null),
  /** Whether the buyer was told of the right of withdrawal. */
  informed: z.boolean().default(true),
  calendar: Calendar.prefault({ weekend: ['Sat', 'Sun'], closed: [], openDays: [] }),
});

const Settlement = z.strictObject({
  /** Null if no refund is claimed. */
  claim: z
    .strictObject({
      paper: z.enum(PURCHASE_PAPERS),
      mode: z.string().max(10),
      sale: z.enum(SALES),
      sold: z.boolean(),
    })
    .nullable(),
  file: WriteOffFile.nullable().default(null),
});

/** The facts that a person enters for each step. A step without facts blocks. */
export const FACTS = {
  market: Market,
  rights: Rights,
  quality: Quality,
  contract: Contract,
  logistics: Logistics,
  clearance: Clearance,
  after_sales: AfterSales,
  settlement: Settlement,
} as const satisfies Record<Step, z.ZodType>;

export type Facts = { readonly [S in Step]: z.output<(typeof FACTS)[S]> | null };

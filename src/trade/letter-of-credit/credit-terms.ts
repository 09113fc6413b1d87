import { z } from 'zod';
import { Currency, DecimalText } from '#domain/money.ts';
import { PlainDate } from '../plain-date.ts';
import {
  APPLICABLE_RULES,
  AVAILABLE_BY,
  CONFIRMATIONS,
  FORMS,
  SHIPMENT_CODES,
  TRANSFER_CONFIRMATIONS,
} from './message-fields.ts';
import { AmountTolerance } from './tolerance.ts';

/** Bank portals print a whole paragraph as one line: up to 100 lines of 65 characters. */
const Line = z.string().max(6_500);
const Lines = z.array(Line).min(1).max(800);
/** A bank: option A names it by its BIC in the last line, B and D by name and address. */
export const BankParty = z.strictObject({ option: z.enum(['A', 'B', 'D']), lines: Lines });
export type BankParty = z.infer<typeof BankParty>;

const Place = z.string().min(1).max(140);

/** How a credit was transferred to its second beneficiary (UCP 600 art. 38, MT720). */
export const Transfer = z.strictObject({
  /** The transferring bank's own number (field 20). The credit's `number` is still the issuing bank's (21). */
  reference: z.string().min(1).max(16),
  confirmation: z.enum(TRANSFER_CONFIRMATIONS),
  issuingBank: BankParty.nullable(),
  nonBankIssuer: Lines.nullable(),
  intermediaryInstructions: Lines.nullable(),
});
export type Transfer = z.infer<typeof Transfer>;

/**
 * A documentary credit as in MT700: dates as days, amounts as exact decimals, narratives by line. In a transferred
 * credit (MT720) the applicant is the first beneficiary, whose name replaces the applicant's (art. 38(g)), and the
 * beneficiary is the second.
 */
export const Credit = z.strictObject({
  form: z.enum(FORMS),
  number: z.string().min(1).max(16),
  preAdvice: z.string().nullable(),
  issued: PlainDate,
  rules: z.strictObject({ version: z.enum(APPLICABLE_RULES), narrative: z.string().nullable() }),
  expiry: z.strictObject({ date: PlainDate, place: z.string().min(1).max(29) }),
  applicantBank: BankParty.nullable(),
  applicant: Lines,
  beneficiary: z.strictObject({ account: z.string().nullable(), lines: Lines }),
  currency: Currency,
  amount: DecimalText,
  tolerance: AmountTolerance.nullable(),
  additionalAmounts: Lines.nullable(),
  available: z.strictObject({ with: BankParty, by: z.enum(AVAILABLE_BY) }),
  draftsAt: Lines.nullable(),
  drawee: BankParty.nullable(),
  mixedPayment: Lines.nullable(),
  deferredPayment: Lines.nullable(),
  partialShipments: z.enum(SHIPMENT_CODES).nullable(),
  transhipment: z.enum(SHIPMENT_CODES).nullable(),
  takingInCharge: Place.nullable(),
  loading: Place.nullable(),
  discharge: Place.nullable(),
  destination: Place.nullable(),
  latestShipment: PlainDate.nullable(),
  shipmentPeriod: Lines.nullable(),
  goods: Lines.nullable(),
  documents: Lines.nullable(),
  conditions: Lines.nullable(),
  specialPayment: Lines.nullable(),
  specialPaymentBank: Lines.nullable(),
  charges: Lines.nullable(),
  /** Field 48: days, and after which event if not after shipment. */
  presentation: z.strictObject({ days: z.int().min(0).max(999), after: z.string().nullable() }).nullable(),
  confirmation: z.enum(CONFIRMATIONS),
  confirmationParty: BankParty.nullable(),
  reimbursingBank: BankParty.nullable(),
  instructions: Lines.nullable(),
  adviseThrough: BankParty.nullable(),
  information: Lines.nullable(),
  /** Null for a credit that was not transferred. */
  transfer: Transfer.nullable().default(null),
});
export type Credit = z.infer<typeof Credit>;

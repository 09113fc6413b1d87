import { z } from 'zod';
import { Currency } from '#domain/money.ts';
import { PlainDate } from '../plain-date.ts';
import { DEEMED_REASONS } from '../tax-refund/deemed-receipt.ts';
import { Tolerance } from './receivable.ts';

const Amount = z.string().max(32);
const Name = z.string().trim().min(1).max(200);
const Key = z.string().trim().min(1).max(64);
const Hs = z.string().regex(/^\d{6,10}$/, 'is not an HS code of 6 to 10 digits');

/** A line of a declaration, to which every other paper is linked. */
export const LineRef = z.strictObject({
  declaration: z.string().regex(/^\d{18}$/, 'is not the 18-digit number of an export declaration'),
  line: z.int().min(1).max(999),
});
export type LineRef = z.infer<typeof LineRef>;

export const DeclarationLine = z.strictObject({
  ...LineRef.shape,
  /** The export date on the declaration. It alone determines the tax deadlines. */
  exportDate: PlainDate,
  currency: Currency,
  fob: Amount,
  hs: Hs,
  quantity: Amount,
  unit: Key,
  contract: Key,
  /** The refund claim, with the amount paid out for this line in CNY; null if none was filed. */
  claim: z.strictObject({ filedOn: PlainDate, refunded: Amount }).nullable(),
  /** A listed reason that replaces receipt of payment, with the proofs on file. */
  deemed: z.strictObject({ reason: z.enum(DEEMED_REASONS), evidence: z.array(Name).max(50) }).nullable(),
  closed: z.boolean(),
});
export type DeclarationLine = z.infer<typeof DeclarationLine>;

export const Contract = z.strictObject({
  number: Key,
  buyer: Name,
  /** The last payment day named in the contract, if any. */
  finalPayment: PlainDate.nullable(),
});

/** A line of a special VAT invoice for the purchase of the goods. */
export const VatInvoiceLine = z.strictObject({
  invoice: Key,
  line: z.int().min(1).max(9_999),
  hs: Hs,
  quantity: Amount,
  unit: Key,
  /**
   * Which quantity went into which declaration line. The rest goes to the lines of `contract` with its HS code and
   * unit.
   */
  uses: z.array(z.strictObject({ ...LineRef.shape, quantity: Amount })).max(1_000),
  contract: Key.nullable(),
});

/** Foreign exchange received. A platform's pay-out is converted to gross first. */
export const Receipt = z.strictObject({
  id: Key,
  date: PlainDate,
  currency: Currency,
  /** What the bank credited, and what banks deducted before. Together they are what the payer sent. */
  credited: Amount,
  bankFee: Amount,
  payer: Name,
  /** Which part of the sum was for which line. The rest goes to the lines of `contract`, the oldest export first. */
  uses: z.array(z.strictObject({ ...LineRef.shape, amount: Amount })).max(1_000),
  contract: Key.nullable(),
});

export const TRANSPORT_DOCUMENTS = [
  'bill-of-lading',
  'air-waybill',
  'house-bill-of-lading',
  'house-air-waybill',
] as const;

export const TransportDocument = z.strictObject({
  kind: z.enum(TRANSPORT_DOCUMENTS),
  number: Key,
  onBoard: PlainDate,
  declarations: z.array(LineRef.shape.declaration).min(1).max(500),
});

/** Everything to be matched. A trading company needs VAT invoices; a manufacturer makes what it exports. */
export const WriteOffFile = z.strictObject({
  company: z.enum(['trading', 'manufacturer']),
  lines: z.array(DeclarationLine).min(1).max(5_000),
  contracts: z.array(Contract).max(5_000),
  invoices: z.array(VatInvoiceLine).max(20_000),
  receipts: z.array(Receipt).max(20_000),
  transports: z.array(TransportDocument).max(5_000),
  tolerance: Tolerance.optional(),
});
export type WriteOffFile = z.infer<typeof WriteOffFile>;

export const keyOf = ({ declaration, line }: LineRef): string => `${declaration}/${line}`;

import { z } from 'zod';
import { Currency, DecimalText } from '#domain/money.ts';
import { PlainDate } from '../plain-date.ts';
import { INCOTERM_CODES } from './goods.ts';

/** Transport documents of UCP 600 arts 19 to 25. Their originals start the presentation period. */
export const TRANSPORT_KINDS = [
  ...(['multimodal', 'bill_of_lading', 'sea_waybill', 'charter_party_bill_of_lading'] as const),
  ...(['air_waybill', 'road_rail_waterway', 'courier_receipt'] as const),
] as const;
export type TransportKind = (typeof TRANSPORT_KINDS)[number];

/** Documents without rules of their own in UCP 600; their data must not conflict (art. 14(f)). */
const PLAIN_KINDS = [
  ...(['packing_list', 'certificate_of_origin', 'inspection_certificate', 'beneficiary_certificate'] as const),
  ...(['weight_certificate', 'quality_certificate', 'phytosanitary_certificate', 'fumigation_certificate'] as const),
  ...(['shipment_advice', 'forwarder_receipt', 'other'] as const),
] as const;

/** No document of a presentation states a negative amount. */
export const Amount = DecimalText.refine((text) => !text.startsWith('-'), 'is negative');
const Text = z.string().min(1).max(10_000);

/** The content of a document. An absent key was not looked at: the examination names it and draws no conclusion. */
const DocumentContent = {
  /** The document's heading, for kinds without a name of their own. */
  title: Text.optional(),
  date: PlainDate.optional(),
  issuer: Text.optional(),
  signed: z.boolean().optional(),
  originals: z.int().min(0).max(99).optional(),
  copies: z.int().min(0).max(99).optional(),
  quotesCredit: z.boolean().optional(),
  /** The credit number that it quotes, for comparison. */
  creditNumber: Text.optional(),
  /** Quoted orders, contracts and the like. */
  references: z.array(Text).optional(),
  goods: Text.optional(),
  /** The words of a certificate or declaration. */
  wording: Text.optional(),
};

const Plain = z.strictObject({ kind: z.enum(PLAIN_KINDS), ...DocumentContent });

const Invoice = z.strictObject({
  kind: z.literal('invoice'),
  ...DocumentContent,
  addressee: Text.optional(),
  currency: Currency.optional(),
  amount: Amount,
  quantity: z.strictObject({ value: Amount, unit: z.string().min(1).max(40) }).optional(),
  unitPrice: Amount.optional(),
  incoterm: z.strictObject({ code: z.enum(INCOTERM_CODES), place: Text }).optional(),
});

const Transport = z.strictObject({
  kind: z.enum(TRANSPORT_KINDS),
  ...DocumentContent,
  /**
   * Shipment date: on board, dispatch, taking in charge or, for air, date of issue or of the noted flight. Null: not
   * shown.
   */
  shipped: PlainDate.nullable().optional(),
  carrier: Text.nullable().optional(),
  takingInCharge: Text.optional(),
  loading: Text.optional(),
  discharge: Text.optional(),
  destination: Text.optional(),
  vessel: Text.optional(),
  voyage: Text.optional(),
  transhipment: z.boolean().optional(),
  /** Originals presented and issued: 3 of 3. */
  set: z.strictObject({ presented: z.int().min(0).max(20), issued: z.int().min(1).max(20) }).optional(),
  /** Clauses and notations about the goods or their packing. */
  clauses: z.array(Text).optional(),
  onDeck: z.boolean().optional(),
  charterParty: z.boolean().optional(),
  freight: z.enum(['PREPAID', 'COLLECT']).optional(),
  consignee: Text.optional(),
  endorsedInBlank: z.boolean().optional(),
  notify: Text.optional(),
  shipper: Text.optional(),
});

const Insurance = z.strictObject({
  kind: z.literal('insurance'),
  ...DocumentContent,
  form: z.enum(['policy', 'certificate', 'declaration', 'cover_note']).optional(),
  currency: Currency.optional(),
  amount: Amount.optional(),
  /** When cover takes effect, if stated; otherwise the document's date counts (art. 28(e)). */
  effective: PlainDate.optional(),
  clauses: Text.optional(),
  set: z.strictObject({ presented: z.int().min(0).max(20), issued: z.int().min(1).max(20) }).optional(),
});

const Draft = z.strictObject({
  kind: z.literal('draft'),
  ...DocumentContent,
  currency: Currency.optional(),
  amount: Amount,
  drawee: Text.optional(),
  tenor: Text.optional(),
});

export const PresentedDocument = z.discriminatedUnion('kind', [Invoice, Transport, Insurance, Draft, Plain]);
export type PresentedDocument = z.infer<typeof PresentedDocument>;
export type DocumentKind = PresentedDocument['kind'];
export type InvoiceDocument = z.infer<typeof Invoice>;
export type TransportDocument = z.infer<typeof Transport>;
export type InsuranceDocument = z.infer<typeof Insurance>;
export type DraftDocument = z.infer<typeof Draft>;

export const isTransport = (document: PresentedDocument): document is TransportDocument =>
  TRANSPORT_KINDS.some((kind) => kind === document.kind);

/**
 * The transport documents of the goods. A courier receipt beside another one shows that papers were sent, as many
 * credits require; it is neither a separate shipment nor a date of shipment.
 */
export const carriageOf = (documents: readonly PresentedDocument[]): TransportDocument[] => {
  const transport = documents.filter(isTransport);
  const goods = transport.filter(({ kind }) => kind !== 'courier_receipt');
  return goods.length > 0 ? goods : transport;
};

/** The name of a document kind in a sentence. */
export const kindName = (kind: DocumentKind): string => kind.replaceAll('_', ' ');

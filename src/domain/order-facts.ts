import { z } from 'zod';
import { Currency, Minor } from './money.ts';

/** A name and its value in the words of whoever gave them, such as an engraving. */
export const Attribute = z.object({ name: z.string(), value: z.string() });
export type Attribute = z.infer<typeof Attribute>;

export const TAX_ID_KINDS = ['vat', 'eori', 'ioss', 'other'] as const;
export const TaxId = z.object({
  kind: z.enum(TAX_ID_KINDS),
  number: z.string().min(1),
  /** The country that gave it, ISO 3166-1 alpha-2; '' where nobody says. */
  country: z.string().regex(/^([A-Z]{2})?$/),
});
export type TaxId = z.infer<typeof TaxId>;
/** Whose it is: the seller's, or the buyer's. */
export const PartyTaxId = TaxId.extend({ party: z.enum(['seller', 'buyer']) });
export type PartyTaxId = z.infer<typeof PartyTaxId>;

/** What a shop tells of an order beside what is to be sent, where and for how much. */
export const OrderFacts = z.object({
  /** The buyer's. */
  taxIds: z.array(TaxId),
  /** The buyer's own number of the purchase. */
  poNumber: z.string(),
  tags: z.array(z.string()),
  /** What the buyer chose, in the shop's words. */
  shippingMethod: z.string(),
  /** Of the order as a whole, such as a gift message. */
  attributes: z.array(Attribute),
  /** The total in the currency that the shop counts in, where that is another than the buyer's. */
  shopMoney: z.object({ currency: Currency, totalMinor: Minor }).nullable(),
});
export type OrderFacts = z.infer<typeof OrderFacts>;

/** The buyer's tax ids, for the customs of where it goes. */
export const buyersTaxIds = (order: { facts?: OrderFacts } | null): PartyTaxId[] =>
  (order?.facts?.taxIds ?? []).map((id) => ({ ...id, party: 'buyer' }));

/** The same of a line; both amounts are of its current units. */
export const LineFacts = z.object({
  /** What was taken off the price, positive. */
  discountMinor: Minor,
  /** The tax on the line, whether its total includes it or not. */
  taxMinor: Minor,
  /** How the buyer wants it made or packed: passed on to whoever makes it. */
  attributes: z.array(Attribute),
});
export type LineFacts = z.infer<typeof LineFacts>;

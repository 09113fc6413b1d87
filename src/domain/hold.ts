import { z } from 'zod';
import { Actor } from './actor.ts';

/**
 * Why an order, or one leg of it, waits. One row a code: what it is called, what to do, and whether the order keeps its units on
 * the shelf meanwhile (the shop has sold them already). `setBy: 'facts'` holds come and go with what the shop and our records say;
 * a person may let an order go on all the same where `release` is true. `setBy: 'person'` holds stay until a person releases them.
 */
export const HOLDS = {
  payment: {
    title: 'The order is not paid',
    next: 'Wait for the payment, release the hold to ship unpaid, or cancel the order.',
    setBy: 'facts',
    release: true,
    keepsUnits: true,
  },
  fraud: {
    title: 'The shop advises against this order',
    next: 'Look at the order at the shop, then release the hold or cancel the order.',
    setBy: 'facts',
    release: true,
    keepsUnits: true,
  },
  shop: {
    title: 'The shop holds the order',
    next: 'Wait until the shop ends it: the order goes on by itself. Or release the hold here, or cancel the order.',
    setBy: 'facts',
    release: true,
    keepsUnits: true,
  },
  address: {
    title: 'The address is not complete',
    next: 'Enter the address that is missing: of the order, here or at the shop, or of the location that is named.',
    setBy: 'facts',
    release: false,
    keepsUnits: true,
  },
  product: {
    title: 'A product fact is missing',
    next: 'Enter the weight, origin or HS code of the variant that is named.',
    setBy: 'facts',
    release: false,
    keepsUnits: true,
  },
  currency: {
    title: 'No exchange rate is on file',
    next: 'Enter or import the rate that is named; the order goes on by itself.',
    setBy: 'facts',
    release: false,
    keepsUnits: true,
  },
  credit: {
    title: 'The buyer’s credit does not allow it',
    next: 'Raise the credit, take a payment, or release the hold.',
    setBy: 'person',
    release: true,
    keepsUnits: true,
  },
  manual: {
    title: 'A person holds the order',
    next: 'Release the hold when it may go on.',
    setBy: 'person',
    release: true,
    keepsUnits: true,
  },
  cancel_requested: {
    title: 'A cancellation was asked for',
    next: 'Confirm or decline the cancellation.',
    setBy: 'person',
    release: true,
    keepsUnits: true,
  },
  edited: {
    title: 'The order is being planned anew',
    next: 'Nothing: it goes on by itself when the new plan is made.',
    setBy: 'facts',
    release: false,
    keepsUnits: true,
  },
  case: {
    title: 'A gate of a case file is shut',
    next: 'Open the case file: it names what is missing.',
    setBy: 'facts',
    release: false,
    keepsUnits: true,
  },
} as const;
export type HoldCode = keyof typeof HOLDS;
export const HOLD_CODES = Object.keys(HOLDS).filter((code): code is HoldCode => code in HOLDS);
export const HoldCode = z.literal(HOLD_CODES);

export const Hold = z.object({
  code: HoldCode,
  subject: z.object({ kind: z.enum(['order', 'leg']), id: z.string() }),
  /** The fact that is missing or wrong, and the SKU where it is one of a product. */
  field: z.string().optional(),
  sku: z.string().optional(),
  sinceMs: z.number(),
  by: Actor,
  note: z.string(),
  /** Until when the units stay held; null: until it is decided. */
  untilMs: z.number().nullable(),
});
export type Hold = z.infer<typeof Hold>;

/** A person's word that an order may go on although the facts say wait. It covers `of`, the fact as it stood, and nothing newer. */
export const Release = z.object({ code: HoldCode, of: z.string(), by: Actor, atMs: z.number(), note: z.string() });
export type Release = z.infer<typeof Release>;

/** Which unpaid orders may go on. `authorised` suits only a shop that captures by itself, or a connector that does. */
export const PaymentRule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('paid') }),
  z.strictObject({ kind: z.literal('authorised') }),
  /** Paid orders, and unpaid ones by these methods: cash on delivery, on account. */
  z.strictObject({ kind: z.literal('methods'), methods: z.array(z.string().min(1)).min(1).max(50) }),
  z.strictObject({ kind: z.literal('always') }),
]);
export type PaymentRule = z.infer<typeof PaymentRule>;

const Minutes = z.int().min(0).max(525_600);
/** How a storefront's orders are taken in. The defaults are those of a new connection and of one from before version 0.2. */
export const OrderRules = z.strictObject({
  payment: PaymentRule.default({ kind: 'paid' }),
  /** Hold orders that the shop advises to look at or to cancel. */
  holdOnRisk: z.boolean().default(true),
  /** How long an unpaid order keeps its units, in minutes of the business clock, by payment state or by payment method. */
  keepUnitsMinutes: z
    .strictObject({
      pending: Minutes.default(60),
      onHold: Minutes.default(7 * 24 * 60),
      authorised: Minutes.default(7 * 24 * 60),
      methods: z.record(z.string(), Minutes).default({}),
    })
    .default({ pending: 60, onHold: 10_080, authorised: 10_080, methods: {} }),
  /** An order that was read longer ago than this is read again before it costs money. */
  freshMinutes: z.int().min(1).max(10_080).default(10),
});
export type OrderRules = z.infer<typeof OrderRules>;
export const DEFAULT_ORDER_RULES: OrderRules = OrderRules.parse({});

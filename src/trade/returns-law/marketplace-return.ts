import { z } from 'zod';
import { exact } from '../decimal.ts';
import { addDays, PlainDate } from '../plain-date.ts';
import { invalid, readInput } from '../read-input.ts';
import { mergeNotices, type Notice, ruleOn } from '../rule.ts';
import { AMAZON_ABROAD, MARKETPLACES, RETURN_POLICIES } from './marketplaces.ts';

export const ReturnWindowQuestion = z.strictObject({
  marketplace: z.enum(MARKETPLACES),
  delivered: PlainDate,
  estimatedDelivery: PlainDate.optional(),
  /** The days of the listing, if the marketplace lets the seller choose. */
  listingDays: z.int().min(1).max(365).optional(),
});

/**
 * The last day to request a return under the marketplace's own policy, and how reliable our record of the policy is.
 */
export const returnWindow = (
  input: z.input<typeof ReturnWindowQuestion>,
  today: PlainDate,
): { lastDay: PlainDate; notices: readonly Notice[] } => {
  const { marketplace, delivered, estimatedDelivery, listingDays } = readInput(ReturnWindowQuestion, input);
  const { value, notices } = ruleOn(RETURN_POLICIES[marketplace], { on: delivered, today }, 'delivered');
  const { days, from } = value.window;
  if (listingDays !== undefined && ![days, ...value.otherDays].includes(listingDays))
    throw invalid('listingDays', `${marketplace} knows ${[days, ...value.otherDays].join(' or ')} days`);
  const assumed: Notice = {
    code: 'advice',
    rule: RETURN_POLICIES[marketplace].id,
    message: 'counted from delivery; the marketplace counts from the estimated delivery, so hand that in',
  };
  const estimated = from === 'estimated delivery';
  return {
    lastDay: addDays(estimated ? (estimatedDelivery ?? delivered) : delivered, listingDays ?? days),
    notices: mergeNotices(notices, estimated && estimatedDelivery === undefined ? [assumed] : []),
  };
};

export const AmazonUsReturn = z.strictObject({
  /** What the buyer paid for the item, in USD. */
  price: z.string().max(32),
  sellerUsReturnAddress: z.boolean(),
  on: PlainDate,
});

/** What Amazon US requires a seller abroad to do with a return request. */
export const AMAZON_ACTIONS = {
  automatic: 'automatic returnless refund',
  choices: ['returnless', 'prepaid international label', 'provider'],
  withAddress: ['amazon prepaid returns service', 'returnless'],
} as const;

export interface AmazonReturn {
  action: string;
  notices: readonly Notice[];
}

/**
 * What a seller who ships to the US from abroad must do with a return request. Without a US return address Amazon
 * refunds up to USD 25.00 by itself; above that the seller chooses within 5 days. Source: Seller Central 201468550,
 * read 2026-11-25.
 */
export const amazonUsReturn = (input: z.input<typeof AmazonUsReturn>, today: PlainDate): AmazonReturn => {
  const { price, sellerUsReturnAddress, on } = readInput(AmazonUsReturn, input);
  const { value, notices } = ruleOn(AMAZON_ABROAD, { on, today });
  const paid = exact(price, 'price', { zero: false });
  const [{ automatic, choices, withAddress }, within] = [AMAZON_ACTIONS, `within ${value.withinDays} days`];
  if (sellerUsReturnAddress) return { action: withAddress.join(' | '), notices };
  return { action: paid.lte(value.limitUsd) ? automatic : `${choices.join(' | ')}, ${within}`, notices };
};

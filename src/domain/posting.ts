import { z } from 'zod';

export const PARTIES = ['buyer', 'us', 'supplier', 'principal', 'factory'] as const;
export type PartyName = (typeof PARTIES)[number];

export const POSTING_KINDS = ['sale', 'refund', 'cost', 'commission', 'charge'] as const;
export type PostingKind = (typeof POSTING_KINDS)[number];

/**
 * One line of who owes whom. `sale` postings of a line sum to what the buyer pays for it; a negative amount takes back what an earlier
 * posting said.
 */
export const Posting = z.object({
  _id: z.string(),
  workspaceId: z.string(),
  orderId: z.string(),
  lineId: z.string(),
  kind: z.enum(POSTING_KINDS),
  from: z.enum(PARTIES),
  to: z.enum(PARTIES),
  partner: z.string(),
  /** In minor units of `currency`, the currency in which it is owed. */
  minor: z.number(),
  currency: z.string(),
  /** The same amount in the workspace's currency, by the rate stamped on the order; null while no rate is on file. */
  base: z.object({ minor: z.number(), currency: z.string(), rateDay: z.string().nullable() }).nullable().optional(),
  atMs: z.number(),
});
export type Posting = z.infer<typeof Posting>;

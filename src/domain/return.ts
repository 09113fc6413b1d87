import { z } from 'zod';
import { News } from './event.ts';
import { machine } from './state-machine.ts';

/**
 * Money back for lines of an order. wanted: to be paid back at the storefront. refunded: paid back, not yet counted. applied: counted
 * on the order and its legs. unmatched: it belongs to no order line. refused: the storefront will not pay it.
 */
export const returnMachine = machine('return', 'wanted', {
  wanted: ['refunded', 'refused', 'unmatched'],
  refused: ['wanted', 'refunded'],
  refunded: ['applied'],
  applied: [],
  unmatched: [],
});
export type ReturnState = keyof typeof returnMachine.table;

/** Whether the storefront told of it or we ask for it. */
export const RETURN_ORIGINS = ['storefront', 'ours'] as const;

export const Return = z.object({
  _id: z.string(),
  workspaceId: z.string(),
  /** Null when it belongs to nothing. */
  orderId: z.string().nullable(),
  connectionId: z.string(),
  externalId: z.string(),
  /** The storefront's note, or the caller's reference. */
  reference: z.string(),
  currency: z.string(),
  totalMinor: z.number(),
  lines: z.array(
    z.object({
      id: z.string(),
      lineId: z.string(),
      sku: z.string(),
      quantity: z.int(),
      totalMinor: z.number(),
      restock: z.boolean(),
      cancelled: z.int(),
      returned: z.int(),
    }),
  ),
  origin: z.enum(RETURN_ORIGINS),
  state: z.enum(returnMachine.states),
  /** Goods that came back, by reference of the receipt. */
  received: z.array(z.object({ reference: z.string(), lineId: z.string(), quantity: z.int(), restocked: z.boolean() })),
  reason: z.string(),
  dueAtMs: z.number().nullable(),
  createdAtMs: z.number(),
  updatedAtMs: z.number(),
  news: z.array(News).optional(),
  newsSeq: z.int().optional(),
});
export type Return = z.infer<typeof Return>;

import { z } from 'zod';
import { News } from './event.ts';
import type { Order } from './order.ts';
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
      /** Under which id its units were taken off the order, where that is not the line's own: see `takenIdOf`. */
      taken: z.string().exactOptional(),
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

/**
 * The id under which the units of a line of a refund, or of a row on a leg, were taken off the order. Several may share it; each posts, and
 * gives back to the shelf, under its own id.
 */
export const takenIdOf = ({ id, taken }: Pick<Return['lines'][number], 'id' | 'taken'>): string => taken ?? id;

/** What of an order's price may still be asked back: less what the storefront says is refunded, or what was asked for, if that is more. */
export const leftToRefund = (
  order: Pick<Order, 'totalMinor' | 'refundedMinor'>,
  returns: readonly Pick<Return, 'state' | 'totalMinor'>[],
): number => {
  const known = returns.reduce(
    (sum, { state, totalMinor }) => sum + (state === 'refused' || state === 'unmatched' ? 0 : totalMinor),
    0,
  );
  return order.totalMinor - Math.max(order.refundedMinor, known);
};

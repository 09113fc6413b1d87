import { idOf } from '#domain/ids.ts';
import type { Order } from '#domain/order.ts';
import type { Posting } from '#domain/posting.ts';

/** What the buyer owes us beside the goods: a posting a charge of the order, the same at every repetition. */
export const chargePostings = (order: Order, atMs: number): Posting[] =>
  order.charges.map((charge) => ({
    _id: idOf('ps', order._id, 'charge', charge.externalId),
    workspaceId: order.workspaceId,
    orderId: order._id,
    lineId: '',
    kind: 'charge',
    from: 'buyer',
    to: 'us',
    partner: '',
    minor: charge.totalMinor,
    currency: order.currency,
    atMs,
  }));

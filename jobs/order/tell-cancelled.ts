import { defineJob } from '#queue';
import { OrderRef } from '../steps.ts';
import { progressOrder } from './progress.ts';

/** Tells the storefront that an order is cancelled, once. */
export const tellCancelled = defineJob({
  name: 'order.tell_cancelled',
  queue: 'outbound',
  retry: 'vendor',
  exclusive: 'order',
  payload: OrderRef,
  key: ({ orderId }) => [orderId],
  subject: ({ orderId }) => ({ kind: 'order', id: orderId }),
  async handle({ app, actor, enqueue }, payload) {
    await app.tellCancelled(actor, payload);
    await enqueue(progressOrder, payload);
  },
});

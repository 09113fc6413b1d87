import { defineJob } from '#queue';
import { OrderRef } from '../steps.ts';

/** The order's state as its legs amount to; settles and closes it when nothing is left. */
export const progressOrder = defineJob({
  name: 'order.progress',
  queue: 'orders',
  retry: 'own',
  payload: OrderRef,
  key: ({ orderId }) => [orderId],
  subject: ({ orderId }) => ({ kind: 'order', id: orderId }),
  async handle({ app, actor, start }, payload) {
    const { decides } = await app.progressOrder(actor, payload);
    if (decides) await start({ job: 'order.reconcile', payload });
  },
});

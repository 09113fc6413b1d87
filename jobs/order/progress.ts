import { defineJob } from '#queue';
import { OrderRef } from '../steps.ts';

/** The order's state as its legs amount to; settles and closes it when nothing is left. */
export const progressOrder = defineJob({
  name: 'order.progress',
  queue: 'orders',
  retry: 'own',
  payload: OrderRef,
  key: ({ orderId }) => [orderId],
  async handle({ app }, { workspaceId, orderId }) {
    await app.progressOrder(workspaceId, orderId);
  },
});

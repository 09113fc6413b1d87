import { defineJob } from '#queue';
import { advanceLeg } from '../leg/advance.ts';
import { progressOrder } from '../order/progress.ts';
import { ReturnRef } from '../steps.ts';

/** Counts a refund on the legs, once. */
export const applyReturn = defineJob({
  name: 'return.apply',
  queue: 'orders',
  retry: 'own',
  payload: ReturnRef,
  key: ({ returnId }) => [returnId],
  async handle({ app, enqueue }, { workspaceId, returnId }) {
    const { legIds, orderId, applied } = await app.applyReturn(workspaceId, returnId);
    for (const legId of legIds) await enqueue(advanceLeg, { workspaceId, legId });
    if (applied && orderId) await enqueue(progressOrder, { workspaceId, orderId });
  },
});

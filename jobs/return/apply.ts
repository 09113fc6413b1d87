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
  subject: ({ returnId }) => ({ kind: 'return', id: returnId }),
  async handle({ app, actor, enqueue, start }, { workspaceId, returnId }) {
    const { legIds, orderId, applied, reconcile } = await app.applyReturn(actor, { workspaceId, returnId });
    for (const legId of legIds) await enqueue(advanceLeg, { workspaceId, legId });
    if (!applied || !orderId) return;
    if (reconcile) await start({ job: 'order.reconcile', payload: { workspaceId, orderId } });
    else await enqueue(progressOrder, { workspaceId, orderId });
  },
});

import { defineJob } from '#queue';
import { tellCancelled } from '../order/tell-cancelled.ts';
import { ReturnRef } from '../steps.ts';
import { applyReturn } from './apply.ts';

/** Pays a return back at the storefront, once. */
export const payReturn = defineJob({
  name: 'return.pay',
  queue: 'outbound',
  retry: 'vendor',
  exclusive: 'return',
  payload: ReturnRef,
  key: ({ returnId }) => [returnId],
  subject: ({ returnId }) => ({ kind: 'return', id: returnId }),
  async handle({ app, actor, enqueue }, { workspaceId, returnId }) {
    const paid = await app.payReturn(actor, { workspaceId, returnId });
    if (!paid) return;
    if (paid.isRefunded) await enqueue(applyReturn, { workspaceId, returnId });
    if (paid.tellStorefront) await enqueue(tellCancelled, { workspaceId, orderId: paid.orderId });
  },
});

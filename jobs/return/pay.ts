import { defineJob } from '#queue';
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
    if (await app.payReturn(actor, { workspaceId, returnId })) await enqueue(applyReturn, { workspaceId, returnId });
  },
});

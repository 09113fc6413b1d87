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
  async handle({ app, enqueue }, { workspaceId, returnId }) {
    if (await app.payReturn(workspaceId, returnId)) await enqueue(applyReturn, { workspaceId, returnId });
  },
});

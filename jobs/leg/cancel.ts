import { defineJob } from '#queue';
import { LegRef } from '../steps.ts';
import { probeLeg } from './submit.ts';

/** Asks a supplier to cancel a purchase. */
export const cancelLeg = defineJob({
  name: 'leg.cancel',
  queue: 'outbound',
  retry: 'vendor',
  exclusive: 'leg',
  payload: LegRef,
  key: ({ legId }) => [legId],
  subject: ({ legId }) => ({ kind: 'leg', id: legId }),
  async handle({ app, actor, enqueue, start }, { workspaceId, legId }) {
    const { leg, next } = await app.cancelLeg(actor, { workspaceId, legId });
    if (next === 'probe') await enqueue(probeLeg, { workspaceId, legId });
    if (next === 'reconcile' && leg.orderId)
      await start({ job: 'order.reconcile', payload: { workspaceId, orderId: leg.orderId } });
  },
});

import { defineJob } from '#queue';
import { progressOrder } from '../order/progress.ts';
import { LegRef } from '../steps.ts';
import { submitLeg } from './submit.ts';

/** Moves a leg as far as it goes by itself. */
export const advanceLeg = defineJob({
  name: 'leg.advance',
  queue: 'orders',
  retry: 'own',
  payload: LegRef,
  key: ({ legId }) => [legId],
  subject: ({ legId }) => ({ kind: 'leg', id: legId }),
  async handle({ app, actor, enqueue }, { workspaceId, legId }) {
    const { leg, next } = await app.advanceLeg(actor, { workspaceId, legId });
    if (next === 'submit') await enqueue(submitLeg, { workspaceId, legId });
    if (next === 'progress' && leg.orderId) await enqueue(progressOrder, { workspaceId, orderId: leg.orderId });
  },
});

import { defineJob, type JobContext } from '#queue';
import { progressOrder } from '../order/progress.ts';
import { confirmShipment } from '../shipment/confirm.ts';
import { LegRef } from '../steps.ts';

type Followed = Awaited<ReturnType<JobContext['app']['submitLeg']>>;

/** What follows from a supplier's answer. */
const enqueueAfterReport = async (
  { enqueue, start }: Pick<JobContext, 'enqueue' | 'start'>,
  workspaceId: string,
  { leg, next, shipmentIds }: Followed,
): Promise<void> => {
  const legId = leg._id;
  for (const shipmentId of shipmentIds) await enqueue(confirmShipment, { workspaceId, shipmentId });
  if (next === 'probe') await enqueue(probeLeg, { workspaceId, legId }, { delayMs: 500 });
  if (next === 'submit') await enqueue(submitLeg, { workspaceId, legId });
  if (next === 'poll' && leg.kind === 'purchase' && leg.cancel === 'wanted')
    await start({ job: 'leg.cancel', payload: { workspaceId, legId } });
  if (leg.orderId === null) return;
  if (next === 'progress') await enqueue(progressOrder, { workspaceId, orderId: leg.orderId });
  if (next === 'reconcile') await start({ job: 'order.reconcile', payload: { workspaceId, orderId: leg.orderId } });
};

/** Sends a purchase order to its supplier: at most one live order there, whatever is lost on the way. */
export const submitLeg = defineJob({
  name: 'leg.submit',
  queue: 'outbound',
  retry: 'vendor',
  reports: ['rejected'],
  exclusive: 'leg',
  payload: LegRef,
  key: ({ legId }) => [legId],
  subject: ({ legId }) => ({ kind: 'leg', id: legId }),
  async handle({ app, actor, enqueue, start }, payload) {
    await enqueueAfterReport({ enqueue, start }, payload.workspaceId, await app.submitLeg(actor, payload));
  },
});

/** Looks up what became of a purchase order whose answer was lost. */
export const probeLeg = defineJob({
  name: 'leg.probe',
  queue: 'outbound',
  retry: 'vendor',
  payload: LegRef,
  key: ({ legId }) => [legId],
  subject: ({ legId }) => ({ kind: 'leg', id: legId }),
  async handle({ app, actor, enqueue, start }, payload) {
    await enqueueAfterReport({ enqueue, start }, payload.workspaceId, await app.probeLeg(actor, payload));
  },
});

/** Asks a supplier how a purchase order stands. */
export const pollLeg = defineJob({
  name: 'leg.poll',
  queue: 'outbound',
  retry: 'vendor',
  payload: LegRef,
  key: ({ legId }) => [legId],
  subject: ({ legId }) => ({ kind: 'leg', id: legId }),
  async handle({ app, actor, enqueue, start }, payload) {
    await enqueueAfterReport({ enqueue, start }, payload.workspaceId, await app.pollLeg(actor, payload));
  },
});

/** Pays a purchase that a person wants paid: once, whatever is lost on the way. */
export const payLeg = defineJob({
  name: 'leg.pay',
  queue: 'outbound',
  retry: 'vendor',
  exclusive: 'leg',
  payload: LegRef,
  key: ({ legId }) => [legId],
  subject: ({ legId }) => ({ kind: 'leg', id: legId }),
  async handle({ app, actor, enqueue, start }, payload) {
    await enqueueAfterReport({ enqueue, start }, payload.workspaceId, await app.payLeg(actor, payload));
  },
});

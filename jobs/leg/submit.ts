import { defineJob, type JobContext } from '#queue';
import { progressOrder } from '../order/progress.ts';
import { confirmShipment } from '../shipment/confirm.ts';
import { LegRef } from '../steps.ts';

type Followed = Awaited<ReturnType<JobContext['app']['submitLeg']>>;

/** What follows from a supplier's answer. */
const enqueueAfterReport = async (
  { enqueue }: Pick<JobContext, 'enqueue'>,
  workspaceId: string,
  { leg, next, shipmentIds }: Followed,
): Promise<void> => {
  const legId = leg._id;
  for (const shipmentId of shipmentIds) await enqueue(confirmShipment, { workspaceId, shipmentId });
  if (next === 'probe') await enqueue(probeLeg, { workspaceId, legId }, { delayMs: 500 });
  if (next === 'submit') await enqueue(submitLeg, { workspaceId, legId });
  if (next === 'progress' && leg.orderId) await enqueue(progressOrder, { workspaceId, orderId: leg.orderId });
};

/** Sends a purchase order to its supplier: at most one live order there, whatever is lost on the way. */
export const submitLeg = defineJob({
  name: 'leg.submit',
  queue: 'outbound',
  retry: 'vendor',
  exclusive: 'leg',
  payload: LegRef,
  key: ({ legId }) => [legId],
  async handle({ app, enqueue }, { workspaceId, legId }) {
    await enqueueAfterReport({ enqueue }, workspaceId, await app.submitLeg(workspaceId, legId));
  },
});

/** Looks up what became of a purchase order whose answer was lost. */
export const probeLeg = defineJob({
  name: 'leg.probe',
  queue: 'outbound',
  retry: 'vendor',
  payload: LegRef,
  key: ({ legId }) => [legId],
  async handle({ app, enqueue }, { workspaceId, legId }) {
    await enqueueAfterReport({ enqueue }, workspaceId, await app.probeLeg(workspaceId, legId));
  },
});

/** Asks a supplier how a purchase order stands. */
export const pollLeg = defineJob({
  name: 'leg.poll',
  queue: 'outbound',
  retry: 'vendor',
  payload: LegRef,
  key: ({ legId }) => [legId],
  async handle({ app, enqueue }, { workspaceId, legId }) {
    await enqueueAfterReport({ enqueue }, workspaceId, await app.pollLeg(workspaceId, legId));
  },
});

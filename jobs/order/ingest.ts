import { incomingOrderId } from '#domain/ids.ts';
import { defineJob, type JobContext } from '#queue';
import { applyReturn } from '../return/apply.ts';
import { IncomingOrderRef } from '../steps.ts';
import { reconcileOrder } from './reconcile.ts';
import { routeOrder } from './route.ts';

type Stored = Awaited<ReturnType<JobContext['app']['ingestOrder']>>;

/** What follows when an order was stored, from a webhook or a poll alike. */
export const enqueueAfterStore = async (
  { enqueue }: Pick<JobContext, 'enqueue'>,
  { order: { _id: orderId, workspaceId }, next, returnIds }: Pick<Stored, 'order' | 'next' | 'returnIds'>,
): Promise<void> => {
  if (next === 'route') await enqueue(routeOrder, { workspaceId, orderId });
  if (next === 'reconcile') await enqueue(reconcileOrder, { workspaceId, orderId });
  for (const returnId of returnIds) await enqueue(applyReturn, { workspaceId, returnId });
};

/** Brings one order in from its storefront. Safe to repeat: the store accepts an external id once. */
export const ingestOrder = defineJob({
  name: 'order.ingest',
  queue: 'inbound',
  retry: 'vendor',
  payload: IncomingOrderRef,
  key: ({ connectionId, externalId }) => [connectionId, externalId],
  subject: ({ workspaceId, connectionId, externalId }) => ({
    kind: 'order',
    id: incomingOrderId(workspaceId, connectionId, externalId),
  }),
  async handle({ app, actor, enqueue }, payload) {
    await enqueueAfterStore({ enqueue }, await app.ingestOrder(actor, payload));
  },
});

import { z } from 'zod';
import { defineJob, type JobContext } from '#queue';
import { applyReturn } from '../return/apply.ts';
import { routeOrder } from './route.ts';

interface Stored {
  orderId: string;
  state: string;
  returnIds: readonly string[];
}

/** What follows when an order was stored, from a webhook or a poll alike. */
export const enqueueAfterStore = async (
  { enqueue }: Pick<JobContext, 'enqueue'>,
  workspaceId: string,
  stored: Stored,
): Promise<void> => {
  if (stored.state === 'received') await enqueue(routeOrder, { workspaceId, orderId: stored.orderId });
  for (const returnId of stored.returnIds) await enqueue(applyReturn, { workspaceId, returnId });
};

/** Brings one order in from its storefront. Safe to repeat: the store accepts an external id once. */
export const ingestOrder = defineJob({
  name: 'order.ingest',
  queue: 'inbound',
  retry: 'vendor',
  payload: z.object({ workspaceId: z.string(), connectionId: z.string(), externalId: z.string() }),
  key: ({ connectionId, externalId }) => [connectionId, externalId],
  async handle({ app, enqueue }, { workspaceId, connectionId, externalId }) {
    await enqueueAfterStore({ enqueue }, workspaceId, await app.ingestOrder(workspaceId, connectionId, externalId));
  },
});

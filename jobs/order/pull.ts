import { defineJob } from '#queue';
import { ConnectionRef } from '../steps.ts';
import { enqueueAfterStore } from './ingest.ts';

/** Polls a storefront for what its webhooks did not bring. */
export const pullOrders = defineJob({
  name: 'orders.pull',
  queue: 'bulk',
  retry: 'vendor',
  payload: ConnectionRef,
  key: ({ connectionId }) => [connectionId],
  subject: ({ connectionId }) => ({ kind: 'connection', id: connectionId }),
  exclusive: 'pull',
  ifBusy: 'drop',
  async handle({ app, actor, enqueue }, payload) {
    await app.pullOrders(actor, payload, (stored) => enqueueAfterStore({ enqueue }, stored));
  },
});

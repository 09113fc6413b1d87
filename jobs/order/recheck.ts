import { defineJob } from '#queue';
import { ConnectionRef } from '../steps.ts';
import { enqueueAfterStore } from './ingest.ts';

/** Looks at a storefront's recent orders again, for what the shop does not count as a change. */
export const recheckOrders = defineJob({
  name: 'orders.recheck',
  queue: 'bulk',
  retry: 'vendor',
  payload: ConnectionRef,
  key: ({ connectionId }) => [connectionId],
  subject: ({ connectionId }) => ({ kind: 'connection', id: connectionId }),
  exclusive: 'recheck',
  ifBusy: 'drop',
  async handle({ app, actor, enqueue }, payload) {
    await app.recheckOrders(actor, payload, (stored) => enqueueAfterStore({ enqueue }, stored));
  },
});

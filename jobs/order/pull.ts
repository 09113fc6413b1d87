import { defineJob } from '#queue';
import { ConnectionRef } from '../steps.ts';
import { followStored } from './ingest.ts';

/** Polls a storefront for what its webhooks did not bring. */
export const pullOrders = defineJob({
  name: 'orders.pull',
  queue: 'bulk',
  retry: 'vendor',
  payload: ConnectionRef,
  key: ({ connectionId }) => [connectionId],
  alone: 'pull',
  leaves: true,
  async handle({ app, enqueue }, { workspaceId, connectionId }) {
    await app.pullOrders(workspaceId, connectionId, (stored) => followStored({ enqueue }, workspaceId, stored));
  },
});

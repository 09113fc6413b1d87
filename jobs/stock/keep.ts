import { defineJob } from '#queue';
import { advanceLeg } from '../leg/advance.ts';
import { ConnectionRef, WorkspaceRef } from '../steps.ts';

/** Orders what shelves lack. */
export const refillStock = defineJob({
  name: 'stock.refill',
  queue: 'bulk',
  retry: 'own',
  payload: WorkspaceRef,
  key: ({ workspaceId }) => [workspaceId],
  async handle({ app, enqueue }, { workspaceId }) {
    for (let more = true; more; ) {
      const result = await app.refillShelves(workspaceId);
      for (const legId of result.legIds) await enqueue(advanceLeg, { workspaceId, legId });
      more = result.more;
    }
  },
});

/** Tells the storefronts what may be sold. */
export const publishStock = defineJob({
  name: 'stock.publish',
  queue: 'bulk',
  retry: 'vendor',
  payload: WorkspaceRef,
  key: ({ workspaceId }) => [workspaceId],
  async handle({ app }, { workspaceId }) {
    while ((await app.publishStock(workspaceId)).more);
  },
});

/** Takes over a supplier's stock. */
export const pullSupply = defineJob({
  name: 'stock.pull',
  queue: 'bulk',
  retry: 'vendor',
  payload: ConnectionRef,
  key: ({ connectionId }) => [connectionId],
  exclusive: 'pull',
  ifBusy: 'drop',
  async handle({ app }, { workspaceId, connectionId }) {
    await app.pullSupply(workspaceId, connectionId);
  },
});

/** Takes over a storefront's listings. */
export const pullListings = defineJob({
  name: 'listings.pull',
  queue: 'bulk',
  retry: 'vendor',
  payload: ConnectionRef,
  key: ({ connectionId }) => [connectionId],
  async handle({ app }, { workspaceId, connectionId }) {
    await app.pullListings(workspaceId, connectionId);
  },
});

import { defineJob, type Enqueue } from '#queue';
import { advanceLeg } from '../leg/advance.ts';
import { labelShipment } from '../shipment/label.ts';
import { ConnectionRef, WorkspaceRef } from '../steps.ts';

/** Orders what shelves lack. */
export const refillStock = defineJob({
  name: 'stock.refill',
  queue: 'bulk',
  retry: 'own',
  payload: WorkspaceRef,
  key: ({ workspaceId }) => [workspaceId],
  subject: ({ workspaceId }) => ({ kind: 'workspace', id: workspaceId }),
  async handle({ app, enqueue }, { workspaceId }) {
    for (let more = true; more; ) {
      const result = await app.refillShelves(workspaceId);
      for (const legId of result.legIds) await enqueue(advanceLeg, { workspaceId, legId });
      more = result.more;
    }
  },
});

/** Marks the listings of SKUs whose number has changed, and asks for their storefronts to be told. */
export const markListings = defineJob({
  name: 'listings.mark',
  queue: 'bulk',
  retry: 'own',
  payload: WorkspaceRef,
  key: ({ workspaceId }) => [workspaceId],
  subject: ({ workspaceId }) => ({ kind: 'workspace', id: workspaceId }),
  async handle({ app, actor }, { workspaceId }) {
    while ((await app.markListings(actor, { workspaceId })).more);
  },
});

/** Tells one storefront what may be sold there. */
export const publishStock = defineJob({
  name: 'stock.publish',
  queue: 'bulk',
  retry: 'vendor',
  exclusive: 'publish',
  payload: ConnectionRef,
  key: ({ connectionId }) => [connectionId],
  subject: ({ connectionId }) => ({ kind: 'connection', id: connectionId }),
  async handle({ app, actor }, { workspaceId, connectionId }) {
    await app.publishStock(actor, { workspaceId, connectionId });
  },
});

/** Packages that waited for what a listing or a catalogue says now. */
const wakePackages = (enqueue: Enqueue, workspaceId: string) => async (shipmentIds: readonly string[]) => {
  for (const shipmentId of shipmentIds) await enqueue(labelShipment, { workspaceId, shipmentId });
};

/** Takes over a supplier's stock. */
export const pullSupply = defineJob({
  name: 'stock.pull',
  queue: 'bulk',
  retry: 'vendor',
  payload: ConnectionRef,
  key: ({ connectionId }) => [connectionId],
  subject: ({ connectionId }) => ({ kind: 'connection', id: connectionId }),
  exclusive: 'pull',
  ifBusy: 'drop',
  async handle({ app, enqueue }, { workspaceId, connectionId }) {
    await app.pullSupply(workspaceId, connectionId, wakePackages(enqueue, workspaceId));
  },
});

/** Takes over a storefront's listings. */
export const pullListings = defineJob({
  name: 'listings.pull',
  queue: 'bulk',
  retry: 'vendor',
  exclusive: 'listings',
  payload: ConnectionRef,
  key: ({ connectionId }) => [connectionId],
  subject: ({ connectionId }) => ({ kind: 'connection', id: connectionId }),
  async handle({ app, enqueue }, { workspaceId, connectionId }) {
    await app.pullListings(workspaceId, connectionId, wakePackages(enqueue, workspaceId));
  },
});

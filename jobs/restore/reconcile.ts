import type { App } from '#app/app.ts';
import { systemActor } from '#domain/actor.ts';
import { defineJob, type Enqueue } from '#queue';
import { progressOrder } from '../order/progress.ts';
import { pullOrders } from '../order/pull.ts';
import { WorkspaceRef } from '../steps.ts';
import { pullListings, pullSupply } from '../stock/keep.ts';

/** In a workspace that came from a backup: marks what has to be looked up, and reads orders, listings and stock back. */
export const reconcileRestore = defineJob({
  name: 'restore.reconcile',
  queue: 'bulk',
  retry: 'own',
  payload: WorkspaceRef,
  key: ({ workspaceId }) => [workspaceId],
  subject: ({ workspaceId }) => ({ kind: 'workspace', id: workspaceId }),
  async handle({ app, enqueue, actor }, { workspaceId }) {
    const { orderIds, storefrontIds, supplierIds } = await app.reconcileRestore(actor, { workspaceId });
    for (const orderId of orderIds) await enqueue(progressOrder, { workspaceId, orderId });
    for (const connectionId of storefrontIds) {
      await enqueue(pullListings, { workspaceId, connectionId });
      await enqueue(pullOrders, { workspaceId, connectionId });
    }
    for (const connectionId of supplierIds) await enqueue(pullSupply, { workspaceId, connectionId });
  },
});

/** Asked once at each start: every workspace that is quiet is reconciled. */
export const reconcileRestored = async (app: App, enqueue: Enqueue): Promise<void> => {
  for await (const workspaceId of app.quietWorkspaces(systemActor('start')))
    await enqueue(reconcileRestore, { workspaceId });
};

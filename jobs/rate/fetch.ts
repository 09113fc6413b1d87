import { defineJob } from '#queue';
import { reconcileOrder } from '../order/reconcile.ts';
import { WorkspaceRef } from '../steps.ts';

/** Fetches the exchange rates that are due, for the whole installation, and lets orders go on that waited for one. */
export const fetchRates = defineJob({
  name: 'rates.fetch',
  queue: 'bulk',
  retry: 'own',
  exclusive: 'rates',
  ifBusy: 'drop',
  payload: WorkspaceRef,
  key: ({ workspaceId }) => [workspaceId],
  subject: ({ workspaceId }) => ({ kind: 'workspace', id: workspaceId }),
  async handle({ app, actor, enqueue }) {
    const { stored } = await app.fetchRates(actor);
    if (stored === 0) return;
    for await (const order of app.waitingForRates(actor, { workspaceId: null })) await enqueue(reconcileOrder, order);
  },
});

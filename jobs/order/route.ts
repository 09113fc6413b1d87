import { defineJob } from '#queue';
import { advanceLeg } from '../leg/advance.ts';
import { submitLeg } from '../leg/submit.ts';
import { applyReturn } from '../return/apply.ts';
import { OrderRef } from '../steps.ts';
import { tellCancelled } from './tell-cancelled.ts';

/** Decides who does what with an order, and starts each leg. */
export const routeOrder = defineJob({
  name: 'order.route',
  queue: 'orders',
  retry: 'own',
  payload: OrderRef,
  key: ({ orderId }) => [orderId],
  subject: ({ orderId }) => ({ kind: 'order', id: orderId }),
  async handle({ app, actor, enqueue, start }, { workspaceId, orderId }) {
    const { legIds, submitIds, tellStorefront, hasRefunds, askShop } = await app.routeOrder(actor, {
      workspaceId,
      orderId,
    });
    for (const legId of legIds) await enqueue(advanceLeg, { workspaceId, legId });
    for (const legId of submitIds) await enqueue(submitLeg, { workspaceId, legId });
    if (tellStorefront) await enqueue(tellCancelled, { workspaceId, orderId });
    if (askShop) await start({ job: 'order.ingest', payload: askShop });
    if (hasRefunds)
      for (const { _id, state } of await app.ports.store.returns.list(workspaceId, { orderId }, { limit: 10_000 }))
        if (state === 'refunded') await enqueue(applyReturn, { workspaceId, returnId: _id });
  },
});

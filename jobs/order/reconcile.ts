import { defineJob } from '#queue';
import { advanceLeg } from '../leg/advance.ts';
import { cancelLeg } from '../leg/cancel.ts';
import { submitLeg } from '../leg/submit.ts';
import { payReturn } from '../return/pay.ts';
import { voidShipment } from '../shipment/void.ts';
import { OrderRef } from '../steps.ts';
import { progressOrder } from './progress.ts';
import { routeOrder } from './route.ts';
import { tellCancelled } from './tell-cancelled.ts';

/** Brings a planned order in line with what was learnt of it, and starts whatever follows from that. */
export const reconcileOrder = defineJob({
  name: 'order.reconcile',
  queue: 'orders',
  retry: 'own',
  exclusive: 'order',
  payload: OrderRef,
  key: ({ orderId }) => [orderId],
  subject: ({ orderId }) => ({ kind: 'order', id: orderId }),
  async handle({ app, actor, enqueue, start }, { workspaceId, orderId }) {
    const next = await app.reconcileOrder(actor, { workspaceId, orderId });
    if (next.route) return enqueue(routeOrder, { workspaceId, orderId });
    for (const shipmentId of next.voidIds) await enqueue(voidShipment, { workspaceId, shipmentId });
    for (const legId of next.cancelIds) await enqueue(cancelLeg, { workspaceId, legId });
    for (const legId of next.legIds) await enqueue(advanceLeg, { workspaceId, legId });
    for (const legId of next.submitIds) await enqueue(submitLeg, { workspaceId, legId });
    for (const shipmentId of next.labelIds)
      await start({ job: 'shipment.label', payload: { workspaceId, shipmentId } });
    for (const shipmentId of next.confirmIds)
      await start({ job: 'shipment.confirm', payload: { workspaceId, shipmentId } });
    if (next.askShop) await start({ job: 'order.ingest', payload: next.askShop });
    for (const returnId of next.returnIds) await enqueue(payReturn, { workspaceId, returnId });
    if (next.tellStorefront) await enqueue(tellCancelled, { workspaceId, orderId });
    await enqueue(progressOrder, { workspaceId, orderId });
  },
});

import { defineJob } from '#queue';
import { progressOrder } from '../order/progress.ts';
import { reconcileOrder } from '../order/reconcile.ts';
import { ShipmentRef } from '../steps.ts';

/** Buys a package its label, once, and tells the storefront of it. */
export const labelShipment = defineJob({
  name: 'shipment.label',
  queue: 'outbound',
  retry: 'vendor',
  reports: ['rejected'],
  exclusive: 'shipment',
  payload: ShipmentRef,
  key: ({ shipmentId }) => [shipmentId],
  subject: ({ shipmentId }) => ({ kind: 'shipment', id: shipmentId }),
  async handle({ app, actor, enqueue }, { workspaceId, shipmentId }) {
    const { shipment, reconcile } = await app.labelShipment(actor, { workspaceId, shipmentId });
    if (reconcile) await enqueue(reconcileOrder, { workspaceId, orderId: shipment.orderId });
    if (!shipment.tracking || shipment.state === 'voided' || shipment.voiding) return;
    const { orderId, moves } = await app.confirmShipment(actor, { workspaceId, shipmentId, known: shipment });
    if (moves) await enqueue(progressOrder, { workspaceId, orderId });
  },
});

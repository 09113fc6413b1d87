import { defineJob } from '#queue';
import { progressOrder } from '../order/progress.ts';
import { ShipmentRef } from '../steps.ts';

/** Buys a package its label, once, and tells the storefront of it. */
export const labelShipment = defineJob({
  name: 'shipment.label',
  queue: 'outbound',
  retry: 'vendor',
  exclusive: 'shipment',
  payload: ShipmentRef,
  key: ({ shipmentId }) => [shipmentId],
  async handle({ app, enqueue }, { workspaceId, shipmentId }) {
    const shipment = await app.labelShipment(workspaceId, shipmentId);
    if (!shipment.tracking || shipment.state === 'voided') return;
    const { orderId, moves } = await app.confirmShipment(workspaceId, shipmentId, shipment);
    if (moves) await enqueue(progressOrder, { workspaceId, orderId });
  },
});

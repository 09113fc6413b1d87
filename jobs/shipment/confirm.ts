import { defineJob } from '#queue';
import { progressOrder } from '../order/progress.ts';
import { ShipmentRef } from '../steps.ts';

/** Tells the storefront of a package, once. */
export const confirmShipment = defineJob({
  name: 'shipment.confirm',
  queue: 'outbound',
  retry: 'vendor',
  exclusive: 'shipment',
  payload: ShipmentRef,
  key: ({ shipmentId }) => [shipmentId],
  async handle({ app, enqueue }, { workspaceId, shipmentId }) {
    const { orderId, moves } = await app.confirmShipment(workspaceId, shipmentId);
    if (moves) await enqueue(progressOrder, { workspaceId, orderId });
  },
});

import { defineJob } from '#queue';
import { progressOrder } from '../order/progress.ts';
import { ShipmentRef } from '../steps.ts';

/** Tells the storefront of a package, once. */
export const confirmShipment = defineJob({
  name: 'shipment.confirm',
  queue: 'outbound',
  retry: 'vendor',
  alone: true,
  payload: ShipmentRef,
  key: ({ shipmentId }) => [shipmentId],
  async handle({ app, enqueue }, { workspaceId, shipmentId }) {
    const { orderId } = await app.confirmShipment(workspaceId, shipmentId);
    await enqueue(progressOrder, { workspaceId, orderId });
  },
});

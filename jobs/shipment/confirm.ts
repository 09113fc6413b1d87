import { defineJob } from '#queue';
import { progressOrder } from '../order/progress.ts';
import { ShipmentRef } from '../steps.ts';

/** Tells the storefront of a package, once. */
export const confirmShipment = defineJob({
  name: 'shipment.confirm',
  queue: 'outbound',
  retry: 'vendor',
  reports: ['rejected'],
  exclusive: 'shipment',
  payload: ShipmentRef,
  key: ({ shipmentId }) => [shipmentId],
  subject: ({ shipmentId }) => ({ kind: 'shipment', id: shipmentId }),
  async handle({ app, actor, enqueue }, { workspaceId, shipmentId }) {
    const { orderId, moves } = await app.confirmShipment(actor, { workspaceId, shipmentId });
    if (moves) await enqueue(progressOrder, { workspaceId, orderId });
  },
});

import { defineJob } from '#queue';
import { ShipmentRef } from '../steps.ts';
import { confirmShipment } from './confirm.ts';

/** Voids a package that nobody was told of, its label first. */
export const voidShipment = defineJob({
  name: 'shipment.void',
  queue: 'outbound',
  retry: 'vendor',
  exclusive: 'shipment',
  payload: ShipmentRef,
  key: ({ shipmentId }) => [shipmentId],
  subject: ({ shipmentId }) => ({ kind: 'shipment', id: shipmentId }),
  async handle({ app, actor, enqueue, start }, { workspaceId, shipmentId }) {
    const { shipment, voided } = await app.voidShipment(actor, { workspaceId, shipmentId });
    // One that cannot be voided goes on its way.
    if (!voided && shipment.tracking) await enqueue(confirmShipment, { workspaceId, shipmentId });
    await start({ job: 'order.reconcile', payload: { workspaceId, orderId: shipment.orderId } });
  },
});

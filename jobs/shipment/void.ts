import { defineJob } from '#queue';
import { ShipmentRef } from '../steps.ts';

/** Voids a package that nobody was told of, its label first. */
export const voidShipment = defineJob({
  name: 'shipment.void',
  queue: 'outbound',
  retry: 'vendor',
  exclusive: 'shipment',
  payload: ShipmentRef,
  key: ({ shipmentId }) => [shipmentId],
  subject: ({ shipmentId }) => ({ kind: 'shipment', id: shipmentId }),
  async handle({ app, actor, start }, { workspaceId, shipmentId }) {
    const { shipment } = await app.voidShipment(actor, { workspaceId, shipmentId });
    await start({ job: 'order.reconcile', payload: { workspaceId, orderId: shipment.orderId } });
  },
});

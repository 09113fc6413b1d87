import { defineJob } from '#queue';
import { ShipmentRef } from '../steps.ts';
import { confirmShipment } from './confirm.ts';

/** Buys a package its label, once. */
export const labelShipment = defineJob({
  name: 'shipment.label',
  queue: 'outbound',
  retry: 'vendor',
  alone: true,
  payload: ShipmentRef,
  key: ({ shipmentId }) => [shipmentId],
  async handle({ app, enqueue }, { workspaceId, shipmentId }) {
    const shipment = await app.labelShipment(workspaceId, shipmentId);
    if (shipment.tracking && shipment.state !== 'voided') await enqueue(confirmShipment, { workspaceId, shipmentId });
  },
});

import { defineJob } from '#queue';
import { ShipmentRef } from '../steps.ts';

/** Asks the carrier of our label about a parcel on its way. */
export const followShipment = defineJob({
  name: 'shipment.follow',
  queue: 'bulk',
  retry: 'vendor',
  payload: ShipmentRef,
  key: ({ shipmentId }) => [shipmentId],
  subject: ({ shipmentId }) => ({ kind: 'shipment', id: shipmentId }),
  async handle({ app, actor }, { workspaceId, shipmentId }) {
    await app.followShipment(actor, { workspaceId, shipmentId });
  },
});

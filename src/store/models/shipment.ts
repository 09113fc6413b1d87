import { Shipment } from '#domain/shipment.ts';
import { defineModel } from '../define-model.ts';

export const shipments = defineModel({
  collection: 'shipments',
  subject: 'shipment',
  schema: Shipment,
  schemaVersion: 2,
  lists: [['orderId'], ['legId'], ['state'], ['followed']],
  due: true,
  retention: 'ordersDays',
});

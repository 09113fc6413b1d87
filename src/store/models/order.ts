import { Order } from '#domain/order.ts';
import { defineModel } from '../define-model.ts';

export const orders = defineModel({
  collection: 'orders',
  subject: 'order',
  schema: Order,
  schemaVersion: 2,
  lists: [['state'], ['number'], ['connectionId']],
  due: true,
  recent: 'createdAtMs',
  retention: 'ordersDays',
});

import { OrderBody } from '#domain/order-body.ts';
import { defineModel } from '../define-model.ts';

export const orderBodies = defineModel({
  collection: 'orderBodies',
  schema: OrderBody,
  recent: 'answeredAtMs',
  retention: 'inboxDays',
});

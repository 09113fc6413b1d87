import { Return } from '#domain/return.ts';
import { defineModel } from '../define-model.ts';

export const returns = defineModel({
  collection: 'returns',
  schema: Return,
  schemaVersion: 2,
  lists: [['orderId'], ['state']],
  due: true,
  retention: 'ordersDays',
});

import { Return } from '#domain/return.ts';
import { defineModel } from '../define-model.ts';

export const returns = defineModel({
  collection: 'returns',
  subject: 'return',
  schema: Return,
  schemaVersion: 2,
  lists: [['orderId'], ['state']],
  due: true,
  retention: 'ordersDays',
});

import { Erasure } from '#domain/erasure.ts';
import { defineModel } from '../define-model.ts';

export const erasures = defineModel({
  collection: 'erasures',
  subject: 'erasure',
  schema: Erasure,
  lists: [['state']],
  due: true,
});

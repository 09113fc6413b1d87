import { OfferRecord } from '#domain/records.ts';
import { defineModel } from '../define-model.ts';

export const offers = defineModel({
  collection: 'offers',
  schema: OfferRecord,
  schemaVersion: 2,
  lists: [['sku'], ['location']],
});

import { Listing } from '#domain/records.ts';
import { defineModel } from '../define-model.ts';

export const listings = defineModel({
  collection: 'listings',
  schema: Listing,
  schemaVersion: 2,
  lists: [['connectionId'], ['connectionId', 'toTell'], ['sku']],
});

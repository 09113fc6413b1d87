import { Leg } from '#domain/leg.ts';
import { defineModel } from '../define-model.ts';

export const legs = defineModel({
  collection: 'legs',
  subject: 'leg',
  schema: Leg,
  schemaVersion: 2,
  lists: [
    ['orderId'],
    ['state'],
    ['partner'],
    ['partner', 'externalId'],
    ['location'],
    ['location', 'state'],
    ['kind'],
    ['kind', 'state'],
    ['kind', 'state', 'location'],
  ],
  due: true,
  recent: 'createdAtMs',
  retention: 'ordersDays',
});

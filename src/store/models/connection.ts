import { Connection } from '#domain/connection.ts';
import { defineModel } from '../define-model.ts';

export const connections = defineModel({
  collection: 'connections',
  subject: 'connection',
  schema: Connection,
  schemaVersion: 2,
  lists: [['state'], ['role']],
  recent: 'createdAtMs',
});

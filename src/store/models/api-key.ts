import { ApiKey } from '#domain/records.ts';
import { defineModel } from '../define-model.ts';

export const apiKeys = defineModel({ collection: 'apiKeys', schema: ApiKey, schemaVersion: 2, lists: [['name']] });

import { RestoreCheck, RestoreRecord } from '#domain/restore.ts';
import { defineModel } from '../define-model.ts';

export const restores = defineModel({
  collection: 'restores',
  subject: 'restore',
  schema: RestoreRecord,
  lists: [['state']],
});

export const restoreChecks = defineModel({ collection: 'restoreChecks', schema: RestoreCheck });

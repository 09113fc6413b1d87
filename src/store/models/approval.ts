import { ApprovalRecord } from '#domain/records.ts';
import { defineModel } from '../define-model.ts';

export const approvals = defineModel({
  collection: 'approvals',
  subject: 'approval',
  schema: ApprovalRecord,
  schemaVersion: 2,
  lists: [['state'], ['state', 'party'], ['legId']],
  retention: 'ordersDays',
});

import { InboxItem } from '#domain/records.ts';
import { defineModel } from '../define-model.ts';

export const inbox = defineModel({
  collection: 'inbox',
  schema: InboxItem,
  lists: [['subject']],
  due: true,
  retention: 'inboxDays',
});

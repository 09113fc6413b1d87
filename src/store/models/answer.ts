import { StoredAnswer } from '#domain/records.ts';
import { defineModel } from '../define-model.ts';

export const answers = defineModel({
  collection: 'answers',
  schema: StoredAnswer,
  schemaVersion: 2,
  retention: 'answersHours',
});

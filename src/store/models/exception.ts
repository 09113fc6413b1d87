import { ExceptionRecord } from '#domain/exception.ts';
import { defineModel } from '../define-model.ts';

export const exceptions = defineModel({
  collection: 'exceptions',
  subject: 'exception',
  schema: ExceptionRecord,
  schemaVersion: 2,
  lists: [['state'], ['cause'], ['cause', 'state'], ['orderId']],
  retention: 'exceptionsDays',
});

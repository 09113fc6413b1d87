import { Due } from '#domain/due.ts';
import { defineModel } from '../define-model.ts';

export const dues = defineModel({ collection: 'dues', schema: Due, lists: [['subjectId']], due: true });

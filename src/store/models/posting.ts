import { Posting } from '#domain/posting.ts';
import { defineModel } from '../define-model.ts';

export const postings = defineModel({
  collection: 'postings',
  schema: Posting,
  lists: [['orderId']],
  retention: 'ordersDays',
});

import { Rate } from '#domain/rate.ts';
import { defineModel } from '../define-model.ts';

export const rates = defineModel({
  collection: 'rates',
  schema: Rate,
  lists: [['pair'], ['pairDay'], ['quote'], ['day']],
});

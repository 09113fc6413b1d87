import { FoldedMovement, Movement, StockLevel } from '#domain/stock.ts';
import { defineModel } from '../define-model.ts';

export const levels = defineModel({
  collection: 'levels',
  schema: StockLevel,
  schemaVersion: 2,
  lists: [['location'], ['location', 'short'], ['sku'], ['short']],
  flags: ['toRefill', 'toPublish'],
});

export const movements = defineModel({
  collection: 'movements',
  schema: Movement,
  lists: [['sku'], ['kind'], ['location']],
  recent: 'atMs',
  retention: 'movementsDays',
});

export const foldedMovements = defineModel({ collection: 'foldedMovements', schema: FoldedMovement });

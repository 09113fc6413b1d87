import { TradeListPart, TradeListRecord } from '#domain/trade-list.ts';
import { defineModel } from '../define-model.ts';

export const tradeLists = defineModel({
  collection: 'tradeLists',
  schema: TradeListRecord,
  lists: [['kind'], ['state']],
});

export const tradeListParts = defineModel({
  collection: 'tradeListParts',
  schema: TradeListPart,
  lists: [['listId']],
});

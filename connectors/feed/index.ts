import { defineConnector } from '#kit';
import { manifest } from './manifest.ts';
import { checkConnection, findPurchase, getPurchase, placePurchase, pullStock } from './operations.ts';

export const feed = defineConnector(manifest, {
  'connection.check': checkConnection,
  'stock.pull': pullStock,
  'purchases.place': placePurchase,
  'purchases.find': findPurchase,
  'purchases.get': getPurchase,
});

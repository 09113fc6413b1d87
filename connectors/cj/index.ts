import { defineConnector } from '#kit';
import { manifest } from './manifest.ts';
import {
  cancelPurchase,
  checkConnection,
  findPurchase,
  getPurchase,
  payPurchase,
  placePurchase,
  pullStock,
  readBalance,
  registerWebhooks,
} from './operations.ts';

/** CJ Dropshipping, a supplier: stock, orders paid from the CJ balance, tracking. */
export const cj = defineConnector(manifest, {
  'connection.check': checkConnection,
  'stock.pull': pullStock,
  'purchases.place': placePurchase,
  'purchases.find': findPurchase,
  'purchases.get': getPurchase,
  'purchases.cancel': cancelPurchase,
  'purchases.pay': payPurchase,
  'balance.read': readBalance,
  'webhooks.register': registerWebhooks,
});

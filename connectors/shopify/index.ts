import { defineConnector } from '#kit';
import { manifest } from './manifest.ts';
import {
  cancelOrder,
  checkConnection,
  confirmShipment,
  createRefund,
  deregisterWebhooks,
  getOrder,
  pullOrders,
  pushInventory,
  readListings,
  readLocations,
  readOrder,
  registerWebhooks,
  updateShipment,
} from './operations.ts';

export const shopify = defineConnector(manifest, {
  'connection.check': checkConnection,
  'orders.pull': pullOrders,
  'orders.get': getOrder,
  'orders.read': readOrder,
  'orders.cancel': cancelOrder,
  'listings.read': readListings,
  'locations.read': readLocations,
  'inventory.push': pushInventory,
  'shipments.confirm': confirmShipment,
  'shipments.update': updateShipment,
  'refunds.create': createRefund,
  'webhooks.register': registerWebhooks,
  'webhooks.deregister': deregisterWebhooks,
});

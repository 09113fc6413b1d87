import { defineConnector } from '#kit';
import { manifest } from './manifest.ts';
import * as operations from './operations.ts';

/** A WooCommerce shop as a storefront: orders, cancelling, listings, stock, shipments, refunds and webhooks. */
export const woocommerce = defineConnector(manifest, {
  'connection.check': operations.checkConnection,
  'orders.pull': operations.pullOrders,
  // The same walk, begun earlier: its pages have the orders as they are now, whatever their time of change says.
  'orders.recheck': operations.pullOrders,
  'orders.get': operations.getOrder,
  'orders.read': operations.readOrder,
  'orders.cancel': operations.cancelOrder,
  'listings.read': operations.readListings,
  'inventory.push': operations.pushInventory,
  'shipments.confirm': operations.confirmShipment,
  'shipments.update': operations.updateShipment,
  'refunds.create': operations.createRefund,
  'webhooks.register': operations.registerWebhooks,
  'webhooks.deregister': operations.deregisterWebhooks,
});

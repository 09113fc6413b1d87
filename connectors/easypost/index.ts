import { defineConnector } from '#kit';
import { manifest } from './manifest.ts';
import { buyLabel, checkConnection, findLabel, getTracking, quoteRates, voidLabel } from './operations.ts';

/** EasyPost, logistics: rates, labels and tracking of many carriers. */
export const easypost = defineConnector(manifest, {
  'connection.check': checkConnection,
  'rates.quote': quoteRates,
  'labels.buy': buyLabel,
  'labels.find': findLabel,
  'labels.void': voidLabel,
  'tracking.get': getTracking,
});

import { createHash } from 'node:crypto';

/**
 * Ids that follow from what a thing is: the same order, leg or shipment has the same id however often it is met, so that
 * the database's unique `_id` is the guard against doing it twice.
 */
export const idOf = (prefix: string, ...parts: readonly (string | number)[]): string =>
  `${prefix}_${createHash('sha256').update(JSON.stringify(parts)).digest('base64url').replace(/[-_]/g, 'x').slice(0, 20)}`;

export const offerId = (workspaceId: string, sku: string): string => idOf('of', workspaceId, sku);
export const listingId = (connectionId: string, externalVariantId: string): string =>
  idOf('li', connectionId, externalVariantId);

/** The orders, and the purchases, that webhooks are about: all that wait with one subject are settled by one fetch. */
export const orderSubject = (connectionId: string, externalId: string): string => `${connectionId} order ${externalId}`;

export const purchaseSubject = (connectionId: string, legId: string): string => `${connectionId} purchase ${legId}`;

export const supplierShelf = (connectionId: string): string => `supplier:${connectionId}`;

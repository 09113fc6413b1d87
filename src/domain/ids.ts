import { hash } from 'node:crypto';

/**
 * Ids that follow from what a thing is: the same order, leg or shipment has the same id however often it is met, so that
 * the database's unique `_id` is the guard against doing it twice.
 */
export const idOf = (prefix: string, ...parts: readonly (string | number)[]): string =>
  `${prefix}_${hash('sha256', JSON.stringify(parts), 'base64url').replace(/[-_]/g, 'x').slice(0, 20)}`;

export const offerId = (workspaceId: string, sku: string): string => idOf('of', workspaceId, sku);
/** The order of an external id at one storefront, whether it is stored yet or not. */
export const incomingOrderId = (workspaceId: string, connectionId: string, externalId: string): string =>
  idOf('or', workspaceId, connectionId, externalId);
export const listingId = (connectionId: string, externalVariantId: string): string =>
  idOf('li', connectionId, externalVariantId);

/** The orders, and the purchases, that webhooks are about: all that wait with one subject are settled by one fetch. */
export const orderSubject = (connectionId: string, externalId: string): string => `${connectionId} order ${externalId}`;

export const purchaseSubject = (connectionId: string, legId: string): string => `${connectionId} purchase ${legId}`;

/** A customer whom a storefront asks us to erase. */
export const customerSubject = (connectionId: string, externalId: string): string =>
  `${connectionId} customer ${externalId}`;

/** The case of a workspace's own number, and the exception of a cause and subject, whether there is one or not. */
export const caseIdOf = (workspaceId: string, number: string): string => idOf('cs', workspaceId, number);
export const exceptionId = (workspaceId: string, cause: string, subjectId: string): string =>
  idOf('ex', workspaceId, cause, subjectId);

const SUPPLIER_SHELF = 'supplier:';
/** The shelf of a supplier, which its connection implies. */
export const supplierShelf = (connectionId: string): string => `${SUPPLIER_SHELF}${connectionId}`;
/** Whose shelf a location is; null for a location of its own. */
export const supplierOf = (location: string): string | null =>
  location.startsWith(SUPPLIER_SHELF) ? location.slice(SUPPLIER_SHELF.length) : null;

/** Legs of the first plan have the ids of version 0.1; a later plan's leg is another order at its supplier. */
export const legIdOf = (orderId: string, plan: number, index: number): string =>
  plan === 1 ? idOf('lg', orderId, index) : idOf('lg', orderId, plan, index);
/** Under which key a shelf holds units of an order line. The first set has the keys of version 0.1. */
export const reservationKey = (lineId: string, set: number): string => (set === 1 ? lineId : idOf('rs', lineId, set));

import { createHash } from 'node:crypto';

/**
 * Ids that follow from what a thing is: the same order, leg or shipment has the same id however often it is met, so that
 * the database's unique `_id` is the guard against doing it twice.
 */
export const idOf = (prefix: string, ...parts: readonly (string | number)[]): string =>
  `${prefix}_${createHash('sha256').update(JSON.stringify(parts)).digest('base64url').replace(/[-_]/g, 'x').slice(0, 20)}`;

import type { Migration } from '../migration.ts';

/**
 * The store of version 0.1.0, which has no version of its own. Nothing has to be written for it: a document without `schemaVersion`
 * has version 1. From here on the store says how far it is.
 */
export const schemaVersion: Migration = { number: 1, says: 'documents have a schema version', steps: [] };

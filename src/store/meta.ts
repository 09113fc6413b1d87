import type { Db } from 'mongodb';
import { z } from 'zod';
import { guardedWrites } from './compare-and-set.ts';

/** Facts about the store itself: its version, who migrates it, what it was restored from. It belongs to no workspace. */
export const META = 'meta';
/** Documents that a migration could not read. Nothing else reads them; a person does. */
export const SET_ASIDE = 'set_aside';
/** No part of a backup: facts about this copy of the store. */
export const OWN_FACTS: readonly string[] = [META, 'restores', 'restoreChecks'];

/** How far the store is. `step` is the place inside the migration after `version`, absent between two. */
const StoreVersion = z.object({
  version: z.int().nonnegative(),
  product: z.string(),
  step: z.object({ index: z.int(), after: z.string(), done: z.int() }).nullable(),
});
export type StoreVersion = z.infer<typeof StoreVersion>;

/** Who migrates. `beat` grows while it lives. */
const Lock = z.object({ owner: z.string(), host: z.string(), pid: z.int(), beat: z.int() });
export type Lock = z.infer<typeof Lock>;

/** `under way` while documents are put back: the product does not start on half a store. */
const Restored = z.object({
  state: z.enum(['under way', 'done']),
  backupId: z.string(),
  backupStartedAtMs: z.number(),
  backupEndedAtMs: z.number(),
  restoredAtMs: z.number(),
});
export type Restored = z.infer<typeof Restored>;

const isDuplicate = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 11_000;

/** The documents of `meta`, each by its name. */
export const metaOf = (db: Db) => {
  const collection = db.collection<{ _id: string }>(META);
  const writes = guardedWrites(collection);
  const entry = <T extends object>(name: string, schema: z.ZodType<T>) => ({
    async get(): Promise<T | null> {
      const found = await collection.findOne({ _id: name });
      return found === null ? null : schema.parse(found);
    },
    /** False when it is there already. */
    async insert(value: T): Promise<boolean> {
      try {
        await collection.insertOne({ _id: name, ...value });
        return true;
      } catch (error) {
        if (isDuplicate(error)) return false;
        throw error;
      }
    },
    async put(value: T): Promise<void> {
      await collection.replaceOne({ _id: name }, { ...value }, { upsert: true });
    },
    /** True when it still had the values of `guard` and has those of `changes` now. */
    change: async (guard: Partial<T>, changes: Partial<T>): Promise<boolean> =>
      (await writes.add({ id: name, guard, changes })) === 'changed',
  });
  return {
    store: entry('store', StoreVersion),
    lock: entry('lock', Lock),
    restored: entry('restored', Restored),
  };
};
export type Meta = ReturnType<typeof metaOf>;

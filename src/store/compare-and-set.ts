import type { Collection, Document as MongoDocument } from 'mongodb';
import type { Written } from '#app/ports.ts';

/** The guard as an expression over the document, true when every field still has its value. */
const expression = (guard: Readonly<Record<string, unknown>>): MongoDocument => ({
  $and: Object.entries(guard).map(([field, value]) => ({
    $eq: [{ $ifNull: [`$${field}`, null] }, { $literal: value ?? null }],
  })),
});

/**
 * The one form of every guarded write. The filter is the exact key and the guard stands apart, in a pipeline: MongoDB then
 * finds the document by its key alone, and the result tells absent (nothing matched) from refused (nothing modified).
 */
export const guardedUpdate = (guard: Readonly<Record<string, unknown>>, changes: Readonly<Record<string, unknown>>) => [
  { $replaceWith: { $cond: [expression(guard), { $mergeObjects: ['$$ROOT', { $literal: changes }] }, '$$ROOT'] } },
];

/** Applies `changes` if the document still has the values of `guard`. */
export const compareAndSet = async (
  collection: Collection<{ _id: string }>,
  id: string,
  guard: Readonly<Record<string, unknown>>,
  changes: Readonly<Record<string, unknown>>,
): Promise<Written> => {
  const result = await collection.updateOne({ _id: id }, guardedUpdate(guard, changes));
  if (result.matchedCount === 0) return 'absent';
  return result.modifiedCount === 0 ? 'refused' : 'changed';
};

import {
  type AnyClientBulkWriteModel,
  type ClientUpdateResult,
  type MongoClient,
  MongoClientBulkWriteError,
  type Document as MongoDocument,
} from 'mongodb';
import type { Written } from '#app/ports.ts';
import { groupCommit } from '#domain/group-commit.ts';

type Keyed = { _id: string };
type Fields = Readonly<Record<string, unknown>>;

/** A guarded write: `changes` if and only if the document still has the values of `guard`. */
export interface GuardedWrite {
  /** `database.collection` */
  namespace: string;
  id: string;
  guard: Fields;
  changes: Fields;
}

/** The guard as an expression over the document, true when every field still has its value. */
const expression = (guard: Fields): MongoDocument => ({
  $and: Object.entries(guard).map(([field, value]) => ({
    $eq: [{ $ifNull: [`$${field}`, null] }, { $literal: value ?? null }],
  })),
});

/**
 * The one form of every guarded write. The filter is the exact key and the guard stands apart, in a pipeline: MongoDB then
 * finds the document by its key alone, and the result tells absent (nothing matched) from refused (nothing modified).
 */
const guardedUpdate = (guard: Fields, changes: Fields) => [
  { $replaceWith: { $cond: [expression(guard), { $mergeObjects: ['$$ROOT', { $literal: changes }] }, '$$ROOT'] } },
];

const toWritten = ({
  matchedCount,
  modifiedCount,
}: Pick<ClientUpdateResult, 'matchedCount' | 'modifiedCount'>): Written =>
  matchedCount === 0 ? 'absent' : modifiedCount === 0 ? 'refused' : 'changed';

/** The wire version of MongoDB 8.0, the first that tells of each write of a batch how it went. */
const TELLS_OF_EACH = 25;

/**
 * Guarded writes, each atomic by itself and answered for by itself. What is asked for while a batch is under way goes together in
 * the next one: one round trip and one wait for the disk instead of many. A server before MongoDB 8 is sent one at a time.
 */
export const guardedWrites = (client: MongoClient, wireVersion: number) => {
  const one = async ({ namespace, id, guard, changes }: GuardedWrite): Promise<Written> => {
    const [database = '', ...rest] = namespace.split('.');
    const collection = client.db(database).collection<{ _id: string }>(rest.join('.'));
    return toWritten(await collection.updateOne({ _id: id }, guardedUpdate(guard, changes)));
  };
  const together = async (writes: readonly GuardedWrite[]): Promise<(Written | Error)[]> => {
    const models = writes.map(
      ({ namespace, id, guard, changes }): AnyClientBulkWriteModel<Keyed> => ({
        name: 'updateOne',
        namespace,
        filter: { _id: id },
        update: guardedUpdate(guard, changes),
      }),
    );
    const options = { ordered: false, verboseResults: true } as const;
    const { results, errors } = await client.bulkWrite<Record<string, Keyed>>(models, options).then(
      (result) => ({ results: result.updateResults, errors: null }),
      (error: unknown) => {
        if (!(error instanceof MongoClientBulkWriteError) || error.writeErrors.size === 0) throw error;
        return { results: error.partialResult?.updateResults, errors: error.writeErrors };
      },
    );
    return writes.map(({ namespace, id }, index) => {
      const result = results?.get(index);
      return result
        ? toWritten(result)
        : new Error(`the write of ${id} in ${namespace} failed: ${errors?.get(index)?.message ?? 'no result'}`);
    });
  };
  return groupCommit<GuardedWrite, Written>(
    wireVersion < TELLS_OF_EACH
      ? (writes) => Promise.all(writes.map((write) => one(write).catch(toError)))
      : async (writes) => {
          const [only] = writes;
          // Alone, the plain command costs the server less.
          return writes.length === 1 && only ? [await one(only)] : together(writes);
        },
    { lanes: 2, most: 200 },
  );
};

const toError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

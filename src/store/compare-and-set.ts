import { randomInt } from 'node:crypto';
import type { Collection, Document as MongoDocument } from 'mongodb';
import type { Written } from '#app/ports.ts';
import { groupCommit } from '#domain/group-commit.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A guarded write: `changes` if and only if the document still has the values of `guard`. */
interface GuardedWrite {
  id: string;
  guard: Fields;
  changes: Fields;
}

/** Which batches wrote a document last. It belongs to the store alone: no document that is read has it. */
export const WRITERS = '_writers';
/** As many others may write a document between a batch and its look at what came of it. */
const MOST_WRITERS = 4;
const MOST = 200;

/** The guard as an expression over the document, true when every field still has its value. */
const holds = (guard: Fields): MongoDocument => ({
  $and: Object.entries(guard).map(([field, value]) => ({
    $eq: [{ $ifNull: [`$${field}`, null] }, { $literal: value ?? null }],
  })),
});

/** The document after the write: as it was where the guard does not hold. */
const written = ({ guard, changes }: GuardedWrite, mark: MongoDocument = {}): MongoDocument => ({
  $cond: [holds(guard), { $mergeObjects: ['$$ROOT', { $literal: changes }, mark] }, '$$ROOT'],
});

/**
 * The one form of every guarded write, each atomic by itself and answered for by itself. The filter is the exact keys and the guard
 * stands apart, in a pipeline: the server then finds the documents by their keys alone, and tells absent (not matched) from refused
 * (not modified). What is asked for while a batch is under way goes together in the next one: one command and one wait for the disk.
 * “changed” and “absent” are certain; a write of a batch refused in part is also “refused” when more than four others have written
 * its document before that was seen.
 */
export const guardedWrites = (collection: Collection<{ _id: string }>) => {
  const one = async (write: GuardedWrite): Promise<Written> => {
    const update = [{ $replaceWith: written(write) }];
    const { matchedCount, modifiedCount } = await collection.updateOne({ _id: write.id }, update);
    return matchedCount === 0 ? 'absent' : modifiedCount === 0 ? 'refused' : 'changed';
  };
  /** Of as many documents as there are writes. */
  const together = async (writes: readonly GuardedWrite[]): Promise<Written[]> => {
    const batch = randomInt(2 ** 47);
    const writers = { $concatArrays: [[batch], { $ifNull: [`$${WRITERS}`, []] }] };
    const mark = { [WRITERS]: { $slice: [writers, MOST_WRITERS] } };
    const keys = { _id: { $in: writes.map(({ id }) => id) } };
    const branches = writes.map((write) => ({
      case: { $eq: ['$_id', { $literal: write.id }] },
      // biome-ignore lint/suspicious/noThenProperty: the server's own word.
      then: written(write, mark),
    }));
    const { modifiedCount } = await collection.updateMany(keys, [
      { $replaceWith: { $switch: { branches, default: '$$ROOT' } } },
    ]);
    if (modifiedCount === writes.length) return writes.map(() => 'changed');
    const found = await collection.find(keys, { projection: { [WRITERS]: 1 } }).toArray();
    const known = new Map(found.map((document) => [document._id, new Map(Object.entries(document)).get(WRITERS)]));
    return writes.map(({ id }) => {
      if (!known.has(id)) return 'absent';
      const by = known.get(id);
      return Array.isArray(by) && by.includes(batch) ? 'changed' : 'refused';
    });
  };
  return groupCommit<GuardedWrite, Written>(
    async (writes) => {
      const results = new Map<GuardedWrite, Written>();
      // Several for one document are done one after the other, in turn.
      const lines = [...Map.groupBy(writes, ({ id }) => id).values()];
      for (let at = 0; results.size < writes.length; at += 1) {
        const turn = lines.flatMap((line) => line[at] ?? []);
        const [only] = turn;
        const done = turn.length === 1 && only ? [await one(only)] : await together(turn);
        turn.forEach((write, index) => {
          results.set(write, done[index] ?? 'refused');
        });
      }
      return writes.map((write) => results.get(write) ?? 'refused');
    },
    { lanes: 1, most: MOST },
  );
};

import { type AnyBulkWriteOperation, type Collection, MongoBulkWriteError, MongoServerError } from 'mongodb';
import type { Document, Documents } from '#app/ports.ts';
import { Failure } from '#domain/failure.ts';
import type { COLLECTIONS, CollectionName } from './collections.ts';
import { compareAndSet, guardedUpdate } from './compare-and-set.ts';

type Stored = { _id: string };

const DUPLICATE = 11_000;

/** A filter must be the first fields of one of the collection's indexes, in any order. */
const checkFilter = (
  name: CollectionName,
  rule: (typeof COLLECTIONS)[CollectionName],
  fields: readonly string[],
): void => {
  const rows: readonly (readonly string[])[] = rule.lists;
  const served =
    fields.length === 0 ||
    rows.some(
      (row) => row.length >= fields.length && row.slice(0, fields.length).every((field) => fields.includes(field)),
    );
  if (!served) throw new Failure('bug', `${name} has no index for ${fields.join(' and ')}`);
};

const tenant = (workspaceId: string): string => {
  if (workspaceId === '') throw new Failure('bug', 'a query must name its workspace');
  return workspaceId;
};

/** `Documents` over one collection of a MongoDB server. */
export const documents = <T extends Document>(
  collection: Collection<Stored>,
  name: CollectionName,
  rule: (typeof COLLECTIONS)[CollectionName],
  fromStored: (value: unknown) => T,
): Documents<T> => {
  const toStored = (document: T): Stored => ({ ...document });
  const where = (workspaceId: string, filter: Readonly<Record<string, unknown>>) => {
    const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
    checkFilter(name, rule, Object.keys(given));
    return { workspaceId: tenant(workspaceId), ...given };
  };
  return {
    async insert(document) {
      tenant(document.workspaceId);
      try {
        await collection.insertOne(toStored(document));
        return true;
      } catch (error) {
        if (error instanceof MongoServerError && error.code === DUPLICATE) return false;
        throw error;
      }
    },
    async insertMany(all) {
      if (all.length === 0) return new Set();
      for (const document of all) tenant(document.workspaceId);
      const refused = new Set<number>();
      try {
        await collection.insertMany(all.map(toStored), { ordered: false });
      } catch (error) {
        if (!(error instanceof MongoBulkWriteError)) throw error;
        const errors = Array.isArray(error.writeErrors) ? error.writeErrors : [error.writeErrors];
        for (const failed of errors) {
          if (failed.code !== DUPLICATE) throw error;
          refused.add(failed.index);
        }
      }
      return new Set(all.filter((_, index) => !refused.has(index)).map((document) => document._id));
    },
    async find(workspaceId, id) {
      const found = await collection.findOne({ workspaceId: tenant(workspaceId), _id: id });
      return found ? fromStored(found) : null;
    },
    async findMany(workspaceId, ids) {
      if (ids.length === 0) return [];
      const found = await collection.find({ workspaceId: tenant(workspaceId), _id: { $in: [...ids] } }).toArray();
      return found.map(fromStored);
    },
    async list(workspaceId, filter, { after, limit }) {
      const cursor = collection
        .find({ ...where(workspaceId, filter), ...(after === undefined ? {} : { _id: { $gt: after } }) })
        .sort({ _id: 1 })
        .limit(limit);
      return (await cursor.toArray()).map(fromStored);
    },
    async listAny(workspaceId, field, values) {
      checkFilter(name, rule, [String(field)]);
      if (values.length === 0) return [];
      const found = await collection
        .find({ workspaceId: tenant(workspaceId), [field]: { $in: [...values] } })
        .toArray();
      return found.map(fromStored);
    },
    async recent(workspaceId, limit) {
      if (rule.recent === null) throw new Failure('bug', `${name} keeps no order of time`);
      const found = await collection
        .find({ workspaceId: tenant(workspaceId) })
        .sort({ [rule.recent]: -1 })
        .limit(limit)
        .toArray();
      return found.map(fromStored);
    },
    async count(workspaceId, filter) {
      return collection.countDocuments(where(workspaceId, filter));
    },
    change: (id, guard, changes) => compareAndSet(collection, id, guard, changes),
    async changeMany(all) {
      if (all.length === 0) return 0;
      const operations: AnyBulkWriteOperation<Stored>[] = all.map(({ id, guard, changes }) => ({
        updateOne: { filter: { _id: id }, update: guardedUpdate(guard, changes) },
      }));
      return (await collection.bulkWrite(operations, { ordered: false })).modifiedCount;
    },
    async delete(id) {
      await collection.deleteOne({ _id: id });
    },
    async due(nowMs, limit) {
      if (!rule.due) throw new Failure('bug', `${name} has nothing that falls due`);
      // `null` (nothing left to do) sorts below every number and must not match.
      const found = await collection
        .find({ dueAtMs: { $gt: 0, $lte: nowMs } })
        .sort({ dueAtMs: 1 })
        .limit(limit)
        .toArray();
      return found.map(fromStored);
    },
  };
};

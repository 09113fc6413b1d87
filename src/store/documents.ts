import { type Collection, MongoBulkWriteError } from 'mongodb';
import type { Document, Documents } from '#app/ports.ts';
import { Failure } from '#domain/failure.ts';
import { groupCommit } from '#domain/group-commit.ts';
import { guardedWrites } from './compare-and-set.ts';
import { flagIndex, type Model } from './define-model.ts';
import { newsMark } from './news.ts';

type Stored = { _id: string };

const DUPLICATE = 11_000;

/** Fields of which each value has few documents, so that several values may be read in one. */
const FEW: ReadonlySet<string> = new Set(['orderId', 'legId', 'subject']);
/** Who asks for so many asks for all there are. */
const ALL = 1_000;
/** Batches under way at once, of reads or of new documents; the rest waits and goes together. More makes them smaller. */
const LANES = 1;
const MOST = 200;
/** So many new documents gain nothing by waiting for others. */
const ENOUGH = 10;

/** A filter must be the first fields of one of the collection's indexes, in any order. */
const checkFilter = (name: string, rule: Pick<Model<Document>, 'lists' | 'flags'>, fields: readonly string[]): void => {
  const lists = [...rule.lists, ...rule.flags.map((flag) => [flag])];
  const served =
    fields.length === 0 ||
    lists.some(
      (row) => row.length >= fields.length && row.slice(0, fields.length).every((field) => fields.includes(field)),
    );
  if (!served) throw new Failure('bug', `${name} has no index for ${fields.join(' and ')}`);
};

const tenant = (workspaceId: string): string => {
  if (workspaceId === '') throw new Failure('bug', 'a query must name its workspace');
  return workspaceId;
};

/**
 * `Documents` over one collection of a MongoDB server. What many ask for at the same time, by id, by subject or as new documents, is
 * asked of the server in one command, which costs a tenth of as many.
 */
export const documents = <T extends Document>(
  collection: Collection<Stored>,
  rule: Pick<Model<Document>, 'collection' | 'lists' | 'flags' | 'due' | 'recent' | 'subject' | 'schemaVersion'>,
  fromStored: (value: Stored) => T,
): Documents<T> => {
  const { collection: name, schemaVersion, subject } = rule;
  const writes = guardedWrites(collection);
  /** Changes, or a new document, with the mark of news that it brings. */
  const marked = <C extends Partial<T>>(changes: C): C =>
    subject === null ? changes : { ...changes, ...newsMark(changes) };
  const toStored = (document: T): Stored & { schemaVersion: number } => ({ ...marked(document), schemaVersion });
  const change = (id: string, guard: Partial<T>, changes: Partial<T>) =>
    writes.add({ id, guard, changes: marked(changes) });
  const where = (workspaceId: string, filter: Readonly<Record<string, unknown>>) => {
    const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
    checkFilter(name, rule, Object.keys(given));
    return { workspaceId: tenant(workspaceId), ...given };
  };
  /** True for each that was not there. */
  const insertAll = async (all: readonly T[]): Promise<(boolean | Error)[]> => {
    const failed = new Map<number, boolean | Error>();
    try {
      await collection.insertMany(all.map(toStored), { ordered: false });
    } catch (error) {
      if (!(error instanceof MongoBulkWriteError)) throw error;
      for (const { index, code, errmsg } of [error.writeErrors].flat())
        failed.set(index, code === DUPLICATE ? false : new Error(`a document of ${name} was refused: ${errmsg}`));
    }
    return all.map((_, index) => failed.get(index) ?? true);
  };
  const inserts = groupCommit<T, boolean>(insertAll, { lanes: LANES, most: MOST });
  const reads = groupCommit<{ workspaceId: string; ids: readonly string[] }, T[]>(
    async (asked) => {
      const byWorkspace = await Promise.all(
        [...Map.groupBy(asked, ({ workspaceId }) => workspaceId)].map(async ([workspaceId, asks]) => {
          const ids = [...new Set(asks.flatMap((ask) => ask.ids))];
          const [only] = ids;
          const _id = ids.length === 1 && only !== undefined ? only : { $in: ids };
          const found = await collection.find({ workspaceId, _id }).toArray();
          return [workspaceId, new Map(found.map((document) => [document._id, document]))] as const;
        }),
      );
      const found = new Map(byWorkspace);
      return asked.map(({ workspaceId, ids }) =>
        ids.flatMap((id) => {
          const document = found.get(workspaceId)?.get(id);
          return document ? [fromStored(document)] : [];
        }),
      );
    },
    { lanes: LANES, most: MOST },
  );
  const lists = groupCommit<{ workspaceId: string; field: string; value: unknown }, T[]>(
    async (asked) => {
      const found = new Map(
        await Promise.all(
          [...Map.groupBy(asked, ({ workspaceId, field }) => JSON.stringify([workspaceId, field]))].map(
            async ([key, asks]) => {
              const [first] = asks;
              const values = [...new Set(asks.map(({ value }) => value))];
              const wanted = values.length === 1 ? values[0] : { $in: values };
              const rows = first
                ? await collection.find({ workspaceId: first.workspaceId, [first.field]: wanted }).toArray()
                : [];
              rows.sort((a, b) => (a._id < b._id ? -1 : 1));
              const toValue = (row: Stored): unknown => new Map(Object.entries(row)).get(first?.field ?? '');
              return [key, Map.groupBy(rows, toValue)] as const;
            },
          ),
        ),
      );
      return asked.map(({ workspaceId, field, value }) =>
        (found.get(JSON.stringify([workspaceId, field]))?.get(value) ?? []).map(fromStored),
      );
    },
    { lanes: LANES, most: MOST },
  );
  const findMany = async (workspaceId: string, ids: readonly string[]): Promise<T[]> =>
    ids.length === 0 ? [] : reads.add({ workspaceId: tenant(workspaceId), ids: [...new Set(ids)] });

  return {
    insert: (document) => {
      tenant(document.workspaceId);
      return inserts.add(document);
    },
    async insertMany(all) {
      for (const document of all) tenant(document.workspaceId);
      // Many are a batch of their own; a few go with those of others.
      const fresh =
        all.length >= ENOUGH ? await insertAll(all) : await Promise.all(all.map((document) => inserts.add(document)));
      const failed = fresh.find((result) => result instanceof Error);
      if (failed) throw failed;
      return new Set(all.filter((_, index) => fresh[index]).map((document) => document._id));
    },
    async find(workspaceId, id) {
      return (await findMany(workspaceId, [id]))[0] ?? null;
    },
    findMany,
    async list(workspaceId, filter, { after, limit }) {
      const [[field, value] = ['', undefined], ...more] = Object.entries(filter).filter(([, v]) => v !== undefined);
      if (more.length === 0 && FEW.has(field) && after === undefined && limit >= ALL) {
        checkFilter(name, rule, [field]);
        return (await lists.add({ workspaceId: tenant(workspaceId), field, value })).slice(0, limit);
      }
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
    async before(workspaceId, atMs, limit) {
      if (rule.recent === null) throw new Failure('bug', `${name} keeps no order of time`);
      const found = await collection
        .find({ workspaceId: tenant(workspaceId), [rule.recent]: { $lt: atMs } })
        .sort({ [rule.recent]: 1 })
        .limit(limit)
        .toArray();
      return found.map(fromStored);
    },
    async count(workspaceId, filter) {
      return collection.countDocuments(where(workspaceId, filter));
    },
    change,
    async changeMany(all) {
      const written = await Promise.all(all.map(({ id, guard, changes }) => change(id, guard, changes)));
      return written.filter((result) => result === 'changed').length;
    },
    async delete(id) {
      await collection.deleteOne({ _id: id });
    },
    async deleteMany(ids) {
      for (let at = 0; at < ids.length; at += ALL)
        await collection.deleteMany({ _id: { $in: ids.slice(at, at + ALL) } });
    },
    async nextFlagged(flag, after) {
      if (!rule.flags.includes(String(flag))) throw new Failure('bug', `${name} has no flag ${String(flag)}`);
      const found = await collection
        .find({ [flag]: true, workspaceId: { $gt: after } }, { projection: { workspaceId: 1 } })
        .sort({ workspaceId: 1 })
        .hint(flagIndex(String(flag)))
        .limit(1)
        .toArray();
      const [first] = found.map(fromStored);
      return first?.workspaceId ?? null;
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

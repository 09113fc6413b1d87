import type { Collection, FindOptions, Document as MongoDocument } from 'mongodb';

type Raw = MongoDocument & { _id: string };

const byId = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/**
 * Every document of a collection in the order of ids, after `after`, in batches. The ids are read first and sorted here: SecantusDB
 * follows no index in the order of ids. Asked for a range of ids it sorts all that is left of the collection for each page, and told
 * to use the index of ids (`hint`) it answers in the order in which the documents came, so that pages leave some out (0.6.0b17,
 * measured 2026-11-30). A million ids take some 100 MB while the walk lasts. What comes after its start is not in it, what is
 * deleted on the way is left out.
 */
export async function* walk(
  collection: Collection<{ _id: string }>,
  { after = '', batch = 500, ...options }: { after?: string; batch?: number } & FindOptions = {},
): AsyncGenerator<Raw[]> {
  const ids: { key: string; id: string }[] = [];
  for await (const { _id } of collection.find({}, { projection: { _id: 1 }, batchSize: 10_000 })) {
    const key = String(_id);
    if (key > after) ids.push({ key, id: _id });
  }
  ids.sort((one, other) => byId(one.key, other.key));
  for (let at = 0; at < ids.length; at += batch) {
    const wanted = ids.slice(at, at + batch).map(({ id }) => id);
    const found = await collection.find({ _id: { $in: wanted } }, options).toArray();
    found.sort((one, other) => byId(String(one._id), String(other._id)));
    if (found.length > 0) yield found;
  }
}

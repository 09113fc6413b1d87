import type { Db } from 'mongodb';
import { z } from 'zod';

/** A document as it lies in the database, its form not known yet. */
export type RawDocument = Readonly<Record<string, unknown>> & { readonly _id: string };

/** Look-ups that a step may make while it gathers: by ids, or by a field that has an index. */
export interface Reader {
  find(collection: string, ids: readonly string[]): Promise<ReadonlyMap<string, RawDocument>>;
  /** All documents of one workspace that have one of `values` in `field`. */
  by(
    collection: string,
    workspaceId: string,
    field: string,
    values: readonly (string | boolean)[],
  ): Promise<RawDocument[]>;
}

/** What becomes of one document. Nothing named: it is only marked with the new schema version. */
export interface Change {
  /** The whole document after the step. Its id stays. */
  replace?: Readonly<Record<string, unknown>>;
  /** New documents, written before this one is replaced. Their ids follow from what they are: they may be written twice. */
  insert?: readonly { collection: string; schemaVersion: number; document: RawDocument }[];
  remove?: true;
}

/** One walk over one collection, of all workspaces, in the order of ids. */
export interface Step {
  collection: string;
  /** Documents that have this schema version, or a newer one, are passed over: so a batch may be run twice. */
  to: number;
  /** What becomes of each, or why it cannot be read. */
  run(batch: readonly RawDocument[], reader: Reader): Promise<readonly (Change | { unreadable: string })[]>;
}

export interface Migration {
  /** One more than that of the migration before. The store has the number of its last migration as its version. */
  number: number;
  /** What it does, for the person who waits. */
  says: string;
  steps: readonly Step[];
}

/** Where a document does not fit, without what it holds: the reason is printed and stored. */
const reasonOf = (error: unknown): string => {
  if (error instanceof z.ZodError)
    return error.issues
      .map(({ path, message }) => `${path.map(String).join('.') || 'document'}: ${message}`)
      .join('; ');
  return error instanceof Error ? error.message : String(error);
};

/**
 * A step that looks at each document by itself. `reads` parses it, and one that does not fit is set aside, as is one for which
 * `change` throws or makes something that does not fit `writes`. `gather` reads in few queries what a batch needs; when it throws, the
 * migration stops and goes on there at the next start.
 */
export const eachDocument = <D, G = undefined>(given: {
  collection: string;
  to: number;
  reads: z.ZodType<D>;
  writes?: z.ZodType;
  gather?: (documents: readonly D[], reader: Reader) => Promise<G>;
  change: (document: D, gathered: G | undefined) => Change;
}): Step => ({
  collection: given.collection,
  to: given.to,
  async run(batch, reader) {
    const parsed = batch.map((document) => given.reads.safeParse(document));
    const gathered = await given.gather?.(
      parsed.flatMap((result) => (result.success ? [result.data] : [])),
      reader,
    );
    return parsed.map((result) => {
      if (!result.success) return { unreadable: reasonOf(result.error) };
      try {
        const change = given.change(result.data, gathered);
        if (change.replace !== undefined) given.writes?.parse(change.replace);
        return change;
      } catch (error) {
        return { unreadable: reasonOf(error) };
      }
    });
  },
});

export const readerOf = (db: Db): Reader => {
  const collectionOf = (name: string) => db.collection<{ _id: string }>(name);
  return {
    async find(collection, ids) {
      const found = await collectionOf(collection)
        .find({ _id: { $in: [...new Set(ids)] } })
        .toArray();
      return new Map(found.map((document) => [document._id, { ...document }]));
    },
    async by(collection, workspaceId, field, values) {
      if (values.length === 0) return [];
      const found = await collectionOf(collection)
        .find({ workspaceId, [field]: { $in: [...new Set(values)] } })
        .toArray();
      return found.map((document) => ({ ...document }));
    },
  };
};

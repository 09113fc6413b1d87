import mongoose from 'mongoose';
import { z } from 'zod';
import type { EventSubject } from '#domain/event.ts';

/** What every stored document has. */
export interface Stored {
  _id: string;
  workspaceId: string;
}

/** How long a document is kept: by which setting of `Retention`, or for ever. What removes it is src/app/retention/run.ts. */
export type Keeps =
  | 'for ever'
  | 'inboxDays'
  | 'answersHours'
  | 'exceptionsDays'
  | 'ordersDays'
  | 'casesDays'
  | 'eventsDays'
  | 'movementsDays';

export interface Model<T extends Stored> {
  collection: string;
  /** What a document is. `z.infer` of it is the type that the rest of the code knows. */
  schema: z.ZodType<T>;
  /** Written into every new document. A document without one has version 1. Raised by the migration that changes the form. */
  schemaVersion: number;
  /** The fields by which it may be listed, each row an index. The first fields of a row are a row of their own. */
  lists: readonly (readonly string[])[];
  /**
   * Booleans that are true while there is something to do: it may be listed by one, and is found over all workspaces without asking
   * each.
   */
  flags: readonly string[];
  /** It has `dueAtMs`, and what is due is asked for. */
  due: boolean;
  /** The field in whose order the newest, or the oldest, are asked for. */
  recent: string | null;
  retention: Keeps;
  /** What its documents are called in the events that they leave; null for those that leave none. */
  subject: EventSubject | null;
  /** The collection, its indexes and its top-level paths, for mongoose. */
  mongooseSchema: mongoose.Schema;
}

/** True while a document holds news that is not filed, and how far its news is filed. They belong to the store: see news.ts. */
export const UNFILED = '_unfiled';
export const FILED = '_filed';

/** The index by which a flagged document is found over all workspaces. */
export const flagIndex = (flag: string): Record<string, 1> => ({ [flag]: 1, workspaceId: 1, _id: 1 });

const shapeOf = (schema: z.ZodType): Readonly<Record<string, unknown>> => {
  if (schema instanceof z.ZodObject) return schema.shape;
  // Of a union each member's paths are paths.
  if (schema instanceof z.ZodDiscriminatedUnion || schema instanceof z.ZodUnion)
    return Object.assign({}, ...schema.options.map((option) => (option instanceof z.ZodType ? shapeOf(option) : {})));
  return {};
};

const pathOf = (field: unknown): mongoose.SchemaDefinitionProperty => {
  if (
    field instanceof z.ZodNullable ||
    field instanceof z.ZodOptional ||
    field instanceof z.ZodExactOptional ||
    field instanceof z.ZodDefault
  )
    return pathOf(field.unwrap());
  if (field instanceof z.ZodString || field instanceof z.ZodEnum) return String;
  if (field instanceof z.ZodNumber) return Number;
  if (field instanceof z.ZodBoolean) return Boolean;
  return mongoose.Schema.Types.Mixed;
};

/** The fields of each member of a union. */
type Field<T> = T extends unknown ? keyof T & string : never;

/**
 * One stored document: its shape (zod), its form in the database, its indexes and how long it is kept. Each has the index
 * {workspaceId, _id}, one {workspaceId, …row, _id} for each row of `lists`, {flag, workspaceId, _id} for each of `flags`, {workspaceId, recent} and with `due`
 * {dueAtMs}. The first fields of a row are a row of their own: only then do the pages of their list follow the index in the order of
 * ids. Every
 * index is paid for with each new document, the more the larger the collection: none is there that nobody asks by.
 *
 * The mongoose schema follows from the zod schema: its top-level paths have types, what lies deeper is Mixed. The shape is
 * described once, in zod, which knows unions and nested records that mongoose would have to be told a second time and could then
 * disagree about. It is `strict: false`, for a field that is stored must never be dropped by a model that does not know it, and
 * has no `__v`: documents are guarded by our own compare-and-set, which writes through the model's native collection.
 */
export const defineModel = <T extends Stored>(
  given: Omit<
    Model<T>,
    'mongooseSchema' | 'lists' | 'flags' | 'due' | 'recent' | 'retention' | 'subject' | 'schemaVersion'
  > & {
    schemaVersion?: number;
    lists?: readonly (readonly Field<T>[])[];
    flags?: readonly (keyof T & string)[];
    due?: boolean;
    recent?: (keyof T & string) | null;
    retention?: Keeps;
    subject?: EventSubject | null;
  },
): Model<T> => {
  const {
    collection,
    schema,
    schemaVersion = 1,
    lists = [],
    flags = [],
    due = false,
    recent = null,
    retention = 'for ever',
    subject = null,
  } = given;
  const paths = Object.entries(shapeOf(schema)).map(([name, field]) => [name, pathOf(field)]);
  const mongooseSchema = new mongoose.Schema(
    { ...Object.fromEntries(paths), _id: String, workspaceId: String, schemaVersion: Number },
    {
      collection,
      strict: false,
      versionKey: false,
      id: false,
      minimize: false,
      autoIndex: false,
      autoCreate: false,
      suppressReservedKeysWarning: true,
    },
  );
  mongooseSchema.index({ workspaceId: 1, _id: 1 });
  for (const row of lists) {
    const fields = ['workspaceId', ...row, '_id'].map((field) => [field, 1 as const] as const);
    mongooseSchema.index(Object.fromEntries(fields));
  }
  for (const flag of flags) mongooseSchema.index(flagIndex(flag));
  if (subject !== null) mongooseSchema.index(flagIndex(UNFILED));
  if (recent !== null) mongooseSchema.index({ workspaceId: 1, [recent]: -1 });
  if (due) mongooseSchema.index({ dueAtMs: 1 });
  return { collection, schema, schemaVersion, lists, flags, due, recent, retention, subject, mongooseSchema };
};

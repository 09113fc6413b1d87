import { z } from 'zod';
import { Failure, isFailure } from '#domain/failure.ts';
import type { RejectedItem } from './capabilities.ts';

const LONGEST_RAW = 200;

/** The value at `path`, or undefined where the path leads nowhere. */
const valueAt = (row: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) => (value === null || value === undefined ? undefined : Object(value)[key]), row);

/** A value of the vendor as it is shown to a person: as JSON, shortened. */
export const rawOf = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, LONGEST_RAW);

/**
 * What `read` makes of something that the vendor sent. A value that does not fit one of its schemas is a `contract` failure that names
 * the field and does not repeat the value.
 */
export const fitting = <T>(what: string, read: () => T): T => {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const [issue] = error.issues;
    const field = (issue?.path ?? []).map(String).join('.');
    throw new Failure('contract', `${what} cannot be read: ${field} ${issue?.message ?? ''}`, { safe: { field } });
  }
};

/**
 * Reads the rows of a page one by one: a row that does not fit is rejected with its field, and its neighbours are read. A row
 * fits when `wire` takes what the vendor sent and `canonical` takes what `read` makes of it. `read` is given the row as parsed and as
 * it came; it may call the vendor. What it throws for the vendor's or the network's sake ends the page, so that the page is tried again.
 */
export const readEach = async <W, T>(
  rows: readonly unknown[],
  shape: {
    wire: z.ZodType<W>;
    read(row: W, raw: unknown): T | Promise<T>;
    canonical: z.ZodType;
    /** The part of what was read that `canonical` has to take. Default: all of it. */
    recordOf?(item: T): unknown;
    /** The vendor's id in a row that may not fit. */
    idOf(row: unknown): string | null;
    /** Paths whose values are people's own and are not repeated. Default: none. */
    personal?: RegExp;
  },
): Promise<{ items: T[]; rejected: RejectedItem[] }> => {
  const { wire, read, canonical, recordOf = (item) => item, idOf, personal } = shape;
  const items: T[] = [];
  const rejected: RejectedItem[] = [];
  for (const row of rows) {
    const reject = (issue: Partial<z.core.$ZodIssue>, whole: unknown): void => {
      const { path = [], message = '', input } = issue;
      const field = path.map(String).join('.');
      // A list sent as an object has other keys than the list that was read of it: there the value as read stands in.
      const value = path.length === 0 ? undefined : (valueAt(whole, path) ?? input);
      rejected.push({
        id: idOf(row),
        field,
        reason: message,
        raw: personal?.test(field) ? '[personal]' : rawOf(value),
      });
    };
    const parsed = wire.safeParse(row, { reportInput: true });
    if (!parsed.success) {
      reject(parsed.error.issues[0] ?? {}, row);
      continue;
    }
    let item: T;
    try {
      item = await read(parsed.data, row);
    } catch (error) {
      if (error instanceof z.ZodError) reject({ message: error.issues[0]?.message ?? '' }, undefined);
      else if (isFailure(error, 'contract', 'invalid')) reject({ message: error.message }, undefined);
      else throw error;
      continue;
    }
    const record = recordOf(item);
    const fits = canonical.safeParse(record);
    if (fits.success) items.push(item);
    else reject(fits.error.issues[0] ?? {}, record);
  }
  return { items, rejected };
};

import { z } from 'zod';
import { Failure, isFailure } from '#domain/failure.ts';
import type { RejectedItem } from './capabilities.ts';

/** An order, and the vendor's body of it. */
interface Read<T> {
  order: T;
  body: unknown;
}

const LONGEST_RAW = 200;

/** The value at `path`, or undefined where the path leads nowhere. */
const valueAt = (row: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) => (value === null || value === undefined ? undefined : Object(value)[key]), row);

const rawOf = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, LONGEST_RAW);

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
 * it came, and gives what it read with the body to keep of it; it may call the vendor. What it throws for the vendor's or the
 * network's sake ends the page, so that the page is tried again.
 */
export const readEach = async <W, T>(
  rows: readonly unknown[],
  shape: {
    wire: z.ZodType<W>;
    read(row: W, raw: unknown): Read<T> | Promise<Read<T>>;
    canonical: z.ZodType<T>;
    /** The vendor's id in a row that may not fit. */
    idOf(row: unknown): string | null;
    /** Paths whose values are people's own and are not repeated. */
    personal: RegExp;
  },
): Promise<{ items: Read<T>[]; rejected: RejectedItem[] }> => {
  const items: Read<T>[] = [];
  const rejected: RejectedItem[] = [];
  for (const row of rows) {
    const reject = (path: readonly PropertyKey[], reason: string, value: unknown): void => {
      const field = path.map(String).join('.');
      const raw = shape.personal.test(field) ? '[personal]' : rawOf(value);
      rejected.push({ id: shape.idOf(row), field, reason, raw });
    };
    const parsed = shape.wire.safeParse(row);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const path = issue?.path ?? [];
      reject(path, issue?.message ?? '', path.length === 0 ? undefined : valueAt(row, path));
      continue;
    }
    let item: Read<T>;
    try {
      item = await shape.read(parsed.data, row);
    } catch (error) {
      if (error instanceof z.ZodError) reject([], error.issues[0]?.message ?? '', undefined);
      else if (isFailure(error, 'contract', 'invalid')) reject([], error.message, undefined);
      else throw error;
      continue;
    }
    const fits = shape.canonical.safeParse(item.order);
    if (fits.success) items.push(item);
    else {
      const [issue] = fits.error.issues;
      const path = issue?.path ?? [];
      reject(path, issue?.message ?? '', path.length === 0 ? undefined : valueAt(item.order, path));
    }
  }
  return { items, rejected };
};

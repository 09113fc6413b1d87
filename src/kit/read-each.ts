import { z } from 'zod';
import { isFailure } from '#domain/failure.ts';
import type { RejectedItem } from './capabilities.ts';

const LONGEST_RAW = 200;

/** The value at `path`, or undefined where the path leads nowhere. */
const valueAt = (row: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) => (value === null || value === undefined ? undefined : Object(value)[key]), row);

const rawOf = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, LONGEST_RAW);

/**
 * Reads the rows of a page one by one: a row that does not fit is rejected with its field, and its neighbours are read. A row
 * fits when `wire` takes what the vendor sent and `canonical` takes what `read` makes of it. `read` may call the vendor;
 * what it throws for the vendor's or the network's sake ends the page, so that the page is tried again.
 */
export const readEach = async <W, T>(
  rows: readonly unknown[],
  shape: {
    wire: z.ZodType<W>;
    read(row: W): T | Promise<T>;
    canonical: z.ZodType<T>;
    /** The vendor's id in a row that may not fit. */
    idOf(row: unknown): string | null;
    /** Paths whose values are people's own and are not repeated. */
    personal: RegExp;
  },
): Promise<{ items: T[]; rejected: RejectedItem[] }> => {
  const items: T[] = [];
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
    let item: T;
    try {
      item = await shape.read(parsed.data);
    } catch (error) {
      if (error instanceof z.ZodError) reject([], error.issues[0]?.message ?? '', undefined);
      else if (isFailure(error, 'contract', 'invalid')) reject([], error.message, undefined);
      else throw error;
      continue;
    }
    const fits = shape.canonical.safeParse(item);
    if (fits.success) items.push(item);
    else {
      const [issue] = fits.error.issues;
      const path = issue?.path ?? [];
      reject(path, issue?.message ?? '', path.length === 0 ? undefined : valueAt(item, path));
    }
  }
  return { items, rejected };
};

import type { z } from 'zod';
import { Failure } from '#domain/failure.ts';

/** The error for an unusable value: it names the field, what is wrong and what to do. */
export const invalid = (field: string, reason: string): Failure =>
  new Failure('invalid', `${field}: ${reason}`, { safe: { field, reason } });

const MAX_FIELD_LENGTH = 120;
const MAX_REASON_LENGTH = 200;

const firstFault = (error: z.ZodError): { path: string; reason: string } => {
  const [issue] = error.issues;
  return {
    path: (issue?.path.map(String).join('.') ?? '').slice(0, MAX_FIELD_LENGTH),
    reason: (issue?.message ?? 'is not valid').slice(0, MAX_REASON_LENGTH),
  };
};

/**
 * Parses `input` with `schema`. Throws one `invalid` that names the first wrong field, or `field` for the input as a
 * whole.
 */
export const readInput = <S extends z.ZodType>(schema: S, input: unknown, field = 'input'): z.output<S> => {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const { path, reason } = firstFault(parsed.error);
  throw invalid(path === '' ? field : path, reason);
};

/** The same, with `root` as a prefix of the field: for one of several inputs. */
export const readUnder = <S extends z.ZodType>(root: string, schema: S, input: unknown): z.output<S> => {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const { path, reason } = firstFault(parsed.error);
  throw invalid(path === '' ? root : `${root}.${path}`, reason);
};

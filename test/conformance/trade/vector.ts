import { z } from 'zod';

/** One question of a vector file, with the expected answer and its origin. */
export const Vector = z.looseObject({
  id: z.string(),
  input: z.record(z.string(), z.unknown()),
  expected: z.unknown(),
  source: z.string().optional(),
  status: z.string().optional(),
});
export type Vector = z.infer<typeof Vector>;

/**
 * Converts one question of a vector file to a call of an engine, and the engine's answer back to the file's form. It
 * gets only `id` and `input`, and throws a Failure for what it cannot answer.
 */
export type Answer = (id: string, input: Record<string, unknown>) => unknown;

import { z } from 'zod';

/** One question of a vector file, with the answer that is expected and where that comes from. */
export const Vector = z.looseObject({
  id: z.string(),
  input: z.record(z.string(), z.unknown()),
  expected: z.unknown(),
  source: z.string().optional(),
  status: z.string().optional(),
});
export type Vector = z.infer<typeof Vector>;

/**
 * Turns one question of a vector file into a call of an engine, and the engine's answer back into the file's form. It
 * knows `id` and `input` alone, and throws a Failure for what it cannot answer.
 */
export type Answer = (id: string, input: Record<string, unknown>) => unknown;

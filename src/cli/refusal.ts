import { z } from 'zod';
import { isProblem } from '#simulator/api-client.ts';

const Problem = z.looseObject({
  title: z.string(),
  detail: z.string().optional(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});

/** What the API refused in words, with every place that does not fit; null for an error that is no refusal. */
export const refusalInWords = (error: unknown): string | null => {
  const problem = isProblem(error) ? Problem.safeParse(error.body) : null;
  if (!problem?.success) return null;
  const { title, detail, errors = [] } = problem.data;
  if (errors.length === 0) return detail ?? title;
  return [
    'The input does not fit:',
    ...errors.map(({ path, message }) => `  ${path.replace(/^(body|params|query)\./, '')}: ${message}`),
  ].join('\n');
};

import { z } from 'zod';
import { FAILURES, Failure } from '#domain/failure.ts';
import { invalidInput, Problem, toProblem } from './problem.ts';
import type { Asked } from './route.ts';

/** What came of a batch: every item is in it once, so that processed + failed = selected. */
export const BatchResult = z.object({
  selected: z.int(),
  processed: z.int(),
  failed: z.int(),
  results: z.array(
    z.object({ index: z.int(), ok: z.boolean(), id: z.string().nullable(), problem: Problem.nullable() }),
  ),
});
export type BatchResult = z.infer<typeof BatchResult>;
type ItemResult = BatchResult['results'][number];

/** Items that are parsed one by one: a bad one does not spoil the others. Documented with the item's own schema. */
export const batchOf = (item: z.ZodType, most: number) => {
  const { $schema: _schema, ...items } = z.toJSONSchema(item, { io: 'input', unrepresentable: 'any' });
  return z.array(z.unknown()).min(1).max(most).meta({ items });
};

export interface Item<T> {
  index: number;
  item: T;
}

export const succeeded = (index: number, id: string): ItemResult => ({ index, ok: true, id, problem: null });

/** An item's failure as data. An outage is thrown on: then nobody knows what came of the rest, and all of it may be sent again. */
export const failed = ({ requestId, deps }: Asked, index: number, error: unknown): ItemResult => {
  const { status, body } = toProblem(error, requestId);
  if (status === FAILURES.unavailable.http) throw error;
  if (status === FAILURES.bug.http) deps.log.error({ err: error, requestId, index }, 'http.bug');
  return { index, ok: false, id: null, problem: body };
};

/** What a use case says of each item, in turn: its id, or why it was refused. */
export const resultsOf = (
  asked: Asked,
  items: readonly Pick<Item<unknown>, 'index'>[],
  outcomes: readonly (string | Failure)[],
): ItemResult[] =>
  items.map(({ index }, at) => {
    const outcome = outcomes[at] ?? new Failure('bug', `item ${index} has no outcome`);
    return typeof outcome === 'string' ? succeeded(index, outcome) : failed(asked, index, outcome);
  });

/** Parses each item; `work` does the good ones and says what came of each, the bad ones are reported beside them. */
export const runBatch = async <S extends z.ZodType>(
  asked: Asked,
  schema: S,
  raw: readonly unknown[],
  work: (items: readonly Item<z.output<S>>[]) => Promise<readonly ItemResult[]>,
): Promise<BatchResult> => {
  const good: Item<z.output<S>>[] = [];
  const results: ItemResult[] = [];
  raw.forEach((value, index) => {
    const parsed = schema.safeParse(value);
    if (parsed.success) good.push({ index, item: parsed.data });
    else results.push(failed(asked, index, invalidInput(parsed.error, 'item')));
  });
  if (good.length > 0) results.push(...(await work(good)));
  results.sort((a, b) => a.index - b.index);
  const processed = results.filter((result) => result.ok).length;
  return { selected: raw.length, processed, failed: results.length - processed, results };
};

/** Items of one batch that are done at a time. */
const AT_ONCE = 8;

/** A batch whose items are done each by itself, a few at a time. */
export const eachOf = <S extends z.ZodType>(
  asked: Asked,
  schema: S,
  raw: readonly unknown[],
  one: (item: z.output<S>) => Promise<string>,
): Promise<BatchResult> =>
  runBatch(asked, schema, raw, async (items) => {
    const results: ItemResult[] = [];
    const left = [...items];
    const work = async (): Promise<void> => {
      for (let next = left.shift(); next; next = left.shift()) {
        const { index, item } = next;
        results.push(
          await one(item).then(
            (id) => succeeded(index, id),
            (error: unknown) => failed(asked, index, error),
          ),
        );
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, left.length) }, work));
    return results;
  });

import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parse, type Source, sourcesOf } from './source.ts';

const WRITES: readonly string[] = ['insert', 'insertMany', 'change', 'changeMany'];

/** Files on the outside of the application that write to the store, and why no use case does it for them. */
const WRITERS: Readonly<Record<string, string>> = {
  'src/http/idempotency.ts': 'an answer is kept for the sender of the request; the business knows nothing of it',
};

const Call = z.looseObject({
  type: z.literal('CallExpression'),
  callee: z.looseObject({
    type: z.literal('MemberExpression'),
    object: z.looseObject({ start: z.number(), end: z.number() }),
    property: z.looseObject({ name: z.string() }),
  }),
});

/** Where a source writes to a collection of the store. */
const writesIn = (source: Source): string[] =>
  source.nodes.flatMap((node) => {
    const call = Call.safeParse(node);
    if (!call.success) return [];
    const { object, property } = call.data.callee;
    const of = source.text.slice(object.start, object.end);
    const writes = WRITES.includes(property.name) || (property.name === 'delete' && /\bstore\b/.test(of));
    return writes ? [`${source.file}:${source.lineOf(node)} ${of}.${property.name}`] : [];
  });

describe('HTTP, the console and the command line', () => {
  const outside = sourcesOf('src/http', 'src/console', 'src/cli').filter(({ test }) => !test);

  it('write nothing to the store: what changes a record is a use case of src/app', () => {
    expect(outside.length).toBeGreaterThan(40);
    expect(outside.filter(({ file }) => !(file in WRITERS)).flatMap(writesIn)).toEqual([]);
  });

  it('have exceptions that are each needed', () => {
    for (const file of Object.keys(WRITERS))
      expect(outside.filter((source) => source.file === file).flatMap(writesIn), file).not.toEqual([]);
  });

  it('would be caught', () => {
    const planted = parse(
      'src/http/routes/planted.ts',
      'await store.orders.change(id, {}, { note }); await asked.app.ports.store.legs.delete(id); known.delete(key);',
    );
    expect(writesIn(planted)).toHaveLength(2);
  });
});

import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Failure } from '#domain/failure.ts';
import { readEach } from './read-each.ts';

const Wire = z.object({ id: z.int(), name: z.string(), buyer: z.object({ mail: z.string() }) });
const Canonical = z.object({ externalId: z.string(), title: z.string().min(1) });
const row = (id: unknown, changes: Record<string, unknown> = {}) => ({
  id,
  name: 'A',
  buyer: { mail: 'a@b' },
  ...changes,
});

const read = (rows: readonly unknown[], failing?: unknown) =>
  readEach(rows, {
    wire: Wire,
    read: async ({ id, name }, raw) => {
      if (name === 'throws') throw failing;
      return { order: { externalId: String(id), title: name }, body: raw };
    },
    canonical: Canonical,
    recordOf: ({ order }) => order,
    idOf: (given) => {
      const found = z.object({ id: z.int() }).safeParse(given);
      return found.success ? String(found.data.id) : null;
    },
    personal: /(^|\.)buyer(\.|$)/,
  });

describe('readEach', () => {
  it('reads every row that fits and rejects every other by its field', async () => {
    const rows = [
      row(1),
      row(2, { name: 7 }),
      row('three'),
      null,
      'text',
      row(6, { buyer: { mail: ['a', 'b'] } }),
      row(7, { name: '' }),
      row(8),
    ];
    const { items, rejected } = await read(rows);
    expect(items.map(({ order }) => order.externalId)).toEqual(['1', '8']);
    expect(items.map(({ body }) => body)).toEqual([row(1), row(8)]);
    expect(rejected.map(({ id, field, raw }) => [id, field, raw])).toEqual([
      ['2', 'name', '7'],
      [null, 'id', '"three"'],
      [null, '', 'nothing'],
      [null, '', 'nothing'],
      ['6', 'buyer.mail', '[personal]'],
      ['7', 'title', '""'],
    ]);
  });

  it('shows the value in a list that was sent as an object, where the path of the list leads nowhere', async () => {
    const asList = (value: unknown): unknown => Object.values(Object(value));
    const { items, rejected } = await readEach([{ lines: { '0': 1, '2': 'two' } }, { lines: { '4': 2 } }], {
      wire: z.object({ lines: z.preprocess(asList, z.array(z.int())) }),
      read: ({ lines }) => lines,
      canonical: z.array(z.int()),
      idOf: () => null,
    });
    expect(items).toEqual([[2]]);
    expect(rejected).toMatchObject([{ field: 'lines.1', raw: '"two"' }]);
  });

  it('repeats no more of a value than a person needs to find it', async () => {
    const { rejected } = await read([row(1, { name: { long: 'x'.repeat(10_000) } })]);
    expect(rejected[0]?.raw.length).toBe(200);
  });

  it.each([
    [new Failure('contract', 'another shape'), 1],
    [new Failure('invalid', 'no number'), 1],
  ])('rejects a row whose reading ends in %s', async (failing, count) => {
    const { items, rejected } = await read([row(1, { name: 'throws' }), row(2)], failing);
    expect([items.length, rejected.length]).toEqual([1, count]);
  });

  it.each([[new Failure('unavailable', 'down')], [new Failure('rate_limited', 'slow')], [new TypeError('a bug')]])(
    'ends the page for %s, so that it is read again',
    async (failing) => {
      await expect(read([row(1, { name: 'throws' }), row(2)], failing)).rejects.toBe(failing);
    },
  );
});

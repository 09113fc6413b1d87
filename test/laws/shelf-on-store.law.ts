import fc from 'fast-check';
import { expect } from 'vitest';
import type { StockOp } from '#domain/stock.ts';
import { count, on, openShelves, type Shelves, sum } from '../support/shelves.ts';
import { defineServerLaw } from './law.ts';

const SKUS = ['A', 'B', 'C'];
const OPENING = 10;

/** An operation without its id: the law numbers them. */
type Draft = StockOp extends infer O ? (O extends StockOp ? Omit<O, 'id'> : never) : never;

const reference = fc.constant('law');
const key = fc.constantFrom('k1', 'k2', 'k3', 'k4', 'k5');
const quantity = fc.integer({ min: 1, max: 6 });
const draft: fc.Arbitrary<Draft> = fc.oneof(
  fc.record({ kind: fc.constantFrom('return', 'opening'), quantity, reference }),
  fc.record({ kind: fc.constant('receipt'), quantity, expected: quantity, reference }),
  fc.record({
    kind: fc.constant('reserve'),
    key,
    orderId: key,
    quantity,
    wait: fc.boolean(),
    atMs: fc.nat(9),
    reference,
  }),
  fc.record({ kind: fc.constant('release'), key, quantity, reference }),
  fc.record({ kind: fc.constant('make'), key, orderId: key, quantity, reference }),
  fc.record({ kind: fc.constant('expect'), quantity, reference }),
  fc.record({ kind: fc.constant('ship'), key, quantity, reference }),
);
/** A count may find fewer than are held: what is free is then nothing, and what left is no longer covered by what came in. */
const adjustment: fc.Arbitrary<Draft> = fc.record({
  kind: fc.constant('adjust'),
  quantity: fc.integer({ min: -6, max: 6 }),
  reference,
});

type Batch = readonly { sku: string; draft: Draft }[];
const batch = (drafts: fc.Arbitrary<Draft>): fc.Arbitrary<Batch> =>
  fc.array(fc.record({ sku: fc.constantFrom(...SKUS), draft: drafts }), { minLength: 1, maxLength: 5 });
const batches = (drafts: fc.Arbitrary<Draft>) => fc.array(batch(drafts), { minLength: 3, maxLength: 12 });

/** Counts all batches at once from several processes, each batch twice: a job may run again while its first run still lives. */
const countAtOnce = async (shelves: Shelves, ws: string, given: readonly Batch[]): Promise<void> => {
  const { worker } = shelves;
  await count(
    worker(0),
    ws,
    SKUS.map((sku) => on(sku, { kind: 'opening', id: `open ${sku}`, quantity: OPENING, reference: 'law' })),
  );
  const work = given.map((ops, b) => ops.map((op, n) => on(op.sku, { ...op.draft, id: `${b}:${n}` })));
  const ran = await Promise.allSettled([...work, ...work].map((ops, n) => count(worker(n), ws, ops)));
  for (const result of ran) if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'conflict' });
  // A batch that was refused at one shelf after another of its shelves was written leaves that one's ledger to the next who
  // counts there, be it nothing.
  if (ran.some((result) => result.status === 'rejected'))
    await count(
      worker(1),
      ws,
      SKUS.map((sku) => on(sku, { kind: 'release', id: `look ${sku}`, key: 'nobody', quantity: 1, reference: 'look' })),
    );
};

const shared = { needs: 'servers', open: openShelves, close: (shelves: Shelves) => shelves.close() } as const;

export const shelfOnStoreLaws = [
  defineServerLaw({
    ...shared,
    name: 'store-shelf-is-its-ledger',
    title:
      'shelves counted by several processes at once have reserved what lines hold, and are the sum of their movements',
    property: (shelves) =>
      fc.asyncProperty(batches(fc.oneof(draft, draft, draft, adjustment)), async (given) => {
        const ws = shelves.freshWorkspace();
        await countAtOnce(shelves, ws, given);
        for (const sku of SKUS) await shelves.expectSound(ws, sku);
      }),
  }),
  defineServerLaw({
    ...shared,
    name: 'store-shelf-gives-what-came',
    title: 'while no count corrects them, shelves have given out and hold no more than came in',
    property: (shelves) =>
      fc.asyncProperty(batches(draft), async (given) => {
        const ws = shelves.freshWorkspace();
        await countAtOnce(shelves, ws, given);
        const ledger = await shelves.worker(0).store.movements.list(ws, {}, { limit: 10_000 });
        const shipped = ledger.filter((movement) => movement.kind === 'ship');
        const cameIn = sum(ledger, (movement) => movement.onHand) - sum(shipped, (movement) => movement.onHand);
        expect(ledger.length).toBeGreaterThanOrEqual(SKUS.length);
        expect(-sum(shipped, (movement) => movement.onHand) + sum(ledger, (m) => m.reserved)).toBeLessThanOrEqual(
          cameIn,
        );
      }),
  }),
];

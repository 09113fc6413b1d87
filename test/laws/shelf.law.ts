import fc from 'fast-check';
import { expect } from 'vitest';
import { isFailure } from '#domain/failure.ts';
import {
  applyStockOp,
  available,
  emptyLevel,
  position,
  type StockLevel,
  type StockOp,
  waitingUnits,
} from '#domain/stock.ts';
import { defineLaw } from './law.ts';

/** An operation without its id: the run numbers them, as each counts once. */
type Draft = StockOp extends infer O ? (O extends StockOp ? Omit<O, 'id'> : never) : never;

const reference = 'test';
const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const quantity = fc.integer({ min: 1, max: 8 });
const more = fc.integer({ min: 1, max: 20 });
const atMs = fc.integer({ min: 0, max: 6 });

const incoming: fc.Arbitrary<Draft> = fc.oneof(
  fc.record({ kind: fc.constantFrom('opening', 'return'), quantity: more, reference: fc.constant(reference) }),
  fc.record({
    kind: fc.constant('receipt'),
    quantity: more,
    expected: fc.integer({ min: 0, max: 20 }),
    reference: fc.constant(reference),
  }),
  fc.record({ kind: fc.constant('make'), key, orderId: key, quantity, reference: fc.constant(reference) }),
);
const promises: fc.Arbitrary<Draft> = fc.oneof(
  fc.record({
    kind: fc.constant('reserve'),
    key,
    orderId: key,
    quantity,
    wait: fc.boolean(),
    atMs,
    reference: fc.constant(reference),
  }),
  fc.record({ kind: fc.constant('release'), key, quantity: more, reference: fc.constant(reference) }),
  fc.record({ kind: fc.constant('ship'), key, quantity, reference: fc.constant(reference) }),
  fc.record({
    kind: fc.constant('expect'),
    quantity: fc.integer({ min: -10, max: 20 }),
    reference: fc.constant(reference),
  }),
);
/** A count may find anything. */
const counts: fc.Arbitrary<Draft> = fc.oneof(
  fc.record({
    kind: fc.constant('adjust'),
    quantity: fc.integer({ min: -15, max: 15 }),
    reference: fc.constant(reference),
  }),
  fc.record({
    kind: fc.constant('observe'),
    quantity: fc.integer({ min: 0, max: 25 }),
    reference: fc.constant(reference),
  }),
);
const sequence = (...from: fc.Arbitrary<Draft>[]) => fc.array(fc.oneof(...from), { maxLength: 40 });

const run = (drafts: readonly Draft[], look: (before: StockLevel, after: StockLevel, op: StockOp) => void) => {
  let level = emptyLevel('ws', 'main', 'SKU');
  drafts.forEach((draft, index) => {
    const op: StockOp = { ...draft, id: `op${index}` };
    const before = structuredClone(level);
    let after = level;
    try {
      after = applyStockOp(level, op, 1_000 + index).level;
    } catch (error) {
      if (!isFailure(error, 'conflict')) throw error;
    }
    // Nothing is changed in place: a refused operation leaves the shelf as it was.
    expect(level).toEqual(before);
    look(level, after, op);
    level = after;
  });
  return level;
};
/** The property that `look` holds at every step of every sequence. */
const every =
  (look: (before: StockLevel, after: StockLevel, op: StockOp) => void, from = sequence(incoming, promises, counts)) =>
  () =>
    fc.property(from, (drafts) => {
      run(drafts, look);
    });
const units = (lines: readonly { quantity: number }[]) => lines.reduce((sum, l) => sum + l.quantity, 0);

/** A shelf, whatever happens on it and in which order. */
export const shelfLaws = [
  defineLaw({
    name: 'shelf-reserved-is-open',
    title: 'a shelf has reserved exactly what order lines hold, and never less than nothing',
    property: every((_, { reserved, open }) => {
      expect(reserved).toBe(units(open));
      for (const line of open) expect(line.quantity).toBeGreaterThan(0);
    }),
  }),
  defineLaw({
    name: 'shelf-holds-or-waits',
    title: 'a shelf lets an order line hold units or wait for them, never both and never twice',
    property: every((_, { open, waiting }) => {
      const keys = [...open, ...waiting].map((line) => line.key);
      expect(new Set(keys).size).toBe(keys.length);
    }),
  }),
  defineLaw({
    name: 'shelf-sum-of-movements',
    title: 'a shelf is the sum of its movements, and each operation that changed it has one',
    property: every((before, level, op) => {
      const { journal } = level;
      expect(journal.reduce((sum, m) => sum + m.onHand, 0)).toBe(level.onHand);
      expect(journal.reduce((sum, m) => sum + m.reserved, 0)).toBe(level.reserved);
      expect(journal.reduce((sum, m) => sum + m.onOrder, 0)).toBe(level.onOrder);
      expect(journal.length).toBe(before.journal.length + (level === before ? 0 : 1));
      if (level !== before) expect(journal.at(-1)).toMatchObject({ _id: op.id, kind: op.kind, reference });
      expect(level.rev).toBe(journal.length);
    }),
  }),
  defineLaw({
    name: 'shelf-marks-what-changed',
    title:
      'a shelf is looked at again when it falls below what the refill rule said, and when there is another number to sell',
    property: () => {
      const below = fc.option(fc.integer({ min: 0, max: 20 }));
      return fc.property(sequence(incoming, promises, counts), below, (drafts, refillBelow) => {
        run(drafts, (before, after, op) => {
          if (after.rev === before.rev) return;
          const rested = { ...before, refillBelow, toRefill: false, toPublish: false };
          const { level } = applyStockOp(rested, op, after.updatedAtMs);
          expect(level.toRefill).toBe(refillBelow !== null && position(after) < refillBelow);
          expect(level.toPublish).toBe(available(after) !== available(before));
        });
      });
    },
  }),
  defineLaw({
    name: 'shelf-new-is-looked-at',
    title: 'a shelf is looked at by the refill rule first of all, whatever happens on it',
    property: every((_, level) => {
      expect(level.toRefill).toBe(level.rev > 0);
    }),
  }),
  defineLaw({
    name: 'shelf-says-short',
    title: 'a shelf says when orders wait for it',
    property: every((_, level) => {
      expect(level.short).toBe(level.waiting.length > 0);
    }),
  }),
  defineLaw({
    name: 'shelf-never-below-nothing',
    title: 'a shelf never promises less than nothing, and never expects less than nothing',
    property: every((_, level) => {
      expect(Math.min(available(level), level.onOrder, waitingUnits(level))).toBeGreaterThanOrEqual(0);
    }),
  }),
  defineLaw({
    name: 'shelf-gives-what-came',
    title: 'a shelf gives out no more than came in: what is held and what has left are covered by what arrived',
    property: () => {
      let cameIn = 0;
      let left = 0;
      return every(
        (before, after, op) => {
          if (before.rev === 0) [cameIn, left] = [0, 0];
          const change = after.onHand - before.onHand;
          if (op.kind === 'ship') left -= change;
          else cameIn += change;
          expect(after.reserved + left).toBeLessThanOrEqual(cameIn);
        },
        sequence(incoming, promises),
      )();
    },
  }),
  defineLaw({
    name: 'shelf-serves-who-fits',
    title: 'a shelf leaves nobody waiting who could be served',
    property: every((before, after) => {
      if (after !== before)
        for (const line of after.waiting) expect(line.quantity).toBeGreaterThan(after.onHand - after.reserved);
    }),
  }),
  defineLaw({
    name: 'shelf-first-come-first-served',
    title: 'a shelf serves first who came first: nobody is passed over for a later line that wants as much or more',
    property: every((before, after, op) => {
      // What is made to order is for whom it is made.
      const made = op.kind === 'make' ? op.key : null;
      const served = before.waiting.filter((w) => w.key !== made && after.open.some((o) => o.key === w.key));
      for (const late of served)
        for (const early of after.waiting)
          if (early.atMs < late.atMs) expect(early.quantity).toBeGreaterThan(late.quantity);
    }),
  }),
  defineLaw({
    name: 'shelf-line-whole-or-not',
    title: 'a shelf holds a line whole or not at all',
    property: every((before, after, op) => {
      if (op.kind === 'make') return;
      for (const line of after.open.filter((o) => !before.open.some((b) => b.key === o.key))) {
        const wanted = before.waiting.find((w) => w.key === line.key)?.quantity;
        const asked = 'key' in op && op.key === line.key && op.kind === 'reserve' ? op.quantity : wanted;
        if (op.kind === 'release' && op.key === line.key) expect(line.quantity).toBeLessThan(wanted ?? 0);
        else expect(line.quantity).toBe(asked);
      }
    }),
  }),
  defineLaw({
    name: 'shelf-release-gives-back',
    title: 'a shelf gives back all of a line when a release asks for as much or more, and else just so much',
    property: every((before, after, op) => {
      if (op.kind !== 'release') return;
      const had = [...before.open, ...before.waiting].find((line) => line.key === op.key)?.quantity ?? 0;
      const has = [...after.open, ...after.waiting].find((line) => line.key === op.key)?.quantity ?? 0;
      expect(has).toBe(Math.max(0, had - op.quantity));
      expect(after.onHand).toBe(before.onHand);
    }),
  }),
  defineLaw({
    name: 'shelf-ships-what-is-held',
    title: 'a shelf ships only what is held',
    property: every((before, after, op) => {
      if (op.kind !== 'ship') return;
      const held = before.open.find((o) => o.key === op.key)?.quantity ?? 0;
      expect(before.onHand - after.onHand).toBe(held >= op.quantity ? op.quantity : 0);
    }),
  }),
];

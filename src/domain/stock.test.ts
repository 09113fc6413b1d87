import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFailure } from './failure.ts';
import {
  applyStockOp,
  available,
  emptyLevel,
  levelId,
  position,
  type StockLevel,
  type StockOp,
  waitingUnits,
} from './stock.ts';

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
const all = (
  look: (before: StockLevel, after: StockLevel, op: StockOp) => void,
  from = sequence(incoming, promises, counts),
) =>
  fc.assert(
    fc.property(from, (drafts) => {
      run(drafts, look);
    }),
    { numRuns: 500 },
  );
const units = (lines: readonly { quantity: number }[]) => lines.reduce((sum, l) => sum + l.quantity, 0);

describe('a shelf, whatever happens on it and in which order', () => {
  it('has reserved exactly what order lines hold, and never less than nothing', () => {
    all((_, { reserved, open }) => {
      expect(reserved).toBe(units(open));
      for (const line of open) expect(line.quantity).toBeGreaterThan(0);
    });
  });

  it('lets an order line hold units or wait for them, never both and never twice', () => {
    all((_, { open, waiting }) => {
      const keys = [...open, ...waiting].map((line) => line.key);
      expect(new Set(keys).size).toBe(keys.length);
    });
  });

  it('is the sum of its movements, and each operation that changed it has one', () => {
    all((before, level, op) => {
      const { journal } = level;
      expect(journal.reduce((sum, m) => sum + m.onHand, 0)).toBe(level.onHand);
      expect(journal.reduce((sum, m) => sum + m.reserved, 0)).toBe(level.reserved);
      expect(journal.reduce((sum, m) => sum + m.onOrder, 0)).toBe(level.onOrder);
      expect(journal.length).toBe(before.journal.length + (level === before ? 0 : 1));
      if (level !== before) expect(journal.at(-1)).toMatchObject({ _id: op.id, kind: op.kind, reference });
      expect(level.rev).toBe(journal.length);
    });
  });

  it('is looked at again when it falls below what the refill rule said, and when there is another number to sell', () => {
    const below = fc.option(fc.integer({ min: 0, max: 20 }));
    fc.assert(
      fc.property(sequence(incoming, promises, counts), below, (drafts, refillBelow) => {
        run(drafts, (before, after, op) => {
          if (after.rev === before.rev) return;
          const rested = { ...before, refillBelow, toRefill: false, toPublish: false };
          const { level } = applyStockOp(rested, op, after.updatedAtMs);
          expect(level.toRefill).toBe(refillBelow !== null && position(after) < refillBelow);
          expect(level.toPublish).toBe(available(after) !== available(before));
        });
      }),
    );
  });

  it('is looked at by the refill rule first of all, whatever happens on it', () => {
    all((_, level) => {
      expect(level.toRefill).toBe(level.rev > 0);
    });
  });

  it('says when orders wait for it', () => {
    all((_, level) => {
      expect(level.short).toBe(level.waiting.length > 0);
    });
  });

  it('never promises less than nothing, and never expects less than nothing', () => {
    all((_, level) => {
      expect(Math.min(available(level), level.onOrder, waitingUnits(level))).toBeGreaterThanOrEqual(0);
    });
  });

  it('gives out no more than came in: what is held and what has left are covered by what arrived', () => {
    let cameIn = 0;
    let left = 0;
    all(
      (before, after, op) => {
        if (before.rev === 0) [cameIn, left] = [0, 0];
        const change = after.onHand - before.onHand;
        if (op.kind === 'ship') left -= change;
        else cameIn += change;
        expect(after.reserved + left).toBeLessThanOrEqual(cameIn);
      },
      sequence(incoming, promises),
    );
  });

  it('leaves nobody waiting who could be served', () => {
    all((before, after) => {
      if (after !== before)
        for (const line of after.waiting) expect(line.quantity).toBeGreaterThan(after.onHand - after.reserved);
    });
  });

  it('serves first who came first: nobody is passed over for a later line that wants as much or more', () => {
    all((before, after, op) => {
      // What is made to order is for whom it is made.
      const made = op.kind === 'make' ? op.key : null;
      const served = before.waiting.filter((w) => w.key !== made && after.open.some((o) => o.key === w.key));
      for (const late of served)
        for (const early of after.waiting)
          if (early.atMs < late.atMs) expect(early.quantity).toBeGreaterThan(late.quantity);
    });
  });

  it('holds a line whole or not at all', () => {
    all((before, after, op) => {
      if (op.kind === 'make') return;
      for (const line of after.open.filter((o) => !before.open.some((b) => b.key === o.key))) {
        const wanted = before.waiting.find((w) => w.key === line.key)?.quantity;
        const asked = 'key' in op && op.key === line.key && op.kind === 'reserve' ? op.quantity : wanted;
        if (op.kind === 'release' && op.key === line.key) expect(line.quantity).toBeLessThan(wanted ?? 0);
        else expect(line.quantity).toBe(asked);
      }
    });
  });

  it('gives back all of a line when a release asks for as much or more, and else just so much', () => {
    all((before, after, op) => {
      if (op.kind !== 'release') return;
      const had = [...before.open, ...before.waiting].find((line) => line.key === op.key)?.quantity ?? 0;
      const has = [...after.open, ...after.waiting].find((line) => line.key === op.key)?.quantity ?? 0;
      expect(has).toBe(Math.max(0, had - op.quantity));
      expect(after.onHand).toBe(before.onHand);
    });
  });

  it('ships only what is held', () => {
    all((before, after, op) => {
      if (op.kind !== 'ship') return;
      const held = before.open.find((o) => o.key === op.key)?.quantity ?? 0;
      expect(before.onHand - after.onHand).toBe(held >= op.quantity ? op.quantity : 0);
    });
  });
});

describe('a shelf', () => {
  const reserve = (lineKey: string, wanted: number, at: number, wait = true): Draft => ({
    kind: 'reserve',
    key: lineKey,
    orderId: `or_${lineKey}`,
    quantity: wanted,
    wait,
    atMs: at,
    reference,
  });
  const end = (...drafts: Draft[]) => run(drafts, () => {});

  it('serves those who wait by the time of their orders when units come in, past one that does not fit', () => {
    const level = end(reserve('late', 2, 30), reserve('big', 9, 10), reserve('early', 2, 20), {
      kind: 'receipt',
      quantity: 4,
      expected: 0,
      reference,
    });
    expect(level.open.map((o) => o.key)).toEqual(['early', 'late']);
    expect(level.waiting.map((w) => w.key)).toEqual(['big']);
    expect(level.journal.at(-1)).toMatchObject({ onHand: 4, reserved: 4 });
  });

  it('says held, waiting or short, and says it again when asked again', () => {
    const start = end({ kind: 'opening', quantity: 3, reference });
    const ask = (level: StockLevel, draft: Draft) => applyStockOp(level, { ...draft, id: 'again' }, 0);
    const held = ask(start, reserve('a', 3, 0));
    expect([held.outcome, ask(held.level, reserve('a', 3, 0)).outcome]).toEqual(['held', 'held']);
    const waits = ask(held.level, reserve('b', 1, 0));
    expect([waits.outcome, ask(waits.level, reserve('b', 1, 0)).outcome]).toEqual(['waiting', 'waiting']);
    const short = ask(held.level, reserve('b', 1, 0, false));
    expect(short).toEqual({ level: held.level, outcome: 'short' });
  });

  it('keeps what is held through a count that finds less, and promises nothing then', () => {
    const level = end({ kind: 'opening', quantity: 5, reference }, reserve('a', 4, 0), {
      kind: 'adjust',
      quantity: -3,
      reference,
    });
    expect([level.onHand, level.reserved, available(level)]).toEqual([2, 4, 0]);
  });

  it('takes what its owner says is there, and an observation of the same number is no movement', () => {
    const seen: Draft = { kind: 'observe', quantity: 7, reference };
    const level = end(seen, seen);
    expect([level.onHand, level.journal.length]).toEqual([7, 1]);
  });

  it('holds what was made for a line that waited, and the line waits no more', () => {
    const level = end(reserve('a', 5, 0), { kind: 'make', key: 'a', orderId: 'or_a', quantity: 3, reference });
    expect([level.open, level.waiting, level.reserved]).toEqual([[{ key: 'a', orderId: 'or_a', quantity: 3 }], [], 3]);
  });

  it('has one id for each workspace, location and SKU', () => {
    expect(emptyLevel('ws', 'main', 'SKU')._id).toBe(levelId('ws', 'main', 'SKU'));
  });
});

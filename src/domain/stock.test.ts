import { describe, expect, it } from 'vitest';
import { applyStockOp, available, emptyLevel, levelId, type StockLevel, type StockOp } from './stock.ts';

// What holds for every sequence of operations is in test/laws/shelf.law.ts.

/** An operation without its id: the run numbers them, as each counts once. */
type Draft = StockOp extends infer O ? (O extends StockOp ? Omit<O, 'id'> : never) : never;

const reference = 'test';

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
  const end = (...drafts: Draft[]): StockLevel =>
    drafts.reduce(
      (level, draft, index) => applyStockOp(level, { ...draft, id: `op${index}` }, 1_000 + index).level,
      emptyLevel('ws', 'main', 'SKU'),
    );

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

import { describe, expect, it } from 'vitest';
import { systemActor } from './actor.ts';
import {
  allAsked,
  cancelOpen,
  checkShipment,
  countReceipt,
  countShipment,
  type Leg,
  type LegLine,
  type LegState,
  moveUnsent,
  newLeg,
  newLegLine,
  takeUnits,
  uncountShipment,
} from './leg.ts';

// What holds for every sequence of steps is in test/laws/leg.law.ts.

const by = { actor: systemActor('test'), atMs: 1_000 };

const line = (index: number, quantity: number): LegLine =>
  newLegLine({
    lineId: `l${index}`,
    externalId: `x${index}`,
    sku: `SKU-${index}`,
    title: '',
    quantity,
    totalMinor: 100 * quantity,
    externalSku: '',
    unitCost: '1.00',
    reservation: `l${index}`,
    ready: false,
  });

const legOf = (kind: Leg['kind'], orderId: string | null, quantities: readonly number[]): Leg =>
  newLeg({
    _id: 'lg_1',
    workspaceId: 'ws_1',
    kind,
    mode: 'wholesale',
    partner: '',
    location: '',
    currency: 'GBP',
    costCurrency: 'GBP',
    lines: quantities.map((quantity, index) => line(index, quantity)),
    dueAtMs: null,
    atMs: 0,
    shipTo: null,
    order: orderId === null ? null : { _id: orderId, number: '', connectionId: '', externalId: '', plan: 1 },
  });

/** The leg with what a guarded write would write of it. */
const written = (leg: Leg, changes: object | null): Leg => (changes ? Object.assign({}, leg, changes) : leg);
const shipped = (leg: Leg, reference: string, units: Units) => written(leg, countShipment(leg, reference, units, by));
const received = (leg: Leg, reference: string, units: Units) => written(leg, countReceipt(leg, reference, units, by));
const taken = (leg: Leg, id: string, lineId: string, quantity: number, left = true) =>
  written(leg, takeUnits(leg, { id, lineId, quantity, left }, by).patch);
const inState = (leg: Leg, state: LegState, dueAtMs: number | null = null): Leg =>
  Object.assign({}, leg, { state, dueAtMs });

type Units = readonly { lineId: string; quantity: number }[];

describe('a leg', () => {
  it('refuses a package that holds more of a line than is left, over all entries for that line, as a whole', () => {
    const start = inState(legOf('fulfilment', 'or_1', [2, 2]), 'accepted');
    const given = ['l0', 'l1', 'l1', 'l1'].map((id) => ({ lineId: id, quantity: 1 }));
    for (const refused of [checkShipment, () => countShipment(start, 'p1', given, by)])
      expect(() => refused(start, given)).toThrow('line l1 (SKU-1) has 2 left to ship, the package holds 3');
    expect(shipped(start, 'p1', given.slice(0, 3)).lines.map((l) => l.shipped)).toEqual([1, 2]);
  });

  it('refuses packages and goods of a line that it does not have, and takes nothing of one', () => {
    const start = legOf('work', 'or_1', [2]);
    const stranger = [{ lineId: 'l9', quantity: 1 }];
    expect(() => countShipment(start, 'p1', stranger, by)).toThrow('has no line l9');
    expect(() => countReceipt(start, 'r1', stranger, by)).toThrow('has no line l9');
    const nothing = { patch: null, here: { cancelled: 0, returned: 0, asked: 0 } };
    expect(takeUnits(start, { id: 'f1', lineId: 'l9', quantity: 1, left: true }, by)).toEqual(nothing);
  });

  it('cancels what has not left and takes back the rest; a supplier that was already sent it has to be asked', () => {
    const shelf = shipped(inState(legOf('fulfilment', 'or_1', [5]), 'accepted'), 'p1', [{ lineId: 'l0', quantity: 2 }]);
    const given = { id: 'f1', lineId: 'l0', quantity: 4, left: true };
    expect(takeUnits(shelf, given, by).here).toEqual({ cancelled: 3, returned: 1, asked: 0 });
    expect(takeUnits(shelf, { ...given, left: false }, by).here).toEqual({ cancelled: 3, returned: 0, asked: 0 });
    for (const state of ['submitted', 'unknown', 'accepted'] as const) {
      const sent = inState(legOf('purchase', 'or_1', [5]), state);
      expect(takeUnits(sent, given, by).here).toEqual({ cancelled: 0, returned: 0, asked: 4 });
    }
    for (const state of ['planned', 'awaiting', 'rejected'] as const) {
      const unsent = inState(legOf('purchase', 'or_1', [5]), state);
      expect(takeUnits(unsent, given, by).here).toEqual({ cancelled: 4, returned: 0, asked: 0 });
    }
  });

  it('knows when the supplier is to be asked for all that has not left, and counts it as cancelled by whom once it agrees', () => {
    const sent = inState(legOf('purchase', 'or_1', [2, 3]), 'accepted');
    const part = taken(taken(sent, 'f1', 'l0', 2), 'f2', 'l1', 1);
    expect([allAsked(sent), allAsked(part)]).toEqual([false, false]);
    const whole = taken(part, 'f3', 'l1', 2);
    expect(allAsked(whole)).toBe(true);
    const agreed = written(whole, cancelOpen(whole, { reason: 'as asked' }, by));
    expect(agreed).toMatchObject({ state: 'cancelled', reason: 'as asked' });
    expect(agreed.refunds.map(({ id, cancelled, asked }) => [id, cancelled, asked])).toEqual([
      ['f1', 2, 0],
      ['f2', 1, 0],
      ['f3', 2, 0],
    ]);
  });

  it('counts as come back what its supplier was asked for and ships all the same, and never as cancelled later', () => {
    const sent = inState(legOf('purchase', 'or_1', [5]), 'accepted');
    const asked = taken(taken(sent, 'f1', 'l0', 2), 'f2', 'l0', 3);
    const part = shipped(asked, 'p1', [{ lineId: 'l0', quantity: 3 }]);
    expect(part.lines[0]).toMatchObject({ shipped: 3, asked: 2, returned: 3, cancelled: 0 });
    const rest = written(part, cancelOpen(part, {}, by));
    expect(rest.state).toBe('shipped');
    expect(rest.lines[0]).toMatchObject({ shipped: 3, asked: 0, returned: 3, cancelled: 2 });
    expect(rest.refunds.map((r) => [r.cancelled, r.returned, r.asked])).toEqual([
      [0, 2, 0],
      [2, 1, 0],
    ]);
  });

  it('has nothing to ask of a supplier that does not hold it: what was to be asked for is cancelled', () => {
    const lost = inState(legOf('purchase', 'or_1', [5]), 'unknown', 7);
    const asked = taken(lost, 'f1', 'l0', 2);
    for (const to of ['planned', 'rejected'] as const) {
      const free = written(asked, moveUnsent(asked, to, { dueAtMs: 9 }, by));
      expect(free).toMatchObject({ state: to, dueAtMs: 9, refunds: [{ id: 'f1', cancelled: 2, asked: 0 }] });
      expect(free.lines[0]).toMatchObject({ cancelled: 2, asked: 0 });
      const whole = taken(asked, 'f2', 'l0', 3);
      expect(written(whole, moveUnsent(whole, to, { dueAtMs: 9 }, by))).toMatchObject({
        state: 'cancelled',
        dueAtMs: null,
      });
      // A new plan wanted it cancelled, and took no units off the order.
      const unwanted: Leg = Object.assign({}, lost, { cancel: 'wanted' });
      expect(written(unwanted, moveUnsent(unwanted, to, {}, by))).toMatchObject({ state: 'cancelled', dueAtMs: null });
      expect(written(lost, moveUnsent(lost, to, {}, by))).toMatchObject({ state: to, lines: lost.lines });
    }
  });

  it('does not send again what was refunded while it was packed and is voided afterwards', () => {
    const packed = shipped(inState(legOf('fulfilment', 'or_1', [3]), 'accepted'), 'p1', [
      { lineId: 'l0', quantity: 3 },
    ]);
    const refunded = taken(packed, 'f1', 'l0', 2);
    expect(refunded.lines[0]).toMatchObject({ shipped: 3, returned: 2, cancelled: 0 });
    const voided = written(refunded, uncountShipment(refunded, 'p1', [{ lineId: 'l0', quantity: 3 }], by));
    expect(voided.state).toBe('accepted');
    expect(voided.lines[0]).toMatchObject({ shipped: 0, returned: 0, cancelled: 2 });
    expect(voided.refunds).toEqual([{ id: 'f1', lineId: 'l0', cancelled: 2, returned: 0, asked: 0 }]);
    expect(() => checkShipment(voided, [{ lineId: 'l0', quantity: 2 }])).toThrow('1 left to ship');
  });

  it('is looked at no more when nothing of it is left to leave, and goes on being looked at until then', () => {
    const started = inState(legOf('fulfilment', 'or_1', [2, 3]), 'accepted', 7);
    const refunded = (from: Leg, id: string, quantity: number) => taken(from, `r_${id}`, id, quantity);
    const half = shipped(started, 'p1', [{ lineId: 'l0', quantity: 2 }]);
    expect([half.state, half.dueAtMs]).toEqual(['partly_shipped', 7]);
    const whole = shipped(half, 'p2', [{ lineId: 'l1', quantity: 3 }]);
    expect([whole.state, whole.dueAtMs]).toEqual(['shipped', null]);
    const rest = refunded(half, 'l1', 3);
    expect([rest.state, rest.dueAtMs]).toEqual(['shipped', null]);
    const none = refunded(refunded(started, 'l0', 2), 'l1', 3);
    expect([none.state, none.dueAtMs]).toEqual(['cancelled', null]);
  });

  it('holds a made line ready once all of it that is still wanted came in', () => {
    const start = inState(legOf('work', 'or_1', [3]), 'accepted');
    const part = received(start, 'r1', [{ lineId: 'l0', quantity: 2 }]);
    expect(part.lines[0]?.ready).toBe(false);
    expect(received(part, 'r2', [{ lineId: 'l0', quantity: 1 }]).lines[0]?.ready).toBe(true);
    const fewer = taken(start, 'f1', 'l0', 1);
    expect(received(fewer, 'r1', [{ lineId: 'l0', quantity: 2 }]).lines[0]?.ready).toBe(true);
  });

  it('leaves one event for each step and none for counts that change no state', () => {
    const start = inState(legOf('fulfilment', 'or_1', [3]), 'accepted');
    const one = shipped(start, 'p1', [{ lineId: 'l0', quantity: 1 }]);
    const two = shipped(one, 'p2', [{ lineId: 'l0', quantity: 1 }]);
    const three = shipped(two, 'p3', [{ lineId: 'l0', quantity: 1 }]);
    expect(three.news?.map(({ seq, type }) => [seq, type])).toEqual([
      [1, 'leg.partly_shipped'],
      [2, 'leg.shipped'],
    ]);
  });
});

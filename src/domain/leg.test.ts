import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFailure } from './failure.ts';
import {
  applyRefund,
  cannotBeStopped,
  countReceipt,
  countShipment,
  LEG_KINDS,
  type Leg,
  type LegLine,
  type LegState,
  legMachine,
  openUnits,
} from './leg.ts';

const line = (index: number, quantity: number): LegLine => ({
  lineId: `l${index}`,
  externalId: `x${index}`,
  sku: `SKU-${index}`,
  title: '',
  quantity,
  totalMinor: 100 * quantity,
  externalSku: '',
  unitCost: '1.00',
  weightGrams: 250,
  origin: 'CN',
  hsCode: '',
  ready: false,
  shipped: 0,
  cancelled: 0,
  returned: 0,
  received: 0,
});

const legOf = (kind: Leg['kind'], orderId: string | null, quantities: readonly number[]): Leg => ({
  _id: 'lg_1',
  workspaceId: 'ws_1',
  orderId,
  orderExternalId: '',
  shipTo: {
    name: 'Ada',
    company: '',
    line1: '1 Market Street',
    line2: '',
    city: 'Leeds',
    region: '',
    postalCode: 'LS1',
    country: 'GB',
    phone: '',
    email: '',
    made: false,
  },
  orderNumber: '',
  connectionId: '',
  kind,
  mode: 'wholesale',
  partner: '',
  location: '',
  currency: 'GBP',
  state: 'planned',
  version: 1,
  lines: quantities.map((quantity, index) => line(index, quantity)),
  refunds: [],
  counted: [],
  externalId: '',
  note: '',
  dueAtMs: null,
  createdAtMs: 0,
  updatedAtMs: 0,
});

/** What may come to a leg, in any order: packages, refunds, goods, and the states that its party reports. */
type Step =
  | { kind: 'ship' | 'receive'; reference: string; units: { lineId: string; quantity: number }[] }
  | { kind: 'refund'; id: string; lineId: string; quantity: number }
  | { kind: 'report'; state: LegState };

const lineId = fc.constantFrom('l0', 'l1', 'l2');
const quantity = fc.integer({ min: 1, max: 5 });
const units = fc.array(fc.record({ lineId, quantity }), { minLength: 1, maxLength: 3 });
const number = fc.integer({ min: 0, max: 5 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('ship'), reference: number.map((n) => `p${n}`), units }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('receive'), reference: number.map((n) => `r${n}`), units }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('refund'), id: number.map((n) => `f${n}`), lineId, quantity }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('report'),
      state: fc.constantFrom('awaiting', 'planned', 'submitted', 'unknown', 'accepted', 'rejected', 'delivered'),
    }),
  },
);

const leg = fc
  .record({
    kind: fc.constantFrom(...LEG_KINDS),
    orderId: fc.constantFrom('or_1', null),
    quantities: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 }),
  })
  .map(({ kind, orderId, quantities }) => legOf(kind, orderId, quantities));

const take = (current: Leg, what: Step): Leg => {
  switch (what.kind) {
    case 'ship':
      return countShipment(current, what.reference, what.units);
    case 'receive':
      return countReceipt(current, what.reference, what.units);
    case 'refund':
      return applyRefund(current, what).leg;
    case 'report':
      legMachine.check(current.state, what.state);
      return { ...current, state: what.state };
  }
};

/** The leg after each step that was taken; a refused one throws a Failure and is left out. */
const run = (start: Leg, steps: readonly Step[], look: (before: Leg, after: Leg, taken: Step) => void): Leg => {
  let current = start;
  for (const what of steps) {
    const before = structuredClone(current);
    let after = current;
    try {
      after = take(current, what);
    } catch (error) {
      if (!isFailure(error, 'conflict', 'invalid')) throw error;
    }
    // Nothing is changed in place: what a refused step leaves is what there was.
    expect(current).toEqual(before);
    if (after !== current) look(current, after, what);
    current = after;
  }
  return current;
};

const all = <T>(look: (before: Leg, after: Leg, taken: Step) => T) =>
  fc.assert(
    fc.property(leg, fc.array(step, { maxLength: 30 }), (start, steps) => {
      run(start, steps, look);
    }),
    { numRuns: 500 },
  );

describe('a leg, whatever the order in which packages, refunds, goods and news arrive', () => {
  it('never ships and cancels more of a line than was ordered, and takes back no more than was not cancelled', () => {
    all((_, after) => {
      for (const l of after.lines) {
        expect(Math.min(l.shipped, l.cancelled, l.returned, l.received, openUnits(l))).toBeGreaterThanOrEqual(0);
        expect(l.shipped + l.cancelled).toBeLessThanOrEqual(l.quantity);
        expect(l.returned).toBeLessThanOrEqual(l.quantity - l.cancelled);
        expect(l.received).toBeLessThanOrEqual(l.quantity);
      }
    });
  });

  it('counts on its lines exactly what its packages, refunds and receipts say, each reference once', () => {
    all((before, after, taken) => {
      expect(new Set(after.counted).size).toBe(after.counted.length);
      expect(new Set(after.refunds.map((r) => r.id)).size).toBe(after.refunds.length);
      for (const l of after.lines) {
        const was = before.lines.find((b) => b.lineId === l.lineId);
        const mine = after.refunds.filter((r) => r.lineId === l.lineId);
        expect(mine.reduce((sum, r) => sum + r.cancelled, 0)).toBe(l.cancelled);
        expect(mine.reduce((sum, r) => sum + r.returned, 0)).toBe(l.returned);
        const given =
          taken.kind === 'ship' || taken.kind === 'receive'
            ? taken.units.filter((u) => u.lineId === l.lineId).reduce((sum, u) => sum + u.quantity, 0)
            : 0;
        expect(l.shipped - (was?.shipped ?? 0)).toBe(taken.kind === 'ship' ? given : 0);
        expect(l.received - (was?.received ?? 0)).toBe(taken.kind === 'receive' ? given : 0);
      }
    });
  });

  it('splits a refund into cancelled and returned units, neither below zero, together no more than was refunded', () => {
    all((before, after, taken) => {
      if (taken.kind !== 'refund') return;
      const { cancelled, returned } = applyRefund(before, taken);
      expect(Math.min(cancelled, returned)).toBeGreaterThanOrEqual(0);
      expect(cancelled + returned).toBeLessThanOrEqual(taken.quantity);
      if (cannotBeStopped(before)) expect(cancelled).toBe(0);
      expect(after.refunds.at(-1)).toEqual({ id: taken.id, lineId: taken.lineId, cancelled, returned });
    });
  });

  it('is changed by a repetition of anything it has counted not at all, now or later', () => {
    fc.assert(
      fc.property(leg, fc.array(step, { maxLength: 30 }), (start, steps) => {
        const counted: Step[] = [];
        const end = run(start, steps, (_, after, taken) => {
          if (taken.kind !== 'report') counted.push(taken);
          if (taken.kind !== 'report') expect(take(after, taken)).toBe(after);
        });
        for (const again of counted) expect(take(end, again)).toBe(end);
      }),
      { numRuns: 300 },
    );
  });

  it('is in the state that its counts amount to', () => {
    all((before, after, taken) => {
      const active = after.lines.reduce((sum, l) => sum + l.quantity - l.cancelled, 0);
      const shipped = after.lines.reduce((sum, l) => sum + l.shipped, 0);
      if (taken.kind === 'ship' || taken.kind === 'refund') {
        if (active === 0) expect(after.state).toBe('cancelled');
        else if (shipped === active) expect(['shipped', 'delivered']).toContain(after.state);
        else if (shipped > 0) expect(after.state).toBe('partly_shipped');
        else expect(after.state).toBe(before.state);
      }
      if (taken.kind === 'receive') {
        const whole = after.orderId === null && after.lines.every((l) => l.received === l.quantity);
        expect(after.state).toBe(whole ? 'received' : before.state);
      }
      expect(legMachine.allows(before.state, after.state)).toBe(true);
    });
  });
});

describe('a leg', () => {
  it('refuses a package that holds more of a line than is left, over all entries for that line, as a whole', () => {
    const start = legOf('fulfilment', 'or_1', [2, 2]);
    const given = ['l0', 'l1', 'l1', 'l1'].map((id) => ({ lineId: id, quantity: 1 }));
    expect(() => countShipment(start, 'p1', given)).toThrow('line l1 (SKU-1) has 2 left to ship, the package holds 3');
    expect(countShipment(start, 'p1', given.slice(0, 3)).lines.map((l) => l.shipped)).toEqual([1, 2]);
  });

  it('refuses what names a line that it does not have: packages, refunds and goods alike', () => {
    const start = legOf('work', 'or_1', [2]);
    const stranger = [{ lineId: 'l9', quantity: 1 }];
    expect(() => countShipment(start, 'p1', stranger)).toThrow('has no line l9');
    expect(() => countReceipt(start, 'r1', stranger)).toThrow('has no line l9');
    expect(() => applyRefund(start, { id: 'f1', lineId: 'l9', quantity: 1 })).toThrow('has no line l9');
  });

  it('cancels what has not left and takes back the rest; what a supplier was already sent can only come back', () => {
    const shelf = countShipment(legOf('fulfilment', 'or_1', [5]), 'p1', [{ lineId: 'l0', quantity: 2 }]);
    expect(applyRefund(shelf, { id: 'f1', lineId: 'l0', quantity: 4 })).toMatchObject({ cancelled: 3, returned: 1 });
    const sent: Leg = { ...legOf('purchase', 'or_1', [5]), state: 'submitted' };
    expect(applyRefund(sent, { id: 'f1', lineId: 'l0', quantity: 4 })).toMatchObject({ cancelled: 0, returned: 4 });
  });

  it('cancels no unit that was refunded before its supplier refused it', () => {
    const sent: Leg = { ...legOf('purchase', 'or_1', [5]), state: 'accepted' };
    const { leg: refunded } = applyRefund(sent, { id: 'f1', lineId: 'l0', quantity: 3 });
    const refused: Leg = { ...refunded, state: 'rejected' };
    expect(applyRefund(refused, { id: 'f2', lineId: 'l0', quantity: 5 })).toMatchObject({ cancelled: 2, returned: 0 });
  });

  it('is looked at no more when nothing of it is left to leave, and goes on being looked at until then', () => {
    const started: Leg = { ...legOf('fulfilment', 'or_1', [2, 3]), state: 'accepted', dueAtMs: 7 };
    const refunded = (leg: Leg, lineId: string, quantity: number) =>
      applyRefund(leg, { id: `r_${lineId}`, lineId, quantity }).leg;
    const half = countShipment(started, 'p1', [{ lineId: 'l0', quantity: 2 }]);
    expect([half.state, half.dueAtMs]).toEqual(['partly_shipped', 7]);
    const whole = countShipment(half, 'p2', [{ lineId: 'l1', quantity: 3 }]);
    expect([whole.state, whole.dueAtMs]).toEqual(['shipped', null]);
    const rest = refunded(half, 'l1', 3);
    expect([rest.state, rest.dueAtMs]).toEqual(['shipped', null]);
    const none = refunded(refunded(started, 'l0', 2), 'l1', 3);
    expect([none.state, none.dueAtMs]).toEqual(['cancelled', null]);
  });

  it('holds a made line ready once all of it that is still wanted came in', () => {
    const start: Leg = { ...legOf('work', 'or_1', [3]), state: 'accepted' };
    const part = countReceipt(start, 'r1', [{ lineId: 'l0', quantity: 2 }]);
    expect(part.lines[0]?.ready).toBe(false);
    expect(countReceipt(part, 'r2', [{ lineId: 'l0', quantity: 1 }]).lines[0]?.ready).toBe(true);
    const { leg: fewer } = applyRefund(start, { id: 'f1', lineId: 'l0', quantity: 1 });
    expect(countReceipt(fewer, 'r1', [{ lineId: 'l0', quantity: 2 }]).lines[0]?.ready).toBe(true);
  });
});

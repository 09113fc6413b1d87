import fc from 'fast-check';
import { expect } from 'vitest';
import { systemActor } from '#domain/actor.ts';
import { isFailure } from '#domain/failure.ts';
import {
  cancelOpen,
  countReceipt,
  countShipment,
  LEG_KINDS,
  type Leg,
  type LegLine,
  type LegState,
  legMachine,
  moveLeg,
  moveUnsent,
  newLeg,
  newLegLine,
  openUnits,
  takeUnits,
  uncountShipment,
  wasSent,
} from '#domain/leg.ts';
import { defineLaw } from './law.ts';

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
const inState = (leg: Leg, state: LegState, dueAtMs: number | null = null): Leg =>
  Object.assign({}, leg, { state, dueAtMs });

type Units = readonly { lineId: string; quantity: number }[];

/** What may come to a leg, in any order: packages and their voiding, refunds and cancellations, goods, and what its party says. */
type Step =
  | { kind: 'ship' | 'receive'; reference: string; units: Units }
  | { kind: 'void'; reference: string }
  | { kind: 'take'; id: string; lineId: string; quantity: number; left: boolean }
  | { kind: 'cancelOpen' }
  | { kind: 'report'; state: LegState };

const lineId = fc.constantFrom('l0', 'l1', 'l2');
const quantity = fc.integer({ min: 1, max: 5 });
const units = fc.array(fc.record({ lineId, quantity }), { minLength: 1, maxLength: 3 });
const number = fc.integer({ min: 0, max: 5 });
const named = (letter: string) => number.map((n) => `${letter}${n % 4}`);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('ship'), reference: named('p'), units }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('receive'), reference: named('r'), units }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('void'), reference: named('p') }) },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('take'), id: named('f'), lineId, quantity, left: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancelOpen') }) },
  {
    weight: 3,
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
    state: fc.constantFrom<LegState>('planned', 'accepted'),
    dueAtMs: fc.constantFrom(null, 7),
  })
  .map(({ kind, orderId, quantities, state, dueAtMs }) => inState(legOf(kind, orderId, quantities), state, dueAtMs));

/** The packages that are on the leg now, as their own documents have them. */
type Packages = ReadonlyMap<string, Units>;

const take = (current: Leg, what: Step, packages: Packages): Leg => {
  switch (what.kind) {
    case 'ship':
      return shipped(current, what.reference, what.units);
    case 'receive':
      return received(current, what.reference, what.units);
    case 'void':
      return written(current, uncountShipment(current, what.reference, packages.get(what.reference) ?? [], by));
    case 'take':
      return written(current, takeUnits(current, what, by).patch);
    case 'cancelOpen':
      return written(current, cancelOpen(current, {}, by));
    case 'report':
      // That something has left is never unsaid by news: a package has to be voided.
      if (what.state === 'accepted' && current.lines.some((l) => l.shipped > 0)) return current;
      return written(
        current,
        what.state === 'planned' || what.state === 'rejected'
          ? moveUnsent(current, what.state, {}, by)
          : moveLeg(current, what.state, {}, by),
      );
  }
};

/** The leg after each step that was taken; a refused one throws a Failure and is left out. */
const run = (
  start: Leg,
  steps: readonly Step[],
  look: (before: Leg, after: Leg, what: Step, packages: Packages) => void,
): { end: Leg; packages: Packages } => {
  let current = start;
  const packages = new Map<string, Units>();
  for (const what of steps) {
    const before = structuredClone(current);
    let after = current;
    try {
      after = take(current, what, packages);
    } catch (error) {
      if (!isFailure(error, 'conflict', 'invalid')) throw error;
    }
    // Nothing is changed in place: what a refused step leaves is what there was.
    expect(current).toEqual(before);
    if (after !== current) {
      if (what.kind === 'ship') packages.set(what.reference, what.units);
      look(current, after, what, packages);
      if (what.kind === 'void') packages.delete(what.reference);
    }
    current = after;
  }
  return { end: current, packages };
};

/** A leg and what came to it, looked at after each step. */
const everyStep = (look: (before: Leg, after: Leg, what: Step, packages: Packages) => void) => () =>
  fc.property(leg, fc.array(step, { maxLength: 30 }), (start, steps) => {
    run(start, steps, look);
  });

const sumOf = (given: Units, id: string) =>
  given.reduce((sum, unit) => sum + (unit.lineId === id ? unit.quantity : 0), 0);

/** What holds for a leg whatever comes to it. */
export const legLaws = [
  defineLaw({
    name: 'leg-never-more-than-there-is',
    title:
      'a leg never ships, cancels, asks for or takes back more of a line than there is, in whatever order packages, voids, refunds, goods and news arrive',
    property: everyStep((_, after) => {
      for (const l of after.lines) {
        expect(Math.min(l.shipped, l.cancelled, l.returned, l.asked, l.received, openUnits(l))).toBeGreaterThanOrEqual(
          0,
        );
        expect(l.shipped).toBeLessThanOrEqual(l.quantity - l.cancelled);
        expect(l.asked).toBeLessThanOrEqual(openUnits(l));
        // Only what has left can come back, and each unit is taken one way.
        expect(l.returned).toBeLessThanOrEqual(l.shipped);
        expect(l.cancelled + l.returned + l.asked).toBeLessThanOrEqual(l.quantity);
        expect(l.received).toBeLessThanOrEqual(l.quantity);
      }
    }),
  }),
  defineLaw({
    name: 'leg-counts-what-packages-say',
    title:
      'a leg counts on its lines exactly what its packages and receipts say, each reference once, in whatever order packages, voids, refunds, goods and news arrive',
    property: everyStep((before, after, what, packages) => {
      expect(new Set(after.counted).size).toBe(after.counted.length);
      for (const l of after.lines) {
        const was = before.lines.find((b) => b.lineId === l.lineId) ?? expect.fail('a line is new');
        const given = what.kind === 'ship' || what.kind === 'receive' ? sumOf(what.units, l.lineId) : 0;
        const gone = what.kind === 'void' ? sumOf(packages.get(what.reference) ?? [], l.lineId) : 0;
        expect(l.shipped - was.shipped).toBe((what.kind === 'ship' ? given : 0) - gone);
        expect(l.received - was.received).toBe(what.kind === 'receive' ? given : 0);
      }
    }),
  }),
  defineLaw({
    name: 'leg-says-what-was-taken',
    title:
      'a leg says of every unit that it took off by which id, and how it went in the end, in whatever order packages, voids, refunds, goods and news arrive',
    property: everyStep((before, after, what) => {
      expect(new Set(after.refunds.map((r) => r.id)).size).toBe(after.refunds.length);
      for (const l of after.lines) {
        const mine = after.refunds.filter((r) => r.lineId === l.lineId);
        expect(mine.reduce((sum, r) => sum + r.asked, 0)).toBe(l.asked);
        expect(mine.reduce((sum, r) => sum + r.returned, 0)).toBe(l.returned);
        // A supplier, or a new plan, may cancel what no refund names.
        expect(mine.reduce((sum, r) => sum + r.cancelled, 0)).toBeLessThanOrEqual(l.cancelled);
      }
      // No later step makes an id take more or fewer units than when it came.
      for (const r of after.refunds) {
        const was = before.refunds.find((old) => old.id === r.id);
        if (was) expect(r.cancelled + r.returned + r.asked).toBe(was.cancelled + was.returned + was.asked);
        else expect(what).toMatchObject({ kind: 'take', id: r.id });
      }
    }),
  }),
  defineLaw({
    name: 'leg-takes-no-more-than-asked',
    title:
      'a leg takes no more than is asked of it, cancels only what was not sent, and leaves what has left where it may not be touched, in whatever order packages, voids, refunds, goods and news arrive',
    property: everyStep((before, after, what) => {
      if (what.kind !== 'take') return;
      const { here } = takeUnits(before, what, by);
      const wasOf = before.lines.find((l) => l.lineId === what.lineId) ?? expect.fail('a stranger was taken');
      expect(Math.min(here.cancelled, here.returned, here.asked)).toBeGreaterThanOrEqual(0);
      expect(here.cancelled + here.returned + here.asked).toBeLessThanOrEqual(what.quantity);
      if (before.kind === 'purchase' && wasSent(before)) expect(here.cancelled).toBe(0);
      else expect(here.asked).toBe(0);
      if (!what.left) expect(here.returned).toBe(0);
      // What is open goes first: nothing comes back while something could still be stopped.
      if (here.returned > 0) expect(here.cancelled + here.asked).toBe(openUnits(wasOf) - wasOf.asked);
      expect(after.refunds.at(-1)).toEqual({ id: what.id, lineId: what.lineId, ...here });
    }),
  }),
  defineLaw({
    name: 'leg-repetition-changes-nothing',
    title:
      'a leg is changed by a repetition of anything it has counted not at all, now or later, in whatever order packages, voids, refunds, goods and news arrive',
    property: () =>
      fc.property(leg, fc.array(step, { maxLength: 30 }), (start, steps) => {
        const counted: Step[] = [];
        const { end, packages } = run(start, steps, (_, after, what, now) => {
          if (what.kind === 'report' || what.kind === 'cancelOpen') return;
          expect(take(after, what, now)).toBe(after);
          if (what.kind !== 'void') counted.push(what);
        });
        // A package that was voided is none any more; everything else stays known.
        for (const again of counted)
          if (again.kind !== 'ship' || packages.has(again.reference)) expect(take(end, again, packages)).toBe(end);
      }),
  }),
  defineLaw({
    name: 'leg-state-follows-counts',
    title:
      'a leg is in the state that its counts amount to, by a step of its own table, and is looked at no more when it is over, in whatever order packages, voids, refunds, goods and news arrive',
    property: everyStep((before, after, what) => {
      const active = after.lines.reduce((sum, l) => sum + l.quantity - l.cancelled, 0);
      const left = after.lines.reduce((sum, l) => sum + l.shipped, 0);
      expect(legMachine(after).allows(before.state, after.state)).toBe(true);
      if (what.kind === 'report')
        return expect(after.state === 'cancelled' && active === 0 ? what.state : after.state).toBe(what.state);
      if (what.kind === 'receive') {
        const whole = after.orderId === null && after.lines.every((l) => l.received === l.quantity);
        return expect(after.state).toBe(whole ? 'received' : before.state);
      }
      if (active === 0) expect(after.state).toBe('cancelled');
      else if (left === active) expect(['shipped', 'delivered']).toContain(after.state);
      else if (left > 0) expect(after.state).toBe('partly_shipped');
      else expect(after.state).toBe(what.kind === 'void' ? 'accepted' : before.state);
      if (active === 0 || left === active) expect([after.dueAtMs, after.waitsFor]).toEqual([null, null]);
    }),
  }),
  defineLaw({
    name: 'leg-cancelled-leaves-nothing-open',
    title:
      'a leg has nothing open once what has not left is cancelled, in whatever order packages, voids, refunds, goods and news arrive',
    property: () =>
      fc.property(leg, fc.array(step, { maxLength: 30 }), (start, steps) => {
        const { end, packages } = run(start, steps, () => {});
        if (!legMachine(end).allows(end.state, 'cancelled') && end.lines.some((l) => openUnits(l) > 0)) return;
        const over = take(end, { kind: 'cancelOpen' }, packages);
        for (const l of over.lines)
          expect([openUnits(l), l.asked, l.shipped]).toEqual([
            0,
            0,
            sumOf(
              end.lines.map(({ lineId: id, shipped: n }) => ({ lineId: id, quantity: n })),
              l.lineId,
            ),
          ]);
      }),
  }),
];

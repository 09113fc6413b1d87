import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemActor } from './actor.ts';
import { incomingOrderId } from './ids.ts';
import type { IncomingLine, IncomingOrder, IncomingRefund } from './incoming-order.ts';
import { linesToShip, wantedUnits } from './may-proceed.ts';
import {
  asksForPlan,
  type Fetched,
  firstRead,
  newerOf,
  newOrder,
  observeOrder,
  orderLineIdOf,
  refundLineIdOf,
} from './observe-order.ts';
import { Offer } from './offer.ts';
import { MOST_VERSIONS, type Order, type Taken } from './order.ts';

const NOW = Date.UTC(2026, 10, 1, 10, 5);
const shop = { _id: 'cn_shop', workspaceId: 'ws', fulfilFromMs: 0 };
const by = systemActor('test');
const fetched: Fetched = { sentAtMs: NOW - 2_000, answeredAtMs: NOW - 1_000 };

const lineIn = (changes: Partial<IncomingLine> = {}): IncomingLine => ({
  externalId: '1',
  externalVariantId: null,
  sku: 'A',
  title: 'Thing',
  quantity: 5,
  currentQuantity: changes.quantity ?? 5,
  fulfilledQuantity: 0,
  requiresShipping: true,
  unitPrice: '10.00',
  totalMinor: 5_000,
  ...changes,
});
const refundIn = (id: string, quantity: number, lineExternalId = '1'): IncomingRefund => ({
  externalId: id,
  createdAt: '2026-11-01T10:01:00Z',
  note: '',
  totalMinor: 100 * quantity,
  lines: [{ lineExternalId, quantity, totalMinor: 100 * quantity, restock: false }],
});
const incomingOf = (changes: Partial<IncomingOrder> = {}): IncomingOrder => ({
  externalId: '100',
  number: '100',
  placedAt: '2026-11-01T10:00:00Z',
  updatedAt: '2026-11-01T10:00:00Z',
  currency: 'EUR',
  payment: { state: 'paid', method: 'bacs', paidMinor: 5_000, paidAt: '2026-11-01T10:00:00Z' },
  rawStatus: 'processing',
  cancelledAt: null,
  buyer: { externalId: null, name: 'Ana Example', email: '' },
  test: false,
  risk: 'none',
  shipTo: null,
  billTo: null,
  lines: [lineIn()],
  charges: [],
  refunds: [],
  totalMinor: 5_000,
  note: '',
  ...changes,
});

const NOWHERE = {
  name: 'Ana',
  company: '',
  line1: '',
  line2: '',
  city: 'Porto',
  region: '',
  postalCode: '4000',
  country: 'PT',
  phone: '',
  email: '',
};
const orderId = incomingOrderId('ws', 'cn_shop', '100');
const lineId = orderLineIdOf(orderId, '1');
const refundLineId = (refund: IncomingRefund, line: string) => refundLineIdOf(orderId, refund.externalId, line);
const first = (changes: Partial<IncomingOrder> = {}) =>
  newOrder(shop, incomingOf(changes), { fetched, refundLineId, nowMs: NOW, graceMs: 30_000 });
const observe = (order: Order, changes: Partial<IncomingOrder>, shipped: (id: string) => number = () => 0) => {
  const seen = observeOrder(order, incomingOf(changes), {
    fetched: { sentAtMs: NOW + 1_000, answeredAtMs: NOW + 2_000 },
    refundLineId,
    shipped,
    by,
    nowMs: NOW + 2_000,
    source: 'storefront',
  });
  // What a guarded write counts up.
  return { ...seen, order: { ...seen.order, version: order.version + 1 } };
};
const told = (taken: readonly Taken[]) => taken.map(({ why, lineId: of, quantity }) => [why, of, quantity]);
const wanted = (order: Order, externalId = '1') => {
  const line = order.lines.find((each) => each.externalId === externalId) ?? expect.fail(`no line ${externalId}`);
  return wantedUnits(order, line);
};

describe('which of two observations is the newer', () => {
  const stored = { seenUpdatedAt: '2026-11-01T10:00:00.400Z', fetchedAtMs: 1_000, answeredAtMs: 2_000 };

  it('goes by the time of the shop where that differs by a second, however the requests went', () => {
    fc.assert(
      fc.property(fc.integer({ min: -100, max: 100 }), fc.nat(5_000), fc.nat(5_000), (seconds, sentAtMs, took) => {
        fc.pre(seconds !== 0);
        const updatedAt = new Date(Date.parse('2026-11-01T10:00:00Z') + seconds * 1_000).toISOString();
        expect(newerOf(stored, { updatedAt }, { sentAtMs, answeredAtMs: sentAtMs + took })).toBe(
          seconds > 0 ? 'incoming' : 'stored',
        );
      }),
    );
  });

  it.each([
    ['sent when the other was answered', 2_000, 3_000, 'incoming'],
    ['sent long after', 9_000, 9_500, 'incoming'],
    ['answered before the other was sent', 200, 1_000, 'stored'],
    ['overlapping its start', 500, 1_500, 'unclear'],
    ['overlapping its end', 1_500, 2_500, 'unclear'],
    ['inside it', 1_200, 1_800, 'unclear'],
    ['around it', 500, 2_500, 'unclear'],
  ] as const)('within one second a request %s (%i to %i) is %s', (_, sentAtMs, answeredAtMs, newer) => {
    // A shop that gives whole seconds and one that gives fractions say the same.
    for (const updatedAt of ['2026-11-01T10:00:00Z', '2026-11-01T10:00:00.999Z'])
      expect(newerOf(stored, { updatedAt }, { sentAtMs, answeredAtMs })).toBe(newer);
  });
});

describe('an order that is seen for the first time', () => {
  it('is received, with every unit wanted and nothing taken', () => {
    const order = first();
    expect(order).toMatchObject({ state: 'received', taken: [], version: 1, refundedMinor: 0, dueAtMs: NOW + 30_000 });
    expect([order.fetchedAtMs, order.answeredAtMs]).toEqual([fetched.sentAtMs, fetched.answeredAtMs]);
    expect(wanted(order)).toBe(5);
  });

  it('that was cancelled is cancelled, closed, and looked at by nobody', () => {
    expect(first({ cancelledAt: '2026-11-01T10:00:00Z', refunds: [refundIn('r1', 5)] })).toMatchObject({
      state: 'cancelled',
      closedAtMs: NOW,
      dueAtMs: null,
      taken: [{ why: 'refund', quantity: 5, settled: true }],
    });
  });

  it('that was refunded in part wants what is left', () => {
    const order = first({ refunds: [refundIn('r1', 2), refundIn('r2', 1)] });
    expect(told(order.taken)).toEqual([
      ['refund', lineId, 2],
      ['refund', lineId, 1],
    ]);
    expect(order.taken.every(({ settled }) => !settled)).toBe(true);
    expect([wanted(order), order.refundedMinor]).toEqual([2, 300]);
  });

  it('that was fulfilled in part wants the rest, and that was fulfilled whole wants nothing', () => {
    const part = first({ lines: [lineIn({ fulfilledQuantity: 3 })] });
    expect([told(part.taken), wanted(part)]).toEqual([[['elsewhere', lineId, 3]], 2]);
    const whole = first({ lines: [lineIn({ fulfilledQuantity: 5 })] });
    expect(linesToShip(whole)).toEqual([]);
    // Shipped and then refunded: those units are gone once, not twice.
    const back = first({ lines: [lineIn({ fulfilledQuantity: 5 })], refunds: [refundIn('r1', 2)] });
    expect([told(back.taken), wanted(back)]).toEqual([
      [
        ['refund', lineId, 2],
        ['elsewhere', lineId, 3],
      ],
      0,
    ]);
  });

  it('that was edited before wants the units of now', () => {
    const order = first({ lines: [lineIn({ quantity: 2, currentQuantity: 1 })] });
    expect([order.taken, wanted(order)]).toEqual([[], 1]);
  });

  it('that was placed before the connection was made is history', () => {
    const late = newOrder({ ...shop, fulfilFromMs: NOW }, incomingOf(), {
      fetched,
      refundLineId,
      nowMs: NOW,
      graceMs: 0,
    });
    expect(late.historical).toBe(true);
  });
});

describe('a later observation', () => {
  it('that says the same changes nothing, and leaves no version', () => {
    const order = first({ refunds: [refundIn('r1', 1)] });
    const again = observe(order, { refunds: [refundIn('r1', 1)] });
    expect([again.changes, again.taken, again.order.versions]).toEqual([[], [], []]);
    expect(again.order.taken).toBe(order.taken);
    expect(again.order.fetchedAtMs).toBe(NOW + 1_000);
  });

  it('is a version that names each field with what it was and is, lines one by one', () => {
    const order = first({ lines: [lineIn(), lineIn({ externalId: '2', sku: 'B' })] });
    const { changes, order: next } = observe(order, {
      updatedAt: '2026-11-01T11:00:00Z',
      note: 'Ring twice',
      rawStatus: 'on-hold',
      lines: [lineIn(), lineIn({ externalId: '2', sku: 'B', title: 'Other thing' })],
    });
    expect(changes).toEqual([
      { field: 'rawStatus', from: 'processing', to: 'on-hold' },
      { field: 'note', from: '', to: 'Ring twice' },
      { field: 'lines.2', from: { title: 'Thing' }, to: { title: 'Other thing' } },
    ]);
    expect(next.versions).toEqual([
      { number: 2, atMs: NOW + 2_000, source: 'storefront', updatedAt: '2026-11-01T11:00:00Z', by, changes },
    ]);
    expect(next.seenUpdatedAt).toBe('2026-11-01T11:00:00Z');
    // The offer that we have mapped is no word of the shop's: to map it differs from nothing.
    const offer = Offer.parse({
      sku: 'A',
      mode: 'wholesale',
      partner: 'p',
      location: 'l',
      unitCost: '1',
      currency: 'EUR',
    });
    const mapped = { ...order, lines: order.lines.map((line) => ({ ...line, offer })) };
    const again = observe(mapped, { lines: [lineIn(), lineIn({ externalId: '2', sku: 'B' })] });
    expect([again.changes, again.order.lines.map((line) => line.offer)]).toEqual([[], [offer, offer]]);
  });

  it.each([
    [
      'our own packages, told to the shop',
      { rawStatus: 'completed', lines: [lineIn({ fulfilledQuantity: 5 })] },
      5,
      false,
    ],
    ['units that somebody else has sent', { lines: [lineIn({ fulfilledQuantity: 5 })] }, 3, true],
    ['a unit less', { lines: [lineIn({ currentQuantity: 4, fulfilledQuantity: 3 })] }, 3, true],
    ['another address', { shipTo: { ...NOWHERE, line1: 'New Road 1' } }, 0, true],
    ['a note', { note: 'Ring twice' }, 0, false],
    ['a line more', { lines: [lineIn(), lineIn({ externalId: '2' })] }, 0, true],
  ] satisfies [string, Partial<IncomingOrder>, number, boolean][])(
    'that shows %s asks for a look at the plan where it may change it',
    (_, changes, ours, expected) => {
      const seen = observe(first(), changes, () => ours);
      expect(seen.changes).not.toEqual([]);
      expect(asksForPlan(seen.order, seen.changes)).toBe(expected);
      // A hold may end with the last unit that is told of.
      const held = { ...seen.order, holds: [{ code: 'manual' }] as Order['holds'] };
      expect(asksForPlan(held, seen.changes)).toBe(expected || 'lines' in changes);
    },
  );

  it('keeps the newest versions and counts on', () => {
    let order = first();
    for (let n = 0; n < MOST_VERSIONS + 5; n += 1) ({ order } = observe(order, { note: `note ${n}` }));
    expect([order.versions.length, order.versions.at(-1)?.number]).toEqual([MOST_VERSIONS, MOST_VERSIONS + 6]);
  });

  it('leaves the address that a person has given here, and takes over any other', () => {
    const street = (line1: string): Order['shipTo'] => ({
      name: 'Ana',
      company: '',
      line1,
      line2: '',
      city: 'Town',
      region: '',
      postalCode: '',
      country: 'DE',
      phone: '',
      email: '',
      made: false,
    });
    const order = first({ shipTo: street('Old') });
    expect(observe(order, { shipTo: street('New') }).order.shipTo?.line1).toBe('New');
    const ours = { ...order, shipTo: street('Ours'), addressBy: by };
    expect(observe(ours, { shipTo: street('New') })).toMatchObject({
      changes: [],
      order: { shipTo: { line1: 'Ours' } },
    });
  });

  it('of an edit takes the units off, puts them on again, and takes them off a second time', () => {
    const quantities = [5, 3, 4, 2, 5, 0];
    let order = first();
    const removed: number[] = [];
    for (const currentQuantity of quantities.slice(1)) {
      const seen = observe(order, { lines: [lineIn({ currentQuantity })] });
      ({ order } = seen);
      removed.push(seen.taken.reduce((sum, { quantity }) => sum + quantity, 0));
      expect(wanted(order)).toBe(currentQuantity);
    }
    expect(removed).toEqual([2, 0, 2, 0, 5]);
    expect(new Set(order.taken.map(({ id }) => id)).size).toBe(order.taken.length);
  });

  it('in which a line is missing takes it off and remembers it', () => {
    const order = first({ lines: [lineIn(), lineIn({ externalId: '2', sku: 'B' })] });
    const { taken, order: next } = observe(order, { lines: [lineIn()] });
    expect(told(taken)).toEqual([['edit', orderLineIdOf(order._id, '2'), 5]]);
    expect([wanted(next), wanted(next, '2')]).toEqual([5, 0]);
    expect(observe(next, { lines: [lineIn()] }).taken).toEqual([]);
  });

  it('counts each line of a refund once, in whatever order and how often they are told; of unknown lines only the money', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 }),
        fc.array(fc.nat(4), { minLength: 1, maxLength: 8 }),
        (ids, prefixes) => {
          let order = first();
          let most = 0;
          for (const prefix of prefixes) {
            const refunds = ids.slice(0, prefix).map((id) => refundIn(`r${id}`, 1));
            ({ order } = observe(order, { refunds: [...refunds].reverse() }));
            most = Math.max(most, refunds.length);
            expect(order.refundedMinor).toBe(refunds.length * 100);
          }
          expect(order.taken.length).toBe(most);
          expect(wanted(order)).toBe(5 - most);
        },
      ),
    );
    const stranger = observe(first(), { refunds: [refundIn('r1', 2, 'unknown'), refundIn('r2', 0)] });
    expect([stranger.taken, stranger.order.refundedMinor]).toEqual([[], 200]);
  });

  it('of units fulfilled elsewhere never takes more than is open, and never those of our own packages', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ pack: fc.nat(2), fulfil: fc.nat(2), refund: fc.boolean(), tell: fc.boolean() }), {
          maxLength: 6,
        }),
        (events) => {
          let order = first();
          let [ours, toldOfOurs, others] = [0, 0, 0];
          const refunds: IncomingRefund[] = [];
          for (const { pack, fulfil, refund, tell } of events) {
            // We pack what is still wanted, and the shop hears of it now or later; somebody there ships as well.
            ours += Math.min(pack, wanted(order) - ours);
            if (tell) toldOfOurs = ours;
            others += Math.min(fulfil, Math.max(0, 5 - toldOfOurs - others));
            if (refund && refunds.length < 5) refunds.push(refundIn(`r${refunds.length}`, 1));
            const seen = observe(
              order,
              { refunds: [...refunds], lines: [lineIn({ fulfilledQuantity: toldOfOurs + others })] },
              () => ours,
            );
            ({ order } = seen);
            const elsewhere = order.taken.reduce((sum, t) => sum + (t.why === 'elsewhere' ? t.quantity : 0), 0);
            // Only units that somebody else has shipped.
            expect(elsewhere).toBeLessThanOrEqual(others);
            expect(wanted(order)).toBeGreaterThanOrEqual(0);
            if (seen.taken.some(({ why }) => why === 'elsewhere')) expect(wanted(order)).toBeGreaterThanOrEqual(ours);
            expect(seen.taken.every(({ quantity }) => quantity > 0)).toBe(true);
          }
          expect(new Set(order.taken.map(({ id }) => id)).size).toBe(order.taken.length);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('that the shop shows our own package as fulfilled takes nothing', () => {
    const seen = observe(first(), { lines: [lineIn({ fulfilledQuantity: 3 })] }, () => 3);
    expect([seen.taken, wanted(seen.order)]).toEqual([[], 5]);
  });
});

describe('what a later version reads of an order for the first time', () => {
  const facts = {
    taxIds: [],
    poNumber: '',
    tags: ['gift'],
    shippingMethod: '',
    attributes: [],
    shopMoney: null,
  };
  const ofLine = { discountMinor: 0, taxMinor: 100, attributes: [] };
  const hold = { externalId: 'h', reason: 'OTHER', note: '', untilAt: null };
  const said = { facts, fulfilments: [], shopHolds: [], lines: [lineIn({ facts: ofLine })] };

  it('is no change and is all kept; what was read before is not read for the first time', () => {
    const order = first();
    const seen = observe(order, said);
    expect(seen.changes).toEqual([]);
    const { lines, ...rest } = firstRead(order, seen.order);
    expect(rest).toEqual({ facts, fulfilments: [], shopHolds: [] });
    expect(lines?.map((line) => line.facts)).toEqual([ofLine]);
    expect(firstRead(seen.order, observe(seen.order, said).order)).toEqual({});
    expect(firstRead(order, observe(order, {}).order)).toEqual({});
  });

  it('is news where the shop holds the order', () => {
    const seen = observe(first(), { ...said, shopHolds: [hold] });
    expect(seen.changes).toEqual([{ field: 'shopHolds', from: null, to: [hold] }]);
    expect(asksForPlan(seen.order, seen.changes)).toBe(true);
  });
});

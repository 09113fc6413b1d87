import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemActor } from './actor.ts';
import type { Address } from './address.ts';
import { DEFAULT_ORDER_RULES, HOLDS, type Hold, type HoldCode, OrderRules, type PaymentRule } from './hold.ts';
import { PAYMENT_STATES } from './incoming-order.ts';
import {
  factOf,
  holdsOf,
  isPaidEnough,
  keepsUnitsUntil,
  linesToShip,
  mayProceed,
  missingIn,
  wantedUnits,
} from './may-proceed.ts';
import { newOrder } from './observe-order.ts';
import type { Order } from './order.ts';

const by = systemActor('test');

/** A paid order of one line with a whole address. */
const sampleOrder = (number: string, changes: Partial<Order> = {}): Order =>
  Object.assign(
    newOrder(
      { _id: 'cn_shop', workspaceId: 'ws', fulfilFromMs: 0 },
      {
        externalId: number,
        number,
        placedAt: '2026-11-01T10:00:00Z',
        updatedAt: '2026-11-01T10:00:00Z',
        currency: 'EUR',
        payment: { state: 'paid', method: '', paidMinor: 2_000, paidAt: null },
        rawStatus: 'processing',
        cancelledAt: null,
        buyer: { externalId: null, name: 'Ana Example', email: '' },
        test: false,
        risk: 'none',
        shipTo: {
          name: 'Ana Example',
          company: '',
          line1: 'Street 1',
          line2: '',
          city: 'Town',
          region: '',
          postalCode: '10115',
          country: 'DE',
          phone: '',
          email: '',
          made: false,
        },
        billTo: null,
        lines: [
          {
            externalId: '1',
            externalVariantId: null,
            sku: 'A',
            title: '',
            quantity: 2,
            currentQuantity: 2,
            fulfilledQuantity: 0,
            requiresShipping: true,
            unitPrice: '10.00',
            totalMinor: 2_000,
          },
        ],
        charges: [],
        refunds: [],
        totalMinor: 2_000,
        note: '',
      },
      { fetched: { sentAtMs: 0, answeredAtMs: 0 }, refundLineId: () => '', nowMs: 0, graceMs: 0 },
    ),
    changes,
  );
const NOW = 1_000_000;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

type PaymentState = (typeof PAYMENT_STATES)[number];
const paying = (state: PaymentState, method = ''): Order['payment'] => ({
  state,
  method,
  paidMinor: null,
  paidAt: null,
});
const codesOf = (order: Order, rules = DEFAULT_ORDER_RULES) => holdsOf(order, rules, by, NOW).map(({ code }) => code);
const rulesWith = (given: object): OrderRules => OrderRules.parse(given);
const lineOf = (order: Order) => order.lines[0] ?? expect.fail('the order has no line');

describe('the payment rule of a connection', () => {
  /** By rule, which payment states ship: of a method that the rule of methods names, and of one that it does not. */
  const RULES: readonly (readonly [PaymentRule, readonly PaymentState[], readonly PaymentState[]])[] = [
    [{ kind: 'paid' }, ['paid', 'partly_refunded'], ['paid', 'partly_refunded']],
    [{ kind: 'authorised' }, ['authorised', 'paid', 'partly_refunded'], ['authorised', 'paid', 'partly_refunded']],
    [
      { kind: 'methods', methods: ['cod', 'bacs'] },
      ['pending', 'authorised', 'partly_paid', 'paid', 'partly_refunded', 'unknown'],
      ['paid', 'partly_refunded'],
    ],
    [
      { kind: 'always' },
      ['pending', 'authorised', 'partly_paid', 'paid', 'partly_refunded', 'unknown'],
      ['pending', 'authorised', 'partly_paid', 'paid', 'partly_refunded', 'unknown'],
    ],
  ];

  it.each(RULES)('$kind ships exactly the payment states of its row and holds every other', (rule, named, other) => {
    const ships = (method: string) => PAYMENT_STATES.filter((state) => isPaidEnough(paying(state, method), rule));
    expect([ships('cod'), ships('stripe'), ships('')]).toEqual([named, other, other]);
    for (const state of PAYMENT_STATES)
      for (const [method, table] of [
        ['cod', named],
        ['stripe', other],
      ] as const)
        expect(codesOf(sampleOrder('1', { payment: paying(state, method) }), rulesWith({ payment: rule }))).toEqual(
          table.includes(state) ? [] : ['payment'],
        );
  });

  it('is `paid` for a connection that says nothing', () => {
    expect(DEFAULT_ORDER_RULES.payment).toEqual({ kind: 'paid' });
  });

  it('has its hold released by a person for the state and method as they stood, and for no other', () => {
    for (const state of PAYMENT_STATES) {
      const order = sampleOrder('1', { payment: paying(state, 'bacs') });
      const released = { code: 'payment' as const, of: factOf(order, 'payment'), by, atMs: NOW, note: '' };
      const agreed = { ...order, released: [released] };
      // No person lets ship what was paid back, voided or has run out.
      const goes = !['refunded', 'voided', 'expired'].includes(state);
      expect([state, codesOf(agreed)]).toEqual([state, goes ? [] : ['payment']]);
      for (const newer of PAYMENT_STATES.filter(
        (other) => other !== state && !isPaidEnough(paying(other), { kind: 'paid' }),
      ))
        expect(codesOf({ ...agreed, payment: paying(newer, 'bacs') })).toEqual(['payment']);
      if (!isPaidEnough(order.payment, { kind: 'paid' }))
        expect(codesOf({ ...agreed, payment: paying(state, 'cheque') })).toEqual(['payment']);
    }
  });
});

describe('what keeps an order from going on', () => {
  it.each([
    ['none', true, []],
    ['low', true, []],
    ['investigate', true, ['fraud']],
    ['cancel', true, ['fraud']],
    ['investigate', false, []],
    ['cancel', false, []],
  ] as const)('advice %s, held on risk: %s → %j', (risk, holdOnRisk, codes) => {
    expect(codesOf(sampleOrder('1', { risk }), rulesWith({ holdOnRisk }))).toEqual(codes);
  });

  it('advice that got worse is not covered by the release of what it was', () => {
    const order = sampleOrder('1', { risk: 'investigate' });
    const agreed = { ...order, released: [{ code: 'fraud' as const, of: 'investigate', by, atMs: NOW, note: '' }] };
    expect(codesOf(agreed)).toEqual([]);
    expect(codesOf({ ...agreed, risk: 'cancel' })).toEqual(['fraud']);
  });

  const shopHold = (externalId: string, changes = {}) => ({
    externalId,
    reason: 'OTHER',
    note: '',
    untilAt: null,
    ...changes,
  });
  it('what the shop holds is held in the shop’s words while the shop does, and nothing that has left', () => {
    const shopHolds = [
      shopHold('h1', { reason: 'INCORRECT_ADDRESS', note: 'no such street' }),
      shopHold('h2', { reason: 'SCHEDULED', untilAt: '2026-12-24T00:00:00Z' }),
    ];
    const order = sampleOrder('1', { shopHolds });
    expect(holdsOf(order, DEFAULT_ORDER_RULES, by, NOW)).toMatchObject([
      {
        code: 'shop',
        note: 'The shop holds it: INCORRECT_ADDRESS (no such street); SCHEDULED until 2026-12-24T00:00:00Z.',
      },
    ]);
    const held = { ...order, holds: holdsOf(order, DEFAULT_ORDER_RULES, by, NOW) };
    expect(mayProceed(held, held.holds).kind).toBe('wait');
    expect(codesOf({ ...held, shopHolds: [] })).toEqual([]);
    const gone = order.lines.map((line) => ({ ...line, fulfilledQuantity: line.currentQuantity }));
    expect(codesOf({ ...order, lines: gone })).toEqual([]);
  });

  it('a person sets aside the holds that the shop has, and no later one', () => {
    const order = sampleOrder('1', { shopHolds: [shopHold('h1'), shopHold('h2')] });
    const of = factOf(order, 'shop');
    const agreed = { ...order, released: [{ code: 'shop' as const, of, by, atMs: NOW, note: '' }] };
    expect(codesOf(agreed)).toEqual([]);
    expect(codesOf({ ...agreed, shopHolds: [shopHold('h1'), shopHold('h3')] })).toEqual(['shop']);
    const later = shopHold('h2', { untilAt: '2026-12-24T00:00:00Z' });
    expect(codesOf({ ...agreed, shopHolds: [shopHold('h1'), later] })).toEqual(['shop']);
  });

  it('an address is held with the part that it lacks, and no release lets it go', () => {
    const order = sampleOrder('1', { shipTo: null });
    expect(holdsOf(order, DEFAULT_ORDER_RULES, by, NOW)).toMatchObject([{ code: 'address', field: 'line1' }]);
    const agreed = { ...order, released: [{ code: 'address' as const, of: '', by, atMs: NOW, note: '' }] };
    expect(codesOf(agreed)).toEqual(['address']);
    expect(HOLDS.address.release).toBe(false);
  });

  it('nothing holds an order of which every unit has left, by us, by the shop, or back again', () => {
    const order = sampleOrder('1', { payment: { state: 'expired', method: '', paidMinor: 0, paidAt: null } });
    const after = (quantity: number, fulfilledQuantity: number, taken: ['elsewhere' | 'refund', number][]) => {
      const [line] = order.lines;
      if (!line) return expect.fail('no line');
      return holdsOf(
        {
          ...order,
          lines: [{ ...line, quantity, currentQuantity: quantity, fulfilledQuantity }],
          taken: taken.map(([why, units]) => ({ id: why, why, lineId: line.id, quantity: units, settled: true })),
        },
        DEFAULT_ORDER_RULES,
        by,
        0,
      ).map(({ code }) => code);
    };
    expect(after(2, 0, [])).toEqual(['payment']);
    expect(after(2, 1, [])).toEqual(['payment']);
    expect(after(2, 2, [])).toEqual([]);
    expect(after(3, 3, [['elsewhere', 2]])).toEqual([]);
    expect(after(3, 2, [['elsewhere', 2]])).toEqual(['payment']);
    expect(after(3, 2, [['refund', 1]])).toEqual([]);
  });

  it('nothing of it holds an order that has nothing to ship', () => {
    const unpaid = sampleOrder('1', { payment: paying('pending'), risk: 'cancel', shipTo: null });
    expect(codesOf(unpaid)).toEqual(['payment', 'fraud', 'address']);
    expect(codesOf({ ...unpaid, lines: unpaid.lines.map((line) => ({ ...line, requiresShipping: false })) })).toEqual(
      [],
    );
    expect(codesOf({ ...unpaid, lines: unpaid.lines.map((line) => ({ ...line, currentQuantity: 0 })) })).toEqual([]);
  });

  it('a hold keeps its time while its fact stands, and the same facts give the same holds', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...PAYMENT_STATES),
        fc.constantFrom<Order['risk']>('none', 'investigate', 'cancel'),
        fc.boolean(),
        fc.nat(10 * DAY),
        (state, risk, addressed, later) => {
          const order = sampleOrder('1', { payment: paying(state), risk });
          const given = addressed ? order : { ...order, shipTo: null };
          const first = holdsOf(given, DEFAULT_ORDER_RULES, by, NOW);
          const again = holdsOf({ ...given, holds: first }, DEFAULT_ORDER_RULES, systemActor('other'), NOW + later);
          expect(again).toEqual(first);
        },
      ),
    );
    const held = sampleOrder('1', { payment: paying('pending') });
    const holds = holdsOf(held, DEFAULT_ORDER_RULES, by, NOW);
    const [renewed] = holdsOf({ ...held, holds, payment: paying('failed') }, DEFAULT_ORDER_RULES, by, NOW + 5);
    expect(renewed?.sinceMs).toBe(NOW + 5);
  });

  it('what persons and single legs hold stays, whatever the facts say', () => {
    const of = (code: HoldCode, kind: Hold['subject']['kind']): Hold => ({
      code,
      subject: { kind, id: kind === 'leg' ? 'lg_1' : 'or_1' },
      sinceMs: 1,
      by,
      note: '',
      untilMs: null,
    });
    const holds = [of('manual', 'order'), of('credit', 'order'), of('currency', 'leg'), of('product', 'leg')];
    expect(holdsOf(sampleOrder('1', { holds }), DEFAULT_ORDER_RULES, by, NOW)).toEqual(holds);
    // Those of the order's own facts go with the facts.
    const gone = [of('payment', 'order'), of('fraud', 'order'), of('shop', 'order'), of('address', 'order')];
    expect(holdsOf(sampleOrder('1', { holds: gone }), DEFAULT_ORDER_RULES, by, NOW)).toEqual([]);
  });
});

describe('may it proceed', () => {
  const hold = (kind: 'order' | 'leg', id: string): Hold => ({
    code: 'manual',
    subject: { kind, id },
    sinceMs: 1,
    by,
    note: '',
    untilMs: null,
  });

  it.each<[string, Partial<Order>, string]>([
    ['the shop cancelled it', { cancelledAt: '2026-11-01T10:00:00Z' }, 'cancelled'],
    ['it is cancelled here', { state: 'cancelled' }, 'cancelled'],
    ['it is a test', { test: true }, 'test'],
    ['it is older than the connection', { historical: true }, 'historical'],
    ['nothing of it has to be sent', { lines: [] }, 'nothing_to_ship'],
  ])('it is over when %s, held or not', (_, changes, why) => {
    const order = sampleOrder('1', changes);
    expect(mayProceed(order, [])).toEqual({ kind: 'over', why });
    expect(mayProceed(order, [hold('order', order._id)])).toEqual({ kind: 'over', why });
  });

  it('waits for the holds of the order, and of the leg that asks and of no other', () => {
    const order = sampleOrder('1');
    const [whole, one, other] = [hold('order', order._id), hold('leg', 'lg_1'), hold('leg', 'lg_2')];
    expect(mayProceed(order, [])).toEqual({ kind: 'go' });
    expect(mayProceed(order, [whole, other], 'lg_1')).toEqual({ kind: 'wait', holds: [whole] });
    expect(mayProceed(order, [one, other], 'lg_1')).toEqual({ kind: 'wait', holds: [one] });
    expect(mayProceed(order, [other], 'lg_1')).toEqual({ kind: 'go' });
    expect(mayProceed(order, [one])).toEqual({ kind: 'go' });
  });
});

describe('units that are wanted', () => {
  it('are those on the order less what was refunded, cancelled or shipped elsewhere; edits are in the count of the line already', () => {
    fc.assert(
      fc.property(
        fc.nat(10),
        fc.array(
          fc.record({
            why: fc.constantFrom('refund' as const, 'cancel' as const, 'edit' as const, 'elsewhere' as const),
            mine: fc.boolean(),
            quantity: fc.integer({ min: 1, max: 4 }),
          }),
          { maxLength: 6 },
        ),
        (currentQuantity, entries) => {
          const order = sampleOrder('1');
          const line = { ...lineOf(order), quantity: 10, currentQuantity };
          const taken = entries.map(({ why, mine, quantity }, index) => ({
            id: `t${index}`,
            why,
            lineId: mine ? line.id : 'ol_other',
            quantity,
            settled: index % 2 === 0,
          }));
          const gone = entries.reduce((sum, e) => sum + (e.mine && e.why !== 'edit' ? e.quantity : 0), 0);
          const wanted = wantedUnits({ taken }, line);
          expect(wanted).toBe(Math.max(0, currentQuantity - gone));
          expect(linesToShip({ taken, lines: [line] })).toEqual(wanted > 0 ? [line] : []);
        },
      ),
    );
  });
});

describe('an address', () => {
  const whole: Address = {
    name: 'Ada',
    company: '',
    line1: '1 Street',
    line2: '',
    city: 'Town',
    region: '',
    postalCode: '10115',
    country: 'DE',
    phone: '',
    email: '',
    made: false,
  };
  it.each([
    ['nothing at all', null, 'Ada', 'line1'],
    ['no street', { line1: ' ' }, 'Ada', 'line1'],
    ['a street on the second line alone', { line1: '', line2: '1 Street' }, 'Ada', 'line1'],
    ['no country', { country: 'ZZ' }, 'Ada', 'country'],
    ['neither city nor postal code', { city: '', postalCode: ' ' }, 'Ada', 'city'],
    ['a city alone', { postalCode: '' }, 'Ada', null],
    ['a postal code alone', { city: '' }, 'Ada', null],
    ['nobody’s name', { name: '' }, ' ', 'name'],
    ['the buyer’s name', { name: '' }, 'Ada', null],
    ['a company', { name: '', company: 'Example' }, '', null],
    ['everything', {}, '', null],
  ] as const)('with %s lacks what is named, or nothing', (_, changes, buyer, lacks) => {
    expect(missingIn(changes && { ...whole, ...changes }, buyer)).toBe(lacks);
  });
});

describe('units of an order that waits', () => {
  const until = (changes: Partial<Order>, rules = DEFAULT_ORDER_RULES, later = 0) => {
    const order = sampleOrder('1', changes);
    return keepsUnitsUntil(holdsOf(order, rules, by, NOW), NOW + later);
  };

  it.each([
    ['pending', 'pending', 60 * MINUTE],
    ['on hold at the shop', 'on-hold', 7 * DAY],
  ] as const)('%s are kept for the time of the setting, then free', (_, rawStatus, time) => {
    const payment = paying('pending', 'bacs');
    expect(until({ payment, rawStatus })).toBe(NOW + time);
    expect(until({ payment, rawStatus }, DEFAULT_ORDER_RULES, time - 1)).toBe(NOW + time);
    expect(until({ payment, rawStatus }, DEFAULT_ORDER_RULES, time)).toBeUndefined();
  });

  it('are kept seven days for an authorised payment, and by the method before everything else', () => {
    expect(until({ payment: paying('authorised') })).toBe(NOW + 7 * DAY);
    const rules = rulesWith({ keepUnitsMinutes: { methods: { bacs: 5 } } });
    for (const state of ['pending', 'authorised', 'partly_paid', 'unknown'] as const)
      expect(until({ payment: paying(state, 'bacs'), rawStatus: 'on-hold' }, rules)).toBe(NOW + 5 * MINUTE);
  });

  it.each(['failed', 'refunded', 'voided', 'expired'] as const)('are not kept for a payment that is %s', (state) => {
    expect(until({ payment: paying(state) }, rulesWith({ keepUnitsMinutes: { methods: { '': 5 } } }))).toBeUndefined();
  });

  it('are kept until it is decided where a person or the advice of the shop holds it, and not at all where nothing does', () => {
    expect(until({ risk: 'investigate' })).toBeNull();
    expect(until({ shipTo: null })).toBeNull();
    const manual: Hold = {
      code: 'manual',
      subject: { kind: 'order', id: 'or_1' },
      sinceMs: 1,
      by,
      note: '',
      untilMs: null,
    };
    expect(until({ holds: [manual] })).toBeNull();
    expect(until({})).toBeUndefined();
    // Of an unpaid order that is also held for something else the payment sets the time.
    expect(until({ payment: paying('pending'), risk: 'investigate' })).toBe(NOW + 60 * MINUTE);
  });
});

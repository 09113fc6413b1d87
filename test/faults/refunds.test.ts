import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeLeg, changeOrder, changeShipment } from '#app/change.ts';
import { progressOrder } from '#app/order/progress.ts';
import { progressCancels } from '#app/order/progress-cancels.ts';
import { storeOrder } from '#app/order/store.ts';
import type { Ports, Store } from '#app/ports.ts';
import { applyReturn } from '#app/return/apply.ts';
import { systemActor } from '#domain/actor.ts';
import { takenBy } from '#domain/cancel-request.ts';
import { manualClock } from '#domain/clock.ts';
import type { IncomingOrder } from '#domain/incoming-order.ts';
import { cancelOpen, countShipment, type Leg, type LegPatch, uncountShipment } from '#domain/leg.ts';
import { move } from '#domain/move.ts';
import { type CancelRequest, type Order, orderMachine, type Plan } from '#domain/order.ts';
import { type Shipment, shipmentMachine } from '#domain/shipment.ts';
import { openStore } from '#store/store.ts';
import {
  NOW,
  sampleConnection,
  sampleLeg,
  sampleLegLine,
  sampleOrder,
  samplePlan,
  WORKSPACE,
} from '../../src/console/testing/samples.ts';
import { portsOn } from '../support/ports.ts';
import { freshDatabase } from '../support/servers.ts';

let store: Store;
let ports: Ports;
beforeAll(async () => {
  store = await openStore(freshDatabase());
  ports = portsOn(store, manualClock(NOW));
});
afterAll(() => store?.close());

const actor = systemActor('test');
const apply = (at: Ports, returnId: string) => applyReturn(at, actor, { workspaceId: WORKSPACE, returnId });
/** Takes an order on, and says in which state it is then. */
const progress = async (orderId: string): Promise<string | undefined> => {
  await progressOrder(ports, actor, { workspaceId: WORKSPACE, orderId });
  return (await store.orders.find(WORKSPACE, orderId))?.state;
};

/** A line of two units as it was sold, and the plan to buy such lines at one supplier. */
const sold = (id: string): Order['lines'][number] => ({
  id,
  externalId: id,
  externalVariantId: null,
  sku: '22423',
  title: 'Cakestand',
  quantity: 2,
  currentQuantity: 2,
  fulfilledQuantity: 0,
  requiresShipping: true,
  unitPrice: '12.75',
  totalMinor: 2_550,
  offer: null,
});
const planned = (...lineIds: readonly string[]): Plan['legs'][number] => ({
  kind: 'purchase',
  mode: 'oem_dropship',
  partner: 'cn_cj',
  location: 'supplier:cn_cj',
  items: lineIds.map((lineId) => ({ lineId, quantity: 2, totalMinor: 2_550 })),
});

const shelf = (...lineIds: readonly string[]): Plan['legs'][number] => ({
  ...planned(...lineIds),
  kind: 'fulfilment',
  mode: 'wholesale',
  location: 'warehouse',
});

const refundOf = (order: { _id: string; connectionId: string }, id: string, lineId: string) => ({
  _id: `rt_${id}`,
  workspaceId: WORKSPACE,
  orderId: order._id,
  connectionId: order.connectionId,
  externalId: id,
  reference: id,
  currency: 'GBP',
  totalMinor: 100,
  origin: 'storefront' as const,
  reason: '',
  lines: [
    {
      id: `rl_${id}`,
      lineId,
      sku: '22423',
      quantity: 2,
      totalMinor: 100,
      restock: false,
      cancelled: 0,
      returned: 0,
    },
  ],
  state: 'refunded' as const,
  received: [],
  dueAtMs: null,
  createdAtMs: NOW,
  updatedAtMs: NOW,
});

describe('an order of which nothing has left and all is refunded', () => {
  it('is cancelled, also when it is looked at while the last refund is counted and not yet written down', async () => {
    const order = sampleOrder('9002', {
      state: 'routed',
      lines: ['ol_c', 'ol_d'].map(sold),
      plan: samplePlan([planned('ol_c', 'ol_d')]),
    });
    const lines = ['ol_c', 'ol_d'].map((lineId) => sampleLegLine({ lineId, quantity: 2 }));
    await store.orders.insert(order);
    await store.legs.insert(sampleLeg(order, { _id: 'lg_all', kind: 'purchase', dueAtMs: NOW + 1, lines }));
    await store.returns.insertMany([refundOf(order, 'c', 'ol_c'), refundOf(order, 'd', 'ol_d')]);
    await apply(ports, 'rt_c');
    // The process dies after the leg was changed and before the return says so.
    const dying: Ports = {
      ...ports,
      store: { ...store, returns: { ...store.returns, change: () => Promise.reject(new Error('killed')) } },
    };
    await expect(apply(dying, 'rt_d')).rejects.toThrow('killed');
    expect(await store.legs.find(WORKSPACE, 'lg_all')).toMatchObject({ state: 'cancelled', dueAtMs: null });
    expect(await progress(order._id)).toBe('routed');
    expect((await store.orders.find(WORKSPACE, order._id))?.dueAtMs).toBe(NOW + 30_000);
    await apply(ports, 'rt_d');
    expect(await progress(order._id)).toBe('cancelled');
  });
});

describe('a cancellation of which a supplier declines a part of one line', () => {
  const TOTAL = 1_000;
  /** Seven units of one line, of two suppliers: one has cancelled three, the other has declined four. */
  const partly = async (number: string, refundedMinor = 0) => {
    const lineId = `ol_${number}`;
    const line = { ...sold(lineId), quantity: 7, currentQuantity: 7, totalMinor: TOTAL };
    const cancel: CancelRequest = {
      id: 'c',
      by: actor,
      atMs: NOW,
      note: '',
      lines: [{ lineId, quantity: 7 }],
      whole: true,
      refund: 'notShipped',
      tellStorefront: false,
      told: true,
      packagesAsked: true,
      outcome: '',
      state: 'requested',
    };
    const order = sampleOrder(number, {
      state: 'routed',
      lines: [line],
      totalMinor: TOTAL,
      refundedMinor,
      plan: samplePlan([planned(lineId), planned(lineId)]),
      cancels: [cancel],
    });
    const [taken] = takenBy(order._id, cancel);
    if (!taken) throw new Error('nothing is taken');
    await store.orders.insert({ ...order, taken: [{ ...taken, settled: true }] });
    const leg = (name: string, quantity: number) => {
      const base = { _id: `lg_${number}${name}`, kind: 'purchase', plan: 1, dueAtMs: null } as const;
      const units = { id: taken.id, lineId, returned: 0 };
      return name === 'a'
        ? sampleLeg(order, {
            ...base,
            state: 'cancelled',
            lines: [sampleLegLine({ lineId, quantity, cancelled: quantity })],
            refunds: [{ ...units, cancelled: quantity, asked: 0 }],
          })
        : sampleLeg(order, {
            ...base,
            state: 'accepted',
            externalId: 'theirs',
            cancel: 'refused',
            lines: [sampleLegLine({ lineId, quantity, asked: quantity })],
            refunds: [{ ...units, cancelled: 0, asked: quantity }],
          });
    };
    await store.legs.insertMany([leg('a', 3), leg('b', 4)]);
    return { orderId: order._id, legId: `lg_${number}b` };
  };
  const decide = async (at: Ports, orderId: string) => {
    const order = await store.orders.find(WORKSPACE, orderId);
    const legs = await store.legs.list(WORKSPACE, { orderId }, { limit: 10 });
    if (!order) throw new Error('no order');
    await progressCancels(at, actor, order, legs);
    return (await store.orders.find(WORKSPACE, orderId))?.cancels.map(({ state, cancelled }) => ({ state, cancelled }));
  };
  const paidBack = async (orderId: string) =>
    (await store.returns.list(WORKSPACE, { orderId }, { limit: 10 }))
      .map(({ totalMinor, lines }) => [lines[0]?.quantity, totalMinor])
      .toSorted(([a = 0], [b = 0]) => a - b);
  const settle = (legId: string) =>
    changeLeg(ports, WORKSPACE, legId, (leg) => cancelOpen(leg, {}, { actor, atMs: NOW }));

  it('is paid back to the last penny by two refunds, whoever died or was overtaken in between', async () => {
    const { orderId, legId } = await partly('9201');
    expect(await decide(ports, orderId)).toEqual([{ state: 'partly', cancelled: 3 }]);
    expect(await decide(ports, orderId)).toEqual([{ state: 'partly', cancelled: 3 }]);
    expect(await paidBack(orderId)).toEqual([[3, 429]]);
    await settle(legId);
    // The process dies after the refund was written down and before the order says so.
    const dying: Ports = {
      ...ports,
      store: { ...store, orders: { ...store.orders, change: () => Promise.reject(new Error('killed')) } },
    };
    await expect(decide(dying, orderId)).rejects.toThrow('killed');
    await Promise.all([decide(ports, orderId), decide(ports, orderId)]);
    expect(await decide(ports, orderId)).toEqual([{ state: 'confirmed', cancelled: 7 }]);
    expect(await paidBack(orderId)).toEqual([
      [3, 429],
      [4, 571],
    ]);
  });

  it('is paid back no more than the order has left when the shop has refunded of it meanwhile', async () => {
    const { orderId, legId } = await partly('9202');
    await decide(ports, orderId);
    await changeOrder(ports, WORKSPACE, orderId, () => ({ refundedMinor: 600 }));
    await settle(legId);
    await decide(ports, orderId);
    expect(await paidBack(orderId)).toEqual([
      [3, 429],
      [4, 400],
    ]);
  });

  it('does not end before what was settled is paid back, also when nobody was told that it was', async () => {
    const { orderId, legId } = await partly('9203');
    await decide(ports, orderId);
    for (const { _id } of await store.returns.list(WORKSPACE, { orderId }, { limit: 10 }))
      await store.returns.change(_id, {}, { state: 'applied' });
    await settle(legId);
    const { decides } = await progressOrder(ports, actor, { workspaceId: WORKSPACE, orderId });
    expect(decides).toBe(true);
    expect((await store.orders.find(WORKSPACE, orderId))?.state).toBe('routed');
  });
});

describe('a refund that comes while the legs of its order are being written down', () => {
  it('waits for the leg of its line, and is then counted whole', async () => {
    const order = sampleOrder('9001', {
      state: 'routed',
      lines: ['ol_a', 'ol_b'].map(sold),
      plan: samplePlan([planned('ol_a'), planned('ol_b')]),
    });
    const leg = (lineId: string) =>
      sampleLeg(order, { _id: `lg_${lineId}`, kind: 'purchase', lines: [sampleLegLine({ lineId })] });
    await store.orders.insert(order);
    // The process that routed died, or is not done yet: one leg of two is there.
    await store.legs.insert(leg('ol_a'));
    await store.returns.insert(refundOf(order, 'early', 'ol_b'));
    expect(await apply(ports, 'rt_early')).toMatchObject({ applied: false, legIds: [] });
    // The sweep looks at it again, should nobody else.
    expect(await store.returns.find(WORKSPACE, 'rt_early')).toMatchObject({ state: 'refunded', dueAtMs: NOW + 30_000 });

    await store.legs.insert(leg('ol_b'));
    expect(await apply(ports, 'rt_early')).toMatchObject({ applied: true, legIds: ['lg_ol_b'] });
    expect(await store.returns.find(WORKSPACE, 'rt_early')).toMatchObject({
      state: 'applied',
      lines: [{ cancelled: 2, returned: 0 }],
    });
    expect(await store.exceptions.list(WORKSPACE, { state: 'open' }, { limit: 10 })).toEqual([]);
  });
});

describe('an order whose only package is voided before the storefront was told', () => {
  it('goes back to what it was, and is cancelled when that is asked for', async () => {
    const order = sampleOrder('9003', { state: 'routed', lines: [sold('ol_e')], plan: samplePlan([shelf('ol_e')]) });
    const start = sampleLeg(order, {
      _id: 'lg_voided',
      state: 'accepted',
      lines: [sampleLegLine({ lineId: 'ol_e', ready: true })],
    });
    const by = { actor, atMs: NOW };
    const units = [{ lineId: 'ol_e', quantity: 2 }];
    const box: Shipment = {
      _id: 'sh_1',
      workspaceId: WORKSPACE,
      legId: start._id,
      orderId: order._id,
      connectionId: order.connectionId,
      orderExternalId: '',
      reference: 'box',
      lines: [],
      carrierId: null,
      parcel: { weightGrams: 900, lengthMm: 300, widthMm: 200, heightMm: 150 },
      state: 'planned',
      counted: true,
      troubled: false,
      voiding: true,
      waitsFor: null,
      tracking: null,
      label: null,
      confirmationId: null,
      trackingState: 'unknown',
      dueAtMs: null,
      createdAtMs: NOW,
      updatedAtMs: NOW,
    };
    await store.shipments.insert(box);
    await store.orders.insert(order);
    await store.legs.insert(start);
    const change = (next: (leg: Leg) => LegPatch | null) => changeLeg(ports, WORKSPACE, start._id, next);
    await change((leg) => countShipment(leg, 'sh_1', units, by));
    expect(await progress(order._id)).toBe('shipped');
    await changeShipment(ports, WORKSPACE, box._id, (one) =>
      move(shipmentMachine, one, 'voided', { voiding: false }, by),
    );
    await change((leg) => uncountShipment(leg, 'sh_1', units, by));
    expect(await progress(order._id)).toBe('routed');
    // Units that are wanted and have no leg are planned anew; those that were taken off are not.
    await change((leg) => cancelOpen(leg, {}, by));
    expect(await progress(order._id)).toBe('routed');
    const taken = units.map(({ lineId, quantity }) => ({
      id: `tk_${lineId}`,
      why: 'cancel' as const,
      lineId,
      quantity,
      settled: true,
    }));
    await changeOrder(ports, WORKSPACE, order._id, () => ({ taken }));
    expect(await progress(order._id)).toBe('cancelled');
    expect(await store.orders.find(WORKSPACE, order._id)).toMatchObject({ closedAtMs: NOW, dueAtMs: null });
  });
});

describe('what a shop shows as fulfilled', () => {
  it('counts as sent elsewhere beyond our own packages alone, whatever else changes on the order afterwards', async () => {
    const connection = sampleConnection('cn_elsewhere');
    const incoming: IncomingOrder = {
      externalId: 'e1',
      number: '9100',
      placedAt: '2026-11-30T10:00:00Z',
      updatedAt: '2026-11-30T10:00:00Z',
      currency: 'GBP',
      payment: { state: 'paid', method: '', paidMinor: 2_550, paidAt: null },
      rawStatus: 'processing',
      cancelledAt: null,
      buyer: { externalId: null, name: 'Ada', email: '' },
      test: false,
      risk: 'none',
      shipTo: null,
      billTo: null,
      lines: [{ ...sold('x1'), externalId: 'x1' }],
      charges: [],
      refunds: [],
      totalMinor: 2_550,
      note: '',
    };
    let second = 0;
    const see = async (changes: Partial<IncomingOrder>) => {
      second += 1;
      const at = NOW + second * 60_000;
      const updatedAt = new Date(at).toISOString();
      const { order } = await storeOrder(ports, {
        connection,
        incoming: { ...incoming, updatedAt, ...changes },
        fetched: { sentAtMs: at, answeredAtMs: at + 1 },
      });
      return order.taken.map(({ why, quantity }) => [why, quantity]);
    };
    const fulfilled = (fulfilledQuantity: number) => incoming.lines.map((line) => ({ ...line, fulfilledQuantity }));
    expect(await see({})).toEqual([]);
    const [order] = await store.orders.list(WORKSPACE, { number: '9100' }, { limit: 1 });
    if (!order?.lines[0]) throw new Error('no order');
    const lineId = order.lines[0].id;
    await changeOrder(ports, WORKSPACE, order._id, (current) =>
      move(orderMachine, current, 'routed', { plan: samplePlan([planned(lineId)]) }, { actor, atMs: NOW }),
    );
    const lines = [sampleLegLine({ lineId, quantity: 2, shipped: 1 })];
    await store.legs.insert(sampleLeg(order, { _id: 'lg_half', kind: 'purchase', state: 'partly_shipped', lines }));

    expect(await see({ lines: fulfilled(1) })).toEqual([]);
    expect(await see({ lines: fulfilled(1), note: 'please hurry' })).toEqual([]);
    expect(await see({ lines: fulfilled(2), note: 'please hurry' })).toEqual([['elsewhere', 1]]);
    expect(await see({ lines: fulfilled(2), note: 'thank you' })).toEqual([['elsewhere', 1]]);
  });
});

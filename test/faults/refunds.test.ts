import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cachedFrom } from '#app/cached.ts';
import { progressOrder } from '#app/order/progress.ts';
import type { Ports, Store } from '#app/ports.ts';
import { applyReturn } from '#app/return/apply.ts';
import { manualClock } from '#domain/clock.ts';
import { romaniseHan } from '#runtime/romanise-han.ts';
import { openStore } from '#store/store.ts';
import { NOW, sampleLeg, sampleLegLine, sampleOrder, WORKSPACE } from '../../src/console/testing/samples.ts';
import { freshDatabase } from '../support/servers.ts';

let store: Store;
let ports: Ports;
beforeAll(async () => {
  store = await openStore(freshDatabase());
  ports = {
    store,
    cached: cachedFrom(store),
    romaniseHan,
    clock: manualClock(NOW),
    gateway: { call: () => Promise.reject(new Error('no vendor is asked here')) },
    log: { info: () => {}, warn: () => {}, error: () => {} },
    grace: () => 30_000,
  };
});
afterAll(() => store?.close());

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
      plan: [
        {
          kind: 'purchase',
          mode: 'oem_dropship',
          partner: 'cn_cj',
          location: 'supplier:cn_cj',
          lineIds: ['ol_c', 'ol_d'],
        },
      ],
    });
    const lines = ['ol_c', 'ol_d'].map((lineId) => sampleLegLine({ lineId, quantity: 2 }));
    await store.orders.insert(order);
    await store.legs.insert(sampleLeg(order, { _id: 'lg_all', kind: 'purchase', dueAtMs: NOW + 1, lines }));
    await store.returns.insertMany([refundOf(order, 'c', 'ol_c'), refundOf(order, 'd', 'ol_d')]);
    await applyReturn(ports, WORKSPACE, 'rt_c');
    // The process dies after the leg was changed and before the return says so.
    const dying: Ports = {
      ...ports,
      store: { ...store, returns: { ...store.returns, change: () => Promise.reject(new Error('killed')) } },
    };
    await expect(applyReturn(dying, WORKSPACE, 'rt_d')).rejects.toThrow('killed');
    expect(await store.legs.find(WORKSPACE, 'lg_all')).toMatchObject({ state: 'cancelled', dueAtMs: null });
    expect(await progressOrder(ports, WORKSPACE, order._id)).toBe('routed');
    expect((await store.orders.find(WORKSPACE, order._id))?.dueAtMs).toBe(NOW + 30_000);
    await applyReturn(ports, WORKSPACE, 'rt_d');
    expect(await progressOrder(ports, WORKSPACE, order._id)).toBe('cancelled');
  });
});

describe('a refund that comes while the legs of its order are being written down', () => {
  it('waits for the leg of its line, and is then counted whole', async () => {
    const planned = (lineId: string) => ({
      kind: 'purchase' as const,
      mode: 'oem_dropship' as const,
      partner: 'cn_cj',
      location: 'supplier:cn_cj',
      lineIds: [lineId],
    });
    const order = sampleOrder('9001', { state: 'routed', plan: [planned('ol_a'), planned('ol_b')] });
    const leg = (lineId: string) =>
      sampleLeg(order, { _id: `lg_${lineId}`, kind: 'purchase', lines: [sampleLegLine({ lineId })] });
    await store.orders.insert(order);
    // The process that routed died, or is not done yet: one leg of two is there.
    await store.legs.insert(leg('ol_a'));
    await store.returns.insert(refundOf(order, 'early', 'ol_b'));
    expect(await applyReturn(ports, WORKSPACE, 'rt_early')).toMatchObject({ applied: false, legIds: [] });
    // The sweep looks at it again, should nobody else.
    expect(await store.returns.find(WORKSPACE, 'rt_early')).toMatchObject({ state: 'refunded', dueAtMs: NOW + 30_000 });

    await store.legs.insert(leg('ol_b'));
    expect(await applyReturn(ports, WORKSPACE, 'rt_early')).toMatchObject({ applied: true, legIds: ['lg_ol_b'] });
    expect(await store.returns.find(WORKSPACE, 'rt_early')).toMatchObject({
      state: 'applied',
      lines: [{ cancelled: 2, returned: 0 }],
    });
    expect(await store.exceptions.list(WORKSPACE, { state: 'open' }, { limit: 10 })).toEqual([]);
  });
});

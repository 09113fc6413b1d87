import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyReturn } from '#app/apply-return.ts';
import type { Ports, Store } from '#app/ports.ts';
import { recalledFrom } from '#app/recall.ts';
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
    recalled: recalledFrom(store),
    romaniseHan,
    clock: manualClock(NOW),
    gateway: { call: () => Promise.reject(new Error('no vendor is asked here')) },
    log: { info: () => {}, warn: () => {}, error: () => {} },
    grace: () => 30_000,
  };
});
afterAll(() => store?.close());

describe('a refund that comes while the legs of its order are being written down', () => {
  it('waits for the leg of its line, and is then counted whole', async () => {
    const planned = (lineId: string) => ({
      ...{ kind: 'purchase' as const, mode: 'oem_dropship' as const, partner: 'cn_cj', location: 'supplier:cn_cj' },
      lineIds: [lineId],
    });
    const order = sampleOrder('9001', { state: 'routed', plan: [planned('ol_a'), planned('ol_b')] });
    const leg = (lineId: string) =>
      sampleLeg(order, { ...{ _id: `lg_${lineId}`, kind: 'purchase' }, lines: [sampleLegLine({ lineId })] });
    await store.orders.insert(order);
    // The process that routed died, or is not done yet: one leg of two is there.
    await store.legs.insert(leg('ol_a'));
    const refunded = { _id: 'rt_early', workspaceId: WORKSPACE, orderId: order._id, connectionId: order.connectionId };
    await store.returns.insert({
      ...refunded,
      ...{ externalId: 'r1', reference: 'C1', currency: 'GBP', totalMinor: 100, origin: 'storefront', reason: '' },
      lines: [
        {
          ...{ id: 'rl_1', lineId: 'ol_b', sku: '22423', quantity: 2, totalMinor: 100, restock: false },
          ...{ cancelled: 0, returned: 0 },
        },
      ],
      ...{ state: 'refunded', received: [], dueAtMs: null, createdAtMs: NOW, updatedAtMs: NOW },
    });
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

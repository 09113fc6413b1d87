import { afterAll, beforeAll, expect, it } from 'vitest';
import { submitLeg } from '#app/leg/submit.ts';
import { releaseOrder } from '#app/order/hold.ts';
import { reconcileOrder } from '#app/order/reconcile.ts';
import type { Store } from '#app/ports.ts';
import { systemActor } from '#domain/actor.ts';
import { manualClock } from '#domain/clock.ts';
import { openStore } from '#store/store.ts';
import { NOW, sampleConnection, sampleLeg, sampleOrder, WORKSPACE } from '../../src/console/testing/samples.ts';
import { portsOn } from '../support/ports.ts';
import { freshDatabase } from '../support/servers.ts';
import { portsThatAsk } from '../support/steps.ts';

const ACTOR = systemActor('test');
let store: Store;
beforeAll(async () => {
  store = await openStore(freshDatabase());
});
afterAll(() => store?.close());

it('a purchase whose order is released just before it is written down that it waits is looked at again', async () => {
  const shop = sampleConnection('cn_shop', { workspaceId: WORKSPACE });
  const supplier = sampleConnection('cn_supplier', { workspaceId: WORKSPACE, role: 'supplier', connectorId: 'cj' });
  await store.connections.insertMany([shop, supplier]);
  const sample = sampleOrder('released', { state: 'routed' });
  const order = {
    ...sample,
    connectionId: shop._id,
    fetchedAtMs: NOW,
    holds: [],
    payment: { state: 'pending' as const, method: 'bank', paidMinor: 0, paidAt: null },
    plan: { number: 1, legs: [], short: [], unitSet: 1 },
  };
  const leg = { ...sampleLeg(order, { kind: 'purchase', state: 'planned' }), partner: supplier._id, waitsFor: null };
  await store.orders.insert(order);
  await store.legs.insert(leg);
  const ports = portsOn(store, manualClock(NOW));
  const ref = { workspaceId: WORKSPACE, orderId: order._id };

  const woken: string[] = [];
  let released = false;
  const late = portsThatAsk(ports, async (what) => {
    if (what !== 'legs.change' || released) return;
    released = true;
    await releaseOrder(ports, ACTOR, { ...ref, code: 'payment', note: 'He pays on delivery.' });
    const { legIds, submitIds } = await reconcileOrder(ports, ACTOR, ref);
    woken.push(...legIds, ...submitIds);
  });
  const { next } = await submitLeg(late, ACTOR, { workspaceId: WORKSPACE, legId: leg._id });
  expect([next, released, woken]).toEqual(['wait', true, []]);
  const after = await store.legs.find(WORKSPACE, leg._id);
  expect(after).toMatchObject({ state: 'planned', waitsFor: 'hold' });
  expect(after?.dueAtMs).toBe(NOW + ports.grace());
});

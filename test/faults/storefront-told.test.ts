import { afterAll, beforeAll, expect, it } from 'vitest';
import { retryException } from '#app/exception/retry.ts';
import { storeOrder } from '#app/order/store.ts';
import { markStorefrontTold, tellAgain, tellCancelled } from '#app/order/tell-cancelled.ts';
import type { Ports, Store } from '#app/ports.ts';
import { systemActor } from '#domain/actor.ts';
import { manualClock } from '#domain/clock.ts';
import { incomingOrderId } from '#domain/ids.ts';
import type { Retry } from '#domain/job.ts';
import type { CancelRequest } from '#domain/order.ts';
import { openStore } from '#store/store.ts';
import { NOW, sampleConnection, sampleOrder, WORKSPACE } from '../../src/console/testing/samples.ts';
import { noVendors, portsOn } from '../support/ports.ts';
import { freshDatabase } from '../support/servers.ts';

const ACTOR = systemActor('test');
let store: Store;
beforeAll(async () => {
  store = await openStore(freshDatabase());
});
afterAll(() => store?.close());

const shop = sampleConnection('cn_shop', { workspaceId: WORKSPACE });

/** A shop that cancels what it is asked to cancel, or refuses, or cannot be asked. */
const portsWith = (answer: () => 'yes' | 'no' | 'cannot'): Ports => ({
  ...portsOn(store, manualClock(NOW)),
  gateway: {
    ...noVendors,
    can: () => answer() !== 'cannot',
    call: async () => JSON.parse(JSON.stringify({ cancelled: answer() === 'yes', reason: 'it was shipped' })),
  },
});

/** An order that was cancelled here, of which the storefront is to be told. */
const cancelledOrder = async (number: string) => {
  await store.connections.insert(shop);
  const _id = incomingOrderId(WORKSPACE, shop._id, number);
  const request: CancelRequest = {
    id: 'r1',
    by: ACTOR,
    atMs: NOW,
    note: '',
    lines: [],
    whole: true,
    refund: 'none',
    tellStorefront: true,
    told: false,
    packagesAsked: true,
    outcome: '',
    state: 'confirmed',
  };
  await store.orders.insert({ ...sampleOrder(number, { state: 'cancelled', cancels: [request] }), _id });
  const ref = { workspaceId: WORKSPACE, orderId: _id };
  const open = async () =>
    (await store.exceptions.list(WORKSPACE, { orderId: _id }, { limit: 9 })).filter(({ state }) => state === 'open');
  const told = async () => (await store.orders.find(WORKSPACE, _id))?.cancels.map((one) => one.told);
  return { ref, open, told };
};

it('a storefront that refused a cancellation is told again when a person retries, and the exception closes when it agrees', async () => {
  const { ref, open, told } = await cancelledOrder('again');
  let answer: 'yes' | 'no' = 'no';
  const ports = portsWith(() => answer);
  await tellCancelled(ports, ACTOR, ref);
  const [refused] = await open();
  expect([refused?.cause, refused?.detail.includes('it was shipped'), await told()]).toEqual([
    'storefront_not_told',
    true,
    [true],
  ]);
  const started: Retry[] = [];
  const retry = () =>
    retryException(ports, ACTOR, {
      workspaceId: WORKSPACE,
      exceptionId: refused?._id ?? '',
      start: async (step) => void started.push(step),
    });
  await retry();
  expect(await told()).toEqual([false]);
  await tellCancelled(ports, ACTOR, ref);
  expect(await open()).toHaveLength(1);
  answer = 'yes';
  await retry();
  await tellCancelled(ports, ACTOR, ref);
  expect([await open(), await told()]).toEqual([[], [true]]);
  expect(started).toEqual(Array.from({ length: 2 }, () => ({ job: 'order.tell_cancelled', payload: ref })));
});

it('a storefront that cannot be told by us is told by a person, who says so', async () => {
  const { ref, open, told } = await cancelledOrder('by-hand');
  const ports = portsWith(() => 'cannot');
  await tellCancelled(ports, ACTOR, ref);
  expect(await open()).toMatchObject([{ cause: 'storefront_not_told', retry: null }]);
  await markStorefrontTold(ports, ACTOR, { ...ref, note: 'cancelled in the shop' });
  expect([await open(), await told()]).toEqual([[], [true]]);
});

it('the exception closes by itself when the storefront shows the order as cancelled', async () => {
  const { ref, open } = await cancelledOrder('seen');
  const ports = portsWith(() => 'no');
  await tellCancelled(ports, ACTOR, ref);
  expect(await open()).toHaveLength(1);
  const order = await store.orders.find(WORKSPACE, ref.orderId);
  if (!order) throw new Error('the order is gone');
  await storeOrder(ports, {
    connection: shop,
    incoming: {
      ...order,
      externalId: 'seen',
      placedAt: new Date(order.placedAtMs).toISOString(),
      updatedAt: new Date(NOW).toISOString(),
      rawStatus: 'cancelled',
      cancelledAt: new Date(NOW).toISOString(),
      refunds: [],
    },
    fetched: { sentAtMs: NOW, answeredAtMs: NOW },
  });
  expect(await open()).toEqual([]);
});

it('there is nothing to tell of an order that nobody cancelled', async () => {
  const order = sampleOrder('kept', { state: 'routed' });
  await store.orders.insert(order);
  const ref = { workspaceId: WORKSPACE, orderId: order._id };
  const ports = portsWith(() => 'yes');
  await expect(tellAgain(ports, ACTOR, ref)).rejects.toMatchObject({ code: 'conflict' });
  await expect(markStorefrontTold(ports, ACTOR, { ...ref, note: 'x' })).rejects.toMatchObject({ code: 'conflict' });
});

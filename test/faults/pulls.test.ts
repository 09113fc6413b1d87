import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { makeApp } from '#app/app.ts';
import { pollLeg } from '#app/leg/poll.ts';
import { recheckOrders } from '#app/order/recheck.ts';
import type { Ports, Store } from '#app/ports.ts';
import { pullSupply } from '#app/stock/pull-supply.ts';
import { systemActor } from '#domain/actor.ts';
import { manualClock } from '#domain/clock.ts';
import { Failure } from '#domain/failure.ts';
import { offerId, orderSubject, supplierShelf } from '#domain/ids.ts';
import { Offer } from '#domain/offer.ts';
import { defineJob, openQueues, startWorkers } from '#queue';
import { openStore } from '#store/store.ts';
import { NOW, sampleConnection, sampleLeg, sampleOrder, WORKSPACE } from '../../src/console/testing/samples.ts';
import { noVendors, portsOn } from '../support/ports.ts';
import { freshDatabase, freshRedisPrefix, servers } from '../support/servers.ts';

let store: Store;
beforeAll(async () => {
  store = await openStore(freshDatabase());
});
afterAll(() => store?.close());

const log = { info: () => {}, warn: () => {}, error: () => {} };
const portsWith = (call: (cursor: string | null) => string): Ports => ({
  ...portsOn(store, manualClock(NOW)),
  gateway: {
    ...noVendors,
    call: async (_connection, _verb, input) =>
      JSON.parse(call(z.object({ cursor: z.string().nullable().default(null) }).parse(input).cursor)),
  },
});

it('a walk through a supplier’s stock that is put off goes on from the page where it was', async () => {
  const connection = sampleConnection('cn_walk', { role: 'supplier', connectorId: 'cj' });
  await store.connections.insert(connection);
  const location = supplierShelf(connection._id);
  for (const sku of ['A', 'B', 'C']) {
    const offer = Offer.parse({
      sku,
      mode: 'oem_dropship',
      partner: connection._id,
      location,
      unitCost: '1',
      currency: 'GBP',
    });
    await store.offers.insert({ _id: offerId(WORKSPACE, sku), workspaceId: WORKSPACE, ...offer });
  }
  const asked: (string | null)[] = [];
  const pages: Record<string, [string, string | null]> = { '': ['A', '2'], '2': ['B', '3'], '3': ['C', null] };
  let room = 2;
  const ports = portsWith((cursor) => {
    if (room === 0) throw new Failure('rate_limited', 'no room', { retryAfterMs: 1_000 });
    room -= 1;
    asked.push(cursor);
    const [externalSku = '', next = null] = pages[cursor ?? ''] ?? [];
    return JSON.stringify({ items: [{ externalSku, quantity: 7 }], next });
  });
  await expect(pullSupply(ports, WORKSPACE, connection._id, async () => {})).rejects.toThrow('no room');
  room = 9;
  await pullSupply(ports, WORKSPACE, connection._id, async () => {});
  expect(asked).toEqual([null, '2', '3']);
  const levels = await store.levels.list(WORKSPACE, { location }, { limit: 10 });
  expect(levels.map(({ sku, onHand }) => [sku, onHand])).toEqual([
    ['A', 7],
    ['B', 7],
    ['C', 7],
  ]);
  // The next walk begins anew.
  await pullSupply(ports, WORKSPACE, connection._id, async () => {});
  expect(asked).toEqual([null, '2', '3', null, '2', '3']);
});

it('a look at a storefront’s recent orders that is put off goes on from its page, waits while it is paused, and reaches back sixty days', async () => {
  const DAY = 86_400_000;
  const connection = sampleConnection('cn_recheck', { connectorId: 'woocommerce', createdAtMs: 0, fulfilFromMs: 0 });
  await store.connections.insert(connection);
  const asked: (string | null)[] = [];
  let room = 2;
  const ports = portsWith((cursor) => {
    if (room === 0) throw new Failure('rate_limited', 'no room', { retryAfterMs: 1_000 });
    room -= 1;
    asked.push(cursor);
    const next = { '': '2', '2': '3', '3': null }[cursor ?? ''] ?? null;
    const rejected = cursor === '3' ? [{ id: '7', field: 'total', reason: 'is no amount', raw: '"x"' }] : [];
    return JSON.stringify({ items: [], next, rejected });
  });
  const ref = { workspaceId: WORKSPACE, connectionId: connection._id };
  const recheck = () => recheckOrders(ports, systemActor('orders.recheck'), ref, async () => {});
  const placeOf = async () => (await store.connections.find(WORKSPACE, connection._id))?.recheck;
  await expect(recheck()).rejects.toThrow('no room');
  const since = new Date(NOW - 60 * DAY).toISOString();
  expect(await placeOf()).toEqual({ since, next: '3' });
  room = 9;
  await store.connections.change(connection._id, {}, { state: 'paused' });
  await expect(recheck()).rejects.toMatchObject({ code: 'paused' });
  await store.connections.change(connection._id, {}, { state: 'active' });
  expect(await recheck()).toEqual({ pages: 1, orders: 0 });
  expect(asked).toEqual([null, '2', '3']);
  expect(await placeOf()).toBeNull();
  // What cannot be read is told of as a poll tells it.
  const unread = await store.exceptions.list(WORKSPACE, { cause: 'order_unreadable' }, { limit: 9 });
  expect(unread.map(({ subject, retry }) => [subject.id, retry?.job])).toEqual([
    [orderSubject(connection._id, '7'), 'order.ingest'],
  ]);
  // Orders from before the connection’s own beginning are not brought in by it.
  const young = NOW - 3 * DAY;
  await store.connections.change(connection._id, {}, { createdAtMs: young, fulfilFromMs: young + DAY });
  room = 1;
  await expect(recheck()).rejects.toThrow('no room');
  expect((await placeOf())?.since).toBe(new Date(young).toISOString());
});

it('a second walk that is asked for meanwhile leaves the work to the first, and the one after it runs', async () => {
  const began: string[] = [];
  let finish = Promise.withResolvers<void>();
  const over: string[] = [];
  const done: unknown[] = [];
  const names = ['first', 'second', 'third'] as const;
  const news = new Map(names.map((name) => [name, Promise.withResolvers<void>()]));
  const walk = defineJob({
    name: 'test.walk',
    queue: 'inbound',
    retry: 'own',
    exclusive: 'walk',
    ifBusy: 'drop',
    payload: z.object({ run: z.string() }),
    // One connection, asked for by three.
    key: () => ['cn_one'],
    subject: () => ({ kind: 'connection', id: 'cn_one' }),
    async handle(_context, { run }) {
      began.push(run);
      news.get(names.find((name) => name === run) ?? 'first')?.resolve();
      await finish.promise;
    },
  });
  const options = {
    redis: () => new Redis(servers().redisUrl, { maxRetriesPerRequest: null }),
    prefix: freshRedisPrefix(),
    clock: manualClock(NOW),
    log,
  };
  const queues = openQueues(options);
  const workers = startWorkers({
    ...options,

    app: makeApp(portsWith(() => '{}')),
    jobs: new Map([[walk.name, walk]]),
    enqueue: queues.enqueue,
    concurrency: 8,
    around: async (job, run) => {
      await run();
      over.push(job.id);
      if (over.length === 1) second.resolve();
    },
    onGiveUp: async () => {},
    onDone: async ({ payload }) => void done.push(payload),
    onRefusedCredentials: async () => {},
  });
  const second = Promise.withResolvers<void>();
  await queues.enqueue(walk, { run: 'first' });
  await news.get('first')?.promise;
  await queues.enqueue(walk, { run: 'second' });
  // The first to be over is the second: the first still runs.
  await second.promise;
  expect(began).toEqual(['first']);
  finish.resolve();
  finish = Promise.withResolvers<void>();
  finish.resolve();
  await expect.poll(() => over.length).toBe(2);
  await queues.enqueue(walk, { run: 'third' });
  await news.get('third')?.promise;
  expect(began).toEqual(['first', 'third']);
  await expect.poll(() => done).toEqual([{ run: 'first' }, { run: 'third' }]);
  await workers.close(5_000);
  await queues.close();
});

it('a step of an older version whose payload does not fit any more is dropped once and told of, and others run', async () => {
  const ran: string[] = [];
  const told: string[] = [];
  const step = {
    name: 'test.step',
    queue: 'inbound',
    retry: 'vendor',
    subject: () => ({ kind: 'connection' as const, id: 'cn' }),
  } as const;
  const before = defineJob({
    ...step,
    payload: z.object({ old: z.string() }),
    key: ({ old }) => [old],
    handle: async () => {},
  });
  const now = defineJob({
    ...step,
    payload: z.object({ run: z.string() }),
    key: ({ run }) => [run],
    async handle(_context, { run }) {
      ran.push(run);
    },
  });
  const options = {
    redis: () => new Redis(servers().redisUrl, { maxRetriesPerRequest: null }),
    prefix: freshRedisPrefix(),
    clock: manualClock(NOW),
    log: { ...log, warn: (_facts: object, message: string) => void told.push(message) },
  };
  const queues = openQueues(options);
  await queues.enqueue(before, { old: 'x' });
  const givenUp: string[] = [];
  const workers = startWorkers({
    ...options,
    app: makeApp(portsWith(() => '{}')),
    jobs: new Map([[now.name, now]]),
    enqueue: queues.enqueue,
    concurrency: 8,
    onGiveUp: async ({ job }) => void givenUp.push(job),
    onDone: async () => {},
    onRefusedCredentials: async () => {},
  });
  await expect.poll(() => told).toEqual(['a waiting job does not fit this version and is dropped']);
  await queues.enqueue(now, { run: 'fits' });
  await expect.poll(() => ran).toEqual(['fits']);
  await expect.poll(async () => (await queues.depths()).inbound).toBe(0);
  expect([told.length, givenUp]).toEqual([1, []]);
  await workers.close(5_000);
  await queues.close();
});

it('a supplier is asked again after the time that stands for it, whether the sweep that asked for this look was before or after it', async () => {
  const connection = sampleConnection('cn_slow', { role: 'supplier', connectorId: 'feed', pollEveryMinutes: 60 });
  await store.connections.insert(connection);
  const leg = sampleLeg(sampleOrder('P-1'), {
    _id: 'lg_slow',
    kind: 'purchase',
    partner: connection._id,
    state: 'accepted',
    externalId: 'po-1',
    dueAtMs: NOW,
  });
  await store.legs.insert(leg);
  const ports = portsWith(() =>
    JSON.stringify({ externalId: 'po-1', state: 'accepted', rawStatus: 'open', reason: '', packages: [] }),
  );
  const six = NOW + 6 * 3_600_000;
  // At the rate of life a sweep postpones by half a minute, in a fast clock by days.
  for (const dueAtMs of [NOW, NOW + 30_000, NOW + 7 * 86_400_000]) {
    await store.legs.change(leg._id, {}, { dueAtMs });
    await pollLeg(ports, systemActor('test'), { workspaceId: WORKSPACE, legId: leg._id });
    expect((await store.legs.find(WORKSPACE, leg._id))?.dueAtMs).toBe(six);
  }
});

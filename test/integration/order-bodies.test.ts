import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { replaceBody } from '#app/order/keep-body.ts';
import { storeOrder } from '#app/order/store.ts';
import type { Ports, Store } from '#app/ports.ts';
import { runRetention } from '#app/retention/run.ts';
import { systemActor } from '#domain/actor.ts';
import { manualClock } from '#domain/clock.ts';
import type { Connection } from '#domain/connection.ts';
import { incomingOrderId } from '#domain/ids.ts';
import type { IncomingOrder } from '#domain/incoming-order.ts';
import { bodyHashOf, LONGEST_BODY, type OrderBody } from '#domain/order-body.ts';
import { defineManifest } from '#kit';
import { openStore } from '#store/store.ts';
import { noVendors, portsOn } from '../support/ports.ts';
import { freshDatabase } from '../support/servers.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 10, 1, 10);

const manifest = defineManifest({
  id: 'testshop',
  role: 'storefront',
  title: 'Test shop',
  apiVersion: '2026-04',
  docs: { url: 'https://shop.example', read: '2026-11-24' },
  credentials: z.object({}),
  settings: z.object({}),
  http: { baseUrl: () => 'https://shop.example', limits: () => [], timeoutMs: 1_000 },
});

let store: Store;
beforeAll(async () => {
  store = await openStore(freshDatabase());
});
afterAll(() => store?.close());

describe('the body of an order', () => {
  let spaces = 0;
  let connection: Connection;
  let orderId: string;
  let ports: Ports;
  let clock: ReturnType<typeof manualClock>;
  beforeEach(() => {
    spaces += 1;
    const workspaceId = `wb_${spaces}`;
    clock = manualClock(START);
    ports = { ...portsOn(store, clock), gateway: { ...noVendors, manifest: () => manifest } };
    connection = {
      _id: 'cn_shop',
      workspaceId,
      connectorId: 'testshop',
      role: 'storefront',
      name: 'shop',
      credentials: '',
      settings: {},
      state: 'active',
      live: true,
      fulfilFromMs: 0,
      webhookSecret: '',
      cursor: { since: '2026-01-01T00:00:00Z', next: null },
      pollEveryMinutes: 5,
      createdAtMs: 1,
      lastError: '',
    };
    orderId = incomingOrderId(workspaceId, connection._id, '100');
  });

  const incoming = (changes: Partial<IncomingOrder> = {}): IncomingOrder => ({
    externalId: '100',
    number: '100',
    placedAt: '2026-11-01T10:00:00Z',
    updatedAt: '2026-11-01T10:00:00Z',
    currency: 'EUR',
    payment: { state: 'paid', method: '', paidMinor: 2_000, paidAt: null },
    rawStatus: 'paid',
    cancelledAt: null,
    buyer: { externalId: null, name: 'Ana', email: '' },
    test: false,
    risk: 'none',
    shipTo: null,
    billTo: null,
    lines: [],
    charges: [],
    refunds: [],
    totalMinor: 2_000,
    note: '',
    ...changes,
  });
  /** An answer of the shop `afterMs` after the first one. */
  const see = (afterMs: number, body: unknown, changes: Partial<IncomingOrder> = {}) =>
    storeOrder(ports, {
      connection,
      incoming: incoming(changes),
      body,
      fetched: { sentAtMs: START + afterMs, answeredAtMs: START + afterMs + 10 },
    });
  const kept = () => store.orderBodies.find(connection.workspaceId, orderId);
  const stored = async () => (await store.orders.find(connection.workspaceId, orderId)) ?? expect.fail('no order');

  it('is kept from the first sight on, with keys that no database takes', async () => {
    const body = { $schema: 1, 'a.b': { '': [null, 'ü€😀'] } };
    await see(0, body);
    expect(JSON.parse((await kept())?.json ?? '')).toEqual(body);
    expect(await kept()).toMatchObject({ apiVersion: '2026-04', sentAtMs: START, hash: (await stored()).bodyHash });
  });

  it('is written once for one answer, however often it is met', async () => {
    await see(0, { n: 1 });
    const { version } = await stored();
    for (const afterMs of [100, 200, 300]) await see(afterMs, { n: 1 });
    expect([(await stored()).version, (await kept())?.sentAtMs]).toEqual([version, START]);
  });

  it('is the last that the shop gave, also where nothing differs in what is read of it; then there is no version', async () => {
    await see(0, { n: 1 });
    await see(100, { n: 1, unread: true });
    expect(JSON.parse((await kept())?.json ?? '')).toEqual({ n: 1, unread: true });
    expect((await stored()).versions).toEqual([]);
    await see(200, { n: 2 }, { note: 'please hurry' });
    expect(JSON.parse((await kept())?.json ?? '')).toEqual({ n: 2 });
    expect((await stored()).versions).toHaveLength(1);
    expect((await kept())?.hash).toBe((await stored()).bodyHash);
  });

  it('comes with the next answer to an order that has none, as those of version 0.1.0', async () => {
    await storeOrder(ports, {
      connection,
      incoming: incoming(),
      fetched: { sentAtMs: START, answeredAtMs: START + 10 },
    });
    expect([await kept(), (await stored()).bodyHash]).toEqual([null, undefined]);
    await see(1_000, { n: 1 });
    expect([(await kept())?.hash, (await stored()).versions]).toEqual([(await stored()).bodyHash, []]);
  });

  it('is not that of an older answer', async () => {
    await see(1_000, { n: 2 }, { updatedAt: '2026-11-01T10:00:09Z' });
    await see(2_000, { n: 1 });
    expect(JSON.parse((await kept())?.json ?? '')).toEqual({ n: 2 });
  });

  it('is the later one of two that are written in the wrong order', async () => {
    const bodyAt = (n: number): OrderBody => ({
      _id: orderId,
      workspaceId: connection.workspaceId,
      apiVersion: '1',
      json: String(n),
      hash: bodyHashOf(String(n)),
      sentAtMs: n,
      answeredAtMs: n,
    });
    await replaceBody(ports, bodyAt(1), undefined);
    await replaceBody(ports, bodyAt(3), bodyHashOf('2'));
    await replaceBody(ports, bodyAt(2), bodyHashOf('1'));
    expect((await kept())?.json).toBe('3');
    // However many at the same time.
    await Promise.all([7, 4, 9, 5, 8, 6].map((n) => replaceBody(ports, bodyAt(n), bodyHashOf('3'))));
    expect((await kept())?.json).toBe('9');
  });

  it('keeps no order from being stored when it is too long to be kept', async () => {
    const { created } = await see(0, { text: 'x'.repeat(LONGEST_BODY) });
    expect([created, (await kept())?.json]).toEqual([true, '']);
  });

  it('is gone after its days, and the order stays; one of these days stays', async () => {
    await see(0, { n: 1 });
    const days = ports.retention.inboxDays;
    const retain = async () => {
      while (!(await runRetention(ports, systemActor('test'), { workspaceId: connection.workspaceId })).done);
    };
    clock.advance(days * DAY);
    await retain();
    expect(await kept()).not.toBeNull();
    clock.advance(DAY);
    await retain();
    expect(await kept()).toBeNull();
    expect((await stored()).number).toBe('100');
    // It comes again with the next change.
    await see(days * DAY, { n: 2 }, { updatedAt: '2026-12-03T10:00:00Z' });
    expect(JSON.parse((await kept())?.json ?? '')).toEqual({ n: 2 });
  });

  it('is not kept of a buyer who was erased', async () => {
    await see(0, { n: 1 });
    await store.orders.change(orderId, {}, { erasedAtMs: START, bodyHash: '' });
    await store.orderBodies.delete(orderId);
    await see(1_000, { n: 2 }, { updatedAt: '2026-11-01T11:00:00Z', rawStatus: 'archived' });
    expect(await kept()).toBeNull();
    expect(await stored()).toMatchObject({ rawStatus: 'archived', bodyHash: '' });
  });

  it('is not kept of a buyer who is erased while it is written', async () => {
    await see(0, { n: 1 }, { cancelledAt: '2026-11-01T10:00:00Z' });
    const erase = async () => {
      await store.orderBodies.delete(orderId);
      await store.orders.change(orderId, {}, { erasedAtMs: START, bodyHash: '' });
    };
    const { change } = store.orderBodies;
    const orderBodies: Store['orderBodies'] = {
      ...store.orderBodies,
      async change(...given) {
        await erase();
        return change(...given);
      },
    };
    ports = { ...ports, store: { ...store, orderBodies } };
    await see(1_000, { n: 2 }, { updatedAt: '2026-11-01T11:00:00Z', cancelledAt: '2026-11-01T10:00:00Z', note: 'x' });
    expect(await kept()).toBeNull();
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { retryCause } from '#app/exception/retry.ts';
import { retryUnread } from '#app/exception/retry-unread.ts';
import { countUnreadable } from '#app/exception/unreadable.ts';
import { pullListings } from '#app/listing/pull.ts';
import { ingestOrder } from '#app/order/ingest.ts';
import { pullOrders } from '#app/order/pull.ts';
import type { Ports, Store } from '#app/ports.ts';
import { pullSupply } from '#app/stock/pull-supply.ts';
import { systemActor } from '#domain/actor.ts';
import { type ManualClock, manualClock } from '#domain/clock.ts';
import type { UnreadableCause } from '#domain/exception.ts';
import { Failure } from '#domain/failure.ts';
import { offerId, supplierShelf } from '#domain/ids.ts';
import type { Retry } from '#domain/job.ts';
import { Offer } from '#domain/offer.ts';
import { openStore } from '#store/store.ts';
import { woocommerce } from '../../connectors/woocommerce/index.ts';
import { NOW, sampleConnection, WORKSPACE } from '../../src/console/testing/samples.ts';
import { noVendors, portsOn } from '../support/ports.ts';
import { freshDatabase } from '../support/servers.ts';

let store: Store;
const actor = systemActor('test');
beforeAll(async () => {
  store = await openStore(freshDatabase());
  await store.workspaces.insert({
    _id: WORKSPACE,
    workspaceId: WORKSPACE,
    name: 'W',
    terms: { currency: 'GBP', creditLimitMinor: 0, mandateLimitMinor: 0, marginFloorBps: 0, safetyStock: 0 },
    createdAtMs: NOW,
  });
});
afterAll(() => store?.close());

/** A vendor that answers with what `answers` holds at the moment, one page after another; a Failure is thrown. */
const portsWith = (clock: ManualClock, answers: unknown[], version = '1'): Ports => ({
  ...portsOn(store, clock),
  version,
  gateway: {
    ...noVendors,
    manifest: () => woocommerce.manifest,
    call: async () => {
      const answer = answers.shift();
      if (answer instanceof Failure) throw answer;
      return JSON.parse(JSON.stringify(answer));
    },
  },
});
const bad = (id: string | null, raw = '"many"') => ({ id, field: 'quantity', reason: 'is no number', raw });
const page = (rejected: unknown[], next: string | null = null) => ({ items: [], rejected, next });
const openOf = async (connectionId: string, cause: UnreadableCause): Promise<string[]> =>
  (await store.exceptions.list(WORKSPACE, { cause, state: 'open' }, { limit: 99 }))
    .flatMap(({ subject }) =>
      subject.id.startsWith(`${connectionId} `) ? [subject.id.split(' ').slice(2).join(' ')] : [],
    )
    .sort();

describe('listings that cannot be read', () => {
  const connection = sampleConnection('cn_listings');
  const clock = manualClock(NOW);
  const pull = (...pages: unknown[]) => {
    clock.advance(1_000);
    return pullListings(portsWith(clock, pages), WORKSPACE, connection._id, async () => {});
  };
  const open = () => openOf(connection._id, 'listing_unreadable');
  beforeAll(() => store.connections.insert(connection));

  it('are one exception each over two pages and two walks, close when a walk does not meet them, and open again', async () => {
    await pull(page([bad('a'), bad(null), bad(null)], '2'), page([bad('b'), bad('b')]));
    expect(await open()).toEqual(['a', 'b', 'first page quantity']);
    await pull(page([bad('a')]), 'never asked for');
    expect(await open()).toEqual(['a']);
    await pull(page([]));
    expect(await open()).toEqual([]);
    await pull(page([bad('a')]));
    expect(await open()).toEqual(['a']);
  });

  it('stay open while no walk has come to its end', async () => {
    const lost = new Failure('unavailable', 'down');
    await expect(pull(page([bad('c')], '2'), lost)).rejects.toBe(lost);
    expect(await open()).toEqual(['a', 'c']);
  });

  it('are counted for their connection and no other', async () => {
    const other = sampleConnection('cn_listings2');
    await store.connections.insert(other);
    clock.advance(1_000);
    await pullListings(portsWith(clock, [page([bad('x')])]), WORKSPACE, other._id, async () => {});
    expect(await open()).toEqual(['a', 'c']);
    const counts = await countUnreadable({ store }, WORKSPACE);
    expect(counts.get(connection._id)).toEqual({ orders: 0, listings: 2, stock: 0 });
    expect(counts.get(other._id)).toEqual({ orders: 0, listings: 1, stock: 0 });
  });

  it('are walked once for all of a cause that is tried again', async () => {
    const started: Retry[] = [];
    const start = async (step: Retry) => void started.push(step);
    const tried = await retryCause(portsWith(clock, []), actor, {
      workspaceId: WORKSPACE,
      cause: 'listing_unreadable',
      start,
    });
    expect(tried).toEqual({ selected: 3, retried: 3 });
    expect(started.map(({ job }) => job)).toEqual(['listings.pull', 'listings.pull']);
  });
});

describe('stock that cannot be read', () => {
  const connection = sampleConnection('cn_stock', { role: 'supplier', connectorId: 'cj' });
  const clock = manualClock(NOW);
  beforeAll(async () => {
    await store.connections.insert(connection);
    const location = supplierShelf(connection._id);
    const offer = { sku: 'A', mode: 'oem_dropship', partner: connection._id, location, unitCost: '1', currency: 'GBP' };
    await store.offers.insert({ _id: offerId(WORKSPACE, 'A'), workspaceId: WORKSPACE, ...Offer.parse(offer) });
  });
  const pull = (...pages: unknown[]) => {
    clock.advance(1_000);
    return pullSupply(portsWith(clock, pages), WORKSPACE, connection._id, async () => {});
  };
  const open = () => openOf(connection._id, 'stock_unreadable');

  it('closes by the end of a walk that was put off in the middle, and what that walk has met stays open', async () => {
    await pull(page([bad('gone'), bad('stays')]));
    const full = new Failure('rate_limited', 'no room', { retryAfterMs: 1_000 });
    await expect(pull(page([bad('stays')], '2'), full)).rejects.toBe(full);
    expect(await open()).toEqual(['gone', 'stays']);
    await pull(page([bad('new')]));
    expect(await open()).toEqual(['new', 'stays']);
    await pull(page([]));
    expect(await open()).toEqual([]);
  });
});

describe('orders that cannot be read', () => {
  const connection = sampleConnection('cn_orders', { cursor: { since: new Date(NOW).toISOString(), next: null } });
  const clock = manualClock(NOW);
  const order = (externalId: string) => ({
    externalId,
    number: externalId,
    placedAt: new Date(NOW).toISOString(),
    updatedAt: new Date(clock.now()).toISOString(),
    currency: 'GBP',
    payment: { state: 'paid', method: '', paidMinor: 0, paidAt: null },
    rawStatus: '',
    cancelledAt: null,
    buyer: { externalId: null, name: '', email: '' },
    test: false,
    risk: 'none',
    shipTo: null,
    billTo: null,
    lines: [],
    charges: [],
    refunds: [],
    totalMinor: 0,
    note: '',
  });
  beforeAll(() => store.connections.insert(connection));
  const pull = (...pages: unknown[]) => {
    clock.advance(60_000);
    const ref = { workspaceId: WORKSPACE, connectionId: connection._id };
    return pullOrders(portsWith(clock, pages), actor, ref, async () => {});
  };
  const read = (id: string) => ({ order: order(id), body: {} });
  const open = () => openOf(connection._id, 'order_unreadable');

  it('close when a poll reads them, also those that were known before', async () => {
    await pull({ items: [read('1')], rejected: [bad('2')], next: null });
    await pull({ items: [], rejected: [bad('1')], next: null });
    expect(await open()).toEqual(['1', '2']);
    await pull({ items: [read('1'), read('2')], rejected: [], next: null });
    expect(await open()).toEqual([]);
  });

  it('close when they are fetched, also those that were known before', async () => {
    await pull({ items: [], rejected: [bad('1')], next: null });
    expect(await open()).toEqual(['1']);
    clock.advance(60_000);
    const ref = { workspaceId: WORKSPACE, connectionId: connection._id, externalId: '1' };
    await ingestOrder(portsWith(clock, [read('1')]), actor, ref);
    expect(await open()).toEqual([]);
  });
});

describe('a later version of the product', () => {
  it('tries each item again once, a walk once for all of its items', async () => {
    const clock = manualClock(NOW);
    const shop = sampleConnection('cn_later', { cursor: { since: new Date(NOW).toISOString(), next: null } });
    await store.connections.insert(shop);
    const ref = { workspaceId: WORKSPACE, connectionId: shop._id };
    await pullListings(portsWith(clock, [page([bad('a'), bad('b')])]), WORKSPACE, shop._id, async () => {});
    await pullOrders(portsWith(clock, [page([bad('7'), bad(null)])]), actor, ref, async () => {});
    const startAs = async (version: string): Promise<string[]> => {
      const started: Retry[] = [];
      await retryUnread(portsWith(clock, [], version), actor, { start: async (step) => void started.push(step) });
      return started.flatMap(({ job, payload }) =>
        'connectionId' in payload && payload.connectionId === shop._id ? [job] : [],
      );
    };
    expect(await startAs('1')).toEqual([]);
    expect((await startAs('2')).sort()).toEqual(['listings.pull', 'order.ingest']);
    expect(await startAs('2')).toEqual([]);
    // What cannot be read by it either waits for the next.
    clock.advance(1_000);
    await pullListings(portsWith(clock, [page([bad('a')])], '2'), WORKSPACE, shop._id, async () => {});
    expect(await openOf(shop._id, 'listing_unreadable')).toEqual(['a']);
    expect(await startAs('2')).toEqual([]);
    expect((await startAs('3')).sort()).toEqual(['listings.pull', 'order.ingest']);
  });

  it('leaves what belongs to a connection that stands still until it may be read again', async () => {
    const clock = manualClock(NOW);
    const shop = sampleConnection('cn_still');
    await store.connections.insert(shop);
    await pullListings(portsWith(clock, [page([bad('a')])]), WORKSPACE, shop._id, async () => {});
    const startAs = async (state: 'paused' | 'active'): Promise<number> => {
      await store.connections.change(shop._id, {}, { state });
      const started: Retry[] = [];
      await retryUnread(portsWith(clock, [], '5'), actor, { start: async (step) => void started.push(step) });
      return started.filter(({ payload }) => 'connectionId' in payload && payload.connectionId === shop._id).length;
    };
    expect(await startAs('paused')).toBe(0);
    expect(await startAs('active')).toBe(1);
    expect(await startAs('active')).toBe(0);
  });

  it('tries again what could not be put on its queue', async () => {
    const clock = manualClock(NOW);
    const ports = portsWith(clock, [], '6');
    const lost = new Error('Redis is down');
    await expect(retryUnread(ports, actor, { start: () => Promise.reject(lost) })).rejects.toBe(lost);
    const started: Retry[] = [];
    await retryUnread(ports, actor, { start: async (step) => void started.push(step) });
    expect(started.length).toBeGreaterThan(0);
  });
});

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
import type { Connection } from '#domain/connection.ts';
import type { UnreadableCause } from '#domain/exception.ts';
import { Failure } from '#domain/failure.ts';
import { offerId, supplierShelf } from '#domain/ids.ts';
import type { Retry } from '#domain/job.ts';
import { Offer } from '#domain/offer.ts';
import { openStore } from '#store/store.ts';
import { woocommerce } from '../../connectors/woocommerce/index.ts';
import { NOW, sampleConnection } from '../../src/console/testing/samples.ts';
import { noVendors, portsOn } from '../support/ports.ts';
import { freshDatabase } from '../support/servers.ts';

let store: Store;
const actor = systemActor('test');
beforeAll(async () => {
  store = await openStore(freshDatabase());
});
afterAll(() => store?.close());

const bad = (id: string | null, raw = '"many"') => ({ id, field: 'quantity', reason: 'is no number', raw });
const page = (rejected: unknown[], next: string | null = null) => ({ items: [], rejected, next });
const lost = new Failure('unavailable', 'down');

/** A vendor that answers with `answers`, one after another; a Failure is thrown. */
const portsWith = (clock: ManualClock, answers: unknown[], version: string): Ports => ({
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

let made = 0;
/** A connection in a workspace of its own, with one offer of what a supplier has. */
const fresh = async (changes: Partial<Connection> = {}) => {
  made += 1;
  const workspaceId = `ws_${made}`;
  const clock = manualClock(NOW);
  await store.workspaces.insert({
    _id: workspaceId,
    workspaceId,
    name: 'W',
    terms: { currency: 'GBP', creditLimitMinor: 0, mandateLimitMinor: 0, marginFloorBps: 0, safetyStock: 0 },
    createdAtMs: NOW,
  });
  const connect = async (id: string): Promise<Connection> => {
    const cursor = { since: new Date(NOW).toISOString(), next: null };
    const connection = sampleConnection(`${id}_${made}`, { workspaceId, cursor, ...changes });
    await store.connections.insert(connection);
    return connection;
  };
  const connection = await connect('cn');
  const location = supplierShelf(connection._id);
  const offer = { sku: 'A', mode: 'oem_dropship', partner: connection._id, location, unitCost: '1', currency: 'GBP' };
  await store.offers.insert({ _id: offerId(workspaceId, 'A'), workspaceId, ...Offer.parse(offer) });

  const ports = (answers: unknown[], version = '1') => {
    clock.advance(60_000);
    return portsWith(clock, answers, version);
  };
  const ref = { workspaceId, connectionId: connection._id };
  const openOf = async (cause: UnreadableCause, { _id } = connection): Promise<string[]> =>
    (await store.exceptions.list(workspaceId, { cause, state: 'open' }, { limit: 99 }))
      .flatMap(({ subject: { id } }) => (id.startsWith(`${_id} `) ? [id.split(' ').slice(2).join(' ')] : []))
      .sort();
  const read = (externalId: string) => ({ order: orderAt(externalId, clock.now()), body: {} });
  /** The steps that a process of this version starts for this workspace. */
  const startAs = async (version: string): Promise<string[]> => {
    const started: Retry[] = [];
    await retryUnread(ports([], version), actor, { start: async (step) => void started.push(step) });
    return started.flatMap(({ job, payload }) => (payload.workspaceId === workspaceId ? [job] : [])).sort();
  };
  return {
    workspaceId,
    connection,
    connect,
    ports,
    read,
    startAs,
    openOf,
    listings: (pages: unknown[], { _id } = connection, version = '1') =>
      pullListings(ports(pages, version), workspaceId, _id, async () => {}),
    stock: (pages: unknown[]) => pullSupply(ports(pages), workspaceId, connection._id, async () => {}),
    orders: (pages: unknown[]) => pullOrders(ports(pages), actor, ref, async () => {}),
    fetch: (externalId: string) => ingestOrder(ports([read(externalId)]), actor, { ...ref, externalId }),
  };
};

const orderAt = (externalId: string, atMs: number) => ({
  externalId,
  number: externalId,
  placedAt: new Date(NOW).toISOString(),
  updatedAt: new Date(atMs).toISOString(),
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

describe('listings that cannot be read', () => {
  it('are one exception each over two pages and two walks, close when a walk does not meet them, and open again', async () => {
    const { listings, openOf } = await fresh();
    const open = () => openOf('listing_unreadable');
    await listings([page([bad('a'), bad(null), bad(null)], '2'), page([bad('b'), bad('b')])]);
    expect(await open()).toEqual(['a', 'b', 'first page quantity']);
    await listings([page([bad('a')])]);
    expect(await open()).toEqual(['a']);
    await listings([page([])]);
    expect(await open()).toEqual([]);
    await listings([page([bad('a')])]);
    expect(await open()).toEqual(['a']);
  });

  it('stay open while no walk has come to its end', async () => {
    const { listings, openOf } = await fresh();
    await listings([page([bad('a')])]);
    await expect(listings([page([bad('b')], '2'), lost])).rejects.toBe(lost);
    expect(await openOf('listing_unreadable')).toEqual(['a', 'b']);
  });

  it('are counted, and closed, for their connection and no other', async () => {
    const { listings, openOf, connection, connect, workspaceId } = await fresh();
    const other = await connect('cn_other');
    await listings([page([bad('a'), bad('b')])]);
    await listings([page([bad('a')])], other);
    const counts = await countUnreadable({ store }, workspaceId);
    expect(counts.get(connection._id)).toEqual({ orders: 0, listings: 2, stock: 0 });
    expect(counts.get(other._id)).toEqual({ orders: 0, listings: 1, stock: 0 });
    await listings([page([])], other);
    expect(await openOf('listing_unreadable')).toEqual(['a', 'b']);
    expect(await openOf('listing_unreadable', other)).toEqual([]);
  });

  it('are walked once for all of a cause that is tried again', async () => {
    const { listings, connect, ports, workspaceId } = await fresh();
    await listings([page([bad('a'), bad('b')])]);
    await listings([page([bad('a')])], await connect('cn_other'));
    const started: Retry[] = [];
    const start = async (step: Retry) => void started.push(step);
    const tried = await retryCause(ports([]), actor, { workspaceId, cause: 'listing_unreadable', start });
    expect(tried).toEqual({ selected: 3, retried: 3 });
    expect(started.map(({ job }) => job)).toEqual(['listings.pull', 'listings.pull']);
  });
});

describe('stock that cannot be read', () => {
  it('closes by the end of a walk that was put off in the middle, and what that walk has met stays open', async () => {
    const { stock, openOf } = await fresh({ role: 'supplier', connectorId: 'cj' });
    const open = () => openOf('stock_unreadable');
    await stock([page([bad('gone'), bad('stays')])]);
    await expect(stock([page([bad('stays')], '2'), lost])).rejects.toBe(lost);
    expect(await open()).toEqual(['gone', 'stays']);
    await stock([page([bad('new')])]);
    expect(await open()).toEqual(['new', 'stays']);
    await stock([page([])]);
    expect(await open()).toEqual([]);
  });
});

describe('orders that cannot be read', () => {
  it('close when a poll reads them, also those that were known before', async () => {
    const { orders, openOf, read } = await fresh();
    const open = () => openOf('order_unreadable');
    await orders([{ items: [read('1')], rejected: [bad('2')], next: null }]);
    await orders([page([bad('1')])]);
    expect(await open()).toEqual(['1', '2']);
    await orders([{ items: [read('1'), read('2')], rejected: [], next: null }]);
    expect(await open()).toEqual([]);
  });

  it('close when they are fetched, also those that were known before', async () => {
    const { orders, openOf, read, fetch } = await fresh();
    await orders([{ items: [read('1')], rejected: [bad('2')], next: null }]);
    await orders([page([bad('1')])]);
    for (const id of ['1', '2']) await fetch(id);
    expect(await openOf('order_unreadable')).toEqual([]);
  });
});

describe('a later version of the product', () => {
  it('tries each item again once, a walk once for all of its items', async () => {
    const { listings, orders, openOf, startAs, connection } = await fresh();
    await listings([page([bad('a'), bad('b')])]);
    await orders([page([bad('7'), bad(null)])]);
    expect(await startAs('1')).toEqual([]);
    expect(await startAs('2')).toEqual(['listings.pull', 'order.ingest']);
    expect(await startAs('2')).toEqual([]);
    // What cannot be read by it either waits for the next.
    await listings([page([bad('a')])], connection, '2');
    expect(await openOf('listing_unreadable')).toEqual(['a']);
    expect(await startAs('2')).toEqual([]);
    expect(await startAs('3')).toEqual(['listings.pull', 'order.ingest']);
  });

  it('leaves what belongs to a connection that stands still until it may be read again', async () => {
    const { listings, startAs, connection } = await fresh();
    await listings([page([bad('a')])]);
    await store.connections.change(connection._id, {}, { state: 'paused' });
    expect(await startAs('2')).toEqual([]);
    await store.connections.change(connection._id, {}, { state: 'active' });
    expect(await startAs('2')).toEqual(['listings.pull']);
    expect(await startAs('2')).toEqual([]);
  });

  it('tries again what could not be put on its queue', async () => {
    const { listings, ports, startAs } = await fresh();
    await listings([page([bad('a')])]);
    await expect(retryUnread(ports([], '2'), actor, { start: () => Promise.reject(lost) })).rejects.toBe(lost);
    expect(await startAs('2')).toEqual(['listings.pull']);
  });
});

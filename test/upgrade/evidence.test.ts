import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BSON, type Db, MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connection } from '#domain/connection.ts';
import type { ExceptionRecord } from '#domain/exception.ts';
import { MODE_NAMES } from '#domain/offer.ts';
import type { Return } from '#domain/return.ts';
import type { Shipment } from '#domain/shipment.ts';
import { openWorld, type Place, type World } from '#simulator/world.ts';
import type { Leg1, Order1 } from '#store/migrations/version-1.ts';
import type { CaseFile } from '#trade/case-file/case-file.ts';
import { readConfig } from '../../config/env.ts';
import { compose } from '../../src/compose.ts';
import { freshDatabase, freshRedisPrefix, servers } from '../support/servers.ts';
import { CAUSES, COUNTED, EFFECTS, STATES } from './known-states.ts';
import {
  collectionsOf,
  type EvidenceSet,
  factsOf,
  type LoadedSet,
  linesOf,
  loadEvidence,
  SETS,
} from './load-evidence.ts';

interface Opened {
  loaded: LoadedSet;
  world: World;
  client: MongoClient;
  db: Db;
  orders: Order1[];
  legs: Leg1[];
  shipments: Shipment[];
  returns: Return[];
  exceptions: ExceptionRecord[];
  connections: Connection[];
  cases: CaseFile[];
}

const opened = new Map<EvidenceSet, Opened>();
const folders: string[] = [];
const of = (set: EvidenceSet): Opened => opened.get(set) ?? expect.fail(`${set} is not loaded`);

beforeAll(async () => {
  for (const set of SETS) {
    const folder = mkdtempSync(path.join(tmpdir(), 'crossdock-evidence-'));
    folders.push(folder);
    const loaded = await loadEvidence(set, { mongodbUri: freshDatabase(), folder });
    const client = new MongoClient(loaded.mongodbUri);
    const db = client.db();
    const all = <T extends { _id: string }>(name: string): Promise<T[]> =>
      db
        .collection<{ _id: string }>(name)
        .find()
        .sort({ _id: 1 })
        .toArray()
        .then((found) => found as unknown as T[]);
    const world = await openWorld({
      folder: loaded.worldFolder,
      startMs: loaded.facts.clockMs,
      rate: 1,
      suppliersShipAfterMs: 24 * 3_600_000,
    });
    opened.set(set, {
      loaded,
      world,
      client,
      db,
      orders: await all('orders'),
      legs: await all('legs'),
      shipments: await all('shipments'),
      returns: await all('returns'),
      exceptions: await all('exceptions'),
      connections: await all('connections'),
      cases: await all('cases'),
    });
  }
});
afterAll(async () => {
  for (const { world, client } of opened.values()) {
    await world.close();
    await client.close();
  }
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const tally = (words: readonly string[]): Record<string, number> =>
  Object.fromEntries(
    [...Map.groupBy(words, (word) => word)]
      .map(([word, all]) => [word, all.length] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

describe.each(SETS)('the set %s', (set) => {
  it('is whole: each collection has as many documents as were written down, and every number kept its type', async () => {
    const { db, loaded } = of(set);
    expect(collectionsOf(set)).toEqual(Object.keys(loaded.facts.counts).sort());
    const ports = new Map<string, number>(Object.entries(loaded.sandboxPorts));
    const before = new Map(
      Object.entries(loaded.facts.sandboxPorts).map(([place, port]) => [String(port), ports.get(place)]),
    );
    const moved = (line: string) =>
      line.replace(/127\.0\.0\.1:(\d+)/g, (whole, port: string) =>
        before.has(port) ? `127.0.0.1:${before.get(port)}` : whole,
      );
    for (const name of collectionsOf(set)) {
      const documents = await db.collection(name).find({}, { promoteValues: false }).sort({ _id: 1 }).toArray();
      expect([name, documents.length]).toEqual([name, loaded.facts.counts[name]]);
      // Two of the connections were sealed again, for the new ports of their vendors.
      if (name === 'connections') continue;
      const lines = documents.map((document) => BSON.EJSON.stringify(document, { relaxed: false }));
      expect(lines).toEqual(linesOf(set, name).map(moved));
    }
  });

  it('has its documents in the states that are written down', () => {
    const { orders, legs, shipments, returns, exceptions, cases, connections } = of(set);
    expect({
      orders: tally(orders.map(({ state }) => state)),
      legs: tally(legs.map(({ kind, state, orderId }) => `${kind} ${state}${orderId === null ? ' for stock' : ''}`)),
      shipments: tally(shipments.map(({ state }) => state)),
      returns: tally(returns.map(({ state }) => state)),
      exceptions: tally(exceptions.map(({ cause, state }) => `${cause} ${state}`)),
      cases: tally(cases.map(({ state }) => state)),
      connections: tally(connections.map(({ state, live }) => `${state}${live ? '' : ', not live'}`)),
    }).toEqual(COUNTED[set]);
  });

  it('has a clock that fits its documents, and the world goes on after the latest of them', () => {
    const { loaded, orders, legs } = of(set);
    const latest = Math.max(...orders.map((order) => order.updatedAtMs), ...legs.map((leg) => leg.updatedAtMs));
    // The clock is written down every 250 ms of real time; a product that was killed may have seen that much more, and some.
    expect(latest).toBeLessThan(loaded.facts.clockMs + 1_000 * loaded.facts.rate);
    expect(latest).toBeGreaterThan(loaded.facts.clockMs - 6 * 3_600_000);
    expect(of(set).world.clock.clock.now()).toBeGreaterThan(latest);
  });

  it('has at each vendor what its documents say, and beyond that only the lost answers of the table', () => {
    const { world, legs, shipments, returns, orders } = of(set);
    const { sandboxes } = world;
    const expected = EFFECTS[set];
    const numbers = new Map(orders.map(({ _id, number }) => [_id, number]));
    const references = (place: Place, kind: Parameters<World['sandboxes'][Place]['effects']>[0]) =>
      sandboxes[place].effects(kind).map(({ reference }) => reference);

    const bought = { cj: references('cj', 'purchases'), feed: references('feed', 'purchases') };
    const held = [...bought.cj, ...bought.feed];
    const purchases = legs.filter(({ kind }) => kind === 'purchase');
    const named = (found: readonly Leg1[]) => found.map(({ orderNumber, _id }) => orderNumber || _id).sort();
    expect(new Set(held).size).toBe(held.length);
    expect(held.filter((reference) => !purchases.some(({ _id }) => _id === reference))).toEqual([]);
    expect(named(purchases.filter(({ _id, externalId }) => externalId !== '' && !held.includes(_id)))).toEqual([]);
    const lost = purchases.filter(
      ({ state, externalId }) => ['submitted', 'unknown'].includes(state) && externalId === '',
    );

    const labels = references('easypost', 'labels');
    const unlabelled = shipments.filter(({ _id, label }) => label === null && labels.includes(_id));
    const told = [...references('shopify', 'confirmations'), ...references('woocommerce', 'confirmations')];
    const isTold = ({ _id, tracking }: Shipment) =>
      told.includes(_id) || (tracking !== null && told.includes(tracking.number));
    const refunds = [...sandboxes.shopify.effects('refunds'), ...sandboxes.woocommerce.effects('refunds')];
    const orderOf = ({ orderId }: { orderId: string | null }) => numbers.get(orderId ?? '') ?? '';

    expect({
      purchases: { cj: bought.cj.length, feed: bought.feed.length },
      purchasesWithLostAnswer: named(
        purchases.filter(({ _id, externalId }) => externalId === '' && held.includes(_id)),
      ),
      purchasesNotHeld: named(lost.filter(({ _id }) => !held.includes(_id))),
      labels: labels.length,
      labelsWithLostAnswer: unlabelled.map(orderOf).sort(),
      confirmations: {
        shopify: references('shopify', 'confirmations').length,
        woocommerce: references('woocommerce', 'confirmations').length,
      },
      confirmationsWithLostAnswer: shipments
        .filter((s) => s.confirmationId === null && isTold(s))
        .map(orderOf)
        .sort(),
      refunds: {
        shopify: references('shopify', 'refunds').length,
        woocommerce: references('woocommerce', 'refunds').length,
      },
      refundsWithLostAnswer: returns
        .filter(({ _id, externalId }) => externalId === '' && refunds.some(({ reference }) => reference.includes(_id)))
        .map(orderOf)
        .sort(),
    }).toEqual(expected);
    // What the documents say was done was done.
    expect(shipments.filter(({ _id, label }) => label !== null && !labels.includes(_id))).toEqual([]);
    expect(shipments.filter((s) => s.confirmationId !== null && !isTold(s))).toEqual([]);
    const known = new Set(refunds.map(({ id }) => id));
    expect(returns.filter(({ externalId }) => externalId !== '' && !known.has(externalId))).toEqual([]);
  });
});

describe('the set demo', () => {
  it('has one export case of each business model, each about an order of its own', () => {
    const { cases, orders } = of('demo');
    expect(cases.map(({ mode }) => mode).sort()).toEqual([...MODE_NAMES].sort());
    for (const { orderId } of cases) expect(orders.find(({ _id }) => _id === orderId)?.number).toMatch(/^EX-/);
  });
});

describe('the set history', () => {
  it('was stopped half-way', () => {
    const { events = 0, told = 0 } = factsOf('history');
    expect(told).toBeGreaterThan(events * 0.4);
    expect(told).toBeLessThan(events * 0.6);
    expect(of('history').world.facts.get('events')).toBe(String(told));
  });
});

describe('the set states', () => {
  /** One order in one line, as the table tells it. */
  const tell = (order: Order1): string => {
    const { legs, shipments, returns } = of('states');
    const own = <T extends { orderId: string | null }>(all: readonly T[]) =>
      all.filter(({ orderId }) => orderId === order._id);
    const sum = (leg: Leg1, count: 'quantity' | 'shipped' | 'cancelled' | 'returned' | 'received') =>
      leg.lines.reduce((total, line) => total + line[count], 0);
    const counts = (leg: Leg1) =>
      (['shipped', 'cancelled', 'returned', 'received'] as const)
        .filter((count) => sum(leg, count) > 0)
        .map((count) => `${sum(leg, count)} ${count}`);
    return [
      [
        order.state,
        `${order.financial}/${order.rawStatus}`,
        order.currency,
        ...(order.shipTo ? [] : ['no address']),
      ].join(' '),
      ...own(legs)
        .map((leg) =>
          [
            `${leg.kind} ${leg.state}`,
            `${sum(leg, 'quantity')} units`,
            ...counts(leg),
            ...(leg.externalId === '' ? [] : ['known there']),
            ...(leg.shipTo.made ? ['made-up address'] : []),
            ...(leg.dueAtMs === null ? [] : ['due']),
          ].join(', '),
        )
        .sort(),
      ...own(shipments)
        .map(
          (s) => `shipment ${[s.state, ...(s.label ? ['label'] : []), ...(s.troubled ? ['troubled'] : [])].join(', ')}`,
        )
        .sort(),
      ...own(returns)
        .map((r) => `return ${r.state}`)
        .sort(),
    ].join(' | ');
  };

  it.each(STATES)('$number: $why', ({ number, is }) => {
    const order = of('states').orders.find((each) => each.number === number) ?? expect.fail(`no order ${number}`);
    expect(tell(order)).toBe(is);
    expect(factsOf('states').orders[number]?.orderId).toBe(order._id);
  });

  it('has a row for every order but those of the burst at the end', () => {
    const rest = of('states').orders.filter(({ number }) => !STATES.some((row) => row.number === number));
    expect(rest.filter(({ number }) => !/^E-2\d\d$/.test(number))).toEqual([]);
    expect(rest.length).toBeGreaterThan(20);
  });

  it('has every cause of an exception, open', () => {
    const open = of('states').exceptions.filter(({ state }) => state === 'open');
    expect(new Set(open.map(({ cause }) => cause))).toEqual(new Set(CAUSES));
  });

  it('has costs in another currency than the order, bought and not bought', () => {
    const { orders, legs } = of('states');
    const mixed = orders.filter(({ lines, currency }) =>
      lines.some(({ offer }) => offer !== null && offer.currency !== currency),
    );
    const sent = (order: Order1) => legs.some((leg) => leg.orderId === order._id && leg.externalId !== '');
    expect(
      mixed
        .filter(sent)
        .map(({ number }) => number)
        .sort(),
    ).toEqual(['E-125', 'E-126', 'E-128']);
    expect(
      mixed
        .filter((order) => !sent(order))
        .map(({ number }) => number)
        .sort(),
    ).toEqual(['E-127', 'E-129']);
  });

  it('has bulk purchases at every stage, one of them received in part', () => {
    const bulk = of('states').legs.filter(({ kind, orderId }) => kind === 'purchase' && orderId === null);
    const received = ({ lines }: Leg1) => lines.reduce((sum, line) => sum + line.received, 0);
    expect(bulk.map((leg) => `${leg.lines[0]?.sku} ${leg.state} ${received(leg)}`).sort()).toEqual([
      'E-BULK accepted 0',
      'E-BULK-DONE received 850',
      'E-BULK-NOT-LIVE planned 0',
      'E-BULK-PART shipped 300',
      'E-BULK-SENT shipped 0',
    ]);
  });

  it('reaches every vendor through its connections at the new ports, but the one whose credentials are refused', async () => {
    const { loaded, world, connections } = of('states');
    const config = readConfig(
      {
        DATA_DIR: loaded.dataDir,
        CLOCK_URL: world.clock.url,
        EGRESS_ALLOW: world.hosts.join(','),
        DEMO: 'off',
        LOG_LEVEL: 'silent',
        QUEUE_PREFIX: freshRedisPrefix(),
        PORT: '0',
      },
      [],
    );
    const platform = await compose(config, { redisUrl: servers().redisUrl, mongodbUri: loaded.mongodbUri });
    try {
      for (const connection of connections) {
        const answer = await platform.gateway.call(connection, 'connection.check', {}).then(
          () => 'reached',
          (error: unknown) => (error instanceof Error ? error.message : String(error)),
        );
        expect([connection.name, answer]).toEqual([
          connection.name,
          connection.state === 'needs_attention' ? expect.stringContaining('401') : 'reached',
        ]);
      }
    } finally {
      await platform.close();
    }
  });
});

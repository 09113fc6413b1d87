import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { keepDues } from '#app/due/keep.ts';
import { runDues } from '#app/due/run.ts';
import type { Ports, Store } from '#app/ports.ts';
import { applyStock } from '#app/stock/apply.ts';
import { markListings } from '#app/stock/mark-listings.ts';
import { publishStock } from '#app/stock/publish.ts';
import { systemActor } from '#domain/actor.ts';
import { manualClock } from '#domain/clock.ts';
import { dueId } from '#domain/due.ts';
import { Failure, type FailureCode } from '#domain/failure.ts';
import { listingId, offerId } from '#domain/ids.ts';
import { LevelChange } from '#domain/listing.ts';
import { Offer, Terms } from '#domain/offer.ts';
import { levelId } from '#domain/stock.ts';
import { openStore } from '#store/store.ts';
import { NOW, sampleConnection } from '../../src/console/testing/samples.ts';
import { noVendors, portsOn } from '../support/ports.ts';
import { freshDatabase } from '../support/servers.ts';

const ACTOR = systemActor('test');
const Push = z.object({ levels: z.array(LevelChange), idempotencyKey: z.string() });
type Push = z.infer<typeof Push>;

let store: Store;
beforeAll(async () => {
  store = await openStore(freshDatabase());
});
afterAll(() => store?.close());

/** A storefront that compares and sets, and gives the first answer again to a key that it knows, as Shopify does. */
const makeShop = (shown: number) => {
  let quantity = shown;
  const answers = new Map<string, string>();
  return {
    pushes: [] as Push[],
    /** Goes wrong before or after it had its effect; each once, in turn. */
    faults: [] as { code: FailureCode; when: 'before' | 'after' }[],
    shown: () => quantity,
    sells(units: number) {
      quantity = Math.max(0, quantity - units);
    },
    push(push: Push): string {
      this.pushes.push(push);
      const fault = this.faults.shift();
      if (fault?.when === 'before') throw new Failure(fault.code, 'out of order');
      const answer = answers.get(push.idempotencyKey) ?? this.set(push);
      answers.set(push.idempotencyKey, answer);
      if (fault) throw new Failure(fault.code, 'out of order');
      return answer;
    },
    set({ levels }: Push): string {
      const [level] = levels;
      const { externalVariantId: id = '', from = null, quantity: wanted = 0 } = level ?? {};
      if (from !== null && from !== quantity)
        return JSON.stringify({
          processed: [],
          failed: [{ id, code: 'conflict', message: 'stale', shown: quantity }],
          skipped: [],
        });
      quantity = wanted;
      return JSON.stringify({ processed: [id], failed: [], skipped: [] });
    },
  };
};
type Shop = ReturnType<typeof makeShop>;

let spaces = 0;
/** A workspace with one SKU on one shelf, sold at storefronts that show `shown` of it. */
const scene = async (names: readonly string[], shown = 7) => {
  spaces += 1;
  const workspaceId = `wp_${spaces}`;
  const idOfShop = (name: string): string => `cn_${spaces}_${name}`;
  const shops = new Map(names.map((name): [string, Shop] => [idOfShop(name), makeShop(shown)]));
  const clock = manualClock(NOW);
  const ports: Ports = {
    ...portsOn(store, clock),
    gateway: {
      ...noVendors,
      call: async (connection, _verb, input) => JSON.parse(shops.get(connection._id)?.push(Push.parse(input)) ?? ''),
    },
  };
  const terms = Terms.parse({
    currency: 'GBP',
    creditLimitMinor: 1,
    mandateLimitMinor: 1,
    marginFloorBps: 0,
    safetyStock: 0,
  });
  const offer = Offer.parse({
    sku: 'A',
    mode: 'wholesale',
    partner: 'p',
    location: 'main',
    unitCost: '1',
    currency: 'GBP',
  });
  await store.workspaces.insert({ _id: workspaceId, workspaceId, name: '', terms, createdAtMs: NOW });
  await store.offers.insert({ _id: offerId(workspaceId, 'A'), workspaceId, ...offer });
  for (const connectionId of shops.keys()) {
    await store.connections.insert(sampleConnection(connectionId, { workspaceId }));
    await store.listings.insert({
      _id: listingId(connectionId, 'v1'),
      workspaceId,
      connectionId,
      externalVariantId: 'v1',
      externalProductId: 'p1',
      externalInventoryId: 'i1',
      sku: 'A',
      title: 'A',
      shown,
      rev: 0,
      toTell: false,
      asks: 0,
      updatedAtMs: NOW,
    });
  }
  let counts = 0;
  const publish = (name: string, by: Ports = ports) =>
    publishStock(by, ACTOR, { workspaceId, connectionId: idOfShop(name) });
  return {
    workspaceId,
    ports,
    clock,
    idOfShop,
    publish,
    shop: (name: string): Shop => shops.get(idOfShop(name)) ?? expect.fail(`no shop ${name}`),
    listing: async (name: string) =>
      (await store.listings.find(workspaceId, listingId(idOfShop(name), 'v1'))) ?? expect.fail('no listing'),
    dueAt: async (name: string) =>
      (await store.dues.find(workspaceId, dueId('stock.publish', idOfShop(name))))?.dueAtMs,
    /** So many may be sold from now on. */
    async stock(quantity: number) {
      counts += 1;
      const level = await store.levels.find(workspaceId, levelId(workspaceId, 'main', 'A'));
      await applyStock(ports, workspaceId, [
        {
          location: 'main',
          sku: 'A',
          op: {
            kind: 'adjust',
            id: `${workspaceId} ${counts}`,
            quantity: quantity - (level?.onHand ?? 0),
            reference: '',
          },
        },
      ]);
    },
    mark: () => markListings(ports, ACTOR, { workspaceId }),
    /** What is due of this workspace runs; a step that fails is tried again by its queue, which is not here. */
    async tick() {
      const failed: string[] = [];
      await runDues(ports, ACTOR, {
        async run({ job, payload }) {
          if (job !== 'stock.publish' || payload.workspaceId !== workspaceId) return;
          await publishStock(ports, ACTOR, payload).catch(() => failed.push(payload.connectionId));
        },
      });
      return failed;
    },
  };
};

describe('stock numbers', () => {
  it.each(['unavailable', 'rate_limited'] as const)(
    'reach one storefront once while another is %s, and that one once when it is back',
    async (code) => {
      const { stock, mark, tick, shop, idOfShop, clock, dueAt } = await scene(['a', 'b']);
      shop('a').faults.push({ code, when: 'before' });
      await stock(5);
      expect(await mark()).toMatchObject({ listings: 2, more: false });
      expect(await tick()).toEqual([idOfShop('a')]);
      expect([shop('a').shown(), shop('b').shown(), shop('b').pushes.length]).toEqual([7, 5, 1]);
      clock.advance(10 * 60_000);
      expect(await tick()).toEqual([]);
      expect([shop('a').shown(), shop('a').pushes.length, shop('b').pushes.length]).toEqual([5, 2, 1]);
      expect([await dueAt('a'), await dueAt('b')]).toEqual([null, null]);
    },
  );

  it('go out under the same key at each try, and under another for another time when they are the same', async () => {
    const { stock, mark, publish, shop } = await scene(['a']);
    shop('a').faults.push({ code: 'unavailable', when: 'before' }, { code: 'unavailable', when: 'after' });
    await stock(5);
    await mark();
    await expect(publish('a')).rejects.toThrow();
    await expect(publish('a')).rejects.toThrow();
    await publish('a');
    const keys = () => shop('a').pushes.map(({ idempotencyKey }) => idempotencyKey);
    expect([keys().length, new Set(keys()).size, shop('a').shown()]).toEqual([3, 1, 5]);
    for (const quantity of [7, 5, 7, 5]) {
      await stock(quantity);
      await mark();
      await publish('a');
      expect(shop('a').shown()).toBe(quantity);
    }
    expect(new Set(keys()).size).toBe(5);
  });

  it('are the same after a death between the push and what was written of it, and newer when they have changed since', async () => {
    const { ports, stock, mark, publish, shop, listing } = await scene(['a']);
    const dying: Ports = {
      ...ports,
      store: { ...store, listings: { ...store.listings, changeMany: () => Promise.reject(new Error('killed')) } },
    };
    await stock(5);
    await mark();
    await expect(publish('a', dying)).rejects.toThrow('killed');
    expect([shop('a').shown(), (await listing('a')).shown]).toEqual([5, 7]);
    await publish('a');
    expect([shop('a').shown(), await listing('a')]).toMatchObject([5, { shown: 5, toTell: false }]);
    await stock(4);
    await mark();
    await expect(publish('a', dying)).rejects.toThrow('killed');
    await stock(3);
    await mark();
    await publish('a');
    expect([shop('a').shown(), await listing('a')]).toMatchObject([3, { shown: 3, toTell: false }]);
  });

  it('never end with the older of two, though the older one arrives last', async () => {
    const { ports, stock, mark, publish, shop, listing } = await scene(['a']);
    await stock(5);
    await mark();
    const arrived = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const slow: Ports = {
      ...ports,
      gateway: {
        ...noVendors,
        async call(connection, verb, input) {
          arrived.resolve();
          await held.promise;
          return ports.gateway.call(connection, verb, input);
        },
      },
    };
    const older = publish('a', slow);
    await arrived.promise;
    await stock(2);
    await mark();
    await publish('a');
    expect(shop('a').shown()).toBe(2);
    held.resolve();
    await older;
    expect(shop('a').pushes.map(({ levels }) => levels[0]?.quantity)).toEqual([2, 5]);
    expect([shop('a').shown(), await listing('a')]).toMatchObject([2, { shown: 2, toTell: false }]);
  });

  it('that change while they are being told are told once more', async () => {
    const { ports, stock, mark, publish, shop, listing, dueAt } = await scene(['a']);
    await stock(5);
    await mark();
    const changing: Ports = {
      ...ports,
      gateway: {
        ...noVendors,
        async call(connection, verb, input) {
          await stock(4);
          await mark();
          return ports.gateway.call(connection, verb, input);
        },
      },
    };
    await publish('a', changing);
    expect([shop('a').shown(), (await listing('a')).toTell, await dueAt('a')]).toEqual([5, true, NOW]);
    await publish('a');
    expect([shop('a').shown(), (await listing('a')).toTell, await dueAt('a')]).toEqual([4, false, null]);
  });

  it('wait for a storefront that is paused or not live, and reach it when it is', async () => {
    const { workspaceId, ports, clock, stock, mark, tick, publish, shop, idOfShop, listing } = await scene(['a', 'b']);
    const set = (name: string, changes: { state?: 'active' | 'paused'; live?: boolean }) =>
      store.connections.change(idOfShop(name), {}, changes);
    await set('a', { state: 'paused' });
    await set('b', { live: false });
    await stock(5);
    await mark();
    await tick();
    await publish('a');
    clock.advance(24 * 3_600_000);
    await tick();
    expect([shop('a').pushes, shop('b').pushes]).toEqual([[], []]);
    expect([(await listing('a')).toTell, (await listing('b')).toTell]).toEqual([true, true]);
    await set('a', { state: 'active' });
    await set('b', { live: true });
    for (const name of ['a', 'b']) {
      const connection = (await store.connections.find(workspaceId, idOfShop(name))) ?? expect.fail('no connection');
      await keepDues(ports, ACTOR, { of: 'connection', connection });
    }
    await tick();
    expect([shop('a').shown(), shop('b').shown()]).toEqual([5, 5]);
  });

  it('end as what may be sold, whatever is sold at the shop, lost on the way or killed meanwhile', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('stock' as const), quantity: fc.nat(9) }),
      fc.record({ kind: fc.constant('sells' as const), units: fc.integer({ min: 1, max: 3 }) }),
      fc.record({ kind: fc.constant('publish' as const), fault: fc.constantFrom('none', 'before', 'after', 'killed') }),
      fc.record({ kind: fc.constant('mark' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), fc.nat(9), async (steps, last) => {
        const { ports, stock, mark, publish, shop, listing, dueAt } = await scene(['a']);
        for (const { kind, ...given } of steps) {
          if ('quantity' in given) await stock(given.quantity);
          if ('units' in given) shop('a').sells(given.units);
          if (kind === 'mark') await mark();
          if (!('fault' in given)) continue;
          if (given.fault === 'before' || given.fault === 'after')
            shop('a').faults.push({ code: 'unavailable', when: given.fault });
          const killed = { ...store.listings, changeMany: () => Promise.reject(new Error('killed')) };
          const by = given.fault === 'killed' ? { ...ports, store: { ...store, listings: killed } } : ports;
          await publish('a', by).catch(() => {});
        }
        shop('a').faults.length = 0;
        // A change that the storefront has not seen yet: it is told, and shows it.
        await stock(last === 0 ? 20 : 20 + last);
        await mark();
        expect(await publish('a')).toMatchObject({ failed: 0, left: false });
        expect(shop('a').shown()).toBe(last === 0 ? 20 : 20 + last);
        expect(await listing('a')).toMatchObject({ shown: shop('a').shown(), toTell: false });
        expect(await dueAt('a')).toBeNull();
      }),
      { numRuns: 20 },
    );
  }, 120_000);
});

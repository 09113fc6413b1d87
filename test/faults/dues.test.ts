import type { CommandStartedEvent } from 'mongodb';
import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, makeApp } from '#app/app.ts';
import { cachedFrom } from '#app/cached.ts';
import { askFor, findDue, restDue } from '#app/due/ask.ts';
import type { Ports, Store } from '#app/ports.ts';
import { systemActor } from '#domain/actor.ts';
import { type ManualClock, manualClock } from '#domain/clock.ts';
import type { Connection } from '#domain/connection.ts';
import { type DueKind, dueId } from '#domain/due.ts';
import type { Retry } from '#domain/job.ts';
import { Terms } from '#domain/offer.ts';
import { emptyLevel } from '#domain/stock.ts';
import { runDues, sweepDue } from '#jobs';
import type { Enqueue } from '#queue';
import { openStore } from '#store/store.ts';
import { NOW, sampleConnection } from '../../src/console/testing/samples.ts';
import { portsOn } from '../support/ports.ts';
import { freshDatabase } from '../support/servers.ts';

const MINUTE = 60_000;
const GRACE = 30_000;
const ACTOR = systemActor('test');
const TERMS = Terms.parse({
  currency: 'GBP',
  creditLimitMinor: 1,
  mandateLimitMinor: 1,
  marginFloorBps: 0,
  safetyStock: 0,
});

let opened: Store[] = [];
let commands = 0;
const freshStore = async (): Promise<Store> => {
  const uri = freshDatabase();
  const store = await openStore(`${uri}${uri.includes('?') ? '&' : '?'}monitorCommands=true`);
  mongoose.connections
    .at(-1)
    ?.getClient()
    .on('commandStarted', (_: CommandStartedEvent) => {
      commands += 1;
    });
  opened.push(store);
  return store;
};
beforeAll(() => {
  opened = [];
});
afterAll(() => Promise.all(opened.map((store) => store.close())));

interface Scene {
  store: Store;
  clock: ManualClock;
  ports: Ports;
  app: App;
  /** What was put on a queue since the last look. */
  ran(): Retry[];
  /** Runs what is due, by a process of its own. */
  tick(run?: (step: Retry) => Promise<void>): Promise<number>;
  keep(connection: Connection): Promise<void>;
  dueAt(kind: DueKind, subjectId: string): Promise<number | null | undefined>;
}

const scene = async (): Promise<Scene> => {
  const store = await freshStore();
  const clock = manualClock(NOW);
  // As a process that has just started: nothing is told from memory.
  const ports: Ports = {
    ...portsOn(store, clock),
    cached: {
      ...cachedFrom(store),
      connection: (workspaceId, id) => store.connections.find(workspaceId, id),
      workspace: (id) => store.workspaces.find(id, id),
    },
    grace: () => GRACE,
  };
  const app = makeApp(ports);
  let steps: Retry[] = [];
  return {
    store,
    clock,
    ports,
    app,
    ran() {
      const before = steps;
      steps = [];
      return before;
    },
    tick: (
      run = async (step) => {
        steps.push(step);
      },
    ) => app.runDues(ACTOR, { run }),
    async keep(connection) {
      if (!(await store.connections.insert(connection))) {
        const { _id, workspaceId: _workspace, ...changes } = connection;
        await store.connections.change(_id, {}, changes);
      }
      await app.keepDues(ACTOR, { of: 'connection', connection });
    },
    async dueAt(kind, subjectId) {
      const { workspaceId } = sampleConnection('');
      return (await store.dues.find(workspaceId, dueId(kind, subjectId)))?.dueAtMs;
    },
  };
};

describe('a due', () => {
  it('runs once a period, by one of many processes that look at once, and however far the clock jumps', async () => {
    const { clock, tick, ran, keep } = await scene();
    const shop = sampleConnection('cn_shop', { pollEveryMinutes: 5 });
    const orders: Retry = {
      job: 'orders.pull',
      payload: { workspaceId: shop.workspaceId, connectionId: shop._id },
    };
    await keep(shop);
    const pulls = () => ran().filter(({ job }) => job === 'orders.pull');
    const together = () => Promise.all(Array.from({ length: 5 }, () => tick()));
    await together();
    expect(pulls()).toEqual([orders]);
    await together();
    clock.advance(5 * MINUTE - 1);
    await together();
    expect(pulls()).toEqual([]);
    clock.advance(1);
    await together();
    expect(pulls()).toEqual([orders]);
    // Periods that were missed never pile up.
    clock.advance(7 * 24 * 60 * MINUTE);
    for (let look = 0; look < 3; look += 1) await together();
    expect(pulls()).toEqual([orders]);
    clock.advance(5 * MINUTE);
    await together();
    expect(pulls()).toEqual([orders]);
  });

  it('that its process dropped before the job was on a queue is taken again after a grace, and holds up no other', async () => {
    const { clock, tick, ran, keep } = await scene();
    for (const id of ['cn_one', 'cn_two']) await keep(sampleConnection(id, { pollEveryMinutes: 60, live: false }));
    const reached: string[] = [];
    await tick(async ({ payload }) => {
      if ('connectionId' in payload && payload.connectionId === 'cn_one') throw new Error('the queue is gone');
      if ('connectionId' in payload) reached.push(payload.connectionId);
    });
    expect(reached).toEqual(['cn_two']);
    await tick();
    expect(ran()).toEqual([]);
    clock.advance(GRACE);
    await tick();
    expect(ran().map(({ payload }) => payload)).toMatchObject([{ connectionId: 'cn_one' }]);
    clock.advance(GRACE);
    await tick();
    expect(ran()).toEqual([]);
  });

  it('goes with its connection: waits while that is paused, keeps its pace, and is gone with it', async () => {
    const { store, clock, tick, ran, keep, dueAt } = await scene();
    const shop = sampleConnection('cn_shop', { pollEveryMinutes: 60, live: false });
    await keep(shop);
    await tick();
    expect(ran().map(({ job }) => job)).toEqual(['orders.pull']);
    const first = NOW + 60 * MINUTE;
    expect(await dueAt('orders.pull', shop._id)).toBe(first);
    // A quicker pace counts from the last run; a slower one from the next.
    await keep({ ...shop, pollEveryMinutes: 10 });
    expect(await dueAt('orders.pull', shop._id)).toBe(NOW + 10 * MINUTE);
    await keep({ ...shop, pollEveryMinutes: 30 });
    expect(await dueAt('orders.pull', shop._id)).toBe(NOW + 10 * MINUTE);
    await keep({ ...shop, state: 'paused' });
    clock.advance(24 * 60 * MINUTE);
    await tick();
    expect([ran(), await dueAt('orders.pull', shop._id)]).toEqual([[], null]);
    await keep(shop);
    await tick();
    expect(ran().map(({ job }) => job)).toEqual(['orders.pull']);
    // Paused by a process that died before it told the due of it.
    await store.connections.change(shop._id, {}, { state: 'paused' });
    clock.advance(24 * 60 * MINUTE);
    await tick();
    expect([ran(), await dueAt('orders.pull', shop._id)]).toEqual([[], null]);
    await keep({ ...shop, state: 'removed' });
    expect(await dueAt('orders.pull', shop._id)).toBeUndefined();
  });

  it('is there for each role what the table says, and is made where it is missing when a process starts', async () => {
    const { store, app, tick, ran } = await scene();
    const { workspaceId } = sampleConnection('');
    await store.workspaces.insert({ _id: workspaceId, workspaceId, name: 'W', terms: TERMS, createdAtMs: NOW });
    const roles = ['storefront', 'supplier', 'logistics'] as const;
    for (const role of roles) await store.connections.insert(sampleConnection(`cn_${role}`, { role }));
    expect(await app.healDues(ACTOR)).toEqual({ workspaces: 1, connections: 3 });
    await app.healDues(ACTOR);
    await tick();
    expect(
      ran()
        .map((step) => [step.job, Object.values(step.payload).at(-1)])
        .sort(),
    ).toEqual([
      ['case.remind', workspaceId],
      ['orders.pull', 'cn_storefront'],
      ['rates.fetch', '-'],
      ['retention.run', '-'],
      ['stock.publish', 'cn_storefront'],
      ['stock.pull', 'cn_supplier'],
    ]);
  });

  it('rests when its work is done, unless somebody has asked since the work was looked for', async () => {
    const { ports, clock, tick, ran, keep, dueAt } = await scene();
    const shop = sampleConnection('cn_shop', { pollEveryMinutes: 1_000 });
    await keep(shop);
    await tick();
    ran();
    const find = () => findDue(ports, shop.workspaceId, 'stock.publish', shop._id);
    const before = await find();
    await askFor(ports, shop.workspaceId, 'stock.publish', [shop._id, shop._id]);
    await restDue(ports, before);
    expect(await dueAt('stock.publish', shop._id)).toBe(NOW);
    await tick();
    expect(ran().map(({ job }) => job)).toEqual(['stock.publish']);
    await restDue(ports, await find());
    clock.advance(24 * 60 * MINUTE);
    await tick();
    expect(ran().map(({ job }) => job)).toEqual(['orders.pull']);
  });

  it('of the whole installation runs in the workspaces that have something to do, and in no other', async () => {
    const { store, app, clock, tick, ran } = await scene();
    for (let n = 0; n < 20; n += 1)
      await store.levels.insert({
        ...emptyLevel(`ws_${n}`, 'main', 'A'),
        toRefill: n % 7 === 3,
        toPublish: n % 10 === 9,
      });
    await app.healDues(ACTOR);
    await tick();
    expect(
      ran()
        .map(({ job, payload }) => `${job} ${payload.workspaceId}`)
        .sort(),
    ).toEqual([
      'listings.mark ws_19',
      'listings.mark ws_9',
      'rates.fetch -',
      'retention.run -',
      'stock.refill ws_10',
      'stock.refill ws_17',
      'stock.refill ws_3',
    ]);
    clock.advance(15_000);
    await tick();
    expect(new Set(ran().map(({ job }) => job))).toEqual(new Set(['listings.mark']));
  });
});

describe('an idle installation', () => {
  it('asks the database as little with 120 workspaces as with 2', async () => {
    const enqueued: string[] = [];
    const enqueue: Enqueue = async (job) => {
      enqueued.push(job.name);
    };
    /** Commands in one minute of clock time. */
    const perMinute = async (workspaces: number): Promise<number> => {
      const { store, app, ports, clock } = await scene();
      for (let n = 0; n < workspaces; n += 1) {
        const workspaceId = `ws_${n}`;
        await store.workspaces.insert({ _id: workspaceId, workspaceId, name: 'W', terms: TERMS, createdAtMs: NOW });
        await store.levels.insert({ ...emptyLevel(workspaceId, 'main', 'A'), toPublish: false });
        await store.connections.insert(sampleConnection(`cn_${n}`, { workspaceId, state: 'paused' }));
      }
      await app.healDues(ACTOR);
      // The first look of all: no case is open, and the reminders rest.
      await runDues(app, enqueue);
      for (let n = 0; n < workspaces; n += 1) await app.remindCases(`ws_${n}`);
      await runDues(app, enqueue);
      expect(await store.dues.due(clock.now() + 10 * 24 * 60 * MINUTE, 1_000)).toHaveLength(5);
      commands = 0;
      enqueued.length = 0;
      for (let second = 0; second < 60; second += 1) {
        clock.advance(1_000);
        await Promise.all([sweepDue(app, enqueue), runDues(app, enqueue)]);
      }
      expect([enqueued, ports.clock.now()]).toEqual([[], clock.now()]);
      return commands;
    };
    const few = await perMinute(2);
    expect(few).toBeGreaterThan(60);
    // Writes that meet go together, more of them at one time than at another.
    expect(await perMinute(120)).toBeLessThan(few + 10);
  });
});

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeApp } from '#app/app.ts';
import { cachedFrom } from '#app/cached.ts';
import type { Ports, Store } from '#app/ports.ts';
import { runRetention } from '#app/retention/run.ts';
import { applyStock, type ShelfOp } from '#app/stock/apply.ts';
import { countAndFindWoken } from '#app/stock/count-and-wake.ts';
import { foldId, foldShelf } from '#app/stock/fold.ts';
import { systemActor } from '#domain/actor.ts';
import { manualClock } from '#domain/clock.ts';
import type { Retry } from '#domain/job.ts';
import { Terms } from '#domain/offer.ts';
import type { InboxItem } from '#domain/records.ts';
import { retentionRunId } from '#domain/retention.ts';
import { emptyLevel, levelId, type StockLevel, type StockOp } from '#domain/stock.ts';
import { jobCatalogue } from '#jobs';
import { openStore } from '#store/store.ts';
import { readConfig } from '../../config/env.ts';
import { sampleLeg, sampleOrder } from '../../src/console/testing/samples.ts';
import { portsOn } from '../support/ports.ts';
import { freshDatabase } from '../support/servers.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 5, 9);
const actor = systemActor('retention');
const retention = readConfig({}, []).retention;

let store: Store;
beforeAll(async () => {
  store = await openStore(freshDatabase());
});
afterAll(() => store?.close());

let spaces = 0;
const freshWorkspace = (): string => {
  spaces += 1;
  return `wr_${spaces}`;
};

/** Ports with clocks that stand where they are put. */
const stand = (given: Partial<Store> = {}) => {
  const clock = manualClock(START);
  const real = { now: START };
  const ports: Ports = {
    ...portsOn({ ...store, ...given }, clock),
    cached: cachedFrom(store),
    realTime: { now: () => real.now },
    retention,
  };
  return { ports, clock, real };
};

const on = (sku: string, op: StockOp): ShelfOp => ({ location: 'main', sku, op });
const levelOf = async (workspaceId: string, sku: string): Promise<StockLevel> =>
  (await store.levels.find(workspaceId, levelId(workspaceId, 'main', sku))) ?? emptyLevel(workspaceId, 'main', sku);
const ledgerOf = (workspaceId: string, sku: string) => store.movements.list(workspaceId, { sku }, { limit: 10_000 });

/** The sums of ledger and journal, those in `folding` left out, as a stranger would take them. */
const sums = async (workspaceId: string, sku: string) => {
  const ledger = await ledgerOf(workspaceId, sku);
  const folding = new Set(ledger.flatMap((m) => m.folding ?? []));
  const { journal } = await levelOf(workspaceId, sku);
  const all = new Map([...journal, ...ledger].filter(({ _id }) => !folding.has(_id)).map((m) => [m._id, m]));
  const sum = (field: 'onHand' | 'reserved' | 'onOrder') => [...all.values()].reduce((a, m) => a + m[field], 0);
  return { onHand: sum('onHand'), reserved: sum('reserved'), onOrder: sum('onOrder') };
};
const figures = ({ onHand, reserved, onOrder }: StockLevel) => ({ onHand, reserved, onOrder });

type Draft = { kind: 'receipt' | 'reserve' | 'ship' | 'adjust' | 'expect'; quantity: number; key: string };
const drafts = fc.array(
  fc.record({
    kind: fc.constantFrom(
      'receipt' as const,
      'reserve' as const,
      'ship' as const,
      'adjust' as const,
      'expect' as const,
    ),
    quantity: fc.integer({ min: 1, max: 9 }),
    key: fc.constantFrom('a', 'b', 'c'),
  }),
  { minLength: 3, maxLength: 25 },
);
const opOf = ({ kind, quantity, key }: Draft, id: string): StockOp => {
  const reference = 'law';
  if (kind === 'receipt') return { kind, id, quantity, expected: 0, reference };
  if (kind === 'reserve') return { kind, id, key, orderId: key, quantity, wait: true, atMs: 0, reference };
  if (kind === 'ship') return { kind: 'release', id, key, quantity, reference };
  return { kind, id, quantity, reference };
};

describe('movements that fold', () => {
  it('keep the figures of their shelf, are known as counted for ever, and a fold that is cut off anywhere is finished', async () => {
    let folds = 0;
    let cuts = 0;
    await fc.assert(
      fc.asyncProperty(drafts, fc.nat(6), fc.nat(24), async (all, cutAt, old) => {
        const workspaceId = freshWorkspace();
        const { ports, clock, real } = stand();
        const ops = all.map((draft, n) => on('S', opOf(draft, `${workspaceId}:${n}`)));
        for (const [n, op] of ops.entries()) {
          await applyStock(ports, workspaceId, [op]);
          clock.advance(n < old ? DAY : 0);
        }
        const before = await levelOf(workspaceId, 'S');
        // One that changed nothing has no movement, and may change something when it is asked for again.
        const counted = new Set([...before.journal, ...(await ledgerOf(workspaceId, 'S'))].map(({ _id }) => _id));
        const repeated = ops.filter(({ op }) => counted.has(op.id));
        const horizon = clock.now() + (old >= all.length ? 1 : 0);
        const once = await foldShelf(ports, before, horizon);
        expect(['announced', 'nothing']).toContain(once.outcome);
        real.now += 3_600_000;
        // Cut off at one of its writes, each of which may have happened or not.
        let writes = 0;
        const cut = async <T>(work: () => Promise<T>): Promise<T> => {
          writes += 1;
          if (writes === Math.floor(cutAt / 2) + 1 && cutAt % 2 === 0) throw new Error('cut');
          const done = await work();
          if (writes === Math.floor(cutAt / 2) + 1) throw new Error('cut');
          return done;
        };
        const { movements, foldedMovements } = store;
        const dying = stand({
          foldedMovements: { ...foldedMovements, insertMany: (m) => cut(() => foldedMovements.insertMany(m)) },
          movements: {
            ...movements,
            insert: (m) => cut(() => movements.insert(m)),
            change: (id, guard, changes) => cut(() => movements.change(id, guard, changes)),
            deleteMany: (ids) => cut(() => movements.deleteMany(ids)),
          },
        });
        dying.real.now = real.now;
        await foldShelf(dying.ports, before, horizon).catch(() => {
          cuts += 1;
        });
        expect(await sums(workspaceId, 'S')).toEqual(figures(before));
        // Whoever repeats an operation meanwhile is not counted twice either.
        await countAndFindWoken(ports, workspaceId, repeated);
        const folded = await foldShelf(ports, before, horizon);
        if (folded.outcome === 'folded') folds += 1;
        expect(await sums(workspaceId, 'S')).toEqual(figures(before));
        await applyStock(ports, workspaceId, repeated);
        const after = await levelOf(workspaceId, 'S');
        expect({ ...figures(after), open: after.open, waiting: after.waiting }).toEqual({
          ...figures(before),
          open: before.open,
          waiting: before.waiting,
        });
        expect(await sums(workspaceId, 'S')).toEqual(figures(before));
        expect((await ledgerOf(workspaceId, 'S')).flatMap((m) => m.folding ?? [])).toEqual([]);
      }),
      { numRuns: 20 },
    );
    expect(folds + cuts).toBeGreaterThan(0);
  });

  it('leave one opening movement in place of many, and a repetition with another figure is still seen as one', async () => {
    const workspaceId = freshWorkspace();
    const { ports, clock, real } = stand();
    for (let n = 0; n < 12; n += 1)
      await applyStock(ports, workspaceId, [
        on('S', { kind: 'adjust', id: `${workspaceId}:${n}`, quantity: n, reference: 'x' }),
      ]);
    clock.advance(500 * DAY);
    // What comes now takes the journal of before along, and stays itself.
    await applyStock(ports, workspaceId, [
      on('S', { kind: 'adjust', id: `${workspaceId}:new`, quantity: 1, reference: 'x' }),
    ]);
    const level = await levelOf(workspaceId, 'S');
    expect((await foldShelf(ports, level, clock.now() - DAY)).outcome).toBe('announced');
    // Nobody who read the shelf before the announcement is still at it.
    expect((await foldShelf(ports, level, clock.now() - DAY)).outcome).toBe('announced');
    real.now += 3_600_000;
    expect(await foldShelf(ports, level, clock.now() - DAY)).toEqual({ outcome: 'folded', movements: 12 });
    const ledger = await ledgerOf(workspaceId, 'S');
    expect(ledger.map(({ _id, kind, onHand }) => [_id, kind, onHand]).toSorted()).toEqual([
      [foldId(level._id), 'opening', 66],
      [`${workspaceId}:new`, 'adjust', 1],
    ]);
    const again = on('S', { kind: 'adjust', id: `${workspaceId}:7`, quantity: 7, reference: 'x' });
    const { known } = await countAndFindWoken(ports, workspaceId, [again]);
    expect(known.get(`${workspaceId}:7`)?.onHand).toBe(7);
    expect((await levelOf(workspaceId, 'S')).onHand).toBe(67);
  });

  it('are not taken from the journal of their shelf, nor from a shelf that is not their sum', async () => {
    const workspaceId = freshWorkspace();
    const { ports, clock, real } = stand();
    for (const id of ['one', 'two', 'three'])
      await applyStock(ports, workspaceId, [
        on('S', { kind: 'adjust', id: `${workspaceId}:${id}`, quantity: 5, reference: 'x' }),
      ]);
    const level = await levelOf(workspaceId, 'S');
    expect(level.journal.map(({ _id }) => _id)).toEqual([`${workspaceId}:three`]);
    clock.advance(500 * DAY);
    await foldShelf(ports, level, clock.now());
    real.now += 3_600_000;
    expect(await foldShelf(ports, level, clock.now())).toEqual({ outcome: 'folded', movements: 2 });
    expect((await ledgerOf(workspaceId, 'S')).map(({ _id }) => _id).toSorted()).toEqual(
      [foldId(level._id), `${workspaceId}:three`].toSorted(),
    );
    // A movement that somebody took out of the ledger: nothing is folded until a person has looked.
    for (const id of ['four', 'five', 'six'])
      await applyStock(ports, workspaceId, [
        on('S', { kind: 'adjust', id: `${workspaceId}:${id}`, quantity: 5, reference: 'x' }),
      ]);
    await store.movements.delete(`${workspaceId}:four`);
    clock.advance(500 * DAY);
    const before = await ledgerOf(workspaceId, 'S');
    expect((await foldShelf(ports, level, clock.now())).outcome).toBe('unproven');
    expect(await ledgerOf(workspaceId, 'S')).toEqual(before);
  });
});

const inboxOf =
  (workspaceId: string) =>
  (n: number, state: 'new' | 'done', createdAtMs: number): InboxItem => ({
    _id: `${workspaceId}:i${n}`,
    workspaceId,
    connectionId: 'cn',
    deliveryId: String(n),
    subject: 's',
    meaning: { kind: 'order', externalId: '1', reference: '' },
    state,
    dueAtMs: null,
    createdAtMs,
  });

describe('retention', () => {
  const whole = async (ports: Ports, workspaceId: string) => {
    for (let calls = 0; calls < 50; calls += 1) {
      const facts = await runRetention(ports, actor, { workspaceId });
      if (facts.done) return facts;
    }
    throw new Error('retention does not end');
  };

  it('removes what is over and old, keeps what is neither, and goes on where it was cut off', async () => {
    const workspaceId = freshWorkspace();
    const { ports, clock, real } = stand();
    const inbox = inboxOf(workspaceId);
    // More than one call deals with, so that the place is written down and read again.
    const many = Array.from({ length: 2_300 }, (_, n) => inbox(n, 'done', START));
    await store.inbox.insertMany([...many, inbox(9_001, 'new', START), inbox(9_002, 'done', START + 40 * DAY)]);
    const answer = { workspaceId, fingerprint: 'f', status: 200, body: null };
    await store.answers.insertMany([
      { ...answer, _id: `${workspaceId}:a1`, createdAtMs: START },
      { ...answer, _id: `${workspaceId}:a2`, createdAtMs: START + 50 * 3_600_000 },
    ]);
    clock.advance(41 * DAY);
    real.now += 60 * 3_600_000;
    const first = await runRetention(ports, actor, { workspaceId });
    expect(first.done).toBe(false);
    const facts = await whole(ports, workspaceId);
    expect(facts.counts).toMatchObject({ inbox: 2_300, answers: 1 });
    expect((await store.inbox.list(workspaceId, {}, { limit: 10 })).map(({ deliveryId }) => deliveryId)).toEqual([
      '9001',
      '9002',
    ]);
    expect((await store.answers.list(workspaceId, {}, { limit: 10 })).map(({ _id }) => _id)).toEqual([
      `${workspaceId}:a2`,
    ]);
  });

  it('removes an order that is over after ten years, with all that belongs to it, and none that is not', async () => {
    const workspaceId = freshWorkspace();
    const { ports, clock } = stand();
    for (const [number, state] of [
      ['old', 'closed'],
      ['open', 'routed'],
    ] as const) {
      const order = sampleOrder(`${workspaceId}${number}`, { workspaceId, state, createdAtMs: START });
      await store.orders.insert(order);
      await store.legs.insert({ ...sampleLeg(order), workspaceId });
      await store.postings.insert({
        _id: `${workspaceId}:${number}`,
        workspaceId,
        orderId: order._id,
        lineId: 'l',
        kind: 'sale',
        from: 'buyer',
        to: 'us',
        partner: '',
        minor: 1,
        currency: 'GBP',
        atMs: START,
      });
    }
    clock.advance(3_600 * DAY);
    expect((await whole(ports, workspaceId)).counts).toMatchObject({ orders: 0 });
    clock.advance(100 * DAY);
    expect((await whole(ports, workspaceId)).counts).toMatchObject({ orders: 1 });
    const left = await Promise.all(
      [store.orders, store.legs, store.postings].map((documents) => documents.count(workspaceId, {})),
    );
    expect(left).toEqual([1, 1, 1]);
    expect((await store.orders.list(workspaceId, {}, { limit: 9 })).map(({ state }) => state)).toEqual(['routed']);
  });
});

describe('the daily run', () => {
  /** A product whose jobs run one after the other, each as a worker would run it, until none is left or `most` have run. */
  const daily = (given: Partial<Store> = {}) => {
    const { ports, clock, real } = stand(given);
    const app = makeApp(ports);
    const waiting: Retry[] = [];
    let ran = 0;
    const work = async (most = Number.POSITIVE_INFINITY) => {
      for (let step = waiting.shift(); step && ran < most; step = waiting.shift()) {
        ran += 1;
        const start = async (next: Retry) => void waiting.push(next);
        const context = { app, actor, start, enqueue: () => expect.fail('it starts itself alone') };
        await jobCatalogue.get(step.job)?.handle(context, step.payload);
      }
    };
    const look = async () => {
      await app.runDues(actor, { run: async (step) => void (step.job === 'retention.run' && waiting.push(step)) });
    };
    return { ports, clock, real, app, work, look, waiting, ran: () => ran };
  };
  const freshStore = async (workspaces: readonly string[]) => {
    const own = await openStore(freshDatabase());
    opened.push(own);
    const terms = Terms.parse({
      currency: 'GBP',
      creditLimitMinor: 1,
      mandateLimitMinor: 1,
      marginFloorBps: 0,
      safetyStock: 0,
    });
    for (const _id of workspaces)
      await own.workspaces.insert({ _id, workspaceId: _id, name: _id, terms, createdAtMs: START });
    return own;
  };
  const opened: Store[] = [];
  afterAll(() => Promise.all(opened.map((own) => own.close())));

  it('is one a day of business time: what is old is gone in every workspace, and a run that was cut off goes on', async () => {
    const own = await freshStore(['wa', 'wb']);
    const { app, clock, work, look, waiting, ran } = daily(own);
    await app.healDues(actor);
    await look();
    await work();
    // The installation's own, and one for each workspace.
    expect(ran()).toBe(3);
    await look();
    expect(waiting).toEqual([]);
    const left = async (id: string) => (await own.inbox.list(id, {}, { limit: 10_000 })).length;
    for (const id of ['wa', 'wb'])
      await own.inbox.insertMany(Array.from({ length: 2_300 }, (_, n) => inboxOf(id)(n, 'done', START + n * 60_000)));
    clock.advance(29 * DAY);
    await look();
    await work();
    expect([await left('wa'), await left('wb')]).toEqual([2_300, 2_300]);
    clock.advance(3 * DAY);
    await look();
    // The process dies after the first part of the first workspace.
    await work(ran() + 2);
    const partly = await left('wa');
    expect([partly > 0, partly < 2_300, await left('wb')]).toEqual([true, true, 2_300]);
    expect((await own.retentionRuns.find('wa', retentionRunId('wa')))?.step).toBe('inbox');
    waiting.length = 0;
    await look();
    expect(waiting).toEqual([]);
    clock.advance(DAY);
    await look();
    await work();
    expect([await left('wa'), await left('wb')]).toEqual([0, 0]);
    for (const id of ['wa', 'wb'])
      expect(await own.retentionRuns.find(id, retentionRunId(id))).toMatchObject({ step: null });
    // The counts are those of the whole run, cut off or not.
    expect((await own.retentionRuns.find('wa', retentionRunId('wa')))?.counts['inbox']).toBe(2_300);
  });

  it('that finds nothing to do reads a few documents however many there are, and writes once', async () => {
    const workspaceId = 'idle';
    const own = await freshStore([workspaceId]);
    await own.inbox.insertMany(
      Array.from({ length: 3_000 }, (_, n) => inboxOf(workspaceId)(n, 'done', START + n * 1_000)),
    );
    let asked: string[] = [];
    /** The collection, told on. */
    const counted = <T extends object>(documents: T, name: string): T =>
      new Proxy(documents, {
        get(target, property, self) {
          const value: unknown = Reflect.get(target, property, self);
          if (typeof value === 'function') asked.push(`${name}.${String(property)}`);
          return value;
        },
      });
    const { inbox, answers, exceptions, orders, legs, cases, levels, movements, retentionRuns } = own;
    const { ports, clock } = daily({
      inbox: counted(inbox, 'inbox'),
      answers: counted(answers, 'answers'),
      exceptions: counted(exceptions, 'exceptions'),
      orders: counted(orders, 'orders'),
      legs: counted(legs, 'legs'),
      cases: counted(cases, 'cases'),
      levels: counted(levels, 'levels'),
      movements: counted(movements, 'movements'),
      retentionRuns: counted(retentionRuns, 'runs'),
    });
    const run = async () => {
      while (!(await runRetention(ports, actor, { workspaceId })).done);
    };
    await run();
    expect(asked.filter((call) => call === 'inbox.list').length).toBeGreaterThan(10);
    for (let day = 0; day < 29; day += 1) {
      asked = [];
      clock.advance(DAY);
      await run();
      expect(asked.length).toBeLessThanOrEqual(7);
      expect(asked.filter((call) => call.startsWith('inbox'))).toEqual([]);
      expect(asked.filter((call) => /change|insert|delete/.test(call))).toEqual(['runs.change']);
    }
    clock.advance(2 * DAY);
    await run();
    expect(await own.inbox.count(workspaceId, {})).toBe(0);
  });

  it('names shelves that are not the sum of their movements, until a person has the difference entered', async () => {
    const workspaceId = 'books';
    const own = await freshStore([workspaceId]);
    const { ports, app, clock, look, work } = daily(own);
    await app.healDues(actor);
    const adjust = (id: string, quantity: number): ShelfOp =>
      on('S', { kind: 'adjust', id: `${workspaceId}:${id}`, quantity, reference: 'x' });
    for (const id of ['one', 'two', 'three', 'four']) await applyStock(ports, workspaceId, [adjust(id, 5)]);
    await own.movements.delete(`${workspaceId}:two`);
    clock.advance(500 * DAY);
    await look();
    await work();
    const found = async () => {
      const [only, ...more] = await own.exceptions.list(workspaceId, {}, { limit: 10 });
      expect(more).toEqual([]);
      return only && { cause: only.cause, state: only.state, detail: only.detail };
    };
    const named = 'Not the sum of their movements: S at main (on hand 20, by its movements 15).';
    expect(await found()).toEqual({ cause: 'ledger_differs', state: 'open', detail: named });
    // To look changes nothing, and a day later it is named still, though the shelves are walked over once a month alone.
    const [looked] = await app.proveShelves(actor, { workspaceId, shelves: [], note: null });
    expect(looked).toMatchObject({ shelf: { onHand: 20 }, movements: { onHand: 15 }, proven: false, booked: false });
    clock.advance(DAY);
    await look();
    await work();
    expect((await found())?.state).toBe('open');
    const note = 'counted on Monday';
    const both = await Promise.all([1, 2].map(() => app.proveShelves(actor, { workspaceId, shelves: [], note })));
    for (const [proof] of both)
      expect(proof).toMatchObject({ shelf: { onHand: 20 }, movements: { onHand: 20 }, proven: true });
    expect((await found())?.state).toBe('resolved');
    // The movement is in the ledger once the shelf is next written, and folds like any other.
    await applyStock(ports, workspaceId, [adjust('five', 1)]);
    const ledger = await own.movements.list(workspaceId, { sku: 'S' }, { limit: 100 });
    expect(ledger.reduce((sum, { onHand }) => sum + onHand, 0)).toBe(21);
    expect(ledger.filter(({ reference }) => reference.startsWith(note)).map(({ onHand }) => onHand)).toEqual([5]);
    await expect(
      app.proveShelves(actor, { workspaceId, shelves: [{ location: 'main', sku: 'none' }], note: null }),
    ).rejects.toMatchObject({ code: 'rejected', safe: { field: 'shelves' } });
  });

  it('closes the exception by itself when the shelf is the sum of its movements again', async () => {
    const workspaceId = 'mended';
    const own = await freshStore([workspaceId]);
    const { ports, app, clock, look, work } = daily(own);
    await app.healDues(actor);
    for (const id of ['one', 'two', 'three', 'four'])
      await applyStock(ports, workspaceId, [
        on('S', { kind: 'adjust', id: `${workspaceId}:${id}`, quantity: 5, reference: 'x' }),
      ]);
    const [lost] = await own.movements.findMany(workspaceId, [`${workspaceId}:two`]);
    await own.movements.delete(`${workspaceId}:two`);
    clock.advance(500 * DAY);
    await look();
    await work();
    expect(await own.exceptions.count(workspaceId, { state: 'open' })).toBe(1);
    await own.movements.insertMany(lost ? [lost] : []);
    clock.advance(DAY);
    await look();
    await work();
    expect(await own.exceptions.count(workspaceId, { state: 'open' })).toBe(0);
  });
});

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cachedFrom } from '#app/cached.ts';
import { shipLeg } from '#app/leg/ship.ts';
import { WAREHOUSE } from '#app/order/ship-to.ts';
import type { Ports, Store } from '#app/ports.ts';
import { applyStock, type ShelfOp } from '#app/stock/apply.ts';
import { manualClock } from '#domain/clock.ts';
import type { Leg } from '#domain/leg.ts';
import { available, levelId, type StockLevel, type StockOp, type StockOutcome } from '#domain/stock.ts';
import { romaniseHan } from '#runtime/romanise-han.ts';
import { openStore } from '#store/store.ts';
import { freshDatabase } from '../support/servers.ts';

/** Three processes' worth of connections to one database. */
const WORKERS = 3;
const LOCATION = 'main';
let stores: Store[] = [];

beforeAll(async () => {
  const uri = freshDatabase();
  // The first makes the indexes.
  stores = [await openStore(uri)];
  for (let worker = 1; worker < WORKERS; worker += 1) stores.push(await openStore(uri));
});
afterAll(() => Promise.all(stores.map((store) => store.close())));

const clock = manualClock();
const portsOf = (store: Store): Ports => ({
  store,
  cached: cachedFrom(store),
  romaniseHan,
  clock,
  gateway: { call: () => Promise.reject(new Error('no vendor is asked here')) },
  log: { info: () => {}, warn: () => {}, error: () => {} },
  grace: () => 30_000,
});
const worker = (n: number): Ports => {
  const store = stores[n % stores.length];
  if (!store) throw new Error('no store is open');
  return portsOf(store);
};

let spaces = 0;
/** A workspace that no other test uses. */
const freshWorkspace = (): string => {
  spaces += 1;
  return `ws_${spaces}`;
};

const on = (sku: string, op: StockOp): ShelfOp => ({ location: LOCATION, sku, op });
const opening = (quantity: number): StockOp => ({ kind: 'opening', id: 'opening', quantity, reference: 'test' });
const reserve = (key: string, quantity = 1, wait = false, atMs = 0): StockOp => ({
  kind: 'reserve',
  id: `hold:${key}`,
  key,
  orderId: `or_${key}`,
  quantity,
  wait,
  atMs,
  reference: 'test',
});

/** The use case, with ids that no other test's workspace has: outside tests they follow from orders, legs and packages. */
const count = async (ports: Ports, ws: string, ops: readonly ShelfOp[]): Promise<Map<string, StockOutcome>> => {
  const own = ops.map((shelf) => ({ ...shelf, op: { ...shelf.op, id: `${ws} ${shelf.op.id}` } }));
  return new Map([...(await applyStock(ports, ws, own))].map(([id, outcome]) => [id.slice(ws.length + 1), outcome]));
};

const levelOf = async (workspaceId: string, sku: string): Promise<StockLevel> => {
  const level = await worker(0).store.levels.find(workspaceId, levelId(workspaceId, LOCATION, sku));
  if (!level) throw new Error(`there is no level of ${sku}`);
  return level;
};
const sum = <T>(items: readonly T[], of: (item: T) => number) => items.reduce((total, item) => total + of(item), 0);

/** The laws of one shelf, and its ledger in the database equal to its book. */
const expectSound = async (workspaceId: string, sku: string): Promise<StockLevel> => {
  const level = await levelOf(workspaceId, sku);
  const ledger = await worker(1).store.movements.list(workspaceId, { sku }, { limit: 10_000 });
  expect(level.reserved).toBe(sum(level.open, (line) => line.quantity));
  expect(available(level)).toBeGreaterThanOrEqual(0);
  const keys = [...level.open, ...level.waiting].map((line) => line.key);
  expect(new Set(keys).size).toBe(keys.length);
  expect({
    onHand: sum(ledger, (m) => m.onHand),
    reserved: sum(ledger, (m) => m.reserved),
    onOrder: sum(ledger, (m) => m.onOrder),
    movements: ledger.length,
  }).toEqual({ onHand: level.onHand, reserved: level.reserved, onOrder: level.onOrder, movements: level.rev });
  return level;
};

describe('a shelf under concurrent orders', () => {
  it('with 100 units and 200 orders for one each, all at once, holds exactly 100 and refuses the rest', async () => {
    const ws = freshWorkspace();
    await count(worker(0), ws, [on('A', opening(100))]);
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, async (_, n) => {
        const op = reserve(`line${n}`);
        return (await count(worker(n), ws, [on('A', op)])).get(op.id);
      }),
    );
    const level = await expectSound(ws, 'A');
    expect(outcomes.filter((outcome) => outcome === 'held')).toHaveLength(100);
    expect(outcomes.filter((outcome) => outcome === 'short')).toHaveLength(100);
    expect([level.onHand, level.reserved, level.open.length, available(level)]).toEqual([100, 100, 100, 0]);
  });

  it('lets those wait in turn who do not mind, and serves them by the time of their orders when goods come in', async () => {
    const ws = freshWorkspace();
    const turn = (n: number) => (n * 7) % 30;
    const asked = await Promise.all(
      Array.from({ length: 30 }, (_, n) => count(worker(n), ws, [on('A', reserve(`${turn(n)}`, 1, true, turn(n)))])),
    );
    expect(asked.flatMap((outcome) => [...outcome.values()])).toEqual(Array.from({ length: 30 }, () => 'waiting'));
    await count(worker(1), ws, [on('A', { kind: 'receipt', id: 'in', quantity: 12, expected: 0, reference: 'po' })]);
    const level = await expectSound(ws, 'A');
    expect(level.open.map((line) => line.key)).toEqual(Array.from({ length: 12 }, (_, n) => `${n}`));
    expect(level.waiting).toHaveLength(18);
  });

  it('counts one operation once, however many workers bring it at the same time', async () => {
    const ws = freshWorkspace();
    await Promise.all(Array.from({ length: 50 }, (_, n) => count(worker(n), ws, [on('A', opening(7))])));
    const held = await Promise.all(
      Array.from({ length: 50 }, (_, n) => count(worker(n), ws, [on('A', reserve('line', 3))])),
    );
    expect(held.map((outcome) => outcome.get('hold:line'))).toEqual(Array.from({ length: 50 }, () => 'held'));
    const level = await expectSound(ws, 'A');
    expect([level.onHand, level.reserved, level.rev]).toEqual([7, 3, 2]);
  });

  it('counts an operation once that stands twice in one batch, and another for the same SKU beside it', async () => {
    const ws = freshWorkspace();
    await count(worker(0), ws, [on('A', opening(5)), on('A', opening(5)), on('A', reserve('x', 2))]);
    const outcomes = await count(worker(0), ws, [
      on('A', reserve('y', 2)),
      on('A', reserve('z', 2)),
      on('A', reserve('y', 2)),
      on('A', reserve('z', 2)),
    ]);
    expect([...outcomes]).toEqual([
      ['hold:y', 'held'],
      ['hold:z', 'short'],
    ]);
    const level = await expectSound(ws, 'A');
    expect([level.onHand, level.reserved]).toEqual([5, 4]);
  });

  it('leaves nothing of a batch that is refused', async () => {
    const ws = freshWorkspace();
    await count(worker(0), ws, [on('A', opening(5)), on('B', { ...opening(5), id: 'opening B' })]);
    const batch = [on('A', reserve('x', 2)), on('B', { kind: 'ship', id: 's', key: 'x', quantity: 1, reference: 't' })];
    await expect(count(worker(0), ws, batch)).rejects.toMatchObject({ code: 'conflict' });
    expect((await expectSound(ws, 'A')).reserved).toBe(0);
    expect((await expectSound(ws, 'B')).onHand).toBe(5);
  });

  it('ends with a book that its ledger explains, after any batches from several workers with repeats', async () => {
    const skus = ['A', 'B', 'C'];
    const key = fc.constantFrom('k1', 'k2', 'k3', 'k4', 'k5');
    const quantity = fc.integer({ min: 1, max: 6 });
    const reference = fc.constant('test');
    const draft = fc.oneof(
      fc.record({ kind: fc.constantFrom('return', 'opening'), quantity, reference }),
      fc.record({ kind: fc.constant('receipt'), quantity, expected: quantity, reference }),
      fc.record({
        kind: fc.constant('reserve'),
        key,
        orderId: key,
        quantity,
        wait: fc.boolean(),
        atMs: fc.nat(9),
        reference,
      }),
      fc.record({ kind: fc.constant('release'), key, quantity, reference }),
      fc.record({ kind: fc.constant('make'), key, orderId: key, quantity, reference }),
      fc.record({ kind: fc.constant('expect'), quantity, reference }),
      fc.record({ kind: fc.constant('ship'), key, quantity, reference }),
    );
    const batch = fc.array(fc.record({ sku: fc.constantFrom(...skus), draft }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { minLength: 3, maxLength: 12 }), async (batches) => {
        const ws = freshWorkspace();
        await count(
          worker(0),
          ws,
          skus.map((sku) => on(sku, { ...opening(10), id: `open ${sku}` })),
        );
        const work = batches.map((ops, b) => ops.map((op, n) => on(op.sku, { ...op.draft, id: `${b}:${n}` })));
        // Every batch comes twice, as from a job that runs again while its first run still lives.
        const ran = await Promise.allSettled([...work, ...work].map((ops, n) => count(worker(n), ws, ops)));
        for (const result of ran)
          if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'conflict' });
        // A batch that was refused at one shelf after another of its shelves was written leaves that one's ledger to the
        // next who counts there, be it nothing.
        if (ran.some((result) => result.status === 'rejected'))
          await count(
            worker(1),
            ws,
            skus.map((sku) =>
              on(sku, { kind: 'release', id: `look ${sku}`, key: 'nobody', quantity: 1, reference: 'look' }),
            ),
          );
        for (const sku of skus) await expectSound(ws, sku);
        const ledger = await worker(0).store.movements.list(ws, {}, { limit: 10_000 });
        const left = -sum(
          ledger.filter((m) => m.kind === 'ship'),
          (m) => m.onHand,
        );
        const cameIn = sum(
          ledger.filter((m) => m.kind !== 'ship'),
          (m) => m.onHand,
        );
        expect(left + sum(ledger, (m) => m.reserved)).toBeLessThanOrEqual(cameIn);
      }),
      // What fails by timing is not made smaller by running it again.
      { numRuns: 20, endOnFailure: true },
    );
  });
});

describe('a crash while a shelf is counted', () => {
  const crash = new Error('the process is gone');

  /** A store whose n-th call, before or after it took effect, is the last thing its process does. */
  const dying = (store: Store, at: number, when: 'before' | 'after'): Store => {
    let calls = 0;
    const fatal = <A extends unknown[], R>(call: (...args: A) => Promise<R>) => {
      return async (...args: A): Promise<R> => {
        calls += 1;
        const last = calls === at;
        if (calls > at || (last && when === 'before')) throw crash;
        const result = await call(...args);
        if (last) throw crash;
        return result;
      };
    };
    const { levels, movements } = store;
    return {
      ...store,
      levels: {
        ...levels,
        findMany: fatal(levels.findMany),
        insertMany: fatal(levels.insertMany),
        changeMany: fatal(levels.changeMany),
      },
      movements: { ...movements, findMany: fatal(movements.findMany), insertMany: fatal(movements.insertMany) },
    };
  };

  const ops = [on('A', opening(10)), on('A', reserve('x', 4)), on('B', { ...opening(3), id: 'opening B' })];
  const wanted = async (ws: string) => {
    const [a, b] = [await expectSound(ws, 'A'), await expectSound(ws, 'B')];
    expect([a.onHand, a.reserved, a.rev, b.onHand, b.rev]).toEqual([10, 4, 2, 3, 1]);
  };

  const MOMENTS = [1, 2, 3, 4, 5, 6, 7].flatMap((at) => [[at, 'before'] as const, [at, 'after'] as const]);

  it.each(MOMENTS)(
    'at its database call %i, %s it took effect, loses nothing and doubles nothing once repeated',
    async (at, when) => {
      const ws = freshWorkspace();
      const end = await count(portsOf(dying(worker(0).store, at, when)), ws, ops).then(
        () => 'whole',
        (error) => error,
      );
      // Making the levels takes two calls, counting four: the seventh call is never made.
      expect(end).toBe(at === 7 ? 'whole' : crash);
      await count(worker(1), ws, ops);
      await wanted(ws);
      await count(worker(2), ws, ops);
      await wanted(ws);
    },
  );

  it('between book and ledger is made good by whoever counts there next, whatever it counts', async () => {
    const ws = freshWorkspace();
    await count(worker(0), ws, [on('A', { ...opening(1), id: 'first' })]);
    // Levels read, ledger read, levels written, and then nothing more.
    const lost = count(portsOf(dying(worker(0).store, 4, 'before')), ws, [on('A', opening(10))]);
    await expect(lost).rejects.toBe(crash);
    expect((await levelOf(ws, 'A')).onHand).toBe(11);
    await count(worker(1), ws, [on('A', reserve('x', 2))]);
    expect((await expectSound(ws, 'A')).onHand).toBe(11);
  });

  it('leaves no journal that grows: what the ledger has is dropped from the book', async () => {
    const ws = freshWorkspace();
    for (let n = 0; n < 12; n += 1) await count(worker(n), ws, [on('A', { ...opening(1), id: `in ${n}` })]);
    const level = await expectSound(ws, 'A');
    expect(level.onHand).toBe(12);
    expect(level.journal.length).toBeLessThanOrEqual(1);
  });
});

describe('a package', () => {
  it('that names one line twice takes its units off the shelf once, and the ledger says so', async () => {
    const ws = freshWorkspace();
    const line = {
      lineId: `${ws}_l`,
      externalId: 'x',
      sku: 'A',
      title: '',
      quantity: 3,
      totalMinor: 300,
      externalSku: '',

      unitCost: '1.00',
      weightGrams: 1,
      origin: 'CN',
      hsCode: '',
      ready: true,
      shipped: 0,
      cancelled: 0,
      returned: 0,
      received: 0,
    };
    const leg: Leg = {
      _id: `${ws}_leg`,
      workspaceId: ws,
      orderId: `${ws}_or`,
      orderNumber: '1',
      connectionId: 'cn',
      partner: 'p',
      orderExternalId: 'x',
      shipTo: WAREHOUSE,
      kind: 'fulfilment',
      mode: MODE,
      location: LOCATION,
      currency: 'GBP',
      state: 'accepted',
      version: 1,
      lines: [line],
      refunds: [],
      counted: [],
      externalId: '',
      note: '',
      dueAtMs: null,
      createdAtMs: 0,
      updatedAtMs: 0,
    };
    await worker(0).store.legs.insert(leg);
    await count(worker(0), ws, [on('A', opening(5)), on('A', reserve(line.lineId, 3))]);
    const shipment = await shipLeg(worker(0), {
      leg,
      reference: 'parcel',
      parcel: null,
      lines: [1, 2].map((quantity) => ({ lineId: line.lineId, quantity })),
      tracking: { carrier: 'c', number: 'n', url: '' },
    });
    expect(shipment.lines.map(({ lineId, quantity }) => [lineId, quantity])).toEqual([[line.lineId, 3]]);
    const level = await expectSound(ws, 'A');
    expect([level.onHand, level.reserved]).toEqual([2, 0]);
    expect(await worker(1).store.legs.find(ws, leg._id)).toMatchObject({ state: 'shipped' });
  });
});

const MODE = 'wholesale';

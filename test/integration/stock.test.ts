import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeLeg } from '#app/change.ts';
import { resolveException } from '#app/exception/resolve.ts';
import { advanceLeg } from '#app/leg/advance.ts';
import { answerCancel } from '#app/leg/cancel.ts';
import { receiveGoods } from '#app/leg/receive.ts';
import { retryLeg } from '#app/leg/retry.ts';
import { shipLeg } from '#app/leg/ship.ts';
import { takeReport } from '#app/leg/take-report.ts';
import type { Ports, Store } from '#app/ports.ts';
import { requestVoid, voidShipment } from '#app/shipment/void.ts';
import { refillShelves } from '#app/stock/refill.ts';
import { systemActor } from '#domain/actor.ts';
import { offerId } from '#domain/ids.ts';
import { type Leg, moveLeg, newLeg, newLegLine, type PurchaseLeg, takeUnits } from '#domain/leg.ts';
import { available, type StockLevel, type StockOp } from '#domain/stock.ts';
import { sampleConnection, sampleOrder } from '../../src/console/testing/samples.ts';
import { count, LOCATION, on, openShelves, portsOf, type Shelves } from '../support/shelves.ts';
import { Killed, killAt, portsThatAsk } from '../support/steps.ts';

let shelves: Shelves;
beforeAll(async () => {
  shelves = await openShelves();
});
afterAll(() => shelves.close());
const worker = (n: number): Ports => shelves.worker(n);
const freshWorkspace = (): string => shelves.freshWorkspace();
const levelOf = (workspaceId: string, sku: string): Promise<StockLevel> => shelves.levelOf(workspaceId, sku);
const expectSound = (workspaceId: string, sku: string): Promise<StockLevel> => shelves.expectSound(workspaceId, sku);

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

// What holds for every sequence of batches is in test/laws/shelf-on-store.law.ts.

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

/** A leg of one line, all of which may be packed. */
const packable = (ws: string, quantity: number): Leg => {
  const line = {
    lineId: `${ws}_l`,
    externalId: 'x',
    sku: 'A',
    title: '',
    quantity,
    totalMinor: 100 * quantity,
    externalSku: '',

    unitCost: '1.00',
    reservation: `${ws}_l`,
    ready: true,
    shipped: 0,
    cancelled: 0,
    returned: 0,
    asked: 0,
    received: 0,
  };
  return {
    _id: `${ws}_leg`,
    workspaceId: ws,
    orderId: `${ws}_or`,
    orderNumber: '1',
    plan: 1,
    connectionId: 'cn',
    partner: 'p',
    orderExternalId: 'x',
    shipTo: null,
    kind: 'fulfilment',
    mode: MODE,
    location: LOCATION,
    currency: 'GBP',
    costCurrency: 'GBP',
    state: 'accepted',
    version: 1,
    lines: [line],
    refunds: [],
    counted: [],
    waitsFor: null,
    reason: '',
    dueAtMs: null,
    createdAtMs: 0,
    updatedAtMs: 0,
  };
};

/** The order that a leg belongs to: its packages are posted with its rates. */
const orderOf = ({ workspaceId, orderId, orderNumber }: Leg) =>
  sampleOrder(orderNumber, { _id: orderId ?? '', workspaceId, externalId: workspaceId });

describe('a package', () => {
  it('that names one line twice takes its units off the shelf once, and the ledger says so', async () => {
    const ws = freshWorkspace();
    const leg = packable(ws, 3);
    await worker(0).store.legs.insert(leg);
    await worker(0).store.orders.insert(orderOf(leg));
    await count(worker(0), ws, [on('A', opening(5)), on('A', reserve(`${ws}_l`, 3))]);
    const shipment = await shipLeg(worker(0), systemActor('test'), {
      leg,
      reference: 'parcel',
      parcel: null,
      lines: [1, 2].map((quantity) => ({ lineId: `${ws}_l`, quantity })),
      tracking: { carrier: 'c', number: 'n', url: '' },
    });
    expect(shipment.lines.map(({ lineId, quantity }) => [lineId, quantity])).toEqual([[`${ws}_l`, 3]]);
    const level = await expectSound(ws, 'A');
    expect([level.onHand, level.reserved]).toEqual([2, 0]);
    expect(await worker(1).store.legs.find(ws, leg._id)).toMatchObject({ state: 'shipped' });
  });

  it('is not packed for our own label while its order is held; one that left on another label is written down', async () => {
    const ws = freshWorkspace();
    const ports = worker(0);
    const leg = packable(ws, 3);
    await ports.store.legs.insert(leg);
    const subject = { kind: 'order' as const, id: leg.orderId ?? '' };
    const by = systemActor('test');
    const hold = { code: 'payment' as const, subject, sinceMs: 0, note: '', by, untilMs: null };
    await ports.store.orders.insert({ ...orderOf(leg), holds: [hold] });
    await count(ports, ws, [on('A', opening(5)), on('A', reserve(`${ws}_l`, 3))]);
    const lines = [{ lineId: `${ws}_l`, quantity: 1 }];
    const parcel = { weightGrams: 900, lengthMm: 300, widthMm: 200, heightMm: 150 };
    await expect(shipLeg(ports, by, { leg, reference: 'ours', parcel, lines, tracking: null })).rejects.toMatchObject({
      code: 'conflict',
      safe: { hold: 'payment' },
    });
    expect((await levelOf(ws, 'A')).onHand).toBe(5);
    const tracking = { carrier: 'c', number: 'n', url: '' };
    await shipLeg(ports, by, { leg, reference: 'theirs', parcel: null, lines, tracking });
    expect((await levelOf(ws, 'A')).onHand).toBe(4);
  });

  it('that is voided gives its units back to the shelf: held for what is still wanted, free where it was refunded', async () => {
    const ws = freshWorkspace();
    const ports = worker(0);
    const actor = systemActor('test');
    const lineId = `${ws}_l`;
    const leg = packable(ws, 3);
    await ports.store.legs.insert(leg);
    await ports.store.orders.insert(orderOf(leg));
    await count(ports, ws, [on('A', opening(5)), on('A', reserve(lineId, 3))]);
    const parcel = { weightGrams: 900, lengthMm: 300, widthMm: 200, heightMm: 150 };
    const shipment = await shipLeg(ports, actor, {
      leg,
      reference: 'parcel',
      parcel,
      lines: [{ lineId, quantity: 3 }],
      tracking: null,
    });
    await changeLeg(ports, ws, leg._id, (current) => {
      const taken = { id: 'refund', lineId, quantity: 2, left: true };
      return takeUnits(current, taken, { actor, atMs: ports.clock.now() }).patch;
    });
    await requestVoid(ports, actor, { workspaceId: ws, shipmentId: shipment._id });
    // A second run changes nothing.
    for (let round = 0; round < 2; round += 1) {
      expect(await voidShipment(ports, actor, { workspaceId: ws, shipmentId: shipment._id })).toMatchObject({
        voided: true,
      });
      const level = await expectSound(ws, 'A');
      expect([level.onHand, level.reserved]).toEqual([5, 1]);
      expect(await ports.store.legs.find(ws, leg._id)).toMatchObject({
        state: 'accepted',
        lines: [{ shipped: 0, returned: 0, cancelled: 2 }],
      });
    }
  });
});

const MODE = 'wholesale';

describe('a purchase for our own shelf that its supplier cancels', () => {
  const bulk = async (ws: string, state: 'accepted' | 'shipped' = 'accepted'): Promise<Leg> => {
    const ports = worker(0);
    const leg = newLeg({
      _id: `lg_${ws}`,
      workspaceId: ws,
      kind: 'purchase',
      mode: 'wholesale',
      partner: 'cn_feed',
      location: LOCATION,
      currency: 'GBP',
      costCurrency: 'GBP',
      lines: [
        newLegLine({
          lineId: `pl_${ws}`,
          externalId: '',
          sku: 'A',
          title: '',
          quantity: 10,
          totalMinor: 0,
          externalSku: 'A',
          unitCost: '1.00',
          reservation: '',
          ready: false,
        }),
      ],
      dueAtMs: null,
      atMs: 0,
      shipTo: null,
      order: null,
    });
    await ports.store.legs.insert(leg);
    await advanceLeg(ports, by.actor, { workspaceId: ws, legId: leg._id });
    await changeLeg(ports, ws, leg._id, (current) => moveLeg(current, 'accepted', {}, by));
    if (state === 'shipped') await changeLeg(ports, ws, leg._id, (current) => moveLeg(current, 'shipped', {}, by));
    expect((await levelOf(ws, 'A')).onOrder).toBe(10);
    return leg;
  };
  const by = { actor: systemActor('test'), atMs: 0 };
  const answer = (leg: Leg) =>
    answerCancel(worker(1), by.actor, {
      workspaceId: leg.workspaceId,
      legId: leg._id,
      cancelled: true,
      note: 'told us',
    });
  const deliver = (leg: Leg, quantity: number) =>
    receiveGoods(worker(0), by.actor, {
      workspaceId: leg.workspaceId,
      legId: leg._id,
      reference: 'delivery',
      lines: [{ lineId: leg.lines[0]?.lineId ?? '', quantity }],
      released: true,
    });

  it('is no longer on its way, whole', async () => {
    const ws = freshWorkspace();
    const leg = await bulk(ws);
    expect(await answer(leg)).toMatchObject({ state: 'cancelled', lines: [{ cancelled: 10, received: 0 }] });
    expect(await expectSound(ws, 'A')).toMatchObject({ onHand: 0, onOrder: 0 });
    await expect(answer(leg)).rejects.toMatchObject({ code: 'conflict' });
    expect((await levelOf(ws, 'A')).onOrder).toBe(0);
  });

  it.each(['accepted', 'shipped'] as const)('keeps what came in before it, from %s', async (state) => {
    const ws = freshWorkspace();
    const leg = await bulk(ws, state);
    await deliver(leg, 4);
    expect(await answer(leg)).toMatchObject({ state: 'received', lines: [{ cancelled: 6, received: 4 }] });
    expect(await expectSound(ws, 'A')).toMatchObject({ onHand: 4, onOrder: 0 });
  });

  describe('that the supplier refuses', () => {
    const refuse = (ports: Ports, leg: Leg) => {
      const report = { externalId: 'theirs', reference: leg._id, rawStatus: 'no', reason: 'out of it' };
      const given = { ...report, costMinor: null, currency: null, packages: [] };
      return takeReport(ports, by.actor, sampleConnection('feed'), asPurchase(leg), { ...given, state: 'rejected' });
    };
    const asPurchase = (leg: Leg): PurchaseLeg => (leg.kind === 'purchase' ? leg : expect.fail('no purchase'));
    const of = ({ workspaceId, _id: legId }: Leg) => ({ workspaceId, legId });

    it('is no longer on its way, whenever the process dies that learns of it', async () => {
      let met = Number.POSITIVE_INFINITY;
      for (let at = 0; at < met; at += 1) {
        const ws = freshWorkspace();
        const leg = await bulk(ws);
        const kill = killAt(at);
        await refuse(portsThatAsk(worker(0), kill.before), leg).catch((error: unknown) => {
          if (!(error instanceof Killed)) throw error;
        });
        if (kill.at() === null) met = kill.met();
        const known = (await worker(1).store.legs.find(ws, leg._id)) ?? expect.fail('no leg');
        // The supplier says so until it was heard; then the sweep finds what was left.
        if (known.state !== 'rejected') await refuse(worker(1), known);
        else expect(known.dueAtMs).not.toBeNull();
        expect((await advanceLeg(worker(1), by.actor, of(leg))).leg).toMatchObject({ dueAtMs: null });
        expect(await expectSound(ws, 'A'), `killed at ${at}: ${kill.at()}`).toMatchObject({ onHand: 0, onOrder: 0 });
      }
      expect(met).toBeGreaterThan(2);
    });

    it('is on its way again when it is tried again, each time', async () => {
      const ws = freshWorkspace();
      const leg = await bulk(ws);
      for (let round = 0; round < 3; round += 1) {
        const known = (await worker(0).store.legs.find(ws, leg._id)) ?? expect.fail('no leg');
        await refuse(worker(0), known);
        expect(await expectSound(ws, 'A')).toMatchObject({ onOrder: 0 });
        await retryLeg(worker(0), by.actor, of(leg));
        await advanceLeg(worker(0), by.actor, of(leg));
        await advanceLeg(worker(1), by.actor, of(leg));
        expect(await expectSound(ws, 'A')).toMatchObject({ onOrder: 10 });
        await changeLeg(worker(0), ws, leg._id, (current) => moveLeg(current, 'accepted', {}, by));
      }
    });

    it('is not ordered once more by itself, and is once a person has decided it', async () => {
      const ws = freshWorkspace();
      const leg = await bulk(ws);
      const { store } = worker(0);
      const offer = { sku: 'A', mode: 'wholesale', title: 'A', partner: leg.partner, location: LOCATION } as const;
      await store.offers.insert({
        ...offer,
        _id: offerId(ws, 'A'),
        workspaceId: ws,
        externalSku: 'A',
        unitCost: '1.00',
        currency: leg.currency,
        leadTimeDays: 7,
        commissionBps: 0,
        reorderPoint: 5,
        orderUpTo: 10,
      });
      await refuse(worker(0), leg);
      expect((await refillShelves(worker(0), ws)).legIds).toEqual([]);
      const [told] = await store.exceptions.list(ws, { cause: 'purchase_rejected' }, { limit: 10 });
      await resolveException(worker(0), by.actor, { workspaceId: ws, exceptionId: told?._id ?? '', note: 'Order it.' });
      expect((await refillShelves(worker(0), ws)).legIds).toHaveLength(1);
    });
  });

  it('that has all come in has nothing to cancel', async () => {
    const ws = freshWorkspace();
    const leg = await bulk(ws);
    await deliver(leg, 10);
    await expect(answer(leg)).rejects.toMatchObject({ code: 'conflict' });
    expect(await expectSound(ws, 'A')).toMatchObject({ onHand: 10, onOrder: 0 });
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeOrder } from '#app/change.ts';
import { setOrderRules } from '#app/connection/set-order-rules.ts';
import { getOrder } from '#app/get.ts';
import { findUnmapped } from '#app/order/find-unmapped.ts';
import { progressOrder } from '#app/order/progress.ts';
import { reconcileOrder } from '#app/order/reconcile.ts';
import { routeOrder } from '#app/order/route.ts';
import type { Ports } from '#app/ports.ts';
import { systemActor } from '#domain/actor.ts';
import type { Connection } from '#domain/connection.ts';
import { DEFAULT_ORDER_RULES, type OrderRules } from '#domain/hold.ts';
import { offerId } from '#domain/ids.ts';
import type { IncomingOrder } from '#domain/incoming-order.ts';
import { holdsOf } from '#domain/may-proceed.ts';
import { born } from '#domain/move.ts';
import { newOrder } from '#domain/observe-order.ts';
import type { Offer } from '#domain/offer.ts';
import { type Order, orderMachine } from '#domain/order.ts';
import { count, LOCATION, on, openShelves, type Shelves } from '../support/shelves.ts';
import { freezeAt, Killed, killAt, portsThatAsk } from '../support/steps.ts';

const actor = systemActor('test');
const OFFER: Offer = {
  sku: 'A',
  mode: 'wholesale',
  title: 'A',
  partner: 'feed',
  location: LOCATION,
  externalSku: '',
  unitCost: '1.00',
  currency: 'EUR',
  leadTimeDays: 7,
  commissionBps: 0,
  reorderPoint: 0,
  orderUpTo: 0,
};
const INCOMING: IncomingOrder = {
  externalId: '1',
  number: '1',
  placedAt: '2026-11-01T10:00:00Z',
  updatedAt: '2026-11-01T10:00:00Z',
  currency: 'EUR',
  payment: { state: 'pending', method: '', paidMinor: 0, paidAt: null },
  rawStatus: 'pending',
  cancelledAt: null,
  test: false,
  risk: 'none',
  buyer: { externalId: null, name: 'Ana Example', email: '' },
  shipTo: {
    name: 'Ana Example',
    company: '',
    line1: 'Street 1',
    line2: '',
    city: 'Town',
    region: '',
    postalCode: '10115',
    country: 'DE',
    phone: '',
    email: '',
    made: false,
  },
  billTo: null,
  lines: [
    {
      externalId: '1',
      externalVariantId: null,
      sku: 'A',
      title: 'A',
      quantity: 4,
      currentQuantity: 4,
      fulfilledQuantity: 0,
      requiresShipping: true,
      unitPrice: '5.00',
      totalMinor: 2_000,
    },
  ],
  charges: [],
  refunds: [],
  totalMinor: 2_000,
  note: '',
};

const SHOP: Connection = {
  _id: 'cn_shop',
  workspaceId: '',
  connectorId: 'woocommerce',
  role: 'storefront',
  name: 'Shop',
  credentials: '',
  settings: {},
  state: 'active',
  live: true,
  fulfilFromMs: 0,
  webhookSecret: '',
  cursor: { since: '1970-01-01T00:00:00.000Z', next: null },
  pollEveryMinutes: 10,
  createdAtMs: 0,
  lastError: '',
};
const UNPAID_GOES: OrderRules = { ...DEFAULT_ORDER_RULES, payment: { kind: 'always' } };

/** Ports whose first look at the shelf stops until it is let go. */
const stoppedAtTheShelf = (ports: Ports) => {
  const reached = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  const { levels } = ports.store;
  const stopped: Ports = {
    ...ports,
    store: {
      ...ports.store,
      levels: {
        ...levels,
        async findMany(workspaceId, ids) {
          reached.resolve();
          await go.promise;
          return levels.findMany(workspaceId, ids);
        },
      },
    },
  };
  return { ports: stopped, reached: reached.promise, go: go.resolve };
};

let shelves: Shelves;
beforeAll(async () => {
  shelves = await openShelves();
});
afterAll(() => shelves.close());

interface Placed {
  ports: Ports;
  order: Order;
  ref: { workspaceId: string; orderId: string };
}
const placed = async (
  made: (order: Order) => Pick<Partial<Order>, 'payment' | 'lines' | 'cancelledAt'> = () => ({}),
): Promise<Placed> => {
  const workspaceId = shelves.freshWorkspace();
  const ports = shelves.worker(0);
  await count(ports, workspaceId, [on('A', { kind: 'opening', id: 'open', quantity: 10, reference: 'test' })]);
  const fresh = newOrder({ _id: 'cn_shop', workspaceId, fulfilFromMs: 0 }, INCOMING, {
    fetched: { sentAtMs: 0, answeredAtMs: 0 },
    refundLineId: (_refund, line) => line,
    nowMs: ports.clock.now(),
    graceMs: 0,
  });
  const mapped = { ...fresh, lines: fresh.lines.map((line) => ({ ...line, offer: OFFER })) };
  const order = { ...mapped, ...made(mapped) };
  await ports.store.orders.insert(born(orderMachine, order, { actor, atMs: ports.clock.now() }));
  return { ports, order, ref: { workspaceId, orderId: order._id } };
};

/** Nobody has said yet who supplies it. */
const unmapped = ({ lines }: Order): Pick<Order, 'lines'> => ({
  lines: lines.map((line) => ({ ...line, offer: null })),
});

describe('units of an order that waits, held by one run while another ends or changes the order', () => {
  const reserved = async (workspaceId: string) => (await shelves.levelOf(workspaceId, 'A')).reserved;

  it('are held while it waits, and no longer when it is cancelled', async () => {
    const { ports, ref } = await placed();
    await routeOrder(ports, actor, ref);
    expect(await reserved(ref.workspaceId)).toBe(4);
    await changeOrder(ports, ref.workspaceId, ref.orderId, () => ({ cancelledAt: '2026-11-01T11:00:00Z' }));
    await routeOrder(ports, actor, ref);
    expect(await reserved(ref.workspaceId)).toBe(0);
  });

  it('are none of an order that nobody supplies yet, whatever it waits for, however often it changes', async () => {
    const { ports, ref } = await placed(unmapped);
    for (const state of ['pending', 'expired', 'failed'] as const) {
      await changeOrder(ports, ref.workspaceId, ref.orderId, ({ payment }) => ({ payment: { ...payment, state } }));
      expect((await routeOrder(ports, actor, ref)).outcome).toBe('held');
      expect(await reserved(ref.workspaceId)).toBe(0);
    }
  });

  it('go back when the order was cancelled before the shelf was asked', async () => {
    const { ports, ref } = await placed();
    const late = stoppedAtTheShelf(shelves.worker(1));
    const first = routeOrder(late.ports, actor, ref);
    await late.reached;
    await changeOrder(ports, ref.workspaceId, ref.orderId, () => ({ cancelledAt: '2026-11-01T11:00:00Z' }));
    expect((await routeOrder(ports, actor, ref)).outcome).toBe('closed');
    late.go();
    await first;
    expect(await reserved(ref.workspaceId)).toBe(0);
  });

  describe('a process that dies at any of its writes leaves no unit behind', () => {
    type Change = (order: Order) => Pick<Partial<Order>, 'payment' | 'lines' | 'cancelledAt'>;
    const paid: Change = ({ payment }) => ({ payment: { ...payment, state: 'paid' } });
    const fewer: Change = ({ lines }) => ({ lines: lines.map((line) => ({ ...line, currentQuantity: 3 })) });
    const none: Change = ({ lines }) => ({ lines: lines.map((line) => ({ ...line, currentQuantity: 0 })) });
    const cancelled: Change = () => ({ cancelledAt: '2026-11-01T11:00:00Z' });
    const voided: Change = ({ payment }) => ({ payment: { ...payment, state: 'voided' } });
    const CASES: readonly { name: string; first: Change; meanwhile: Change; held: number }[] = [
      { name: 'it waits, and is cancelled', first: () => ({}), meanwhile: cancelled, held: 0 },
      { name: 'it waits, and is paid', first: () => ({}), meanwhile: paid, held: 4 },
      {
        name: 'it waits, and is paid for fewer',
        first: () => ({}),
        meanwhile: (order) => ({ ...paid(order), ...fewer(order) }),
        held: 3,
      },
      { name: 'it waits, and its payment is voided', first: () => ({}), meanwhile: voided, held: 0 },
      { name: 'it is planned, and cancelled', first: paid, meanwhile: cancelled, held: 0 },
      { name: 'it is planned, and edited to fewer', first: paid, meanwhile: fewer, held: 3 },
      { name: 'it is planned, and edited to none', first: paid, meanwhile: none, held: 0 },
      { name: 'it is planned, and its payment is voided', first: paid, meanwhile: voided, held: 0 },
    ];
    /** What a storefront's news does to an order that is there: it changes, and is due. */
    const change = (ports: Ports, ref: Placed['ref'], made: Change) =>
      changeOrder(ports, ref.workspaceId, ref.orderId, (order) =>
        order.plan ? null : { ...made(order), dueAtMs: ports.clock.now() + ports.grace() },
      );
    /** Looks at the order as often as it says that it is due, and no more. */
    const sweep = async (ports: Ports, { workspaceId, orderId }: Placed['ref']) => {
      for (let round = 0; round < 20; round += 1) {
        const order = await ports.store.orders.find(workspaceId, orderId);
        if (!order || order.plan || order.dueAtMs === null || order.dueAtMs > ports.clock.now() + ports.grace()) return;
        await routeOrder(ports, actor, { workspaceId, orderId });
      }
      throw new Error('it never comes to rest');
    };
    const expectHeld = async (ports: Ports, ref: Placed['ref'], made: Order, held: number, when: string) => {
      const { plan } = (await ports.store.orders.find(ref.workspaceId, ref.orderId)) ?? expect.fail('no order');
      // A plan that was saved before the change is reconciled, not routed.
      const planned = (plan?.legs ?? []).flatMap(({ items }) => items).reduce((sum, { quantity }) => sum + quantity, 0);
      // Whoever counts next has the ledger filled.
      await count(ports, ref.workspaceId, [on('A', { kind: 'adjust', id: 'next', quantity: 0, reference: 'test' })]);
      const level = await shelves.expectSound(ref.workspaceId, 'A');
      expect(level.reserved, when).toBe(made.plan ? planned : held);
      expect(level.open.length, when).toBe(level.reserved > 0 ? 1 : 0);
      expect(level.waiting, when).toEqual([]);
      if (plan && !made.plan) expect(planned, when).toBe(held);
    };

    it.each(CASES)('killed while $name', async ({ first, meanwhile, held }) => {
      let met = Number.POSITIVE_INFINITY;
      for (let at = 0; at < met; at += 1) {
        const { ports, ref } = await placed(first);
        const kill = killAt(at);
        await routeOrder(portsThatAsk(ports, kill.before), actor, ref).catch((error: unknown) => {
          if (!(error instanceof Killed)) throw error;
        });
        if (kill.at() === null) met = kill.met();
        const made = await change(ports, ref, meanwhile);
        await sweep(ports, ref);
        await expectHeld(ports, ref, made, held, `killed at ${at}: ${kill.at()}`);
      }
      expect(met).toBeGreaterThan(1);
    });

    it.each(CASES)('overtaken while $name, and killed when it goes on', async ({ first, meanwhile, held }) => {
      for (let at = 0, stopped = true; stopped; at += 1) {
        for (let more = 0, killed = true; killed; more += 1) {
          const { ports, ref } = await placed(first);
          const stop = freezeAt(at);
          let after = 0;
          const slow = portsThatAsk(shelves.worker(1), async (what) => {
            await stop.before(what);
            if (stop.at() === null || stop.met() === at + 1) return;
            after += 1;
            if (after > more) throw new Killed(what);
          });
          const looking = routeOrder(slow, actor, ref).catch((error: unknown) => {
            if (!(error instanceof Killed)) throw error;
          });
          await Promise.race([looking, stop.frozen]);
          stopped = stop.at() !== null;
          const made = await change(ports, ref, meanwhile);
          await sweep(ports, ref);
          stop.thaw();
          await looking;
          killed = after > more;
          await sweep(ports, ref);
          await expectHeld(ports, ref, made, held, `stopped at ${at}: ${stop.at()}, killed ${more} writes later`);
        }
      }
    });
  });

  it('are those of the plan when it was paid and changed before the shelf was asked', async () => {
    const { ports, order, ref } = await placed();
    const late = stoppedAtTheShelf(shelves.worker(1));
    const first = routeOrder(late.ports, actor, ref);
    await late.reached;
    await changeOrder(ports, ref.workspaceId, ref.orderId, () => ({
      payment: { ...order.payment, state: 'paid' as const },
      lines: order.lines.map((line) => ({ ...line, currentQuantity: 3 })),
    }));
    expect((await routeOrder(ports, actor, ref)).outcome).toBe('routed');
    late.go();
    await first;
    expect(await reserved(ref.workspaceId)).toBe(3);
  });
});

describe('an order that is read again at its shop while a run decides whether it waits', () => {
  /** Ports of a run during which a poll writes down that it has read the order again, and nothing else. */
  const readAgain = (ports: Ports, { workspaceId, orderId }: Placed['ref']): Ports => {
    let read = false;
    return portsThatAsk(ports, async (what) => {
      if (what !== 'orders.change' || read) return;
      read = true;
      await changeOrder(ports, workspaceId, orderId, ({ fetchedAtMs }) => ({ fetchedAtMs: fetchedAtMs + 60_001 }));
    });
  };

  it('is held where it is not paid', async () => {
    const { ports, ref } = await placed();
    expect((await routeOrder(readAgain(ports, ref), actor, ref)).outcome).toBe('held');
    expect((await getOrder(ports, ref.workspaceId, ref.orderId)).holds).toMatchObject([{ code: 'payment' }]);
  });

  it('is held no longer where it is paid', async () => {
    const { ports, order, ref } = await placed();
    await routeOrder(ports, actor, ref);
    await changeOrder(ports, ref.workspaceId, ref.orderId, () => ({
      payment: { ...order.payment, state: 'paid' as const },
    }));
    expect((await routeOrder(readAgain(ports, ref), actor, ref)).outcome).toBe('routed');
    expect((await getOrder(ports, ref.workspaceId, ref.orderId)).holds).toEqual([]);
  });
});

describe('an order that waits for what a person sets', () => {
  it('goes on when the rule is set, although a process that remembers the old one looks at it first', async () => {
    const { ports, ref } = await placed();
    const { workspaceId, orderId } = ref;
    const shop = { ...SHOP, _id: `cn_${workspaceId}`, workspaceId };
    await ports.store.connections.insert(shop);
    await changeOrder(ports, workspaceId, orderId, () => ({ connectionId: shop._id }));
    const remembering: Ports = { ...ports, cached: { ...ports.cached, connection: async () => shop } };
    expect((await routeOrder(remembering, actor, ref)).outcome).toBe('held');
    await setOrderRules(ports, actor, { workspaceId, connectionId: shop._id, rules: UNPAID_GOES });
    expect((await routeOrder(remembering, actor, ref)).outcome).toBe('routed');
  });

  it('goes on when the rule is set while a run that knows the old one holds its units', async () => {
    const { ports, ref } = await placed();
    const { workspaceId, orderId } = ref;
    const shop = { ...SHOP, _id: `cn_${workspaceId}`, workspaceId };
    await ports.store.connections.insert(shop);
    await changeOrder(ports, workspaceId, orderId, () => ({ connectionId: shop._id }));
    const late = stoppedAtTheShelf(shelves.worker(1));
    const first = routeOrder(late.ports, actor, ref);
    await late.reached;
    await setOrderRules(ports, actor, { workspaceId, connectionId: shop._id, rules: UNPAID_GOES });
    late.go();
    expect((await first).outcome).toBe('routed');
  });

  it('goes on when the rule was set before it was there to be found', async () => {
    const { ports, ref } = await placed();
    const { workspaceId, orderId } = ref;
    const shop = { ...SHOP, _id: `cn_${workspaceId}`, workspaceId };
    await ports.store.connections.insert(shop);
    const remembering: Ports = { ...ports, cached: { ...ports.cached, connection: async () => shop } };
    await setOrderRules(ports, actor, { workspaceId, connectionId: shop._id, rules: UNPAID_GOES });
    await changeOrder(ports, workspaceId, orderId, () => ({ connectionId: shop._id }));
    expect((await routeOrder(remembering, actor, ref)).outcome).toBe('routed');
  });

  it('is looked at again by a new rule also when it has a plan already', async () => {
    const { ports, ref } = await placed();
    const { workspaceId, orderId } = ref;
    const shop = { ...SHOP, _id: `cn_${workspaceId}`, workspaceId };
    await ports.store.connections.insert({ ...shop, orderRules: UNPAID_GOES });
    await changeOrder(ports, workspaceId, orderId, () => ({ connectionId: shop._id }));
    await routeOrder(ports, actor, ref);
    const held = holdsOf(await getOrder(ports, workspaceId, orderId), DEFAULT_ORDER_RULES, actor, 0);
    expect(held).toMatchObject([{ code: 'payment' }]);
    await changeOrder(ports, workspaceId, orderId, () => ({ holds: held, dueAtMs: null }));
    await setOrderRules(ports, actor, { workspaceId, connectionId: shop._id, rules: UNPAID_GOES });
    const { plan, dueAtMs } = await getOrder(ports, workspaceId, orderId);
    expect([plan === null, dueAtMs]).toEqual([false, ports.clock.now()]);
    // A step of a leg that comes first looks at its states alone, and leaves the look to whoever has to take it.
    await progressOrder(ports, actor, ref);
    expect((await getOrder(ports, workspaceId, orderId)).dueAtMs).toBe(ports.clock.now());
    const remembering: Ports = { ...ports, cached: { ...ports.cached, connection: async () => shop } };
    await reconcileOrder(remembering, actor, ref);
    expect((await getOrder(ports, workspaceId, orderId)).holds).toEqual([]);
  });

  it('is looked at when that is asked for while a step of a leg is written down', async () => {
    const { ports, ref } = await placed();
    const { workspaceId, orderId } = ref;
    await changeOrder(ports, workspaceId, orderId, ({ payment }) => ({
      payment: { ...payment, state: 'paid' as const },
    }));
    await routeOrder(ports, actor, ref);
    const askedForMs = ports.clock.now() + ports.grace();
    let asked = false;
    const late = portsThatAsk(ports, async (what) => {
      if (what !== 'orders.change' || asked) return;
      asked = true;
      await changeOrder(ports, workspaceId, orderId, () => ({ note: 'changed', dueAtMs: askedForMs }));
    });
    await changeOrder(ports, workspaceId, orderId, () => ({ dueAtMs: askedForMs + 1 }));
    await progressOrder(late, actor, ref);
    expect([asked, (await getOrder(ports, workspaceId, orderId)).dueAtMs]).toEqual([true, askedForMs]);
  });

  it('goes on when an offer is made between the look for one and the note that there was none', async () => {
    const { ports, order, ref } = await placed(unmapped);
    const { workspaceId } = ref;
    await changeOrder(ports, workspaceId, order._id, () => ({ payment: { ...order.payment, state: 'paid' as const } }));
    const { offers } = ports.store;
    const found: string[][] = [];
    const late: Ports = {
      ...ports,
      store: {
        ...ports.store,
        offers: {
          ...offers,
          async findMany(workspace, ids) {
            const before = await offers.findMany(workspace, ids);
            // A person makes the offer now. Who waits for one is found by then: nobody does.
            if (found.length === 0) {
              await offers.insert({ _id: offerId(workspaceId, OFFER.sku), workspaceId, ...OFFER });
              const push = async (ids: readonly string[]) => void found.push([...ids]);
              await findUnmapped(ports, workspaceId, { unplanned: push, planned: push });
              found.push([]);
            }
            return before;
          },
        },
      },
    };
    expect((await routeOrder(late, actor, ref)).outcome).toBe('routed');
    expect(found.flat()).toEqual([]);
  });
});

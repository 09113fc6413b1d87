import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeOrder } from '#app/change.ts';
import { routeOrder } from '#app/order/route.ts';
import type { Ports } from '#app/ports.ts';
import { systemActor } from '#domain/actor.ts';
import type { IncomingOrder } from '#domain/incoming-order.ts';
import { born } from '#domain/move.ts';
import { newOrder } from '#domain/observe-order.ts';
import type { Offer } from '#domain/offer.ts';
import { type Order, orderMachine } from '#domain/order.ts';
import { count, LOCATION, on, openShelves, type Shelves } from '../support/shelves.ts';

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

describe('units of an order that waits, held by one run while another ends or changes the order', () => {
  let shelves: Shelves;
  beforeAll(async () => {
    shelves = await openShelves();
  });
  afterAll(() => shelves.close());

  const placed = async (): Promise<{ ports: Ports; order: Order; ref: { workspaceId: string; orderId: string } }> => {
    const workspaceId = shelves.freshWorkspace();
    const ports = shelves.worker(0);
    await count(ports, workspaceId, [on('A', { kind: 'opening', id: 'open', quantity: 10, reference: 'test' })]);
    const fresh = newOrder({ _id: 'cn_shop', workspaceId, fulfilFromMs: 0 }, INCOMING, {
      fetched: { sentAtMs: 0, answeredAtMs: 0 },
      refundLineId: (_refund, line) => line,
      nowMs: ports.clock.now(),
      graceMs: 0,
    });
    const order = { ...fresh, lines: fresh.lines.map((line) => ({ ...line, offer: OFFER })) };
    await ports.store.orders.insert(born(orderMachine, order, { actor, atMs: ports.clock.now() }));
    return { ports, order, ref: { workspaceId, orderId: order._id } };
  };
  const reserved = async (workspaceId: string) => (await shelves.levelOf(workspaceId, 'A')).reserved;

  it('are held while it waits, and no longer when it is cancelled', async () => {
    const { ports, ref } = await placed();
    await routeOrder(ports, actor, ref);
    expect(await reserved(ref.workspaceId)).toBe(4);
    await changeOrder(ports, ref.workspaceId, ref.orderId, () => ({ cancelledAt: '2026-11-01T11:00:00Z' }));
    await routeOrder(ports, actor, ref);
    expect(await reserved(ref.workspaceId)).toBe(0);
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

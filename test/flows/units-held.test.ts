import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ports } from '#app/ports.ts';
import { systemActor } from '#domain/actor.ts';
import type { Order } from '#domain/order.ts';
import { levelId, type StockLevel } from '#domain/stock.ts';
import type { PlacedState, StorefrontWorld } from '#kit/sandbox';
import { ITEMS, itemOf } from '../support/shop.ts';
import { openStand, type Stand } from '../support/stand.ts';
import { type Steps, stepsOf } from '../support/steps.ts';

const SHOPIFY = 0;
const WOO = 1;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** A step that was lost is looked at again after so long; nothing here is lost. */
const GRACE_MS = MINUTE;
const UNITS = 3;
const actor = systemActor('test');

describe('units of an order that waits', () => {
  let stand: Stand;
  let ports: Ports;
  let steps: Steps;
  beforeAll(async () => {
    // The clock stands still where the test does not move it; vendors' limits are let pass by moving it.
    stand = await openStand({ items: ITEMS, rate: 600, act: false, webhooks: false, work: false });
    ports = { ...stand.platform.app.ports, clock: stand.world.clock.clock, grace: () => GRACE_MS };
    steps = stepsOf(ports, pass);
  });
  afterAll(() => stand?.close());

  const pass = (ms: number): void => {
    const { clock } = stand.world;
    clock.advanceTo(clock.clock.now() + ms);
  };
  const shop = (index: number): StorefrontWorld =>
    stand.world.storefronts[index]?.world ?? expect.fail(`no storefront ${index}`);
  const connectionOf = (index: number): string =>
    index === SHOPIFY ? stand.business.connections.shopify : stand.business.connections.woocommerce;
  const workspaceOf = async (index: number): Promise<string> =>
    (await ports.store.findConnection(connectionOf(index)))?.workspaceId ?? expect.fail('no connection');

  /** Takes whatever is due, as the product's workers would by now. */
  const work = async (): Promise<void> => {
    for (let found = 1; found > 0; found = await steps.sweep()) await steps.finish();
    await steps.finish();
  };
  interface One {
    orderId: string;
    workspaceId: string;
    hear(): Promise<void>;
  }
  const place = async (
    reference: string,
    storefront: number,
    item: { sku: string; title: string; price: string },
    payment: { state: PlacedState; method?: string; paidMinor?: number },
  ): Promise<One> => {
    const { externalId } = shop(storefront).placeOrder({
      reference,
      placedAtMs: Math.floor(ports.clock.now()),
      currency: 'GBP',
      buyer: { id: null, name: 'Ana Example', email: 'ana@buyers.example' },
      shipTo: {
        name: 'Ana Example',
        company: '',
        line1: '1 Market Street',
        line2: '',
        city: 'Leeds',
        region: '',
        postalCode: 'LS1 1AA',
        country: 'GB',
        phone: '+441130000000',
        email: '',
        made: false,
      },
      lines: [
        {
          key: `${reference}#0`,
          sku: item.sku,
          title: item.title,
          quantity: UNITS,
          unitPrice: '4.00',
          totalMinor: 1_200,
        },
      ],
      charges: [],
      note: '',
      payment,
    });
    const workspaceId = await workspaceOf(storefront);
    const connectionId = connectionOf(storefront);
    const { order } = await steps.app.ingestOrder(actor, { workspaceId, connectionId, externalId });
    await steps.app.routeOrder(actor, { workspaceId, orderId: order._id });
    return {
      orderId: order._id,
      workspaceId,
      async hear() {
        await steps.start({ job: 'order.ingest', payload: { workspaceId, connectionId, externalId } });
        await work();
      },
    };
  };
  const orderOf = async ({ workspaceId, orderId }: One): Promise<Order> =>
    (await ports.store.orders.find(workspaceId, orderId)) ?? expect.fail('no order');
  const legsOf = ({ workspaceId, orderId }: One) => ports.store.legs.list(workspaceId, { orderId }, { limit: 10 });
  const shelfOf = async ({ workspaceId }: One, sku: string): Promise<StockLevel> =>
    (await ports.store.levels.find(workspaceId, levelId(workspaceId, 'warehouse', sku))) ?? expect.fail('no shelf');
  const heldFor = async (one: One, sku: string): Promise<number> =>
    (await shelfOf(one, sku)).open
      .filter(({ orderId }) => orderId === one.orderId)
      .reduce((sum, { quantity }) => sum + quantity, 0);
  const eventsOf = async (one: One): Promise<string[]> => (await orderOf(one)).news?.map(({ type }) => type) ?? [];

  const kept = [
    ['pending at WooCommerce', WOO, 'pending', 60 * MINUTE],
    ['on hold at WooCommerce', WOO, 'on_hold', 7 * DAY],
    ['pending at Shopify', SHOPIFY, 'pending', 60 * MINUTE],
    ['authorised at Shopify', SHOPIFY, 'authorised', 7 * DAY],
    ['paid in part at Shopify', SHOPIFY, 'partly_paid', 60 * MINUTE],
  ] as const;
  it.each(kept)(
    '%s: are held so long, then freed once, and the order says so',
    async (name, storefront, state, keptMs) => {
      const item = itemOf('wholesale', 0);
      const one = await place(`KEPT ${name}`, storefront, item, {
        state,
        ...(state === 'partly_paid' ? { paidMinor: 100 } : {}),
      });
      const { holds, units } = await orderOf(one);
      expect(holds.map(({ code }) => code)).toEqual(['payment']);
      expect(units?.untilMs).toBe((holds[0]?.sinceMs ?? 0) + keptMs);
      expect(await heldFor(one, item.sku)).toBe(UNITS);

      pass((units?.untilMs ?? 0) - ports.clock.now() - 10 * MINUTE);
      await work();
      expect(await heldFor(one, item.sku)).toBe(UNITS);
      expect(await eventsOf(one)).not.toContain('order.units_freed');

      pass(11 * MINUTE);
      await work();
      expect(await heldFor(one, item.sku)).toBe(0);
      pass(DAY);
      await work();
      const over = await orderOf(one);
      expect(over).toMatchObject({ state: 'received', plan: null, units: null, dueAtMs: null });
      expect(over.holds.map(({ code }) => code)).toEqual(['payment']);
      expect((await eventsOf(one)).filter((type) => type === 'order.units_freed')).toHaveLength(1);
      expect(await heldFor(one, item.sku)).toBe(0);
      expect(await legsOf(one)).toEqual([]);
    },
  );

  it.each([
    ['failed at WooCommerce', WOO, 'failed'],
    ['voided at Shopify', SHOPIFY, 'voided'],
    ['expired at Shopify', SHOPIFY, 'expired'],
  ] as const)('%s: are not held at all', async (name, storefront, state) => {
    const item = itemOf('wholesale', 0);
    const one = await place(`NONE ${name}`, storefront, item, { state });
    expect((await orderOf(one)).holds.map(({ code }) => code)).toEqual(['payment']);
    expect(await heldFor(one, item.sku)).toBe(0);
  });

  it.each([
    ['WooCommerce', WOO],
    ['Shopify', SHOPIFY],
  ] as const)('paid in time at %s, go with the order; none is held twice', async (name, storefront) => {
    const item = itemOf('wholesale', 1);
    const one = await place(`IN-TIME ${name}`, storefront, item, { state: 'pending' });
    shop(storefront).pay({ orderReference: `IN-TIME ${name}` });
    await one.hear();
    expect(await legsOf(one)).toMatchObject([{ kind: 'fulfilment', state: 'accepted', lines: [{ ready: true }] }]);
    expect(await heldFor(one, item.sku)).toBe(UNITS);
    pass(8 * DAY);
    await work();
    expect(await heldFor(one, item.sku)).toBe(UNITS);
  });

  it.each([
    ['WooCommerce', WOO],
    ['Shopify', SHOPIFY],
  ] as const)('paid after they were freed at %s, are held anew', async (name, storefront) => {
    const item = itemOf('wholesale', 1);
    const one = await place(`LATE ${name}`, storefront, item, { state: 'pending' });
    pass(2 * 60 * MINUTE);
    await work();
    expect(await heldFor(one, item.sku)).toBe(0);
    shop(storefront).pay({ orderReference: `LATE ${name}` });
    await one.hear();
    expect(await legsOf(one)).toMatchObject([{ state: 'accepted', lines: [{ ready: true }] }]);
    expect(await heldFor(one, item.sku)).toBe(UNITS);
    expect(await orderOf(one)).toMatchObject({ state: 'routed', holds: [], plan: { short: [] } });
  });

  it('paid after they were freed and sold to others, are waited for, and come first when goods arrive', async () => {
    const item = itemOf('wholesale', 2);
    const one = await place('SOLD-OUT', SHOPIFY, item, { state: 'pending' });
    pass(2 * 60 * MINUTE);
    await work();
    const level = await shelfOf(one, item.sku);
    const count = (quantity: number, reference: string) =>
      stand.api.post('/v1/stock/movements', {
        location: 'warehouse',
        movements: [{ sku: item.sku, kind: 'adjust', quantity, reference }],
      });
    await count(1 - level.onHand, 'sold to others');
    shop(SHOPIFY).pay({ orderReference: 'SOLD-OUT' });
    await one.hear();
    expect(await orderOf(one)).toMatchObject({ state: 'routed', holds: [] });
    expect((await orderOf(one)).plan?.short).toHaveLength(1);
    expect(await legsOf(one)).toMatchObject([{ state: 'awaiting', waitsFor: 'goods', lines: [{ ready: false }] }]);
    expect(await heldFor(one, item.sku)).toBe(0);
    await count(10, 'goods in');
    expect(await heldFor(one, item.sku)).toBe(UNITS);
    pass(7 * 60 * MINUTE);
    await work();
    expect(await legsOf(one)).toMatchObject([{ state: 'accepted', lines: [{ ready: true }] }]);
  });

  it('held by a person or by advice on fraud, stay until it is decided', async () => {
    const item = itemOf('wholesale', 3);
    const one = await place('BY-HAND', SHOPIFY, item, { state: 'pending' });
    const ref = { workspaceId: one.workspaceId, orderId: one.orderId };
    await steps.app.holdOrder(actor, { ...ref, code: 'manual', note: 'wait for her call', untilMs: null });
    shop(SHOPIFY).pay({ orderReference: 'BY-HAND' });
    await one.hear();
    expect((await orderOf(one)).holds.map(({ code }) => code)).toEqual(['manual']);
    pass(30 * DAY);
    await work();
    expect(await heldFor(one, item.sku)).toBe(UNITS);
    await steps.app.releaseOrder(actor, { ...ref, code: 'manual', note: 'she called' });
    await steps.start({ job: 'order.route', payload: ref });
    await work();
    expect(await legsOf(one)).toMatchObject([{ state: 'accepted' }]);
    expect(await heldFor(one, item.sku)).toBe(UNITS);
  });

  it('cancelled while they are held, are freed', async () => {
    const item = itemOf('wholesale', 3);
    const one = await place('GIVEN-UP', WOO, item, { state: 'on_hold' });
    expect(await heldFor(one, item.sku)).toBe(UNITS);
    shop(WOO).cancel({ orderReference: 'GIVEN-UP' });
    await one.hear();
    expect(await orderOf(one)).toMatchObject({ state: 'cancelled', units: null });
    expect(await heldFor(one, item.sku)).toBe(0);
  });
});

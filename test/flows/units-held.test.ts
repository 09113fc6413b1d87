import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ports } from '#app/ports.ts';
import { systemActor } from '#domain/actor.ts';
import { DEFAULT_ORDER_RULES, OrderRules } from '#domain/hold.ts';
import type { Order } from '#domain/order.ts';
import { levelId, type StockLevel } from '#domain/stock.ts';
import type { PlacedState, StorefrontWorld } from '#kit/sandbox';
import { LEEDS } from '../support/addresses.ts';
import { ITEMS, itemOf } from '../support/shop.ts';
import { openStand, type Stand } from '../support/stand.ts';
import { freezeAt, portsThatAsk, type Steps, stepsOf } from '../support/steps.ts';

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
    /** The shop's news is written down, and nothing is done about it yet. */
    store(): Promise<void>;
    hear(): Promise<void>;
  }
  const place = async (
    reference: string,
    storefront: number,
    item: { sku: string; title: string; price: string },
    payment: { state: PlacedState; method?: string; paidMinor?: number },
    look = true,
  ): Promise<One> => {
    const { externalId } = shop(storefront).placeOrder({
      reference,
      placedAtMs: Math.floor(ports.clock.now()),
      currency: 'GBP',
      buyer: { id: null, name: 'Ana Example', email: 'ana@buyers.example' },
      shipTo: { ...LEEDS, name: 'Ana Example', made: false },
      lines: [
        {
          key: `${reference}#0`,
          sku: item.sku,
          title: item.title,
          quantity: UNITS,
          unitPrice: item.price,
          totalMinor: Math.round(Number(item.price) * 100) * UNITS,
        },
      ],
      charges: [],
      note: '',
      payment,
    });
    const workspaceId = await workspaceOf(storefront);
    const connectionId = connectionOf(storefront);
    const { order } = await steps.app.ingestOrder(actor, { workspaceId, connectionId, externalId });
    if (look) await steps.app.routeOrder(actor, { workspaceId, orderId: order._id });
    return {
      orderId: order._id,
      workspaceId,
      async store() {
        await steps.app.ingestOrder(actor, { workspaceId, connectionId, externalId });
      },
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

  describe('rules that are changed while it waits', () => {
    const setRules = async (at: Steps, one: One, rules: Partial<OrderRules>) => {
      const { connectionId } = await orderOf(one);
      const given = { workspaceId: one.workspaceId, connectionId, rules: OrderRules.parse(rules) };
      await at.app.setOrderRules(actor, given);
    };
    const keep = (minutes: number) => ({
      keepUnitsMinutes: { ...DEFAULT_ORDER_RULES.keepUnitsMinutes, pending: minutes },
    });
    const always = { payment: { kind: 'always' } } as const;
    /** A process that remembers the connection as it is now for ever. */
    const withMemory = async (one: One): Promise<Ports> => {
      const known = await ports.store.findConnection((await orderOf(one)).connectionId);
      const connection: Ports['cached']['connection'] = async (workspaceId, id) =>
        id === known?._id ? known : ports.cached.connection(workspaceId, id);
      return { ...ports, cached: { ...ports.cached, connection } };
    };
    const workAt = async (at: Steps): Promise<void> => {
      do await at.finish();
      while ((await at.sweep()) > 0);
    };

    it.each([
      ['shorter', 10, 11, 0],
      ['longer', 120, 61, UNITS],
      ['none at all', 0, 0, 0],
    ] as const)('keep its units for a time that is %s', async (name, minutes, later, held) => {
      const item = itemOf('wholesale', 1);
      const one = await place(`RULES ${name}`, WOO, item, { state: 'pending' });
      const slow = stepsOf(await withMemory(one), pass);
      await setRules(steps, one, keep(minutes));
      pass(later * MINUTE + 1);
      await workAt(slow);
      expect(await heldFor(one, item.sku)).toBe(held);
      pass(120 * MINUTE);
      await workAt(slow);
      expect(await heldFor(one, item.sku)).toBe(0);
      expect((await orderOf(one)).holds.map(({ code }) => code)).toEqual(['payment']);
      await setRules(steps, one, {});
      await work();
    });

    it('let it go, also where a process remembers the rules from before, whenever they are changed', async () => {
      let met = Number.POSITIVE_INFINITY;
      for (let at = 0; at < met; at += 1) {
        const one = await place(`RULES ${at}`, SHOPIFY, itemOf('oem_dropship'), { state: 'pending' }, false);
        const remembering = await withMemory(one);
        const stop = freezeAt(at);
        const slow = stepsOf(portsThatAsk(remembering, stop.before), pass);
        const looking = slow.app.routeOrder(actor, { workspaceId: one.workspaceId, orderId: one.orderId });
        await Promise.race([looking, stop.frozen]);
        if (stop.at() === null) met = stop.met();
        await setRules(steps, one, always);
        await workAt(stepsOf(remembering, pass));
        stop.thaw();
        await looking;
        await workAt(stepsOf(remembering, pass));
        const when = `changed at ${at}: ${stop.at()}`;
        const { plan, holds } = await orderOf(one);
        expect([plan?.number, holds], when).toEqual([1, []]);
        await setRules(steps, one, {});
        await work();
      }
      expect(met).toBeGreaterThan(1);
    });

    it('let it go when it was put on hold after it was planned', async () => {
      const one = await place('RULES PLANNED', WOO, itemOf('oem_dropship'), { state: 'paid' });
      shop(WOO).hold({ orderReference: 'RULES PLANNED' });
      await one.hear();
      pass(GRACE_MS + 1);
      await work();
      expect((await orderOf(one)).holds.map(({ code }) => code)).toEqual(['payment']);
      expect(await legsOf(one)).toMatchObject([{ state: 'planned', waitsFor: 'hold' }]);
      const remembering = stepsOf(await withMemory(one), pass);
      await setRules(steps, one, always);
      await workAt(remembering);
      expect(await legsOf(one)).toMatchObject([{ state: 'accepted' }]);
      await setRules(steps, one, {});
      await work();
    });
  });

  describe('an order that changes while it is looked at is looked at again before it is planned', () => {
    /** The order is looked at by one who is stopped at each of his writes in turn; then `meanwhile` happens, and he goes on. */
    const overtake = async (
      name: string,
      storefront: number,
      {
        from,
        paid = false,
        meanwhile,
      }: {
        from: PlacedState /** It was seen unpaid, and is paid now. */;
        paid?: boolean;
        meanwhile(reference: string): void;
      },
      expectEnd: (one: One, when: string) => Promise<void>,
    ) => {
      let met = Number.POSITIVE_INFINITY;
      for (let at = 0; at < met; at += 1) {
        const reference = `${name} ${at}`;
        const one = await place(reference, storefront, itemOf('oem_dropship'), { state: from }, paid);
        if (paid) {
          shop(storefront).pay({ orderReference: reference });
          await one.store();
        }
        const stop = freezeAt(at);
        const slow = stepsOf(portsThatAsk(ports, stop.before), pass);
        const looking = slow.app.routeOrder(actor, { workspaceId: one.workspaceId, orderId: one.orderId });
        await Promise.race([looking, stop.frozen]);
        if (stop.at() === null) met = stop.met();
        meanwhile(reference);
        await one.hear();
        stop.thaw();
        await looking;
        for (let round = 0; round < 3; round += 1) {
          pass(GRACE_MS + 1);
          await work();
        }
        await expectEnd(one, `stopped at ${at}: ${stop.at()}`);
      }
      expect(met).toBeGreaterThan(0);
    };
    const boughtFor = async (one: One): Promise<number> => {
      const legs = await legsOf(one);
      return stand.world.sandboxes.cj.effects('purchases').filter((p) => legs.some(({ _id }) => _id === p.reference))
        .length;
    };

    it.each([
      ['WooCommerce', WOO],
      ['Shopify', SHOPIFY],
    ] as const)('paid meanwhile at %s: it is bought, once, and no hold is left on it', async (name, storefront) => {
      const meanwhile = (reference: string) => shop(storefront).pay({ orderReference: reference });
      await overtake(`PAID-MEANWHILE ${name}`, storefront, { from: 'pending', meanwhile }, async (one, when) => {
        expect((await orderOf(one)).holds, when).toEqual([]);
        expect(await boughtFor(one), when).toBe(1);
      });
    });

    it.each([
      ['cancelled at WooCommerce', WOO, 'cancel'],
      ['cancelled at Shopify', SHOPIFY, 'cancel'],
      ['put on hold at WooCommerce', WOO, 'hold'],
    ] as const)('paid, and %s while its hold is taken off: nothing is bought', async (name, storefront, change) => {
      const meanwhile = (reference: string) => shop(storefront)[change]({ orderReference: reference });
      await overtake(name, storefront, { from: 'pending', paid: true, meanwhile }, async (one, when) => {
        const { state, holds } = await orderOf(one);
        expect(change === 'cancel' ? state : holds.map(({ code }) => code).join(), when).toBe(
          change === 'cancel' ? 'cancelled' : 'payment',
        );
        expect(await boughtFor(one), when).toBe(0);
      });
    });

    it.each([
      ['WooCommerce', WOO],
      ['Shopify', SHOPIFY],
    ] as const)('cancelled meanwhile at %s: nothing is bought', async (name, storefront) => {
      const meanwhile = (reference: string) => shop(storefront).cancel({ orderReference: reference });
      await overtake(`CANCELLED-MEANWHILE ${name}`, storefront, { from: 'paid', meanwhile }, async (one, when) => {
        expect((await orderOf(one)).state, when).toBe('cancelled');
        expect(await boughtFor(one), when).toBe(0);
      });
    });
  });
});

import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { servers } from '../support/servers.ts';
import { closed, ITEMS, itemOf, orderWhen, place } from '../support/shop.ts';
import { openStand, type Stand, until } from '../support/stand.ts';

const countOrders = async (stand: Stand): Promise<number> => {
  let count = 0;
  for await (const _ of stand.api.all('/v1/orders')) count += 1;
  return count;
};

describe('F3: duplicate orders', () => {
  let stand: Stand;
  beforeAll(async () => {
    stand = await openStand({ items: ITEMS });
  });
  afterAll(() => stand.close());

  it('many deliveries, polls, lost queues and restarted workers end in one order, one set of legs and one purchase', async () => {
    place(stand, 'F3-1', [
      { item: itemOf('oem_dropship'), quantity: 1 },
      { item: itemOf('wholesale'), quantity: 2 },
    ]);
    const { order } = await orderWhen(stand, 'F3-1', 'stored', () => true);
    const { shopify } = stand.world.sandboxes;
    const { scene } = shopify as typeof shopify & {
      scene: { orderWebhook?(id: string): { headers: Record<string, string>; body: string } };
    };
    const url = `${stand.url}/webhooks/${stand.business.connections.shopify}`;
    const deliver = async () => {
      const sent = scene.orderWebhook?.(order.externalId) ?? expect.fail('no webhook');
      return (
        await fetch(url, {
          method: 'POST',
          headers: { ...sent.headers, 'content-type': 'application/json' },
          body: sent.body,
        })
      ).status;
    };
    const redis = new Redis(servers().redisUrl);
    for (let round = 0; round < 3; round += 1) {
      expect(new Set(await Promise.all(Array.from({ length: 20 }, deliver)))).toEqual(new Set([200]));
      await stand.api.post(`/v1/connections/${stand.business.connections.shopify}/sync`, {});
      // Only this stand's keys: other tests share the server.
      const keys = await redis.keys(`${stand.platform.config.queuePrefix}*`);
      if (keys.length > 0) await redis.del(...keys);
      await stand.restartWorkers();
    }
    redis.disconnect();
    const whole = await orderWhen(stand, 'F3-1', 'closed', closed);
    expect(await countOrders(stand)).toBe(1);
    expect(whole.legs).toHaveLength(2);
    expect(stand.world.sandboxes.cj.effects('purchases')).toHaveLength(1);
    expect(whole.shipments).toHaveLength(2);
    expect(shopify.effects('confirmations')).toHaveLength(2);
    expect(stand.world.sandboxes.easypost.effects('labels')).toHaveLength(1);
  });

  it('the same id on two connections is two orders', async () => {
    const before = await countOrders(stand);
    place(stand, 'F3-SAME', [{ item: itemOf('wholesale'), quantity: 1 }], 0);
    place(stand, 'F3-SAME', [{ item: itemOf('wholesale'), quantity: 1 }], 1);
    await until('two orders', async () => (await countOrders(stand)) === before + 2);
  });
});

describe('F4: missing orders', () => {
  let stand: Stand;
  beforeAll(async () => {
    stand = await openStand({ items: ITEMS, webhooks: false, act: false, pollEveryMinutes: 30 });
  });
  afterAll(() => stand.close());

  it('every order that a storefront shows is stored in the end by polls alone; one that cannot be mapped delays no other', async () => {
    for (let n = 0; n < 130; n += 1) {
      const item = n === 7 ? { sku: 'NOBODY-KNOWS', title: 'Unmapped', price: '1.00' } : itemOf('wholesale', n % 3);
      if (n === 7) for (const { world } of stand.world.storefronts) world.addListing({ ...item, quantity: 1 });
      place(stand, `F4-${n}`, [{ item, quantity: 1 }], n % 2);
    }
    await until('all orders', async () => (await countOrders(stand)) === 130);
    // Placed long ago by the buyer, shown only now: a cursor by time alone would have passed it.
    const [shop] = stand.world.storefronts;
    shop?.world.placeOrder({
      reference: 'F4-LATE',
      placedAtMs: Math.floor(stand.world.clock.clock.now()) - 20 * 86_400_000,
      currency: 'GBP',
      buyer: { id: null, name: 'Guest', email: '' },
      shipTo: null,
      lines: [
        { key: 'F4-LATE#0', sku: itemOf('wholesale').sku, title: 'x', quantity: 1, unitPrice: '1.00', totalMinor: 100 },
      ],
      charges: [],
      note: '',
    });
    await until('the late order', async () => (await countOrders(stand)) === 131);
    interface Seen {
      state: string;
      holds: { code: string }[];
    }
    await until('all routed but the one that is not mapped and the one without an address', async () => {
      const open: string[] = [];
      for await (const { state, holds } of stand.api.all<Seen>('/v1/orders'))
        if (state !== 'routed') open.push(`${state} ${holds.map(({ code }) => code).join()}`);
      return open.sort().join(' | ') === 'awaiting_mapping  | received address';
    });
  });
});

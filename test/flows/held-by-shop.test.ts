import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlacedOrder, StorefrontWorld } from '#kit/sandbox';
import { LEEDS } from '../support/addresses.ts';
import { ITEMS, itemOf, orderWhen, type Whole } from '../support/shop.ts';
import { openStand, type Stand, until } from '../support/stand.ts';

const HOUR = 3_600_000;
const item = itemOf('oem_dropship');

/** The Shopify shop of a stand, and what the outside knows of its orders. */
const shopOf = (stand: Stand) => {
  const shop: StorefrontWorld = stand.world.storefronts[0]?.world ?? expect.fail('no storefront');
  const bought = ({ legs }: Whole) =>
    stand.world.sandboxes.cj.effects('purchases').filter(({ reference }) => legs.some((leg) => leg.id === reference));
  return {
    shop,
    bought,
    place: (reference: string, more: Partial<PlacedOrder> = {}): void => {
      shop.placeOrder({
        reference,
        placedAtMs: Math.floor(stand.world.clock.clock.now()),
        currency: 'GBP',
        buyer: { id: null, name: 'Ada Example', email: 'ada@buyers.example' },
        shipTo: LEEDS,
        lines: [
          {
            key: `${reference}#0`,
            sku: item.sku,
            title: item.title,
            quantity: 2,
            unitPrice: item.price,
            totalMinor: Math.round(Number(item.price) * 100) * 2,
          },
        ],
        charges: [],
        note: '',
        ...more,
      });
    },
    when: (reference: string, what: string, ready: (whole: Whole) => boolean) =>
      orderWhen(stand, reference, what, ready, 120_000),
    isBought: (whole: Whole) => bought(whole).length === 1 && whole.order.state !== 'received',
    told: ({ order }: Whole) => shop.told().filter(({ orderExternalId }) => orderExternalId === order.externalId),
    hours: (count: number) => {
      const later = stand.world.clock.clock.now() + count * HOUR;
      return until(`${count} hours to go by`, () => stand.world.clock.clock.now() > later, 120_000);
    },
  };
};
const codesOf = ({ order }: Whole) => order.holds.map(({ code }) => code).join();
const held = (whole: Whole) => codesOf(whole) === 'shop';

describe('an order that its shop holds: nothing is bought or told of before the shop ends it', () => {
  let stand: Stand;
  let at: ReturnType<typeof shopOf>;
  beforeAll(async () => {
    stand = await openStand({
      items: ITEMS,
      rate: 600,
      shipAfterMs: 6 * HOUR,
      pollEveryMinutes: 10,
      act: ['warehouse'],
    });
    at = shopOf(stand);
  });
  afterAll(() => stand.close());

  it('held at first sight: it says the shop’s words, and is bought once when the shop releases it', async () => {
    at.place('#held-first', { payment: { state: 'on_hold' } });
    const whole = await at.when('#held-first', 'held', held);
    expect([whole.legs, at.bought(whole)]).toEqual([[], []]);
    expect(whole.order.holds).toMatchObject([{ code: 'shop', note: 'The shop holds it: OTHER.' }]);
    at.shop.release({ orderReference: '#held-first' });
    const after = await at.when('#held-first', 'bought', at.isBought);
    expect([codesOf(after), after.order.shopHolds]).toEqual(['', []]);
  });

  it('held after intake: what is paid then waits for the shop alone, and is bought once when that ends', async () => {
    at.place('#held-later', { payment: { state: 'pending' } });
    await at.when('#held-later', 'held for payment', (whole) => codesOf(whole) === 'payment');
    at.shop.hold({ orderReference: '#held-later', reason: 'INCORRECT_ADDRESS', note: 'no such street' });
    await at.when('#held-later', 'held by both', (whole) => codesOf(whole) === 'payment,shop');
    at.shop.pay({ orderReference: '#held-later' });
    const whole = await at.when('#held-later', 'held by the shop', held);
    expect(whole.order.holds[0]?.note).toBe('The shop holds it: INCORRECT_ADDRESS (no such street).');
    await at.hours(1);
    expect(at.bought(await at.when('#held-later', 'still held', held))).toEqual([]);
    at.shop.release({ orderReference: '#held-later' });
    await at.when('#held-later', 'bought', at.isBought);
  });

  it('held when its purchase is planned and not sent: it is sent once, after the shop’s hold', async () => {
    const { cj } = stand.business.connections;
    await stand.api.post(`/v1/connections/${cj}/pause`, {});
    // A process remembers a connection for a moment.
    await at.hours(1);
    at.place('#held-planned');
    await at.when('#held-planned', 'planned', ({ legs }) => legs.length === 1);
    at.shop.hold({ orderReference: '#held-planned' });
    await at.when('#held-planned', 'held', held);
    await stand.api.post(`/v1/connections/${cj}/resume`, {});
    await at.hours(1);
    expect(at.bought(await at.when('#held-planned', 'still held', held))).toEqual([]);
    at.shop.release({ orderReference: '#held-planned' });
    await at.when('#held-planned', 'bought', at.isBought);
  });

  it('held when its purchase is under way: the package is told of once, after the shop’s hold', async () => {
    at.place('#held-sent');
    await at.when('#held-sent', 'bought', at.isBought);
    at.shop.hold({ orderReference: '#held-sent' });
    await at.when('#held-sent', 'held', held);
    const isPacked = ({ shipments }: Whole) =>
      shipments.some(({ tracking, waitsFor }) => tracking && waitsFor === 'hold');
    const waiting = await at.when('#held-sent', 'packed', isPacked);
    expect([at.told(waiting), waiting.exceptions]).toEqual([[], []]);
    at.shop.release({ orderReference: '#held-sent' });
    const closed = await at.when('#held-sent', 'closed', ({ order }) => order.state === 'closed');
    expect(at.told(closed)).toHaveLength(1);
    expect(closed.exceptions).toEqual([]);
  });

  it('of an order that an older version took in the shop’s hold is news, and what is read for the first time is kept', async () => {
    const attributes = [{ name: 'Engraving', value: 'For Ada' }];
    const line = {
      key: '#older#0',
      sku: item.sku,
      title: item.title,
      quantity: 1,
      unitPrice: item.price,
      totalMinor: Math.round(Number(item.price) * 100),
      facts: { attributes },
    };
    at.place('#older', { payment: { state: 'pending' }, facts: { tags: ['gift'] }, lines: [line] });
    const { order } = await at.when('#older', 'held for payment', (whole) => codesOf(whole) === 'payment');
    /** As version 0.2 has left it. */
    const forget = async () => {
      const documents = mongoose.connections.at(-1)?.db?.collection<{ _id: string }>('orders');
      const $unset = { facts: '', fulfilments: '', shopHolds: '', 'lines.0.facts': '' } as const;
      const done = await documents?.updateOne({ _id: order.id }, { $unset });
      expect(done?.modifiedCount).toBe(1);
    };
    const read = async () => (await stand.platform.store.orders.find('main', order.id)) ?? expect.fail('no order');
    await forget();
    at.shop.hold({ orderReference: '#older' });
    const held = await at.when('#older', 'held by both', (whole) => codesOf(whole) === 'payment,shop');
    expect(held.order.facts?.tags).toEqual(['gift']);
    at.shop.release({ orderReference: '#older' });
    await at.when('#older', 'held for payment alone', (whole) => codesOf(whole) === 'payment');
    await forget();
    const { versions } = await read();
    // Nothing has changed there: it is no version.
    at.shop.release({ orderReference: '#older' });
    const after = await until('what it says', async () => ((await read()).facts ? read() : null));
    expect([after.facts?.tags, after.lines[0]?.facts?.attributes, after.shopHolds]).toEqual([['gift'], attributes, []]);
    expect(after.versions).toEqual(versions);
  });

  it('a person sets it aside: the order is bought although the shop still holds it', async () => {
    at.place('#set-aside', { payment: { state: 'on_hold' } });
    const { order } = await at.when('#set-aside', 'held', held);
    await stand.api.post(`/v1/orders/${order.id}/release`, { code: 'shop', note: 'The shop forgot it.' });
    const after = await at.when('#set-aside', 'bought', at.isBought);
    expect([codesOf(after), after.order.shopHolds?.length]).toEqual(['', 1]);
  });
});

describe('an order whose shop says nothing when a hold ends', () => {
  let stand: Stand;
  let at: ReturnType<typeof shopOf>;
  beforeAll(async () => {
    stand = await openStand({ items: ITEMS, rate: 1_200, pollEveryMinutes: 10, webhooks: false, act: false });
    at = shopOf(stand);
  });
  afterAll(() => stand.close());

  it('goes on by itself: the shop is asked again every hour', async () => {
    at.place('#silent', { payment: { state: 'on_hold' } });
    const { order } = await at.when('#silent', 'held', held);
    const stored = async () =>
      (await stand.platform.store.orders.find(order.workspaceId, order.id)) ?? expect.fail('no order');
    const first = await stored();
    const again = await until('the shop to be asked again', async () => {
      const now = await stored();
      // Polls overlap, and bring it once more.
      return now.fetchedAtMs > first.fetchedAtMs + 2 * HOUR ? now : null;
    });
    // Nothing at the shop moved: no poll brings it.
    expect(again.seenUpdatedAt).toBe(first.seenUpdatedAt);
    at.shop.release({ orderReference: '#silent' });
    await at.when('#silent', 'bought', at.isBought);
  });

  it('goes on at the time that the shop has said, and not before', async () => {
    const untilMs = Math.floor(stand.world.clock.clock.now()) + 5 * HOUR;
    stand.world.db.transaction(() => {
      at.place('#scheduled');
      at.shop.hold({ orderReference: '#scheduled', untilMs });
    });
    const whole = await at.when('#scheduled', 'held', held);
    expect(whole.order.shopHolds).toMatchObject([{ reason: 'SCHEDULED' }]);
    const after = await at.when('#scheduled', 'bought', at.isBought);
    expect(stand.world.clock.clock.now()).toBeGreaterThan(untilMs);
    expect(after.order.shopHolds).toEqual([]);
  });
});

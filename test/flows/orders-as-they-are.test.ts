import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Address } from '#domain/address.ts';
import type { PlacedOrder, StorefrontWorld } from '#kit/sandbox';
import { ITEMS, itemOf, orderWhen, type Whole } from '../support/shop.ts';
import { openStand, type Stand, until } from '../support/stand.ts';

const SHOPIFY = 0;
const WOO = 1;
const HOME: Address = {
  name: 'Ana Example',
  company: '',
  line1: 'Street 1',
  line2: '',
  city: 'Town',
  region: '',
  postalCode: '10115',
  country: 'DE',
  phone: '+491',
  email: '',
  made: false,
};
/** The same address as a person types it in. */
const { made: _, ...TYPED } = HOME;
const ELSEWHERE: Address = { ...HOME, line1: 'Other Road 9', city: 'Elsewhere', postalCode: '20095' };

describe('orders as they are: what the shop says is acted on, and nothing is made up', () => {
  let stand: Stand;
  beforeAll(async () => {
    // Suppliers ship late, so that there is a time in which a purchase is accepted and nothing has left. The test is the merchant.
    stand = await openStand({
      items: ITEMS,
      rate: 600,
      shipAfterMs: 30 * 86_400_000,
      pollEveryMinutes: 10,
      act: ['warehouse'],
    });
  });
  afterAll(() => stand.close());

  const shop = (index: number): StorefrontWorld =>
    stand.world.storefronts[index]?.world ?? expect.fail(`no storefront ${index}`);
  const item = itemOf('oem_dropship');
  const place = (reference: string, storefront: number, more: Partial<PlacedOrder> = {}, quantity = 2): void => {
    shop(storefront).placeOrder({
      reference,
      placedAtMs: Math.floor(stand.world.clock.clock.now()),
      currency: 'GBP',
      buyer: { id: null, name: 'Ana Example', email: 'ana@buyers.example' },
      shipTo: HOME,
      lines: [
        {
          key: `${reference}#0`,
          sku: item.sku,
          title: item.title,
          quantity,
          unitPrice: item.price,
          totalMinor: Math.round(Number(item.price) * 100) * quantity,
        },
      ],
      charges: [],
      note: '',
      ...more,
    });
  };
  /** Purchases in the supplier's own book, live and cancelled, for the legs of an order. */
  const bought = ({ legs }: Whole) =>
    stand.world.sandboxes.cj.effects('purchases').filter(({ reference }) => legs.some((leg) => leg.id === reference));
  const cancelledThere = ({ legs }: Whole) =>
    stand.world.sandboxes.cj
      .effects('cancellations')
      .filter(({ reference, id }) => legs.some((leg) => leg.id === reference || leg.id === id));
  const holdsOf = ({ order }: Whole) => order.holds.map(({ code }) => code).join();
  const held = (code: string) => (whole: Whole) => holdsOf(whole) === code;
  /** An order is told with its legs, which are read after it: it may be the one of before its plan. */
  const isBought = (whole: Whole) => bought(whole).length === 1 && whole.order.state !== 'received';
  const at = (reference: string) => ({ orderReference: reference });
  const anHour = () => {
    const later = stand.world.clock.clock.now() + 3_600_000;
    return until('an hour goes by', () => stand.world.clock.clock.now() > later);
  };

  describe('payment', () => {
    const unpaid = [
      ['woo-pending', WOO, 'pending'],
      ['woo-on-hold', WOO, 'on_hold'],
      ['woo-failed', WOO, 'failed'],
      ['shopify-pending', SHOPIFY, 'pending'],
      ['shopify-authorised', SHOPIFY, 'authorised'],
      ['shopify-partly-paid', SHOPIFY, 'partly_paid'],
      ['shopify-voided', SHOPIFY, 'voided'],
      ['shopify-expired', SHOPIFY, 'expired'],
    ] as const;
    it.each(unpaid)(
      '%s: it is stored, held for payment, and nothing is bought',
      async (reference, storefront, state) => {
        place(reference, storefront, {
          payment: { state, ...(state === 'partly_paid' ? { paidMinor: 100 } : {}) },
        });
        const whole = await orderWhen(stand, reference, 'held', held('payment'));
        expect(whole.legs).toEqual([]);
      },
    );

    it.each([
      ['woo-paid-later', WOO],
      ['shopify-paid-later', SHOPIFY],
    ] as const)('%s: what is paid later is bought then, once', async (reference, storefront) => {
      place(reference, storefront, { payment: { state: 'pending' } });
      await orderWhen(stand, reference, 'held', held('payment'));
      shop(storefront).pay(at(reference));
      const whole = await orderWhen(stand, reference, 'bought', isBought);
      expect(holdsOf(whole)).toBe('');
    });

    it.each([
      ['woo-on-account', WOO, 'woocommerce'],
      ['shopify-on-account', SHOPIFY, 'shopify'],
    ] as const)(
      '%s: waits, and goes on by itself when its method is listed in the rule',
      async (reference, storefront, name) => {
        const path = `/v1/connections/${stand.business.connections[name]}`;
        place(reference, storefront, { payment: { state: 'pending', method: 'on_account' } });
        place(`${reference}-other`, storefront, { payment: { state: 'pending', method: 'bank' } });
        for (const each of [reference, `${reference}-other`]) await orderWhen(stand, each, 'held', held('payment'));
        const methods = { kind: 'methods', methods: ['on_account'] };
        const changed = await stand.api.put(`${path}/order-rules`, { payment: methods });
        expect(changed).toMatchObject({ orderRules: { payment: methods, freshMinutes: 10 } });
        await orderWhen(stand, reference, 'bought', isBought);
        const other = await orderWhen(stand, `${reference}-other`, 'there', () => true);
        expect([holdsOf(other), bought(other)]).toEqual(['payment', []]);
        await stand.api.put(`${path}/order-rules`, {});
      },
    );

    it('a rule is refused where it is typed in, with its field, and for what has no orders', async () => {
      const { woocommerce, cj } = stand.business.connections;
      const put = (id: string, rules: object) => stand.api.put(`/v1/connections/${id}/order-rules`, rules);
      await expect(put(woocommerce, { payment: { kind: 'methods', methods: [] } })).rejects.toMatchObject({
        status: 422,
      });
      await expect(put(woocommerce, { payment: { kind: 'sometimes' } })).rejects.toMatchObject({ status: 400 });
      await expect(put(cj, {})).rejects.toMatchObject({ status: 422 });
    });

    it('a person lets an unpaid order go, and not one that was voided', async () => {
      place('let-go', SHOPIFY, { payment: { state: 'authorised' } });
      const whole = await orderWhen(stand, 'let-go', 'held', held('payment'));
      await stand.api.post(`/v1/orders/${whole.order.id}/release`, { code: 'payment', note: 'He pays on delivery.' });
      await orderWhen(stand, 'let-go', 'bought', isBought);
      const voided = await orderWhen(stand, 'shopify-voided', 'held', held('payment'));
      await expect(
        stand.api.post(`/v1/orders/${voided.order.id}/release`, { code: 'payment', note: 'Please.' }),
      ).rejects.toMatchObject({ status: 422 });
    });
  });

  describe('first sight', () => {
    it.each([
      ['woo-cancelled', WOO],
      ['shopify-cancelled', SHOPIFY],
    ] as const)('%s is cancelled, with no leg', async (reference, storefront) => {
      stand.world.db.transaction(() => {
        place(reference, storefront);
        shop(storefront).cancel(at(reference));
      });
      const whole = await orderWhen(stand, reference, 'cancelled', ({ order }) => order.state === 'cancelled');
      expect(whole.legs).toEqual([]);
    });

    it.each([
      ['woo-completed', WOO],
      ['shopify-fulfilled', SHOPIFY],
    ] as const)('%s is closed as shipped by the shop', async (reference, storefront) => {
      stand.world.db.transaction(() => {
        place(reference, storefront);
        shop(storefront).fulfil(at(reference));
      });
      const whole = await orderWhen(stand, reference, 'closed', ({ order }) => order.state === 'closed');
      expect(whole.legs).toEqual([]);
    });

    it('partly fulfilled and partly refunded: only what is left is bought', async () => {
      stand.world.db.transaction(() => {
        place('left-over', SHOPIFY, {}, 5);
        shop(SHOPIFY).fulfil({ ...at('left-over'), lines: [{ lineKey: 'left-over#0', quantity: 2 }] });
        shop(SHOPIFY).refund({
          orderReference: 'left-over',
          reference: 'left-over-refund',
          lineKey: 'left-over#0',
          quantity: 1,
          totalMinor: 100,
          atMs: Math.floor(stand.world.clock.clock.now()),
        });
      });
      const whole = await orderWhen(stand, 'left-over', 'bought', isBought);
      expect(whole.legs.flatMap((leg) => leg.lines.map((line) => line.quantity))).toEqual([2]);
    });

    it('a test order is stored and never bought', async () => {
      place('trial', SHOPIFY, { test: true });
      const whole = await orderWhen(stand, 'trial', 'closed', ({ order }) => order.state === 'closed');
      expect(whole.legs).toEqual([]);
    });

    it('an order that the shop advises against is held, and goes on when a person releases it', async () => {
      place('risky', SHOPIFY, { risk: 'investigate' });
      const whole = await orderWhen(stand, 'risky', 'held', held('fraud'));
      await stand.api.post(`/v1/orders/${whole.order.id}/release`, { code: 'fraud', note: 'I know her.' });
      await orderWhen(stand, 'risky', 'bought', isBought);
    });

    it('a gift card and a tip beside goods make no leg; the goods go on', async () => {
      const goods = {
        key: 'mixed#0',
        sku: item.sku,
        title: item.title,
        quantity: 1,
        unitPrice: item.price,
        totalMinor: 500,
      };
      place('mixed', SHOPIFY, {
        lines: [
          goods,
          {
            key: 'mixed#1',
            sku: 'GIFT',
            title: 'Gift card',
            quantity: 1,
            unitPrice: '20.00',
            totalMinor: 2_000,
            requiresShipping: false,
            giftCard: true,
          },
        ],
        charges: [{ key: 'mixed#tip', kind: 'tip', code: '', title: 'Tip', totalMinor: 150 }],
      });
      const whole = await orderWhen(stand, 'mixed', 'bought', isBought);
      expect(whole.legs.flatMap((leg) => leg.lines.map((line) => line.sku))).toEqual([item.sku]);
    });
  });

  describe('addresses', () => {
    it('ships to the billing address where the shop gives no other', async () => {
      place('billing-only', WOO, { shipTo: null, billTo: HOME });
      const whole = await orderWhen(stand, 'billing-only', 'bought', isBought);
      const { shipTo } = (await stand.api.get(`/v1/legs/${whole.legs[0]?.id}`)) as { shipTo: Address };
      expect(shipTo).toMatchObject({ line1: HOME.line1, city: HOME.city });
    });

    it('holds an order without a street, until somebody gives one', async () => {
      place('no-street', WOO, { shipTo: null, billTo: { ...HOME, line1: '' } });
      const number = 'no-street';
      await orderWhen(stand, number, 'held', held('address'));
      await anHour();
      const whole = await orderWhen(stand, number, 'there', () => true);
      expect([holdsOf(whole), whole.legs]).toEqual(['address', []]);
      await expect(
        stand.api.post(`/v1/orders/${whole.order.id}/address`, { address: { ...TYPED, line1: '' } }),
      ).rejects.toMatchObject({ status: 422 });
      await stand.api.post(`/v1/orders/${whole.order.id}/address`, { address: TYPED });
      await orderWhen(stand, number, 'bought', isBought);
    });

    it('a change before the purchase is sent to the new address; one after it is one exception with the choices', async () => {
      place('moves-early', SHOPIFY, { payment: { state: 'pending' } });
      await orderWhen(stand, 'moves-early', 'held', held('payment'));
      shop(SHOPIFY).changeAddress({ ...at('moves-early'), shipTo: ELSEWHERE });
      shop(SHOPIFY).pay(at('moves-early'));
      const early = await orderWhen(stand, 'moves-early', 'bought', isBought);
      const { shipTo } = (await stand.api.get(`/v1/legs/${early.legs[0]?.id}`)) as { shipTo: Address };
      expect(shipTo).toMatchObject({ line1: ELSEWHERE.line1 });

      place('moves-late', SHOPIFY);
      await orderWhen(stand, 'moves-late', 'bought', isBought);
      shop(SHOPIFY).changeAddress({ ...at('moves-late'), shipTo: ELSEWHERE });
      const late = await orderWhen(stand, 'moves-late', 'told of', ({ exceptions }) =>
        exceptions.some(({ cause, state }) => cause === 'changed_after_sent' && state === 'open'),
      );
      expect(bought(late)).toHaveLength(1);
      await stand.api.post(`/v1/orders/${late.order.id}/replan`, { reason: 'new address', cancelSent: true });
      // The supplier was paid at once and does not cancel: a person decides, and nothing is bought twice.
      const declined = await orderWhen(stand, 'moves-late', 'declined', ({ exceptions }) =>
        exceptions.some(({ cause, state }) => cause === 'cancel_declined' && state === 'open'),
      );
      expect(bought(declined)).toHaveLength(1);
    });
  });

  describe('cancellation', () => {
    it('of an order that waits for a mapping ends it, and the offer made later buys nothing', async () => {
      const sku = 'LATE-SKU';
      shop(WOO).addListing({ sku, title: 'Late', price: '5.00', quantity: 5 });
      const line = { key: 'unmapped#0', sku, title: 'Late', quantity: 1, unitPrice: '5.00', totalMinor: 500 };
      place('unmapped', WOO, { lines: [line] });
      const number = 'unmapped';
      await orderWhen(stand, number, 'waiting', ({ order }) => order.state === 'awaiting_mapping');
      shop(WOO).cancel(at('unmapped'));
      await orderWhen(stand, number, 'cancelled', ({ order }) => order.state === 'cancelled');
      const { items } = (await stand.api.get(`/v1/offers?sku=${item.sku}`)) as { items: object[] };
      await stand.api.put('/v1/offers', { offers: [{ ...items[0], id: undefined, sku }] });
      const whole = await orderWhen(stand, number, 'still cancelled', ({ exceptions }) =>
        exceptions.every(({ state }) => state === 'resolved'),
      );
      expect(whole.order.state).toBe('cancelled');
      expect(whole.legs).toEqual([]);
    });

    it.each([
      ['woo-unplanned', WOO],
      ['shopify-unplanned', SHOPIFY],
    ] as const)(
      '%s: before there is a plan it is paid back whole, and the shop is told',
      async (reference, storefront) => {
        const sku = `NOBODY-${reference}`;
        const line = { key: `${reference}#0`, sku, title: 'Nobody', quantity: 2, unitPrice: '5.00', totalMinor: 1_000 };
        place(reference, storefront, { lines: [line] });
        const waiting = await orderWhen(stand, reference, 'waiting', ({ order }) => order.state === 'awaiting_mapping');
        const asked = { id: 'c1', refund: 'notShipped', note: 'He changed his mind.' };
        await stand.api.post(`/v1/orders/${waiting.order.id}/cancel`, asked);
        const whole = await orderWhen(
          stand,
          reference,
          'paid back, and cancelled at the shop too',
          ({ order, returns }) =>
            // WooCommerce calls an order that was paid back whole refunded, and cancels it no more.
            (order.cancelledAt !== null || order.rawStatus === 'refunded') &&
            returns.length === 1 &&
            returns.every(({ state }) => state === 'applied'),
        );
        expect(whole.order).toMatchObject({ state: 'cancelled', refundedMinor: 1_000 });
        expect(whole.exceptions.filter(({ state }) => state === 'open')).toEqual([]);
      },
    );

    it('nothing is paid back while a person holds the order, and all of it once he lets it go', async () => {
      place('held-refund', WOO);
      const { order } = await orderWhen(stand, 'held-refund', 'bought', isBought);
      await stand.api.post(`/v1/orders/${order.id}/hold`, { note: 'Is he a fraud?' });
      await stand.api.post('/v1/returns', {
        reference: 'held-refund-1',
        orderNumber: 'held-refund',
        sku: item.sku,
        quantity: 1,
        totalMinor: 100,
        currency: 'GBP',
      });
      const path = `/v1/orders/${order.id}`;
      const state = async () => ((await stand.api.get(path)) as Whole).returns[0]?.state;
      await anHour();
      expect(await state()).toBe('wanted');
      await stand.api.post(`${path}/release`, { code: 'manual', note: 'He is none.' });
      await until('it is paid back', async () => (await state()) === 'applied');
    });

    it('after the purchase the supplier is asked; what it does not take back is one exception with an owner', async () => {
      place('too-late', SHOPIFY);
      await orderWhen(stand, 'too-late', 'bought', isBought);
      shop(SHOPIFY).cancel(at('too-late'));
      const whole = await orderWhen(stand, 'too-late', 'declined', ({ exceptions }) =>
        exceptions.some(({ cause, state }) => cause === 'cancel_declined' && state === 'open'),
      );
      const legId = whole.legs[0]?.id;
      await stand.api.post(`/v1/legs/${legId}/cancel-answer`, { cancelled: true, note: 'By telephone.' });
      const over = await orderWhen(stand, 'too-late', 'cancelled', ({ order }) => order.state === 'cancelled');
      expect(over.legs[0]?.lines[0]).toMatchObject({ cancelled: 2, returned: 0, asked: 0 });
    });

    it('a full refund before anything has left cancels the units; they are not counted as returned', async () => {
      place('refunded-early', WOO);
      const number = 'refunded-early';
      const before = await orderWhen(stand, number, 'bought', isBought);
      shop(WOO).refund({
        orderReference: 'refunded-early',
        reference: 'refunded-early-1',
        lineKey: 'refunded-early#0',
        quantity: 2,
        totalMinor: before.order.totalMinor,
        atMs: Math.floor(stand.world.clock.clock.now()),
      });
      const whole = await orderWhen(stand, number, 'told of', ({ exceptions }) =>
        exceptions.some(({ cause, state }) => cause === 'cancel_declined' && state === 'open'),
      );
      expect(whole.legs[0]?.lines[0]).toMatchObject({ asked: 2, returned: 0, shipped: 0 });
      expect(cancelledThere(whole)).toHaveLength(0);
    });

    it('a person cancels with a preview: units go back once, the money once, and the shop is told', async () => {
      const shelf = itemOf('wholesale');
      place('by-hand', SHOPIFY, {
        lines: [
          {
            key: 'by-hand#0',
            sku: shelf.sku,
            title: shelf.title,
            quantity: 900,
            unitPrice: shelf.price,
            totalMinor: 90_000,
          },
        ],
        payment: { state: 'authorised' },
      });
      const whole = await orderWhen(stand, 'by-hand', 'held', held('payment'));
      const cancel = { id: 'c-1', lines: null, refund: 'none', tellStorefront: true, note: 'changed her mind' };
      const preview = (await stand.api.post(`/v1/orders/${whole.order.id}/cancel/preview`, cancel)) as {
        lines: { atOnce: number }[];
      };
      expect(preview.lines).toMatchObject([{ atOnce: 900, toAsk: 0, late: 0 }]);
      await stand.api.post(`/v1/orders/${whole.order.id}/cancel`, cancel);
      await stand.api.post(`/v1/orders/${whole.order.id}/cancel`, cancel);
      await orderWhen(stand, 'by-hand', 'cancelled', ({ order }) => order.state === 'cancelled');
      await until('the shop to be told', () => stand.world.sandboxes.shopify.effects('cancellations').length > 0);
    });
  });

  describe('changes after intake', () => {
    it('an edit from two units to one before the purchase buys one', async () => {
      place('edited', SHOPIFY, { payment: { state: 'pending' } });
      await orderWhen(stand, 'edited', 'held', held('payment'));
      shop(SHOPIFY).edit({ ...at('edited'), lineKey: 'edited#0', quantity: 1 });
      shop(SHOPIFY).pay(at('edited'));
      const whole = await orderWhen(stand, 'edited', 'bought', isBought);
      expect(whole.legs.flatMap((leg) => leg.lines.map((line) => line.quantity))).toEqual([1]);
      expect(whole.order.totalMinor).toBe(Math.round(Number(item.price) * 100));
    });

    it.each([
      ['fewer', 2],
      ['more', 6],
    ] as const)(
      'an edit to %s units while it waits: those leave, and the shelf promises none any more',
      async (name, quantity) => {
        const shelf = itemOf('wholesale', quantity === 2 ? 2 : 3);
        const reserved = async () => {
          const { items } = (await stand.api.get(`/v1/stock?sku=${shelf.sku}`)) as { items: { reserved: number }[] };
          return items.reduce((sum, level) => sum + level.reserved, 0);
        };
        const number = `edited-to-${name}`;
        place(number, SHOPIFY, {
          lines: [
            {
              key: `${number}#0`,
              sku: shelf.sku,
              title: shelf.title,
              quantity: 4,
              unitPrice: shelf.price,
              totalMinor: Math.round(Number(shelf.price) * 100) * 4,
            },
          ],
          payment: { state: 'authorised' },
        });
        await orderWhen(stand, number, 'held', held('payment'));
        await until('its units to be held', async () => (await reserved()) === 4);
        stand.world.db.transaction(() => {
          shop(SHOPIFY).edit({ ...at(number), lineKey: `${number}#0`, quantity });
          if (quantity < 4) shop(SHOPIFY).capture(at(number));
          else shop(SHOPIFY).pay(at(number));
        });
        const whole = await orderWhen(stand, number, 'closed', ({ order }) => order.state === 'closed');
        expect(whole.legs[0]?.lines[0]).toMatchObject({ quantity, shipped: quantity });
        expect(await reserved()).toBe(0);
      },
    );

    it('an amount refunded without lines is counted, and our own refund above what is left is refused', async () => {
      place('money-back', WOO);
      const number = 'money-back';
      const before = await orderWhen(stand, number, 'bought', isBought);
      const part = before.order.totalMinor - 500;
      shop(WOO).refund({
        orderReference: 'money-back',
        reference: 'money-back-1',
        totalMinor: part,
        byGateway: true,
        atMs: Math.floor(stand.world.clock.clock.now()),
      });
      const whole = await orderWhen(stand, number, 'refunded in part', ({ order }) => order.refundedMinor === part);
      expect(whole.order.payment.state).toBe('partly_refunded');
      await expect(
        stand.api.post('/v1/returns', {
          reference: 'too-much',
          orderNumber: number,
          sku: item.sku,
          quantity: 1,
          totalMinor: 501,
          currency: 'GBP',
        }),
      ).rejects.toMatchObject({ status: 422 });
    });
  });

  it('a wait in vain tells the order, its webhooks, what is due and the books of the shops', async () => {
    place('in-vain', WOO);
    const { order } = await orderWhen(stand, 'in-vain', 'there', () => true);
    const told = await orderWhen(stand, 'in-vain', 'never', () => false, 1).catch(String);
    expect(told).toContain('waited 1 ms for order in-vain never');
    expect(told).toContain(`order: {"_id":"${order.id}"`);
    expect(told).toMatch(/^webhooks: .* order \d+ (new|done), due /m);
    expect(told).toMatch(/^dues: orders\.pull WooCommerce: due /m);
    expect(told).toMatch(/^storefronts: woocommerce deliveries \{"waiting":\d+,"ok":\d+,"dropped":\d+\}/m);
    expect(await orderWhen(stand, 'nobody', 'there', () => true, 1).catch(String)).toContain('order: it is not there');
  });
});

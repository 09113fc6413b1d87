import { createServer } from 'node:http';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Failure, IncomingOrder, type Output } from '#kit';
import {
  type Host,
  hostConnector,
  type ManualClock,
  manualClock,
  openSandboxDb,
  type PlacedOrder,
  withRawServer,
} from '#kit/testing';
import { woocommerce } from './index.ts';
import { toOrder } from './mapper.ts';
import { serveWooCommerce } from './sandbox.ts';
import { Order, Refund } from './wire.ts';

const AT = '2026-11-01T10:00:00';
const ANA = {
  first_name: 'Ana',
  last_name: 'Example',
  company: '',
  address_1: 'Street 1',
  address_2: '',
  city: 'Town',
  state: '',
  postcode: '10115',
  country: 'DE',
};
const NOBODY = Object.fromEntries(Object.keys(ANA).map((field) => [field, '']));
const LINE = {
  id: 1,
  name: 'Lamp',
  product_id: 5,
  variation_id: 0,
  sku: 'A',
  quantity: 2,
  price: 10,
  subtotal: '20.00',
  total: '20.00',
  taxes: [],
  meta_data: [],
};
/** An order as the shop sends it. */
const sent = (changes: Record<string, unknown> = {}) => ({
  id: 100,
  number: '100',
  status: 'processing',
  currency: 'EUR',
  payment_method: 'stripe',
  total: '20.00',
  total_tax: '0.00',
  date_created_gmt: AT,
  date_modified_gmt: AT,
  date_paid_gmt: AT,
  prices_include_tax: false,
  line_items: [LINE],
  shipping_lines: [],
  fee_lines: [],
  billing: { ...ANA, email: 'ana@example.com', phone: '' },
  shipping: ANA,
  refunds: [],
  meta_data: [],
  ...changes,
});
const refund = (id: number, amount: string, changes: Record<string, unknown> = {}) => ({
  id,
  date_created_gmt: AT,
  amount,
  reason: '',
  meta_data: [],
  line_items: [],
  ...changes,
});
const read = (changes: Record<string, unknown> = {}, amounts: readonly string[] = []): IncomingOrder =>
  IncomingOrder.parse(
    toOrder(
      Order.parse(sent(changes)),
      amounts.map((amount, id) => Refund.parse(refund(id, amount))),
    ),
  );

describe('woocommerce: what an order’s status says of its money', () => {
  it.each([
    // status, method, paid on, refunds, then: state, minor units received, received at
    ['pending', 'stripe', null, [], 'pending', 0, null],
    ['on-hold', 'bacs', null, [], 'pending', 0, null],
    ['on-hold', 'stripe', AT, [], 'pending', 2000, `${AT}Z`],
    ['failed', 'stripe', null, [], 'failed', 0, null],
    ['cancelled', 'stripe', null, [], 'voided', 0, null],
    ['cancelled', 'stripe', AT, [], 'voided', 2000, `${AT}Z`],
    ['trash', 'stripe', AT, [], 'voided', 2000, `${AT}Z`],
    ['processing', 'stripe', AT, [], 'paid', 2000, `${AT}Z`],
    ['processing', 'bacs', null, [], 'paid', 2000, null],
    ['processing', 'cod', AT, [], 'pending', 0, null],
    ['completed', 'cod', AT, [], 'paid', 2000, `${AT}Z`],
    ['completed', 'stripe', AT, [], 'paid', 2000, `${AT}Z`],
    ['processing', 'stripe', AT, ['15.00'], 'partly_refunded', 2000, `${AT}Z`],
    ['completed', 'stripe', AT, ['15.00', '5.00'], 'refunded', 2000, `${AT}Z`],
    ['processing', 'cod', AT, ['20.00'], 'refunded', 0, null],
    ['refunded', 'stripe', AT, [], 'refunded', 2000, `${AT}Z`],
    ['wc-awaiting-press', 'stripe', null, [], 'unknown', null, null],
    ['shipped', '', AT, [], 'unknown', 2000, `${AT}Z`],
    ['shipped', '', AT, ['20.00'], 'refunded', 2000, `${AT}Z`],
    ['', 'stripe', null, [], 'unknown', null, null],
  ] as const)('%s by “%s”, paid on %s, refunds %j: %s', (status, method, paid, refunds, state, paidMinor, paidAt) => {
    const order = read({ status, payment_method: method, date_paid_gmt: paid }, refunds);
    expect(order.payment).toEqual({ state, method, paidMinor, paidAt });
    expect(order.rawStatus).toBe(status);
    expect(order.cancelledAt).toBe(['cancelled', 'trash'].includes(status) ? `${AT}Z` : null);
  });

  it.each([
    ['a free order', { total: '0.00', line_items: [{ ...LINE, subtotal: '0', total: '0', price: 0 }] }, 'paid', 0],
    [
      'an order in yen',
      { currency: 'JPY', total: '1000', line_items: [{ ...LINE, total: '1000', subtotal: '1000' }] },
      'paid',
      1000,
    ],
    ['an order without a method', { payment_method: null }, 'paid', 2000],
  ])('%s is paid', (_, changes, state, totalMinor) => {
    const order = read(changes);
    expect([order.payment.state, order.totalMinor, order.payment.paidMinor]).toEqual([state, totalMinor, totalMinor]);
  });
});

describe('woocommerce: where an order goes', () => {
  it('goes to the billing address where the one to ship to is empty, a preset country aside', () => {
    for (const shipping of [NOBODY, { ...NOBODY, country: 'DE', state: 'BE' }, null, []]) {
      const order = read({ shipping });
      expect(order.shipTo).toMatchObject({ name: 'Ana Example', line1: 'Street 1', city: 'Town', country: 'DE' });
      expect(order.shipTo).toEqual(order.billTo);
    }
  });

  it('keeps the address to ship to apart from the one that pays, and takes a missing name from the latter', () => {
    const order = read({ shipping: { ...ANA, first_name: '', last_name: '', address_1: 'Dock 7' } });
    expect(order.shipTo).toMatchObject({ name: 'Ana Example', line1: 'Dock 7' });
    expect(order.billTo).toMatchObject({ line1: 'Street 1' });
  });

  it('says so where nobody gave a street, and makes none up', () => {
    const order = read({ shipping: NOBODY, billing: { ...NOBODY, first_name: 'Ana', email: 'ana@example.com' } });
    expect(order.shipTo).toEqual({
      name: 'Ana',
      company: '',
      line1: '',
      line2: '',
      city: '',
      region: '',
      postalCode: '',
      country: 'ZZ',
      phone: '',
      email: 'ana@example.com',
    });
    expect(read({ shipping: NOBODY, billing: { ...NOBODY, email: 'ana@example.com' } })).toMatchObject({
      shipTo: null,
      billTo: null,
    });
  });
});

describe('woocommerce: units of a line', () => {
  const told = (reference: string, quantity: number) => ({
    id: 9,
    key: `_crossdock_shipment_${reference}`,
    value: { carrier: 'UPS', number: '1Z', url: '', lines: [{ lineExternalId: '1', quantity }] },
  });
  it.each([
    ['processing', [], 0],
    ['processing', [told('s-1', 1)], 1],
    ['processing', [told('s-1', 1), told('s-2', 1)], 2],
    ['processing', [told('s-1', 2), told('s-2', 2)], 2],
    ['processing', [{ id: 9, key: '_crossdock_shipment_s-1', value: 'broken' }], 0],
    ['completed', [], 2],
    ['refunded', [], 0],
  ])('of a %s order with the packages %j, %d have left', (status, meta_data, fulfilledQuantity) => {
    expect(read({ status, meta_data }).lines).toMatchObject([
      { quantity: 2, currentQuantity: 2, fulfilledQuantity, requiresShipping: true },
    ]);
  });
});

/** A shop that answers with these bodies, or with what these make, by `METHOD path`. */
const withRaw = <T>(answers: Readonly<Record<string, unknown>>, work: (host: Host) => Promise<T>): Promise<T> =>
  withRawServer(
    ({ method, path }) => {
      const found = answers[`${method} ${path.replace('/wp-json/wc/v3', '').split('?')[0]}`];
      return typeof found === 'function' ? found() : found;
    },
    (url) => {
      const credentials = { site: url, consumerKey: 'ck_1234567', consumerSecret: 'cs_1234567' };
      return work(hostConnector(woocommerce, { credentials, settings: {} }, manualClock()));
    },
    { 'x-wp-totalpages': '1' },
  );

describe('woocommerce: an order that cannot be read stops no other', () => {
  const five = (third: Record<string, unknown>) =>
    [1, 2, 3, 4, 5].map((id) => sent({ id, number: String(id), ...(id === 3 ? third : {}) }));
  const pull = (third: Record<string, unknown>) =>
    withRaw({ 'GET /orders': five(third), 'GET /refunds': [] }, (host) =>
      host.call('orders.pull', { since: `${AT}Z`, cursor: null }),
    );

  it.each([
    ['meta_data as an object', { meta_data: { '0': { key: 'a', value: 1 }, '2': { key: 'b', value: [] } } }],
    ['lines as an object', { line_items: { '0': LINE, '2': { ...LINE, id: 2, total: '0', subtotal: '0' } } }],
    ['a line without a product', { line_items: [{ ...LINE, product_id: null, variation_id: null }] }],
    ['amounts as numbers', { total: 20, line_items: [{ ...LINE, total: 20, subtotal: 20.000000000000004 }] }],
    [
      'null where the documentation says never',
      {
        customer_id: null,
        refunds: null,
        fee_lines: null,
        shipping_lines: null,
        customer_note: null,
        number: null,
        date_paid_gmt: null,
        prices_include_tax: null,
        meta_data: null,
        shipping: null,
      },
    ],
    [
      'a line with nulls',
      { line_items: [{ ...LINE, sku: null, price: null, taxes: null, meta_data: null, name: null, total_tax: null }] },
    ],
    ['empty addresses as PHP makes them', { billing: [], shipping: [] }],
    ['a number as a number', { number: 3 }],
  ])('reads all five where the third has %s', async (_, third) => {
    const page = await pull(third);
    expect(page.rejected).toEqual([]);
    expect(page.items.map(({ order }) => order.externalId)).toEqual(['1', '2', '3', '4', '5']);
  });

  it.each([
    ['no id', { id: null }, null, 'id', 'null'],
    ['a quantity in words', { line_items: [{ ...LINE, quantity: 'two' }] }, '3', 'line_items.0.quantity', '"two"'],
    ['no lines', { line_items: null }, '3', 'line_items', 'null'],
    ['an amount in words', { total: 'free' }, '3', 'total', '"free"'],
    ['no currency', { currency: '' }, '3', 'currency', '""'],
    ['no time of change', { date_modified_gmt: null }, '3', 'date_modified_gmt', 'null'],
    ['a time that is none', { date_created_gmt: 'yesterday' }, '3', 'placedAt', '"yesterdayZ"'],
    [
      'a house number of its own',
      { billing: { ...ANA, address_1: { street: 'Street', number: 1 } } },
      '3',
      'billing.address_1',
      '[personal]',
    ],
    [
      'a name of a plugin’s that is none',
      { line_items: [{ ...LINE, meta_data: [{ key: { a: 'Ana' }, value: 'For Ana' }] }] },
      '3',
      'line_items.0.meta_data.0.key',
      '[personal]',
    ],
  ])('reads the four others where the third has %s, and says what is wrong', async (_, third, id, field, raw) => {
    const page = await pull(third);
    expect(page.items.map(({ order }) => order.externalId)).toEqual(['1', '2', '4', '5']);
    expect(page.rejected).toEqual([{ id, field, raw, reason: expect.stringMatching(/./) }]);
    expect(page.next).toBe('refunds@1');
  });

  it('moves on behind a full page of which nothing can be read', async () => {
    const rows = Array.from({ length: 100 }, (_, n) =>
      sent({ id: n + 1, currency: 7, date_modified_gmt: n === 99 ? null : `2026-11-01T10:00:${n < 50 ? '00' : '07'}` }),
    );
    const page = await withRaw({ 'GET /orders': rows }, (host) =>
      host.call('orders.pull', { since: `${AT}Z`, cursor: null }),
    );
    expect(page.rejected).toHaveLength(50);
    expect(page.next).toBe('2026-11-01T10:00:07');
  });

  it('reads the orders of the other refunds where one in the shop’s list cannot be read', async () => {
    const list = [
      { ...refund(7, 'free'), parent_id: 1 },
      { ...refund(8, '1.00'), parent_id: 'none' },
      { ...refund(9, '1.00'), parent_id: 2, amount: null },
    ];
    const page = await withRaw(
      {
        'GET /refunds': list,
        'GET /orders': [1, 2].map((id) => sent({ id })),
        'GET /orders/1/refunds': [refund(7, 'free')],
        'GET /orders/2/refunds': [refund(9, '1.00')],
      },
      (host) => host.call('orders.pull', { since: `${AT}Z`, cursor: 'refunds@1' }),
    );
    expect(page.items.map(({ order }) => order.externalId)).toEqual(['2']);
    expect(page.rejected).toMatchObject([
      { id: null, field: 'refunds.parent_id', raw: '"none"' },
      { id: '1', reason: expect.stringContaining('amount') },
    ]);
    expect(page.next).toBeNull();
  });

  it('says which field of a single order it cannot read', () =>
    withRaw({ 'GET /orders/100': sent({ total: 'free' }), 'GET /orders/100/refunds': [] }, async (host) => {
      const failure = await host.order('100').catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(Failure);
      expect(String(failure)).toContain('total');
    }));

  it('reads the refunds of an order whatever the order says of them', () =>
    withRaw({ 'GET /orders/100': sent(), 'GET /orders/100/refunds': [refund(7, '20.00')] }, async (host) => {
      const order = await host.order('100');
      expect(order).toMatchObject({ payment: { state: 'refunded' }, refunds: [{ externalId: '7', totalMinor: 2000 }] });
    }));

  it('reads the refunds again when the order names one that their list lacks', () => {
    const order = sent({ refunds: [{ id: 7, reason: '', total: '-20.00' }] });
    const lists: unknown[][] = [[], [refund(7, '20.00')]];
    const refunds = () => lists.shift();
    return withRaw({ 'GET /orders/100': order, 'GET /orders/100/refunds': refunds }, async (host) => {
      expect((await host.order('100')).refunds).toMatchObject([{ externalId: '7', totalMinor: 2000 }]);
      expect(lists).toEqual([]);
    });
  });
});

describe('woocommerce: a product that cannot be read stops no other', () => {
  const product = (id: number, changes: Record<string, unknown> = {}) => ({
    id,
    name: 'Lamp',
    type: 'simple',
    status: 'publish',
    sku: `S-${id}`,
    price: '5.00',
    manage_stock: true,
    stock_quantity: 4,
    ...changes,
  });
  const variation = (id: number, changes: Record<string, unknown> = {}) => ({
    ...product(id),
    attributes: [{ name: 'Colour', option: 'Red' }],
    ...changes,
  });
  const tee = { type: 'variable', name: 'Tee', price: 'from 5' };
  const read = (products: unknown, variations?: unknown) =>
    withRaw({ 'GET /products': products, 'GET /products/2/variations': variations }, (host) =>
      host.call('listings.read', { cursor: null }),
    );
  const ids = (page: Output<'listings.read'>) => page.items.map((item) => item.externalVariantId);

  it.each([
    ['its price as a number', { price: 24.900000000000002 }, { price: '24.9' }],
    ['no price', { price: '' }, { price: null }],
    ['false for a price', { price: false }, { price: null }],
    ['null for a price', { price: null }, { price: null }],
    ['its quantity as text', { stock_quantity: '7' }, { quantity: 7 }],
    ['half a unit', { stock_quantity: 2.5 }, { quantity: 2 }],
    ['units owed', { stock_quantity: -3 }, { quantity: -3 }],
    ['no quantity', { stock_quantity: '' }, { quantity: null }],
    ['false for a quantity', { stock_quantity: false }, { quantity: null }],
    ['stock that is not counted', { manage_stock: false }, { quantity: null }],
    ['stock that its parent counts', { manage_stock: 'parent' }, { quantity: null }],
    ['stock that is counted by a word', { manage_stock: 'yes' }, { quantity: 4 }],
    ['a number for a SKU', { sku: 4711 }, { sku: '4711' }],
    [
      'null for name, SKU and status',
      { name: null, sku: null, status: null },
      { sku: '', title: '', status: 'unknown' },
    ],
    ['a status of a plugin', { status: 'wc-secret' }, { status: 'unknown', rawStatus: 'wc-secret' }],
    ['a type of a plugin', { type: 'booking' }, { externalVariantId: '2' }],
  ])('reads all three where the second has %s', async (_, second, read2) => {
    const page = await read([product(1), product(2, second), product(3)]);
    expect(page.rejected).toEqual([]);
    expect(ids(page)).toEqual(['1', '2', '3']);
    expect(page.items[1]).toMatchObject(read2);
  });

  it.each([
    ['no id', { id: null }, null, 'id', 'null'],
    ['an id in words', { id: 'two' }, null, 'id', '"two"'],
    ['a price in words', { price: 'free' }, '2', 'price', '"free"'],
    ['a price with a comma', { price: '12,50' }, '2', 'price', '"12,50"'],
    ['a price below zero', { price: '-1' }, '2', 'price', '"-1"'],
    ['a quantity in words', { stock_quantity: 'many' }, '2', 'stock_quantity', '"many"'],
    ['a list for a quantity', { stock_quantity: [4] }, '2', 'stock_quantity', '[4]'],
    ['no type', { type: null }, '2', 'type', 'null'],
  ])('reads the two others where the second has %s, and says what is wrong', async (_, second, id, field, raw) => {
    const page = await read([product(1), product(2, second), product(3)]);
    expect(ids(page)).toEqual(['1', '3']);
    expect(page.rejected).toEqual([{ id, field, raw, reason: expect.stringMatching(/./) }]);
    expect(page.next).toBeNull();
  });

  it('reads a row that is no product, and a page sent as an object', async () => {
    const page = await read({ '0': product(1), '2': 'lost', '5': product(3) });
    expect(ids(page)).toEqual(['1', '3']);
    expect(page.rejected).toMatchObject([{ id: null, field: '' }]);
  });

  it('takes no error in the words of a plugin for a page', async () => {
    await expect(read({ code: 'plugin_error', message: 'Try later', data: {} })).rejects.toMatchObject({
      code: 'contract',
    });
  });

  it('rejects one variation, and reads its neighbours and the other products; a price of the whole is not asked for', async () => {
    const variations = { '0': variation(21), '1': variation(22, { price: 'ask' }), '3': variation(23, { sku: null }) };
    const page = await read([product(1), product(2, tee), product(3)], variations);
    expect(ids(page).toSorted()).toEqual(['1', '21', '23', '3']);
    expect(page.rejected).toMatchObject([{ id: '22', field: 'price', raw: '"ask"' }]);
    expect(page.items.find((item) => item.externalVariantId === '21')).toMatchObject({
      title: 'Tee – Red',
      externalProductId: '2',
    });
  });

  it.each([
    ['are no list', 'none', [{ id: '2', field: '' }]],
    // Taken away since its page was read.
    ['are gone', undefined, []],
  ])('reads the other products where the variations of one %s', async (_, variations, rejected) => {
    const page = await read([product(1), product(2, tee), product(3)], variations);
    expect(ids(page)).toEqual(['1', '3']);
    expect(page.rejected).toMatchObject(rejected);
    expect(page.rejected).toHaveLength(rejected.length);
  });
});

type Shop = Awaited<ReturnType<typeof serveWooCommerce>>;

describe('woocommerce: a shop in which people do things', () => {
  let clock: ManualClock;
  let db: ReturnType<typeof openSandboxDb>;
  let shop: Shop;
  let host: Host;
  let count = 0;

  const open = async (options: { refundList?: boolean } = {}) => {
    shop = await serveWooCommerce({ clock, db, ...options });
    host = hostConnector(woocommerce, { ...shop, settings: { requestsPerSecond: 100 } }, clock);
  };
  beforeEach(async () => {
    clock = manualClock(Date.UTC(2026, 10, 1, 10));
    db = openSandboxDb();
    await open();
  });
  afterEach(async () => {
    await shop.close();
    db.close();
  });

  const place = (changes: Partial<PlacedOrder> = {}) => {
    count += 1;
    const orderReference = `W-${count}`;
    const { externalId } = shop.storefront.placeOrder({
      reference: orderReference,
      placedAtMs: clock.now(),
      currency: 'EUR',
      buyer: { id: null, name: 'Ana Example', email: 'ana@example.com' },
      shipTo: null,
      lines: [{ key: 'a', sku: 'WOO-LAMP', title: 'Lamp', quantity: 2, unitPrice: '10.00', totalMinor: 2000 }],
      charges: [],
      note: '',
      ...changes,
    });
    return { orderReference, externalId };
  };
  const get = (externalId: string) => host.order(externalId);
  const stateOf = async (externalId: string) => {
    const { payment, rawStatus } = await get(externalId);
    return `${rawStatus}: ${payment.state}`;
  };
  const shelf = async () =>
    (await host.call('listings.read', { cursor: null })).items.find((item) => item.sku === 'WOO-LAMP')?.quantity;
  const walk = async (since: string) => {
    const orders: IncomingOrder[] = [];
    for (let cursor: string | null = null, page = 0; page < 50; page += 1) {
      const found: Output<'orders.pull'> = await host.call('orders.pull', { since, cursor });
      orders.push(...(await host.orders(found.items)));
      if (found.next === null) return orders;
      cursor = found.next;
    }
    throw new Error('the walk does not end');
  };

  it.each([
    [{ state: 'pending', method: 'stripe' }, 'pending: pending'],
    [{ state: 'pending', method: 'cod' }, 'processing: pending'],
    [{ state: 'on_hold', method: 'bacs' }, 'on-hold: pending'],
    [{ state: 'authorised', method: 'stripe' }, 'on-hold: pending'],
    [{ state: 'paid', method: 'stripe' }, 'processing: paid'],
    [{ state: 'failed', method: 'stripe' }, 'failed: failed'],
    [{ state: 'voided', method: 'stripe' }, 'cancelled: voided'],
    [{ state: 'expired', method: 'stripe' }, 'cancelled: voided'],
  ] as const)('an order placed as %j is %s', async (payment, meant) => {
    const { externalId } = place({ payment });
    expect(await stateOf(externalId)).toBe(meant);
    expect((await get(externalId)).payment.method).toBe(payment.method);
  });

  it('has no half payments and no test orders', () => {
    expect(() => place({ payment: { state: 'partly_paid' } })).toThrow('partly_paid');
    expect(() => place({ test: true })).toThrow('test');
  });

  it('follows an order through payment, hold, failure and cancellation, with its units', async () => {
    const before = (await shelf()) ?? 0;
    const { orderReference, externalId } = place({ payment: { state: 'pending', method: 'stripe' } });
    expect(await shelf()).toBe(before);
    const { storefront } = shop;
    storefront.fail({ orderReference });
    expect(await stateOf(externalId)).toBe('failed: failed');
    storefront.pay({ orderReference });
    expect(await stateOf(externalId)).toBe('processing: paid');
    expect(await shelf()).toBe(before - 2);
    storefront.hold({ orderReference });
    expect(await stateOf(externalId)).toBe('on-hold: pending');
    storefront.release({ orderReference });
    storefront.cancel({ orderReference });
    expect(await stateOf(externalId)).toBe('cancelled: voided');
    expect(await shelf()).toBe(before);
    expect(() => storefront.pay({ orderReference })).toThrow('nothing to pay');
    storefront.setStatus({ orderReference, status: 'wc-lost' });
    expect(await stateOf(externalId)).toBe('wc-lost: unknown');
  });

  it('is completed by the merchant whole, never in part', async () => {
    const { orderReference, externalId } = place();
    expect(() => shop.storefront.fulfil({ orderReference, lines: [{ lineKey: 'a', quantity: 1 }] })).toThrow('partial');
    shop.storefront.fulfil({ orderReference });
    expect((await get(externalId)).lines).toMatchObject([{ currentQuantity: 2, fulfilledQuantity: 2 }]);
  });

  it('shows an edited line, a removed line and another address, of which the lines alone do not count as a change', async () => {
    const lines = ['a', 'b'].map((key) => ({
      key,
      sku: key,
      title: key,
      quantity: 2,
      unitPrice: '10.00',
      totalMinor: 2000,
    }));
    const { orderReference, externalId } = place({ lines });
    const before = await get(externalId);
    clock.advance(60_000);
    shop.storefront.edit({ orderReference, lineKey: 'a', quantity: 1 });
    shop.storefront.edit({ orderReference, lineKey: 'b', quantity: 0 });
    const edited = await get(externalId);
    expect(edited).toMatchObject({ totalMinor: 1000, updatedAt: before.updatedAt });
    expect(edited.lines.map((line) => [line.sku, line.quantity, line.totalMinor])).toEqual([['a', 1, 1000]]);
    const shipTo = {
      name: 'Ben',
      company: '',
      line1: 'Quay 2',
      line2: '',
      city: 'Port',
      region: '',
      postalCode: '2',
      country: 'NL',
      phone: '',
      email: '',
    };
    shop.storefront.changeAddress({ orderReference, shipTo });
    const moved = await get(externalId);
    expect(moved.shipTo).toMatchObject({ line1: 'Quay 2', country: 'NL' });
    expect(Date.parse(moved.updatedAt)).toBeGreaterThan(Date.parse(before.updatedAt));
  });

  it('takes back units that cost nothing: a refund of no money, which stands in no book of payments', async () => {
    const free = { key: 'b', sku: 'WOO-TEE', title: 'Gift', quantity: 3, unitPrice: '0', totalMinor: 0 };
    const paid = { key: 'a', sku: 'WOO-LAMP', title: 'Lamp', quantity: 2, unitPrice: '10.00', totalMinor: 2000 };
    const { externalId, orderReference } = place({ lines: [paid, free] });
    const back = { orderReference, reference: 'r', lineKey: 'b', quantity: 2, atMs: clock.now() };
    shop.storefront.refund({ ...back, totalMinor: 0 });
    const { refunds, payment, lines } = await get(externalId);
    const line = lines.find(({ sku }) => sku === 'WOO-TEE');
    expect(refunds).toMatchObject([
      { totalMinor: 0, lines: [{ lineExternalId: line?.externalId, quantity: 2, totalMinor: 0 }] },
    ]);
    expect(payment.state).toBe('paid');
    expect(shop.effects('refunds')).toEqual([]);
    expect(() => shop.storefront.refund({ ...back, reference: 'r2', totalMinor: -1 })).toThrow(/greater than zero/);
  });

  it('finds what a gateway gave back, though the order neither changed nor names it, once a walk', async () => {
    const quiet = place();
    const loud = place();
    clock.advance(3_600_000);
    const since = new Date(clock.now()).toISOString();
    const part = { reference: 'g-1', totalMinor: 1500, atMs: clock.now() };
    shop.storefront.refund({ ...part, orderReference: quiet.orderReference, byGateway: true });
    shop.storefront.refund({ ...part, reference: 'g-2', orderReference: loud.orderReference });
    const orders = await walk(since);
    expect(orders.map((order) => [order.externalId, order.payment.state, order.refunds.length]).toSorted()).toEqual(
      [quiet, loud].map((order) => [order.externalId, 'partly_refunded', 1]).toSorted(),
    );
    expect(await walk(new Date(clock.now() + 1000).toISOString())).toEqual([]);
  });

  it('finds each of hundreds of such refunds', async () => {
    const placed = Array.from({ length: 130 }, () => place());
    clock.advance(3_600_000);
    const since = new Date(clock.now()).toISOString();
    for (const [n, { orderReference }] of placed.entries())
      shop.storefront.refund({
        orderReference,
        reference: `h-${n}`,
        totalMinor: 100,
        byGateway: true,
        atMs: clock.now(),
      });
    const found = await walk(since);
    expect(found.map((order) => order.externalId).toSorted()).toEqual(placed.map((p) => p.externalId).toSorted());
  });

  it('reads a shop that has no list of its refunds by what its orders name', async () => {
    await shop.close();
    await open({ refundList: false });
    const quiet = place();
    const loud = place();
    const since = new Date(clock.now()).toISOString();
    const part = { reference: 'g-1', totalMinor: 1500, atMs: clock.now() };
    shop.storefront.refund({ ...part, orderReference: quiet.orderReference, byGateway: true });
    shop.storefront.refund({ ...part, reference: 'g-2', orderReference: loud.orderReference });
    const states = new Map((await walk(since)).map((order) => [order.externalId, order.payment.state]));
    expect(states.get(loud.externalId)).toBe('partly_refunded');
    expect(states.get(quiet.externalId)).toBe('paid');
    expect((await get(quiet.externalId)).payment.state).toBe('partly_refunded');
  });

  const cancellation = (externalId: string) => ({
    externalId,
    reference: 'c-1',
    reason: 'inventory' as const,
    note: 'sold out',
    notify: false,
    restock: true,
  });

  it.each([
    ['pending', true],
    ['on-hold', true],
    ['processing', true],
    ['failed', true],
    ['wc-awaiting-press', true],
    ['cancelled', true],
    ['refunded', true],
    ['trash', true],
    ['completed', false],
  ])('is asked to cancel a %s order: %s', async (status, cancelled) => {
    const { orderReference, externalId } = place();
    shop.storefront.setStatus({ orderReference, status });
    const writes = () => shop.requests().filter((request) => request.method === 'PUT').length;
    const answer = await host.call('orders.cancel', cancellation(externalId));
    expect(answer.cancelled).toBe(cancelled);
    // What is over, or has left, is left alone.
    expect(writes()).toBe(['cancelled', 'refunded', 'trash', 'completed'].includes(status) ? 0 : 1);
    expect((await get(externalId)).rawStatus).toBe(writes() === 0 ? status : 'cancelled');
  });

  it('sends a webhook for each change, also for those that move no time', async () => {
    const seen: { topic: string; body: unknown }[] = [];
    const inbox = createServer((message, response) => {
      const chunks: Buffer[] = [];
      message.on('data', (chunk: Buffer) => chunks.push(chunk));
      message.on('end', () => {
        const topic = String(message.headers['x-wc-webhook-topic'] ?? '');
        if (topic !== '') seen.push({ topic, body: JSON.parse(Buffer.concat(chunks).toString()) });
        response.writeHead(200).end();
      });
    });
    await new Promise<void>((resolve) => inbox.listen(0, '127.0.0.1', resolve));
    const { port } = z.object({ port: z.number() }).parse(inbox.address());
    await host.call('webhooks.register', { url: `http://127.0.0.1:${port}/h`, secret: 'whs-1' });
    const { orderReference } = place({ payment: { state: 'pending' } });
    shop.storefront.pay({ orderReference });
    shop.storefront.edit({ orderReference, lineKey: 'a', quantity: 1 });
    shop.storefront.refund({ orderReference, reference: 'r', totalMinor: 100, byGateway: true, atMs: clock.now() });
    await expect.poll(() => shop.storefront.webhooks().waiting).toBe(0);
    expect(seen.map(({ topic }) => topic).toSorted()).toEqual([
      'order.created',
      'order.updated',
      'order.updated',
      'order.updated',
    ]);
    await new Promise((resolve) => inbox.close(resolve));
  });

  it('opens what version 0.1.0 has written', async () => {
    const { externalId, orderReference } = place();
    shop.storefront.refund({
      orderReference,
      reference: 'r-1',
      lineKey: 'a',
      quantity: 1,
      totalMinor: 500,
      atMs: clock.now(),
    });
    const Written = z.record(z.string(), z.unknown());
    const written = db.table<unknown>('woo_refunds');
    for (const made of written.all()) {
      const { parent_id: _, ...old } = Written.parse(made);
      written.put(String(old['id']), old, { b: externalId });
    }
    db.table<unknown>('woo_upgrades').delete('refunds');
    await shop.close();
    await open();
    expect((await walk('2026-10-01T00:00:00Z')).map((order) => order.refunds.length)).toEqual([1]);
    const ours = { orderExternalId: externalId, reference: 'ours', currency: 'EUR', note: '' };
    const rest = [{ lineExternalId: '1', quantity: 1, totalMinor: 1500, restock: false }];
    await host.call('refunds.create', { ...ours, lines: rest });
    expect(await stateOf(externalId)).toBe('refunded: refunded');
  });

  it('gives orders of the domain’s shape whatever people do, with lines and charges that are the total', async () => {
    const act = fc.constantFrom('pay', 'hold', 'release', 'fail', 'cancel', 'fulfil', 'edit', 'refund', 'quiet');
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 8 }), async (acts) => {
        const { orderReference, externalId } = place({ payment: { state: 'pending' } });
        for (const [n, name] of acts.entries()) {
          const money = { orderReference, reference: `${orderReference}-${n}`, totalMinor: 700, atMs: clock.now() };
          const doing = {
            pay: () => shop.storefront.pay({ orderReference }),
            hold: () => shop.storefront.hold({ orderReference }),
            release: () => shop.storefront.release({ orderReference }),
            fail: () => shop.storefront.fail({ orderReference }),
            cancel: () => shop.storefront.cancel({ orderReference }),
            fulfil: () => shop.storefront.fulfil({ orderReference }),
            edit: () => shop.storefront.edit({ orderReference, lineKey: 'a', quantity: 1 + (n % 3) }),
            refund: () => shop.storefront.refund(money),
            quiet: () => shop.storefront.refund({ ...money, byGateway: true }),
          };
          try {
            doing[name]();
          } catch (error) {
            // Refused by the shop: nothing has changed.
            expect(error).toBeInstanceOf(Error);
          }
          clock.advance(1000);
        }
        const order = IncomingOrder.parse(await get(externalId));
        const parts = [...order.lines, ...order.charges].reduce((sum, part) => sum + part.totalMinor, 0);
        expect(parts).toBe(order.totalMinor);
        for (const line of order.lines) {
          expect(line.fulfilledQuantity).toBeLessThanOrEqual(line.currentQuantity);
          expect(line.currentQuantity).toBeLessThanOrEqual(line.quantity);
        }
        const given = order.refunds.reduce((sum, made) => sum + made.totalMinor, 0);
        if (order.totalMinor > 0 && given >= order.totalMinor && order.rawStatus === 'processing')
          expect(order.payment.state).toBe('refunded');
      }),
      { numRuns: 40 },
    );
  }, 30_000);
});

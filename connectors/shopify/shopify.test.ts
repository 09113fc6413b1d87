import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Confirmation, isFailure } from '#kit';
import {
  describeConnector,
  type Host,
  hostConnector,
  manualClock,
  openSandboxDb,
  type PlacedOrder,
  type RunningSandbox,
  type StorefrontWorld,
} from '#kit/testing';
import { shopify } from './index.ts';
import { manifest } from './manifest.ts';
import { toListing, toOrder, toPacking, toRefund, toRefundTransactions } from './mapper.ts';
import * as queries from './queries.ts';
import { shopifySandbox } from './sandbox.ts';
import { compiled, costOf } from './sandbox-graphql.ts';
import { missingScopes } from './scopes.ts';
import { Order, Refund } from './wire.ts';

describeConnector(shopify, shopifySandbox);

describe('shopify: the scopes of an app', () => {
  const granted = [
    'read_all_orders',
    'read_customers',
    'read_locations',
    'read_products',
    'write_inventory',
    'write_orders',
  ];
  const fulfil = 'write_merchant_managed_fulfillment_orders';
  it.each([
    [[...granted, fulfil], []],
    [granted, [fulfil]],
    [[...granted, fulfil].filter((scope) => scope !== 'read_all_orders'), ['read_all_orders']],
    [[...granted, fulfil, 'read_orders'].filter((scope) => scope !== 'write_orders'), ['write_orders']],
    [[...granted, fulfil, 'read_inventory'].filter((scope) => scope !== 'write_inventory'), ['write_inventory']],
    [
      ['write_products', 'write_customers', 'write_inventory', 'write_orders', fulfil],
      ['read_locations', 'read_all_orders'],
    ],
    [[], expect.arrayContaining(['read_orders', 'read_customers', 'read_products', 'read_all_orders', fulfil])],
  ])('%j lack %j', (scopes, lacks) => expect(missingScopes(scopes).map(({ right }) => right)).toEqual(lacks));

  it('are told by the shop, and it refuses what they do not allow, in its own words', async () => {
    const db = openSandboxDb();
    const clock = manualClock(Date.UTC(2026, 0, 5));
    const shop = await shopifySandbox.start({ clock, db });
    try {
      const host = hostConnector(shopify, shop, clock);
      shop.grant?.(['read_orders', 'read_customers', 'read_products', 'write_inventory']);
      const { missing, identity } = await host.call('connection.check', {});
      expect(identity).toMatch(/^gid:\/\/shopify\/Shop\/\d+$/);
      expect(missing.map(({ right, needed }) => [right, needed])).toEqual([
        ['write_orders', true],
        [fulfil, true],
        ['read_locations', false],
        ['read_all_orders', false],
      ]);
      shop.grant?.(['read_orders']);
      await expect(host.call('listings.read', { cursor: null })).rejects.toMatchObject({
        code: 'forbidden',
        message: expect.stringContaining('`read_products` access scope'),
      });
      await expect(host.call('locations.read', { cursor: null })).rejects.toMatchObject({ code: 'forbidden' });
      shop.scene.placeOrders?.(1);
      const pulled = host.call('orders.pull', { since: '2026-01-01T00:00:00Z', cursor: null });
      await expect(pulled).rejects.toMatchObject({ code: 'forbidden', message: expect.stringContaining('customer') });
    } finally {
      await shop.close();
      db.close();
    }
  });
});

const money = (amount: string, shop = '999.99') => ({
  presentmentMoney: { amount },
  shopMoney: { amount: shop, currencyCode: 'USD' },
});
const all = <T>(nodes: T[]) => ({ nodes, pageInfo: { hasNextPage: false, endCursor: null } });
const wireLine = (id: string, change: Record<string, unknown> = {}) => ({
  id,
  name: 'Lantern',
  sku: 'A-1',
  quantity: 2,
  currentQuantity: 2,
  unfulfilledQuantity: 2,
  requiresShipping: true,
  isGiftCard: false,
  variant: { id: 'gid://shopify/ProductVariant/1' },
  originalUnitPriceSet: money('10.0'),
  discountedTotalSet: money('20.0'),
  ...change,
});
const wireOrder = (change: Record<string, unknown> = {}) =>
  Order.parse({
    id: 'gid://shopify/Order/1',
    name: '#1001',
    createdAt: '2026-01-05T09:00:00Z',
    updatedAt: '2026-01-05T09:00:00Z',
    cancelledAt: null,
    presentmentCurrencyCode: 'EUR',
    displayFinancialStatus: 'PAID',
    displayFulfillmentStatus: 'UNFULFILLED',
    test: false,
    paymentGatewayNames: ['manual'],
    risk: { recommendation: 'NONE' },
    email: null,
    note: null,
    taxesIncluded: true,
    totalPriceSet: money('20.0'),
    // As it is while nothing was edited or refunded.
    currentTotalPriceSet: change['totalPriceSet'] ?? money('20.0'),
    totalReceivedSet: change['totalPriceSet'] ?? money('20.0'),
    currentTaxLines: change['taxLines'] ?? [],
    transactions: [],
    customer: null,
    shippingAddress: null,
    billingAddress: null,
    taxLines: [],
    additionalFees: [],
    shippingLines: all([]),
    lineItems: all([wireLine('gid://shopify/LineItem/1')]),
    refunds: [],
    ...change,
  });
const wireRefund = (total: string, lines: { id: string; quantity: number; subtotal: string; restockType?: string }[]) =>
  Refund.parse({
    id: 'gid://shopify/Refund/1',
    createdAt: null,
    processedAt: '2026-01-06T09:00:00Z',
    note: null,
    totalRefundedSet: money(total),
    refundLineItems: all(
      lines.map(({ id, quantity, subtotal, restockType = 'NO_RESTOCK' }) => ({
        lineItem: { id },
        quantity,
        restockType,
        subtotalSet: money(subtotal),
        totalTaxSet: money('0.0'),
      })),
    ),
  });

describe('shopify: an order as we read it', () => {
  it.each([
    ['PAID', 'paid'],
    ['PARTIALLY_PAID', 'partly_paid'],
    ['AUTHORIZED', 'authorised'],
    ['PARTIALLY_REFUNDED', 'partly_refunded'],
    ['EXPIRED', 'expired'],
    ['A_STATUS_OF_TOMORROW', 'unknown'],
  ])('%s is %s, and its own word is kept', (status, financial) => {
    const order = toOrder(wireOrder({ displayFinancialStatus: status }));
    expect(order.payment.state).toBe(financial);
    expect(order.rawStatus).toContain(status);
  });

  it.each([
    ['EUR', '0.001', '2.0', 200],
    ['JPY', '1250.0', '2500.0', 2500],
    ['KWD', '1.2345', '2.469', 2469],
  ])('counts %s in what the buyer paid and keeps the price of %s', (currency, price, total, minor) => {
    const lines = all([wireLine('l', { originalUnitPriceSet: money(price), discountedTotalSet: money(total) })]);
    const order = toOrder(
      wireOrder({ presentmentCurrencyCode: currency, totalPriceSet: money(total), lineItems: lines }),
    );
    expect(order.lines[0]).toMatchObject({ unitPrice: price, totalMinor: minor });
    expect(order).toMatchObject({ currency, totalMinor: minor, charges: [] });
  });

  it('tells goods from charges', () => {
    const order = toOrder(
      wireOrder({
        taxesIncluded: false,
        totalPriceSet: money('35.0'),
        taxLines: [{ title: 'VAT', priceSet: money('4.0') }],
        additionalFees: [{ id: 'f', name: 'Import', price: money('1.0') }],
        shippingLines: all([{ id: null, code: 'std', title: 'Standard', discountedPriceSet: money('5.0') }]),
        lineItems: all([
          wireLine('l'),
          wireLine('c', { variant: null, requiresShipping: false, quantity: 1, discountedTotalSet: money('7.0') }),
          wireLine('gone', { quantity: 0, discountedTotalSet: money('0.0') }),
        ]),
      }),
    );
    expect(order.lines.map((l) => l.externalId)).toEqual(['l']);
    expect(order.charges.map(({ externalId, kind, totalMinor }) => ({ externalId, kind, totalMinor }))).toEqual([
      { externalId: 'shipping-0', kind: 'shipping', totalMinor: 500 },
      { externalId: 'c', kind: 'custom', totalMinor: 700 },
      { externalId: 'f', kind: 'fee', totalMinor: 100 },
      { externalId: 'tax-0', kind: 'tax', totalMinor: 400 },
      { externalId: 'other', kind: 'discount', totalMinor: -200 },
    ]);
  });

  const cents = fc.integer({ min: 0, max: 10_000_000 });
  const text = (minor: number) => (minor / 100).toFixed(2);
  it('sums to Shopify’s total whatever Shopify leaves out', () => {
    fc.assert(
      fc.property(fc.array(cents, { maxLength: 8 }), fc.array(cents, { maxLength: 3 }), cents, (lines, ship, total) => {
        const order = toOrder(
          wireOrder({
            totalPriceSet: money(text(total)),
            lineItems: all(lines.map((m, n) => wireLine(`l${n}`, { discountedTotalSet: money(text(m)) }))),
            shippingLines: all(
              ship.map((m, n) => ({ id: `s${n}`, code: null, title: '', discountedPriceSet: money(text(m)) })),
            ),
          }),
        );
        const parts = [...order.lines, ...order.charges].map((p) => p.totalMinor);
        expect(parts.reduce((a, b) => a + b, 0)).toBe(total);
      }),
    );
  });

  it('shares a refund over its lines so that they sum to it', () => {
    fc.assert(
      fc.property(fc.array(cents, { minLength: 1, maxLength: 8 }), cents, (subtotals, total) => {
        const lines = subtotals.map((m, n) => ({ id: `l${n}`, quantity: 1, subtotal: text(m) }));
        const refund = toRefund(wireRefund(text(total), lines), 'EUR');
        expect(refund.lines.reduce((sum, line) => sum + line.totalMinor, 0)).toBe(total);
      }),
    );
    const one = toRefund(
      wireRefund('7.77', [{ id: 'l', quantity: 1, subtotal: '10.0', restockType: 'RETURN' }]),
      'EUR',
    );
    expect(one.lines).toEqual([{ lineExternalId: 'l', quantity: 1, totalMinor: 777, restock: true }]);
    expect(one.createdAt).toBe('2026-01-06T09:00:00Z');
  });

  it('takes refunds from the payments that have something left', () => {
    const payment = (id: string, kind: string, amount: string, parent: string | null = null) => ({
      id,
      kind,
      status: 'SUCCESS',
      gateway: 'manual',
      amountSet: amount,
      parentTransaction: parent === null ? null : { id: parent },
    });
    const paid = [payment('a', 'SALE', '10.0'), payment('b', 'CAPTURE', '5.0'), payment('c', 'REFUND', '4.0', 'a')];
    const parts = (minor: number) => toRefundTransactions(minor, 'o', paid, 'EUR').map((t) => [t.parentId, t.amount]);
    expect(parts(500)).toEqual([['a', '5.00']]);
    expect(parts(900)).toEqual([
      ['a', '6.00'],
      ['b', '3.00'],
    ]);
    expect(parts(2000)).toEqual([
      ['a', '6.00'],
      ['b', '14.00'],
    ]);
    expect(parts(0)).toEqual([]);
  });
});

describe('shopify: the facts of a listing', () => {
  const listed = (weight: { value: number; unit: string } | null, hs: string | null, origin: string | null) =>
    toListing(
      {
        id: 'v',
        sku: 'S',
        barcode: ' 4006381333931 ',
        title: 'Default Title',
        price: '1.00',
        product: { id: 'p', title: 'P', status: 'ACTIVE' },
        inventoryItem: {
          id: 'i',
          inventoryLevel: null,
          harmonizedSystemCode: hs,
          countryCodeOfOrigin: origin,
          measurement: { weight },
        },
      },
      'GBP',
    ).facts;

  it.each([
    [{ value: 0.34, unit: 'KILOGRAMS' }, 340],
    [{ value: 1, unit: 'POUNDS' }, 454],
    [{ value: 8, unit: 'OUNCES' }, 227],
    [{ value: 0.2, unit: 'GRAMS' }, 1],
    [{ value: 0, unit: 'GRAMS' }, null],
    [{ value: 3, unit: 'STONES' }, null],
    [null, null],
  ])('%j weighs %s g', (weight, grams) => {
    expect(listed(weight, '9405.50.10', 'CN')).toMatchObject({
      weightGrams: grams,
      hsCode: '94055010',
      origin: 'CN',
      gtin: '4006381333931',
    });
  });

  it('are left out where they fit no form', () => {
    expect(listed(null, 'soon', 'ZZ')).toMatchObject({ hsCode: null, origin: null });
  });
});

describe('shopify: a package', () => {
  const confirmation = (lines: [string, number][], number = 'T1'): Confirmation => ({
    reference: 's-1',
    orderExternalId: 'o',
    completes: false,
    lines: lines.map(([lineExternalId, quantity]) => ({ lineExternalId, quantity })),
    tracking: { carrier: 'USPS', number, url: '' },
  });
  const open = (id: string, lines: [string, number][], status = 'OPEN') => ({
    id,
    status,
    lineItems: all(
      lines.map(([line, remainingQuantity]) => ({ id: `f${line}`, remainingQuantity, lineItem: { id: line } })),
    ),
  });
  const told = (number: string, lines: [string, number][], status = 'SUCCESS') => ({
    id: `done-${number}`,
    status,
    trackingInfo: [{ number }],
    fulfillmentLineItems: all(lines.map(([line, quantity]) => ({ quantity, lineItem: { id: line } }))),
  });

  it.each([
    ['all that is left goes without its lines', [['a', 2]], [], [open('1', [['a', 2]])], [null], 0],
    ['a part goes with its lines', [['a', 1]], [], [open('1', [['a', 2]])], [[{ id: 'fa', quantity: 1 }]], 0],
    [
      'what was told under the number is not told again',
      [['a', 2]],
      [told('T1', [['a', 2]])],
      [open('1', [['a', 3]])],
      [],
      0,
    ],
    ['another number is another package', [['a', 1]], [told('T2', [['a', 1]])], [open('1', [['a', 1]])], [null], 0],
    [
      'a cancelled one does not count',
      [['a', 1]],
      [told('T1', [['a', 1]], 'CANCELLED')],
      [open('1', [['a', 1]])],
      [null],
      0,
    ],
    ['units on hold cannot be told of', [['a', 1]], [], [open('1', [['a', 1]], 'ON_HOLD')], [], 1],
    [
      'two fulfillment orders are two calls',
      [['a', 3]],
      [],
      [open('1', [['a', 2]]), open('2', [['a', 1]])],
      [null, null],
      0,
    ],
  ] satisfies [string, [string, number][], ReturnType<typeof told>[], ReturnType<typeof open>[], unknown[], number][])(
    '%s',
    (_, lines, before, orders, calls, short) => {
      const packing = toPacking(confirmation(lines), before, orders);
      expect(packing.calls.map((call) => call.lines)).toEqual(calls);
      expect(packing.short).toBe(short);
    },
  );
});

describe('shopify: against a shop that remembers', () => {
  const clock = manualClock();
  let db: ReturnType<typeof openSandboxDb>;
  let shop: RunningSandbox & { storefront?: StorefrontWorld };
  let host: Host;
  let ticking: NodeJS.Immediate;
  const world = (): StorefrontWorld => shop.storefront ?? expect.fail('no world');

  beforeEach(async () => {
    db = openSandboxDb();
    shop = await shopifySandbox.start({ clock, db });
    host = hostConnector(shopify, shop, clock, 5_000);
    const tick = () => {
      clock.advance(20);
      ticking = setImmediate(tick);
    };
    ticking = setImmediate(tick);
  });
  afterEach(async () => {
    clearImmediate(ticking);
    await shop.close();
    db.close();
  });

  const placed = (reference: string, lines: number, change: Partial<PlacedOrder> = {}): PlacedOrder => ({
    reference,
    placedAtMs: Date.UTC(2025, 5, 1, 12),
    currency: 'GBP',
    buyer: { id: null, name: 'Ada Example', email: '' },
    shipTo: null,
    lines: Array.from({ length: lines }, (_, n) => ({
      key: `k${n}`,
      sku: `SKU-${n}`,
      title: `Item ${n}`,
      quantity: 3,
      unitPrice: '0.335',
      totalMinor: 101,
    })),
    charges: [],
    note: '',
    ...change,
  });
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: unknown) => (isFailure(error) ? error.code : String(error)),
    );
  const graphql = async (query: string, variables: Record<string, unknown>): Promise<Record<string, unknown>> => {
    const answer = await fetch(`${shop.url}/admin/api/2026-04/graphql.json`, {
      method: 'POST',
      headers: { 'x-shopify-access-token': String(shop.credentials['accessToken']) },
      body: JSON.stringify({ query, variables }),
    });
    const body: unknown = await answer.json();
    return { ...Object(body) };
  };

  it('reads what was placed, charges and all', async () => {
    const { externalId } = world().placeOrder(
      placed('536365', 2, {
        charges: [
          { key: 'p', kind: 'shipping', code: 'POST', title: 'Postage', totalMinor: 1800 },
          { key: 'm', kind: 'custom', code: 'M', title: 'Manual', totalMinor: 250 },
          { key: 'f', kind: 'fee', code: 'F', title: 'Fee', totalMinor: 30 },
          { key: 'd', kind: 'custom', code: 'D', title: 'Discount', totalMinor: -52 },
        ],
      }),
    );
    expect(world().placeOrder(placed('536365', 2)).externalId).toBe(externalId);
    expect(shop.effects('orders')).toEqual([{ id: externalId, reference: '536365' }]);
    const order = await host.order(externalId);
    expect(order).toMatchObject({
      number: '536365',
      placedAt: '2025-06-01T12:00:00Z',
      payment: { state: 'paid', method: 'manual', paidAt: '2025-06-01T12:00:00Z' },
      shipTo: null,
      buyer: { name: 'Ada Example' },
      totalMinor: 202 + 1800 + 250 + 30 - 52,
    });
    expect(order.lines.map((l) => l.unitPrice)).toEqual(['0.335', '0.335']);
    expect(order.charges.map((c) => [c.kind, c.totalMinor])).toEqual([
      ['shipping', 1800],
      ['custom', 250],
      ['fee', 30],
      ['discount', -52],
    ]);
  });

  it('reads an order of 704 lines whole, by itself and in a walk, and tells of it in one package', async () => {
    const since = new Date(clock.now() - 2000).toISOString();
    const { externalId } = world().placeOrder(placed('big', 704));
    const order = await host.order(externalId);
    expect(new Set(order.lines.map((l) => l.sku)).size).toBe(704);
    const { items } = await host.call('orders.pull', { since, cursor: null });
    expect(await host.orders(items)).toEqual([order]);
    const lines = order.lines.map((l) => ({ lineExternalId: l.externalId, quantity: l.quantity }));
    const tracking = { carrier: 'UPS', number: '1Z1', url: '' };
    const confirmation = { reference: 's', orderExternalId: externalId, completes: true, lines, tracking };
    await host.call('shipments.confirm', { confirmation });
    await host.call('shipments.confirm', { confirmation });
    expect(shop.effects('confirmations').map((c) => c.reference)).toEqual(['1Z1']);
    expect((await host.order(externalId)).rawStatus).toBe('PAID/FULFILLED');
  });

  it('tells of two packages of one order, each once, and of no unit that is not there', async () => {
    const { externalId } = world().placeOrder(placed('parts', 2));
    const { lines } = await host.order(externalId);
    const send = (number: string, quantities: number[]) =>
      host.call('shipments.confirm', {
        confirmation: {
          reference: number,
          orderExternalId: externalId,
          completes: false,
          tracking: { carrier: 'UPS', number, url: '' },
          lines: quantities.flatMap((quantity, n) =>
            quantity > 0 ? [{ lineExternalId: lines[n]?.externalId ?? '', quantity }] : [],
          ),
        },
      });
    const first = await send('A', [2, 1]);
    expect((await host.order(externalId)).rawStatus).toBe('PAID/PARTIALLY_FULFILLED');
    expect(await codeOf(send('B', [2, 2]))).toBe('rejected');
    await send('B', [1, 2]);
    expect(await send('A', [2, 1])).toEqual(first);
    expect(shop.effects('confirmations').map((c) => c.reference)).toEqual(['A', 'B']);
    expect((await host.order(externalId)).rawStatus).toBe('PAID/FULFILLED');
  });

  describe('another tracking of a package', () => {
    const told = async (name: string) => {
      const { externalId: orderExternalId } = world().placeOrder(placed(name, 1));
      const [line] = (await host.order(orderExternalId)).lines;
      const lines = [{ lineExternalId: line?.externalId ?? '', quantity: line?.quantity ?? 0 }];
      const tracking = { carrier: 'UPS', number: 'OLD111', url: '' };
      const confirmation = { reference: name, orderExternalId, completes: true, lines, tracking };
      const { externalId } = await host.call('shipments.confirm', { confirmation });
      return { confirmation, update: { externalId, orderExternalId, reference: name, tracking } };
    };
    const numbers = () =>
      world()
        .told()
        .map(({ tracking }) => tracking);
    const asked = () => shop.requests().length;
    const another = { carrier: 'USPS', number: 'NEW222', url: 'https://track.example/NEW222' };

    it('is shown in place of the one before, and what is shown already is not told again', async () => {
      const { update } = await told('moved');
      await host.call('shipments.update', { ...update, tracking: another });
      expect(numbers()).toEqual(['NEW222']);
      const before = asked();
      await host.call('shipments.update', { ...update, tracking: another });
      expect([numbers(), asked() - before]).toEqual([['NEW222'], 1]);
    });

    it.each(['reset_after_commit', '500_after_commit'] as const)(
      'is told once when its answer is lost by %s',
      async (fault) => {
        const { update } = await told('lost');
        shop.faults.next(fault, { method: 'POST', body: /fulfillmentTrackingInfoUpdate/ });
        await expect(host.call('shipments.update', { ...update, tracking: another })).rejects.toThrow();
        const before = asked();
        await host.call('shipments.update', { ...update, tracking: another });
        expect([numbers(), asked() - before]).toEqual([['NEW222'], 1]);
      },
    );

    it('is shown, and no second package is made, when the package is confirmed under its new number', async () => {
      const { confirmation, update } = await told('twice');
      const again = { ...confirmation, tracking: another, earlier: ['OLD111'] };
      expect(await host.call('shipments.confirm', { confirmation: again })).toEqual({ externalId: update.externalId });
      expect(numbers()).toEqual(['NEW222']);
    });

    it('of a package that is gone is refused', async () => {
      const { update } = await told('gone');
      const gone = { ...update, externalId: 'gid://shopify/Fulfillment/1', tracking: another };
      expect(await codeOf(host.call('shipments.update', gone))).toBe('not_found');
    });
  });

  it('sees a refund of the back office for any amount, once, and what it took off the order', async () => {
    const { externalId } = world().placeOrder(placed('back', 2));
    const refund = {
      orderReference: 'back',
      reference: 'r-1',
      lineKey: 'k1',
      quantity: 2,
      totalMinor: 99,
      atMs: clock.now(),
    };
    expect(world().refund(refund)).toEqual(world().refund(refund));
    const order = await host.order(externalId);
    expect(order.refunds).toHaveLength(1);
    const [line] = order.refunds[0]?.lines ?? [];
    expect(line).toEqual({ lineExternalId: order.lines[1]?.externalId, quantity: 2, totalMinor: 99, restock: false });
    expect(order.lines[1]?.quantity).toBe(3);
    expect(order.payment.state).toBe('partly_refunded');
    const confirmation = {
      reference: 's',
      orderExternalId: externalId,
      completes: false,
      lines: [{ lineExternalId: order.lines[1]?.externalId ?? '', quantity: 3 }],
      tracking: { carrier: 'UPS', number: 'Z', url: '' },
    };
    expect(await codeOf(host.call('shipments.confirm', { confirmation }))).toBe('rejected');
  });

  it('puts what it gives money back for into stock again where that is asked', async () => {
    world().addListing({ sku: 'SKU-0', title: 'Item 0', price: '0.34', quantity: 10 });
    const { externalId } = world().placeOrder(placed('restock', 1));
    const quantity = async () =>
      (await host.call('listings.read', { cursor: null })).items.find((l) => l.sku === 'SKU-0')?.quantity;
    expect(await quantity()).toBe(7);
    const line = (await host.order(externalId)).lines[0]?.externalId ?? '';
    await host.call('refunds.create', {
      orderExternalId: externalId,
      reference: 'r',
      currency: 'GBP',
      note: '',
      lines: [{ lineExternalId: line, quantity: 2, totalMinor: 60, restock: true }],
    });
    expect(await quantity()).toBe(9);
  });

  it('sets 600 levels in calls of 250, where one stale and one unknown fail alone', async () => {
    for (let n = 0; n < 600; n += 1) world().addListing({ sku: `L-${n}`, title: 'x', price: '1.0', quantity: 5 });
    const listings = [];
    for (let cursor: string | null = null; ; ) {
      const page: Awaited<ReturnType<typeof host.call<'listings.read'>>> = await host.call('listings.read', { cursor });
      listings.push(...page.items);
      if (page.next === null) break;
      cursor = page.next;
    }
    const levels = listings
      .filter((l) => l.sku.startsWith('L-'))
      .map((l, n) => ({
        externalVariantId: l.externalVariantId,
        externalProductId: l.externalProductId,
        externalInventoryId: n === 300 ? 'gid://shopify/InventoryItem/1' : l.externalInventoryId,
        sku: l.sku,
        quantity: 9,
        from: n === 10 ? 4 : 5,
      }));
    const report = await host.call('inventory.push', { levels, idempotencyKey: 'k' });
    expect(report.processed).toHaveLength(598);
    expect(report.failed.map((f) => [f.code, f.shown])).toEqual([
      ['conflict', 5],
      ['not_found', undefined],
    ]);
    // The same again is the first answer again, although every compare-and-set would now fail.
    expect(await host.call('inventory.push', { levels, idempotencyKey: 'k' })).toEqual(report);
    const other = levels.slice(0, 5).map((level) => ({ ...level, quantity: 1 }));
    expect((await host.call('inventory.push', { levels: other, idempotencyKey: 'k2' })).failed).toHaveLength(5);
  });

  it('refuses the same key for other levels', async () => {
    const [l] = (await host.call('listings.read', { cursor: null })).items;
    const push = (quantity: number) =>
      host.call('inventory.push', {
        levels: [{ ...(l ?? expect.fail('no listing')), quantity, from: null }],
        idempotencyKey: 'same',
      });
    expect(await codeOf(push(5))).toBe('done');
    expect(await codeOf(push(5))).toBe('done');
    expect(await codeOf(push(6))).toBe('conflict');
  });

  it('is told THROTTLED when others have used the budget, waits as long as Shopify says, and goes on', async () => {
    const { externalId } = world().placeOrder(placed('limited', 1));
    // The small ones take what the large ones leave.
    const burnt = await Promise.all([
      ...Array.from({ length: 6 }, () => graphql(queries.ORDERS.text, { changed: "updated_at:>='2999-01-01'" })),
      ...Array.from({ length: 20 }, () => graphql(queries.ORDER_BY_ID.text, { id: externalId })),
    ]);
    expect(JSON.stringify(burnt)).toContain('"THROTTLED"');
    const failure = await host
      .call('orders.pull', { since: '2999-01-01T00:00:00Z', cursor: null })
      .catch((e: unknown) => e);
    if (!isFailure(failure, 'rate_limited')) throw failure;
    expect(failure.retryAfterMs).toBeGreaterThan(0);
    expect(failure.retryAfterMs).toBeLessThan((queries.ORDERS.cost * 1_000) / 100);
    expect((await host.order(externalId)).number).toBe('limited');
  });

  it('never meets THROTTLED by its own calls', async () => {
    world().placeOrder(placed('many', 1));
    const pulls = Array.from({ length: 30 }, () =>
      host.call('orders.pull', { since: '2000-01-01T00:00:00Z', cursor: null }),
    );
    for (const page of await Promise.all(pulls)) expect(page.items).toHaveLength(1);
  });

  it('refuses a query that Shopify would refuse', async () => {
    expect(JSON.stringify(await graphql('{ shop { colour } }', {}))).toContain('Cannot query field');
    expect(JSON.stringify(await graphql('{ orders(first: 251) { nodes { id } } }', {}))).toContain('250');
    const text = queries.REFUND.text.replace('@idempotent(key: $key)', '').replace(', $key: String!', '');
    expect(JSON.stringify(await graphql(text, { input: { orderId: 'x' } }))).toContain(
      '@idempotent directive is required',
    );
  });

  it('delivers webhooks that verify, each with an id of its own', async () => {
    const seen: { headers: Record<string, string>; rawBody: Buffer }[] = [];
    const inbox = createServer((message, response) => {
      const chunks: Buffer[] = [];
      message.on('data', (chunk: Buffer) => chunks.push(chunk));
      message.on('end', () => {
        const headers = Object.fromEntries(Object.entries(message.headers).map(([k, v]) => [k, String(v)]));
        seen.push({ headers, rawBody: Buffer.concat(chunks) });
        // The first is refused, so that it comes again.
        response.writeHead(seen.length === 1 ? 500 : 200).end();
      });
    });
    await new Promise<void>((resolve) => inbox.listen(0, '127.0.0.1', resolve));
    const address: AddressInfo | string | null = inbox.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await host.call('webhooks.register', { url: `http://127.0.0.1:${port}/hook`, secret: '' });
    const { externalId } = world().placeOrder(placed('hook', 1));
    world().refund({
      orderReference: 'hook',
      reference: 'r',
      lineKey: 'k0',
      quantity: 1,
      totalMinor: 1,
      atMs: clock.now(),
    });
    await expect.poll(() => world().webhooks(), { timeout: 60_000 }).toEqual({ waiting: 0, ok: 2, dropped: 0 });
    const hooks = manifest.webhooks ?? expect.fail('no webhooks');
    for (const { headers, rawBody } of seen) {
      hooks.verify({ headers, rawBody, secret: String(shop.credentials['apiSecret']), nowMs: clock.now() });
      const meaning = hooks.read({ headers, body: JSON.parse(rawBody.toString('utf8')) });
      expect(meaning).toEqual({ kind: 'order', externalId });
    }
    expect(new Set(seen.map((one) => hooks.deliveryId(one))).size).toBe(2);
    const part = 'gid://shopify/FulfillmentOrder/1';
    const onHold = (id: unknown) =>
      hooks.read({
        headers: { 'x-shopify-topic': 'fulfillment_orders/placed_on_hold' },
        body: { fulfillment_order: { id } },
      });
    expect([onHold(part), onHold(1)]).toEqual([1, 2].map(() => ({ kind: 'order', externalId: part })));
    expect(() => onHold('gid://shopify/Order/1')).toThrow(/names no order/);
    expect(() => hooks.read({ headers: { 'x-shopify-topic': 'app/uninstalled' }, body: {} })).toThrow(/no topic/);
    expect(() => hooks.read({ headers: { 'x-shopify-topic': 'orders/create' }, body: {} })).toThrow(/names no order/);
    await new Promise((resolve) => inbox.close(resolve));
  });

  it.each(Object.entries(queries).filter(([, query]) => 'cost' in query))('knows what %s costs', (_, query) => {
    const made = compiled(query.text);
    if ('errors' in made) throw new Error(JSON.stringify(made.errors));
    expect(query.cost).toBe(costOf(made, {}));
  });
});

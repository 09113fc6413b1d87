import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type CancelReason, IncomingOrder, type Output } from '#kit';
import {
  type Host,
  hostConnector,
  manualClock,
  openSandboxDb,
  type PlacedOrder,
  type RunningSandbox,
  type StorefrontWorld,
  withRawServer,
} from '#kit/testing';
import { shopify } from './index.ts';
import { toOrder, toStaffNote } from './mapper.ts';
import { shopifySandbox } from './sandbox.ts';
import { Order } from './wire.ts';

const money = (amount: string) => ({ presentmentMoney: { amount } });
const all = <T>(nodes: T[]) => ({ nodes, pageInfo: { hasNextPage: false, endCursor: null } });
const line = (id: string, changes: Record<string, unknown> = {}) => ({
  id,
  name: 'Lantern',
  sku: 'A-1',
  quantity: 2,
  currentQuantity: 2,
  unfulfilledQuantity: 2,
  requiresShipping: true,
  isGiftCard: false,
  variant: { id: 'gid://shopify/ProductVariant/1' },
  originalUnitPriceSet: money('100.0'),
  discountedTotalSet: money('200.0'),
  ...changes,
});
const address = {
  name: 'Ana Example',
  company: null,
  address1: 'Street 1',
  address2: null,
  city: 'Town',
  province: null,
  zip: '10115',
  countryCodeV2: 'DE',
  phone: null,
};
/** An order as Shopify answers. */
const sent = (changes: Record<string, unknown> = {}) => ({
  id: 'gid://shopify/Order/1',
  name: '#1001',
  createdAt: '2026-11-01T10:00:00Z',
  updatedAt: '2026-11-01T10:00:00Z',
  cancelledAt: null,
  presentmentCurrencyCode: 'CAD',
  displayFinancialStatus: 'PAID',
  displayFulfillmentStatus: 'UNFULFILLED',
  test: false,
  paymentGatewayNames: ['shopify_payments'],
  risk: { recommendation: 'NONE' },
  email: 'ana@example.com',
  note: null,
  taxesIncluded: false,
  totalPriceSet: money('226.0'),
  currentTotalPriceSet: money('226.0'),
  totalReceivedSet: money('226.0'),
  customer: null,
  shippingAddress: address,
  billingAddress: address,
  taxLines: [{ title: 'Line tax', priceSet: money('26.0') }],
  currentTaxLines: [{ title: 'Line tax', priceSet: money('26.0') }],
  transactions: [],
  additionalFees: [],
  shippingLines: all([]),
  lineItems: all([line('a')]),
  refunds: [],
  ...changes,
});
const read = (changes: Record<string, unknown> = {}): IncomingOrder =>
  IncomingOrder.parse(toOrder(Order.parse(sent(changes))));
const refund = (
  id: string,
  total: string,
  items: { id: string; quantity: number; subtotal: string; tax?: string; restockType?: string }[],
) => ({
  id,
  createdAt: '2026-11-02T10:00:00Z',
  processedAt: '2026-11-02T10:00:00Z',
  note: null,
  totalRefundedSet: money(total),
  refundLineItems: all(
    items.map(({ id, quantity, subtotal, tax = '0.0', restockType = 'NO_RESTOCK' }) => ({
      lineItem: { id },
      quantity,
      restockType,
      subtotalSet: money(subtotal),
      totalTaxSet: money(tax),
    })),
  ),
});
const sumOf = (order: IncomingOrder) =>
  [...order.lines, ...order.charges].reduce((total, part) => total + part.totalMinor, 0);

describe('shopify: what an order says of its money and its risk', () => {
  it.each([
    ['PENDING', 'pending'],
    ['AUTHORIZED', 'authorised'],
    ['PARTIALLY_PAID', 'partly_paid'],
    ['PAID', 'paid'],
    ['PARTIALLY_REFUNDED', 'partly_refunded'],
    ['REFUNDED', 'refunded'],
    ['VOIDED', 'voided'],
    ['EXPIRED', 'expired'],
    ['A_STATUS_OF_TOMORROW', 'unknown'],
    [null, 'unknown'],
  ])('%s is %s', (displayFinancialStatus, state) => {
    expect(read({ displayFinancialStatus }).payment.state).toBe(state);
  });

  it('says how much came in, how, and when the last of it did', () => {
    const transaction = (kind: string, status: string, processedAt: string | null) => ({ kind, status, processedAt });
    const transactions = [
      transaction('AUTHORIZATION', 'SUCCESS', '2026-11-01T10:00:00Z'),
      transaction('CAPTURE', 'SUCCESS', '2026-11-03T10:00:00Z'),
      transaction('SALE', 'SUCCESS', '2026-11-02T10:00:00Z'),
      transaction('CAPTURE', 'FAILURE', '2026-11-04T10:00:00Z'),
      transaction('REFUND', 'SUCCESS', '2026-11-05T10:00:00Z'),
    ];
    const { payment } = read({ transactions, paymentGatewayNames: ['gift_card', 'Cash on Delivery (COD)'] });
    expect(payment).toMatchObject({ paidMinor: 22600, paidAt: '2026-11-03T10:00:00Z' });
    expect(payment.method).toBe('gift_card, Cash on Delivery (COD)');
    expect(read({ totalReceivedSet: money('0.0'), paymentGatewayNames: [] }).payment).toMatchObject({
      method: '',
      paidMinor: 0,
      paidAt: null,
    });
  });

  it.each([
    ['NONE', 'none'],
    ['ACCEPT', 'low'],
    ['INVESTIGATE', 'investigate'],
    ['CANCEL', 'cancel'],
    ['A_WORD_OF_TOMORROW', 'investigate'],
  ])('the advice %s is %s', (recommendation, risk) => expect(read({ risk: { recommendation } }).risk).toBe(risk));

  it('knows a test order, and both addresses', () => {
    const order = read({ test: true, billingAddress: { ...address, address1: 'Quay 2' } });
    expect(order).toMatchObject({ test: true, shipTo: { line1: 'Street 1' }, billTo: { line1: 'Quay 2' } });
    expect(read({ shippingAddress: null, billingAddress: null })).toMatchObject({ shipTo: null, billTo: null });
    expect(read({ shippingAddress: { ...address, countryCodeV2: 'Germany' } }).shipTo).toMatchObject({ country: 'ZZ' });
    expect(read({ shippingAddress: { ...address, address1: null } }).shipTo).toMatchObject({ line1: '', city: 'Town' });
  });
});

describe('shopify: units and totals after edits, refunds and shipments', () => {
  const units = (order: IncomingOrder) =>
    order.lines.map((l) => [l.quantity, l.currentQuantity, l.fulfilledQuantity, l.totalMinor]);

  it('an edit from two units to one leaves one, at half the price and half the tax', () => {
    const order = read({
      currentTotalPriceSet: money('113.0'),
      currentTaxLines: [{ title: 'Line tax', priceSet: money('13.0') }],
      lineItems: all([line('a', { currentQuantity: 1, unfulfilledQuantity: 1 })]),
    });
    expect(order.totalMinor).toBe(11300);
    expect(units(order)).toEqual([[2, 1, 0, 10000]]);
    expect(order.charges).toMatchObject([{ kind: 'tax', title: 'Line tax', totalMinor: 1300 }]);
  });

  it('a line that an edit took off is there with no unit', () => {
    const order = read({
      currentTotalPriceSet: money('226.0'),
      totalPriceSet: money('255.0'),
      lineItems: all([
        line('a'),
        line('b', { quantity: 1, currentQuantity: 0, unfulfilledQuantity: 0, discountedTotalSet: money('29.0') }),
      ]),
    });
    expect(units(order)).toEqual([
      [2, 2, 0, 20000],
      [1, 0, 0, 0],
    ]);
    expect(sumOf(order)).toBe(22600);
  });

  it.each([
    ['nothing left', 2, 2, [], [2, 2, 0]],
    ['one left', 2, 1, [], [2, 2, 1]],
    ['all left', 2, 0, [], [2, 2, 2]],
    ['one refunded before it left', 1, 1, ['CANCEL'], [2, 2, 0]],
    ['one refunded before, the other left', 1, 0, ['CANCEL'], [2, 2, 1]],
    ['both left, one came back', 1, 0, ['RETURN'], [2, 2, 2]],
    ['both refunded before they left', 0, 0, ['CANCEL', 'CANCEL'], [2, 2, 0]],
    ['both left and came back', 0, 0, ['RETURN', 'RETURN'], [2, 2, 2]],
    ['one removed by an edit, the other left', 1, 0, [], [2, 1, 1], 1],
    ['one removed by an edit, the other refunded before', 0, 0, ['CANCEL'], [2, 1, 0], 1],
  ])('%s', (_, currentQuantity, unfulfilledQuantity, refunded, meant, removed = 0) => {
    const order = read({
      lineItems: all([line('a', { currentQuantity, unfulfilledQuantity })]),
      refunds: refunded.map((restockType, n) =>
        refund(`r${n}`, '113.0', [{ id: 'a', quantity: 1, subtotal: '100.0', tax: '13.0', restockType }]),
      ),
      currentTotalPriceSet: money(String(226 - 113 * (removed + refunded.length))),
      currentTaxLines: [{ title: 'Line tax', priceSet: money(String(26 - 13 * (removed + refunded.length))) }],
    });
    expect(units(order)[0]?.slice(0, 3)).toEqual(meant);
    // What is left to send is what Shopify still holds as unfulfilled.
    const [sum] = order.lines;
    expect((sum?.currentQuantity ?? 0) - refunded.length - (sum?.fulfilledQuantity ?? 0)).toBe(
      refunded.includes('RETURN') ? unfulfilledQuantity - refunded.length : unfulfilledQuantity,
    );
    // Refunds do not lower the total, edits do.
    expect(order.totalMinor).toBe(22600 - 11300 * removed);
    expect(sumOf(order)).toBe(order.totalMinor);
  });

  it('a refund without lines takes no unit and nothing off the total', () => {
    const order = read({ displayFinancialStatus: 'PARTIALLY_REFUNDED', refunds: [refund('r', '15.0', [])] });
    expect(units(order)).toEqual([[2, 2, 0, 20000]]);
    expect(order).toMatchObject({ totalMinor: 22600, refunds: [{ totalMinor: 1500, lines: [] }] });
  });

  it('a gift card and what is downloaded make no parcel; a tip is a charge', () => {
    const order = read({
      totalPriceSet: money('286.0'),
      currentTotalPriceSet: money('286.0'),
      lineItems: all([
        line('a'),
        line('card', { isGiftCard: true, quantity: 1, discountedTotalSet: money('50.0') }),
        line('card-by-hand', {
          isGiftCard: true,
          requiresShipping: false,
          variant: null,
          quantity: 1,
          discountedTotalSet: money('0.0'),
        }),
        line('song', { requiresShipping: false, quantity: 1, discountedTotalSet: money('3.0') }),
        line('tip', {
          requiresShipping: false,
          variant: null,
          name: 'Tip',
          quantity: 1,
          currentQuantity: 1,
          discountedTotalSet: money('7.0'),
        }),
      ]),
    });
    expect(order.lines.map((l) => [l.externalId, l.requiresShipping])).toEqual([
      ['a', true],
      ['card', false],
      ['card-by-hand', false],
      ['song', false],
    ]);
    expect(order.charges.find((charge) => charge.externalId === 'tip')).toMatchObject({ kind: 'custom', title: 'Tip' });
    expect(sumOf(order)).toBe(28600);
  });

  it.each([
    [
      'a free order',
      {
        totalPriceSet: money('0.0'),
        currentTotalPriceSet: money('0.0'),
        totalReceivedSet: money('0.0'),
        taxLines: [],
        currentTaxLines: [],
        lineItems: all([line('a', { discountedTotalSet: money('0.0') })]),
      },
      0,
    ],
    [
      'an order in yen',
      {
        presentmentCurrencyCode: 'JPY',
        totalPriceSet: money('1000.0'),
        currentTotalPriceSet: money('1000.0'),
        taxLines: [],
        currentTaxLines: [],
        lineItems: all([line('a', { discountedTotalSet: money('1000.0') })]),
      },
      1000,
    ],
  ])('%s has its total', (_, changes, totalMinor) => expect(read(changes).totalMinor).toBe(totalMinor));
});

describe('shopify: what an order says beside goods and money', () => {
  const field = (key: string, value: string, title = key) => ({ key, countryCode: key.slice(-2), title, value });
  const said = {
    tags: ['gift', 'vip'],
    poNumber: 'PO-7',
    customAttributes: [
      { key: 'Gift message', value: 'Happy birthday' },
      { key: 'Wrapped', value: null },
    ],
    localizedFields: all([]),
    purchasingEntity: null,
    shippingLines: all([
      { id: 's', code: 'EXP', title: 'Express', discountedPriceSet: money('0.0') },
      { id: 't', code: null, title: 'Cold chain', discountedPriceSet: money('0.0') },
    ]),
  };
  const both = (amount: string, shop: string, currencyCode = 'EUR') => ({
    ...money(amount),
    shopMoney: { amount: shop, currencyCode },
  });

  it('keeps tags, PO number, attributes and what the buyer chose to be sent by', () => {
    expect(read(said).facts).toEqual({
      taxIds: [],
      poNumber: 'PO-7',
      tags: ['gift', 'vip'],
      shippingMethod: 'Express, Cold chain',
      attributes: [
        { name: 'Gift message', value: 'Happy birthday' },
        { name: 'Wrapped', value: '' },
      ],
      shopMoney: null,
    });
  });

  it.each([
    ['null where the description says never', { tags: null, customAttributes: null, localizedFields: null }],
    ['the least', { tags: [], customAttributes: [], poNumber: null, localizedFields: all([]), purchasingEntity: {} }],
  ])('reads %s as nothing said', (_, changes) => {
    expect(read(changes).facts).toEqual({
      taxIds: [],
      poNumber: '',
      tags: [],
      shippingMethod: '',
      attributes: [],
      shopMoney: null,
    });
  });

  it('knows each number of the buyer once, and keeps what belongs to one as said', () => {
    const { facts } = read({
      ...said,
      customAttributes: [],
      localizedFields: all([
        field('TAX_CREDENTIAL_BR', '52998224725'),
        field('SHIPPING_CREDENTIAL_BR', ' 52998224725 '),
        field('SHIPPING_CREDENTIAL_KR', 'P123456789012'),
        field('TAX_CREDENTIAL_CO', ' '),
        field('TAX_CREDENTIAL_TYPE_CO', 'NIT', 'Tax ID type'),
        field('TAX_EMAIL_IT', 'pec@example.it', ''),
      ]),
      purchasingEntity: { location: { taxSettings: { taxRegistrationId: 'DE123456789' } } },
    });
    expect(facts?.taxIds).toEqual([
      { kind: 'other', number: '52998224725', country: 'BR' },
      { kind: 'other', number: 'P123456789012', country: 'KR' },
      { kind: 'other', number: 'DE123456789', country: '' },
    ]);
    expect(facts?.attributes).toEqual([
      { name: 'Tax ID type', value: 'NIT' },
      { name: 'TAX_EMAIL_IT', value: 'pec@example.it' },
    ]);
  });

  it('has the total in the shop’s own currency where that is another than the buyer’s', () => {
    const totals = { currentTotalPriceSet: both('226.0', '150.5'), totalPriceSet: both('226.0', '150.5') };
    expect(read({ ...said, ...totals }).facts?.shopMoney).toEqual({ currency: 'EUR', totalMinor: 15050 });
    expect(read({ ...said, currentTotalPriceSet: both('226.0', '24000.0', 'JPY') }).facts?.shopMoney).toEqual({
      currency: 'JPY',
      totalMinor: 24000,
    });
    expect(read({ ...said, currentTotalPriceSet: both('226.0', '226.0', 'CAD') }).facts?.shopMoney).toBeNull();
    // Refunded: Shopify’s current total knows of refunds, ours does not.
    const refunds = [refund('r', '113.0', [{ id: 'a', quantity: 1, subtotal: '100.0', tax: '13.0' }])];
    const after = { ...totals, currentTotalPriceSet: both('113.0', '75.25'), refunds };
    const one = all([line('a', { currentQuantity: 1, unfulfilledQuantity: 1 })]);
    expect(read({ ...said, ...after, lineItems: one })).toMatchObject({
      totalMinor: 22600,
      facts: { shopMoney: { totalMinor: 15050 } },
    });
    // Edited, too: the total that we count is stated nowhere.
    const none = all([line('a', { currentQuantity: 0, unfulfilledQuantity: 0 })]);
    expect(read({ ...said, ...after, currentTaxLines: [], lineItems: none })).toMatchObject({
      totalMinor: 11300,
      facts: { shopMoney: { totalMinor: 7525 } },
    });
  });

  it('says of a line what was taken off it, its tax and how the buyer wants it, for the units that are still on it', () => {
    const facts = {
      taxLines: [
        { title: 'State', priceSet: money('20.0') },
        { title: 'City', priceSet: money('6.0') },
      ],
      discountAllocations: [{ allocatedAmountSet: money('10.0') }, { allocatedAmountSet: money('5.0') }],
      customAttributes: [{ key: 'Engraving', value: 'For Ana' }],
    };
    const [whole, half] = [2, 1].map((units) =>
      read({ ...said, lineItems: all([line('a', { ...facts, currentQuantity: units, unfulfilledQuantity: units })]) }),
    );
    const attributes = [{ name: 'Engraving', value: 'For Ana' }];
    expect(whole?.lines[0]?.facts).toEqual({ discountMinor: 1500, taxMinor: 2600, attributes });
    expect(half?.lines[0]?.facts).toEqual({ discountMinor: 750, taxMinor: 1300, attributes });
    const bare = { taxLines: null, discountAllocations: null, customAttributes: null };
    expect(read({ ...said, lineItems: all([line('a', bare)]) }).lines[0]?.facts).toEqual({
      discountMinor: 0,
      taxMinor: 0,
      attributes: [],
    });
  });

  it('says nothing of what a body that version 0.2 kept does not have', () => {
    const order = read();
    const later = ['facts', 'fulfilments', 'shopHolds'].filter((field) => field in order);
    expect([later, order.lines.some((l) => 'facts' in l)]).toEqual([[], false]);
  });

  it('shows every package with its numbers, whoever sent it and whatever became of it', () => {
    const tracking = (number: string | null, company: string | null = null, url: string | null = null) => ({
      number,
      company,
      url,
    });
    const fulfillments = [
      {
        id: 'gid://shopify/Fulfillment/1',
        status: 'SUCCESS',
        trackingInfo: [tracking('1Z', 'UPS', 'https://ups.example/1Z'), tracking('2Z')],
        fulfillmentLineItems: all([
          { quantity: 2, lineItem: { id: 'a' } },
          { quantity: 0, lineItem: { id: 'b' } },
          { quantity: null, lineItem: { id: 'c' } },
        ]),
      },
      {
        id: 'gid://shopify/Fulfillment/2',
        status: 'CANCELLED',
        trackingInfo: [],
        fulfillmentLineItems: all([{ quantity: 1, lineItem: { id: 'a' } }]),
      },
    ];
    expect(read({ ...said, fulfillments }).fulfilments).toEqual([
      {
        externalId: 'gid://shopify/Fulfillment/1',
        rawStatus: 'SUCCESS',
        tracking: [
          { carrier: 'UPS', number: '1Z', url: 'https://ups.example/1Z' },
          { carrier: '', number: '2Z', url: '' },
        ],
        lines: [{ lineExternalId: 'a', quantity: 2 }],
      },
      {
        externalId: 'gid://shopify/Fulfillment/2',
        rawStatus: 'CANCELLED',
        tracking: [],
        lines: [{ lineExternalId: 'a', quantity: 1 }],
      },
    ]);
  });

  it.each([
    ['OPEN', [], []],
    ['IN_PROGRESS', [], []],
    ['CLOSED', [], []],
    ['A_STATUS_OF_TOMORROW', [], []],
    ['ON_HOLD', [], [['fo', 'ON_HOLD', '', null]]],
    [
      'ON_HOLD',
      [
        { id: 'h1', reason: 'INCORRECT_ADDRESS', reasonNotes: 'no such street' },
        { id: 'h2', reason: 'OTHER', reasonNotes: null },
      ],
      [
        ['h1', 'INCORRECT_ADDRESS', 'no such street', null],
        ['h2', 'OTHER', '', null],
      ],
    ],
    ['SCHEDULED', [], [['fo', 'SCHEDULED', '', '2026-12-24T00:00:00Z']]],
  ])('of a part that is %s with %j the shop holds %j', (status, fulfillmentHolds, meant) => {
    const fulfillmentOrders = all([
      { id: 'open', status: 'OPEN', fulfillAt: '2026-11-01T10:00:00Z', fulfillmentHolds: [] },
      { id: 'fo', status, fulfillAt: '2026-12-24T00:00:00Z', fulfillmentHolds },
    ]);
    const { shopHolds } = read({ ...said, fulfillments: [], fulfillmentOrders });
    expect(shopHolds?.map((hold) => [hold.externalId, hold.reason, hold.note, hold.untilAt])).toEqual(meant);
  });

  it('waits with a part that is scheduled for no time until somebody says one', () => {
    const scheduled = { id: 'fo', status: 'SCHEDULED', fulfillAt: null, fulfillmentHolds: [] };
    const order = read({ ...said, fulfillments: [], fulfillmentOrders: all([scheduled]) });
    expect(order.shopHolds).toMatchObject([{ reason: 'SCHEDULED', untilAt: null }]);
  });
});

describe('shopify: a cancellation’s note', () => {
  it('carries our reference, also where the words are too many', () => {
    expect(toStaffNote('sold out', 'c-1')).toBe('[c-1] sold out');
    const long = toStaffNote('x'.repeat(1_000), 'c-1');
    expect([long.length, long.startsWith('[c-1] x')]).toEqual([255, true]);
  });
});

const callAt = <T>(endpoint: string, work: (host: Host) => Promise<T>): Promise<T> => {
  const credentials = { shop: 'acme.myshopify.com', accessToken: 'shpat_123456', apiSecret: 'shpss_123456' };
  const settings = { locationId: 'gid://shopify/Location/1', endpoint };
  return work(hostConnector(shopify, { credentials, settings }, manualClock()));
};
/** A shop that answers whatever it is asked with this data. */
const withRaw = <T>(data: unknown, work: (host: Host) => Promise<T>): Promise<T> =>
  withRawServer(
    () => ({ data }),
    (endpoint) => callAt(endpoint, work),
  );

describe('shopify: an order that cannot be read stops no other', () => {
  const pull = (nodes: unknown[]): Promise<Output<'orders.pull'>> =>
    withRaw({ orders: all(nodes) }, (host) =>
      host.call('orders.pull', { since: '2026-11-01T00:00:00Z', cursor: null }),
    );

  it.each([
    [
      'a line without a quantity',
      { lineItems: all([line('a', { quantity: null })]) },
      'lineItems.nodes.0.quantity',
      'null',
    ],
    ['a total that is no number', { currentTotalPriceSet: money('free') }, '', 'nothing'],
    ['a currency that is none', { presentmentCurrencyCode: 'euro' }, 'currency', '"euro"'],
    ['an address that is text', { shippingAddress: 'Street 1, Town' }, 'shippingAddress', '[personal]'],
  ])('%s', async (_, third, field, raw) => {
    const nodes = [1, 2, 3, 4, 5].map((n) => sent({ id: `gid://shopify/Order/${n}`, ...(n === 3 ? third : {}) }));
    const page = await pull(nodes);
    expect(page.items.map(({ order }) => order.externalId.at(-1))).toEqual(['1', '2', '4', '5']);
    expect(page.rejected).toMatchObject([{ id: 'gid://shopify/Order/3', field, raw }]);
    expect(page.next).toBeNull();
  });
});

describe('shopify: the lists of an order that go on behind their first page', () => {
  const part = (id: string, status: string) => ({ id, status, fulfillAt: null, fulfillmentHolds: [] });
  const upTo = <T>(nodes: T[]) => ({ nodes, pageInfo: { hasNextPage: true, endCursor: 'c' } });
  const packed = (id: string) => ({ quantity: 1, lineItem: { id } });

  it('are read to their end: a hold of the last part holds, and a package is whole', async () => {
    const order = sent({
      tags: [],
      fulfillments: [{ id: 'f', status: 'SUCCESS', trackingInfo: [], fulfillmentLineItems: upTo([packed('a')]) }],
      fulfillmentOrders: upTo([part('first', 'OPEN')]),
    });
    const answers = [
      { order },
      { fulfillment: { fulfillmentLineItems: all([packed('b')]) } },
      { order: { fulfillmentOrders: all([part('last', 'ON_HOLD')]) } },
    ];
    const read = await withRawServer(
      () => ({ data: answers.shift() }),
      (endpoint) => callAt(endpoint, (host) => host.call('orders.get', { externalId: 'gid://shopify/Order/1' })),
    );
    expect(read.order.shopHolds).toMatchObject([{ externalId: 'last', reason: 'ON_HOLD' }]);
    expect(read.order.fulfilments?.[0]?.lines.map((l) => l.lineExternalId)).toEqual(['a', 'b']);
    // What is kept of it is whole, too.
    const again = await withRaw({}, (host) => host.call('orders.read', { body: read.body }));
    expect(again).toEqual(read.order);
  });
});

describe('shopify: a variant that cannot be read stops no other', () => {
  const variant = (n: number, changes: Record<string, unknown> = {}) => ({
    id: `gid://shopify/ProductVariant/${n}`,
    sku: `S-${n}`,
    barcode: null,
    title: 'Default Title',
    price: '5.00',
    product: { id: 'gid://shopify/Product/1', title: 'Lamp', status: 'ACTIVE' },
    inventoryItem: { id: `gid://shopify/InventoryItem/${n}`, inventoryLevel: { quantities: [{ quantity: 4 }] } },
    ...changes,
  });
  const read = (second: Record<string, unknown>) =>
    withRaw(
      {
        shop: { currencyCode: 'EUR' },
        productVariants: {
          nodes: [variant(1), variant(2, second), variant(3)],
          pageInfo: { hasNextPage: true, endCursor: 'c' },
        },
      },
      (host) => host.call('listings.read', { cursor: null }),
    );
  const level = (quantity: unknown) => ({
    id: 'gid://shopify/InventoryItem/2',
    inventoryLevel: { quantities: [{ quantity }] },
  });
  const TWO = 'gid://shopify/ProductVariant/2';

  it.each([
    ['its price as a number', { price: 12.5 }, { price: '12.5' }],
    ['a number for a SKU', { sku: 4711 }, { sku: '4711' }],
    ['null for SKU and title', { sku: null, title: null }, { sku: '' }],
    ['a status of tomorrow', { product: { id: 'p', title: 'P', status: 'SLEEPING' } }, { status: 'unknown' }],
    [
      'facts of another shape',
      { barcode: {}, inventoryItem: { ...level(4), measurement: 'heavy', harmonizedSystemCode: 7 } },
      { quantity: 4, facts: { gtin: null, weightGrams: null, hsCode: null } },
    ],
    ['a stock policy that sells on', { inventoryPolicy: 'CONTINUE' }, { sellsWithoutStock: true }],
    ['one that does not', { inventoryPolicy: 'DENY' }, { sellsWithoutStock: false }],
    ['no stock at our location', { inventoryItem: { id: 'i', inventoryLevel: null } }, { quantity: null }],
  ])('reads all three where the second has %s', async (_, second, read2) => {
    const page = await read(second);
    expect(page.rejected).toEqual([]);
    expect(page.items.map((item) => item.externalVariantId.at(-1))).toEqual(['1', '2', '3']);
    expect(page.items[1]).toMatchObject(read2);
  });

  it.each([['A_POLICY_OF_TOMORROW'], [null], [7], [undefined]])(
    'says nothing of the stock policy %j',
    async (policy) => {
      const [, second] = (await read({ inventoryPolicy: policy })).items;
      expect([second?.sku, 'sellsWithoutStock' in (second ?? {})]).toEqual(['S-2', false]);
    },
  );

  it.each([
    ['no id', { id: null }, null, 'id', 'null'],
    ['an empty id', { id: '' }, null, 'id', '""'],
    ['a price in words', { price: 'free' }, TWO, 'price', '"free"'],
    ['no price', { price: null }, TWO, 'price', 'null'],
    ['a price below zero', { price: '-1' }, TWO, 'price', '"-1"'],
    ['a product without an id', { product: { title: 'P', status: 'ACTIVE' } }, TWO, 'product.id', 'nothing'],
    ['no product', { product: null }, TWO, 'product', 'null'],
    [
      'a quantity in words',
      { inventoryItem: level('many') },
      TWO,
      'inventoryItem.inventoryLevel.quantities.0.quantity',
      '"many"',
    ],
    ['no inventory item', { inventoryItem: null }, TWO, 'inventoryItem', 'null'],
  ])('reads the two others where the second has %s, and says what is wrong', async (_, second, id, field, raw) => {
    const page = await read(second);
    expect(page.items.map((item) => item.externalVariantId.at(-1))).toEqual(['1', '3']);
    expect(page.rejected).toEqual([{ id, field, raw, reason: expect.stringMatching(/./) }]);
    expect(page.next).toBe('c');
  });
});

describe('shopify: the locations of a shop', () => {
  const place = (n: number, changes = {}) => ({
    id: `gid://shopify/Location/${n}`,
    name: `Store ${n}`,
    isActive: true,
    ...changes,
  });

  it('are read one by one: what cannot be read stops no other', async () => {
    const nodes = [place(1), place(2, { isActive: 'yes' }), place(3, { name: null, isActive: false })];
    const data = { locations: { nodes, pageInfo: { hasNextPage: true, endCursor: 'c' } } };
    expect(await withRaw(data, (host) => host.call('locations.read', { cursor: null }))).toEqual({
      items: [
        { externalId: 'gid://shopify/Location/1', name: 'Store 1', active: true },
        { externalId: 'gid://shopify/Location/3', name: '', active: false },
      ],
      rejected: [{ id: 'gid://shopify/Location/2', field: 'isActive', raw: '"yes"', reason: expect.any(String) }],
      next: 'c',
    });
  });
});

describe('shopify: a shop in which people do things', () => {
  const clock = manualClock();
  let db: ReturnType<typeof openSandboxDb>;
  let shop: RunningSandbox & { storefront?: StorefrontWorld };
  let host: Host;
  let ticking: NodeJS.Immediate;
  let count = 0;
  const world = (): StorefrontWorld => shop.storefront ?? expect.fail('no world');

  const open = async () => {
    shop = await shopifySandbox.start({ clock, db });
    host = hostConnector(shopify, shop, clock);
  };
  beforeEach(async () => {
    db = openSandboxDb();
    await open();
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

  const place = (changes: Partial<PlacedOrder> = {}) => {
    count += 1;
    const orderReference = `#S-${count}`;
    const { externalId } = world().placeOrder({
      reference: orderReference,
      placedAtMs: Date.UTC(2026, 10, 1, 10),
      currency: 'GBP',
      buyer: { id: null, name: 'Ana Example', email: '' },
      shipTo: null,
      lines: ['a', 'b'].map((key) => ({
        key,
        sku: key,
        title: key,
        quantity: 3,
        unitPrice: '10.00',
        totalMinor: 3000,
      })),
      charges: [{ key: 's', kind: 'shipping', code: 'POST', title: 'Post', totalMinor: 500 }],
      note: '',
      ...changes,
    });
    return { orderReference, externalId };
  };
  const get = (externalId: string) => host.order(externalId);
  const stateOf = async (externalId: string) => {
    const { payment } = await get(externalId);
    return [payment.state, payment.paidMinor];
  };
  const left = (order: IncomingOrder) => {
    const refunded = new Map<string, number>();
    for (const part of order.refunds.flatMap((made) => made.lines))
      refunded.set(part.lineExternalId, (refunded.get(part.lineExternalId) ?? 0) + part.quantity);
    return order.lines.map((l) => l.currentQuantity - l.fulfilledQuantity - (refunded.get(l.externalId) ?? 0));
  };

  it.each([
    ['pending', ['pending', 0]],
    ['authorised', ['authorised', 0]],
    ['partly_paid', ['partly_paid', 3250]],
    ['paid', ['paid', 6500]],
    ['on_hold', ['paid', 6500]],
    ['failed', ['pending', 0]],
    ['voided', ['voided', 0]],
    ['expired', ['expired', 0]],
  ] as const)('an order placed %s is so read', async (state, meant) => {
    const { externalId } = place({ payment: { state, method: 'stripe' } });
    expect(await stateOf(externalId)).toEqual(meant);
    expect((await get(externalId)).payment.method).toBe('stripe');
  });

  it('takes an order that was never paid whole for partly paid, also when Shopify calls it partly refunded', async () => {
    const { externalId, orderReference } = place({ payment: { state: 'partly_paid' } });
    const refund = (totalMinor: number) =>
      world().refund({ orderReference, reference: `back-${totalMinor}`, totalMinor, atMs: Date.UTC(2026, 10, 2) });
    refund(100);
    expect((await get(externalId)).rawStatus).toContain('PARTIALLY_REFUNDED');
    expect(await stateOf(externalId)).toEqual(['partly_paid', 3250]);
    world().pay({ orderReference });
    expect(await stateOf(externalId)).toEqual(['partly_refunded', 6500]);
    refund(6400);
    expect(await stateOf(externalId)).toEqual(['refunded', 6500]);
  });

  it('follows an order from pending to paid in two parts, and one from authorised to captured', async () => {
    const one = place({ payment: { state: 'pending' } });
    world().fail({ orderReference: one.orderReference });
    expect(await stateOf(one.externalId)).toEqual(['pending', 0]);
    world().pay({ orderReference: one.orderReference, amountMinor: 1000 });
    expect(await stateOf(one.externalId)).toEqual(['partly_paid', 1000]);
    world().pay({ orderReference: one.orderReference });
    expect(await stateOf(one.externalId)).toEqual(['paid', 6500]);
    expect((await get(one.externalId)).payment.paidAt).not.toBeNull();
    expect(() => world().pay({ orderReference: one.orderReference })).toThrow('nothing to pay');
    const two = place({ payment: { state: 'authorised' } });
    world().capture({ orderReference: two.orderReference });
    expect(await stateOf(two.externalId)).toEqual(['paid', 6500]);
    expect(() => world().void({ orderReference: two.orderReference })).toThrow('no authorisation');
  });

  it.each([
    ['void', 'voided'],
    ['expire', 'expired'],
  ] as const)('an authorisation can %s', async (act, state) => {
    const { orderReference, externalId } = place({ payment: { state: 'authorised' } });
    world()[act]({ orderReference });
    expect((await stateOf(externalId))[0]).toBe(state);
  });

  it('moves the order’s change time and tells of it with each change', async () => {
    const { orderReference, externalId } = place({ payment: { state: 'pending' } });
    let before = Date.parse((await get(externalId)).updatedAt);
    const changes = [
      () => world().pay({ orderReference }),
      () => world().edit({ orderReference, lineKey: 'a', quantity: 1 }),
      () => world().changeAddress({ orderReference, shipTo: null }),
      () => world().assessRisk({ orderReference, risk: 'investigate' }),
      () => world().fulfil({ orderReference, lines: [{ lineKey: 'b', quantity: 1 }] }),
      () => void world().refund({ orderReference, reference: 'r', totalMinor: 100, atMs: clock.now() }),
    ];
    for (const change of changes) {
      clock.advance(2_000);
      change();
      const order = await get(externalId);
      expect(Date.parse(order.updatedAt)).toBeGreaterThan(before);
      before = Date.parse(order.updatedAt);
    }
    expect(await get(externalId)).toMatchObject({
      risk: 'investigate',
      rawStatus: 'PARTIALLY_REFUNDED/PARTIALLY_FULFILLED',
    });
  });

  it('says which listings sell on without stock, and where the shop has stock', async () => {
    world().addListing({ sku: 'on', title: 'On', price: '1.00', quantity: 0, sellsWithoutStock: true });
    world().addListing({ sku: 'off', title: 'Off', price: '1.00', quantity: 0 });
    const { items } = await host.call('listings.read', { cursor: null });
    const policy = (sku: string) => items.find((item) => item.sku === sku)?.sellsWithoutStock;
    expect([policy('on'), policy('off')]).toEqual([true, false]);
    const places = await host.call('locations.read', { cursor: null });
    expect(places.items.filter(({ externalId }) => externalId === shop.settings['locationId'])).toMatchObject([
      { active: true },
    ]);
    expect(places.items.filter(({ active }) => !active)).toHaveLength(1);
  });

  it('says what the buyer of an order said', async () => {
    const attributes = [{ name: 'Engraving', value: 'For Ana' }];
    const facts = {
      poNumber: 'PO-7',
      tags: ['gift'],
      attributes: [{ name: 'Gift message', value: 'Happy birthday' }],
      taxIds: [
        { kind: 'other' as const, number: '52998224725', country: 'BR' },
        { kind: 'other' as const, number: 'DE123456789', country: '' },
      ],
      shopMoney: { currency: 'EUR', totalMinor: 7150 },
    };
    const { externalId, orderReference } = place({
      facts,
      lines: [
        {
          key: 'a',
          sku: 'a',
          title: 'Ring',
          quantity: 2,
          unitPrice: '33.00',
          totalMinor: 6000,
          facts: { taxMinor: 958, attributes },
        },
      ],
    });
    const order = await get(externalId);
    expect(order.facts).toEqual({ ...facts, shippingMethod: 'Post' });
    expect(order.lines[0]?.facts).toEqual({ discountMinor: 600, taxMinor: 958, attributes });
    world().edit({ orderReference, lineKey: 'a', quantity: 1 });
    const edited = await get(externalId);
    expect(edited.lines[0]?.facts).toEqual({ discountMinor: 300, taxMinor: 479, attributes });
    expect(edited.facts?.shopMoney?.totalMinor).toBe(3850);
  });

  it('says why the shop holds an order while it does, by the id of the part that is held too, and moves no time', async () => {
    const { orderReference, externalId } = place();
    const free = await get(externalId);
    expect(free).toMatchObject({ shopHolds: [], fulfilments: [] });
    clock.advance(2_000);
    world().hold({ orderReference, reason: 'INCORRECT_ADDRESS', note: 'no such street' });
    const part = externalId.replace(/Order\/56/, 'FulfillmentOrder/67');
    const held = await get(part);
    expect(held).toMatchObject({
      externalId,
      updatedAt: free.updatedAt,
      rawStatus: 'PAID/ON_HOLD',
      shopHolds: [{ reason: 'INCORRECT_ADDRESS', note: 'no such street', untilAt: null }],
    });
    world().release({ orderReference });
    expect(await get(externalId)).toMatchObject({ updatedAt: free.updatedAt, shopHolds: [] });
    await expect(get('gid://shopify/FulfillmentOrder/1')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('opens by itself what the shop has put off until a time, and takes no package for it before', async () => {
    const { orderReference, externalId } = place();
    const untilMs = Math.ceil((clock.now() + 3_600_000) / 1_000) * 1_000;
    world().hold({ orderReference, untilMs });
    const untilAt = new Date(untilMs).toISOString().replace('.000', '');
    expect((await get(externalId)).shopHolds).toMatchObject([{ reason: 'SCHEDULED', untilAt }]);
    expect(() => world().fulfil({ orderReference })).toThrow('scheduled');
    clock.advance(3_601_000);
    expect((await get(externalId)).shopHolds).toEqual([]);
    world().fulfil({ orderReference });
  });

  it('shows a held order as such, and takes no package for it', async () => {
    const { orderReference, externalId } = place({ payment: { state: 'on_hold' } });
    const order = await get(externalId);
    expect(order.rawStatus).toBe('PAID/ON_HOLD');
    const lines = order.lines.map((l) => ({ lineExternalId: l.externalId, quantity: l.quantity }));
    const tracking = { carrier: 'UPS', number: '1Z', url: '' };
    const confirmation = { reference: 's', orderExternalId: externalId, completes: true, lines, tracking };
    await expect(host.call('shipments.confirm', { confirmation })).rejects.toMatchObject({ code: 'rejected' });
    world().release({ orderReference });
    await host.call('shipments.confirm', { confirmation });
  });

  it('shows what the shop itself has shipped, in part and then whole', async () => {
    const { orderReference, externalId } = place();
    world().fulfil({ orderReference, lines: [{ lineKey: 'a', quantity: 2 }], tracking: 'T1' });
    const sent = await get(externalId);
    expect(sent.lines.map((l) => l.fulfilledQuantity)).toEqual([2, 0]);
    expect(sent.fulfilments).toMatchObject([
      {
        rawStatus: 'SUCCESS',
        tracking: [{ carrier: '', number: 'T1', url: '' }],
        lines: [{ lineExternalId: sent.lines[0]?.externalId, quantity: 2 }],
      },
    ]);
    world().fulfil({ orderReference });
    expect((await get(externalId)).lines.map((l) => l.fulfilledQuantity)).toEqual([3, 3]);
    expect(() => world().fulfil({ orderReference })).toThrow('closed');
  });

  it('sells gift cards, downloads and tips beside goods, and tests', async () => {
    const { externalId } = place({
      test: true,
      risk: 'cancel',
      lines: [
        { key: 'g', sku: 'g', title: 'Card', quantity: 1, unitPrice: '50.00', totalMinor: 5000, giftCard: true },
        { key: 'd', sku: 'd', title: 'Song', quantity: 1, unitPrice: '1.00', totalMinor: 100, requiresShipping: false },
        { key: 'a', sku: 'a', title: 'Lamp', quantity: 1, unitPrice: '9.00', totalMinor: 900 },
      ],
      charges: [{ key: 't', kind: 'tip', code: '', title: 'Tip', totalMinor: 200 }],
    });
    const order = await get(externalId);
    expect(order).toMatchObject({ test: true, risk: 'cancel', totalMinor: 6200 });
    expect(order.lines.map((l) => [l.title, l.requiresShipping])).toEqual([
      ['Card', false],
      // What needs no shipping is a charge where it is no product of the shop.
      ['Lamp', true],
    ]);
    expect(order.charges.map((charge) => charge.title)).toEqual(['Song', 'Tip']);
  });

  const cancellation = (externalId: string, reason: CancelReason = 'customer', restock = true) => ({
    externalId,
    reference: 'c-1',
    reason,
    note: 'sold out',
    notify: false,
    restock,
  });

  it.each([
    ['pending', 'voided', 0],
    ['authorised', 'voided', 0],
    ['paid', 'paid', 6500],
    ['partly_paid', 'partly_paid', 3250],
    ['expired', 'expired', 0],
  ] as const)('a cancelled order that was %s is %s, and its units are free', async (state, after, paidMinor) => {
    const { externalId } = place({ payment: { state } });
    expect(await host.call('orders.cancel', cancellation(externalId))).toEqual({ cancelled: true, reason: '' });
    const order = await get(externalId);
    expect(order.cancelledAt).not.toBeNull();
    expect(order.payment).toMatchObject({ state: after, paidMinor });
    expect(left(order)).toEqual([0, 0]);
    expect(shop.effects('refunds')).toEqual([]);
    expect(shop.effects('cancellations')).toEqual([{ id: externalId, reference: 'c-1' }]);
  });

  it('puts the units back where that is asked, and not where it is not', async () => {
    world().addListing({ sku: 'a', title: 'Lamp', price: '10.00', quantity: 10 });
    const shown = async () =>
      (await host.call('listings.read', { cursor: null })).items.find((l) => l.sku === 'a')?.quantity;
    const one = place();
    expect(await shown()).toBe(7);
    await host.call('orders.cancel', cancellation(one.externalId, 'inventory', true));
    expect(await shown()).toBe(10);
    const two = place();
    await host.call('orders.cancel', cancellation(two.externalId, 'inventory', false));
    expect(await shown()).toBe(7);
  });

  it('says in Shopify’s words why an order with a part that left is not cancelled', async () => {
    const { orderReference, externalId } = place();
    world().fulfil({ orderReference, lines: [{ lineKey: 'a', quantity: 1 }] });
    expect(await host.call('orders.cancel', cancellation(externalId))).toEqual({
      cancelled: false,
      reason: 'Shopify: Cannot cancel an order that has outstanding fulfillments',
    });
    expect(() => world().cancel({ orderReference })).toThrow('outstanding');
  });

  it('reads an order that the merchant cancelled and paid back', async () => {
    const { orderReference, externalId } = place();
    world().cancel({ orderReference, refund: true });
    const order = await get(externalId);
    expect(order).toMatchObject({ payment: { state: 'refunded' }, refunds: [{ totalMinor: 6500 }] });
    expect(order.cancelledAt).not.toBeNull();
    expect((await host.call('orders.cancel', cancellation(externalId))).cancelled).toBe(true);
    expect(shop.effects('cancellations')).toHaveLength(1);
  });

  it('refuses to give back what never came in', async () => {
    const { externalId } = place({ payment: { state: 'pending' } });
    const [first] = (await get(externalId)).lines;
    const lines = [{ lineExternalId: first?.externalId ?? '', quantity: 1, totalMinor: 100, restock: false }];
    const refund = { orderExternalId: externalId, reference: 'r', currency: 'GBP', note: '', lines };
    await expect(host.call('refunds.create', refund)).rejects.toMatchObject({ code: 'rejected' });
  });

  it('opens what version 0.1.0 has written', async () => {
    const { orderReference, externalId } = place();
    world().refund({ orderReference, reference: 'r', lineKey: 'a', quantity: 1, totalMinor: 1000, atMs: clock.now() });
    const before = await get(externalId);
    const Written = z.looseObject({
      n: z.number(),
      updatedAt: z.string(),
      lines: z.array(z.record(z.string(), z.unknown())),
    });
    const table = db.table<unknown>('shopify_orders');
    for (const order of table.all()) {
      const { billTo, unpaid, gateway, receipts, test, risk, held, cancelled, lines, ...old } = Written.parse(order);
      const oldLines = lines.map(({ removed, giftCard, ...line }) => line);
      table.put(String(old.n).padStart(10, '0'), { ...old, lines: oldLines }, { a: old.updatedAt });
    }
    await shop.close();
    await open();
    expect(await get(externalId)).toEqual(before);
    world().edit({ orderReference, lineKey: 'b', quantity: 1 });
    expect((await get(externalId)).lines[1]?.currentQuantity).toBe(1);
  });

  it('whatever people do, what is left to send is what Shopify has open, and lines and charges are the total', async () => {
    const step = fc.record({
      act: fc.constantFrom('pay', 'edit', 'refund', 'return', 'money', 'fulfil', 'hold', 'release', 'cancel'),
      lineKey: fc.constantFrom('a', 'b'),
      quantity: fc.integer({ min: 0, max: 5 }),
    });
    const state = fc.constantFrom('pending', 'paid', 'authorised');
    await fc.assert(
      fc.asyncProperty(state, fc.array(step, { maxLength: 8 }), async (state, steps) => {
        const { orderReference, externalId } = place({ payment: { state } });
        let editedMinor = 6500;
        for (const [n, { act, lineKey, quantity }] of steps.entries()) {
          const money = { orderReference, reference: `${orderReference}-${n}`, totalMinor: 100 * n, atMs: clock.now() };
          const of = { orderReference, lineKey, quantity };
          const doing = {
            pay: () => world().pay({ orderReference }),
            edit: () => world().edit(of),
            refund: () => void world().refund({ ...money, lineKey, quantity: Math.max(1, quantity) }),
            return: () => void world().refund({ ...money, lineKey, quantity: Math.max(1, quantity), restock: true }),
            money: () => void world().refund(money),
            fulfil: () => world().fulfil({ orderReference, lines: [{ lineKey, quantity: Math.max(1, quantity) }] }),
            hold: () => world().hold({ orderReference }),
            release: () => world().release({ orderReference }),
            cancel: () => world().cancel({ orderReference }),
          };
          const before = await get(externalId);
          try {
            doing[act]();
          } catch (error) {
            expect(error).toBeInstanceOf(Error);
            continue;
          }
          const after = await get(externalId);
          const moved = after.totalMinor - before.totalMinor;
          if (act !== 'edit') expect(moved).toBe(0);
          editedMinor += moved;
        }
        const order = IncomingOrder.parse(await get(externalId));
        expect(order.totalMinor).toBe(editedMinor);
        expect(sumOf(order)).toBe(order.totalMinor);
        const open = await openUnits(externalId);
        for (const [index, l] of order.lines.entries()) {
          expect(l.fulfilledQuantity).toBeLessThanOrEqual(l.currentQuantity);
          expect(l.currentQuantity).toBeLessThanOrEqual(l.quantity);
          // Units that came back are counted as gone twice, once as sent and once as refunded.
          expect(Math.max(0, left(order)[index] ?? 0)).toBeLessThanOrEqual(open[index] ?? 0);
        }
        if (order.refunds.every((made) => made.lines.every((part) => !part.restock))) expect(left(order)).toEqual(open);
      }),
      { numRuns: 40 },
    );
  }, 30_000);

  const openUnits = async (externalId: string): Promise<number[]> => {
    const query = 'query Open($id: ID!) { order(id: $id) { lineItems(first: 10) { nodes { unfulfilledQuantity } } } }';
    const answer = await fetch(`${shop.url}/admin/api/2026-04/graphql.json`, {
      method: 'POST',
      headers: { 'x-shopify-access-token': String(shop.credentials['accessToken']) },
      body: JSON.stringify({ query, variables: { id: externalId } }),
    });
    const Open = z.object({
      data: z.object({
        order: z.object({ lineItems: z.object({ nodes: z.array(z.object({ unfulfilledQuantity: z.number() })) }) }),
      }),
    });
    return Open.parse(await answer.json()).data.order.lineItems.nodes.map((node) => node.unfulfilledQuantity);
  };
});

import { createServer } from 'node:http';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  type Answer,
  Failure,
  type IncomingOrder,
  type Input,
  isFailure,
  type Output,
  secretFields,
  toMinor,
  type WebhookCheck,
} from '#kit';
import {
  describeConnector,
  type Host,
  hostConnector,
  type ManualClock,
  manualClock,
  openSandboxDb,
  type PlacedOrder,
  type SandboxDb,
} from '#kit/testing';
import { woocommerce } from './index.ts';
import { apiRoot, shopOf } from './manifest.ts';
import { fromRefund, instant, isSoldItself, split, toOrder, unitPriceOf } from './mapper.ts';
import { oauthHeader } from './oauth.ts';
import { serveWooCommerce, woocommerceSandbox } from './sandbox.ts';
import { Order, parse, plain, Refund } from './wire.ts';

describeConnector(woocommerce, woocommerceSandbox, {
  skip: { limits: 'WooCommerce has no limit of its own; its hosts do, each another one' },
});

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return isFailure(error) ? error.code : String(error);
  }
  return 'none';
};

describe('woocommerce: which shop an address is', () => {
  it.each([
    ['https://Shop.Example', 'shop.example'],
    ['https://shop.example/', 'shop.example'],
    ['https://shop.example//', 'shop.example'],
    ['https://shop.example:443/', 'shop.example'],
    ['http://localhost:80', 'localhost'],
    ['https://shop.example:8443', 'shop.example:8443'],
    ['https://shop.example./Store/', 'shop.example/store'],
    ['https://shop.example/store?utm=1#top', 'shop.example/store'],
    ['https://Bücher.example/Laden', 'xn--bcher-kva.example/laden'],
    ['https://xn--bcher-kva.example/laden', 'xn--bcher-kva.example/laden'],
    ['https://user:pass@shop.example', 'shop.example'],
  ])('%s is %s', (site, shop) => {
    expect(shopOf(site)).toBe(shop);
    expect(shopOf(`https://${shop}/`)).toBe(shop);
  });
});

describe('woocommerce: what a shop sends, read as it is meant', () => {
  it.each([
    ['2017-03-21T20:07:11', '2017-03-21T20:07:11Z'],
    ['2017-03-21T20:07:11Z', '2017-03-21T20:07:11Z'],
    ['2017-03-21T20:07:11+02:00', '2017-03-21T20:07:11+02:00'],
  ])('%s is %s', (given, meant) => expect(instant(given)).toBe(meant));

  it.each([
    ['Lamp &amp; Shade', 'Lamp & Shade'],
    ['Tee &#8211; Red', 'Tee – Red'],
    ['&#x1F455; &quot;M&quot;', '👕 "M"'],
    ['&amp;lt;', '&lt;'],
    ['R&D; &unknown; &', 'R&D; &unknown; &'],
    ['&#0; &#9999999;', '&#0; &#9999999;'],
  ])('the name %s is %s', (given, meant) => expect(plain(given)).toBe(meant));

  it.each([
    // price as the shop's float, subtotal in minor units, quantity, currency, the unit price meant
    [24.9, 7470, 3, 'GBP', '24.9'],
    [24.900000000000002, 7470, 3, 'GBP', '24.9'],
    [0.855, 86, 1, 'GBP', '0.855'],
    [1.005, 302, 3, 'GBP', '1.005'],
    [22.41, 7470, 3, 'GBP', '24.9'], // after a discount of a tenth
    [3.3333333333333335, 1000, 3, 'GBP', '3.3333333333'],
    [9, 1000, 3, 'EUR', '3.3333333333'],
    [0, 0, 5, 'EUR', '0'],
    [1250, 2500, 2, 'JPY', '1250'],
    [1.2345, 3704, 3, 'KWD', '1.2345'],
    [100, 10000, 1, 'EUR', '100'],
  ])('price %d of a line of %d for %d in %s is %s each', (price, subtotal, quantity, currency, meant) =>
    expect(unitPriceOf(price, subtotal, quantity, currency)).toBe(meant),
  );

  const NOTICE = '<br />\n<b>Notice</b>:  Undefined index: [x] in <b>/a.php</b> on line <b>7</b><br />\n';
  const PAGE = '<!DOCTYPE html>\n<script>\n{\n"a": 1\n}\n</script>\n<h1>Maintenance</h1>';
  it.each([
    ['JSON alone', '{"id":7}', 'none'],
    ['behind a notice', `${NOTICE}{"id":7}`, 'none'],
    ['behind a log line that begins with a bracket', `[05-Jan-2026] PHP Warning: x\n{"id":7}`, 'none'],
    ['behind empty lines', '\n\n {"id":7}', 'none'],
    ['an HTML page', PAGE, 'unavailable'],
    ['JSON cut off behind a notice', `${NOTICE}{"id":`, 'unavailable'],
    [
      'brackets without end behind a notice',
      `${NOTICE}${'['.repeat(2_000_000)}${']'.repeat(2_000_000)}`,
      'unavailable',
    ],
    ['JSON of another shape behind a notice', `${NOTICE}{"id":"seven"}`, 'contract'],
  ])('%s is read or classified', (_, text, code) => {
    const answer: Answer = {
      status: 200,
      headers: {},
      text,
      body: () => undefined,
      // As the kit does it.
      json(schema) {
        try {
          return schema.parse(JSON.parse(text));
        } catch {
          throw new Failure('unavailable', 'no JSON');
        }
      },
    };
    expect(codeOf(() => expect(parse(answer, z.object({ id: z.int() }))).toEqual({ id: 7 }))).toBe(code);
  });

  it.each([
    ['https://shop.example', 'https://shop.example/wp-json/wc/v3'],
    ['https://example.org/shop/', 'https://example.org/shop/wp-json/wc/v3'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/wp-json/wc/v3'],
    ['http://localhost/wp', 'http://localhost/wp/wp-json/wc/v3'],
  ])('the API of %s is at %s', (site, root) => expect(apiRoot(site)).toBe(root));

  it.each(['http://shop.example', 'http://127.0.0.1.shop.example', 'ftp://shop.example', 'shop.example'])(
    'refuses %s, for orders would travel in the open',
    (site) => {
      expect(codeOf(() => apiRoot(site))).toBe('invalid');
      const { error } = woocommerce.manifest.credentials.safeParse({ site, consumerKey: 'k', consumerSecret: 's' });
      expect(error?.issues[0]?.path).toEqual(['site']);
    },
  );

  it('keeps both keys secret', () =>
    expect(secretFields(woocommerce.manifest.credentials)).toEqual(['consumerKey', 'consumerSecret']));

  const written = (changes: Record<string, unknown> = {}): Order =>
    Order.parse({
      id: 727,
      number: '727',
      status: 'processing',
      currency: 'EUR',
      date_created_gmt: '2026-01-05T09:00:00',
      date_modified_gmt: '2026-01-05T09:00:01',
      date_paid_gmt: '2026-01-05T09:00:00',
      prices_include_tax: true,
      customer_id: 0,
      billing: { first_name: 'Ada', last_name: 'O&#039;Hara', email: 'ada@example.com' },
      shipping: { first_name: '', address_1: '', country: '' },
      total: '31.90',
      total_tax: '5.09',
      line_items: [
        {
          id: 315,
          name: 'Tee',
          product_id: 93,
          variation_id: 96,
          quantity: 2,
          sku: '',
          price: 10.084,
          subtotal: '20.17',
          subtotal_tax: '3.83',
          total: '20.17',
          total_tax: '3.83',
          taxes: [{ id: 75, total: '3.83' }],
        },
      ],
      shipping_lines: [{ id: 317, method_title: 'Post', total: '6.64', total_tax: '1.26' }],
      fee_lines: [],
      ...changes,
    });
  const sumOf = (order: IncomingOrder) =>
    [...order.lines, ...order.charges].reduce((sum, part) => sum + part.totalMinor, 0);

  it('shows lines with their tax where the shop’s prices include it', () => {
    const order = toOrder(written(), []);
    expect(order.lines[0]).toMatchObject({ externalVariantId: '96', unitPrice: '12', totalMinor: 2400 });
    expect(order.charges).toEqual([{ externalId: '317', kind: 'shipping', code: '', title: 'Post', totalMinor: 790 }]);
    expect(sumOf(order)).toBe(order.totalMinor);
    expect(order.buyer).toEqual({ externalId: null, name: "Ada O'Hara", email: 'ada@example.com' });
    // Nothing is made up: the billing address stands in, with no street where it has none.
    expect(order.shipTo).toMatchObject({ name: "Ada O'Hara", line1: '', country: 'ZZ' });
  });

  it('shows tax as a charge where they do not', () => {
    const order = toOrder(written({ prices_include_tax: false }), []);
    expect(order.lines[0]?.totalMinor).toBe(2017);
    expect(order.charges.map((c) => [c.kind, c.totalMinor])).toEqual([
      ['shipping', 664],
      ['tax', 509],
    ]);
    expect(sumOf(order)).toBe(3190);
  });

  it('shows what a gift card took as a discount, so that lines and charges are the total', () => {
    const order = toOrder(written({ total: '21.90' }), []);
    expect(order.charges.at(-1)).toMatchObject({ kind: 'discount', totalMinor: -1000 });
    expect(sumOf(order)).toBe(2190);
  });

  it.each([
    ['processing', [], 'paid'],
    ['processing', ['10.00'], 'partly_refunded'],
    ['completed', ['10.00', '21.90'], 'refunded'],
    ['on-hold', [], 'pending'],
    ['refunded', ['31.90'], 'refunded'],
    ['cancelled', [], 'voided'],
    ['wc-awaiting-press', [], 'unknown'],
  ] as const)('says of the money of a %s order with refunds %j: %s', (status, amounts, financial) => {
    const refunds = amounts.map((amount, id) => Refund.parse({ id, date_created_gmt: '2026-01-06T09:00:00', amount }));
    const order = toOrder(written({ status }), refunds);
    expect([order.payment.state, order.rawStatus]).toEqual([financial, status]);
    expect(order.cancelledAt).toBe(status === 'cancelled' ? '2026-01-05T09:00:01Z' : null);
  });

  it('sells by weight as one unit, and nothing where the quantity is nothing', () => {
    const [line] = written().line_items;
    const order = toOrder(
      written({
        line_items: [
          { ...line, quantity: 2.5 },
          { ...line, id: 316, quantity: 0 },
        ],
      }),
      [],
    );
    expect(order.lines.map((l) => [l.quantity, l.unitPrice])).toEqual([[1, '24']]);
    expect(sumOf(order)).toBe(order.totalMinor);
  });

  it('asks for a refund without tax and the tax beside it, together the amount', () => {
    const body = fromRefund(
      written(),
      {
        orderExternalId: '727',
        reference: 'r-1',
        currency: 'EUR',
        note: 'came back',
        lines: [{ lineExternalId: '315', quantity: 1, totalMinor: 1199, restock: true }],
      },
      false,
    );
    expect(body).toMatchObject({ amount: '11.99', reason: 'came back [r-1]', api_refund: false, api_restock: true });
    expect(body.line_items).toEqual([
      { id: 315, quantity: 1, refund_total: 10.08, refund_tax: [{ id: 75, refund_total: 1.91 }] },
    ]);
  });

  it('splits any amount into parts that sum to it', () =>
    fc.assert(
      fc.property(fc.nat(1e9), fc.array(fc.nat(1e9), { minLength: 1, maxLength: 700 }), (total, weights) => {
        expect(split(total, weights).reduce((a, b) => a + b, 0)).toBe(total);
      }),
    ));

  it.each([
    ['simple', true],
    ['subscription', true],
    ['variable', false],
    ['grouped', false],
    ['external', false],
  ])('a %s product is a listing by itself: %s', (type, sold) => expect(isSoldItself(type)).toBe(sold));
});

describe('woocommerce: webhooks', () => {
  const hooks = woocommerce.manifest.webhooks ?? expect.fail('no webhooks');
  const topic = (name: string) => ({ 'x-wc-webhook-topic': name });
  const check = (body: string, headers: WebhookCheck['headers'] = {}) => ({ rawBody: Buffer.from(body), headers });

  it('knows the unsigned ping of a new webhook, and nothing else, as one', () => {
    expect(hooks.isPing?.(check('webhook_id=12'))).toBe(true);
    expect(hooks.isPing?.(check('webhook_id=12', topic('order.updated')))).toBe(false);
    expect(hooks.isPing?.(check('{"webhook_id":12}'))).toBe(false);
    expect(hooks.isPing?.(check('webhook_id=12&x=1'))).toBe(false);
  });

  it('tells two deliveries of one second apart, which the shop gives one id', () => {
    const headers = { 'x-wc-webhook-delivery-id': 'abc' };
    expect(hooks.deliveryId(check('{"id":1}', headers))).not.toBe(hooks.deliveryId(check('{"id":2}', headers)));
    expect(hooks.deliveryId(check('{"id":1}', headers))).toBe(hooks.deliveryId(check('{"id":1}', headers)));
  });

  it.each([
    ['order.restored', { id: 7 }, 'none'],
    ['order.deleted', { id: 7 }, 'none'],
    ['product.updated', { id: 7 }, 'rejected'],
    ['order.updated', { id: 'x' }, 'invalid'],
    ['order.updated', null, 'invalid'],
  ])('reads %s with %j: %s', (name, body, code) => {
    expect(
      codeOf(() => expect(hooks.read({ body, headers: topic(name) })).toEqual({ kind: 'order', externalId: '7' })),
    ).toBe(code);
  });
});

type Shop = Awaited<ReturnType<typeof serveWooCommerce>>;

describe.each([
  ['a tidy host', false],
  ['a host that prints PHP notices', true],
])('woocommerce: a shop on %s', (_, notices) => {
  /** Stands still: the burst of the limits is enough for each test. */
  let clock: ManualClock;
  let db: SandboxDb;
  let shop: Shop;
  let host: Host;
  let placed = 0;

  beforeEach(async () => {
    clock = manualClock(Date.UTC(2026, 0, 5, 9));
    db = openSandboxDb();
    shop = await serveWooCommerce({ clock, db, notices });
    host = hostConnector(woocommerce, { ...shop, settings: { requestsPerSecond: 100 } }, clock);
  });
  afterEach(async () => {
    await shop.close();
    db.close();
  });

  const order = (changes: Partial<PlacedOrder> = {}): PlacedOrder => {
    placed += 1;
    return {
      reference: `R-${placed}`,
      placedAtMs: clock.now(),
      currency: 'GBP',
      buyer: { id: 'cust-a', name: 'Ada Example', email: 'ada@example.com' },
      shipTo: null,
      lines: [{ key: 'a', sku: 'WOO-MUG', title: 'Mug', quantity: 4, unitPrice: '7.50', totalMinor: 3000 }],
      charges: [],
      note: '',
      ...changes,
    };
  };
  const place = (changes: Partial<PlacedOrder> = {}) => shop.storefront.placeOrder(order(changes)).externalId;

  /** All pages from `since`, with `between` run after each. */
  const walk = async (since: string, between: (page: Output<'orders.pull'>, index: number) => unknown = () => {}) => {
    const ids: string[] = [];
    let cursor: string | null = null;
    for (let index = 0; index < 200; index += 1) {
      const page: Output<'orders.pull'> = await host.call('orders.pull', { since, cursor });
      ids.push(...page.items.map(({ order }) => order.externalId));
      if (page.next === null) return ids;
      expect(page.next.length).toBeLessThan(32);
      expect(page.next).not.toBe(cursor);
      await between(page, index);
      cursor = page.next;
    }
    throw new Error('the walk does not end');
  };
  /** The shop's own back office, which is not Crossdock. */
  const backOffice = async (method: string, path: string, json?: unknown) => {
    const { consumerKey, consumerSecret } = woocommerce.manifest.credentials.parse(shop.credentials);
    const url = new URL(`${shop.url}/wp-json/wc/v3${path}`);
    const response = await fetch(url, {
      method,
      headers: {
        authorization: oauthHeader({ method, url, key: consumerKey, secret: consumerSecret, nowMs: Date.now() }),
        'content-type': 'application/json',
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: JSON.parse(text.slice(text.search(/^[[{]/m))) };
  };

  it.each([100, 101, 250])('walks through %i orders of one second, each once', async (count) => {
    const before = place({ placedAtMs: clock.now() - 5000 });
    clock.advance(5000);
    const ids = Array.from({ length: count }, () => place());
    clock.advance(5000);
    const after = place();
    const seen = await walk('2026-01-05T08:59:50Z');
    expect(seen.toSorted()).toEqual([before, ...ids, after].toSorted());
    expect([seen[0], seen.at(-1)]).toEqual([before, after]);
  });

  it('loses no order that changes while it pages, in a crowded second as in many', async () => {
    const crowd = Array.from({ length: 250 }, () => place());
    const spread = Array.from({ length: 120 }, (_, i) => place({ placedAtMs: clock.now() + (i + 2) * 1000 }));
    clock.advance(500_000);
    const touch = (id: string) =>
      backOffice('PUT', `/orders/${id}`, { meta_data: [{ key: 'seen', value: clock.now() }] });
    const seen = await walk('2026-01-05T09:00:00Z', async (_, index) => {
      if (index > 5) return;
      clock.advance(1000);
      for (const id of [crowd[index], crowd[249 - index], spread[index * 20]]) await touch(id ?? '');
    });
    expect(new Set(seen)).toEqual(new Set([...crowd, ...spread]));
  });

  it('reads times without a zone as UTC though the site stands elsewhere', async () => {
    const id = place();
    const raw = await backOffice('GET', `/orders/${id}`);
    expect([raw.body.date_created, raw.body.date_created_gmt]).toEqual(['2026-01-05T11:00:00', '2026-01-05T09:00:00']);
    expect((await host.order(id)).placedAt).toBe('2026-01-05T09:00:00Z');
    expect(await walk('2026-01-05T10:00:00+01:00')).toEqual([id]);
    expect(await walk('2026-01-05T09:00:01Z')).toEqual([]);
  });

  const confirmation = (id: string, reference: string, completes: boolean, quantity: number) => ({
    confirmation: {
      reference,
      orderExternalId: id,
      completes,
      lines: [{ lineExternalId: '1', quantity }],
      tracking: { carrier: 'USPS', number: `94001-${reference}`, url: 'https://track.example/x' },
    },
  });
  const notesOf = async (id: string) => (await backOffice('GET', `/orders/${id}/notes?type=customer`)).body;

  it('keeps an order open for its first package and completes it with its last', async () => {
    const id = place();
    const status = async () => (await host.order(id)).rawStatus;
    await host.call('shipments.confirm', confirmation(id, 's-1', false, 1));
    expect(await status()).toBe('processing');
    await host.call('shipments.confirm', confirmation(id, 's-10', true, 3));
    await host.call('shipments.confirm', confirmation(id, 's-1', false, 1));
    expect(await status()).toBe('completed');
    expect(shop.effects('confirmations').map((c) => c.reference)).toEqual(['s-1', 's-10']);
    const { body } = await backOffice('GET', `/orders/${id}`);
    expect(body.meta_data).toContainEqual(
      expect.objectContaining({ value: expect.objectContaining({ carrier: 'USPS', number: '94001-s-1' }) }),
    );
    expect(await notesOf(id)).toHaveLength(2);
  });

  it('keeps both of two packages that are told of at once', async () => {
    const id = place();
    await Promise.all(['s-1', 's-2'].map((r) => host.call('shipments.confirm', confirmation(id, r, false, 1))));
    const { body } = await backOffice('GET', `/orders/${id}`);
    expect(body.meta_data).toHaveLength(2);
  });

  it.each(['reset', '500', 'reset_after_commit', '500_after_commit'] as const)(
    'tells the buyer once when the note is met by %s',
    async (fault) => {
      const id = place();
      shop.faults.next(fault, { method: 'POST', path: /\/notes$/ });
      await expect(host.call('shipments.confirm', confirmation(id, 's-1', true, 4))).rejects.toThrow();
      await host.call('shipments.confirm', confirmation(id, 's-1', true, 4));
      expect(await notesOf(id)).toHaveLength(1);
      expect(shop.effects('confirmations')).toHaveLength(1);
    },
  );

  describe('another tracking of a package', () => {
    const another = { carrier: 'UPS', number: 'NEW222', url: '' };
    const update = (id: string, tracking = another) => ({
      externalId: `${id}:s-1`,
      orderExternalId: id,
      reference: 's-1',
      tracking,
    });
    const told = async (): Promise<string> => {
      const id = place();
      await host.call('shipments.confirm', confirmation(id, 's-1', false, 1));
      return id;
    };
    const texts = async (id: string): Promise<string[]> =>
      ((await notesOf(id)) as { note: string }[]).map(({ note }) => /tracking number (\S+)/.exec(note)?.[1] ?? '');
    const kept = () => shop.storefront.told().map(({ tracking }) => tracking);

    it('is a message beside the first, once, and another when it changes back', async () => {
      const id = await told();
      for (const _ of [1, 2]) await host.call('shipments.update', update(id));
      expect([await texts(id), kept()]).toEqual([['94001-s-1', 'NEW222'], ['NEW222']]);
      await host.call('shipments.update', update(id, { ...another, number: '94001-s-1' }));
      expect([await texts(id), kept()]).toEqual([['94001-s-1', 'NEW222', '94001-s-1'], ['94001-s-1']]);
    });

    it.each([
      ['reset_after_commit', /notes$/],
      ['500_after_commit', /notes$/],
      ['reset', /orders\/\d+$/],
      ['reset_after_commit', /orders\/\d+$/],
    ] as const)('is told once when it is met by %s at %s', async (fault, path) => {
      const id = await told();
      shop.faults.next(fault, { method: path.source.startsWith('notes') ? 'POST' : 'PUT', path });
      await expect(host.call('shipments.update', update(id))).rejects.toThrow();
      await host.call('shipments.update', update(id));
      expect([await texts(id), kept()]).toEqual([['94001-s-1', 'NEW222'], ['NEW222']]);
    });

    it('is kept without a message where the buyer need not hear of it', async () => {
      const id = await told();
      const link = { carrier: 'USPS', number: '94001-s-1', url: 'https://track.example/another' };
      await host.call('shipments.update', { ...update(id, link), notify: false });
      expect(await texts(id)).toEqual(['94001-s-1']);
      const { body } = await backOffice('GET', `/orders/${id}`);
      expect(JSON.stringify(body.meta_data)).toContain(link.url);
    });

    it('is told when the package is confirmed under its new number, also where the buyer had heard of none', async () => {
      const id = place();
      shop.faults.next('reset', { method: 'POST', path: /\/notes$/ });
      await expect(host.call('shipments.confirm', confirmation(id, 's-1', false, 1))).rejects.toThrow();
      const again = { ...confirmation(id, 's-1', false, 1).confirmation, tracking: another, earlier: ['94001-s-1'] };
      await host.call('shipments.confirm', { confirmation: again });
      expect([await texts(id), kept()]).toEqual([['NEW222'], ['NEW222']]);
    });

    it('of a package that the shop was not told of is refused', async () => {
      await expect(host.call('shipments.update', update(place()))).rejects.toMatchObject({ code: 'rejected' });
    });
  });

  it('does not bring a cancelled order back by telling of its package', async () => {
    const id = place();
    await backOffice('PUT', `/orders/${id}`, { status: 'cancelled' });
    await host.call('shipments.confirm', confirmation(id, 's-1', true, 4));
    expect((await host.order(id)).rawStatus).toBe('cancelled');
  });

  it('takes a refund whose amount is not price × quantity, made here or in the shop’s back office', async () => {
    const given = order({
      charges: [{ key: 's', kind: 'shipping', code: 'POST', title: 'Post', totalMinor: 500 }],
    });
    const { externalId } = shop.storefront.placeOrder(given);
    const wanted = { orderReference: given.reference, reference: 'back-1', lineKey: 'a', quantity: 1, totalMinor: 801 };
    const first = shop.storefront.refund({ ...wanted, atMs: clock.now() });
    expect(shop.storefront.refund({ ...wanted, atMs: clock.now() })).toEqual(first);
    const before = await host.order(externalId);
    const [line] = before.lines;
    expect(before.charges).toMatchObject([{ kind: 'shipping', code: 'POST', totalMinor: 500 }]);
    expect(before).toMatchObject({
      payment: { state: 'partly_refunded' },
      refunds: [{ note: 'back-1', totalMinor: 801 }],
    });
    expect(before.refunds[0]?.lines).toEqual([
      { lineExternalId: line?.externalId, quantity: 1, totalMinor: 801, restock: false },
    ]);
    const ask = (reference: string, totalMinor: number): Input<'refunds.create'> => ({
      orderExternalId: externalId,
      reference,
      currency: 'GBP',
      note: '',
      lines: [{ lineExternalId: line?.externalId ?? '', quantity: 3, totalMinor, restock: true }],
    });
    await expect(host.call('refunds.create', ask('r-10', 2700))).rejects.toMatchObject({ code: 'rejected' });
    await host.call('refunds.create', ask('r-10', 2600));
    // `r-1` is not found in `r-10`.
    await host.call('refunds.create', ask('r-1', 99));
    const after = await host.order(externalId);
    expect(after).toMatchObject({ payment: { state: 'refunded' }, rawStatus: 'refunded', totalMinor: 3500 });
    expect(after.refunds.flatMap((r) => r.lines.map((l) => l.restock)).toSorted()).toEqual([false, true, true]);
    expect(shop.effects('refunds').map((r) => r.reference)).toEqual(['back-1', 'r-10', 'r-1']);
  });

  it('refuses a refund finer than the shop’s decimals', async () => {
    const lines = [{ key: 'a', sku: 'X', title: 'X', quantity: 1, unitPrice: '1.234', totalMinor: 1234 }];
    const id = place({ currency: 'KWD', lines });
    const ask = { orderExternalId: id, reference: 'r-1', currency: 'KWD', note: '' };
    const refund = { ...ask, lines: [{ lineExternalId: '1', quantity: 1, totalMinor: 1234, restock: false }] };
    await expect(host.call('refunds.create', refund)).rejects.toMatchObject({ code: 'rejected' });
  });

  it('sets stock by hundreds, variations through their parent, an absent parent failing alone', async () => {
    for (let i = 0; i < 130; i += 1)
      shop.storefront.addListing({ sku: `S-${i}`, title: `S ${i}`, price: '1.00', quantity: 0 });
    const listings: Output<'listings.read'>['items'][number][] = [];
    let cursor: string | null = null;
    do {
      const page: Output<'listings.read'> = await host.call('listings.read', { cursor });
      listings.push(...page.items);
      cursor = page.next;
    } while (cursor !== null);
    expect(listings).toHaveLength(134);
    expect(listings.map((l) => l.title)).toEqual(expect.arrayContaining(['Lamp & Shade', 'Tee – Red']));
    const level = ({ externalVariantId, externalProductId, externalInventoryId, sku }: (typeof listings)[number]) => ({
      externalVariantId,
      externalProductId,
      externalInventoryId,
      sku,
      quantity: 9,
      from: null,
    });
    const levels = listings.map(level);
    const lost = { ...(levels[0] ?? expect.fail()), externalVariantId: '888888', externalProductId: '999999' };
    const report = await host.call('inventory.push', { levels: [...levels, lost], idempotencyKey: 'k' });
    expect([report.processed.length, report.failed.map((f) => f.id)]).toEqual([134, ['888888']]);
    expect(levels.every((l) => shop.scene.shownQuantity?.(l.externalInventoryId) === 9)).toBe(true);
    // 132 products in two calls, two variations in one, the lost parent in one.
    expect(shop.requests().filter((r) => r.path.endsWith('/batch'))).toHaveLength(4);
  });

  it('keeps the shop’s rules: pages of at most 100, batches of at most 100, links and totals, one price as a number', async () => {
    for (let i = 0; i < 3; i += 1) place();
    expect((await backOffice('GET', '/orders?per_page=101')).body.code).toBe('rest_invalid_param');
    const update = Array.from({ length: 101 }, (_, id) => ({ id }));
    expect((await backOffice('POST', '/products/batch', { update })).status).toBe(413);
    const { headers, body } = await backOffice('GET', '/orders?per_page=2&page=1');
    expect([headers.get('x-wp-total'), headers.get('x-wp-totalpages')]).toEqual(['3', '2']);
    expect(headers.get('link')).toContain('rel="next"');
    expect(typeof body[0].line_items[0].price).toBe('number');
    expect((await backOffice('GET', '/orders/5')).body.code).toBe('woocommerce_rest_shop_order_invalid_id');
  });

  it.each([
    [['read'], ['write']],
    [['write'], ['read']],
    [['read_write'], []],
  ])('a key with the permission %j lacks %j', async (granted, lacks) => {
    const before = shop.requests().length;
    shop.grant?.(granted);
    const { missing, identity } = await host.call('connection.check', {});
    expect(missing.map(({ right }) => right)).toEqual(lacks);
    expect(missing.every(({ needed }) => needed)).toBe(true);
    expect(identity).toBe(new URL(shop.url).host);
    expect(
      shop
        .requests()
        .slice(before)
        .map(({ status }) => status),
    ).toEqual([lacks.includes('read') ? 401 : 200, lacks.includes('write') ? 401 : 200]);
  });

  it('says where the REST API is missing', async () => {
    const site = `${shop.url}/elsewhere`;
    const stranger = hostConnector(woocommerce, { ...shop, credentials: { ...shop.credentials, site } }, clock);
    await expect(stranger.call('connection.check', {})).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringContaining('permalinks'),
    });
  });

  it('sends a webhook once, signed; switches it off after failures in a row; and registering switches it on', async () => {
    const got: { topic: string; ok: boolean; ping: boolean }[] = [];
    let answer = 200;
    let heard = () => {};
    const hooks = woocommerce.manifest.webhooks ?? expect.fail('no webhooks');
    const receiver = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const headers = Object.fromEntries(Object.entries(request.headers).map(([k, v]) => [k, String(v)]));
        const check = { rawBody: Buffer.concat(chunks), headers, secret: 'whs-1', nowMs: clock.now() };
        const ping = hooks.isPing?.(check) ?? false;
        const ok = codeOf(() => hooks.verify(check)) === 'none';
        got.push({ topic: headers['x-wc-webhook-topic'] ?? '', ok, ping });
        response.writeHead(answer).end(() => heard());
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const { port } = z.object({ port: z.number() }).parse(receiver.address());
    const settled = async () => {
      while (shop.storefront.webhooks().waiting > 0)
        await new Promise<void>((resolve) => {
          heard = () => setImmediate(resolve);
          setImmediate(resolve);
        });
    };
    const register = () => host.call('webhooks.register', { url: `http://127.0.0.1:${port}/h`, secret: 'whs-1' });
    const { topics } = await register();
    await settled();
    expect(got.every((g) => g.ping)).toBe(true);
    expect(got).toHaveLength(topics.length);
    place();
    await settled();
    expect(got.at(-1)).toEqual({ topic: 'order.created', ok: true, ping: false });
    answer = 500;
    for (let i = 0; i < 8; i += 1) {
      place();
      await settled();
    }
    // One good one, six that failed; then nothing is sent any more.
    expect(got.filter((g) => g.topic === 'order.created')).toHaveLength(7);
    answer = 200;
    await register();
    place();
    await settled();
    expect(got.filter((g) => g.topic === 'order.created')).toHaveLength(8);
    expect((await backOffice('GET', '/webhooks')).body).toHaveLength(topics.length);
    await new Promise((resolve) => receiver.close(resolve));
  });

  it('maps any order so that lines and charges are its total, to the minor unit', async () => {
    const Unit = fc
      .tuple(fc.nat(99_999), fc.integer({ min: 0, max: 3 }))
      .map(([n, scale]) => (n / 10 ** scale).toFixed(scale));
    const line = fc.record({ quantity: fc.integer({ min: 1, max: 500 }), unitPrice: Unit });
    const charge = fc.record({
      kind: fc.constantFrom('shipping', 'custom', 'fee'),
      code: fc.constantFrom('', 'POST', 'D'),
      totalMinor: fc.integer({ min: -5000, max: 5000 }),
    });
    const currency = fc.constantFrom('GBP', 'JPY', 'KWD');
    // A shop with fewer decimals than its currency keeps fewer.
    const fine = hostConnector(woocommerce, { ...shop, settings: { requestsPerSecond: 100, priceDecimals: 3 } }, clock);
    await fc.assert(
      fc.asyncProperty(
        currency,
        fc.array(line, { minLength: 1, maxLength: 20 }),
        fc.array(charge, { maxLength: 4 }),
        async (currency, lines, charges) => {
          const given = order({
            currency,
            lines: lines.map((l, i) => ({
              key: `${i}`,
              sku: `S${i}`,
              title: 'T',
              ...l,
              totalMinor: toMinor((Number(l.unitPrice) * l.quantity).toFixed(3), currency),
            })),
            charges: charges.map((c, i) => ({ key: `c${i}`, title: 'C', ...c })),
          });
          const { externalId } = shop.storefront.placeOrder(given);
          const read = await fine.order(externalId);
          const sum = [...read.lines, ...read.charges].reduce((total, part) => total + part.totalMinor, 0);
          expect(sum).toBe(read.totalMinor);
          expect(read.lines.map((l) => [Number(l.unitPrice), l.totalMinor])).toEqual(
            given.lines.map((l) => [Number(l.unitPrice), l.totalMinor]),
          );
          expect(read.charges.map((c) => c.code).toSorted()).toEqual(charges.map((c) => c.code).toSorted());
        },
      ),
      { numRuns: 40 },
    );
  });
});

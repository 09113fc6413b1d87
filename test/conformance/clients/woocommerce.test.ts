import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type published from '@woocommerce/woocommerce-rest-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { manualClock, openSandboxDb, type SandboxTls } from '#kit/testing';
import { woocommerce } from '../../../connectors/woocommerce/index.ts';
import { serveWooCommerce } from '../../../connectors/woocommerce/sandbox.ts';
import { runWithCa } from '../../support/run-with-ca.ts';

/*
 * The vendor's own client, as it is published, against the sandbox: what it can do at a shop it can do here. Over plain http it signs by
 * OAuth 1.0a in the query; over TLS it sends its keys, as Basic or in the query.
 */

const { default: Client }: typeof published = createRequire(import.meta.url)('@woocommerce/woocommerce-rest-api');

const Order = z.object({
  id: z.number(),
  status: z.string(),
  total: z.string(),
  customer_note: z.string(),
  line_items: z.array(z.object({ id: z.number(), sku: z.string(), quantity: z.number() })),
  refunds: z.array(z.object({ id: z.number(), total: z.string() })),
});
const Product = z.object({ id: z.number(), sku: z.string(), stock_quantity: z.number().nullable() });
const Hook = z.object({ id: z.number(), topic: z.string(), status: z.string() });
/** What axios rejects with: the shop's own words. */
const Refused = z.object({ response: z.object({ status: z.number(), data: z.object({ code: z.string() }) }) });

const SECRET = 'a secret of ours';
/** Where webhooks go: what came, and whether its signature is what the documentation says. */
const openInbox = async () => {
  const heard: { topic: string; isSigned: boolean; body: unknown }[] = [];
  const inbox = createServer(async (request, response) => {
    const body = await text(request);
    const topic = request.headers['x-wc-webhook-topic'];
    // “Webhooks”: a base64 encoded HMAC-SHA256 hash of the payload.
    const signature = createHmac('sha256', SECRET).update(body).digest('base64');
    if (typeof topic === 'string')
      heard.push({ topic, isSigned: request.headers['x-wc-webhook-signature'] === signature, body: JSON.parse(body) });
    response.writeHead(200).end();
  });
  await new Promise<void>((resolve) => inbox.listen(0, '127.0.0.1', resolve));
  const { port } = z.object({ port: z.number() }).parse(inbox.address());
  const close = () => new Promise((resolve) => inbox.close(resolve));
  return { heard, url: `http://127.0.0.1:${port}/`, close };
};

describe('the vendor’s client of WooCommerce, over plain http', () => {
  const clock = manualClock(Date.UTC(2026, 10, 1, 10));
  const db = openSandboxDb();
  let shop: Awaited<ReturnType<typeof serveWooCommerce>>;
  let client: InstanceType<typeof Client>;

  beforeAll(async () => {
    shop = await serveWooCommerce({ clock, db });
    const { site, consumerKey, consumerSecret } = woocommerce.manifest.credentials.parse(shop.credentials);
    client = new Client({ url: site, consumerKey, consumerSecret, version: 'wc/v3' });
  });
  afterAll(async () => {
    await shop.close();
    db.close();
  });

  const refusalOf = async (work: Promise<unknown>): Promise<string> => {
    const { response } = Refused.parse(await work.catch((error: unknown) => error));
    return `${response.status} ${response.data.code}`;
  };
  const place = async (sku: string, quantity: number) => {
    const { status, data } = await client.post('orders', {
      set_paid: true,
      billing: { first_name: 'Ana', last_name: 'Example', email: 'ana@example.com', country: 'DE' },
      line_items: [{ sku, quantity }],
    });
    expect(status).toBe(201);
    return Order.parse(data);
  };

  it('creates orders, lists them by page, and follows the links to the last', async () => {
    const placed = [await place('WOO-LAMP', 2), await place('WOO-MUG', 1), await place('WOO-LAMP', 1)];
    const seen: number[] = [];
    for (let page = 1; page !== 0; ) {
      const { data, headers } = await client.get('orders', {
        per_page: '2',
        page: String(page),
        orderby: 'id',
        order: 'asc',
        status: 'processing',
      });
      expect([headers['x-wp-total'], headers['x-wp-totalpages']]).toEqual(['3', '2']);
      seen.push(
        ...z
          .array(Order)
          .parse(data)
          .map(({ id }) => id),
      );
      const next = /<([^>]*)>; rel="next"/.exec(String(headers['link'] ?? ''))?.[1];
      page = next === undefined ? 0 : Number(new URL(next).searchParams.get('page'));
    }
    expect(seen).toEqual(placed.map(({ id }) => id));
  });

  it('narrows a list, also by words that have to be encoded, and by ids in a list', async () => {
    const { data: found } = await client.get('orders', { search: "Ana's (&) other" });
    expect(found).toEqual([]);
    const { data: all } = await client.get('orders', { search: 'ana@example.com', per_page: '100' });
    const [first, second] = z.array(Order).parse(all);
    const include = { include: [first?.id ?? 0, second?.id ?? 0] };
    const { data: two } = await client.get('orders', z.record(z.string(), z.any()).parse(include));
    expect(two).toHaveLength(2);
  });

  it('changes an order', async () => {
    const { id } = await place('WOO-MUG', 1);
    const changes = { status: 'on-hold', customer_note: 'Ring twice' };
    const { data } = await client.put(`orders/${id}`, changes);
    expect(Order.parse(data)).toMatchObject(changes);
    expect(Order.parse((await client.get(`orders/${id}`)).data)).toMatchObject(changes);
    expect(await refusalOf(client.put(`orders/${id}`, { status: 'lost' }))).toBe('400 rest_invalid_param');
    expect(await refusalOf(client.get('orders/1'))).toBe('404 woocommerce_rest_shop_order_invalid_id');
  });

  it('gives money back, and no more than was paid', async () => {
    const { id, line_items } = await place('WOO-LAMP', 2);
    const refund = { amount: '24.90', reason: 'broken', api_refund: false };
    const lines = [{ id: line_items[0]?.id, quantity: 1, refund_total: 24.9 }];
    const { data } = await client.post(`orders/${id}/refunds`, { ...refund, line_items: lines });
    expect(data).toMatchObject({ amount: '24.90', reason: 'broken', line_items: [{ quantity: -1 }] });
    expect(Order.parse((await client.get(`orders/${id}`)).data).refunds).toMatchObject([{ total: '-24.90' }]);
    expect(await refusalOf(client.post(`orders/${id}/refunds`, { ...refund, amount: '24.91' }))).toBe(
      '500 woocommerce_rest_cannot_create_order_refund',
    );
  });

  it('sets stock, of a product by itself and of several in a batch', async () => {
    const { data } = await client.get('products', { sku: 'WOO-LAMP' });
    const [lamp] = z.array(Product).parse(data);
    const path = `products/${lamp?.id}`;
    expect(Product.parse((await client.put(path, { stock_quantity: 40 })).data).stock_quantity).toBe(40);
    await client.post('products/batch', { update: [{ id: lamp?.id, stock_quantity: 41 }] });
    expect(Product.parse((await client.get(path)).data).stock_quantity).toBe(41);
  });

  it('registers a webhook, whose signature is what the documentation says, and deletes it', async () => {
    const { heard, url, close } = await openInbox();
    const hook = { name: 'New orders', topic: 'order.created', delivery_url: url, secret: SECRET };
    const { id } = Hook.parse((await client.post('webhooks', hook)).data);
    const { id: orderId } = await place('WOO-MUG', 1);
    await expect.poll(() => heard).toMatchObject([{ topic: 'order.created', isSigned: true, body: { id: orderId } }]);
    expect(z.array(Hook).parse((await client.get('webhooks')).data)).toMatchObject([{ id, status: 'active' }]);
    expect(await refusalOf(client.post('webhooks', { ...hook, topic: 'order.exploded' }))).toBe(
      '400 woocommerce_rest_shop_webhook_invalid_topic',
    );
    await client.delete(`webhooks/${id}`, { force: 'true' });
    expect((await client.get('webhooks')).data).toEqual([]);
    await close();
  });

  it('is told in the shop’s words that its secret or its key is wrong', async () => {
    const { site, consumerKey, consumerSecret } = woocommerce.manifest.credentials.parse(shop.credentials);
    for (const keys of [
      { consumerKey, consumerSecret: 'cs_other' },
      { consumerKey: 'ck_other', consumerSecret },
    ])
      expect(await refusalOf(new Client({ url: site, ...keys }).get('orders'))).toBe(
        '401 woocommerce_rest_authentication_error',
      );
  });

  it('asks for nothing that the vendor does not document', () => expect(shop.strangers()).toEqual([]));
});

describe('the vendor’s client of WooCommerce, over TLS', () => {
  const SCRIPT = fileURLToPath(new URL('./woocommerce-client.ts', import.meta.url));
  const withShop = async (
    work: (shop: Awaited<ReturnType<typeof serveWooCommerce>>, tls: SandboxTls) => Promise<void>,
  ) => {
    const db = openSandboxDb();
    const shop = await serveWooCommerce({ clock: manualClock(Date.UTC(2026, 10, 1, 10)), db, tlsPort: 0 });
    try {
      await work(shop, shop.tls ?? expect.fail('no TLS port'));
    } finally {
      await shop.close();
      db.close();
    }
  };
  const optionsOf = (shop: { credentials: unknown }, url: string, changes: Record<string, unknown>) => {
    const { consumerKey, consumerSecret } = z
      .object({ consumerKey: z.string(), consumerSecret: z.string() })
      .parse(shop.credentials);
    return JSON.stringify({ url, consumerKey, consumerSecret, ...changes });
  };

  it.each([
    ['as Basic', {}],
    ['in the query', { queryStringAuth: true }],
  ])('does the same with its keys %s', (_, changes) =>
    withShop(async (shop, tls) => {
      const { heard, url, close } = await openInbox();
      const told = await runWithCa(SCRIPT, [optionsOf(shop, tls.url, changes), url], { ca: tls.caFile });
      expect(told).toEqual({
        pages: [[0, 1], [2]],
        note: 'Ring twice',
        refunded: '24.90',
        stock: 40,
        total: '3',
        // It leads to where it came from, and does not repeat the keys.
        link: `<${tls.url}/wp-json/wc/v3/orders?per_page=1&page=2>; rel="next"`,
        hooks: 0,
      });
      // Once for the note and once for the refund.
      await expect.poll(() => heard.length).toBe(2);
      expect(heard.every(({ topic, isSigned }) => topic === 'order.updated' && isSigned)).toBe(true);
      expect(shop.requests().every(({ status }) => status < 300)).toBe(true);
      expect(shop.strangers()).toEqual([]);
      await close();
    }),
  );

  it.each([
    [{ consumerSecret: 'cs_other' }, '401'],
    [{ consumerKey: 'ck_other' }, '401'],
    [{ consumerKey: 'ck_other', queryStringAuth: true }, '401'],
  ])('is refused with %j', (changes, status) =>
    withShop(async (shop, tls) => {
      const run = runWithCa(SCRIPT, [optionsOf(shop, tls.url, changes), 'http://127.0.0.1:9/'], { ca: tls.caFile });
      await expect(run).rejects.toThrow(`status code ${status}`);
      expect(shop.requests().map((request) => request.status)).toEqual([401]);
    }),
  );
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostConnector, type ManualClock, manualClock, openSandboxDb, type SandboxDb } from '#kit/testing';
import { woocommerce } from './index.ts';
import { oauthHeader } from './oauth.ts';
import { serveWooCommerce } from './sandbox.ts';

type Shop = Awaited<ReturnType<typeof serveWooCommerce>>;
let clock: ManualClock;
let db: SandboxDb;
let shop: Shop;

beforeEach(async () => {
  clock = manualClock(Date.UTC(2026, 10, 1, 10));
  db = openSandboxDb();
  shop = await serveWooCommerce({ clock, db });
});
afterEach(async () => {
  await shop.close();
  db.close();
});

const call = async (method: string, path: string, json?: unknown) => {
  const { consumerKey: key, consumerSecret: secret } = woocommerce.manifest.credentials.parse(shop.credentials);
  const url = new URL(path, `${shop.url}/wp-json/wc/v3/`);
  const response = await fetch(url, {
    method,
    headers: {
      authorization: oauthHeader({ method, url, key, secret, nowMs: Date.now() }),
      'content-type': 'application/json',
    },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  });
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
};
const get = async (path: string) => (await call('GET', path)).body;
const idsOf = async (path: string): Promise<number[]> => (await get(path)).map((row: { id: number }) => row.id);

const line = (sku: string, quantity = 1) => ({ sku, quantity });
const order = async (changes: Record<string, unknown> = {}) => {
  const { status, body } = await call('POST', 'orders', { line_items: [line('WOO-LAMP')], set_paid: true, ...changes });
  expect(status, JSON.stringify(body)).toBe(201);
  return body;
};

describe('the sandbox of WooCommerce: lists', () => {
  let ids: number[] = [];
  beforeEach(async () => {
    const party = (first_name: string) => ({ first_name, last_name: 'Example', email: `${first_name}@example.com` });
    const made = [];
    for (const [name, changes] of [
      ['Ana', { customer_id: 7 }],
      ['Ben', { status: 'on-hold', set_paid: false }],
      ['Cem', { line_items: [line('WOO-TEE-RED', 2)] }],
      ['Dora', { status: 'completed' }],
    ] as const) {
      made.push(await order({ billing: party(name), ...changes }));
      clock.advance(60_000);
    }
    ids = made.map(({ id }) => id);
  });
  const which = async (query: string) =>
    (await idsOf(`orders?order=asc&${query}`)).map((id) => 'ABCD'[ids.indexOf(id)]).join('');

  it.each([
    ['', 'ABCD'],
    ['status=processing', 'AC'],
    ['status=on-hold,completed', 'BD'],
    ['status[0]=on-hold&status[1]=completed', 'BD'],
    ['status=any', 'ABCD'],
    ['search=ANA', 'A'],
    ['search=ben@example.com', 'B'],
    ['search=red', 'C'],
    ['customer=7', 'A'],
    ['customer=0', 'BCD'],
    // The site stands two hours east.
    ['after=2026-11-01T12:01:00', 'CD'],
    ['after=2026-11-01T10:01:00&dates_are_gmt=true', 'CD'],
    ['before=2026-11-01T12:01:00', 'A'],
    ['modified_after=2026-11-01T10:02:00&dates_are_gmt=true', 'D'],
    ['modified_before=2026-11-01T10:01:00&dates_are_gmt=true', 'A'],
    ['parent=0', 'ABCD'],
    ['parent=5', ''],
    ['parent_exclude=0', ''],
    ['per_page=3', 'ABC'],
    ['per_page=3&page=2', 'D'],
    ['offset=1&per_page=2', 'BC'],
    ['orderby=id&status=processing&search=cem', 'C'],
    ['context=edit', 'ABCD'],
  ])('orders?%s are %s', async (query, meant) => expect(await which(query)).toBe(meant));

  it('gives orders by id: those asked for, in the order asked for, and all but some', async () => {
    const [a, b, c] = ids;
    expect(await which(`include=${c},${a}`)).toBe('AC');
    expect(await which(`include=${c},${a}&orderby=include`)).toBe('CA');
    expect(await which(`include[0]=${c}&include[1]=${a}&orderby=include`)).toBe('CA');
    expect(await which(`exclude=${b}`)).toBe('ACD');
    const { product_id, variation_id } = (await get(`orders/${c}`)).line_items[0];
    expect(await which(`product=${product_id}`)).toBe('C');
    expect(await which(`product=${variation_id}`)).toBe('C');
  });

  it('leaves out what is in the trash, unless asked for', async () => {
    await call('DELETE', `orders/${ids[0]}`);
    expect(await which('')).toBe('BCD');
    expect(await which('status=trash')).toBe('A');
    expect((await call('DELETE', `orders/${ids[0]}`)).body.code).toBe('woocommerce_rest_already_trashed');
    await call('DELETE', `orders/${ids[0]}?force=true`);
    expect((await call('GET', `orders/${ids[0]}`)).status).toBe(404);
  });

  it.each([
    ['status=lost', 'status'],
    ['orderby=colour', 'orderby'],
    ['order=up', 'order'],
    ['per_page=0', 'per_page'],
    ['per_page=many', 'per_page'],
    ['page=0', 'page'],
    ['offset=-1', 'offset'],
    ['include=one', 'include'],
    ['after=yesterday', 'after'],
  ])('refuses orders?%s for %s', async (query, name) => {
    const { status, body } = await call('GET', `orders?${query}`);
    expect([status, body.code, Object.keys(body.data.params)]).toEqual([400, 'rest_invalid_param', [name]]);
  });

  it('leads from page to page by links that a client can follow', async () => {
    const seen: number[] = [];
    let next: string | undefined = 'orders?per_page=1&status=processing,completed&order=asc';
    while (next !== undefined) {
      const { headers, body }: Awaited<ReturnType<typeof call>> = await call('GET', next);
      expect([headers.get('x-wp-total'), headers.get('x-wp-totalpages')]).toEqual(['3', '3']);
      seen.push(body[0].id);
      next = /<([^>]*)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
    }
    expect(seen).toEqual([ids[0], ids[2], ids[3]]);
  });

  it('cuts what it shows to the fields asked for, and rounds to the decimals asked for', async () => {
    expect(await get(`orders/${ids[0]}?_fields=id,billing.email,line_items.sku`)).toEqual({
      id: ids[0],
      billing: { email: 'Ana@example.com' },
      line_items: [{ sku: 'WOO-LAMP' }],
    });
    expect(await get(`orders?_fields=total&include=${ids[0]}&dp=0`)).toEqual([{ total: '25' }]);
    expect(await get(`orders/${ids[0]}?_fields=total&dp=4`)).toEqual({ total: '24.9000' });
  });

  it.each([
    ['products?sku=WOO-LAMP', ['WOO-LAMP']],
    ['products?sku=WOO-TEE-RED', ['WOO-TEE-RED']],
    ['products?search=mug', ['WOO-MUG']],
    ['products?type=variable', ['WOO-TEE']],
    ['products?min_price=10&max_price=20', ['WOO-TEE']],
    ['products?slug=enamel-mug', ['WOO-MUG']],
    ['products?orderby=title&order=asc&exclude=0&type=simple', ['WOO-MUG', 'WOO-LAMP']],
    ['products?status=draft', []],
    ['products?stock_status=outofstock', []],
  ])('%s are %j', async (path, skus) => {
    expect((await get(path)).map((row: { sku: string }) => row.sku)).toEqual(skus);
  });

  it('finds variations of a product, and webhooks by their status', async () => {
    const [tee] = await idsOf('products?type=variable');
    const skus = (await get(`products/${tee}/variations?stock_status=outofstock`)).map((v: { sku: string }) => v.sku);
    expect(skus).toEqual(['WOO-TEE-BLUE']);
    const hook = { topic: 'order.updated', delivery_url: 'http://127.0.0.1:9/', secret: 's' };
    const made = [await call('POST', 'webhooks', hook), await call('POST', 'webhooks', { ...hook, status: 'paused' })];
    expect(await idsOf('webhooks?status=paused')).toEqual([made[1]?.body.id]);
    expect(await idsOf('webhooks?status=all&orderby=id&order=asc')).toEqual(made.map(({ body }) => body.id));
  });
});

describe('the sandbox of WooCommerce: what it lacks it says', () => {
  it.each([
    ['GET', 'products?featured=true', undefined, 'featured'],
    ['GET', 'products?orderby=popularity', undefined, 'popularity'],
    ['GET', 'orders?orderby=slug', undefined, 'slug'],
    ['GET', 'orders?_envelope=1', undefined, '_envelope'],
    ['POST', 'orders', { coupon_lines: [] }, 'coupon_lines'],
    ['POST', 'orders/batch', {}, 'orders/batch'],
    ['POST', 'products', {}, 'products'],
    ['POST', 'products/batch', { create: [] }, 'create'],
    ['POST', 'products/batch', { update: [{ id: 1, images: [] }] }, 'images'],
    ['GET', 'customers/7', undefined, 'customers/7'],
    ['GET', 'settings/general', undefined, 'settings/general'],
    ['GET', 'settings/products/woocommerce_shop_page_id', undefined, 'woocommerce_shop_page_id'],
  ])('%s %s with %j names %s', async (method, path, json, name) => {
    const { status, body } = await call(method, path, json);
    expect([status, body.code]).toEqual([501, 'sandbox_unsupported']);
    expect(body.message).toContain(name);
  });

  it('answers as WordPress does what nobody knows, and keeps its name', async () => {
    expect((await call('GET', 'colours')).body.code).toBe('rest_no_route');
    expect(shop.strangers()).toEqual([]);
    const { id } = await order({ colour: 'red' });
    expect((await call('GET', `orders/${id}?shade=dark`)).status).toBe(200);
    expect(shop.strangers()).toEqual(['POST /orders: colour', 'GET /orders/{id}: shade']);
  });

  it('is asked by our connector for nothing that nobody knows', async () => {
    const host = hostConnector(woocommerce, { ...shop, settings: { requestsPerSecond: 100 } }, clock);
    const { id, line_items } = await order();
    const externalId = String(id);
    await host.call('connection.check', {});
    await host.call('orders.pull', { since: '2026-10-01T00:00:00Z', cursor: null });
    await host.call('orders.pull', { since: '2026-10-01T00:00:00Z', cursor: 'refunds@1' });
    const { items } = await host.call('listings.read', { cursor: null });
    const levels = items.slice(0, 1).map((item) => ({ ...item, quantity: 3, from: null }));
    await host.call('inventory.push', { levels, idempotencyKey: 'k' });
    const lines = [{ lineExternalId: String(line_items[0].id), quantity: 1 }];
    const tracking = { carrier: 'UPS', number: '1Z', url: '' };
    const told = { reference: 's-1', orderExternalId: externalId, completes: false, lines, tracking };
    await host.call('shipments.confirm', { confirmation: told });
    await host.call('refunds.create', {
      orderExternalId: externalId,
      reference: 'r-1',
      currency: 'GBP',
      note: '',
      lines: [{ lineExternalId: String(line_items[0].id), quantity: 1, totalMinor: 100, restock: true }],
    });
    const wish = { externalId, reference: 'c', reason: 'other', note: '', notify: false, restock: true } as const;
    await host.call('orders.cancel', wish);
    await host.call('webhooks.register', { url: 'http://127.0.0.1:9/h', secret: 's' });
    await host.call('webhooks.register', { url: 'http://127.0.0.1:9/h', secret: 's' });
    await host.call('webhooks.deregister', { path: '/h' });
    expect(shop.strangers()).toEqual([]);
    expect(shop.requests().filter(({ status }) => status >= 400)).toEqual([]);
  });
});

describe('the sandbox of WooCommerce: writes that stay', () => {
  it('makes an order of products, at their prices, with shipping, paid', async () => {
    const made = await order({
      line_items: [line('WOO-LAMP', 2), { ...line('WOO-TEE-RED'), subtotal: '18.00', total: 9 }],
      shipping_lines: [{ method_id: 'flat_rate', method_title: 'Post', total: '3.95' }],
      fee_lines: [{ name: 'Gift wrap', total: '1.00' }],
      billing: { first_name: 'Ana', country: 'GB' },
      meta_data: [{ key: '_vat_number', value: 'GB1' }],
      customer_note: 'Ring twice',
    });
    expect(made).toMatchObject({
      status: 'processing',
      total: '63.75',
      discount_total: '9.00',
      shipping_total: '3.95',
      date_paid_gmt: '2026-11-01T10:00:00',
      customer_note: 'Ring twice',
      billing: { first_name: 'Ana', country: 'GB', city: '' },
      line_items: [
        { sku: 'WOO-LAMP', quantity: 2, total: '49.80' },
        { sku: 'WOO-TEE-RED', total: '9.00' },
      ],
      meta_data: [{ key: '_vat_number', value: 'GB1' }],
    });
    expect(await get(`orders/${made.id}`)).toEqual(made);
    expect(await get('products?sku=WOO-LAMP')).toMatchObject([{ stock_quantity: 10 }]);
    const bare = await call('POST', 'orders', { line_items: [{ quantity: 1 }] });
    expect(bare.body.code).toBe('woocommerce_rest_required_product_reference');
  });

  it.each(['POST', 'PUT', 'PATCH'])('changes an order by %s, and leaves what is not named', async (method) => {
    const { id } = await order({ billing: { first_name: 'Ana', city: 'Leeds' } });
    const changes = {
      customer_note: 'Later',
      transaction_id: 'tx-1',
      shipping: { city: 'York' },
      billing: { city: 'Hull' },
    };
    expect((await call(method, `orders/${id}`, changes)).status).toBe(200);
    expect(await get(`orders/${id}`)).toMatchObject({
      ...changes,
      billing: { first_name: 'Ana', city: 'Hull' },
      status: 'processing',
    });
  });

  it('pays an order by a call', async () => {
    const { id } = await order({ set_paid: false });
    expect(await get(`orders/${id}`)).toMatchObject({ status: 'pending', date_paid: null });
    await call('PUT', `orders/${id}`, { set_paid: true });
    expect(await get(`orders/${id}`)).toMatchObject({ status: 'processing', date_paid_gmt: '2026-11-01T10:00:00' });
  });

  it('changes products one by one and in a batch, and counts no stock that is not counted', async () => {
    const [mug] = await get('products?sku=WOO-MUG');
    const path = `products/${mug.id}`;
    await call('POST', 'products/batch', { update: [{ id: mug.id, regular_price: 8.25, stock_quantity: 5 }] });
    expect(await get(path)).toMatchObject({ price: '8.25', regular_price: '8.25', stock_quantity: null });
    await call('PATCH', path, { sale_price: '7', manage_stock: true, stock_quantity: 0, backorders: 'notify' });
    expect(await get(path)).toMatchObject({
      price: '7',
      on_sale: true,
      stock_quantity: 0,
      stock_status: 'onbackorder',
      backorders_allowed: true,
    });
    const [red] = await get('products?sku=WOO-TEE-RED');
    const variation = `products/${red.parent_id}/variations/${red.id}`;
    await call('PUT', variation, { weight: '0.2' });
    expect(await get(variation)).toMatchObject({ weight: '0.2', sku: 'WOO-TEE-RED' });
    expect((await call('GET', `products/${red.id}`)).body.code).toBe('woocommerce_rest_product_invalid_id');
    expect((await call('GET', `products/${mug.id}/variations/${red.id}`)).body.code).toBe(
      'woocommerce_rest_product_variation_invalid_id',
    );
  });

  it('shows a refund by its id, of its own order alone', async () => {
    const [one, two] = [await order(), await order()];
    const { body } = await call('POST', `orders/${one.id}/refunds`, {
      amount: '5.00',
      reason: 'late',
      api_refund: false,
    });
    expect(await get(`orders/${one.id}/refunds/${body.id}`)).toEqual(body);
    expect((await call('GET', `orders/${two.id}/refunds/${body.id}`)).status).toBe(404);
  });

  it('keeps a webhook until it is deleted, and refuses what the shop refuses in its words', async () => {
    const hook = { name: 'Mine', topic: 'order.updated', delivery_url: 'http://127.0.0.1:9/', secret: 's' };
    const { body } = await call('POST', 'webhooks', hook);
    const path = `webhooks/${body.id}`;
    expect(await get(path)).toMatchObject({ name: 'Mine', resource: 'order', event: 'updated', status: 'active' });
    expect(body.secret).toBeUndefined();
    await call('PATCH', path, { status: 'paused' });
    expect(await get(path)).toMatchObject({ status: 'paused' });
    expect((await call('DELETE', path)).body.code).toBe('woocommerce_rest_trash_not_supported');
    await call('DELETE', `${path}?force=true`);
    expect((await call('GET', path)).body.code).toBe('woocommerce_rest_shop_webhook_invalid_id');
    for (const topic of ['order.exploded', 'refund.created', 'order', ''])
      expect((await call('POST', 'webhooks', { ...hook, topic })).body, topic).toMatchObject({
        code: 'woocommerce_rest_shop_webhook_invalid_topic',
        message: 'Webhook topic is required and must be valid.',
      });
    for (const topic of ['action.woocommerce_add_to_cart', 'coupon.deleted', 'order.restored'])
      expect((await call('POST', 'webhooks', { ...hook, topic })).status, topic).toBe(201);
    expect((await call('POST', 'webhooks', { ...hook, delivery_url: 'ftp://x' })).body.code).toBe(
      'woocommerce_rest_shop_webhook_invalid_delivery_url',
    );
  });
});

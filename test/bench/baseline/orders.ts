/**
 * The life of a drop-shipped order written bare, in one file: what somebody would write who needs it once. No guard, no validation,
 * no audit, no retry that knows what it repeats. Row a measures Crossdock against it.
 */
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { Queue, Worker } from 'bullmq';
import express from 'express';
import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';
import { z } from 'zod';
import { watchParent } from '#setup/parent-watch.mjs';

watchParent();
const settings = z
  .object({
    redisUrl: z.string(),
    database: z.string(),
    prefix: z.string(),
    concurrency: z.number(),
    shop: z.object({ url: z.string(), key: z.string(), secret: z.string() }),
    supplier: z.object({ endpoint: z.string(), apiKey: z.string(), openId: z.string() }),
    /** The shop's SKU to the supplier's. */
    skus: z.record(z.string(), z.string()),
  })
  .parse(JSON.parse(process.argv[2] ?? ''));

const HOOK_SECRET = 'bare-secret';
/** Over plain http the shop takes what the keys have signed: OAuth 1.0a, section 3.4. */
const signature = (method: string, url: URL): string => {
  const own = {
    oauth_consumer_key: settings.shop.key,
    oauth_nonce: randomUUID(),
    oauth_signature_method: 'HMAC-SHA256',
    oauth_timestamp: String(Math.floor(Date.now() / 1000)),
  };
  const pairs = [...url.searchParams, ...Object.entries(own)].map((pair) => pair.map(encodeURIComponent).join('='));
  const base = [method, `${url.origin}${url.pathname}`, pairs.sort().join('&')].map(encodeURIComponent).join('&');
  const oauth_signature = createHmac('sha256', `${settings.shop.secret}&`).update(base).digest('base64');
  const fields = Object.entries({ ...own, oauth_signature });
  return `OAuth ${fields.map(([name, value]) => `${name}="${encodeURIComponent(value)}"`).join(', ')}`;
};

const mongo = await new MongoClient(settings.database, { w: 'majority', maxPoolSize: 32 }).connect();
const orders = mongo.db().collection<{ _id: string; [field: string]: unknown }>('orders');
const update = (id: string, fields: Record<string, unknown>) => orders.updateOne({ _id: id }, { $set: fields });

const call = async (url: string, method: string, headers: Record<string, string>, body?: unknown) => {
  const response = await fetch(url, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`);
  return JSON.parse(text);
};
const shop = (method: string, path: string, body?: unknown) => {
  const url = new URL(`${settings.shop.url}/wp-json/wc/v3${path}`);
  return call(url.href, method, { authorization: signature(method, url) }, body);
};
let token = '';
const supplier = (method: string, path: string, body?: unknown) =>
  call(`${settings.supplier.endpoint}${path}`, method, { 'CJ-Access-Token': token }, body);

const connection = new Redis(settings.redisUrl, { maxRetriesPerRequest: null });
const queue = new Queue('life', { connection, prefix: settings.prefix });
const add = (name: string, id: string) =>
  queue.add(name, { id }, { attempts: 5, removeOnComplete: true, removeOnFail: true });

const steps: Record<string, (id: string) => Promise<unknown>> = {
  async ingest(id) {
    const order = await shop('GET', `/orders/${id}?dp=2`);
    await orders.insertOne({
      _id: id,
      number: order.number,
      currency: order.currency,
      total: order.total,
      buyer: order.billing,
      shipTo: order.shipping,
      lines: order.line_items,
      state: 'received',
    });
    await add('route', id);
  },
  async route(id) {
    await update(id, { mode: 'drop-ship', state: 'routed' });
    await add('submit', id);
  },
  async submit(id) {
    // As fresh as ours: what was paid, changed or given back since it was read would show here.
    await shop('GET', `/orders/${id}?dp=2`);
    const order = await orders.findOne({ _id: id });
    const to = z.record(z.string(), z.string()).parse(order?.['shipTo']);
    const lines = z.array(z.object({ id: z.number(), sku: z.string(), quantity: z.number() })).parse(order?.['lines']);
    await update(id, { state: 'submitted' });
    await supplier('GET', `/shopping/order/getOrderDetail?orderId=${id}`);
    const { data } = await supplier('POST', '/shopping/order/createOrderV2', {
      orderNumber: id,
      shippingCustomerName: `${to['first_name']} ${to['last_name']}`,
      shippingAddress: to['address_1'],
      shippingAddress2: to['address_2'],
      shippingCity: to['city'],
      shippingProvince: to['state'] || to['city'],
      shippingZip: to['postcode'],
      shippingCountryCode: to['country'],
      shippingCountry: to['country'],
      shippingPhone: to['phone'],
      payType: 2,
      logisticName: 'CJPacket Ordinary',
      fromCountryCode: 'CN',
      products: lines.map((line) => ({
        vid: settings.skus[line.sku],
        quantity: line.quantity,
        storeLineItemId: String(line.id),
      })),
    });
    await update(id, { supplierId: data.orderId, state: 'accepted' });
  },
  async track(id) {
    const { data } = await supplier('GET', `/shopping/order/getOrderDetail?orderId=${id}`);
    await update(id, { tracking: { carrier: data.logisticName, number: data.trackNumber }, state: 'shipped' });
    await add('confirm', id);
  },
  async confirm(id) {
    const order = await shop('GET', `/orders/${id}?dp=2`);
    const stored = await orders.findOne({ _id: id });
    const { carrier, number } = z.object({ carrier: z.string(), number: z.string() }).parse(stored?.['tracking']);
    await shop('PUT', `/orders/${id}`, {
      meta_data: [{ key: `_crossdock_shipment_${id}`, value: { carrier, number, lines: order.line_items.length } }],
      status: 'completed',
    });
    const notes = await shop('GET', `/orders/${id}/notes?type=customer`);
    if (notes.length === 0)
      await shop('POST', `/orders/${id}/notes`, {
        note: `Shipped with ${carrier}, tracking number ${number}`,
        customer_note: true,
      });
    await update(id, { state: 'confirmed' });
    await update(id, { state: 'closed' });
  },
};

const worker = new Worker<{ id: string }>('life', async (job) => steps[job.name]?.(job.data.id), {
  connection: new Redis(settings.redisUrl, { maxRetriesPerRequest: null }),
  prefix: settings.prefix,
  concurrency: settings.concurrency,
});
worker.on('failed', (job, error) => process.stderr.write(`${job?.name} ${job?.data.id}: ${error.message}\n`));

const signed = (body: Buffer, secret: string, given: string | undefined): boolean => {
  const wanted = createHmac('sha256', secret).update(body).digest();
  const found = Buffer.from(given ?? '', 'base64');
  return wanted.length === found.length && timingSafeEqual(wanted, found);
};

const app = express();
app.use(express.raw({ type: () => true, limit: '8mb' }));
app.post('/shop', async (request, response) => {
  if (request.header('x-wc-webhook-topic') === 'order.created') {
    if (!signed(request.body, HOOK_SECRET, request.header('x-wc-webhook-signature'))) {
      response.sendStatus(401);
      return;
    }
    await add('ingest', String(JSON.parse(request.body).id));
  }
  response.sendStatus(200);
});
app.post('/supplier', async (request, response) => {
  if (!signed(request.body, settings.supplier.openId, request.header('sign'))) {
    response.sendStatus(401);
    return;
  }
  const { type, params } = JSON.parse(request.body);
  if (type === 'ORDER' && params.orderStatus === 'SHIPPED') await add('track', params.orderNumber);
  response.sendStatus(200);
});
const server = app.listen(0, '127.0.0.1', async () => {
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  token = (await supplier('POST', '/authentication/getAccessToken', { apiKey: settings.supplier.apiKey })).data
    .accessToken;
  const here = { type: 'ENABLE', callbackUrls: [`${url}/supplier`] };
  await supplier('POST', '/webhook/set', { order: here, logistics: here });
  for (const topic of ['order.created', 'order.updated', 'order.deleted', 'order.restored'])
    await shop('POST', '/webhooks', { topic, delivery_url: `${url}/shop`, secret: HOOK_SECRET, status: 'active' });
  process.stdout.write(`ready ${url}\n`);
});

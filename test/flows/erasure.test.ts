import { createHmac } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeApp } from '#app/app.ts';
import type { Store } from '#app/ports.ts';
import { systemActor } from '#domain/actor.ts';
import type { Address } from '#domain/address.ts';
import type { Order } from '#domain/order.ts';
import { isProblem } from '#simulator/api-client.ts';
import { backup } from '#store/backup.ts';
import { connectTo } from '#store/connect.ts';
import { freshDatabase, servers } from '../support/servers.ts';
import { closed, ITEMS, itemOf, orderWhen, place, type Whole } from '../support/shop.ts';
import { openStand, type Stand, until } from '../support/stand.ts';

const uri = freshDatabase();
let stand: Stand;
let folder: string;
let raw: Awaited<ReturnType<typeof connectTo>>;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'crossdock-erasure-'));
  stand = await openStand({ items: ITEMS, mongodbUri: uri });
  raw = await connectTo(uri);
});
afterAll(async () => {
  await stand?.close();
  await raw?.connection.close();
  rmSync(folder, { recursive: true, force: true });
});

/** People of whom every value is met nowhere else. */
const personOf = (name: string): Partial<Address> => ({
  name: `${name}-First ${name}-Last`,
  company: `${name}-Company`,
  line1: `77 ${name}-Street`,
  line2: `${name}-Floor`,
  city: `${name}-Town`,
  postalCode: `${name}-PC`,
  phone: '+44 113 555 00',
  email: `${name.toLowerCase()}@buyers.example`,
});
const traces = (name: string) => new RegExp(name, 'iu');

/** Everything that is stored, as text: each document of each collection, and all that Redis holds. */
const dump = async (name: string): Promise<string> => {
  const to = path.join(folder, name);
  await backup({ db: raw.db, folder: to, product: 'test', clock: { now: () => 0 }, say: () => {} });
  const files = readdirSync(to).map((file) => {
    const bytes = readFileSync(path.join(to, file));
    return `${file}\n${file.endsWith('.gz') ? gunzipSync(bytes).toString() : bytes.toString()}`;
  });
  const redis = new Redis(servers().redisUrl);
  const held: string[] = [];
  for (const key of await redis.keys('*')) {
    const type = await redis.type(key);
    if (type === 'string') held.push(`${key} ${await redis.get(key)}`);
    if (type === 'hash') held.push(`${key} ${JSON.stringify(await redis.hgetall(key))}`);
    if (type === 'list') held.push(`${key} ${JSON.stringify(await redis.lrange(key, 0, -1))}`);
  }
  redis.disconnect();
  return [...files, ...held].join('\n');
};

const PEOPLE = [personOf('Zephyrine'), personOf('Quillon')];

it('leaves no trace of a person in any collection, keeps the figures, and lets the chain stay whole', async () => {
  const { api } = stand;
  const [one = {}, other = {}] = PEOPLE;
  const buy = (reference: string, storefront: number, to: Partial<Address>, facts?: Parameters<typeof place>[5]) =>
    place(
      stand,
      reference,
      [
        { item: itemOf('oem_dropship'), quantity: 1 },
        { item: itemOf('wholesale'), quantity: 1 },
      ],
      storefront,
      to,
      facts,
    );
  buy('E-1', 0, one, {
    facts: {
      taxIds: [{ kind: 'other', number: 'ZEPHYRINE-TAX', country: 'IT' }],
      poNumber: 'Zephyrine-PO',
      tags: ['gift for Zephyrine-First Zephyrine-Last'],
      attributes: [{ name: 'Card', value: 'Love from Zephyrine' }],
    },
    lines: { facts: { attributes: [{ name: 'Engraving', value: 'Zephyrine for ever' }] } },
  });
  buy('E-2', 1, one);
  buy('E-3', 1, other);
  // The shop's own news of what it was told comes after the order is closed.
  const atRest = (whole: Whole): boolean =>
    closed(whole) && whole.order.lines.every(({ quantity, fulfilledQuantity }) => fulfilledQuantity === quantity);
  const wholes = [];
  for (const number of ['E-1', 'E-2']) wholes.push(await orderWhen(stand, number, 'closed, and shown as sent', atRest));
  const kept = await orderWhen(stand, 'E-3', 'closed, and shown as sent', atRest);
  const orders = wholes.map(({ order }) => order);
  // What people type in names people too: an exception about nothing of the order, a charge, an answer that is kept.
  const { app } = stand.platform;
  await app.openException(systemActor('test'), {
    workspaceId: 'main',
    cause: 'failed_job',
    subject: { kind: 'job', id: 'job-1' },
    orderId: null,
    detail: `the parcel of Zephyrine-First Zephyrine-Last to 77 ZEPHYRINE-STREET was refused`,
    retry: null,
  });
  await api.post('/v1/charges', {
    reference: 'goodwill',
    title: 'Goodwill for Zephyrine-First Zephyrine-Last',
    totalMinor: 100,
    currency: 'GBP',
    at: '2026-01-05T10:00:00Z',
  });
  // Both were bought by an account, whose name and e-mail are the storefronts' own.
  const before = await dump('before');
  for (const name of ['Zephyrine', 'Quillon']) expect(before).toMatch(traces(name));
  const figures = async (id: string) => {
    const { order, legs } = (await api.get(`/v1/orders/${id}`)) as { order: Order; legs: { lines: unknown }[] };
    const { charges, totalMinor, refundedMinor, state, placedAtMs, currency } = order;
    const lines = order.lines.map(({ facts, ...line }) => ({ ...line, taxMinor: facts?.taxMinor }));
    const postings = await stand.platform.store.postings.list('main', { orderId: id }, { limit: 1_000 });
    return {
      lines,
      charges,
      totalMinor,
      refundedMinor,
      state,
      placedAtMs,
      currency,
      legs: legs.map((leg) => leg.lines),
      postings,
    };
  };
  const bodies = () =>
    stand.platform.store.orderBodies.findMany(
      'main',
      [...orders, kept.order].map(({ id }) => id),
    );
  expect(await bodies()).toHaveLength(3);
  const asWas = await Promise.all(orders.map(({ id }) => figures(id)));

  const wanted = { orders: ['E-1', 'E-2'] };
  expect(await api.post('/v1/persons/erase/preview', wanted)).toEqual({
    orders: orders.map(({ id, number }) => ({ id, number, open: false })).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    cases: [],
  });
  const { id: erasureId } = (await api.post('/v1/persons/erase', wanted)) as { id: string };
  await until('the person is erased', async () => (await erasureOf(erasureId)).state === 'done');
  expect(await erasureOf(erasureId)).toMatchObject({ state: 'done', counts: { orders: 2 } });

  const after = await dump('after');
  expect(after).not.toMatch(traces('Zephyrine'));
  expect(after).toMatch(traces('Quillon'));
  expect((await bodies()).map(({ _id }) => _id)).toEqual([kept.order.id]);
  expect(await Promise.all(orders.map(({ id }) => figures(id)))).toEqual(asWas);
  const untouched = (await api.get(`/v1/orders/${kept.order.id}`)) as { order: Order };
  expect(untouched.order.shipTo).toEqual(kept.order.shipTo);
  const [erased] = orders;
  const shown = (await api.get(`/v1/orders/${erased?.id}`)) as { order: Order };
  expect(shown.order).toMatchObject({
    buyer: { externalId: null, name: '', email: '' },
    shipTo: { name: '', line1: '', city: '', phone: '', country: 'GB' },
    note: '',
  });
  expect(await api.post('/v1/audit/verify', {})).toMatchObject({ problems: [], next: null });
  const timeline = (await api.get(`/v1/orders/${erased?.id}/timeline?limit=500`)) as { items: { type: string }[] };
  // Its parcels may be scanned afterwards.
  expect(timeline.items.filter(({ type }) => type !== 'shipment.scanned').at(-1)?.type).toBe('order.erased');

  // The storefront tells of the order again: who bought it is not taken over.
  const shop = stand.world.storefronts[0]?.world;
  const { order: full } = kept;
  if (!full.shipTo) throw new Error('no address');
  const moved = { ...full.shipTo, ...one, line1: '78 Zephyrine-Street' };
  shop?.changeAddress({ orderReference: 'E-1', shipTo: moved, billTo: moved });
  await app.ingestOrder(systemActor('test'), {
    workspaceId: 'main',
    connectionId: erased?.connectionId ?? '',
    externalId: erased?.externalId ?? '',
  });
  expect(await dump('again')).not.toMatch(traces('Zephyrine'));
});

it('is refused while an order of the person is open, and names it', async () => {
  const { api } = stand;
  place(stand, 'E-open', [{ item: itemOf('oem_dropship'), quantity: 1 }], 0, personOf('Wilhelmine'));
  const { order } = await orderWhen(stand, 'E-open', 'there', () => true);
  await api.post(`/v1/orders/${order.id}/hold`, { note: 'wait' });
  const refused = await api.post('/v1/persons/erase', { orders: [order.id] }).catch((error: unknown) => error);
  expect(isProblem(refused) && refused.status).toBe(409);
  expect(JSON.stringify(refused)).toContain('E-open');
  const nobody = await api
    .post('/v1/persons/erase', { email: 'nobody@nowhere.example' })
    .catch((error: unknown) => error);
  expect(isProblem(nobody) && nobody.status).toBe(404);
});

it('killed after each of its writes and asked for again, it ends as if it had not been', async () => {
  place(
    stand,
    'E-killed',
    [
      { item: itemOf('oem_dropship'), quantity: 1 },
      { item: itemOf('wholesale'), quantity: 1 },
    ],
    0,
    personOf('Isolde'),
  );
  const { order } = await orderWhen(stand, 'E-killed', 'closed', closed);
  const { ports } = stand.platform.app;
  const actor = systemActor('test');
  const wanted = {
    workspaceId: 'main',
    person: { by: 'email', email: 'ISOLDE@buyers.example' },
    cases: 'ask',
  } as const;
  const { _id: erasureId } = await stand.platform.app.requestErasure(actor, wanted);
  // Asked for twice it is one.
  expect((await stand.platform.app.requestErasure(actor, wanted))._id).toBe(erasureId);
  let kills = 0;
  for (let done = false; !done; ) {
    let writes = 0;
    const dies = (): void => {
      writes += 1;
      if (writes > 1) throw new Error('killed');
    };
    const mortal = (name: keyof Store): object => ({
      ...ports.store[name],
      change: (...given: Parameters<Store['orders']['change']>) => {
        dies();
        return Reflect.apply(Reflect.get(ports.store[name], 'change'), ports.store[name], given);
      },
    });
    const store: Store = Object.assign({}, ports.store, Object.fromEntries(NAMES.map((name) => [name, mortal(name)])));
    try {
      await makeApp({ ...ports, store }).runErasure(actor, { workspaceId: 'main', erasureId });
      done = true;
    } catch (error) {
      if (!(error instanceof Error && error.message === 'killed')) throw error;
      kills += 1;
    }
  }
  // Two legs, the order, and that it was erased.
  expect(kills).toBeGreaterThanOrEqual(3);
  expect(await dump('killed')).not.toMatch(traces('Isolde'));
  while ((await stand.platform.app.fileEvents(actor, { workspaceId: 'main' })).more);
  const events = await ports.store.events.list('main', {}, { limit: 10_000 });
  const erasures = events.filter(({ type, data }) => type === 'erasure.requested' && isAbout(data, order.id));
  expect(erasures).toHaveLength(1);
  expect(
    events.filter(({ type, subject }) => type === 'erasure.done' && subject.id === erasures[0]?.subject.id),
  ).toHaveLength(1);
});

it('does what a storefront asks for its customer, once no order of theirs is open', async () => {
  const { app, store, gateway } = stand.platform;
  const shopify = stand.world.storefronts.findIndex((each) => each.place === 'shopify');
  place(stand, 'E-redact', [{ item: itemOf('wholesale'), quantity: 1 }], shopify, personOf('Ottoline'));
  const { order } = await orderWhen(stand, 'E-redact', 'there', () => true);
  await stand.api.post(`/v1/orders/${order.id}/hold`, { note: 'Ottoline asked us to wait' });
  const connection = await store.connections.find('main', order.connectionId);
  if (!connection) throw new Error('no connection');
  const body = JSON.stringify({
    shop_id: 1,
    shop_domain: 'acme.myshopify.com',
    customer: { email: 'ottoline@buyers.example' },
    orders_to_redact: [Number(order.externalId.split('/').at(-1))],
  });
  const ask = (secret: string) =>
    fetch(`${stand.url}/webhooks/${connection._id}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-shopify-topic': 'customers/redact',
        'x-shopify-webhook-id': 'redact-1',
        'x-shopify-hmac-sha256': createHmac('sha256', secret).update(body).digest('base64'),
      },
      body,
    });
  expect((await ask('somebody else')).status).toBe(401);
  expect((await ask(gateway.webhooks(connection).secret())).status).toBe(200);
  const asked = () =>
    store.inbox.list('main', { subject: `${connection._id} customer ${order.externalId}` }, { limit: 10 });
  // The order is open: it waits for a day.
  await until('the request waits', async () => {
    const [item] = await asked();
    return item !== undefined && (item.dueAtMs ?? 0) > stand.world.clock.clock.now() + 3_600_000;
  });
  expect(await store.erasures.list('main', { state: 'requested' }, { limit: 10 })).toEqual([]);
  await stand.api.post(`/v1/orders/${order.id}/release`, { code: 'manual', note: 'go on' });
  await orderWhen(stand, 'E-redact', 'closed', closed);
  await until('the request is done', async () => (await asked())[0]?.state === 'done');
  while ((await app.fileEvents(systemActor('test'), { workspaceId: 'main' })).more);
  expect(await dump('redacted')).not.toMatch(traces('Ottoline'));
});

it('that was asked for and lost is taken up by the sweep', async () => {
  const { app, store } = stand.platform;
  place(stand, 'E-lost', [{ item: itemOf('oem_dropship'), quantity: 1 }], 0, personOf('Philippa'));
  await orderWhen(stand, 'E-lost', 'closed', closed);
  // Written down, and the process died before it had put the job on its queue.
  const { _id } = await app.requestErasure(systemActor('test'), {
    workspaceId: 'main',
    person: { by: 'email', email: 'philippa@buyers.example' },
    cases: 'ask',
  });
  await store.erasures.change(_id, {}, { dueAtMs: stand.world.clock.clock.now() });
  await until('the sweep has done it', async () => (await erasureOf(_id)).state === 'done');
  expect(await dump('lost')).not.toMatch(traces('Philippa'));
});

const erasureOf = async (id: string) =>
  (await stand.api.get(`/v1/persons/erasures/${id}`)) as { state: string; counts: Record<string, number> };

const NAMES = ['orders', 'legs', 'shipments', 'returns', 'exceptions', 'approvals', 'events', 'erasures'] as const;
const isAbout = ({ orders }: Readonly<Record<string, unknown>>, id: string): boolean =>
  Array.isArray(orders) && orders.includes(id);

import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { makeApp } from '#app/app.ts';
import type { Document, Documents, Store } from '#app/ports.ts';
import { systemActor } from '#domain/actor.ts';
import type { Address } from '#domain/address.ts';
import { mintKey } from '#domain/api-key.ts';
import { systemClock } from '#domain/clock.ts';
import type { Connection } from '#domain/connection.ts';
import { dueId } from '#domain/due.ts';
import { listingId, offerId } from '#domain/ids.ts';
import type { Leg } from '#domain/leg.ts';
import { newLocation } from '#domain/location.ts';
import { noted } from '#domain/move.ts';
import { Offer } from '#domain/offer.ts';
import type { Order } from '#domain/order.ts';
import { plainDate } from '#domain/plain-date.ts';
import { emptyLevel } from '#domain/stock.ts';
import { newVariant } from '#domain/variant.ts';
import type { Route } from '#http/route.ts';
import { ROUTES } from '#http/routes/index.ts';
import { makeServer, type ServerDeps } from '#http/server.ts';
import {
  type Connector,
  defineConnector,
  defineManifest,
  Failure,
  hmacSha256Of,
  sameText,
  secret,
  type WebhookMeaning,
} from '#kit';
import { openQueues, type Queues } from '#queue';
import { makeEgress } from '#runtime/egress.ts';
import { makeGateway } from '#runtime/gateway.ts';
import { makeSecrets } from '#runtime/secrets.ts';
import { openStore } from '#store/store.ts';
import { makeLog } from '#telemetry/log.ts';
import { makeMetrics } from '#telemetry/metrics.ts';
import { NO_FACTS } from '#trade/case-file/case-file.ts';
import { STEPS } from '#trade/case-file/facts.ts';
import { sampleLeg, sampleOrder } from '../../src/console/testing/samples.ts';
import { portsOn } from '../support/ports.ts';
import { freshDatabase, freshRedisPrefix, servers } from '../support/servers.ts';

const HOME: Address = {
  name: 'Ada Lovelace',
  company: '',
  line1: '1 Analytical Row',
  line2: '',
  city: 'London',
  region: '',
  postalCode: 'N1',
  country: 'GB',
  phone: '',
  email: '',
};

const BODY_LIMIT = 64 * 1024;
const STALE_MS = 300_000;
/** In everything that belongs to the other workspace. */
const CANARY = 'canary-of-b';

const refuse = async (): Promise<never> => {
  throw new Failure('rejected', 'the test’s shop does nothing');
};
const signatureOf = (secretText: string, time: string, body: Buffer | string): string =>
  hmacSha256Of(secretText, `${time}.${body.toString()}`, 'hex');

/** A storefront whose webhooks sign their time. */
const testshop = defineConnector(
  defineManifest({
    id: 'testshop',
    role: 'storefront',
    title: 'Test shop',
    apiVersion: '1',
    docs: { url: 'https://shop.example', read: '2026-11-24' },
    credentials: z.object({ shop: z.string(), token: secret() }),
    settings: z.object({ shelf: z.string().default('main') }),
    http: { baseUrl: () => 'https://shop.example', limits: () => [], timeoutMs: 1_000 },
    webhooks: {
      secret: 'ours',
      verify({ rawBody, headers, secret: key, nowMs }) {
        const time = headers['x-time'] ?? '';
        if (!sameText(headers['x-signature'] ?? '', signatureOf(key, time, rawBody)))
          throw new Failure('unauthorised', 'the signature does not match');
        if (Math.abs(nowMs - Number(time)) > STALE_MS) throw new Failure('unauthorised', 'it is stale');
      },
      isPing: ({ rawBody }) => rawBody.toString() === 'ping',
      deliveryId: ({ headers }) => headers['x-delivery'] ?? '',
      read({ body, headers }): WebhookMeaning {
        if (headers['x-topic'] === 'weather') return { kind: 'ignored', topic: 'weather' };
        if (headers['x-topic'] !== 'order') throw new Failure('rejected', 'an unknown topic');
        const parsed = z.object({ id: z.string() }).safeParse(body);
        if (!parsed.success) throw new Failure('invalid', 'it names no order');
        return { kind: 'order', externalId: parsed.data.id };
      },
    },
  }),
  {
    'connection.check': async ({ credentials: { shop } }) => ({ account: shop, identity: shop, missing: [] }),
    'orders.pull': refuse,
    'orders.get': refuse,
    'orders.read': refuse,
    'listings.read': refuse,
    'inventory.push': refuse,
    'shipments.confirm': refuse,
    'shipments.update': refuse,
    'refunds.create': refuse,
    'webhooks.register': async ({ credentials: { shop } }, { url }) => ({ topics: [`${shop} ${url}`] }),
  },
);
const connectors: ReadonlyMap<string, Connector> = new Map([[testshop.manifest.id, testshop]]);

interface Answer {
  status: number;
  headers: Headers;
  text: string;
  body: Record<string, unknown>;
}
const Json = z.record(z.string(), z.unknown());

let store: Store;
let queues: Queues;
let redis: Redis;
let gateway: ReturnType<typeof makeGateway>;
let deps: ServerDeps;
let base = '';
const ends: (() => unknown)[] = [];
/** What was put on the queues, in turn. */
const queued: { job: string; payload: unknown }[] = [];
const logged: string[] = [];

const serve = async (given: ServerDeps): Promise<string> => {
  const { handler, close } = makeServer(given);
  const server = createServer(handler);
  // On a busy machine a client's next request may come late: its connection is not to be closed under it.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(async () => {
    await close();
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
};

const call = async (
  method: string,
  path: string,
  options: { key?: string; body?: unknown; raw?: string | Buffer; headers?: Record<string, string>; at?: string } = {},
): Promise<Answer> => {
  const body = options.raw ?? (options.body === undefined ? null : JSON.stringify(options.body));
  const response = await fetch(`${options.at ?? base}${path}`, {
    method,
    headers: {
      ...(options.key === undefined ? {} : { authorization: `Bearer ${options.key}` }),
      ...(body === null ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
    },
    body: typeof body === 'string' || body === null ? body : new Uint8Array(body),
  });
  const text = await response.text();
  // Of every answer in this file: the machinery of records stays inside.
  expect(text).not.toMatch(INSIDE_NAMES);
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson ? Json.parse(JSON.parse(text)) : {},
  };
};

/** What records have for our own machinery, in every record of the workspace of these tests. */
const INSIDE = {
  news: [
    {
      seq: 1,
      type: 'test.planted',
      from: null,
      to: 'planted',
      actor: systemActor('planted'),
      atMs: 1,
      data: {},
    },
  ],
  newsSeq: 1,
  schemaVersion: 1,
};
const INSIDE_NAMES = /"(news|newsSeq|schemaVersion|workspaceId|_id|dueAtMs|webhookSecret|hash|decider)":/;
const plantInside = async <T extends Document>(documents: Documents<T>): Promise<number> => {
  const planted: Partial<T> = {};
  const changes = Object.assign(planted, INSIDE);
  const all = await documents.list('wa', {}, { limit: 1_000 });
  return documents.changeMany(all.map(({ _id: id }) => ({ id, guard: {}, changes })));
};

const newKey = async (workspaceId: string, scopes: string[], location = ''): Promise<string> => {
  const { key, id, hash } = mintKey(workspaceId);
  const name = `${workspaceId} ${scopes.join(' ')} ${location}`;
  await store.apiKeys.insert({
    _id: id,
    workspaceId,
    name,
    hash,
    scopes,
    location,
    createdAtMs: 1,
    revokedAtMs: null,
  });
  return key;
};

const offer = (sku: string): Offer =>
  Offer.parse({ sku, mode: 'wholesale', partner: 'a wholesaler', location: 'main', unitCost: '1.00', currency: 'GBP' });

/** One of everything in a workspace, each with the workspace's mark in it; answers the ids. */
const seed = async (workspaceId: string, mark: string) => {
  const connectionId = `cn_${workspaceId}`;
  const connection: Connection = {
    _id: connectionId,
    workspaceId,
    connectorId: 'testshop',
    role: 'storefront',
    name: mark,
    credentials: gateway.sealCredentials(workspaceId, connectionId, 'testshop', { shop: mark, token: `token ${mark}` }),
    settings: { shelf: mark },
    state: 'active',
    identity: mark,
    live: true,
    fulfilFromMs: 0,
    webhookSecret: gateway.mintWebhookSecret(workspaceId, connectionId),
    cursor: { since: '2026-01-01T00:00:00Z', next: null },
    pollEveryMinutes: 5,
    createdAtMs: 1,
    lastError: '',
  };
  const orderId = `or_${workspaceId}`;
  const sku = `sku ${mark}`;
  const line = {
    id: `ol_${workspaceId}`,
    externalId: '1',
    externalVariantId: null,
    sku,
    title: mark,
    quantity: 5,
    currentQuantity: 5,
    fulfilledQuantity: 0,
    requiresShipping: true,
    unitPrice: '2.00',
    totalMinor: 1_000,
    offer: offer(sku),
  };
  const order: Order = {
    _id: orderId,
    workspaceId,
    connectionId,
    externalId: 'x1',
    number: `1001-${workspaceId}`,
    placedAtMs: 1,
    seenUpdatedAt: '2026-01-01T00:00:00Z',
    currency: 'GBP',
    fetchedAtMs: 1,
    answeredAtMs: 1,
    payment: { state: 'paid', method: '', paidMinor: 1_000, paidAt: null },
    rawStatus: 'paid',
    cancelledAt: null,
    test: false,
    risk: 'none',
    buyer: { externalId: null, name: mark, email: '' },
    shipTo: HOME,
    billTo: null,
    addressBy: null,
    lines: [line],
    charges: [],
    rates: [],
    totalMinor: 1_000,
    refundedMinor: 0,
    note: mark,
    state: 'received',
    version: 1,
    holds: [],
    released: [],
    versions: [],
    taken: [],
    cancels: [],
    plan: null,
    replan: null,
    units: null,
    unitSets: 0,
    historical: false,
    unmapped: [],
    dueAtMs: null,
    createdAtMs: 1,
    updatedAtMs: 1,
    closedAtMs: null,
  };
  const leg: Leg = {
    _id: `lg_${workspaceId}`,
    workspaceId,
    orderId,
    orderExternalId: '',
    shipTo: HOME,
    orderNumber: order.number,
    plan: 1,
    connectionId,
    kind: 'work',
    mode: 'self_produced',
    partner: mark,
    location: 'factory',
    currency: 'GBP',
    costCurrency: 'GBP',
    state: 'awaiting',
    version: 1,
    lines: [
      {
        lineId: line.id,
        externalId: '1',
        sku,
        title: mark,
        quantity: 5,
        totalMinor: 1_000,
        externalSku: sku,
        unitCost: '1.00',
        reservation: line.id,
        ready: false,
        shipped: 0,
        cancelled: 0,
        returned: 0,
        asked: 0,
        received: 0,
      },
    ],
    refunds: [],
    counted: [],
    waitsFor: 'factory',
    reason: mark,
    dueAtMs: null,
    createdAtMs: 1,
    updatedAtMs: 1,
  };
  const at = { createdAtMs: 1, updatedAtMs: 1 };
  const own = { workspaceId, orderId };
  const approvalId = `ap_${workspaceId}`;
  const exceptionId = `ex_${workspaceId}`;
  const listing = listingId(connectionId, 'v1');
  const by = systemActor('test');
  const place = newLocation({ workspaceId, code: 'main', kind: 'own', by, atMs: 1 });
  const goods = newVariant(workspaceId, sku, by, 1);
  await Promise.all([
    store.locations.insert({ ...place, name: mark }),
    store.variants.insert({ ...goods, title: mark }),
    store.workspaces.insert({
      _id: workspaceId,
      workspaceId,
      name: mark,
      terms: {
        currency: 'GBP',
        creditLimitMinor: 100_000,
        mandateLimitMinor: 100_000,
        marginFloorBps: 0,
        safetyStock: 0,
      },
      createdAtMs: 1,
    }),
    store.connections.insert(connection),
    store.orders.insert(order),
    store.legs.insert(leg),
    store.offers.insert({ _id: offerId(workspaceId, sku), workspaceId, ...offer(sku) }),
    store.listings.insert({
      _id: listing,
      workspaceId,
      connectionId,
      externalVariantId: 'v1',
      externalProductId: 'p1',
      externalInventoryId: 'i1',
      sku: '',
      title: mark,
      shown: null,
      rev: 0,
      toTell: false,
      asks: 0,
      updatedAtMs: 1,
    }),
    store.levels.insert({ ...emptyLevel(workspaceId, 'main', sku), onHand: 1 }),
    store.movements.insert({
      _id: `mv_${workspaceId}`,
      workspaceId,
      location: 'main',
      sku,
      kind: 'opening',
      onHand: 1,
      reserved: 0,
      onOrder: 0,
      reference: mark,
      atMs: 1,
    }),
    store.approvals.insert({
      _id: approvalId,
      ...own,
      legId: leg._id,
      orderNumber: order.number,
      kind: 'mandate',
      party: 'factory',
      amount: 2,
      limit: 1,
      reason: mark,
      state: 'pending',
      note: '',
      decidedBy: '',
      ...at,
    }),
    store.charges.insert({
      _id: `ch_${workspaceId}`,
      workspaceId,
      reference: mark,
      code: 'M',
      title: mark,
      quantity: 1,
      totalMinor: -5,
      currency: 'GBP',
      atMs: 1,
      createdAtMs: 1,
    }),
    store.rates.insert({
      _id: `rt_2026-01-05_${workspaceId}`,
      workspaceId,
      base: 'EUR',
      quote: 'GBP',
      rate: '0.8600',
      source: 'typed',
      day: plainDate('2026-01-05'),
      revision: 1,
      pair: 'EUR/GBP',
      pairDay: 'EUR/GBP 2026-01-05',
      importedAtMs: 1,
      by: { kind: 'key', id: mark, name: mark },
    }),
    store.postings.insert({
      _id: `ps_${workspaceId}`,
      ...own,
      lineId: line.id,
      kind: 'sale',
      from: 'buyer',
      to: 'us',
      partner: mark,
      minor: 1_000,
      currency: 'GBP',
      atMs: 1,
    }),
    store.setAside.insert({
      _id: `orders/${workspaceId}`,
      workspaceId,
      collection: 'orders',
      id: workspaceId,
      reason: mark,
      from: '0.1.0',
      atMs: 1,
      document: { note: mark },
    }),
    store.erasures.insert({
      _id: `er_${workspaceId}`,
      workspaceId,
      orderIds: [`or_gone_${workspaceId}`],
      cases: 'keep',
      counts: { orders: 1 },
      state: 'done',
      createdAtMs: 1,
      doneAtMs: 1,
      dueAtMs: null,
    }),
    store.exceptions.insert({
      _id: exceptionId,
      ...own,
      cause: 'failed_job',
      subject: { kind: 'order', id: orderId },
      detail: mark,
      retry: { job: 'order.route', payload: { workspaceId, orderId } },
      state: 'open',
      note: '',
      openedAtMs: 1,
      closedAtMs: null,
    }),
    store.shipments.insert({
      _id: `sh_${workspaceId}`,
      ...own,
      legId: 'lg_gone',
      connectionId,
      counted: true,
      troubled: false,
      voiding: false,
      waitsFor: null,
      carrierId: null,
      orderExternalId: 'x1',
      reference: mark,
      lines: [],
      parcel: null,
      state: 'delivered',
      tracking: null,
      label: null,
      confirmationId: null,
      trackingState: 'delivered',
      dueAtMs: null,
      ...at,
    }),
    store.cases.insert({
      _id: `cs_${workspaceId}`,
      workspaceId,
      number: mark,
      title: mark,
      mode: 'wholesale',
      subject: { kind: 'consignment', id: mark },
      orderId: '',
      skus: [],
      connectionIds: [],
      destination: 'DE',
      state: 'open',
      facts: NO_FACTS,
      screenings: {},
      creditAccepted: '',
      overrides: [],
      history: [],
      reminded: [],
      version: 1,
      ...at,
    }),
    store.tradeLists.insert({
      _id: `tl_${workspaceId}`,
      workspaceId,
      kind: 'bis_dpl',
      edition: '',
      title: mark,
      date: '2026-11-20',
      source: mark,
      sha256: 'a'.repeat(64),
      entries: 1,
      parts: 1,
      failedRows: 0,
      state: 'draft',
      ...at,
    }),
    store.returns.insert({
      _id: `rt_${workspaceId}`,
      ...own,
      connectionId,
      externalId: '',
      reference: mark,
      currency: 'GBP',
      totalMinor: 1,
      lines: [],
      origin: 'ours',
      state: 'applied',
      received: [],
      reason: mark,
      dueAtMs: null,
      ...at,
    }),
  ]);
  return {
    connection,
    orders: orderId,
    legs: leg._id,
    line: line.id,
    connections: connectionId,
    listings: listing,
    approvals: approvalId,
    exceptions: exceptionId,
    trade: `tl_${workspaceId}`,
    cases: `cs_${workspaceId}`,
    shipments: `sh_${workspaceId}`,
  };
};

let a: Awaited<ReturnType<typeof seed>>;
let b: Awaited<ReturnType<typeof seed>>;
let admin = '';
/** A key of the other workspace, by its id. */
let keyOfB = '';

beforeAll(async () => {
  redis = new Redis(servers().redisUrl, { maxRetriesPerRequest: 1 });
  store = await openStore(freshDatabase());
  const log = makeLog('debug', { write: (line) => void logged.push(line) });
  const prefix = freshRedisPrefix();
  gateway = makeGateway({
    connectors,
    clock: systemClock,
    redis,
    egress: makeEgress({ allow: [] }),
    secrets: makeSecrets([Buffer.alloc(32, 9)]),
    tokens: { get: async () => null, put: async () => {}, delete: async () => {} },
    log,
    prefix,
  });
  queues = openQueues({
    redis: () => new Redis(servers().redisUrl, { maxRetriesPerRequest: null }),
    prefix,
    clock: systemClock,
    log,
  });
  deps = {
    app: makeApp({ ...portsOn(store, systemClock), gateway, log }),
    async enqueue(job, payload, options) {
      await queues.enqueue(job, payload, options);
      queued.push({ job: job.name, payload });
    },
    async enqueueAll(job, payloads) {
      await queues.enqueueAll(job, payloads);
      for (const payload of payloads) queued.push({ job: job.name, payload });
    },
    connectors,
    gateway,
    findConnection: (id) => store.findConnection(id),
    log,
    metrics: makeMetrics(),
    clock: systemClock,
    newId: () => randomUUID(),
    bodyLimitBytes: BODY_LIMIT,
    publicUrl: 'https://hub.example',
    ready: async () => ({ ok: await store.ready(), problems: [] }),
  };
  a = await seed('wa', 'mark-of-a');
  b = await seed('wb', CANARY);
  for (const [workspaceId, { orders }, note] of [
    ['wa', a, 'mark-of-a'],
    ['wb', b, CANARY],
  ] as const) {
    const order = await store.orders.find(workspaceId, orders);
    if (!order) throw new Error('no seed');
    const told = noted(order, 'order.held', {}, { actor: systemActor('seed'), atMs: 1, personal: { note } });
    await store.orders.change(order._id, {}, told);
    await deps.app.fileEvents(systemActor('seed'), { workspaceId });
  }
  const planted = [
    await plantInside(store.workspaces),
    await plantInside(store.locations),
    await plantInside(store.variants),
    await plantInside(store.connections),
    await plantInside(store.offers),
    await plantInside(store.listings),
    await plantInside(store.orders),
    await plantInside(store.legs),
    await plantInside(store.shipments),
    await plantInside(store.returns),
    await plantInside(store.levels),
    await plantInside(store.movements),
    await plantInside(store.approvals),
    await plantInside(store.charges),
    await plantInside(store.postings),
    await plantInside(store.exceptions),
    await plantInside(store.tradeLists),
    await plantInside(store.cases),
    await plantInside(store.events),
    await plantInside(store.erasures),
    await plantInside(store.setAside),
  ];
  expect(planted).toEqual(planted.map(() => 1));
  admin = await newKey('wa', ['*']);
  await newKey('wb', ['orders:read']);
  keyOfB = (await store.apiKeys.list('wb', {}, { limit: 1 }))[0]?._id ?? '';
  base = await serve(deps);
});
afterAll(async () => {
  for (const end of ends.splice(0)) await end();
  await queues.close();
  redis.disconnect();
  await store.close();
});

/** A good body for every route that takes a parameter and a body: a route that is missing here fails the matrix. */
const CANCEL = { id: 'c1', refund: 'none' };
const { made: _, ...ADDRESS } = HOME;
const BODIES: Record<string, () => unknown> = {
  'post /orders/{id}/hold': () => ({ note: 'wait' }),
  'post /orders/{id}/release': () => ({ code: 'manual', note: 'go on' }),
  'post /orders/{id}/cancel/preview': () => CANCEL,
  'post /orders/{id}/cancel': () => CANCEL,
  'post /orders/{id}/address/preview': () => ({ address: ADDRESS }),
  'post /orders/{id}/address': () => ({ address: ADDRESS }),
  'post /orders/{id}/replan/preview': () => ({}),
  'post /orders/{id}/storefront-told': () => ({ note: 'done there' }),
  'post /orders/{id}/replan': () => ({ reason: 'another supplier' }),
  'post /legs/{id}/paid': () => ({ note: 'paid at the site' }),
  'post /legs/{id}/cancel-answer': () => ({ cancelled: true, note: 'by telephone' }),
  'post /shipments/{id}/label-settled': () => ({ note: 'credited by telephone' }),
  'post /shipments/{id}/parcel-settled': () => ({ note: 'sent anew' }),
  'post /legs/{id}/lots': () => ({ reference: 'r', lines: [{ lineId: b.line, quantity: 1 }], released: true }),
  'post /legs/{id}/receipts': () => ({ reference: 'r', lines: [{ lineId: b.line, quantity: 1 }] }),
  'post /legs/{id}/shipments': () => ({
    reference: 'r',
    lines: [{ lineId: b.line, quantity: 1 }],
    tracking: { carrier: 'DHL', number: '1' },
  }),
  'patch /connections/{id}': () => ({ name: 'another name' }),
  'put /connections/{id}/settings': () => ({ settings: {} }),
  'put /connections/{id}/order-rules': () => ({ payment: { kind: 'always' } }),
  'put /connections/{id}/credentials': () => ({ credentials: { shop: 's', token: 't' } }),
  'post /connections/{id}/sync': () => ({}),
  'post /connections/{id}/webhooks': () => ({}),
  'put /listings/{id}': () => ({ sku: '' }),
  'post /approvals/{id}': () => ({ decision: 'approved' }),
  'post /exceptions/{id}/resolve': () => ({ note: 'n' }),
  'put /trade/lists/{id}/parts/{part}': () => ({ entries: [{}] }),
  'post /trade/lists/{id}/activate': () => ({}),
  ...Object.fromEntries(STEPS.map((step) => [`put /cases/{id}/facts/${step}`, () => ({ facts: {} })])),
  'post /cases/{id}/overrides': () => ({ step: 'market', code: 'NOT_GIVEN', reason: 'seen' }),
  'post /cases/{id}/state': () => ({ state: 'closed' }),
};
/** As the document says, and nothing that it does not name: a schema that parses drops what is not in it. */
const fits = (route: Route, { body }: Answer) => expect(body).toEqual(route.response.parse(body));
/** What a list or question cannot do without. */
const QUERIES: Record<string, string> = {
  'get /rates/convert': 'from=EUR&to=GBP&amount=1000&day=2026-01-05&',
};
const nameOf = (route: Route) => `${route.method} ${route.path}`;
const foreignId = (path: string): string => {
  const ids: Record<string, string> = {
    orders: b.orders,
    legs: b.legs,
    connections: b.connections,
    listings: b.listings,
    approvals: b.approvals,
    exceptions: b.exceptions,
    trade: b.trade,
    cases: b.cases,
    keys: keyOfB,
    shipments: b.shipments,
    persons: 'er_wb',
  };
  const id = ids[path.split('/')[1] ?? ''];
  if (id === undefined) throw new Error(`no foreign id for ${path}`);
  return id;
};
const problem = (answer: Answer, status: number, code: string) => {
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(answer.body).toMatchObject({
    status,
    code,
    type: `urn:crossdock:problem:${code}`,
    title: expect.any(String),
    requestId: answer.headers.get('x-request-id'),
  });
  expect(answer.status).toBe(status);
};

describe.each(ROUTES.map((route) => [nameOf(route), route] as const))('%s', (_name, route) => {
  const method = route.method.toUpperCase();
  const path = () =>
    `/v1${route.path
      .replace('{id}', encodeURIComponent(foreignId(route.path)))
      .replace('{part}', '1')
      .replace('{kind}', 'cn22')}`;
  const anyPath = () => `/v1${route.path.replace('{id}', 'any').replace('{kind}', 'cn22')}`;

  it('asks for a key', async () => {
    const answer = await call(method, anyPath());
    problem(answer, 401, 'unauthenticated');
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
    problem(await call(method, anyPath(), { key: mintKey('wa').key }), 401, 'unauthenticated');
  });

  it('names the scope that a key lacks', async () => {
    const other = route.scope.startsWith('reports') ? 'stock:read' : 'reports:read';
    const answer = await call(method, anyPath(), { key: await newKey('wa', [other]) });
    problem(answer, 403, 'missing_scope');
    expect(answer.body['scope']).toBe(route.scope);
  });

  if (!route.located)
    it('is not for a key of one location', async () => {
      problem(await call(method, anyPath(), { key: await newKey('wa', ['*'], 'factory') }), 403, 'missing_scope');
    });

  if (route.path.includes('{id}'))
    it('does not know an id of another workspace', async () => {
      const makeBody = BODIES[nameOf(route)];
      if (route.input.shape['body'] && !makeBody) throw new Error(`BODIES lacks ${nameOf(route)}`);
      const answer = await call(method, path(), { key: admin, ...(makeBody ? { body: makeBody() } : {}) });
      problem(answer, 404, 'not_found');
      expect(answer.text).not.toContain(CANARY);
    });

  if (route.method === 'get' && !route.path.includes('{id}'))
    it('shows nothing of another workspace', async () => {
      const query = QUERIES[nameOf(route)] ?? '';
      const answer = await call('GET', `/v1${route.path.replace('{code}', 'main')}?${query}`, { key: admin });
      expect(answer.status).toBe(200);
      expect(answer.text).not.toContain(CANARY);
      fits(route, answer);
      if (route.input.shape['query']) {
        expect(answer.body['items']).not.toEqual([]);
        problem(await call('GET', `/v1${route.path}?${query}limit=0`, { key: admin }), 400, 'invalid');
        problem(await call('GET', `/v1${route.path}?${query}workspaceId=wb`, { key: admin }), 400, 'invalid');
      }
    });
});

describe.each(
  ROUTES.filter(({ method, path }) => method === 'get' && path.endsWith('/{id}')).map(
    (route) => [nameOf(route), route] as const,
  ),
)('%s', (_name, route) => {
  it('shows what its schema names and nothing else', async () => {
    const own: Record<string, string> = {
      orders: a.orders,
      legs: a.legs,
      connections: a.connections,
      cases: a.cases,
      persons: 'er_wa',
    };
    const id = own[route.path.split('/')[1] ?? ''] ?? `no id for ${route.path}`;
    const answer = await call('GET', `/v1${route.path.replace('{id}', encodeURIComponent(id))}`, { key: admin });
    expect(answer.status).toBe(200);
    fits(route, answer);
  });
});

describe('what fits', () => {
  it('is whole milliseconds, also of a clock that counts parts of them', async () => {
    await store.postings.insert({
      _id: 'ps_parts',
      workspaceId: 'wa',
      orderId: 'or_parts',
      lineId: 'ol_parts',
      kind: 'sale',
      from: 'buyer',
      to: 'us',
      partner: '',
      minor: 1,
      currency: 'GBP',
      atMs: 1.75,
    });
    const { body } = await call('GET', '/v1/postings?orderId=or_parts', { key: admin });
    expect(body['items']).toMatchObject([{ atMs: 1 }]);
  });

  it('would miss no field that a schema does not name', () => {
    const route = ROUTES.find((each) => nameOf(each) === 'get /workspace');
    if (!route) throw new Error('no route');
    const body = {
      id: 'w',
      name: 'n',
      terms: { currency: 'GBP', creditLimitMinor: 1, mandateLimitMinor: 1, marginFloorBps: 1, safetyStock: 1 },
      createdAtMs: 1,
    };
    const answer = { status: 200, headers: new Headers(), text: '', body };
    fits(route, answer);
    expect(() => fits(route, { ...answer, body: { ...body, newField: 1 } })).toThrow('to deeply equal');
    const { terms } = body;
    expect(() => fits(route, { ...answer, body: { ...body, terms: { ...terms, newField: 1 } } })).toThrow(
      'to deeply equal',
    );
  });
});

describe('a key of one location', () => {
  it('sees and touches what is its own only', async () => {
    const factory = await newKey('wa', ['legs:make', 'legs:ship', 'approvals:decide', 'stock:read'], 'factory');
    const other = await newKey('wa', ['legs:make', 'legs:ship', 'approvals:decide', 'stock:read'], 'elsewhere');
    expect((await call('GET', '/v1/legs?kind=work&state=awaiting', { key: factory })).body['items']).toHaveLength(1);
    expect((await call('GET', '/v1/legs?kind=work&state=awaiting', { key: other })).body['items']).toEqual([]);
    expect((await call('GET', '/v1/legs?location=factory', { key: other })).body['items']).toEqual([]);
    expect((await call('GET', `/v1/legs/${a.legs}`, { key: factory })).status).toBe(200);
    problem(await call('GET', `/v1/legs/${a.legs}`, { key: other }), 404, 'not_found');
    problem(await call('POST', `/v1/legs/${a.legs}/accept`, { key: other }), 404, 'not_found');
    const decision = { key: other, body: { decision: 'approved' } };
    problem(await call('POST', `/v1/approvals/${a.approvals}`, decision), 404, 'not_found');
    expect((await call('GET', '/v1/approvals', { key: other })).body['items']).toEqual([]);
    expect((await call('GET', '/v1/stock', { key: factory })).body['items']).toEqual([]);
  });

  it('decides its approval once', async () => {
    const factory = await newKey('wa', ['approvals:decide'], 'factory');
    const decide = (decision: string) =>
      call('POST', `/v1/approvals/${a.approvals}`, { key: factory, body: { decision, note: 'fine' } });
    expect((await decide('approved')).body).toMatchObject({ state: 'approved', note: 'fine' });
    expect((await decide('approved')).status).toBe(200);
    problem(await decide('declined'), 409, 'conflict');
    const kept = await store.approvals.find('wa', a.approvals);
    const name = 'wa approvals:decide factory';
    expect(kept).toMatchObject({ decidedBy: name, decider: { kind: 'key', id: expect.stringMatching(/^wa\./), name } });
    expect(kept).toMatchObject({ newsSeq: 2, news: [{}, { type: 'approval.approved', actor: { kind: 'key', name } }] });
    expect(queued).toContainEqual({ job: 'leg.advance', payload: { workspaceId: 'wa', legId: a.legs } });
  });
});

describe('API keys', () => {
  it('are shown once, work, give no more than they come from, and end within a second of their revocation', async () => {
    const made = await call('POST', '/v1/keys', {
      key: admin,
      body: { name: 'm', scopes: ['keys:write', 'orders:read'] },
    });
    expect(made.status).toBe(201);
    const key = String(made.body['key']);
    const id = String(made.body['id']);
    expect((await call('GET', '/v1/orders', { key })).status).toBe(200);
    expect((await call('GET', '/v1/keys', { key: admin })).text).not.toContain(key);
    problem(await call('POST', '/v1/keys', { key, body: { name: 'n', scopes: ['*'] } }), 403, 'forbidden');
    problem(await call('POST', '/v1/keys', { key, body: { name: 'n', scopes: ['stock:write'] } }), 403, 'forbidden');
    const keyed = { key: admin, body: { name: 'n', scopes: ['*'] }, headers: { 'idempotency-key': 'k' } };
    problem(await call('POST', '/v1/keys', keyed), 400, 'malformed');
    expect((await call('DELETE', `/v1/keys/${id}`, { key: admin })).body).toMatchObject({
      revokedAtMs: expect.any(Number),
    });
    problem(await call('GET', '/v1/orders', { key }), 401, 'unauthenticated');
  });
});

describe('exchange rates', () => {
  const put = (body: object) => call('POST', '/v1/rates', { key: admin, body });

  it('are typed, convert with their legs and source, and are seen by nobody else', async () => {
    const made = await put({ base: 'USD', quote: 'TWD', rate: '32.5', day: '2026-01-06' });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ base: 'USD', quote: 'TWD', rate: '32.5', source: 'typed', revision: 1 });
    expect((await put({ base: 'USD', quote: 'TWD', rate: '32.50', day: '2026-01-06' })).body['id']).toBe(
      made.body['id'],
    );
    const question = '/v1/rates/convert?from=TWD&to=USD&amount=325000&day=2026-01-07';
    expect((await call('GET', question, { key: admin })).body).toEqual({
      from: { amount: 325_000, currency: 'TWD' },
      to: { amount: 10_000, currency: 'USD' },
      rateDay: '2026-01-06',
      legs: [
        {
          rateId: made.body['id'],
          source: 'typed',
          base: 'USD',
          quote: 'TWD',
          rate: '32.5',
          day: '2026-01-06',
          inverse: true,
        },
      ],
    });
    const other = await newKey('wb', ['rates:read']);
    const refused = await call('GET', question, { key: other });
    problem(refused, 422, 'no_row');
    expect(refused.body).toMatchObject({ missing: 'TWD', lastDay: null });
    expect((await call('GET', '/v1/rates?base=USD', { key: other })).body['items']).toEqual([]);
  });

  it.each([
    ['rate', { rate: '0' }],
    ['rate', { rate: '-1.1' }],
    ['rate', { rate: '1,1' }],
    ['quote', { quote: 'ZZZ' }],
    ['quote', { quote: 'usd' }],
    ['quote', { quote: 'EUR' }],
    ['quote', { quote: 'BGN' }],
    ['day', { day: '2026-02-30' }],
    ['day', { day: '2999-01-01' }],
  ])('that make no sense are 422 with the field %s: %o', async (field, wrong) => {
    const answer = await put({ base: 'EUR', quote: 'USD', rate: '1.1', day: '2026-01-06', ...wrong });
    problem(answer, 422, 'rejected');
    expect(answer.body['errors']).toEqual([{ path: field, message: expect.any(String) }]);
  });

  it('come in a file whole or not at all, with row and field of each fault', async () => {
    const send = (content: string) =>
      call('POST', '/v1/rates/import', { key: admin, body: { format: 'csv', content } });
    const answer = await send(
      'day,base,quote,rate\n2026-01-06,EUR,AED,4.01\n2026-01-06,EUR,SAR,0\n\n06.01.2026,EUR,X,1',
    );
    problem(answer, 422, 'rejected');
    expect(answer.body['errors']).toEqual([
      { path: 'row 3 rate', message: expect.stringContaining('above zero') },
      { path: 'row 5 day', message: expect.any(String) },
      { path: 'row 5 quote', message: expect.any(String) },
    ]);
    expect((await call('GET', '/v1/rates?quote=AED', { key: admin })).body['items']).toEqual([]);
    const good = 'day,base,quote,rate\r\n2026-01-06,EUR,AED,4.01\r\n2026-01-06,EUR,SAR,4.12\r\n';
    expect((await send(good)).body).toMatchObject({ rates: 2, stored: 2, unchanged: 0 });
    expect((await send(good)).body).toMatchObject({ rates: 2, stored: 0, unchanged: 2 });
  });

  it('are found by every pair of filters', async () => {
    const fields = ['base', 'quote', 'day', 'source'] as const;
    const { body } = await call('GET', '/v1/rates', { key: admin });
    const items = z.array(z.looseObject({ base: z.string(), quote: z.string(), day: z.string(), source: z.string() }));
    const all = items.parse(body['items']);
    expect(all.length).toBeGreaterThan(2);
    const wanted = all.find(({ quote }) => quote === 'SAR');
    if (!wanted) throw new Error('the rate of SAR is not there');
    for (const a of fields)
      for (const b of fields) {
        const query = new URLSearchParams([...new Set([a, b])].map((name): [string, string] => [name, wanted[name]]));
        const found = items.parse((await call('GET', `/v1/rates?${query}`, { key: admin })).body['items']);
        expect([a, b, found]).toEqual([a, b, all.filter((one) => one[a] === wanted[a] && one[b] === wanted[b])]);
      }
  });
});

describe('bad input', () => {
  it('is told place by place', async () => {
    const body = { packages: [], extra: 1 };
    const answer = await call('POST', '/v1/legs/shipments', { key: admin, body });
    problem(answer, 400, 'invalid');
    expect(answer.body['errors']).toEqual([
      { path: 'body.packages', message: expect.any(String) },
      { path: 'body', message: expect.stringContaining('extra') },
    ]);
    const charge = await call('POST', '/v1/charges', { key: admin, body: { reference: 'x', totalMinor: 1.5 } });
    expect(charge.body['errors']).toContainEqual({ path: 'body.totalMinor', message: expect.any(String) });
  });

  it.each([
    ['cut', '{"a":'],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['a cave of brackets', '['.repeat(10_000) + ']'.repeat(10_000)],
  ])('that is not JSON (%s) is 400', async (_name, raw) => {
    problem(await call('POST', '/v1/charges', { key: admin, raw }), 400, 'malformed');
  });

  it('cannot reach a prototype or an operator', async () => {
    const raw = '{"cause":"failed_job","__proto__":{"polluted":1}}';
    problem(await call('POST', '/v1/exceptions/retry', { key: admin, raw }), 400, 'invalid');
    expect('polluted' in {}).toBe(false);
    problem(await call('GET', '/v1/orders?state[$ne]=closed', { key: admin }), 400, 'invalid');
    problem(await call('GET', '/v1/orders?number=1&number=2', { key: admin }), 400, 'invalid');
    problem(
      await call('PUT', `/v1/listings/${a.listings}`, { key: admin, body: { sku: { $ne: '' } } }),
      400,
      'invalid',
    );
  });

  it('beyond the cap is 413, announced or counted', async () => {
    const raw = Buffer.alloc(BODY_LIMIT + 1, ' ');
    const told = await call('POST', '/v1/charges', { key: admin, raw });
    problem(told, 413, 'too_large');
    expect(told.body['limitBytes']).toBe(BODY_LIMIT);
    // Without a length: only the bytes tell.
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(base).port), '127.0.0.1', () => {
        socket.write(`POST /webhooks/${a.connections} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n`);
        socket.write(`${raw.length.toString(16)}\r\n`);
        socket.write(raw);
        socket.write('\r\n0\r\n\r\n');
      });
      socket.once('data', (data) => {
        resolve(data.toString());
        socket.destroy();
      });
      socket.once('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect((await call('POST', '/v1/charges', { key: admin, raw: `${' '.repeat(BODY_LIMIT - 2)}{}` })).status).toBe(
      400,
    );
  });

  it('at no address is 404, with the wrong method 405', async () => {
    problem(await call('GET', '/v1/nothing', { key: admin }), 404, 'no_route');
    problem(await call('GET', '/nothing'), 404, 'no_route');
    const answer = await call('PATCH', '/v1/stock', { key: admin });
    problem(answer, 405, 'method_not_allowed');
    expect(answer.headers.get('allow')).toBe('GET');
    problem(await call('GET', `/webhooks/${a.connections}`), 405, 'method_not_allowed');
  });

  it('of ours says nothing of the inside', async () => {
    const sealCredentials = () => {
      throw new TypeError('the inside of sealCredentials');
    };
    const ports = { ...deps.app.ports, gateway: { ...gateway, sealCredentials } };
    const broken: ServerDeps = { ...deps, app: makeApp(ports) };
    const at = await serve(broken);
    const body = { connectorId: 'testshop', name: 'n', credentials: {} };
    const answer = await call('POST', '/v1/connections', {
      key: admin,
      body,
      at,
      headers: { 'x-request-id': 'mine-1234' },
    });
    problem(answer, 500, 'bug');
    expect(answer.text).not.toMatch(/inside|TypeError|\.ts/);
    expect(answer.body['requestId']).toBe('mine-1234');
    expect(logged.some((line) => line.includes('mine-1234') && line.includes('inside of sealCredentials'))).toBe(true);
  });
});

describe('an idempotency key', () => {
  const send = (key: string, body: unknown, idempotencyKey: string) =>
    call('POST', '/v1/charges', { key, body, headers: { 'idempotency-key': idempotencyKey } });
  const charge = (reference: string) => ({ reference, totalMinor: -7, currency: 'GBP', at: '2026-01-01T00:00:00Z' });

  it('replays the first answer, refuses another request, and is the caller’s own', async () => {
    const first = await send(admin, charge('i1'), 'one');
    expect(first.status).toBe(201);
    const again = await send(admin, charge('i1'), 'one');
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    problem(await send(admin, charge('i2'), 'one'), 422, 'key_reused');
    expect((await send(await newKey('wa', ['charges:write']), charge('i3'), 'one')).status).toBe(201);
  });

  it('sent twenty times at once is answered once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(admin, charge('i4'), 'many')));
    const fresh = answers.filter((x) => x.status === 201 && !x.headers.has('idempotency-replayed'));
    expect(fresh).toHaveLength(1);
    for (const answer of answers) if (answer.status !== 201) problem(answer, 409, 'in_progress');
  });

  it('of a refused request may be used again', async () => {
    problem(await send(admin, { reference: '' }, 'refused'), 400, 'invalid');
    expect((await send(admin, charge('i5'), 'refused')).status).toBe(201);
  });
});

describe('a webhook', () => {
  let count = 0;
  const deliver = (options: {
    id?: string;
    connection?: string;
    raw?: string;
    topic?: string;
    key?: string;
    time?: number;
    at?: string;
  }) => {
    const raw = options.raw ?? '{"id":"42"}';
    const time = String(options.time ?? Date.now());
    const key = options.key ?? gateway.webhooks(a.connection).secret();
    count += 1;
    return call('POST', `/webhooks/${options.connection ?? a.connections}`, {
      raw,
      headers: {
        'x-time': time,
        'x-signature': signatureOf(key, time, raw),
        'x-topic': options.topic ?? 'order',
        'x-delivery': options.id ?? `d${count}`,
      },
      ...(options.at === undefined ? {} : { at: options.at }),
    });
  };
  const stored = () => store.inbox.count('wa', {});

  it('is stored before it is answered, and once for its delivery id', async () => {
    const before = await stored();
    expect((await deliver({ id: 'same' })).body).toEqual({ status: 'stored' });
    expect(await stored()).toBe(before + 1);
    await expect
      .poll(() => queued)
      .toContainEqual({
        job: 'order.ingest',
        payload: { workspaceId: 'wa', connectionId: a.connections, externalId: '42' },
      });
    const jobs = queued.length;
    const again = await deliver({ id: 'same' });
    expect([again.status, again.body]).toEqual([200, { status: 'known' }]);
    expect(await stored()).toBe(before + 1);
    expect(queued).toHaveLength(jobs);
  });

  it('delivered 1,000 times at once is one item', async () => {
    const before = await stored();
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => deliver({ id: 'thousand' })));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(await stored()).toBe(before + 1);
  });

  it('that is forged, stale or meant for another connection is 401 and leaves nothing', async () => {
    const before = await stored();
    problem(await deliver({ key: 'forged' }), 401, 'unauthorised');
    problem(await deliver({ time: Date.now() - STALE_MS - 1 }), 401, 'unauthorised');
    problem(await deliver({ key: gateway.webhooks(b.connection).secret() }), 401, 'unauthorised');
    expect(await stored()).toBe(before);
    expect(await store.inbox.count('wb', {})).toBe(0);
  });

  it('of no meaning is 200 without effect; of an unknown topic 422, malformed 400, to nobody 404', async () => {
    const before = await stored();
    expect((await deliver({ raw: 'ping' })).body).toEqual({ status: 'ping' });
    expect((await deliver({ topic: 'weather' })).body).toEqual({ status: 'ignored' });
    problem(await deliver({ topic: 'gossip' }), 422, 'rejected');
    problem(await deliver({ raw: '{"id":' }), 400, 'malformed');
    problem(await deliver({ raw: '{"no":"id"}' }), 400, 'invalid');
    problem(await deliver({ connection: 'cn_nobody' }), 404, 'not_found');
    expect(await stored()).toBe(before);
  });

  it('is 503, never 200, while the database is away; while the queue is, it is stored and left to the sweep', async () => {
    const down = async (): Promise<never> => {
      throw Object.assign(new Error('connect ECONNREFUSED'), { name: 'MongoNetworkError' });
    };
    const { app } = deps;
    const noDatabase = makeApp({
      ...app.ports,
      store: { ...store, inbox: { ...store.inbox, insertMany: down } },
    });
    const first = await deliver({ id: 'outage', at: await serve({ ...deps, app: noDatabase }) });
    problem(first, 503, 'unavailable');
    expect(first.headers.get('retry-after')).toBe('5');
    expect(first.text).not.toContain('ECONN');
    const hangs = () => new Promise<never>(() => {});
    for (const enqueueAll of [down, hangs]) {
      const id = `the queue is ${enqueueAll.name}`;
      expect((await deliver({ id, at: await serve({ ...deps, enqueueAll }) })).body).toEqual({ status: 'stored' });
      const item = (await store.inbox.due(Number.MAX_SAFE_INTEGER, 1_000)).find(({ deliveryId }) => deliveryId === id);
      expect(item).toMatchObject({ state: 'new', dueAtMs: expect.any(Number) });
    }
  });
});

describe('the doors', () => {
  it('waiting orders go on when goods are counted in, and ship once for a reference', async () => {
    const key = admin;
    const sku = 'tea';
    const bulk = await call('PUT', '/v1/offers', { key, body: { offers: [offer(sku), { sku: 'bad' }] } });
    expect(bulk.body).toMatchObject({ selected: 2, processed: 1, failed: 1 });
    const order = await store.orders.find('wa', a.orders);
    if (!order?.lines[0]) throw new Error('no order');
    const line = { ...order.lines[0], id: 'ol_tea', sku, externalId: '9', offer: null };
    await store.orders.insert({ ...order, _id: 'or_tea', number: 'tea-1', lines: [line] });
    const { legIds } = await deps.app.routeOrder(systemActor('test'), { workspaceId: 'wa', orderId: 'or_tea' });
    const [legId = ''] = legIds;
    await deps.app.advanceLeg(systemActor('test'), { workspaceId: 'wa', legId });
    expect((await call('GET', '/v1/stock?short=true', { key })).body['items']).toMatchObject([
      { sku, waitingUnits: 5, waiting: [{ lineId: 'ol_tea', orderId: 'or_tea' }] },
    ]);

    const count = (quantity: number) =>
      call('POST', '/v1/stock/movements', {
        key,
        body: {
          movements: [
            { sku, kind: 'opening', quantity, reference: 'o1' },
            { sku: 'unknown', kind: 'adjust', quantity: 1, reference: 'o2' },
          ],
        },
      });
    const before = queued.length;
    expect((await count(7)).body).toMatchObject({
      processed: 1,
      failed: 1,
      results: [{ ok: true }, { ok: false, problem: { code: 'rejected' } }],
    });
    const woken = { job: 'leg.advance', payload: { workspaceId: 'wa', legId } };
    expect(queued.slice(before)).toContainEqual(woken);
    // The same again counts nothing and wakes again, should the first answer have been lost; other figures are a conflict.
    const repeatedFrom = queued.length;
    expect((await count(7)).body).toMatchObject({ processed: 1 });
    expect(queued.slice(repeatedFrom)).toContainEqual(woken);
    expect((await count(8)).body).toMatchObject({ results: [{ problem: { code: 'conflict' } }, {}] });
    expect((await call('GET', `/v1/stock?sku=${sku}`, { key })).body['items']).toMatchObject([
      { onHand: 7, reserved: 5 },
    ]);
    await deps.app.advanceLeg(systemActor('test'), { workspaceId: 'wa', legId });

    const parcel = {
      reference: 'p1',
      lines: [{ lineId: 'ol_tea', quantity: 2 }],
      tracking: { carrier: 'DHL', number: '1' },
    };
    const shipped = await call('POST', `/v1/legs/${legId}/shipments`, { key, body: parcel });
    expect(shipped.status).toBe(201);
    expect((await call('POST', `/v1/legs/${legId}/shipments`, { key, body: parcel })).body['id']).toBe(
      shipped.body['id'],
    );
    expect(queued).toContainEqual({
      job: 'shipment.confirm',
      payload: { workspaceId: 'wa', shipmentId: shipped.body['id'] },
    });
    const batch = await call('POST', '/v1/legs/shipments', {
      key,
      body: {
        packages: [
          { ...parcel, legId, reference: 'p2', lines: [{ lineId: 'ol_tea', quantity: 9 }] },
          { ...parcel, legId: b.legs, reference: 'p3' },
          { legId, reference: 'p4' },
          { ...parcel, legId, reference: 'p5', lines: [{ lineId: 'ol_tea', quantity: 3 }] },
        ],
      },
    });
    expect(batch.body).toMatchObject({
      selected: 4,
      processed: 1,
      failed: 3,
      results: [
        { ok: false, problem: { code: 'conflict', left: 3 } },
        { ok: false, problem: { code: 'not_found' } },
        { ok: false, problem: { code: 'invalid' } },
        { ok: true },
      ],
    });
    expect((await call('GET', '/v1/orders/or_tea', { key })).body).toMatchObject({
      legs: [{ state: 'shipped' }],
      shipments: [{}, {}],
    });
  });

  it('a factory accepts, makes and ships', async () => {
    const key = await newKey('wa', ['legs:make', 'legs:ship'], 'factory');
    expect((await call('POST', `/v1/legs/${a.legs}/accept`, { key })).body).toMatchObject({ state: 'accepted' });
    const lines = [{ lineId: a.line, quantity: 5 }];
    const lot = (reference: string, released: boolean) =>
      call('POST', `/v1/legs/${a.legs}/lots`, {
        key,
        body: { reference, lines, released, inspection: { sampled: 2, defects: 0 } },
      });
    problem(await lot('l1', false), 422, 'rejected');
    expect((await lot('l2', true)).body).toMatchObject({ lines: [{ received: 5, ready: true }] });
    expect((await lot('l2', true)).body).toMatchObject({ lines: [{ received: 5 }] });
    problem(await lot('l3', true), 409, 'conflict');
    problem(
      await call('POST', `/v1/legs/${a.legs}/receipts`, { key, body: { reference: 'r', lines } }),
      403,
      'missing_scope',
    );
  });

  it('returns find their line or become an exception that names them', async () => {
    const money = { quantity: 1, totalMinor: 200, currency: 'GBP' };
    const wanted = await call('POST', '/v1/returns', {
      key: admin,
      body: { ...money, reference: 'C1', orderNumber: '1001-wa', lineExternalId: '1' },
    });
    expect(wanted.body).toMatchObject({ state: 'wanted', orderId: a.orders, lines: [{ lineId: a.line, quantity: 1 }] });
    expect(String(wanted.body['id'])).toMatch(/^rt_[A-Za-z0-9]{20}$/);
    expect(queued).toContainEqual({ job: 'return.pay', payload: { workspaceId: 'wa', returnId: wanted.body['id'] } });
    const lost = { ...money, reference: 'C2', sku: '85123A', customer: '17850.0' };
    expect((await call('POST', '/v1/returns', { key: admin, body: lost })).body).toMatchObject({
      state: 'unmatched',
      orderId: null,
    });
    expect((await call('POST', '/v1/returns', { key: admin, body: lost })).status).toBe(201);
    problem(await call('POST', '/v1/returns', { key: admin, body: { ...lost, totalMinor: 201 } }), 409, 'conflict');
    const open = await call('GET', '/v1/exceptions?cause=return_unmatched&state=open', { key: admin });
    expect(open.body['items']).toMatchObject([{ detail: expect.stringMatching(/C2.*17850\.0.*85123A/) }]);
    const causes = await call('GET', '/v1/exceptions/causes', { key: admin });
    expect(causes.body['items']).toContainEqual(expect.objectContaining({ cause: 'return_unmatched', open: 1 }));
  });

  it('a return above what is left, in another currency or of a line that is not there is refused with the field', async () => {
    const order = await store.orders.find('wa', a.orders);
    if (!order) throw new Error('no order');
    await store.orders.insert({ ...order, _id: 'or_money', number: 'M-1' });
    const good = { quantity: 1, totalMinor: 1, currency: 'GBP', orderNumber: 'M-1', lineExternalId: '1' };
    const asked = { ...good, reference: 'asked before', totalMinor: 201 };
    expect((await call('POST', '/v1/returns', { key: admin, body: asked })).status).toBe(201);
    const rows: [Record<string, unknown>, string, Record<string, unknown>?][] = [
      [{ totalMinor: 800 }, 'totalMinor', { left: 799 }],
      [{ currency: 'EUR' }, 'currency'],
      [{ currency: 'QQQ' }, 'currency'],
      [{ lineExternalId: '2' }, 'lineExternalId'],
      [{ lineExternalId: undefined }, 'lineExternalId'],
      [{ lineExternalId: undefined, sku: 'nothing of it' }, 'sku'],
      [{ orderNumber: '1001-wb' }, 'orderNumber'],
      [{ connectionId: 'cn_other' }, 'connectionId'],
      [{ quantity: 6 }, 'quantity', { most: 5 }],
      [{ quantity: 0 }, 'quantity'],
      [{ totalMinor: -1 }, 'totalMinor'],
    ];
    for (const [index, [changes, field, facts]] of rows.entries()) {
      const body = { ...good, ...changes, reference: `bad ${index}` };
      const answer = await call('POST', '/v1/returns', { key: admin, body });
      problem(answer, 422, 'rejected');
      expect(answer.body).toMatchObject({ field, ...facts });
    }
    const last = { ...good, reference: 'the rest', totalMinor: 799 };
    expect((await call('POST', '/v1/returns', { key: admin, body: last })).body).toMatchObject({ state: 'wanted' });
    // The same again is the same return, although nothing is left now.
    expect((await call('POST', '/v1/returns', { key: admin, body: last })).status).toBe(201);
    const more = { ...good, reference: 'more' };
    expect((await call('POST', '/v1/returns', { key: admin, body: more })).body).toMatchObject({ left: 0 });
    const [kept] = await store.returns.list('wa', { orderId: 'or_money' }, { limit: 1 });
    expect(kept).toMatchObject({ news: [{ type: 'return.wanted', from: null, actor: { kind: 'key' } }] });
  });

  it('a value that breaks a rule is 422 with its field; what cannot be read is 400', async () => {
    const at = '2026-01-02T00:00:00Z';
    const connection = { connectorId: 'testshop', name: 'n', credentials: {} };
    const newCase = {
      number: 'V-1',
      title: 't',
      mode: 'wholesale',
      subject: { kind: 'order', id: 'x' },
      destination: 'DE',
    };
    const refused: [string, string, unknown, string][] = [
      ['POST', '/v1/charges', { reference: 'v', totalMinor: 1, currency: 'XAU', at }, 'currency'],
      ['POST', '/v1/charges', { reference: 'v', totalMinor: 1, currency: 'euro', at }, 'currency'],
      ['POST', '/v1/charges', { reference: 'v', totalMinor: 1, currency: 'EUR', at: '2026-02-30T00:00:00Z' }, 'at'],
      ['PATCH', '/v1/workspace/terms', { currency: 'QQQ' }, 'currency'],
      ['POST', '/v1/exceptions/retry', { cause: 'bad_luck' }, 'cause'],
      ['POST', `/v1/exceptions/${a.exceptions}/resolve`, { note: '' }, 'note'],
      ['POST', '/v1/keys', { name: 'k', scopes: ['everything'] }, 'scopes.0'],
      ['POST', '/v1/connections', { ...connection, connectorId: 'nobody' }, 'connectorId'],
      ['POST', '/v1/connections', { ...connection, pollEveryMinutes: 0 }, 'pollEveryMinutes'],
      ['POST', '/v1/cases', { ...newCase, destination: 'QQ' }, 'destination'],
      ['POST', '/v1/cases', { ...newCase, orderId: 'or_nobody' }, 'orderId'],
      ['POST', '/v1/cases', { ...newCase, connectionIds: ['cn_nobody'] }, 'connectionIds'],
    ];
    for (const [method, path, body, field] of refused) {
      const answer = await call(method, path, { key: admin, body });
      problem(answer, 422, 'rejected');
      expect([path, answer.body['field']]).toEqual([path, field]);
    }
    const unreadable: [string, string, unknown][] = [
      ['POST', '/v1/charges', { reference: 'v', totalMinor: '1', currency: 'EUR', at }],
      ['POST', '/v1/charges', { reference: 'v', totalMinor: 1, currency: 'QQQ', at, extra: 1 }],
      ['POST', '/v1/cases', { ...newCase, destination: undefined }],
    ];
    for (const [method, path, body] of unreadable)
      problem(await call(method, path, { key: admin, body }), 400, 'invalid');
    const late = { reference: 'late', totalMinor: 1, currency: 'EUR', at: '2999-01-01T00:00:00Z' };
    expect((await call('POST', '/v1/charges', { key: admin, body: late })).body).toMatchObject({
      failed: 1,
      results: [{ problem: { status: 422, field: 'at' } }],
    });
    // Money that was: a charge may be of another year.
    const past = { reference: 'past', totalMinor: 1, currency: 'EEK', at: '2010-06-01T00:00:00Z' };
    expect((await call('POST', '/v1/charges', { key: admin, body: past })).body).toMatchObject({ processed: 1 });
  });

  it('an offer’s supplier is a connection of ours, its location one that there is, and its currency money', async () => {
    const supplier = { ...a.connection, _id: 'cn_supplier', role: 'supplier' as const, state: 'active' as const };
    await store.connections.insert(supplier);
    const bought = { ...offer('bought'), mode: 'oem_dropship', partner: 'cn_supplier' };
    const offers = [
      bought,
      { ...bought, sku: 'v1', partner: 'cn_mistyped' },
      { ...bought, sku: 'v2', partner: 'somebody' },
      { ...bought, sku: 'v3', partner: a.connections },
      { ...bought, sku: 'v4', partner: b.connections },
      { ...offer('v5'), partner: 'cn_mistyped' },
      { ...offer('v6'), orderUpTo: 10 },
      { ...bought, sku: 'v7', currency: 'QQQ' },
      { ...bought, sku: 'v8', location: 'nowhere' },
      { ...offer('v9'), mode: 'self_produced', partner: 'the workshop' },
    ];
    const { body } = await call('PUT', '/v1/offers', { key: admin, body: { offers } });
    const partner = { ok: false, problem: { status: 422, field: 'partner' } };
    expect(body).toMatchObject({
      processed: 2,
      results: [
        { ok: true },
        ...[1, 2, 3, 4, 5, 6].map(() => partner),
        { problem: { status: 422, field: 'currency' } },
        { problem: { status: 422, field: 'location' } },
        { ok: true },
      ],
    });
    expect(await store.offers.find('wa', offerId('wa', 'v2'))).toBeNull();
  });

  it('a retry whose step reaches no queue leaves its exception as it was', async () => {
    const before = await store.exceptions.find('wa', a.exceptions);
    const down = async (): Promise<never> => {
      throw new Failure('unavailable', 'no queue');
    };
    const at = await serve({ ...deps, enqueue: down });
    problem(await call('POST', `/v1/exceptions/${a.exceptions}/retry`, { key: admin, at }), 503, 'unavailable');
    const { state, note, closedAtMs } = before ?? {};
    expect(await store.exceptions.find('wa', a.exceptions)).toMatchObject({ state, note, closedAtMs });
    expect(state).toBe('open');
  });

  it('a retry of a refused purchase plans its leg anew', async () => {
    const leg = await store.legs.find('wa', a.legs);
    const exception = await store.exceptions.find('wa', a.exceptions);
    if (!leg || !exception) throw new Error('no seed');
    const payload = { workspaceId: 'wa', legId: 'lg_refused' };
    const refused = { ...leg, _id: 'lg_refused', kind: 'purchase' as const, externalId: 'p1', reason: 'no' };
    await store.legs.insert({ ...refused, cancel: 'none', state: 'rejected' });
    await store.exceptions.insert({
      ...exception,
      _id: 'ex_refused',
      cause: 'purchase_rejected',
      subject: { kind: 'leg', id: 'lg_refused' },
      retry: { job: 'leg.submit', payload },
    });
    const { body } = await call('POST', '/v1/exceptions/ex_refused/retry', { key: admin });
    expect(body).toMatchObject({ state: 'resolved', note: expect.stringMatching(/^Retried by /) });
    expect(await store.legs.find('wa', 'lg_refused')).toMatchObject({ state: 'planned', externalId: '', reason: '' });
    expect(queued).toContainEqual({ job: 'leg.submit', payload });
    const resolve = (note: string) => call('POST', '/v1/exceptions/ex_refused/resolve', { key: admin, body: { note } });
    // One that is closed keeps the note it was closed with.
    expect((await resolve('done by hand')).body).toMatchObject({ note: body['note'] });
  });

  it('a preview shows its effects in a form that the document describes whole', async () => {
    const planned = ROUTES.filter(({ path }) => /^\/orders\/\{id\}\/(cancel|address|replan)\/preview$/.test(path));
    expect(planned).toHaveLength(3);
    const bare: string[] = [];
    const look = (schema: unknown, at: string): void => {
      const { type, properties, items, additionalProperties } = z.looseObject({}).parse(schema);
      if (type === 'array') look(items, `${at}[]`);
      if (type !== 'object') return;
      expect([at, additionalProperties]).toEqual([at, false]);
      const fields = Object.entries(Json.parse(properties));
      expect(fields.length).toBeGreaterThan(0);
      for (const [name, field] of fields) {
        if (typeof Json.parse(field)['description'] !== 'string') bare.push(`${at}.${name}`);
        look(field, `${at}.${name}`);
      }
    };
    for (const { path, response } of planned) look(z.toJSONSchema(response), path);
    expect(bare).toEqual([]);
    const sold = sampleOrder('previewed', { _id: 'or_previewed', workspaceId: 'wa', state: 'routed' });
    await store.orders.insert({ ...sold, plan: null });
    await store.legs.insert(
      sampleLeg(sold, {
        _id: 'lg_previewed',
        workspaceId: 'wa',
        kind: 'purchase',
        state: 'accepted',
        externalId: 'PO',
      }),
    );
    for (const route of planned) {
      const body = BODIES[nameOf(route)]?.();
      const answer = await call('POST', `/v1${route.path.replace('{id}', sold._id)}`, { key: admin, body });
      expect([route.path, answer.status]).toEqual([route.path, 200]);
      fits(route, answer);
    }
  });

  it('exceptions are retried and resolved', async () => {
    const { body } = await call('POST', `/v1/exceptions/${a.exceptions}/retry`, { key: admin });
    expect(body).toMatchObject({ state: 'resolved' });
    expect(queued).toContainEqual({ job: 'order.route', payload: { workspaceId: 'wa', orderId: a.orders } });
    const all = await call('POST', '/v1/exceptions/retry', { key: admin, body: { cause: 'return_unmatched' } });
    expect(all.body).toEqual({ selected: 1, retried: 0, skipped: 1 });
  });

  it('charges are booked once, zero and less too, and each refused by itself', async () => {
    const at = '2026-01-02T00:00:00Z';
    const charge = (reference: string, totalMinor: unknown) => ({ reference, totalMinor, currency: 'GBP', at });
    const charges = [charge('f1', 0), charge('f2', -12), charge('f3', 'x'), charge('f1', 5)];
    const { body } = await call('POST', '/v1/charges', { key: admin, body: { charges } });
    expect(body).toMatchObject({
      selected: 4,
      processed: 2,
      failed: 2,
      results: [{ ok: true }, { ok: true }, {}, { problem: { code: 'conflict' } }],
    });
    expect((await call('POST', '/v1/charges', { key: admin, body: charge('f2', -12) })).body).toMatchObject({
      processed: 1,
    });
  });

  it('connections are made, checked, paused, resumed and made live, with their secrets hidden', async () => {
    const body = { connectorId: 'testshop', name: 'Mine', credentials: { shop: 'mine', token: 'canary-secret' } };
    const made = await call('POST', '/v1/connections', { key: admin, body });
    expect(made.status).toBe(201);
    const id = String(made.body['id']);
    expect(made.body).toMatchObject({
      live: false,
      settings: { shelf: 'main' },
      credentials: { shop: 'mine' },
      webhookUrl: `https://hub.example/webhooks/${id}`,
    });
    const at = (verb: string, method = 'POST', given?: unknown) =>
      call(method, `/v1/connections/${id}/${verb}`, { key: admin, ...(given === undefined ? {} : { body: given }) });
    expect((await at('check')).body).toEqual({ account: 'mine', missing: [], problem: null, notices: [] });
    expect((await at('webhooks')).body).toMatchObject({ topics: [`mine https://hub.example/webhooks/${id}`] });
    expect((await at('pause')).body).toMatchObject({ state: 'paused' });
    problem(await at('sync', 'POST', { what: 'stock' }), 422, 'rejected');
    expect((await at('check')).body).toMatchObject({ account: null, problem: { code: 'paused' } });
    expect((await at('resume')).body).toMatchObject({ state: 'active' });
    expect((await at('live')).body).toMatchObject({ live: true });
    const due = await store.dues.find('wa', dueId('stock.publish', id));
    expect(due?.dueAtMs).toBeLessThanOrEqual(Date.now());
    expect((await at('sync')).body).toEqual({ queued: ['listings', 'orders'] });
    await store.connections.change(id, {}, { state: 'needs_attention' });
    problem(await at('resume'), 409, 'conflict');
    const wrong = await at('credentials', 'PUT', { credentials: { shop: 'mine' } });
    problem(wrong, 400, 'invalid');
    problem(await at('credentials', 'PUT', { credentials: { shop: 'other', token: 't' } }), 409, 'conflict');
    const again = await at('credentials', 'PUT', { credentials: { shop: 'mine', token: 'canary-secret' } });
    expect(again.body).toMatchObject({ state: 'active', credentials: { shop: 'mine' } });
    const all = await Promise.all(
      ['/v1/connections', `/v1/connections/${id}`, '/v1/connectors'].map((path) => call('GET', path, { key: admin })),
    );
    expect([made, again, ...all].map(({ text }) => text).join()).not.toContain('canary-secret');
    expect(logged.join()).not.toContain('canary-secret');
  });

  it('a mapping sends waiting orders on', async () => {
    const order = await store.orders.find('wa', a.orders);
    if (!order) throw new Error('no order');
    await store.orders.insert({ ...order, _id: 'or_wait', state: 'awaiting_mapping' });
    const put = (sku: string) => call('PUT', `/v1/listings/${a.listings}`, { key: admin, body: { sku } });
    problem(await put('nowhere'), 422, 'rejected');
    expect((await put('sku mark-of-a')).body).toMatchObject({ sku: 'sku mark-of-a' });
    expect(queued).toContainEqual({ job: 'order.route', payload: { workspaceId: 'wa', orderId: 'or_wait' } });
    const terms = await call('PATCH', '/v1/workspace/terms', { key: admin, body: { safetyStock: 3 } });
    expect(terms.body).toMatchObject({ terms: { safetyStock: 3, currency: 'GBP' } });
  });

  it('pages give each item once', async () => {
    const charges = Array.from({ length: 23 }, (_, n) => ({
      reference: `p${n}`,
      totalMinor: n,
      currency: 'GBP',
      at: '2026-01-02T00:00:00Z',
    }));
    await call('POST', '/v1/charges', { key: admin, body: { charges } });
    const seen: string[] = [];
    for (let next: unknown = ''; next !== null; ) {
      const page = await call('GET', `/v1/charges?limit=5${next === '' ? '' : `&after=${next}`}`, { key: admin });
      const items = z.array(z.object({ id: z.string() })).parse(page.body['items']);
      expect(items.length).toBeLessThanOrEqual(5);
      seen.push(...items.map(({ id }) => id));
      next = page.body['next'];
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength(await store.charges.count('wa', {}));
  });
});

describe('the OpenAPI document', () => {
  it('lists every route with its answers, and every reference in it leads somewhere', async () => {
    const { body, text } = await call('GET', '/v1/openapi.json');
    const document = z
      .object({
        openapi: z.literal('3.1.0'),
        paths: z.record(
          z.string(),
          z.record(
            z.string(),
            z.looseObject({
              operationId: z.string().regex(/^[a-zA-Z]+$/),
              summary: z.string(),
              security: z.array(z.object({ apiKey: z.array(z.string()) })),
              parameters: z.array(z.looseObject({ name: z.string().optional() })),
              responses: Json,
            }),
          ),
        ),
        components: z.record(z.string(), Json),
      })
      .parse(body);
    const operations = ROUTES.map((route) => ({ route, found: document.paths[`/v1${route.path}`]?.[route.method] }));
    for (const { route, found } of operations) {
      expect(found, nameOf(route)).toBeDefined();
      expect(found?.responses).toHaveProperty(String(route.status ?? 200));
      for (const code of [401, 403, 500, 503]) expect(found?.responses).toHaveProperty(String(code));
      for (const [, name] of route.path.matchAll(/\{(\w+)\}/g))
        expect(found?.parameters).toContainEqual(expect.objectContaining({ name, in: 'path', required: true }));
      expect('requestBody' in (found ?? {})).toBe(route.input.shape['body'] !== undefined);
    }
    expect(new Set(operations.map(({ found }) => found?.operationId)).size).toBe(ROUTES.length);
    expect(Object.values(document.paths).flatMap((path) => Object.keys(path))).toHaveLength(ROUTES.length);
    for (const [, reference = ''] of text.matchAll(/"\$ref":"([^"]+)"/g)) {
      const [, components, kind = '', name = ''] = reference.split('/');
      expect(components).toBe('components');
      expect(document.components[kind], reference).toHaveProperty(name);
    }
    expect(document.components['schemas']?.['Problem']).toMatchObject({
      type: 'object',
      required: expect.arrayContaining(['title']),
    });
    expect(text).not.toContain('#/$defs');
  });
});

describe('the probes', () => {
  it('say whether we live, work, and how we do', async () => {
    expect((await call('GET', '/live')).status).toBe(200);
    expect((await call('GET', '/ready')).body).toEqual({ ok: true, problems: [] });
    const metrics = await call('GET', '/metrics');
    expect(metrics.text).toMatch(/crossdock_http_seconds_count\{method="GET",route="\/v1\/orders",status="200"\} \d+/);
    expect(metrics.text).toContain('crossdock_webhooks_total{connector="testshop",outcome="stored"}');
    const ready = async () => ({ ok: false, problems: ['redis: away'] });
    const answer = await call('GET', '/ready', { at: await serve({ ...deps, ready }) });
    expect([answer.status, answer.body]).toEqual([503, { ok: false, problems: ['redis: away'] }]);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
    });
    expect(answer.headers.has('x-powered-by')).toBe(false);
  });
});

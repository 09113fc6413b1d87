import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { manualClock } from '#domain/clock.ts';
import type { Connection } from '#domain/connection.ts';
import { Failure, toFailure } from '#domain/failure.ts';
import { defineConnector, defineManifest, secret } from '#kit';
import { makeEgress } from '#runtime/egress.ts';
import { makeGateway } from '#runtime/gateway.ts';
import { makeSecrets } from '#runtime/secrets.ts';
import type { StoredToken } from '#runtime/token-memory.ts';
import { makeLog } from '#telemetry/log.ts';
import { freshRedisPrefix, servers } from '../support/servers.ts';

const manifest = defineManifest({
  id: 'acme',
  role: 'supplier',
  title: 'Acme Supplies',
  apiVersion: '1',
  docs: { url: 'https://acme.example', read: '2026-11-24' },
  credentials: z.object({ url: z.string().min(3), token: secret() }),
  settings: z.object({ warehouse: z.string().default('main') }),
  http: {
    baseUrl: ({ credentials }) => credentials.url,
    sign: ({ credentials }) => ({ authorization: `Bearer ${credentials.token}` }),
    limits: () => [{ name: 'requests', amount: 1, perMs: 1_000, burst: 3 }],
    timeoutMs: 30_000,
  },
  webhooks: {
    secret: 'ours',
    verify() {},
    deliveryId: () => '1',
    read: () => ({ kind: 'ping' }),
  },
});
const Account = z.object({ account: z.string() });
const acme = defineConnector(manifest, {
  'connection.check': async ({ http, log }) => {
    log('acme.checked', { account: 'kept' });
    const { account } = (await http.send({ method: 'GET', path: '/account' })).json(Account);
    return { account, identity: account, missing: [] };
  },
  'stock.pull': async ({ credentials }) => {
    throw new TypeError(`reading x of ${credentials.token}`);
  },
  'purchases.place': async ({ http }) => {
    await http.send({ method: 'POST', path: '/purchases', unsafe: true });
    throw new Failure('rejected', 'unreachable');
  },
  'purchases.find': async ({ files }) => files(async () => null),
  'purchases.get': async ({ memory }) => {
    throw new Failure('rejected', await memory.once('t', async () => ({ value: 'made', expiresAtMs: Infinity })));
  },
});

let redis: Redis;
const ends: (() => unknown)[] = [];
beforeAll(() => {
  redis = new Redis(servers().redisUrl, { maxRetriesPerRequest: 1 });
});
afterEach(() => {
  for (const end of ends.splice(0)) end();
});
afterAll(() => redis.disconnect());

const vendor = async (answer: (request: IncomingMessage, response: ServerResponse) => void) => {
  const sockets = new Set<unknown>();
  const server = createServer(answer).on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const host = `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  return { url: `http://${host}`, host, sockets };
};

const scene = (allow: readonly string[] = []) => {
  const egress = makeEgress({ allow, resolve: async () => [{ address: '127.0.0.1', family: 4 }] });
  ends.push(egress.close);
  const lines: string[] = [];
  const outbound: unknown[] = [];
  const values = new Map<string, StoredToken>();
  const gateway = makeGateway({
    connectors: new Map([[acme.manifest.id, acme]]),
    clock: manualClock(),
    redis,
    egress,
    secrets: makeSecrets([Buffer.alloc(32, 5)]),
    tokens: {
      get: async (key) => values.get(key) ?? null,
      put: async (key, value) => void values.set(key, value),
      delete: async (key) => void values.delete(key),
    },
    log: makeLog('debug', { write: (line) => lines.push(line) }),
    metrics: { outbound: (event) => outbound.push(event) },
    prefix: freshRedisPrefix(),
    maxWaitMs: 0,
  });
  const connection = (credentials: Record<string, unknown>, more: Partial<Connection> = {}): Connection => ({
    _id: 'c1',
    workspaceId: 'w1',
    connectorId: 'acme',
    role: 'supplier',
    name: 'My Acme',
    credentials: gateway.sealCredentials('w1', 'c1', 'acme', credentials),
    settings: {},
    state: 'active',
    live: true,
    fulfilFromMs: 0,
    webhookSecret: gateway.mintWebhookSecret('w1', 'c1'),
    cursor: { since: '', next: null },
    createdAtMs: 0,
    pollEveryMinutes: 60,
    lastError: '',
    ...more,
  });
  return { gateway, connection, lines, outbound, values };
};

const failure = async (work: () => unknown) => {
  try {
    await work();
  } catch (error) {
    expect(error).toBeInstanceOf(Failure);
    return toFailure(error);
  }
  throw new Error('nothing was thrown');
};

describe('the gateway', () => {
  it('does a verb with the stored credentials over one kept socket, under the shared limits', async () => {
    const seen: (string | undefined)[] = [];
    const { url, host, sockets } = await vendor((request, response) => {
      seen.push(request.headers.authorization);
      response.end('{"account":"Acme of w1"}');
    });
    const { gateway, connection, lines, outbound } = scene([host]);
    const mine = connection({ url, token: 'canary-token' });
    for (let call = 0; call < 3; call += 1)
      expect(await gateway.call(mine, 'connection.check', {})).toMatchObject({ account: 'Acme of w1' });
    expect(seen).toEqual(Array(3).fill('Bearer canary-token'));
    expect(sockets.size).toBe(1);
    const full = await failure(async () => {
      for (let call = 0; call < 3; call += 1) await gateway.call(mine, 'purchases.place', { purchase: purchase() });
    });
    expect([full.code, seen.length]).toEqual(['rate_limited', 3]);
    expect(outbound).toHaveLength(3);
    expect(outbound[0]).toMatchObject({ connector: 'acme', status: 200, failure: null });
    expect(lines.join('')).toContain('acme.checked');
    expect(lines.join('')).not.toContain('canary-token');
  });

  it('takes new credentials at once', async () => {
    const { url, host } = await vendor((request, response) =>
      response.end(JSON.stringify({ account: request.headers.authorization })),
    );
    const { gateway, connection } = scene([host]);
    expect(await gateway.call(connection({ url, token: 'first' }), 'connection.check', {})).toMatchObject({
      account: 'Bearer first',
    });
    expect(await gateway.call(connection({ url, token: 'second' }), 'connection.check', {})).toMatchObject({
      account: 'Bearer second',
    });
  });

  it('says what a connector cannot do', async () => {
    const { gateway, connection } = scene();
    const mine = connection({ url: 'https://acme.example', token: 'token' });
    const error = await failure(() => gateway.call(mine, 'labels.void', { externalId: '1' }));
    expect([error.code, error.message]).toEqual(['rejected', 'Acme Supplies cannot do labels.void']);
    expect([gateway.can(mine, 'labels.void'), gateway.can(mine, 'stock.pull')]).toEqual([false, true]);
    const unknown = await failure(() => gateway.call({ ...mine, connectorId: 'gone' }, 'stock.pull', { cursor: null }));
    expect(unknown.code).toBe('rejected');
  });

  it('turns what an operation throws into a bug, without the credentials in it', async () => {
    const { gateway, connection, lines } = scene();
    const mine = connection({ url: 'https://acme.example', token: 'canary-token' });
    const error = await failure(() => gateway.call(mine, 'stock.pull', { cursor: null }));
    expect([error.code, error.message]).toEqual(['bug', 'acme stock.pull: reading x of [secret]']);
    expect(error.cause).toBeUndefined();
    expect(lines.join('')).toContain('operation.bug');
    expect(lines.join('') + error.stack).not.toContain('canary-token');
  });

  it('says whose credentials the vendor refused', async () => {
    const { url, host } = await vendor((_request, response) => {
      response.writeHead(401).end();
    });
    const { gateway, connection } = scene([host]);
    const refused = await failure(() => gateway.call(connection({ url, token: 't' }), 'connection.check', {}));
    expect(refused).toMatchObject({ code: 'unauthorised', safe: { connectionId: 'c1' } });
  });

  it('refuses a private host for good and before anything is sent, for a write too', async () => {
    const { url, sockets } = await vendor((_request, response) => response.end('{}'));
    const { gateway, connection } = scene();
    for (const address of [url, 'https://intern.example', 'https://169.254.169.254']) {
      const mine = connection({ url: address, token: 'token' });
      const write = await failure(() => gateway.call(mine, 'purchases.place', { purchase: purchase() }));
      expect([address, write.code]).toEqual([address, 'rejected']);
      expect(write.message).toContain('may not be called');
    }
    expect(sockets.size).toBe(0);
  });

  it('keeps a host that is down apart from one that may not be called', async () => {
    const { gateway, connection } = scene(['127.0.0.1:1']);
    const mine = connection({ url: 'http://127.0.0.1:1', token: 'token' });
    expect((await failure(() => gateway.call(mine, 'connection.check', {}))).code).toBe('unavailable');
    const write = await failure(() => gateway.call(mine, 'purchases.place', { purchase: purchase() }));
    expect(write.code).toBe('unavailable');
  });

  it('says of a failure whether anything may have been changed outside', async () => {
    let status = 503;
    const { url, host } = await vendor((_request, response) => response.writeHead(status).end('{}'));
    const { gateway, connection } = scene([host, '127.0.0.1:1']);
    const mine = connection({ url, token: 'token' });
    const place = () => failure(() => gateway.call(mine, 'purchases.place', { purchase: purchase() }));
    // A question changes nothing, whatever became of it; an order that was sent may have been taken, also where the rest failed.
    const asked = await failure(() => gateway.call(mine, 'connection.check', {}));
    const sent = await place();
    status = 200;
    const taken = await place();
    // Three calls are the limit: the fourth is not sent. Nor is one to a host that is down.
    const unsent = await place();
    const down = connection({ url: 'http://127.0.0.1:1', token: 'token' }, { _id: 'c2' });
    const lost = await failure(() =>
      gateway.call(
        {
          ...down,
          credentials: gateway.sealCredentials('w1', 'c2', 'acme', { url: 'http://127.0.0.1:1', token: 't' }),
        },
        'purchases.place',
        { purchase: purchase() },
      ),
    );
    const told = [asked, sent, taken, unsent, lost].map(({ code, nothingDone }) => [code, nothingDone]);
    expect(told).toEqual([
      ['unavailable', true],
      ['outcome_unknown', false],
      ['rejected', false],
      ['rate_limited', true],
      ['unavailable', true],
    ]);
  });

  it('says which credentials do not fit, and never their values', async () => {
    const { gateway, connection } = scene();
    const error = await failure(() => gateway.sealCredentials('w1', 'c1', 'acme', { url: 'x', token: 7_777_777 }));
    expect(error.code).toBe('invalid');
    expect(error.safe).toEqual({
      fields: [
        { field: 'url', problem: 'too_small' },
        { field: 'token', problem: 'invalid_type' },
      ],
    });
    expect(JSON.stringify([error.message, error.safe])).not.toContain('7777777');
    expect(gateway.readSettings('acme', {})).toEqual({ warehouse: 'main' });
    const badUrl = connection({ url: 'not a url', token: 'token' });
    expect((await failure(() => gateway.call(badUrl, 'connection.check', {}))).code).toBe('rejected');
  });

  it('shows credentials with every secret masked', () => {
    const { gateway, connection } = scene();
    const mine = connection({ url: 'https://acme.example', token: 'canary-token' });
    expect(gateway.shown(mine)).toEqual({ url: 'https://acme.example', token: '••••••••' });
    expect(mine.credentials).not.toContain('canary');
  });

  it('does not open credentials that were moved to another connection or workspace', async () => {
    const { gateway, connection } = scene();
    const mine = connection({ url: 'https://acme.example', token: 'token' });
    for (const moved of [
      { ...mine, _id: 'c2' },
      { ...mine, workspaceId: 'w2' },
      { ...mine, credentials: mine.webhookSecret },
    ])
      expect((await failure(() => gateway.call(moved, 'connection.check', {}))).code).toBe('bug');
  });

  it('knows the secret of the webhooks', () => {
    const { gateway, connection } = scene();
    const {
      secret: ours,
      webhooks,
      manifest: of,
    } = gateway.webhooks(connection({ url: 'https://a.example', token: 'token' }));
    expect(ours()).toMatch(/^[0-9a-f]{64}$/);
    expect(webhooks.deliveryId({ rawBody: Buffer.alloc(0), headers: {} })).toBe('1');
    expect(of.id).toBe('acme');
  });

  it('keeps what an operation remembers sealed and for that connection', async () => {
    const { gateway, connection, values } = scene();
    const mine = connection({ url: 'https://acme.example', token: 'token' });
    const error = await failure(() => gateway.call(mine, 'purchases.get', { externalId: '1', reference: 'r' }));
    expect(error.message).toBe('made');
    expect([...values.keys()]).toEqual(['c1:t']);
    // Under other credentials it may be another account: nothing of the first is told there.
    const other = { ...connection({ url: 'https://acme.example', token: 'another' }), credentialsKey: 'second' };
    await failure(() => gateway.call(other, 'purchases.get', { externalId: '1', reference: 'r' }));
    expect(values.size).toBe(2);
  });
});

const purchase = () => ({
  reference: 'r-1',
  currency: 'EUR',
  shipTo: {
    name: 'Ada',
    company: '',
    line1: '1 Street',
    line2: '',
    city: 'Leeds',
    region: '',
    postalCode: 'LS1',
    country: 'GB',
    phone: '',
    email: '',
    made: true,
  },
  lines: [],
  neutralPacking: true,
  taxIds: [],
  note: '',
});

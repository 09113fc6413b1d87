import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { makeApp } from '#app/app.ts';
import type { Store } from '#app/ports.ts';
import { tradeReference } from '#app/trade-list/lists.ts';
import { mintKey } from '#domain/api-key.ts';
import { manualClock } from '#domain/clock.ts';
import { makeServer } from '#http/server.ts';
import { openQueues, type Queues } from '#queue';
import { makeEgress } from '#runtime/egress.ts';
import { makeGateway } from '#runtime/gateway.ts';
import { romaniseHan } from '#runtime/romanise-han.ts';
import { makeSecrets } from '#runtime/secrets.ts';
import { openStore } from '#store/store.ts';
import { makeLog } from '#telemetry/log.ts';
import { makeMetrics } from '#telemetry/metrics.ts';
import { SAMPLE_MT720, SAMPLE_TRANSFERABLE } from '#trade/letter-of-credit/testing/sample-credit.ts';
import { inParts, readOfficial } from '../../src/cli/official-files.ts';
import { madeList } from '../../src/trade/screening/testing/made-names.ts';
import { portsOn } from '../support/ports.ts';
import { freshDatabase, freshRedisPrefix, servers } from '../support/servers.ts';

const TODAY = '2026-11-25';
const clock = manualClock(Date.parse(`${TODAY}T09:00:00Z`));
const Json = z.record(z.string(), z.unknown());

let redis: Redis;
let store: Store;
let queues: Queues;
let key = '';
let reader = '';
let base = '';
let stopServer: () => Promise<void> = async () => {};
const folder = mkdtempSync(path.join(tmpdir(), 'crossdock-trade-'));

const newKey = async (workspaceId: string, scopes: string[]): Promise<string> => {
  const { key: made, id, hash } = mintKey(workspaceId);
  const about = { workspaceId, name: `${workspaceId} ${scopes.join()}`, scopes, location: '' };
  await store.apiKeys.insert({ _id: id, ...about, hash, createdAtMs: 1, revokedAtMs: null });
  return made;
};

/** A product on the test's store: what is remembered in memory begins anew. */
const startServer = async (database: string) => {
  store = await openStore(database);
  const log = makeLog('debug', { write: () => {} });
  const prefix = freshRedisPrefix();
  const gateway = makeGateway({
    connectors: new Map(),
    clock,
    redis,
    log,
    prefix,
    egress: makeEgress({ allow: [] }),
    secrets: makeSecrets([Buffer.alloc(32, 9)]),
    tokens: { get: async () => null, put: async () => {}, delete: async () => {} },
  });
  queues = openQueues({
    redis: () => new Redis(servers().redisUrl, { maxRetriesPerRequest: null }),
    prefix,
    clock,
    log,
  });
  const { handler, close } = makeServer({
    app: makeApp({ ...portsOn(store, clock), gateway, log }),
    enqueue: queues.enqueue,
    enqueueAll: queues.enqueueAll,
    connectors: new Map(),
    gateway,
    log,
    clock,
    findConnection: (id) => store.findConnection(id),
    metrics: makeMetrics(),
    newId: () => randomUUID(),
    bodyLimitBytes: 8 * 1024 * 1024,
    publicUrl: null,
    ready: async () => ({ ok: await store.ready(), problems: [] }),
  });
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  base = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  stopServer = async () => {
    await close();
    server.closeAllConnections();
    server.close();
    await queues.close();
    await store.close();
  };
};

const call = async (method: string, at: string, body?: unknown, as = key) => {
  const response = await fetch(`${base}/v1${at}`, {
    method,
    headers: { authorization: `Bearer ${as}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    body: body === undefined ? null : JSON.stringify(body),
  });
  return { status: response.status, body: Json.parse(await response.json()) };
};

/** `crossdock …` as it is typed, against the test's product. */
const cli = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      ['src/cli/main.ts', ...args, '--key', key, '--url', base],
      { maxBuffer: 64 * 1024 * 1024 },
      (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });

const file = (name: string, content: string): string => {
  const full = path.join(folder, name);
  writeFileSync(full, content);
  return full;
};

/** Rows of OFAC's CSV of made names; `extra` ones after them. */
const sdn = (count: number, seed: number, extra: readonly string[] = []): string =>
  [
    ...madeList(count, seed).entries.map(
      ({ id, name, kind }) =>
        `${id},"${name}","${kind === 'person' ? 'individual' : '-0-'}","MADE",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- `,
    ),
    ...extra,
  ].join('\r\n');
const named = (id: number, name: string): string =>
  `${id},"${name}","-0-","MADE",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- `;

const entry = (id: string, name: string) => ({
  id,
  kind: 'organisation',
  name,
  aliases: [],
  programs: ['MADE'],
  births: [],
  countries: [],
  identifiers: [],
  effective: { from: null, to: null },
  remarks: '',
});
const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
const draft = (text: string, more: Record<string, unknown> = {}) => ({
  kind: 'bis_dpl',
  title: 'Denied persons',
  date: '2026-11-20',
  source: 'https://lists.example/dpl.txt',
  sha256: sha(text),
  entries: 4,
  parts: 2,
  ...more,
});
const list = async (kind: string, state: string) => {
  const { body } = await call('GET', `/trade/lists?kind=${kind}&state=${state}`);
  return z.array(z.looseObject({ id: z.string(), entries: z.number() })).parse(body['items']);
};

const database = freshDatabase();
beforeAll(async () => {
  redis = new Redis(servers().redisUrl, { maxRetriesPerRequest: 1 });
  await startServer(database);
  key = await newKey('wt', ['trade:write']);
  reader = await newKey('wt', ['trade:read']);
});
afterAll(async () => {
  await stopServer();
  redis.disconnect();
  rmSync(folder, { recursive: true, force: true });
});

describe('screening without a list', () => {
  it('clears nobody: one error says how to import a list', async () => {
    const { status, body } = await call('POST', '/trade/screen', { name: 'Zhenhua Marine Trading LLC' }, reader);
    expect([status, body['code']]).toEqual([422, 'no_row']);
    expect(body['detail']).toMatch(/sanctions list; import one first, .*trade import/);
  });
});

describe('a list in parts', () => {
  const first = ['a', 'b'].map((id) => entry(id, `Veshkar ${id} Holding`));
  const second = ['c', 'd'].map((id) => entry(id, `Palmuro ${id} Shipping`));

  it('is a draft until it is whole, and says which parts are missing', async () => {
    const made = await call('POST', '/trade/lists', draft('one'));
    expect(made).toMatchObject({ status: 201, body: { state: 'draft', entries: 4, parts: 2 } });
    const id = String(made.body['id']);
    expect((await call('PUT', `/trade/lists/${id}/parts/1`, { entries: first })).status).toBe(200);
    const early = await call('POST', `/trade/lists/${id}/activate`, {});
    expect(early).toMatchObject({
      status: 409,
      body: { field: 'parts', reason: expect.stringContaining('missing: 2') },
    });
    expect((await call('POST', '/trade/screen', { name: 'Veshkar a Holding' })).status).toBe(422);
    await call('PUT', `/trade/lists/${id}/parts/2`, { entries: second });
    // The same part again changes nothing, and the bytes' own record stays one.
    await call('PUT', `/trade/lists/${id}/parts/2`, { entries: second });
    expect((await call('POST', '/trade/lists', draft('one'))).body['id']).toBe(id);
    expect((await call('POST', `/trade/lists/${id}/activate`)).body).toMatchObject({ state: 'active' });
    expect((await call('POST', `/trade/lists/${id}/activate`)).body).toMatchObject({ state: 'active' });
    const { body } = await call('POST', '/trade/screen', { name: 'VESHKAR A HOLDING', countries: ['Iran'] }, reader);
    expect(body).toMatchObject({
      verdict: 'blocked',
      hits: expect.arrayContaining([expect.objectContaining({ entryId: 'a', listId: 'bis.dpl', effect: 'blocked' })]),
      listsUsed: [{ id: 'bis.dpl', date: '2026-11-20', sha256: sha('one') }],
      screenedOn: TODAY,
    });
  });

  it('refuses a part with an entry that could not be compared, naming its place', async () => {
    const made = await call('POST', '/trade/lists', draft('two'));
    const entries = [entry('a', 'Veshkar Holding'), { ...entry('b', '…'), programs: 'x' }, entry('c', '…')];
    const { status, body } = await call('PUT', `/trade/lists/${made.body['id']}/parts/1`, { entries });
    expect([status, body['code']]).toEqual([400, 'invalid']);
    expect(body['errors']).toEqual([
      { path: expect.stringMatching(/^body\.entries\.1\./), message: expect.any(String) },
      { path: 'body.entries.2.name', message: expect.stringContaining('no letter or digit') },
    ]);
    expect((await call('PUT', `/trade/lists/${made.body['id']}/parts/3`, { entries: first })).status).toBe(422);
  });

  it('does not become active with another count or an entry twice', async () => {
    const made = await call('POST', '/trade/lists', draft('three'));
    const put = (part: number, entries: unknown) =>
      call('PUT', `/trade/lists/${made.body['id']}/parts/${part}`, { entries });
    await put(1, first);
    await put(2, second.slice(1));
    const activate = () => call('POST', `/trade/lists/${made.body['id']}/activate`, {});
    expect(await activate()).toMatchObject({
      status: 409,
      body: { reason: expect.stringContaining('3 were uploaded') },
    });
    await put(2, first);
    expect(await activate()).toMatchObject({ status: 409, body: { reason: expect.stringContaining('twice') } });
    expect((await list('bis_dpl', 'active')).map(({ entries }) => entries)).toEqual([4]);
  });

  it.each([
    ['far fewer entries', draft('four', { entries: 3, parts: 1 }), 'entries'],
    ['an older day', draft('four', { date: '2026-11-19' }), 'date'],
    ['many bad rows', draft('four', { failedRows: 1 }), 'failedRows'],
  ])('drifts with %s: refused unless forced', async (_name, facts, field) => {
    const refused = await call('POST', '/trade/lists', facts);
    expect(refused).toMatchObject({ status: 409, body: { code: 'conflict', field } });
    expect(refused.body['detail']).toContain('force');
    expect(await call('POST', '/trade/lists', { ...facts, force: true })).toMatchObject({
      status: 201,
      body: { state: 'draft' },
    });
  });

  it('is refused with facts that cannot be', async () => {
    const wrong = [
      [{ date: '2026-02-30' }, 'body.date'],
      [{ sha256: 'abc' }, 'body.sha256'],
      [{ kind: 'mine' }, 'body.kind'],
    ] as const;
    for (const [facts, at] of wrong) {
      const { status, body } = await call('POST', '/trade/lists', draft('five', facts));
      expect(status).toBe(422);
      expect(body['errors']).toContainEqual(expect.objectContaining({ path: at }));
    }
    for (const facts of [{ date: '2027-01-01' }, { edition: 'HS2022' }, { kind: 'hs_edition' }, { parts: 9 }])
      expect((await call('POST', '/trade/lists', draft('five', facts))).status).toBe(422);
    expect((await call('POST', '/trade/lists', draft('five'), reader)).status).toBe(403);
  });

  it('is seen by its own workspace alone', async () => {
    const other = await newKey('wu', ['trade:write']);
    const [own] = await list('bis_dpl', 'active');
    expect((await call('GET', '/trade/lists', undefined, other)).body['items']).toEqual([]);
    expect((await call('POST', `/trade/lists/${own?.id}/activate`, {}, other)).status).toBe(404);
    expect((await call('POST', '/trade/screen', { name: 'Veshkar a Holding' }, other)).status).toBe(422);
  });
});

const imported = (path_: string, ...more: string[]) =>
  cli('trade', 'import', '--kind', 'ofac_sdn', '--file', path_, '--date', '2026-11-21', ...more);

describe('an import by the command line', () => {
  const bad = '9001,"A name without its other columns"';
  const before = file('before.csv', sdn(2_500, 1, [named(9_000, 'OLDNAME TRADING COMPANY'), bad]));
  const after = file('after.csv', sdn(2_500, 2, [named(9_000, 'NEWNAME TRADING COMPANY')]));

  it('names each bad row, uploads in parts and activates', async () => {
    const { code, out, err } = await imported(before, '--source', 'https://lists.example/sdn.csv');
    expect(err).toContain('part 3 of 3: 2501 of 2501 entries');
    expect(out).toMatch(/sdn +2502 +2501 +1\n/);
    expect(out).toContain('! sdn row 2502: ');
    expect(out).toContain('Active from now on: ofac_sdn of 2026-11-21 with 2501 entries');
    expect(code).toBe(0);
    const screened = await cli('trade', 'screen', '--name', 'Oldname Trading Co.', '--country', 'CN');
    expect(screened.out).toMatch(/ofac\.sdn 9000 +OLDNAME TRADING COMPANY/);
    expect(screened.out).toContain('! ofac.sdn: 1 rows of its state of 2026-11-21 could not be read');
  });

  it('of the same bytes changes nothing', async () => {
    const [was] = await list('ofac_sdn', 'active');
    expect((await imported(before)).out).toContain('nothing changed');
    expect(await list('ofac_sdn', 'active')).toEqual([was]);
  });

  it('that is killed leaves the old list active, and goes on when it is started again', async () => {
    const read = readOfficial('ofac_sdn', { file: after }, '');
    const parts = inParts(read.entries);
    const facts = { kind: 'ofac_sdn', title: read.title, date: '2026-11-22', source: 'after.csv', sha256: read.sha256 };
    const made = await call('POST', '/trade/lists', { ...facts, entries: read.entries.length, parts: parts.length });
    await call('PUT', `/trade/lists/${made.body['id']}/parts/1`, { entries: parts[0] });
    await stopServer();
    await startServer(database);
    expect(await list('ofac_sdn', 'draft')).toMatchObject([{ id: made.body['id'] }]);
    expect((await cli('trade', 'screen', '--name', 'OLDNAME TRADING COMPANY')).out).toContain('ofac.sdn 9000');
    expect((await cli('trade', 'screen', '--name', 'NEWNAME TRADING COMPANY')).out).not.toContain('ofac.sdn 9000');
    const { code, out } = await imported(after, '--date', '2026-11-22');
    expect(out).toContain('Active from now on: ofac_sdn of 2026-11-22');
    expect(code).toBe(0);
    expect(await list('ofac_sdn', 'draft')).toEqual([]);
    expect(await list('ofac_sdn', 'active')).toMatchObject([{ id: made.body['id'] }]);
    expect(await list('ofac_sdn', 'replaced')).toHaveLength(1);
    expect((await cli('trade', 'screen', '--name', 'NEWNAME TRADING COMPANY')).out).toContain('ofac.sdn 9000');
    const lists = await cli('trade', 'lists');
    expect(lists.out).toMatch(/ofac_sdn +2026-11-22 +active +2501/);
  });

  it('of a file that is cut off is refused by its count, unless forced', async () => {
    const cut = file('cut.csv', sdn(1_000, 2));
    const { code, err } = await imported(cut, '--date', '2026-11-23');
    expect(code).toBe(1);
    expect(err).toContain('1000 are more than 5 % fewer than the 2501 of 2026-11-22 on file');
    expect(await list('ofac_sdn', 'active')).toMatchObject([{ entries: 2_501 }]);
    expect((await imported(cut, '--date', '2026-11-23', '--force')).code).toBe(0);
    expect(await list('ofac_sdn', 'active')).toMatchObject([{ entries: 1_000 }]);
    // A list that was replaced may come back.
    expect((await imported(after, '--date', '2026-11-24')).code).toBe(0);
    expect(await list('ofac_sdn', 'active')).toMatchObject([{ entries: 2_501 }]);
  });

  it('of an HS edition with a fault imports nothing and names the row; without one, codes are checked', async () => {
    const rows = ['section,hscode,description,parent,level', 'I,01,Animals,TOTAL,2', 'I,0101,Horses,01,4'];
    const faulty = file('hs-faulty.csv', [...rows, 'I,10121,Horses for breeding,0101,6'].join('\n'));
    const args = ['trade', 'import', '--kind', 'hs_edition', '--edition', 'HS2022', '--date', '2022-01-01', '--file'];
    const refused = await cli(...args, faulty);
    expect(refused.code).toBe(1);
    expect(refused.out).toContain('! hs row 4: “10121” is not 6 digits; is a leading zero gone?');
    expect(refused.err).toContain('Nothing was imported');
    expect((await call('POST', '/trade/hs', { code: '010121' })).body).toMatchObject({ status: 422, field: 'edition' });
    const good = file('hs.csv', [...rows, 'I,010121,Horses for breeding,0101,6'].join('\n'));
    expect((await cli(...args, good)).code).toBe(0);
    expect((await cli('trade', 'hs', '--hs', '0101.21')).out).toContain('010121 is in HS2022: Horses for breeding');
    const editions = await tradeReference({ store, romaniseHan }, 'wt');
    expect(editions.editions.map(({ id, codes }) => [id, codes.size])).toEqual([['HS2022', 1]]);
  });
});

describe('the reference', () => {
  it('is built once for a set of active lists, and anew when one changes', async () => {
    const [one, two] = await Promise.all([
      tradeReference({ store, romaniseHan }, 'wt'),
      tradeReference({ store, romaniseHan }, 'wt'),
    ]);
    expect(one.index).not.toBeNull();
    expect(two.index).toBe(one.index);
    const facts = draft('anew', { date: '2026-11-24', entries: 4, parts: 1 });
    const made = await call('POST', '/trade/lists', facts);
    const entries = ['a', 'b', 'c', 'd'].map((id) => entry(id, `Another ${id} Company`));
    await call('PUT', `/trade/lists/${made.body['id']}/parts/1`, { entries });
    expect((await tradeReference({ store, romaniseHan }, 'wt')).index).toBe(one.index);
    await call('POST', `/trade/lists/${made.body['id']}/activate`, {});
    const next = await tradeReference({ store, romaniseHan }, 'wt');
    expect(next.index).not.toBe(one.index);
    expect(next.lists.map(({ id, date }) => [id, date])).toContainEqual(['bis.dpl', '2026-11-24']);
  });

  it('of two activations at once has one list in their place', async () => {
    const ids = await Promise.all(
      ['x', 'y'].map(async (mark) => {
        const made = await call('POST', '/trade/lists', draft(mark, { date: '2026-11-24', parts: 1 }));
        const entries = ['a', 'b', 'c', 'd'].map((id) => entry(id, `Company ${mark} ${id}`));
        await call('PUT', `/trade/lists/${made.body['id']}/parts/1`, { entries });
        return String(made.body['id']);
      }),
    );
    await Promise.all(ids.map((id) => call('POST', `/trade/lists/${id}/activate`, {})));
    const active = await list('bis_dpl', 'active');
    expect(active).toHaveLength(1);
    expect(ids).toContain(active[0]?.id);
  });
});

describe('the rules as questions', () => {
  const consignment = (more: Record<string, unknown>, line: Record<string, unknown> = {}) => ({
    jurisdiction: 'EU',
    country: 'DE',
    currency: 'EUR',
    channel: 'courier',
    freight: '10.00',
    ...more,
    lines: [{ hs: '6109.10', value: '400.00', quantity: 10, origin: 'CN', dutyRate: '0.12', ...line }],
  });

  it('answer duty with every step, its rule and what must be known', async () => {
    const { status, body } = await call('POST', '/trade/duty', consignment({ sale: 'b2b' }), reader);
    expect(status).toBe(200);
    expect(body).toMatchObject({ currency: 'EUR', on: TODAY, totals: { customsValue: '410.00', duty: '49.20' } });
    expect(body['notices']).toEqual(expect.any(Array));
  });

  it('say what is missing where no row is on file', async () => {
    const us = { jurisdiction: 'US', country: 'US', currency: 'USD', channel: 'ocean', sale: 'b2b', on: '2027-10-01' };
    const { status, body } = await call('POST', '/trade/duty', consignment(us, { value: '30000.00' }));
    expect([status, body['code'], body['reason']]).toEqual([422, 'no_row', 'no row']);
    expect(String(body['missing'])).toMatch(/merchandise processing fee/i);
    const { status: aqlStatus, body: aql } = await call('POST', '/trade/aql', {
      standard: 'ISO2859-1',
      lotSize: 1_000,
      level: 'II',
      aql: '2.7',
    });
    expect([aqlStatus, aql['field']]).toEqual([422, 'aql']);
  });

  it.each([
    ['duty', consignment({ country: 'Atlantis' }), 'body.country', 422, 'rejected'],
    ['duty', consignment({ freight: -1 }), 'body.freight', 400, 'invalid'],
    ['duty', consignment({}, { hs: '61' }), 'body.lines.0.hs', 422, 'rejected'],
    ['duty', consignment({ on: '2026-13-01' }), 'body.on', 422, 'rejected'],
    ['duty', consignment({ color: 'red' }), 'body', 400, 'invalid'],
    ['screen', { name: 'Veshkar', countries: ['Atlantis'] }, 'body.countries.0', 422, 'rejected'],
    ['screen', { name: 'Veshkar', threshold: 0.1 }, 'body.threshold', 422, 'rejected'],
    ['aql', { standard: 'ISO2859-1', lotSize: 1, level: 'II', aql: '2.5' }, 'body.lotSize', 422, 'rejected'],
    ['lc', {}, 'body.message', 422, 'rejected'],
    [
      'refund',
      { company: 'trading', taxRate: 0.13, refundRate: '0.13', invoiceExVat: '1' },
      'body.taxRate',
      400,
      'invalid',
    ],
  ])('refuse bad input of %s, naming its place (%#)', async (what, question, at, wanted, code) => {
    const { status, body } = await call('POST', `/trade/${what}`, question);
    expect([status, body['code']]).toEqual([wanted, code]);
    expect(body['errors']).toContainEqual(expect.objectContaining({ path: at }));
  });

  it.each([
    ['duty', consignment({ country: 'US' }), 'country'],
    ['screen', { name: '…' }, 'party.name'],
    ['lc', { message: 'hello' }, 'message'],
    ['refund', { company: 'trading', taxRate: '0.13', refundRate: '0.20', invoiceExVat: '1' }, 'refundRate'],
    ['refund', { company: 'trading', taxRate: '0.13', invoiceExVat: '1' }, 'refundRate'],
  ])('refuse what an engine cannot work with, naming the field (%s, %#)', async (what, question, field) => {
    const { status, body } = await call('POST', `/trade/${what}`, question);
    expect([status, body['code'], body['field']]).toEqual([400, 'invalid', field]);
  });

  it('answer sampling by one AQL, by classes, and for an inspected lot', async () => {
    const lot = { standard: 'ISO2859-1', lotSize: 1_000, level: 'II' };
    const one = await call('POST', '/trade/aql', { ...lot, aql: '2.5' }, reader);
    expect(one.body).toMatchObject({ sampleSize: 80, ac: 5, re: 6, codeLetter: 'J' });
    // The third edition is out and nobody has seen its tables.
    expect(one.body['notices']).toContainEqual(expect.objectContaining({ code: 'unverified' }));
    const classes = { critical: '0', major: '2.5', minor: '4.0' };
    const many = await call('POST', '/trade/aql', { ...lot, classes });
    expect(many.body).toMatchObject({ unitsToDraw: 80, classes: expect.any(Array) });
    const findings = Object.fromEntries(Object.keys(classes).map((name) => [name, { units: 80, defects: 0 }]));
    const verdict = await call('POST', '/trade/aql', { ...lot, classes, lot: 'PO-1', findings });
    expect(verdict.body).toMatchObject({ verdict: 'accepted', lot: 'PO-1' });
  });

  it('answer a refund with its deadlines', async () => {
    const claim = { company: 'trading', taxRate: '0.13', product: 'battery', invoiceExVat: '100000.00' };
    const { body } = await call('POST', '/trade/refund', { ...claim, exportDate: '2026-05-20' }, reader);
    expect(body).toMatchObject({
      refundRate: '0.06',
      refund: '6000.00',
      costTransfer: '7000.00',
      deadlines: { fileAndCollectBy: '2027-04-30', filingOpens: '2026-06-01' },
    });
  });

  it('answer an Incoterms rule for a sale', async () => {
    const use = { rule: 'FOB', transport: 'air', containerised: false, exportRefund: true, importerOfRecord: false };
    const { body } = await call('POST', '/trade/incoterms', use, reader);
    expect(body).toMatchObject({ rule: { mode: 'sea' }, findings: expect.any(Array), notices: expect.any(Array) });
    expect(body['findings']).not.toEqual([]);
  });
});

const MT700 = `{1:F01TESTDEFFAXXX0000000000}{2:I700TESTCNBJXXXXN}{4:
:27:1/1
:40A:IRREVOCABLE
:20:LC260901
:31C:260901
:40E:UCP LATEST VERSION
:31D:261231SHENZHEN
:50:NORDLICHT HANDEL GMBH
HAMBURG
:59:SHENZHEN VESHKAR CO LTD
SHENZHEN
:32B:USD50000,00
:41A:TESTCNBJXXX
BY PAYMENT
:43P:NOT ALLOWED
:43T:ALLOWED
:44E:YANTIAN
:44F:HAMBURG
:44C:261210
:45A:1000 PCS LED LAMPS
FOB YANTIAN
:46A:+SIGNED COMMERCIAL INVOICE IN 3 COPIES
:48:21
:49:WITHOUT
-}`;

describe('the command line', () => {
  it('prints aligned tables with the notices below them', async () => {
    const aql = await cli('trade', 'aql', '--lot', '1000', '--level', 'II', '--aql', '2.5');
    expect(aql.out).toMatch(/^ISO 2859-1:1999, normal inspection\n/);
    expect(aql.out).toMatch(/accept up to +5\nrefuse from +6\n/);
    expect(aql.out.trim().split('\n').at(-1)).toMatch(/^! ISO 2859-1:2026 \(third edition\): not verified/);
    const duty = await cli(
      'trade',
      'duty',
      '--to',
      'DE',
      '--hs',
      '6109.10',
      '--value',
      '400.00',
      '--currency',
      'EUR',
      '--origin',
      'CN',
      '--duty-rate',
      '0.12',
      '--sale',
      'b2b',
    );
    expect(duty.err).toBe('');
    expect(duty.out).toMatch(/^Landed cost in DE on 2026-11-25, in EUR/);
    const refund = await cli(
      'trade',
      'refund',
      '--invoice',
      '100000',
      '--tax-rate',
      '0.13',
      '--product',
      'battery',
      '--export-date',
      '2026-05-20',
    );
    expect(refund.out).toMatch(/refund +6000\.00\n/);
    expect(refund.out).toMatch(/collect by +2027-04-30/);
  });

  it('reads a message or a question from a file, and prints JSON when asked', async () => {
    const { out, err } = await cli('trade', 'lc', '--file', file('mt700.txt', MT700));
    expect(err).toBe('');
    expect(out).toMatch(/amount +USD 50000\.00\n/);
    expect(out).toMatch(/expires +2026-12-31 at SHENZHEN/);
    const question = { standard: 'Z1.4', lotSize: 500, level: 'II', aql: '1.0' };
    const json = await cli('trade', 'aql', '--file', file('q.json', JSON.stringify(question)), '--json');
    expect(JSON.parse(json.out)).toMatchObject({ standard: 'Z1.4', sampleSize: 50, ac: 1 });
  });

  it('holds a transferred credit against its own', async () => {
    const [moved, more] = ['80000,', '100001,'].map((amount) => SAMPLE_MT720.replace(/(?<=:32B:USD)[0-9,]+/, amount));
    const original = file('transferable.txt', SAMPLE_TRANSFERABLE);
    const held = (text: string) => cli('trade', 'lc', '--file', file('mt720.txt', text), '--transfer-of', original);
    expect((await held(moved ?? '')).out).toMatch(/Transfer .*: nothing has to be amended/);
    expect((await held(more ?? '')).out).toMatch(/Transfer .*: do not ship before it is amended.*AMOUNT_RAISED/s);
  });

  it('says a refusal in words and how it is used', async () => {
    const refused = await cli('trade', 'aql', '--lot', '1', '--aql', '2.5');
    expect([refused.code, refused.out]).toEqual([1, '']);
    expect(refused.err).toContain('lotSize: the tables begin with lots of 2 units');
    const usage = await cli('trade', 'screen');
    expect(usage.code).toBe(2);
    expect(usage.err).toContain('screen    --name');
    const help = await cli('trade', 'aql', '--help');
    expect([help.code, help.err, help.out.split('\n').length]).toEqual([0, '', 3]);
    expect(help.out).toContain('aql       --lot');
  });
});

describe('a line that is typed wrong', () => {
  it('is no command, whatever an object may be called, and shows the row of the one that was meant', async () => {
    for (const typed of [['constructor'], ['case', 'constructor', 'cs_1'], ['trade', 'toString']])
      expect(await cli(...typed)).toMatchObject({ code: 2 });
    const { code, err } = await cli('trade', 'duty');
    expect([code, err.trim().split('\n').length]).toEqual([2, 2]);
    expect(err).toContain('--to DE --hs 610910');
  });

  it('names the option or the file at fault, and a version that is none does not pass for none', async () => {
    const empty = file('empty.json', '{}');
    const version = await cli('case', 'facts', 'cs_1', 'quality', '--file', empty, '--if-version', 'abc');
    expect(version).toMatchObject({ code: 1, err: '--if-version: abc is not the number of a version\n' });
    const broken = file('broken.json', '{bad');
    expect((await cli('trade', 'duty', '--file', broken)).err).toMatch(new RegExp(`^${broken} is not JSON`));
    expect((await cli('trade', 'lc', '--file', '/none/at/all')).err).toMatch(/^\/none\/at\/all cannot be read/);
    const { err } = await cli('trade', 'screen', '--name', 'Zhenhua', '--threshold', 'high');
    expect(err).toMatch(/threshold: .*received string/);
  });
});

// Last: it moves the clock.
describe('entries of a list that was replaced', () => {
  it('are kept for those who still read them, and given up with the first import a day later', async () => {
    const [gone] = await store.tradeLists.list('wt', { state: 'replaced' }, { limit: 10 });
    const partsOf = (listId = '') => store.tradeListParts.list('wt', { listId }, { limit: 10 });
    expect(await partsOf(gone?._id)).not.toEqual([]);
    clock.advance(25 * 3_600_000);
    expect((await imported(file('again.csv', sdn(2_600, 2)), '--date', '2026-11-25')).code).toBe(0);
    expect(await partsOf(gone?._id)).toEqual([]);
  });
});

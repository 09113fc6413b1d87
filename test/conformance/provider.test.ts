import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Coverage, CoverageRow } from '#kit';
import { PROVIDERS, reportOf, runProvider } from './provider/run.ts';

const SHARED = path.join(import.meta.dirname, '../../../shared/apis');

describe('answers recorded at the vendors', () => {
  for (const [name, provider] of Object.entries(PROVIDERS)) {
    const there = existsSync(path.join(SHARED, name));
    if (!there) console.warn(`SKIPPED: the recorded answers of ${name}, for there are none in ${SHARED}`);
    it.skipIf(!there)(`${name}: each field has a place or a reason`, () => {
      const { files, ...report } = reportOf(name, provider, SHARED);
      const { lost, missed, stale, wrong } = report;
      const failed = files.flatMap((file) => file.failed);
      const unexplained = report.ignored.filter(({ reason }) => reason === null);
      expect({ failed, lost, unexplained, missed, stale, wrong }).toEqual({
        failed: [],
        lost: [],
        unexplained: [],
        missed: [],
        stale: [],
        wrong: [],
      });
      expect(report.bound).toBe(true);
    });
  }
});

/** A small schema in Shopify's words, and recordings made for this test: nobody's shop. */
const SDL = `
  interface DisplayableError { field: [String!] message: String! }
  type UserError implements DisplayableError { field: [String!] message: String! }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type MoneyV2 { amount: String! currencyCode: String! }
  type MoneyBag { shopMoney: MoneyV2! presentmentMoney: MoneyV2! }
  type LineItem { id: ID! sku: String quantity: Int! shelfMark: String originalUnitPriceSet: MoneyBag! }
  type LineItemEdge { cursor: String! node: LineItem! }
  type LineItems { nodes: [LineItem!]! edges: [LineItemEdge!]! pageInfo: PageInfo! }
  enum Paid { PENDING PAID }
  type Order { id: ID! name: String! note: String test: Boolean! displayFinancialStatus: Paid lineItems(first: Int): LineItems! }
  type OrderUpdatePayload { order: Order userErrors: [UserError!]! }
  type Theme { id: ID! name: String! }
  type Query { order(id: ID!): Order theme: Theme }
  type Mutation { orderUpdate(id: ID!): OrderUpdatePayload }
`;
const order = (fields: Record<string, unknown>) => ({ id: 'gid://shopify/Order/7', ...fields });

describe('what becomes of each field of an answer', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'conformance-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const shopify = PROVIDERS['shopify'];
  const read = (
    name: string,
    recordings: Readonly<Record<string, unknown>>,
    { sdl = true, ...changes }: Partial<Coverage> & { sdl?: boolean } = {},
  ) => {
    if (!shopify) throw new Error('Shopify is not covered');
    const own = path.join(folder, name);
    mkdirSync(own);
    if (sdl) writeFileSync(path.join(own, 'schema.graphql'), SDL);
    for (const [file, recording] of Object.entries(recordings))
      writeFileSync(path.join(own, `${file}.json`), JSON.stringify(recording));
    const bare = { rows: [], corpus: { marks: ['schema.graphql'], floors: {} } };
    const coverage: Coverage = { ...shopify.coverage, ...bare, ...changes };
    return reportOf('shopify', { ...shopify, coverage }, own);
  };

  it('keeps what its query asked for under other names', () => {
    const report = read('alias', {
      one: {
        query: 'query Mine($id: ID!) { mine: order(id: $id) { gid: id title: name paid: displayFinancialStatus } }',
        response: { data: { mine: { gid: 'gid://shopify/Order/7', title: '#7', paid: 'PENDING' } } },
      },
    });
    expect(report).toMatchObject({ entities: { order: 1 }, places: 3, lost: [], good: true });
  });

  it('reads one field under two aliases twice', () => {
    const ask = '{ order(id: 7) { id first: note second: note } }';
    const answer = { data: { order: order({ first: 'this', second: 'that' }) } };
    expect(read('twice', { one: { query: ask, response: answer } })).toMatchObject({ places: 3, lost: [] });
  });

  it('names a field that is kept nowhere, with its way through pages and fragments', () => {
    const report = read('planted', {
      one: {
        query: `query { order(id: 7) { id ...Lines } }
          fragment Lines on Order { lineItems(first: 1) { edges { cursor node { id mark: shelfMark sku } } } }`,
        response: {
          data: {
            order: order({
              lineItems: { edges: [{ cursor: 'c', node: { id: 'gid://shopify/LineItem/1', mark: 'B4', sku: 'A' } }] },
            }),
          },
        },
      },
    });
    expect(report.lost).toEqual([{ entity: 'line', path: 'shelfMark', times: 1 }]);
    expect(report.good).toBe(false);
    const row: CoverageRow = { entity: 'line', path: 'shelfMark', reason: 'a shelf of the shop’s own' };
    expect(
      read(
        'planted-and-said',
        {
          one: {
            data: { order: order({ lineItems: { nodes: [{ id: 'gid://shopify/LineItem/1', shelfMark: 'B4' }] } }) },
          },
        },
        { rows: [row] },
      ).good,
    ).toBe(true);
  });

  it('finds the thing in a mutation’s answer and the words of its refusal', () => {
    const report = read('mutation', {
      one: {
        mutation: {
          query: 'mutation { done: orderUpdate(id: 7) { order { id note } userErrors { message } } }',
          response: { data: { done: { order: order({ note: 'new' }), userErrors: [{ message: 'Not so' }] } } },
        },
      },
    });
    expect(report).toMatchObject({ entities: { order: 1, 'user error': 1 }, places: 3, good: true });
  });

  it('knows an order of an unknown shop and version by its id and place, without a schema or query', () => {
    const recording = {
      apiVersion: '2031-07',
      deep: [{ inside: { data: { whatever: order({ name: '#7', carvedOn: 'oak' }) } } }],
    };
    const report = read('unknown', { one: recording }, { sdl: false, corpus: { marks: [], floors: {} } });
    expect(report).toMatchObject({
      entities: { order: 1 },
      lost: [{ entity: 'order', path: 'carvedOn', times: 1 }],
      bound: false,
    });
  });

  it('names a value that the connector refuses, with its path', () => {
    const report = read('refused', { one: { data: { order: order({ test: 'perhaps' }) } } });
    expect(report.files[0]?.failed).toMatchObject([{ entity: 'order', where: 'order', path: 'test' }]);
    expect(report.good).toBe(false);
  });

  it('wants a reason for an operation without such a thing, and none for an answer without a fact', () => {
    const answers = {
      one: { data: { theme: { id: 'gid://shopify/Theme/1', name: 'Dawn' } } },
      two: { data: { theme: null } },
    };
    expect(read('ignored', answers)).toMatchObject({
      ignored: [{ operation: 'theme', reason: null, times: 1 }],
      good: false,
    });
    const rows = [{ operation: 'theme', reason: 'how a shop looks' }];
    expect(read('ignored-and-said', answers, { rows }).good).toBe(true);
  });

  it('fails on a row that matches nothing and on one that ignores a kept kind', () => {
    const answer = { one: { data: { order: order({ note: 'n' }) } } };
    const stale: CoverageRow = { entity: 'order', path: 'note', reason: 'it is kept, so this is not true' };
    expect(read('stale', answer, { rows: [stale] })).toMatchObject({ stale: [stale], good: false });
    const wrong: CoverageRow = { operation: 'order', reason: 'we do not care' };
    expect(read('wrong', answer, { rows: [wrong] })).toMatchObject({ wrong: [wrong], good: false });
  });

  it('fails where fewer were found than there are, and where nothing was', () => {
    const corpus = { marks: ['schema.graphql'], floors: { order: 2 } };
    const report = read('floor', { one: { data: { order: order({ note: 'n' }) } } }, { corpus });
    expect(report).toMatchObject({ missed: [{ what: 'order', floor: 2, found: 1 }], good: false });
    expect(read('nothing', { one: { hello: 1 } })).toMatchObject({ files: [], good: false });
  });
});

describe('recordings of plain HTTP', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'conformance-http-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const write = (name: string, file: string, recording: unknown): string => {
    const own = path.join(folder, name);
    mkdirSync(own);
    writeFileSync(path.join(own, file), JSON.stringify(recording));
    return own;
  };
  const run = (provider: string, own: string) => {
    const lines: string[] = [];
    const code = runProvider(provider, own, path.join(own, 'report.txt'), (line) => lines.push(line));
    return { code, lines, json: JSON.parse(readFileSync(path.join(own, 'report.txt'), 'utf8')) };
  };

  it('takes a HAR of a carrier apart by the types that it names', () => {
    const rate = { id: 'rate_9', object: 'Rate', carrier: 'USPS', service: 'Ground', rate: '4.20', currency: 'USD' };
    const shipment = { id: 'shp_9', object: 'Shipment', reference: 'r', rates: [{ ...rate, blessing: 'by hand' }] };
    const exchange = (method: string, url: string, body: unknown) => ({
      request: { method, url },
      response: {
        status: 200,
        content: { encoding: 'base64', text: Buffer.from(JSON.stringify(body)).toString('base64') },
      },
    });
    const entries = [
      exchange('POST', 'https://carrier.test/v2/shipments', shipment),
      exchange('GET', 'https://carrier.test/v2/moons/moon_12', { id: 'moon_12', object: 'Moon', phase: 'full' }),
    ];
    const { code, lines, json } = run('easypost', write('har', 'one.har', { log: { entries } }));
    expect(json).toMatchObject({
      entities: { shipment: 1, rate: 1 },
      lost: [{ entity: 'rate', path: 'blessing', times: 1 }],
      ignored: [{ operation: 'GET /v2/moons/{id}', reason: null }],
    });
    expect(lines).toContain('LOST rate blessing (1)');
    expect(code).toBe(1);
  });

  it('takes a page of documentation apart, each answer under the call before it', () => {
    const line = { id: 1, name: 'A thing', quantity: 2, total: '20.00', sku: 'A', aura: 'green' };
    const order = { id: 100, currency: 'EUR', total: '20.00', billing: { city: 'Town' }, line_items: [line] };
    const examples = [
      { text: 'curl https://shop.test/wp-json/wc/v3/orders/100' },
      { value: order },
      { text: 'curl -X POST https://shop.test/wp-json/wc/v3/moons' },
      { value: { phase: 'full' } },
    ];
    const { code, json } = run('woocommerce', write('docs', 'orders.json', { examples }));
    expect(json).toMatchObject({
      entities: { order: 1, line: 1 },
      lost: [{ entity: 'line', path: 'aura', times: 1 }],
      ignored: [{ operation: 'POST /wp-json/wc/v3/moons', reason: null }],
    });
    expect(code).toBe(1);
  });

  it('ends with 0 where each field of a supplier’s order has a place', () => {
    const data = { orderId: '210823100016290555', orderNum: 'leg-1', orderStatus: 'SHIPPED', trackNumber: 'T1' };
    const sample = {
      request: { method: 'GET', url: 'https://supplier.test/api2.0/v1/shopping/order/getOrderDetail' },
      response: { code: 200, message: 'Success', data },
    };
    const { code, json } = run('cj', write('sample', 'order.json', { sample }));
    expect(json).toMatchObject({ entities: { order: 1 }, places: 4, lost: [], bound: false });
    expect(code).toBe(0);
  });

  it('refuses a connector that nobody covers', () => {
    expect(runProvider('nobody', folder, undefined, () => undefined)).toBe(2);
  });
});

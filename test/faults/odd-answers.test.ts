import { createServer, request as httpRequest } from 'node:http';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Connector, type FailureCode, type Input, isFailure, type Output, type Verb } from '#kit';
import { type Harness, type Host, hostConnector, manualClock, openSandboxDb } from '#kit/testing';
import { cj } from '../../connectors/cj/index.ts';
import { cjSandbox } from '../../connectors/cj/sandbox.ts';
import { easypost } from '../../connectors/easypost/index.ts';
import { easypostSandbox } from '../../connectors/easypost/sandbox.ts';
import { shopify } from '../../connectors/shopify/index.ts';
import { shopifySandbox } from '../../connectors/shopify/sandbox.ts';
import { woocommerce } from '../../connectors/woocommerce/index.ts';
import { woocommerceSandbox } from '../../connectors/woocommerce/sandbox.ts';
import { LEEDS } from '../support/addresses.ts';

/** What a vendor may send instead of what it promises. Whatever it is, it ends in data or in one failure that says what it was. */

type Spoil = (text: string) => string;

/** Stands between a connector and its sandbox, and spoils the answers to the requests that `spoils` names. */
const spoiling = async (target: string) => {
  let spoil: { of: RegExp; as: Spoil } | null = null;
  let met = 0;
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const sent = Buffer.concat(chunks);
      // With the host that the caller knows: a signature may cover it.
      const { headers } = incoming;
      const asked = httpRequest(
        new URL(incoming.url ?? '/', target),
        { method: incoming.method, headers },
        (answer) => {
          const parts: Buffer[] = [];
          answer.on('data', (part: Buffer) => parts.push(part));
          answer.on('end', () => {
            let text = Buffer.concat(parts).toString('utf8');
            if (spoil?.of.test(`${incoming.url} ${sent.toString('utf8')}`)) {
              met += 1;
              text = spoil.as(text);
            }
            const { 'content-length': __, ...given } = answer.headers;
            outgoing.writeHead(answer.statusCode ?? 500, given);
            outgoing.end(text);
          });
        },
      );
      asked.end(sent);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    /** Runs `work` while answers are spoilt, and fails where none was. */
    async while<T>(of: RegExp, as: Spoil, work: () => Promise<T>): Promise<T> {
      spoil = { of, as };
      met = 0;
      try {
        return await work();
      } finally {
        spoil = null;
        if (met === 0) expect.fail(`no answer to ${of} was spoilt`);
      }
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};

interface Read {
  verb: Verb;
  /** The requests that it makes, by path and body. */
  of: RegExp;
  ask(host: Host): Promise<unknown>;
}
const read = <V extends Verb>(verb: V, of: RegExp, input: Input<V>): Read => ({
  verb,
  of,
  ask: (host) => host.call(verb, input),
});

/** A list of a vendor: where its rows stand in an answer, and how an item is known. */
interface List {
  verb: 'orders.pull' | 'listings.read';
  of: RegExp;
  rows(body: unknown): unknown[];
}

interface Subject {
  connector: Connector;
  harness: Harness;
  reads(sandbox: Awaited<ReturnType<Harness['start']>>, host: Host): Promise<Read[]> | Read[];
  lists: List[];
}

const SINCE = { since: '2000-01-01T00:00:00Z', cursor: null };
const storefrontReads = (orders: readonly string[], of: { list: RegExp; one: RegExp; listings: RegExp }): Read[] => [
  read('orders.pull', of.list, SINCE),
  read('orders.get', of.one, { externalId: orders[0] ?? '' }),
  read('listings.read', of.listings, { cursor: null }),
];
const Rows = z.array(z.unknown());
const wooRows = (body: unknown) => Rows.parse(body);
const nodesOf = (name: string) => (body: unknown) =>
  z.object({ data: z.object({ [name]: z.object({ nodes: Rows }) }) }).parse(body).data[name]?.nodes ?? [];

const SUBJECTS: readonly Subject[] = [
  {
    connector: woocommerce,
    harness: woocommerceSandbox,
    reads: ({ scene }) =>
      storefrontReads(scene.placeOrders?.(3) ?? [], {
        list: /\/orders\?/,
        one: /\/orders\/\d+(\?| )/,
        listings: /\/products\?/,
      }),
    lists: [
      { verb: 'orders.pull', of: /\/orders\?/, rows: wooRows },
      { verb: 'listings.read', of: /\/products\?/, rows: wooRows },
    ],
  },
  {
    connector: shopify,
    harness: shopifySandbox,
    reads: ({ scene }) =>
      storefrontReads(scene.placeOrders?.(3) ?? [], {
        list: /query Orders\(/,
        one: /query Order\(/,
        listings: /query Variants\(/,
      }),
    lists: [
      { verb: 'orders.pull', of: /query Orders\(/, rows: nodesOf('orders') },
      { verb: 'listings.read', of: /query Variants\(/, rows: nodesOf('productVariants') },
    ],
  },
  {
    connector: cj,
    harness: cjSandbox,
    async reads({ scene }, host) {
      const [externalSku = ''] = scene.stockItems?.(3) ?? [];
      const lines = [{ lineId: 'l1', sku: 'A', externalSku, quantity: 1, unitCost: '3.50', attributes: [] }];
      const { externalId } = await host.call('purchases.place', {
        purchase: {
          reference: 'PO-1',
          currency: 'USD',
          lines,
          shipTo: LEEDS,
          neutralPacking: true,
          taxIds: [],
          note: '',
        },
      });
      return [
        read('stock.pull', /listV2/, { cursor: null }),
        read('stock.pull', /product\/query/, { cursor: null }),
        read('stock.pull', /getInventoryByPid/, { cursor: null }),
        read('purchases.get', /getOrderDetail/, { externalId, reference: 'PO-1' }),
        read('purchases.find', /getOrderDetail/, { reference: 'PO-1' }),
      ];
    },
    lists: [],
  },
  {
    connector: easypost,
    harness: easypostSandbox,
    async reads(_, host) {
      const { tracking } = await host.call('labels.buy', {
        request: {
          reference: 'PKG-1',
          from: LEEDS,
          to: LEEDS,
          parcel: { weightGrams: 500, lengthMm: 200, widthMm: 150, heightMm: 100 },
          contents: null,
          taxIds: [],
          service: null,
        },
      });
      return [
        read('labels.find', /\/shipments\/PKG-1/, { reference: 'PKG-1' }),
        read('tracking.get', /\/trackers/, { tracking }),
      ];
    },
    lists: [],
  },
];

const HTML = '<!DOCTYPE html>\n<html><body><h1>Down for maintenance</h1></body></html>';
const NOTICE = '<br />\n<b>Notice</b>:  Undefined index: x in <b>/a.php</b> on line <b>7</b><br />\n';
const whole =
  (text: string): Spoil =>
  () =>
    text;
/** What stands where JSON was promised, and what may come of it: data, or a failure of one of these codes. */
const TEXTS: readonly [string, Spoil, readonly FailureCode[]][] = [
  ['nothing', whole(''), ['unavailable']],
  ['half of it', (text) => text.slice(0, Math.floor(text.length / 2)), ['unavailable']],
  ['a page of HTML', whole(HTML), ['unavailable']],
  ['null', whole('null'), ['contract']],
  ['a number', whole('7'), ['contract']],
  ['a text', whole('"soon"'), ['contract']],
  ['an empty list', whole('[]'), ['contract']],
  ['an empty object', whole('{}'), ['contract']],
  ['ten megabytes of open brackets', whole('['.repeat(10_000_000)), ['contract', 'unavailable']],
  ['five megabytes of brackets, each closed', whole('['.repeat(2_500_000) + ']'.repeat(2_500_000)), ['contract']],
  ['a PHP notice in front of it', (text) => NOTICE + text, ['unavailable']],
];

/** Values that stand in JSON in the place of another. Some cannot be written by `JSON.stringify`. */
const ODD = [
  'null',
  'true',
  'false',
  '0',
  '-1',
  '0.1',
  '9007199254740993',
  '1e400',
  '""',
  '" "',
  '"soon"',
  '"-5"',
  '"12.345"',
  '"1,99"',
  '"9007199254740993"',
  '"2026-02-30T10:00:00"',
  '"2026-11-01 10:00"',
  '"2026-11-01T10:00:00"',
  '[]',
  '{}',
  '{"0":{},"2":{}}',
  '[null]',
  '"<b>\\u0000</b>"',
] as const;

type Path = readonly (string | number)[];
const pathsOf = (value: unknown, path: Path = []): Path[] => [
  path,
  ...(Array.isArray(value)
    ? value.flatMap((each, i) => pathsOf(each, [...path, i]))
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([name, each]) => pathsOf(each, [...path, name]))
      : []),
];
const HERE = '@@here@@';
const withAt = (value: unknown, [first, ...rest]: Path, at: unknown): unknown => {
  if (first === undefined) return at;
  if (Array.isArray(value)) return value.map((each, i) => (i === first ? withAt(each, rest, at) : each));
  return Object.fromEntries(
    Object.entries(Object(value)).map(([name, each]) => [name, name === first ? withAt(each, rest, at) : each]),
  );
};
const spelt = (body: unknown, path: Path, odd: string): string =>
  JSON.stringify(withAt(body, path, HERE)).replace(JSON.stringify(HERE), odd);

const outcomeOf = async (work: Promise<unknown>): Promise<FailureCode | 'data'> =>
  work.then(
    () => 'data' as const,
    (error: unknown) => {
      if (isFailure(error)) return error.code;
      throw error;
    },
  );

describe.each(SUBJECTS)('$connector.manifest.title sends something else', ({ connector, harness, reads, lists }) => {
  const clock = manualClock();
  const db = openSandboxDb();
  let sandbox: Awaited<ReturnType<Harness['start']>>;
  let between: Awaited<ReturnType<typeof spoiling>>;
  let host: Host;
  let asked: Read[];
  let ticking: NodeJS.Immediate;

  beforeAll(async () => {
    sandbox = await harness.start({ clock, db });
    between = await spoiling(sandbox.url);
    const through = (given: Record<string, unknown>): Record<string, unknown> =>
      z.record(z.string(), z.unknown()).parse(JSON.parse(JSON.stringify(given).replaceAll(sandbox.url, between.url)));
    host = hostConnector(
      connector,
      { credentials: through(sandbox.credentials), settings: through(sandbox.settings) },
      clock,
      60_000,
    );
    const tick = () => {
      clock.advance(20);
      ticking = setImmediate(tick);
    };
    ticking = setImmediate(tick);
    for (const n of [1, 2, 3])
      sandbox.storefront?.addListing({ sku: `L-${n}`, title: `Lamp ${n}`, price: '12.50', quantity: 5 });
    asked = await reads(sandbox, host);
  });
  afterAll(async () => {
    clearImmediate(ticking);
    await between.close();
    await sandbox.close();
    db.close();
  });

  it.each(TEXTS)('%s: data, or one failure that says so', async (_, spoil, codes) => {
    for (const { verb, of, ask } of asked) {
      const outcome = await between.while(of, spoil, () => outcomeOf(ask(host)));
      expect([...codes, 'data'], `${verb} ${of}`).toContain(outcome);
    }
  });

  it('one odd value anywhere: data, or one failure; never a crash', async () => {
    for (const { of, ask } of asked) {
      let body: unknown;
      const seen: Spoil = (text) => {
        body = JSON.parse(text);
        return text;
      };
      await between.while(of, seen, () => ask(host));
      const paths = pathsOf(body);
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...paths), fc.constantFrom(...ODD), async (path, odd) => {
          await between.while(of, whole(spelt(body, path, odd)), () => outcomeOf(ask(host)));
        }),
        { numRuns: 40 },
      );
    }
  });

  if (lists.length > 0)
    it('one odd value in a row of a list: its neighbours are read as they were', async () => {
      for (const { verb, of, rows } of lists) {
        const pull = async (): Promise<Output<'orders.pull'> | Output<'listings.read'>> =>
          verb === 'orders.pull' ? host.call(verb, SINCE) : host.call(verb, { cursor: null });
        const idOf = (item: object): string =>
          'order' in item
            ? z.object({ externalId: z.string() }).parse(item.order).externalId
            : String(Object(item).externalVariantId);
        let body: unknown;
        const seen: Spoil = (text) => {
          body = JSON.parse(text);
          return text;
        };
        const before = await between.while(of, seen, pull);
        const given = rows(body);
        expect(before.items.length).toBeGreaterThan(2);
        const places = given.flatMap((row, index) => pathsOf(row).map((path) => ({ index, path })));
        await fc.assert(
          fc.asyncProperty(fc.constantFrom(...places), fc.constantFrom(...ODD), async ({ index, path }, odd) => {
            const spoilt = JSON.stringify(body).replace(JSON.stringify(given[index]), () =>
              spelt(given[index], path, odd),
            );
            const after = await between.while(of, whole(spoilt), pull);
            const own = String(Object(given[index]).id);
            const neighbours = before.items.filter(
              (item) => idOf(item) !== own && Object(item).externalProductId !== own,
            );
            expect(after.items.filter((item) => neighbours.some((each) => idOf(each) === idOf(item)))).toEqual(
              neighbours,
            );
          }),
        );
      }
    });
});

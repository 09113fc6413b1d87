import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Connector, isFailure, type Page, type PurchaseRequest, type SupplyLevel } from '#kit';
import {
  describeConnector,
  type Host,
  hostConnector,
  manualClock,
  openSandboxDb,
  type SandboxDb,
  type SandboxServer,
  serveSandbox,
} from '#kit/testing';
import { feed } from './index.ts';
import { feedOf, manifest, type Settings } from './manifest.ts';
import { fileName, isRejected, toEntries, toOrderFile, toReport } from './mapper.ts';
import { readNumber } from './number.ts';
import { feedSandbox, feedSftpSandbox } from './sandbox.ts';

describe('over HTTPS', () => describeConnector(feed, feedSandbox));
describe('over SFTP', () =>
  describeConnector(feed, feedSftpSandbox, {
    skip: {
      rate_limited: 'SFTP has no way of saying “too many requests”',
      limits: 'an SFTP server gives no budget of requests',
      html: 'an SFTP server sends files, no error pages; a file cut off is tested in src/kit/sftp.test.ts',
    },
  }));

describe('feed: which feed it is', () => {
  const identity = (credentials: object, stockPath = 'stock.csv') =>
    feedOf({
      credentials: { protocol: 'https', url: '', user: 'acme', host: '', port: 22, ...credentials },
      settings: { stockPath },
    });
  it.each([
    [{ url: 'https://Files.Example' }, 'stock.csv', 'acme@files.example/stock.csv'],
    [{ url: 'https://files.example:443/' }, '/stock.csv', 'acme@files.example/stock.csv'],
    [{ url: 'https://files.example/Out/' }, './stock.csv', 'acme@files.example/Out/stock.csv'],
    [{ url: 'https://files.example/Out' }, 'de//stock.csv', 'acme@files.example/Out/de/stock.csv'],
    [{ protocol: 'sftp', host: 'Files.Example.' }, 'stock.csv', 'acme@files.example:22/stock.csv'],
    [{ protocol: 'sftp', host: 'files.example', port: 2222 }, 'stock.csv', 'acme@files.example:2222/stock.csv'],
    [{ protocol: 'sftp', host: 'files.example', user: 'other' }, 'stock.csv', 'other@files.example:22/stock.csv'],
  ])('%j with %s is %s', (credentials, path, expected) => expect(identity(credentials, path)).toBe(expected));
});

const settingsOf = (given: Record<string, unknown> = {}): Settings =>
  manifest.settings.parse({ currency: 'EUR', ...given });
const read = (file: string | Buffer, given: Record<string, unknown> = {}) =>
  toEntries(Buffer.from(file), settingsOf(given));
const levelsOf = async (file: string | Buffer, given: Record<string, unknown> = {}) =>
  (await read(file, given)).flatMap((entry) => (isRejected(entry) ? [] : [entry.level]));
const rejectedOf = async (file: string | Buffer, given: Record<string, unknown> = {}) =>
  (await read(file, given)).filter(isRejected).map(({ row, column, reason }) => `${row} ${column}: ${reason}`);
const refusalOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => {
      if (!isFailure(error)) throw error;
      return `${error.code}: ${error.message}`;
    },
  );

describe('a stock file', () => {
  it('names its broken rows and gives the rest', async () => {
    const file = [
      'sku,title,quantity,cost',
      'A-1,Lamp,5,2.50',
      ',No name,5,2.50',
      'A-2,Ten to the ninth,1000000000,2.50',
      'A-3,Below zero,-1,2.50',
      'A-4,Half,1.5,2.50',
      'A-5,No number,many,2.50',
      'A-6,Shifted,Lamp,5,2.50',
      'A-7,5" pipe,5,2.50',
      'A-8,No price,0,',
      'A-9,Bad price,5,2.50 EUR',
      'B-1,Twice,5,2.50',
      'B-2,"two',
      'lines",7,3',
      'B-1,Twice,6,2.50',
      ',,,',
    ].join('\r\n');
    expect(await rejectedOf(file)).toEqual([
      '3 sku: is empty',
      '4 quantity: 1000000000 is above the most we take, 1000000',
      '5 quantity: -1 is not a whole number of zero or more',
      '6 quantity: 1.5 is not a whole number of zero or more',
      '7 quantity: “many” is not a number',
      '8 : has 5 fields, the header has 4',
      '11 cost: “2.50 EUR” is not a number',
      '12 sku: B-1 is also on row 14',
      '14 sku: B-1 is also on row 12',
    ]);
    expect(await levelsOf(file)).toEqual([
      { externalSku: 'A-1', quantity: 5, unitCost: '2.50', currency: 'EUR', title: 'Lamp' },
      { externalSku: 'A-7', quantity: 5, unitCost: '2.50', currency: 'EUR', title: '5" pipe' },
      { externalSku: 'A-8', quantity: 0, unitCost: null, currency: null, title: 'No price' },
      { externalSku: 'B-2', quantity: 7, unitCost: '3', currency: 'EUR', title: 'two\r\nlines' },
    ]);
  });

  it.each<[string, string | Buffer, Record<string, unknown>, RegExp]>([
    ['empty', '', {}, /stock\.csv is empty/],
    ['blank', ' \r\n\r\n', {}, /stock\.csv is empty/],
    ['header and blank rows', 'sku,title,quantity,cost\n,,,\n\n', {}, /a header and no rows/],
    ['header only', 'sku,title,quantity,cost\r\n', {}, /a header and no rows/],
    [
      'without a column',
      'sku;title;stock;cost\r\nA;B;1;2\r\n',
      {},
      /no column “quantity”; its header is “sku \| title \| stock/,
    ],
    ['with a column twice', 'sku,sku,title,quantity,cost\nA,A,B,1,2\n', {}, /“sku” twice/],
    ['a web page', '<!DOCTYPE html><html><body>Log in</body></html>', {}, /web page/],
    ['a zip', Buffer.from([0x50, 0x4b, 3, 4, 20]), {}, /zip archive/],
    ['gzip', Buffer.from([0x1f, 0x8b, 8]), {}, /gzip/],
    ['UTF-16', Buffer.from('\ufeffsku', 'utf16le'), {}, /UTF-16/],
    ['cp1252 as UTF-8', Buffer.from('sku,title,quantity,cost\nA,Caf\xe9,1,2\n', 'latin1'), {}, /not UTF-8 \(row 2\)/],
    ['UTF-8 as cp1252', 'sku,title,quantity,cost\nA,Café,1,2\n', { encoding: 'windows-1252' }, /is UTF-8, but/],
    ['NULs', 'sku,title,quantity,cost\nA,\0,1,2\n', {}, /NUL/],
    [
      'an open quote',
      'sku,title,quantity,cost\nA,x,1,2\nB,"x,1,2\nC,x,1,2\n',
      {},
      /row 3: a quoted field is opened and never/,
    ],
    [
      'a long open quote',
      `sku,title,quantity,cost\nA,x,1,2\nB,"${'x,1,2\n'.repeat(20_000)}`,
      {},
      /row 3: a quoted field is opened and not closed within 64 KiB/,
    ],
  ])('that is %s is refused whole, with the reason', async (_name, file, given, reason) => {
    const refusal = await refusalOf(read(file, given));
    expect(refusal).toMatch(/^rejected: /);
    expect(refusal).toMatch(reason);
  });

  it('is read with a byte order mark, in windows-1252, and under the supplier’s own names', async () => {
    const own = { skuColumn: 'Artikel', quantityColumn: 'Bestand', costColumn: 'EK', titleColumn: '', decimal: ',' };
    expect(await levelsOf('\ufeffArtikel;Bestand;EK\nA;1.200;1.234,50\n', own)).toEqual([
      { externalSku: 'A', quantity: 1200, unitCost: '1234.50', currency: 'EUR', title: '' },
    ]);
    const latin = Buffer.from('sku\ttitle\tquantity\tcost\nA\tCaf\xe9 \x80 5\t1\t2\n', 'latin1');
    expect((await levelsOf(latin, { encoding: 'windows-1252' }))[0]?.title).toBe('Café € 5');
  });

  it('parses back to the same levels in any delimiter and quoting', async () => {
    // As a cell of a row that ends in \n or \r\n, trimmed as the reader trims.
    const text = fc
      .string({ unit: 'grapheme', maxLength: 20 })
      .map((value) => value.replace(/\p{Cc}|\ufeff/gu, '').trim());
    const row = fc.record({
      externalSku: text.filter((value) => value !== ''),
      quantity: fc.nat(1_000_000),
      unitCost: fc.option(fc.tuple(fc.nat(99_999), fc.nat(99)), { nil: null }),
      title: fc.oneof(text, fc.constant('two\nlines; "and", more\t')).map((value) => value.trim()),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(row, { minLength: 1, maxLength: 20, selector: (r) => r.externalSku }),
        fc.constantFrom(',', ';', '\t'),
        fc.boolean(),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.constantFrom('.', ','),
        async (rows, delimiter, quoted, record_delimiter, bom, decimal) => {
          const expected = rows.map(({ unitCost, ...rest }) => ({
            ...rest,
            unitCost: unitCost ? `${unitCost[0]}.${String(unitCost[1]).padStart(2, '0')}` : null,
            currency: unitCost ? 'EUR' : null,
          }));
          const cells = expected.map((level) => [
            level.title,
            level.externalSku,
            String(level.quantity),
            level.unitCost?.replace('.', decimal) ?? '',
          ]);
          const table = [['title', 'sku', 'quantity', 'cost'], ...cells];
          const file = stringify(table, { delimiter, quoted, record_delimiter, bom });
          // Two decimal places can only be read one way: the setting is not needed.
          expect(await levelsOf(file)).toEqual(expected.map((level) => expect.objectContaining(level)));
          expect(await levelsOf(file, { decimal })).toHaveLength(rows.length);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('a number', () => {
  it('of a hundred thousand digits is refused', () => {
    expect(readNumber('9'.repeat(100_000), 'auto')).toHaveProperty('reason');
  });
  it.each<[string, 'auto' | '.' | ',', string]>([
    ['12', 'auto', '12'],
    ['12.50', 'auto', '12.50'],
    ['12,50', 'auto', '12.50'],
    ['1.234,50', 'auto', '1234.50'],
    ['1,234.50', 'auto', '1234.50'],
    ['1 234,50', 'auto', '1234.50'],
    ['1\u00a0234\u00a0567', 'auto', '1234567'],
    ["1'234.50", 'auto', '1234.50'],
    ['1.234.567', 'auto', '1234567'],
    ['0.125', 'auto', '0.125'],
    ['1234.567', 'auto', '1234.567'],
    ['-3', 'auto', '-3'],
    ['1.234', '.', '1.234'],
    ['1.234', ',', '1234'],
    ['1,234', '.', '1234'],
  ])('%s with %s is %s', (text, decimal, number) => {
    expect(readNumber(text, decimal)).toEqual({ number });
  });
  it.each<[string, 'auto' | '.' | ',']>([
    ['1.234', 'auto'],
    ['1,234', 'auto'],
    ['12,50', '.'],
    ['12.50', ','],
    ['1,2,3', 'auto'],
    ['1.234,567.8', 'auto'],
    ['1,234 567', '.'],
    ['1e9', 'auto'],
    ['0x10', 'auto'],
    ['€5', 'auto'],
    ['NaN', 'auto'],
    ['8.13-10.00', 'auto'],
    ['', 'auto'],
  ])('%s with %s is refused', (text, decimal) => {
    expect(readNumber(text, decimal)).toHaveProperty('reason');
  });
});

const blank = { company: '', line2: '', region: '', postalCode: '', phone: '', email: '', made: false };
const purchase = (reference: string, lines: readonly [string, number, string][]): PurchaseRequest => ({
  reference,
  currency: 'USD',
  lines: lines.map(([externalSku, quantity, unitCost], i) => ({
    lineId: `l${i + 1}`,
    sku: `OURS-${i}`,
    externalSku,
    quantity,
    unitCost,
    attributes: [],
  })),
  shipTo: { ...blank, name: '=cmd|A1', line1: '1 "Quay", Road', city: 'Leeds', country: 'GB' },
  neutralPacking: true,
  taxIds: [],
  note: '',
});

describe('a purchase', () => {
  const row = (sku: string, status: string, quantity: number, tracking_number = '') => ({
    reference: 'po-1',
    line: '',
    sku,
    status,
    quantity,
    tracking_number,
    carrier: tracking_number && 'DHL',
    shipped_at: tracking_number && '2026-01-08T10:00:00+01:00',
    reason: '',
  });
  const order = [
    { reference: 'po-1', line: 'l1', sku: 'A', quantity: 2, unit_cost: '3.335', currency: 'USD' },
    { reference: 'po-1', line: 'l2', sku: 'B', quantity: 1, unit_cost: '10', currency: 'USD' },
  ];

  it.each<[string, Parameters<typeof toReport>[2], string, number | null]>([
    ['no answer', null, 'created', 1667],
    ['accepted', [row('A', 'accepted', 2), row('B', 'accepted', 1)], 'accepted', 1667],
    ['one of two lines spoken of', [row('A', 'shipped', 2, 'T1')], 'partly_shipped', 1667],
    ['part of a line', [row('A', 'shipped', 1, 'T1'), row('B', 'shipped', 1, 'T1')], 'partly_shipped', 1667],
    [
      'all',
      [row('A', 'SHIPPED', 1, 'T1'), row('A', 'shipped', 1, 'T2'), row('B', 'shipped', 1, 'T2')],
      'shipped',
      1667,
    ],
    ['the rest rejected', [row('A', 'shipped', 2, 'T1'), row('B', 'rejected', 1)], 'shipped', null],
    ['all rejected', [row('A', 'rejected', 2), row('B', 'rejected', 1)], 'rejected', null],
    ['a word we do not know', [row('A', 'on hold', 2)], 'unknown', 1667],
  ])('with %s is in its state', (_name, answer, state, costMinor) => {
    expect(toReport('po-1', order, answer)).toMatchObject({ state, costMinor });
  });

  it('goes by what was accepted where the order file was taken away, and guesses no end without it', () => {
    const answer = [row('A', 'accepted', 2), row('A', 'shipped', 2, 'T1')];
    expect(toReport('po-1', null, answer).state).toBe('shipped');
    expect(toReport('po-1', null, answer.slice(1)).state).toBe('partly_shipped');
    expect(toReport('po-1', null, answer).packages).toEqual([
      {
        externalId: 'T1',
        tracking: { carrier: 'DHL', number: 'T1', url: '' },
        shippedAt: '2026-01-08T09:00:00.000Z',
        lines: [{ externalSku: 'A', quantity: 2 }],
      },
    ]);
  });

  it('is written in the same bytes each time, formulas as they are: a machine reads them', () => {
    const file = toOrderFile(purchase('po-1', [['A', 2, '3.50']])).toString();
    expect(file).toBe(toOrderFile(purchase('po-1', [['A', 2, '3.50']])).toString());
    expect(file.split('\r\n')[1]).toBe('po-1,l1,A,2,3.50,USD,=cmd|A1,,"1 ""Quay"", Road",,Leeds,,,GB,,,yes,');
  });

  it('has a file of its own, in the orders folder, whatever its reference', () => {
    expect(fileName('po-1_A')).toBe('po-1_A.csv');
    expect(fileName('../../x y')).toBe('=2E=2E=2F=2E=2E=2Fx=20y.csv');
    fc.assert(
      fc.property(fc.string({ maxLength: 50 }), fc.string({ maxLength: 50 }), (a, b) => {
        expect(fileName(a)).toMatch(/^[A-Za-z0-9_=-]*\.csv$/);
        expect(fileName(a) === fileName(b)).toBe(a === b);
      }),
    );
  });
});

describe('a supplier whose files we choose', () => {
  const clock = manualClock();
  let db: SandboxDb;
  let server: SandboxServer;
  let host: Host;
  let files: Map<string, string>;
  const connector: Connector = feed;

  beforeEach(async () => {
    db = openSandboxDb();
    files = new Map();
    const none = () => ({ status: 404, body: 'none' });
    server = await serveSandbox({
      name: 'files',
      clock,
      db,
      before: [],
      words: { tooMany: none, notFound: none, badJson: none },
      routes: [
        {
          method: 'GET',
          path: /^\/(?<path>.+)$/,
          handle: ({ params }) => {
            const body = files.get(decodeURIComponent(params['path'] ?? ''));
            return body === undefined ? none() : { status: 200, body };
          },
        },
        {
          method: 'PUT',
          path: /^\/(?<path>.+)$/,
          handle: ({ params, rawBody }) => {
            files.set(params['path'] ?? '', rawBody.toString('utf8'));
            return { status: 201, headers: { 'content-type': 'text/html' }, body: '<html>Created</html>' };
          },
        },
      ],
    });
    const credentials = { protocol: 'https', url: server.url, user: 'u', password: 'pass-word' };
    host = hostConnector(connector, { credentials, settings: { currency: 'USD' } }, clock);
  });
  afterEach(async () => {
    await server.close();
    db.close();
  });

  const stock = (rows: number, quantity: number) =>
    `sku,title,quantity,cost\n${Array.from({ length: rows }, (_, i) => `S-${i},Thing,${i === 1_500 ? 'many' : quantity},1.50\n`).join('')}`;
  const walk = async (meanwhile: (page: number) => void = () => {}) => {
    const pages: Page<SupplyLevel>[] = [];
    let cursor: string | null = null;
    do {
      const page: Page<SupplyLevel> = await host.call('stock.pull', { cursor });
      pages.push(page);
      meanwhile(pages.length);
      cursor = page.next;
      clock.advance(1_000);
    } while (cursor !== null);
    return pages;
  };

  it.each([1, 999, 1_000, 1_001, 2_000])('gives %i rows once each', async (rows) => {
    files.set('stock.csv', stock(rows, 5));
    const pages = await walk();
    const skus = pages.flatMap((page) => page.items.map((level) => level.externalSku));
    expect(new Set(skus).size + pages.flatMap((page) => page.rejected ?? []).length).toBe(rows);
    expect(pages).toHaveLength(Math.ceil(rows / 1_000));
  });

  it('tells of a broken row once in a walk, on its page', async () => {
    files.set('stock.csv', stock(2_500, 5));
    const pages = await walk();
    expect(pages.map((page) => page.rejected?.length)).toEqual([0, 1, 0]);
    expect(pages[1]?.rejected).toEqual([
      { id: 'S-1500', field: 'row 1502 quantity', reason: '“many” is not a number', raw: '"many"' },
    ]);
  });

  it('knows a broken row by its SKU, and by its place where that cannot be read', async () => {
    const rows = [
      'A-1,Lamp,5,2',
      ',Lamp,5,2',
      'A-2,Lamp,5',
      'A-3,Lamp,CALL,2',
      'A-4,Lamp,5,free',
      'A-5,a,1,1',
      'A-5,a,2,1',
    ];
    files.set('stock.csv', ['sku,title,quantity,cost', ...rows].join('\n'));
    const page = await host.call('stock.pull', { cursor: null });
    expect(page.items.map(({ externalSku }) => externalSku)).toEqual(['A-1']);
    expect(page.rejected?.map(({ id, field, raw }) => [id, field, raw])).toEqual([
      ['row 3', 'row 3 sku', '""'],
      ['row 4', 'row 4', '["A-2","Lamp","5"]'],
      ['A-3', 'row 5 quantity', '"CALL"'],
      ['A-4', 'row 6 cost', '"free"'],
      ['A-5', 'row 7 sku', '"A-5"'],
      ['A-5', 'row 8 sku', '"A-5"'],
    ]);
  });

  it('starts again when the file changes between pages, and never mixes two', async () => {
    files.set('stock.csv', stock(2_500, 5));
    const pages = await walk((page) => {
      if (page === 2) files.set('stock.csv', stock(2_400, 9));
    });
    const last = pages.slice(2).flatMap((page) => page.items);
    expect(last).toHaveLength(2_399);
    expect(new Set(last.map((level) => level.quantity))).toEqual(new Set([9]));
    expect(host.logged()).toContain('feed.file_changed');
  });

  it('refuses a file of which no row can be read, and one that is not there', async () => {
    files.set('stock.csv', 'sku,quantity,title,cost\nLamp,A-1,5,1\nDesk,A-2,5,1\n');
    expect(await refusalOf(host.call('stock.pull', { cursor: null }))).toMatch(
      /^rejected: .*none of its 2 rows.*row 2 quantity/,
    );
    files.delete('stock.csv');
    expect(await refusalOf(host.call('connection.check', {}))).toMatch(/^rejected: there is no stock\.csv/);
  });

  it('reads the stock file once for a purchase of many lines, and takes the page after a PUT as success', async () => {
    files.set('stock.csv', stock(200, 5));
    const lines = Array.from({ length: 200 }, (_, i): [string, number, string] => [`S-${i}`, 1, '1.50']);
    const report = await host.call('purchases.place', { purchase: purchase('po-9', lines) });
    expect(report).toMatchObject({ state: 'created', costMinor: 30_000, externalId: 'po-9' });
    expect(server.requests().map((r) => `${r.method} ${r.path}`)).toEqual(['GET /stock.csv', 'PUT /orders/po-9.csv']);
  });

  it('refuses an answer that it cannot read whole, naming the row', async () => {
    const header = 'reference,sku,status,quantity,carrier,tracking_number,shipped_at,reason\n';
    const ask = async (answer: string) => {
      files.set('answers/po-9.csv', header + answer);
      return refusalOf(host.call('purchases.get', { externalId: 'po-9', reference: 'po-9' }));
    };
    expect(await ask('po-9,A,shipped,1,DHL,T1,03/04/2026,\n')).toMatch(/^contract: .*row 2 shipped_at is not a date/);
    expect(await ask('po-9,A,shipped,0,DHL,T1,,\n')).toMatch(/^contract: .*row 2 quantity/);
    expect(await ask('po-8,A,shipped,1,DHL,T1,,\n')).toMatch(/^contract: .*speaks of “po-8”/);
    expect(await ask('po-9,A,held,1,,,,\n')).toBe('done');
    expect(host.logged()).toContain('feed.status_unknown');
    clock.advance(1_000);
    expect(await refusalOf(host.call('purchases.get', { externalId: 'po-7', reference: 'po-7' }))).toMatch(
      /^not_found/,
    );
  });
});

describe('the wholesaler of the sandbox', () => {
  it('takes an order of any size once and ships it in two packages by its own clock', async () => {
    const clock = manualClock();
    const db = openSandboxDb();
    const sandbox = await feedSandbox.start({ clock, db });
    const connector: Connector = feed;
    const host = hostConnector(connector, sandbox, clock);
    sandbox.supplier?.addItem({ externalSku: 'NEW', title: 'New', unitCost: '2.00', quantity: 10 });
    const request = purchase('po-1', [
      ['NEW', 5_000, '2.00'],
      ['WH-1001', 1, '3.00'],
      ['WH-1002', 1, '3.25'],
    ]);
    await host.call('purchases.place', { purchase: request });
    await host.call('purchases.place', { purchase: request });
    expect(sandbox.effects('purchases')).toEqual([{ id: 'po-1', reference: 'po-1' }]);
    const states = new Set<string>();
    for (let hour = 0; hour < 24 * 6; hour += 1) {
      states.add((await host.call('purchases.get', { externalId: 'po-1', reference: 'po-1' })).state);
      clock.advance(3_600_000);
    }
    expect([...states]).toEqual(['accepted', 'partly_shipped', 'shipped']);
    await sandbox.close();
    db.close();
  }, 30_000);
});

describe('the credentials', () => {
  const common = { user: 'u', password: 'p' };
  it.each([
    [{ protocol: 'https', url: 'https://files.example/shop', ...common }, true],
    [{ protocol: 'https', ...common }, false],
    [{ protocol: 'https', url: 'file:///etc/passwd', ...common }, false],
    [{ protocol: 'sftp', host: 'files.example', hostKeySha256: `SHA256:${'A'.repeat(43)}`, ...common }, true],
    [{ protocol: 'sftp', host: 'files.example', ...common }, false],
  ])('%j are taken: %s', (credentials, taken) => {
    expect(manifest.credentials.safeParse(credentials).success).toBe(taken);
  });
  it('keep paths inside the folder', () => {
    const parse = (stockPath: string) => manifest.settings.safeParse({ currency: 'EUR', stockPath }).success;
    expect(['../x.csv', 'a/../../x.csv', 'x?y', 'a\nb', ''].map(parse)).toEqual([false, false, false, false, false]);
    expect(['/out/stock.csv', 'a..b.csv'].map(parse)).toEqual([true, true]);
  });
});

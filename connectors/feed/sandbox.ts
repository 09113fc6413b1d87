import { createHash } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import {
  type Harness,
  type RunningSandbox,
  type SandboxFolder,
  type SandboxOptions,
  type Scene,
  type SupplierWorld,
  seeded,
  serveSandbox,
  serveSftp,
  vendorBucket,
} from '#kit/sandbox';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const USER = 'crossdock';
const PASSWORD = 'feed-sandbox-password';
/** The stock file is exported this often and stands still between, as a real one does: a walk over its pages can end. */
const PUBLISH_MS = HOUR / 4;
/** An item that falls below it is restocked at once to what it had: the wholesaler takes orders of any size. */
const FLOOR = 50;
const CARRIERS = ['DHL', 'DPD', 'UPS'] as const;

interface Item {
  externalSku: string;
  title: string;
  unitCost: string;
  quantity: number;
  full: number;
}

interface Taken {
  /** Of the files, without .csv. */
  name: string;
  reference: string;
  /** What was put, to tell the same order again from another under its name. */
  text: string;
  lines: readonly { line: string; sku: string; quantity: number }[];
  /** Why the order is not taken; empty when it is. */
  refusal: string;
  takenAtMs: number;
  /** Package by package: when it leaves, with which of the lines. */
  packages: readonly { atMs: number; lines: readonly string[]; carrier: string; tracking: string }[];
}

const numberOf = (text: string): number => createHash('sha256').update(text).digest().readUInt32BE(0);

/**
 * A wholesaler with a folder. Publishes stock.csv; takes orders/<name>.csv once each, at once when it knows every SKU and
 * refuses the whole order when not; ships about three days (two to four) later, the tail of an order of three lines or more a
 * day after its head; says so in answers/<name>.csv, worked out from the clock when it is read.
 */
const wholesaler = ({ clock, db }: SandboxOptions) => {
  const items = db.table<Item>('feed_items');
  const orders = db.table<Taken>('feed_orders');
  const files = db.table<{ base64: string; modifiedMs: number }>('feed_files');
  let published: { text: string; atMs: number } | null = null;

  const addItem: SupplierWorld['addItem'] = (item) => {
    items.put(item.externalSku, { ...item, full: item.quantity });
    published = null;
  };
  const stockItems = (count: number): readonly string[] => {
    for (let made = items.count(); made < count; made += 1)
      addItem({
        externalSku: `WH-${1001 + made}`,
        title: `Wholesale item ${made + 1}, "boxed"`,
        unitCost: (3 + (made % 40) * 0.25).toFixed(2),
        quantity: 100 + ((made * 37) % 400),
      });
    return items.all().map((item) => item.externalSku);
  };
  if (items.count() === 0) stockItems(12);

  const stock = () => {
    if (!published || published.atMs + PUBLISH_MS <= clock.now()) {
      const rows = items.all().map((item) => [item.externalSku, item.title, String(item.quantity), item.unitCost]);
      published = { text: stringify([['sku', 'title', 'quantity', 'cost'], ...rows]), atMs: clock.now() };
    }
    return { bytes: Buffer.from(published.text), modifiedMs: published.atMs };
  };

  const answer = (order: Taken) => {
    const columns = [
      'reference',
      'line',
      'sku',
      'status',
      'quantity',
      'carrier',
      'tracking_number',
      'shipped_at',
      'reason',
    ];
    const row = ({ line, sku, quantity }: Taken['lines'][number], status: string, rest: readonly string[]) => [
      order.reference,
      line,
      sku,
      status,
      String(quantity),
      ...rest,
    ];
    const verdict = order.refusal === '' ? 'accepted' : 'rejected';
    const sent = order.packages.filter((parcel) => parcel.atMs <= clock.now());
    const text = stringify([
      columns,
      ...order.lines.map((line) => row(line, verdict, ['', '', '', order.refusal])),
      ...sent.flatMap((parcel) =>
        order.lines
          .filter(({ line }) => parcel.lines.includes(line))
          .map((line) =>
            row(line, 'shipped', [parcel.carrier, parcel.tracking, new Date(parcel.atMs).toISOString(), '']),
          ),
      ),
    ]);
    return { bytes: Buffer.from(text), modifiedMs: Math.max(order.takenAtMs, ...sent.map((parcel) => parcel.atMs)) };
  };

  const pack = (reference: string, lines: Taken['lines']): Taken['packages'] => {
    const draw = seeded(numberOf(reference));
    const leavesMs = clock.now() + (2 + 2 * draw()) * DAY;
    const head = lines.length >= 3 ? Math.ceil(lines.length / 2) : lines.length;
    return [lines.slice(0, head), lines.slice(head)]
      .filter((part) => part.length > 0)
      .map((part, index) => ({
        atMs: Math.floor(leavesMs + index * DAY),
        lines: part.map(({ line }) => line),
        carrier: CARRIERS[Math.floor(draw() * CARRIERS.length)] ?? CARRIERS[0],
        tracking: `WH${String(numberOf(`${reference} ${index}`)).padStart(10, '0')}`,
      }));
  };

  const take = (name: string, bytes: Buffer): string | null => {
    const text = bytes.toString('utf8');
    const before = orders.get(name);
    if (before) return before.text === text ? null : 'another order was taken under this name';
    let rows: Record<string, string>[];
    try {
      rows = parse(text, { columns: true });
    } catch {
      return 'not a CSV file';
    }
    const lines = rows.map((row) => ({
      line: row['line'] ?? '',
      sku: row['sku'] ?? '',
      quantity: Number(row['quantity']),
    }));
    const reference = rows[0]?.['reference'] ?? '';
    if (reference === '' || lines.some(({ quantity }) => !Number.isInteger(quantity) || quantity < 1))
      return 'no reference, or a quantity that is none';
    const unknown = lines.filter(({ sku }) => items.get(sku) === null).map(({ sku }) => sku);
    const refusal = unknown.length === 0 ? '' : `we do not sell ${unknown.join(', ')}`;
    for (const { sku, quantity } of refusal === '' ? lines : []) {
      const item = items.get(sku);
      const left = item ? item.quantity - quantity : 0;
      if (item) items.put(sku, { ...item, quantity: left < FLOOR ? Math.max(item.full, FLOOR) : left });
    }
    const packages = refusal === '' ? pack(reference, lines) : [];
    orders.put(name, { name, reference, text, lines, refusal, takenAtMs: clock.now(), packages }, { b: reference });
    return null;
  };

  const ORDER = /^orders\/(?<name>[A-Za-z0-9_=-]+)\.csv$/;
  const ANSWER = /^answers\/(?<name>[A-Za-z0-9_=-]+)\.csv$/;
  const folder: SandboxFolder = {
    read(path) {
      if (path === 'stock.csv') return stock();
      const answered = orders.get(ANSWER.exec(path)?.groups?.['name'] ?? '');
      if (answered) return answer(answered);
      const file = files.get(path);
      return file && { bytes: Buffer.from(file.base64, 'base64'), modifiedMs: file.modifiedMs };
    },
    put(path, bytes) {
      if (!path.startsWith('orders/')) return 'only orders/ can be written';
      const name = ORDER.exec(path)?.groups?.['name'];
      const refused = name === undefined ? null : take(name, bytes);
      if (refused === null) files.put(path, { base64: bytes.toString('base64'), modifiedMs: clock.now() }, { a: path });
      return refused;
    },
    // The order stays taken: the wholesaler keeps its own book.
    remove(path) {
      const there = files.get(path) !== null;
      files.delete(path);
      return there;
    },
    list(path) {
      const start = path === '' ? '' : `${path}/`;
      return files
        .byA({ from: start, to: `${start}\u{10ffff}` })
        .map(({ id }) => id.slice(start.length))
        .filter((name) => !name.includes('/'));
    },
  };

  const scene: Scene = {
    stockItems,
    progress(reference) {
      for (const order of orders.byB(reference)) {
        const packages = order.packages.map((parcel) => ({ ...parcel, atMs: Math.min(parcel.atMs, clock.now()) }));
        orders.put(order.name, { ...order, packages }, { b: reference });
      }
    },
  };
  const effects: RunningSandbox['effects'] = (kind) =>
    kind === 'purchases'
      ? orders
          .all()
          .filter((order) => order.refusal === '')
          .map(({ reference }) => ({ id: reference, reference }))
      : [];
  return { folder, scene, effects, supplier: { addItem } };
};

const settings = { currency: 'USD' };
/** The same for both protocols; over SFTP a request of this kind is the rename that makes the file appear. */
const writes: Harness['writes'] = { 'purchases.place': { method: 'PUT', path: /^\/orders\// } };
/** Twice what the connector allows itself: it has to keep to its own pace to stay below. */
const LIMIT = { amount: 20, perMs: 1_000, burst: 20 };

/** The wholesaler behind a web server that takes PUT, with Basic authentication. */
export const feedSandbox: Harness = {
  writes,
  async start(options) {
    const { folder, ...world } = wholesaler(options);
    const bucket = vendorBucket(options.clock, LIMIT);
    const words = {
      tooMany: () => ({ status: 429, headers: { 'retry-after': '1' }, body: 'Too many requests' }),
      notFound: () => ({ status: 404, body: 'Not found' }),
      badJson: () => ({ status: 400, body: 'Bad request' }),
    };
    const wanted = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`;
    const server = await serveSandbox({
      name: 'feed',
      clock: options.clock,
      db: options.db,
      words,
      ...(options.port === undefined ? {} : { port: options.port }),
      tlsPort: options.tlsPort,
      before: [
        ({ headers }) =>
          headers['authorization'] === wanted
            ? null
            : { status: 401, headers: { 'www-authenticate': 'Basic realm="feed"' }, body: 'Unauthorized' },
        () => (bucket.take(1) ? null : words.tooMany()),
      ],
      routes: [
        {
          method: 'GET',
          path: /^\/(?<path>.+)$/,
          handle({ params }) {
            const file = folder.read(decodeURIComponent(params['path'] ?? ''));
            if (!file) return words.notFound();
            return { status: 200, headers: { 'content-type': 'text/csv' }, body: file.bytes.toString('utf8') };
          },
        },
        {
          method: 'PUT',
          path: /^\/(?<path>.+)$/,
          handle({ params, rawBody }) {
            const refused = folder.put(decodeURIComponent(params['path'] ?? ''), rawBody);
            return refused === null ? { status: 204 } : { status: 409, body: refused };
          },
        },
      ],
    });
    const credentials = { protocol: 'https', url: server.url, user: USER, password: PASSWORD };
    return { ...server, ...world, credentials, settings };
  },
};

/** The same wholesaler behind an SSH server. */
export const feedSftpSandbox: Harness = {
  writes,
  async start(options) {
    const { folder, ...world } = wholesaler(options);
    const server = await serveSftp({ ...options, name: 'feed-sftp', folder, user: USER, password: PASSWORD });
    const { host, port, hostKeySha256, faults, requests, close } = server;
    const credentials = { protocol: 'sftp', host, port, hostKeySha256, user: USER, password: PASSWORD };
    return { ...world, url: `sftp://${host}:${port}`, credentials, settings, faults, requests, close };
  },
};

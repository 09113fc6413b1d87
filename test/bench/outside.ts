import { channel } from 'node:diagnostics_channel';
import { ClientRequest, IncomingMessage } from 'node:http';
import path from 'node:path';
import { openSandboxDb, type SandboxDb } from '#kit/sandbox';
import { makeWorldClock, type WorldClock } from '#runtime/virtual-clock.ts';
import { cjSandbox } from '../../connectors/cj/sandbox.ts';
import { woocommerceSandbox } from '../../connectors/woocommerce/sandbox.ts';
import { LEEDS } from '../support/addresses.ts';
import { type Bench, pause } from './bench.ts';

/**
 * Clock milliseconds in a real one while a run is timed: the vendors' limits stand as they are, in clock time (CJ: six calls a
 * second of the clock), and at this rate neither side meets them. Not faster, so that what is a day away (a supplier is asked again)
 * or a week (a parcel arrives) stays out of the timed minutes. Between runs the clock goes at its real pace.
 */
export const FAST = 600;
const SLOW = 1;
/** From purchase to parcel in real milliseconds at the fast rate. */
const SHIP_AFTER_REAL_MS = 25;

export const ITEM = { sku: 'BENCH-1', externalSku: 'BENCH-1-CJ', title: 'Lantern', price: '19.90', cost: '8.00' };

export type Shop = Awaited<ReturnType<typeof woocommerceSandbox.start>>;
type Supplier = Awaited<ReturnType<typeof cjSandbox.start>>;

/** One storefront and one supplier as real servers in this process, on a book and a clock of their own. */
export interface Outside {
  clock: WorldClock;
  db: SandboxDb;
  shop: Shop;
  supplier: Supplier;
  hosts: readonly string[];
  /** Requests that both have answered since the start. */
  answered(): number;
  /** Requests that both have and do not answer. */
  hanging(): number;
  /** Places orders, all in one transaction, with the webhooks that the shop sends; returns the shop's ids. */
  place(references: readonly string[]): string[];
  fast(): void;
  slow(): void;
}

const portOf = (url: string): number => Number(new URL(url).port);

const requestOf = (message: unknown): IncomingMessage | null =>
  typeof message === 'object' && message !== null && 'request' in message && message.request instanceof IncomingMessage
    ? message.request
    : null;

/** Tells of each request to a server of this process when it comes in and when its answer has been handed over. */
export const watchServers = (on: {
  came?(request: IncomingMessage, port: number): void;
  answered?(request: IncomingMessage, port: number): void;
}): (() => void) => {
  const listen = (name: string, tell: ((request: IncomingMessage, port: number) => void) | undefined) => {
    const hear = (message: unknown) => {
      const request = requestOf(message);
      if (request) tell?.(request, request.socket.localPort ?? 0);
    };
    channel(name).subscribe(hear);
    return () => channel(name).unsubscribe(hear);
  };
  const stops = [listen('http.server.request.start', on.came), listen('http.server.response.finish', on.answered)];
  return () => {
    for (const stop of stops) stop();
  };
};

/** Tells of each webhook that this process's shops sent and that was answered 2xx. */
export const watchWebhooks = (heard: (topic: string, url: string) => void): (() => void) => {
  const hear = (message: unknown) => {
    if (typeof message !== 'object' || message === null || !('request' in message) || !('response' in message)) return;
    const { request, response } = message;
    if (!(request instanceof ClientRequest) || !(response instanceof IncomingMessage)) return;
    const status = response.statusCode ?? 0;
    const topic = request.getHeader('x-wc-webhook-topic');
    if (status >= 200 && status < 300 && typeof topic === 'string') heard(topic, `${request.host}${request.path}`);
  };
  channel('http.client.response.finish').subscribe(hear);
  return () => channel('http.client.response.finish').unsubscribe(hear);
};

const orderOf = (reference: string, atMs: number) => ({
  reference,
  placedAtMs: Math.floor(atMs),
  currency: 'GBP',
  buyer: { id: 'b-1', name: 'Ada Example', email: 'ada@buyers.example' },
  shipTo: { ...LEEDS, made: false },
  lines: [
    {
      key: `${reference}#1`,
      sku: ITEM.sku,
      title: ITEM.title,
      quantity: 1,
      unitPrice: ITEM.price,
      totalMinor: Math.round(Number(ITEM.price) * 100),
    },
  ],
  charges: [],
  note: '',
});

export const openOutside = async (
  bench: Bench,
  name: string,
  { shipAfterRealMs = SHIP_AFTER_REAL_MS }: { shipAfterRealMs?: number } = {},
): Promise<Outside> => {
  const clock = await makeWorldClock({ startMs: Date.UTC(2026, 0, 5, 9), rate: SLOW });
  bench.onStop(() => clock.close());
  const db = openSandboxDb(path.join(bench.folder, `${name}.db`));
  bench.onStop(async () => db.close());
  const shop = await woocommerceSandbox.start({ clock: clock.clock, db });
  bench.onStop(() => shop.close());
  const supplier = await cjSandbox.start({
    clock: clock.clock,
    db,
    shipAfterMs: shipAfterRealMs * FAST,
    pointsPerDay: 5_000_000,
  });
  bench.onStop(() => supplier.close());
  const { storefront } = shop;
  if (!storefront) throw new Error('the storefront has no shop window');
  storefront.addListing({ sku: ITEM.sku, title: ITEM.title, price: ITEM.price, quantity: 1_000_000 });
  supplier.supplier.addItem({
    externalSku: ITEM.externalSku,
    title: ITEM.title,
    unitCost: ITEM.cost,
    quantity: 1_000_000,
  });
  const ports = new Set([portOf(shop.url), portOf(supplier.url)]);
  let came = 0;
  let answered = 0;
  const stop = watchServers({
    came(_request, port) {
      if (ports.has(port)) came += 1;
    },
    answered(_request, port) {
      if (ports.has(port)) answered += 1;
    },
  });
  bench.onStop(async () => stop());
  return {
    clock,
    db,
    shop,
    supplier,
    hosts: [new URL(shop.url).host, new URL(supplier.url).host],
    answered: () => answered,
    hanging: () => came - answered,
    place: (references) =>
      db.transaction(() =>
        references.map((reference) => storefront.placeOrder(orderOf(reference, clock.clock.now())).externalId),
      ),
    fast: () => clock.setRate(FAST),
    slow: () => clock.setRate(SLOW),
  };
};

/** Waits until neither side of the outside has had a request for a while. */
export const quiet = async (outside: Outside, forMs = 300, limitMs = 10_000): Promise<void> => {
  const until = performance.now() + limitMs;
  for (let before = -1; before !== outside.answered() && performance.now() < until; ) {
    before = outside.answered();
    await pause(forMs);
  }
};

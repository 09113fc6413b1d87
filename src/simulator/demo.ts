import { seeded } from '#kit/sandbox';
import type { Log } from '#telemetry/log.ts';
import { startActors } from './actors.ts';
import { apiClient } from './api-client.ts';
import { type Item, openBusiness, putOnSale } from './business.ts';
import { openExports } from './open-exports.ts';
import { openWorld, type World } from './world.ts';

/** The demo's time runs this much faster than a wall clock: a day in five minutes. */
const RATE = 300;
const HOUR_MS = 3_600_000;
/** Real time between two orders. */
const ORDER_EVERY_MS = 2_500;

const NOUNS = [
  'Lantern',
  'Tea towel',
  'Bunting',
  'Cake stand',
  'Hot water bottle',
  'Doormat',
  'Jigsaw',
  'Lunch bag',
  'Picture frame',
  'Candle',
  'Alarm clock',
  'Mug',
];
const LOOKS = ['white metal', 'red retrospot', 'vintage', 'willow pattern', 'heart of wicker'];
const BUYERS = [
  ['Ada Keller', 'Berlin', '10115', 'DE'],
  ['Jean Moreau', 'Lyon', '69001', 'FR'],
  ['Grace Murphy', 'Cork', 'T12 XY00', 'IE'],
  ['Tom Baker', 'Leeds', 'LS1 1AA', 'GB'],
  ['Noor de Vries', 'Utrecht', '3511 AB', 'NL'],
  ['Elena Rossi', 'Milano', '20121', 'IT'],
] as const;

const CATALOGUE: readonly Item[] = NOUNS.flatMap((noun, n) =>
  LOOKS.slice(0, 3).map((look, l) => ({
    sku: `DEMO-${n + 1}${'ABC'[l] ?? ''}`,
    title: `${noun}, ${look}`,
    price: (2.5 + n * 1.35 + l * 0.8).toFixed(2),
  })),
);

/** One shopper's order: one to four kinds of things, so that most carts mix modes. */
const placeOne = (world: World, draw: () => number): void => {
  const n = Number(world.facts.get('orders') ?? 0) + 1;
  const pick = <T>(from: readonly T[]): T => {
    const item = from[Math.floor(draw() * from.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  };
  const [name, city, postalCode, country] = pick(BUYERS);
  const lines = Array.from({ length: 1 + Math.floor(draw() * 4) }, (_, index) => {
    const item = pick(CATALOGUE);
    const quantity = draw() < 0.04 ? 250 + Math.floor(draw() * 900) : 1 + Math.floor(draw() * 6);
    return {
      key: `D${n}#${index}`,
      sku: item.sku,
      title: item.title,
      quantity,
      unitPrice: item.price,
      totalMinor: Math.round(Number(item.price) * 100) * quantity,
    };
  });
  world.db.transaction(() => {
    pick(world.storefronts).world.placeOrder({
      reference: `D${10_000 + n}`,
      placedAtMs: Math.floor(world.clock.clock.now()),
      currency: 'GBP',
      buyer: { id: `buyer-${name}`, name, email: `${(name.split(' ')[0] ?? 'buyer').toLowerCase()}@buyers.example` },
      shipTo: {
        name,
        company: '',
        line1: `${1 + Math.floor(draw() * 90)} Example Street`,
        line2: '',
        city,
        region: '',
        postalCode,
        country,
        phone: '+440000000000',
        email: '',
      },
      lines,
      charges:
        draw() < 0.5 ? [{ key: `D${n}#post`, kind: 'shipping', code: 'POST', title: 'Postage', totalMinor: 395 }] : [],
      note: '',
    });
    world.facts.put('orders', String(n));
  });
};

export interface Demo {
  clockUrl: string;
  /** Where the ECB's files are in this world. */
  ratesUrl: string;
  hosts: readonly string[];
  /** Sets the demo's business up and lets buyers, factory, warehouse and principal act; returns at once. */
  begin(options: { url: string; key: string; log: Log }): void;
  close(): Promise<void>;
}

/** A small world that lives beside the product: the connectors' sandboxes, and people who buy, make, pack and agree. */
export const openDemo = async (folder: string): Promise<Demo> => {
  const world = await openWorld({ folder, startMs: Date.now(), rate: RATE, suppliersShipAfterMs: 6 * HOUR_MS });
  const stop = new AbortController();
  let running: Promise<void> = Promise.resolve();

  const run = async ({ url, key, log }: { url: string; key: string; log: Log }): Promise<void> => {
    const client = (k: string) => apiClient({ url: () => url, key: () => k, signal: stop.signal });
    const api = client(key);
    const business = await openBusiness(world, api, url, { pollEveryMinutes: 30 });
    await putOnSale(world, api, business, CATALOGUE);
    const { keys } = business;
    const actors = startActors(
      {
        merchant: api,
        warehouse: client(keys.warehouse),
        factory: client(keys.factory),
        principal: client(keys.principal),
      },
      { restMs: 1_500, signal: stop.signal, onError: (actor, error) => log.warn({ actor, err: error }, 'demo.actor') },
    );
    const exports = openExports(world, api, business, stop.signal).catch((error: unknown) => {
      if (!stop.signal.aborted) log.warn({ err: error }, 'demo.exports');
    });
    const draw = seeded(Date.now());
    while (!stop.signal.aborted) {
      placeOne(world, draw);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(done, ORDER_EVERY_MS);
        function done() {
          clearTimeout(timer);
          stop.signal.removeEventListener('abort', done);
          resolve();
        }
        stop.signal.addEventListener('abort', done);
      });
    }
    await Promise.all([actors.done, exports]);
  };

  return {
    clockUrl: world.clock.url,
    ratesUrl: world.ecb.url,
    hosts: world.hosts,
    begin(options) {
      running = run(options).catch((error: unknown) => {
        if (!stop.signal.aborted) options.log.error({ err: error }, 'demo.failed');
      });
    },
    async close() {
      stop.abort();
      await running;
      await world.close();
    },
  };
};

import { mkdirSync } from 'node:fs';
import path from 'node:path';
import {
  openSandboxDb,
  type RunningSandbox,
  type SandboxDb,
  type StorefrontWorld,
  type SupplierWorld,
} from '#kit/sandbox';
import { makeWorldClock, type WorldClock } from '#runtime/virtual-clock.ts';
import { cjSandbox } from '../../connectors/cj/sandbox.ts';
import { easypostSandbox } from '../../connectors/easypost/sandbox.ts';
import { feedSandbox } from '../../connectors/feed/sandbox.ts';
import { shopifySandbox } from '../../connectors/shopify/sandbox.ts';
import { woocommerceSandbox } from '../../connectors/woocommerce/sandbox.ts';
import { type EcbSandbox, startEcbSandbox } from './ecb-sandbox.ts';
import { keptPort } from './kept-port.ts';

/** The outside systems of the world, by the name that the merchant gives their connection. */
export const PLACES = ['shopify', 'woocommerce', 'cj', 'feed', 'easypost'] as const;
export type Place = (typeof PLACES)[number];

export interface World {
  clock: WorldClock;
  db: SandboxDb;
  sandboxes: Readonly<Record<Place, RunningSandbox>>;
  storefronts: readonly { place: Place; world: StorefrontWorld }[];
  cj: SupplierWorld;
  feed: SupplierWorld;
  /** The central bank that publishes the exchange rates: no connection, but one address for the whole installation. */
  ecb: EcbSandbox;
  /** `host:port` of every sandbox, which the product has to be allowed to call. */
  hosts: readonly string[];
  /** Small facts of whoever runs the world, kept with it: how far it is, which keys it has. */
  facts: { get(name: string): string | null; put(name: string, value: string): void };
  close(): Promise<void>;
}

/** Clock time that passes between two savings, with room: 250 ms of real time at some thousand times its speed. */
const UNSAVED_MS = 3_600_000;

/**
 * Every outside system as a real server on loopback, all in one file: what happened in it has happened, also after a kill -9, and
 * the next start goes on from there, on the same ports and never at an earlier time.
 */
export const openWorld = async (options: {
  folder: string;
  startMs: number;
  rate: number;
  suppliersShipAfterMs: number;
}): Promise<World> => {
  mkdirSync(options.folder, { recursive: true });
  const db = openSandboxDb(path.join(options.folder, 'world.db'));
  const table = db.table<{ value: string }>('world_facts');
  const facts = {
    get: (name: string) => table.get(name)?.value ?? null,
    put: (name: string, value: string) => table.put(name, { value }),
  };
  // What others saw of the clock after it was last written down is less than this: it never goes back for anybody.
  const saved = facts.get('clock');
  const resumeMs = saved === null ? options.startMs : Math.max(options.startMs, Number(saved) + UNSAVED_MS);
  const running = await makeWorldClock({ startMs: resumeMs, rate: options.rate });
  const clock: WorldClock = {
    ...running,
    advanceTo(ms) {
      // Written down before it is seen.
      facts.put('clock', String(Math.floor(Math.max(ms, running.clock.now()))));
      running.advanceTo(ms);
    },
  };

  const at = async (place: Place | 'ecb') => ({
    clock: clock.clock,
    db,
    port: await keptPort(facts, `port.${place}`, `the ${place} sandbox`),
  });
  const shopify = await shopifySandbox.start(await at('shopify'));
  const woocommerce = await woocommerceSandbox.start(await at('woocommerce'));
  const suppliersPace = { shipAfterMs: options.suppliersShipAfterMs, pointsPerDay: 5_000_000 };
  const cj = await cjSandbox.start({ ...(await at('cj')), ...suppliersPace });
  const feed = await feedSandbox.start(await at('feed'));
  const easypost = await easypostSandbox.start(await at('easypost'));
  const ecb = await startEcbSandbox(await at('ecb'));
  const sandboxes = { shopify, woocommerce, cj, feed, easypost };
  if (!shopify.storefront || !woocommerce.storefront || !cj.supplier || !feed.supplier)
    throw new Error('a sandbox has no world of its own');

  const saver = setInterval(() => facts.put('clock', String(Math.floor(clock.clock.now()))), 250);
  return {
    clock,
    db,
    sandboxes,
    storefronts: [
      { place: 'shopify', world: shopify.storefront },
      { place: 'woocommerce', world: woocommerce.storefront },
    ],
    cj: cj.supplier,
    feed: feed.supplier,
    ecb,
    hosts: [...PLACES.map((place) => sandboxes[place].url), ecb.url].map((url) => new URL(url).host),
    facts,
    async close() {
      clearInterval(saver);
      facts.put('clock', String(Math.floor(clock.clock.now())));
      await Promise.all([...PLACES.map((place) => sandboxes[place].close()), ecb.close()]);
      await clock.close();
      db.close();
    },
  };
};

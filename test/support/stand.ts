import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PARTIES, type Party, startActors } from '#simulator/actors.ts';
import { type ApiClient, apiClient } from '#simulator/api-client.ts';
import { type Business, type Item, openBusiness, putOnSale } from '#simulator/business.ts';
import { openWorld, type Place, type World } from '#simulator/world.ts';
import { readConfig } from '../../config/env.ts';
import { firstKey } from '../../src/bootstrap.ts';
import { compose, type Platform } from '../../src/compose.ts';
import { freshDatabase, freshRedisPrefix, servers } from './servers.ts';

export interface Stand {
  world: World;
  /** The present one, should it be replaced. */
  readonly platform: Platform;
  url: string;
  api: ApiClient;
  business: Business;
  client(key: string): ApiClient;
  /** The other parties go to work. Default: all. */
  act(parties?: readonly Party[]): void;
  /** Ends the product's workers as a crash would leave them, without a last word, and starts others. */
  restartWorkers(): Promise<void>;
  /** Ends the product as a crash would and starts it, at the same address, on another database and with empty queues. */
  replaceProduct(mongodbUri: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Waits until `ask` gives something; the time limit is for a test that fails, not for one that passes. What is waited for must last: what
 * somebody else ends may be over between two looks. A wait in vain says how often it looked, and `tell` says how things stand.
 */
export const until = async <T>(
  what: string,
  ask: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  limitMs = 60_000,
  tell: () => Promise<string> | string = () => '',
): Promise<T> => {
  const started = performance.now();
  let last = started;
  let longestMs = 0;
  for (let looks = 1; ; looks += 1) {
    const got = await ask();
    if (got) return got;
    const now = performance.now();
    longestMs = Math.max(longestMs, now - last);
    last = now;
    // A machine that stood still shows as few looks and one long one.
    if (now - started > limitMs)
      throw new Error(
        `waited ${limitMs} ms for ${what} (${looks} looks, the longest ${Math.round(longestMs)} ms)\n${await tell()}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
};

/**
 * The whole product in this process on a database and queues of its own, and the outside world beside it as real servers; only
 * the processes are fewer than in life.
 */
export const openStand = async (options: {
  items: readonly Item[];
  rate?: number;
  /** When the world begins. Default: a Monday in January 2026. */
  startMs?: number;
  shipAfterMs?: number;
  /**
   * Who of the other parties works from the start. Default: all. Whoever works ends what waits for it, at any moment: a test that
   * looks at what waits for the merchant, such as an order without an address, has no merchant at work beside it.
   */
  act?: boolean | readonly Party[];
  pollEveryMinutes?: number;
  /** False: storefronts and suppliers send none, so that polls alone bring the news. */
  webhooks?: boolean;
  /** False: the product has no workers; the test takes the steps itself. */
  work?: boolean;
  logLevel?: string;
  /** Settings of connections that differ from what their sandboxes propose. */
  settings?: Partial<Record<Place, object>>;
  /** Default: a database of its own. */
  mongodbUri?: string;
}): Promise<Stand> => {
  const folder = mkdtempSync(path.join(tmpdir(), 'crossdock-stand-'));
  const world = await openWorld({
    folder,
    startMs: options.startMs ?? Date.UTC(2026, 0, 5, 9),
    rate: options.rate ?? 20_000,
    suppliersShipAfterMs: options.shipAfterMs ?? 3_600_000,
  });
  const { redisUrl } = servers();
  const config = readConfig(
    {
      DATA_DIR: folder,
      CLOCK_URL: world.clock.url,
      EGRESS_ALLOW: world.hosts.join(','),
      RATES_URL: world.ecb.url,
      DEMO: 'off',
      LOG_LEVEL: options.logLevel ?? 'silent',
      QUEUE_PREFIX: freshRedisPrefix(),
      PORT: '0',
    },
    [],
  );
  const listen = async (of: Platform, port: number) => {
    const listening = createServer(of.server);
    await new Promise<void>((resolve, reject) => {
      listening.once('error', reject);
      listening.listen(port, '127.0.0.1', resolve);
    });
    return listening;
  };
  const hangUp = (listening: Server) =>
    new Promise((resolve) => {
      listening.close(resolve);
      listening.closeAllConnections();
    });
  let platform = await compose(config, { redisUrl, mongodbUri: options.mongodbUri ?? freshDatabase() });
  const key = await firstKey(platform.store, platform.clock, 'main', { again: true });
  let server = await listen(platform, 0);
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const url = `http://127.0.0.1:${port}`;
  const startWork = () => (options.work === false ? { close: async () => {} } : platform.work());
  let work = startWork();
  const stop = new AbortController();
  const client = (k: string) => apiClient({ url: () => url, key: () => k, signal: stop.signal });
  const api = client(key ?? '');
  const business = await openBusiness(world, api, url, {
    pollEveryMinutes: options.pollEveryMinutes ?? 60,
    webhooks: options.webhooks ?? true,
    ...(options.settings ? { settings: options.settings } : {}),
  });
  await putOnSale(world, api, business, options.items);
  let acting: Promise<void> = Promise.resolve();
  const act = (parties: readonly Party[] = PARTIES) => {
    const { keys } = business;
    acting = startActors(
      {
        merchant: api,
        warehouse: client(keys.warehouse),
        factory: client(keys.factory),
        principal: client(keys.principal),
      },
      { restMs: 50, signal: stop.signal, parties, onError: () => {} },
    ).done;
  };
  if (options.act !== false) act(options.act === true ? PARTIES : options.act);
  return {
    world,
    get platform() {
      return platform;
    },
    url,
    api,
    business,
    client,
    act,
    async restartWorkers() {
      await work.close(0);
      work = startWork();
    },
    async replaceProduct(mongodbUri) {
      await hangUp(server);
      await work.close(0);
      await platform.close();
      platform = await compose({ ...config, queuePrefix: freshRedisPrefix() }, { redisUrl, mongodbUri });
      server = await listen(platform, port);
      work = startWork();
    },
    async close() {
      stop.abort();
      await acting;
      await work.close(10_000);
      await hangUp(server);
      await platform.close();
      await world.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

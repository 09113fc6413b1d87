import { cachedFrom } from '#app/cached.ts';
import type { Gateway, Ports, Store } from '#app/ports.ts';
import type { Clock } from '#domain/clock.ts';
import { romaniseHan } from '#runtime/romanise-han.ts';
import { makeSecrets } from '#runtime/secrets.ts';
import { readConfig } from '../../config/env.ts';

const nobody = (): never => {
  throw new Error('no vendor is asked here');
};

/** For tests in which no vendor is asked: whoever asks one fails. */
export const noVendors: Gateway = {
  call: async () => nobody(),
  can: () => false,
  manifest: nobody,
  sealCredentials: nobody,
  readSettings: nobody,
  identityOf: nobody,
  mintWebhookSecret: nobody,
  webhooks: nobody,
  shown: nobody,
};

/** A signer with a key made for tests. */
export const testSigner: Ports['signer'] = makeSecrets([Buffer.alloc(32, 7)]);

/** The ports of a product on a real store, without vendors and without a log. */
export const portsOn = (store: Store, clock: Clock): Ports => ({
  store,
  cached: cachedFrom(store),
  romaniseHan,
  rates: { source: 'off', maxAgeDays: 5, read: async () => '' },
  clock,
  grace: () => 30_000,
  realTime: Date,
  version: '0.0.0-test',
  retention: readConfig({}, []).retention,
  signer: testSigner,
  gateway: noVendors,
  log: { info: () => {}, warn: () => {}, error: () => {} },
  meter: { orderReadAgain: () => {} },
});

import { randomUUID } from 'node:crypto';
import type { Express } from 'express';
import { Redis } from 'ioredis';
import { type App, makeApp } from '#app/app.ts';
import { cachedFrom, LIFE_MS } from '#app/cached.ts';
import type { Ports, Store } from '#app/ports.ts';
import { remember } from '#app/remember.ts';
import { connectorsById } from '#connectors';
import { type Clock, systemClock } from '#domain/clock.ts';
import { makeAuthenticate } from '#http/authenticate.ts';
import { makePageAccess } from '#http/page-access.ts';
import { makeServer } from '#http/server.ts';
import { openQueues, type Queues } from '#queue';
import { makeEcb } from '#runtime/ecb.ts';
import { makeEgress } from '#runtime/egress.ts';
import { type Gateway, makeGateway } from '#runtime/gateway.ts';
import { romaniseHan } from '#runtime/romanise-han.ts';
import { makeSecrets } from '#runtime/secrets.ts';
import { storedTokens } from '#runtime/stored-tokens.ts';
import { followClock } from '#runtime/virtual-clock.ts';
import { openStore } from '#store/store.ts';
import { withContext } from '#telemetry/context.ts';
import { type Log, makeLog } from '#telemetry/log.ts';
import { makeMetrics } from '#telemetry/metrics.ts';
import type { Config } from '../config/env.ts';
import { masterKeys } from '../config/master-key.ts';
import { productVersion } from '../config/version.ts';
import { makeCasePages } from './console/cases.ts';
import { makeOverview } from './console/overview.ts';
import { consoleRouter } from './console/router.ts';
import { startWork } from './work.ts';

export interface Platform {
  config: Config;
  app: App;
  store: Store;
  queues: Queues;
  gateway: Gateway;
  clock: Clock;
  log: Log;
  /** The HTTP side; listening is the caller's. */
  server: Express;
  /** From now on not ready; resolves when every webhook that was taken has been written. */
  stopTaking(): Promise<void>;
  /** Runs jobs and schedules until closed. */
  work(): { close(graceMs: number): Promise<void> };
  close(): Promise<void>;
}

/** Half a minute of real time, in clock time: how long a step may be under way before the sweep looks for it. */
const GRACE_REAL_MS = 30_000;

/** The composition root: from a configuration and two servers to the whole product. Read it from top to bottom to know the system. */
export const compose = async (
  config: Config,
  servers: { redisUrl: string; mongodbUri: string },
  { demoWorkspaceId = null }: { demoWorkspaceId?: string | null } = {},
): Promise<Platform> => {
  const log = makeLog(config.logLevel);
  const metrics = makeMetrics({ process: true });
  const followed = config.clockUrl === null ? null : await followClock(config.clockUrl);
  const clock: Clock = followed ?? systemClock;
  const secrets = makeSecrets(masterKeys(config));
  const egress = makeEgress({ allow: config.egressAllow });

  // BullMQ waits on its connections for as long as it takes; requests must not.
  const redis = new Redis(servers.redisUrl, { maxRetriesPerRequest: 3 });
  redis.on('error', (error) => log.warn({ err: error }, 'redis.unreachable'));
  const queueRedis = () => {
    const connection = new Redis(servers.redisUrl, { maxRetriesPerRequest: null });
    connection.on('error', () => {});
    return connection;
  };

  const store = await openStore(servers.mongodbUri);
  const cached = cachedFrom(store);
  const gateway = makeGateway({
    connectors: connectorsById,
    clock,
    redis,
    egress,
    secrets,
    tokens: storedTokens(store),
    log,
    metrics,
    prefix: config.queuePrefix,
  });

  const ports: Ports = {
    store,
    cached,
    gateway,
    rates: makeEcb({
      egress,
      url: config.ratesUrl,
      source: config.ratesSource,
      maxAgeDays: config.ratesMaxAgeDays,
    }),
    clock,
    log: plainLog(log),
    meter: metrics,
    grace: () => GRACE_REAL_MS * Math.max(1, clock.rate()),
    realTime: Date,
    version: productVersion(),
    retention: config.retention,
    signer: secrets,
    romaniseHan,
  };
  const app = makeApp(ports);
  const queueOptions = { redis: queueRedis, prefix: config.queuePrefix, clock, log: plainLog(log) };
  const queues = openQueues(queueOptions);
  metrics.queueDepths(async () =>
    Object.entries(await queues.depths()).map(([queue, count]) => ({ queue, state: 'open', count })),
  );

  const overview = makeOverview({
    app,
    depths: queues.depths,
    connectorTitles: new Map([...connectorsById].map(([id, { manifest }]) => [id, manifest.title])),
  });
  const server = makeServer({
    app,
    enqueue: queues.enqueue,
    enqueueAll: queues.enqueueAll,
    connectors: connectorsById,
    gateway,
    // A webhook's address names its connection and nothing else: the one look-up without a workspace.
    findConnection: remember((id = '') => store.findConnection(id), { forMs: LIFE_MS }),
    log,
    metrics,
    clock,
    newId: () => randomUUID(),
    bodyLimitBytes: config.bodyLimitBytes,
    publicUrl: config.publicUrl,
    inContext: withContext,
    console: consoleRouter({
      overview,
      cases: makeCasePages(app),
      demoWorkspaceId,
      authorise: makePageAccess(makeAuthenticate(store)),
    }),
    async ready() {
      const problems: string[] = [];
      await store.ready().catch((error: unknown) => problems.push(`database: ${String(error)}`));
      await redis.ping().catch((error: unknown) => problems.push(`redis: ${String(error)}`));
      return { ok: problems.length === 0, problems };
    },
  });

  return {
    config,
    app,
    store,
    queues,
    gateway,
    clock,
    log,
    server: server.handler,
    stopTaking: server.close,
    work: () => startWork({ app, queues, queueOptions, concurrency: config.workerConcurrency, metrics, log }),
    async close() {
      await queues.close();
      redis.disconnect();
      await store.close();
      egress.close();
      followed?.close();
    },
  };
};

/** The ports' log, by event name last, as the use cases write it. */
const plainLog = (log: Log): Ports['log'] => ({
  info: (facts, message) => log.info(facts, message),
  warn: (facts, message) => log.warn(facts, message),
  error: (facts, message) => log.error(facts, message),
});

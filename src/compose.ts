import { randomUUID } from 'node:crypto';
import type { Express } from 'express';
import { Redis } from 'ioredis';
import { type App, makeApp } from '#app/app.ts';
import { cache, cachedFrom } from '#app/cached.ts';
import type { Ports, Store } from '#app/ports.ts';
import { connectorsById } from '#connectors';
import { type Clock, systemClock } from '#domain/clock.ts';
import { makeAuthenticate } from '#http/authenticate.ts';
import { allows } from '#http/scopes.ts';
import { makeServer } from '#http/server.ts';
import { jobCatalogue } from '#jobs';
import { openQueues, type Queues, startWorkers } from '#queue';
import { makeEgress } from '#runtime/egress.ts';
import { type Gateway, makeGateway } from '#runtime/gateway.ts';
import { romaniseHan } from '#runtime/romanise-han.ts';
import { makeSecrets } from '#runtime/secrets.ts';
import { followClock } from '#runtime/virtual-clock.ts';
import { openStore } from '#store/store.ts';
import { withContext } from '#telemetry/context.ts';
import { type Log, makeLog } from '#telemetry/log.ts';
import { makeMetrics } from '#telemetry/metrics.ts';
import type { Config } from '../config/env.ts';
import { masterKeys } from '../config/master-key.ts';
import { makeCasePages } from './console/cases.ts';
import { makeOverview } from './console/overview.ts';
import { consoleRouter } from './console/router.ts';
import { startSchedules } from './schedules.ts';

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
  const tokens = tokenStore(store);
  const gateway = makeGateway({
    connectors: connectorsById,
    clock,
    redis,
    egress,
    secrets,
    tokens,
    log,
    metrics,
    prefix: config.queuePrefix,
  });

  const ports: Ports = {
    store,
    cached,
    gateway,
    clock,
    log: plainLog(log),
    grace: () => GRACE_REAL_MS * Math.max(1, clock.rate()),
    romaniseHan,
  };
  const app = makeApp(ports);
  const queueOptions = { redis: queueRedis, prefix: config.queuePrefix, clock, log: plainLog(log) };
  const queues = openQueues(queueOptions);
  metrics.queueDepths(async () =>
    Object.entries(await queues.depths()).map(([queue, count]) => ({ queue, state: 'open', count })),
  );

  const authenticate = makeAuthenticate(store);
  const overview = makeOverview({
    ports,
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
    findConnection: cache((id = '') => store.findConnection(id)),
    log,
    metrics,
    clock,
    newId: () => randomUUID(),
    bodyLimitBytes: config.bodyLimitBytes,
    publicUrl: config.publicUrl,
    inContext: withContext,
    console: consoleRouter({
      overview,
      cases: makeCasePages(ports),
      demoWorkspaceId,
      async authorise(request, scope) {
        const { authorization } = request.headers;
        if (authorization === undefined) return null;
        const caller = await authenticate.caller(authorization).catch(() => null);
        return caller !== null && caller.location === '' && allows(caller.scopes, scope) ? caller.workspaceId : null;
      },
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
    work() {
      const workers = startWorkers({
        ...queueOptions,
        app,
        jobs: jobCatalogue,
        enqueue: queues.enqueue,
        concurrency: config.workerConcurrency,
        async around(job, run) {
          const started = performance.now();
          let failure: string | null = null;
          try {
            await withContext({ correlationId: job.id }, run);
          } catch (error) {
            failure = error instanceof Error ? error.name : 'unknown';
            throw error;
          } finally {
            metrics.job({ name: job.name, ms: performance.now() - started, failure });
          }
        },
        async onGiveUp(job, failure) {
          const payload = asRecord(job.payload);
          const workspaceId = String(payload['workspaceId'] ?? '');
          if (workspaceId === '') return;
          const subject = String(
            payload['orderId'] ??
              payload['legId'] ??
              payload['shipmentId'] ??
              payload['returnId'] ??
              payload['externalId'] ??
              payload['connectionId'] ??
              job.name,
          );
          // Causes with a name of their own were opened where they arose.
          if (failure.code === 'rejected' && ['leg.submit', 'shipment.label', 'shipment.confirm'].includes(job.name))
            return;
          await app.openException({
            workspaceId,
            cause: 'failed_job',
            subject: { kind: 'job', id: `${job.name} ${subject}` },
            orderId: null,
            detail: `${job.name}: ${failure.message}`,
            retry: { job: job.name, payload },
          });
        },
        async onRefusedCredentials(job, failure) {
          const payload = asRecord(job.payload);
          const connectionId = payload['connectionId'];
          const workspaceId = String(payload['workspaceId'] ?? '');
          if (typeof connectionId !== 'string') return;
          if (
            (await store.connections.change(
              connectionId,
              { state: 'active' },
              { state: 'needs_attention', lastError: failure.message },
            )) === 'changed'
          )
            await app.openException({
              workspaceId,
              cause: 'credentials_refused',
              subject: { kind: 'connection', id: connectionId },
              orderId: null,
              detail: failure.message,
              retry: null,
            });
        },
      });
      const schedules = startSchedules({ app, enqueue: queues.enqueue, clock, log });
      return {
        async close(graceMs) {
          await schedules.close();
          await workers.close(graceMs);
        },
      };
    },
    async close() {
      await queues.close();
      redis.disconnect();
      await store.close();
      egress.close();
      followed?.close();
    },
  };
};

/** Tokens outlive a process in the database; one that is there is told from memory for a second, one that is not never is. */
const tokenStore = (store: Store) => {
  const seen = new Map<string, { atMs: number; value: { sealed: string; expiresAtMs: number } }>();
  return {
    async get(key: string) {
      const hit = seen.get(key);
      if (hit && performance.now() - hit.atMs < 1_000) return hit.value;
      const value = await store.tokens.find('tokens', key);
      if (value) seen.set(key, { atMs: performance.now(), value });
      return value;
    },
    async put(key: string, value: { sealed: string; expiresAtMs: number }) {
      seen.delete(key);
      if (!(await store.tokens.insert({ _id: key, workspaceId: 'tokens', ...value })))
        await store.tokens.change(key, {}, value);
    },
    async delete(key: string) {
      seen.delete(key);
      await store.tokens.delete(key);
    },
  };
};

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

/** The ports' log, by event name last, as the use cases write it. */
const plainLog = (log: Log): Ports['log'] => ({
  info: (facts, message) => log.info(facts, message),
  warn: (facts, message) => log.warn(facts, message),
  error: (facts, message) => log.error(facts, message),
});

import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { systemClock } from '#domain/clock.ts';
import { followClock } from '#runtime/virtual-clock.ts';
import { watchParent } from '#setup/parent-watch.mjs';
import { startServers } from '#setup/servers.mjs';
import { prepareStore } from '#store/prepare.ts';
import { type Config, processConfig } from '../config/env.ts';
import { productVersion } from '../config/version.ts';
import { firstKey } from './bootstrap.ts';
import { compose } from './compose.ts';

const EXIT = { ok: 0, failed: 1, misconfigured: 2 } as const;
/** The demo's workspace, whose overview is shown to whoever opens the page. */
const DEMO = 'demo';
/** How long what runs may go on after a signal, before it is given back to the queue. */
const DRAIN_MS = 25_000;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const listen = (server: Server, port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? Object.assign(
              new Error(
                `Port ${port} is in use: stop what uses it, or start with another, such as PORT=${port + 1} npm start.`,
              ),
              { name: 'SetupError' },
            )
          : error,
      ),
    );
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });

const isMisconfigured = (error: unknown): boolean => error instanceof Error && error.name === 'ConfigError';

/** What is meant for the person at the keyboard comes without a stack. */
const tellOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const forPeople = error.name === 'SetupError' || isMisconfigured(error);
  return forPeople ? error.message : (error.stack ?? error.message);
};

/** Before anything else opens the store: it becomes what this program knows, or the start ends here. */
const prepare = async (config: Config, uri: string, clockUrl: string | null): Promise<void> => {
  const followed = clockUrl === null ? null : await followClock(clockUrl);
  try {
    await prepareStore({
      uri,
      dataDir: config.mongodbUri === null ? config.dataDir : null,
      backup: config.backupBeforeMigration,
      product: productVersion(),
      clock: followed ?? systemClock,
      say,
    });
  } finally {
    followed?.close();
  }
};

/** Starts the product by its role, and stops it in order when told to. */
const main = async (): Promise<void> => {
  watchParent();
  const stopped = Promise.withResolvers<string>();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => stopped.resolve(signal));
  const config = processConfig();
  const undo: (() => Promise<unknown>)[] = [];
  try {
    const servers = await startServers({
      dataDir: config.dataDir,
      redisUrl: config.redisUrl ?? undefined,
      mongodbUri: config.mongodbUri ?? undefined,
      log: say,
    });
    undo.push(servers.stop);

    // The demo's world stands beside the product and is met through its doors alone; nothing of it is loaded without the demo.
    const demo = config.demo
      ? await (await import('#simulator/demo.ts')).openDemo(path.join(config.dataDir, 'world'))
      : null;
    if (demo) undo.push(demo.close);
    await prepare(config, servers.mongodbUri, demo?.clockUrl ?? config.clockUrl);
    const platform = await compose(
      demo
        ? {
            ...config,
            clockUrl: demo.clockUrl,
            ratesUrl: demo.ratesUrl,
            egressAllow: [...config.egressAllow, ...demo.hosts],
          }
        : config,
      servers,
      { demoWorkspaceId: demo ? DEMO : null },
    );
    undo.push(platform.close);
    const workspaceId = demo ? DEMO : 'main';
    const key = await firstKey(platform.store, platform.clock, workspaceId, {
      again: config.demo || config.keyAtStart,
    });

    if (config.role !== 'api') {
      const work = platform.work();
      undo.push(() => work.close(DRAIN_MS));
    }
    if (config.role !== 'worker') {
      const server = createServer({ keepAliveTimeout: 65_000 }, platform.server);
      const port = await listen(server, config.port, config.host);
      undo.push(async () => {
        await platform.stopTaking();
        await new Promise((resolve) => {
          server.close(resolve);
          server.closeIdleConnections();
          setTimeout(() => server.closeAllConnections(), 2_000).unref();
        });
      });
      const url = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`;
      say(`Crossdock runs at ${url}`);
      if (key) say(`API key: ${key}`);
      if (demo && key) demo.begin({ url, key, log: platform.log });
    } else say('Crossdock works on its queues.');

    const signal = await stopped.promise;
    platform.log.info({ signal }, 'stopping');
  } finally {
    for (const step of undo.reverse())
      await step().catch((error: unknown) => process.stderr.write(`While stopping: ${String(error)}\n`));
  }
};

main().then(
  () => process.exit(EXIT.ok),
  (error: unknown) => {
    process.stderr.write(`${tellOf(error)}\n`);
    process.exit(isMisconfigured(error) ? EXIT.misconfigured : EXIT.failed);
  },
);

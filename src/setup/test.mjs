// `npm test`: all tests, on a Redis and a MongoDB of its own (or those that REDIS_URL and MONGODB_URI name).
import path from 'node:path';
import { ensureChromium } from './chromium.mjs';
import { endRecorded, startServers } from './servers.mjs';
import { ROOT, runStaticSteps, runSteps, runVitest } from './test-steps.mjs';

await runSteps(async (run) => {
  await ensureChromium(ROOT, console.log);
  const dataDir = path.join(run.folder, 'data');
  // Registered before the start, so that a signal during it leaves no server behind.
  run.onStop(() => endRecorded(dataDir));
  const servers = await startServers({
    dataDir,
    redisUrl: process.env.REDIS_URL,
    mongodbUri: process.env.MONGODB_URI,
    log: console.log,
  });
  run.onStop(servers.stop);
  await runStaticSteps(run.counts);
  await runVitest(run, process.argv.slice(2), { REDIS_URL: servers.redisUrl, MONGODB_URI: servers.mongodbUri });
});

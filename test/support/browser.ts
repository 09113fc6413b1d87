import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import express from 'express';
import { chromium, type Page } from 'playwright-core';
import { makeApp } from '#app/app.ts';
import type { Store } from '#app/ports.ts';
import type { Clock } from '#domain/clock.ts';
import { makeCasePages } from '../../src/console/cases.ts';
import { makeOverview } from '../../src/console/overview.ts';
import { consoleRouter } from '../../src/console/router.ts';
import { WORKSPACE } from '../../src/console/testing/samples.ts';
import { portsOn } from './ports.ts';

const CHROMIUM = '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** The key that opens the console of `WORKSPACE`. */
export const KEY = 'a-key-of-the-merchant';

export const browserIsHere = existsSync(CHROMIUM);
if (!browserIsHere)
  console.warn(`The browser tests are skipped: there is no ${CHROMIUM}. Install it with apt-get install chromium.`);

/** A browser with a fresh profile, before the console of a store. */
export const openConsole = async (store: Store, clock: Clock, queued: Record<string, number> = {}) => {
  const profile = await mkdtemp(path.join(tmpdir(), 'crossdock-browser-'));
  const context = await chromium.launchPersistentContext(profile, { executablePath: CHROMIUM, args: FLAGS });
  const listening: Server[] = [];
  /** What the page complained of: scripts that failed, what its policy blocked, requests that went wrong. */
  let complaints: string[] = [];
  return {
    context,
    complaints: () => complaints,
    /** The console at an address of its own; with the workspace that needs no key, or none. */
    async serve(demoWorkspaceId: string | null): Promise<string> {
      const product = makeApp(portsOn(store, clock));
      const app = express();
      app.use(
        consoleRouter({
          overview: makeOverview({ app: product, depths: async () => queued }),
          cases: makeCasePages(product),
          demoWorkspaceId,
          authorise: async (request) => (request.headers.authorization === `Bearer ${KEY}` ? WORKSPACE : null),
        }),
      );
      const server = app.listen(0, '127.0.0.1');
      listening.push(server);
      await new Promise((resolve) => server.once('listening', resolve));
      const address = server.address();
      return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    },
    async open(address: string): Promise<Page> {
      complaints = [];
      const page = await context.newPage();
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      await page.goto(address);
      return page;
    },
    async close(): Promise<void> {
      await context.close();
      for (const server of listening) {
        server.close();
        server.closeAllConnections();
      }
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};

import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import express from 'express';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '#app/ports.ts';
import { manualClock } from '#domain/clock.ts';
import { openStore } from '#store/store.ts';
import { makeCasePages } from '../../src/console/cases.ts';
import { makeOverview } from '../../src/console/overview.ts';
import { consoleRouter } from '../../src/console/router.ts';
import {
  NOW,
  sampleConnection,
  sampleGathered,
  sampleLeg,
  sampleOrder,
  WORKSPACE,
} from '../../src/console/testing/samples.ts';
import { freshDatabase } from '../support/servers.ts';

const CHROMIUM = '/usr/bin/chromium';
const FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];
const KEY = 'a-key-of-the-merchant';
const here = existsSync(CHROMIUM);
if (!here)
  console.warn(`The browser tests are skipped: there is no ${CHROMIUM}. Install it with apt-get install chromium.`);

describe.skipIf(!here)('the overview in a browser', () => {
  let store: Store;
  let context: BrowserContext;
  let profile: string;
  const listening: Server[] = [];
  /** What the page complained of: scripts that failed, what its policy blocked, requests that went wrong. */
  let complaints: string[] = [];

  const serve = async (demoWorkspaceId: string | null): Promise<string> => {
    const overview = makeOverview({ store, clock: manualClock(NOW), depths: async () => ({ orders: 4 }) });
    const app = express();
    app.use(
      consoleRouter({
        overview,
        cases: makeCasePages({ store, clock: manualClock(NOW) }),
        demoWorkspaceId,
        authorise: async (request) => (request.headers.authorization === `Bearer ${KEY}` ? WORKSPACE : null),
      }),
    );
    const server = app.listen(0, '127.0.0.1');
    listening.push(server);
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  };

  const open = async (address: string): Promise<Page> => {
    complaints = [];
    const page = await context.newPage();
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(address);
    return page;
  };

  const order = sampleOrder('#1001', { state: 'routed', plan: [] });
  const leg = sampleLeg(order, { state: 'planned' });

  beforeAll(async () => {
    store = await openStore(freshDatabase());
    const { workspace } = sampleGathered();
    if (workspace) await store.workspaces.insert(workspace);
    await store.connections.insert(sampleConnection('cn_shop'));
    await store.orders.insert(order);
    await store.legs.insert(leg);
    profile = await mkdtemp(path.join(tmpdir(), 'crossdock-browser-'));
    context = await chromium.launchPersistentContext(profile, { executablePath: CHROMIUM, args: FLAGS });
  });
  afterAll(async () => {
    await context?.close();
    for (const server of listening) {
      server.close();
      server.closeAllConnections();
    }
    await store?.close();
    if (profile) await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  });

  it('shows an order and lets it move on without a reload', async () => {
    const page = await open(await serve(WORKSPACE));
    await page.locator('.orders tr', { hasText: '#1001' }).getByText('Ada Lovelace').waitFor();
    let loads = 0;
    page.on('load', () => (loads += 1));
    const cell = (stage: string) => page.locator(`.lane-wholesale [data-key="${stage}"] [data-chip="${leg._id}"]`);
    await cell('routed').waitFor();

    await store.legs.change(leg._id, {}, { state: 'accepted', updatedAtMs: NOW });
    await cell('party').waitFor();
    expect(await cell('routed').count()).toBe(0);

    await store.orders.change(order._id, {}, { state: 'shipped' });
    await store.orders.insert(
      sampleOrder('#1002', {
        createdAtMs: NOW,
        shipTo: null,
        buyer: { externalId: null, name: '<b>Bo</b>', email: '' },
      }),
    );
    await page.locator('.orders tr[data-state=shipped]', { hasText: '#1001' }).waitFor();
    await page.locator('.intake', { hasText: '#1002' }).waitFor();
    await page.getByText('<b>Bo</b>').waitFor();
    await page.getByText('orders per minute, real time').waitFor();
    expect(loads).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('stands still while paused and catches up after', async () => {
    const address = await serve(WORKSPACE);
    const other = await context.newPage();
    await other.goto(address);
    const page = await open(address);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('status').getByText('Paused').waitFor();
    await store.orders.insert(sampleOrder('#1003', { createdAtMs: NOW + 1 }));
    await other.locator('.orders tr', { hasText: '#1003' }).waitFor();
    expect(await page.locator('.orders tr', { hasText: '#1003' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.locator('.orders tr', { hasText: '#1003' }).waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('asks for a key, keeps it for the tab alone and forgets it when told', async () => {
    const address = await serve(null);
    const page = await open(address);
    await page.getByLabel('API key of your workspace').fill(KEY);
    await page.keyboard.press('Enter');
    await page.locator('.orders tr', { hasText: '#1001' }).waitFor();
    expect(page.url()).toBe(`${address}/`);
    await page.reload();
    await page.locator('.orders tr', { hasText: '#1001' }).waitFor();
    expect(complaints).toEqual([]);

    await page.getByRole('button', { name: 'Forget key' }).click();
    await page.getByLabel('API key of your workspace').fill('a wrong one');
    await page.keyboard.press('Enter');
    await page.getByText('This key is not accepted').waitFor();
    expect(await page.locator('.orders').count()).toBe(0);
    await page.close();
  });

  it('never scrolls sideways on a phone', async () => {
    const page = await open(await serve(WORKSPACE));
    await page.setViewportSize({ width: 360, height: 740 });
    await page.locator('.orders tr', { hasText: '#1001' }).waitFor();
    const whole = page.locator('html');
    expect(await whole.evaluate((element: { scrollWidth: number }) => element.scrollWidth)).toBe(360);
    await page.close();
  });
});

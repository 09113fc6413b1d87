import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '#app/ports.ts';
import { manualClock } from '#domain/clock.ts';
import { openStore } from '#store/store.ts';
import {
  NOW,
  sampleConnection,
  sampleGathered,
  sampleLeg,
  sampleOrder,
  samplePlan,
  WORKSPACE,
} from '../../src/console/testing/samples.ts';
import { browserIsHere, KEY, openConsole } from '../support/browser.ts';
import { freshDatabase } from '../support/servers.ts';

describe.skipIf(!browserIsHere)('the overview in a browser', () => {
  let store: Store;
  let browser: Awaited<ReturnType<typeof openConsole>>;

  const order = sampleOrder('#1001', { state: 'routed', plan: samplePlan() });
  const leg = sampleLeg(order, { state: 'planned' });

  beforeAll(async () => {
    store = await openStore(freshDatabase());
    const { workspace } = sampleGathered();
    if (workspace) await store.workspaces.insert(workspace);
    await store.connections.insert(sampleConnection('cn_shop'));
    await store.orders.insert(order);
    await store.legs.insert(leg);
    browser = await openConsole(store, manualClock(NOW), { orders: 4 });
  });
  afterAll(async () => {
    await browser?.close();
    await store?.close();
  });

  it('shows an order and lets it move on without a reload', async () => {
    const page = await browser.open(await browser.serve(WORKSPACE));
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
    expect(browser.complaints()).toEqual([]);
    await page.close();
  });

  it('stands still while paused and catches up after', async () => {
    const address = await browser.serve(WORKSPACE);
    const other = await browser.context.newPage();
    await other.goto(address);
    const page = await browser.open(address);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('status').getByText('Paused').waitFor();
    await store.orders.insert(sampleOrder('#1003', { createdAtMs: NOW + 1 }));
    await other.locator('.orders tr', { hasText: '#1003' }).waitFor();
    expect(await page.locator('.orders tr', { hasText: '#1003' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.locator('.orders tr', { hasText: '#1003' }).waitFor();
    expect(browser.complaints()).toEqual([]);
    await page.close();
  });

  it('asks for a key, keeps it for the tab alone and forgets it when told', async () => {
    const address = await browser.serve(null);
    const page = await browser.open(address);
    await page.getByLabel('API key of your workspace').fill(KEY);
    await page.keyboard.press('Enter');
    await page.locator('.orders tr', { hasText: '#1001' }).waitFor();
    expect(page.url()).toBe(`${address}/`);
    await page.reload();
    await page.locator('.orders tr', { hasText: '#1001' }).waitFor();
    expect(browser.complaints()).toEqual([]);

    await page.getByRole('button', { name: 'Forget key' }).click();
    await page.getByLabel('API key of your workspace').fill('a wrong one');
    await page.keyboard.press('Enter');
    await page.getByText('This key is not accepted').waitFor();
    expect(await page.locator('.orders').count()).toBe(0);
    await page.close();
  });

  it('never scrolls sideways on a phone', async () => {
    const page = await browser.open(await browser.serve(WORKSPACE));
    await page.setViewportSize({ width: 360, height: 740 });
    await page.locator('.orders tr', { hasText: '#1001' }).waitFor();
    const whole = page.locator('html');
    expect(await whole.evaluate((element: { scrollWidth: number }) => element.scrollWidth)).toBe(360);
    await page.close();
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '#app/ports.ts';
import { manualClock } from '#domain/clock.ts';
import { openStore } from '#store/store.ts';
import { type CaseFile, NO_FACTS } from '#trade/case-file/case-file.ts';
import { FACTS } from '#trade/case-file/facts.ts';
import { NOW, sampleGathered, WORKSPACE } from '../../src/console/testing/samples.ts';
import { browserIsHere, KEY, openConsole } from '../support/browser.ts';
import { freshDatabase } from '../support/servers.ts';

/** A day on which a standard has a new edition that is not on file: there is a rule to check. */
const TODAY = Date.UTC(2026, 10, 25);

const quality = (reports: unknown[]) => FACTS.quality.parse({ lots: ['L-1'], reports });
const CASE: CaseFile = {
  _id: 'cs_1',
  workspaceId: WORKSPACE,
  number: 'EX-1',
  title: 'Bowls & <b>plates</b>',
  mode: 'wholesale',
  subject: { kind: 'contract', id: 'C-1' },
  orderId: '',
  skus: ['B-16'],
  connectionIds: [],
  destination: 'GB',
  state: 'open',
  screenings: {},
  creditAccepted: '',
  reminded: [],
  version: 1,
  facts: {
    ...NO_FACTS,
    quality: quality([]),
    contract: FACTS.contract.parse({ payment: 'prepaid' }),
    after_sales: FACTS.after_sales.parse({ currency: 'GBP', capturedMinor: 100, refundedMinor: 0, askedMinor: 150 }),
  },
  overrides: [
    {
      step: 'after_sales',
      code: 'REFUND_ABOVE_CAPTURED',
      subject: '',
      reason: 'goodwill, agreed by the owner',
      what: 'a refund of 1.50 GBP is more than the 1.00 left',
      by: 'Ada',
      atMs: NOW,
    },
  ],
  history: [{ atMs: NOW, by: 'Ada', what: 'opened', detail: '' }],
  createdAtMs: NOW,
  updatedAtMs: NOW,
};

describe.skipIf(!browserIsHere)('the pages of export cases in a browser', () => {
  let store: Store;
  let browser: Awaited<ReturnType<typeof openConsole>>;

  beforeAll(async () => {
    store = await openStore(freshDatabase());
    const { workspace } = sampleGathered();
    if (workspace) await store.workspaces.insert(workspace);
    await store.cases.insert(CASE);
    browser = await openConsole(store, manualClock(TODAY));
  });
  afterAll(async () => {
    await browser?.close();
    await store?.close();
  });

  it('leads from the strip on the overview to the case, and says what blocks and what to do', async () => {
    const page = await browser.open(await browser.serve(WORKSPACE));
    await page.locator('.case-strip').getByRole('link', { name: 'EX-1 Bowls & <b>plates</b>' }).click();
    await page.getByRole('heading', { name: 'EX-1 Bowls & <b>plates</b>' }).waitFor();
    const line = page.getByRole('navigation', { name: 'The eight steps' });
    expect(await line.getByRole('listitem').count()).toBe(8);
    await line.getByText('blocked, 1 reason').waitFor();
    expect(await line.getByText('nothing entered yet').count()).toBe(5);
    const step = page.getByRole('region', { name: '3. Stocking & quality 备货与质检' });
    await step.getByText('lot L-1 is not inspected').waitFor();
    await step.getByText('Inspect it and file the report.').waitFor();
    await page.getByText('“goodwill, agreed by the owner”').waitFor();
    expect(browser.complaints()).toEqual([]);
    await page.close();
  });

  it('shows a gate that opens without a reload, and marks rules to check', async () => {
    const page = await browser.open(`${await browser.serve(WORKSPACE)}/cases/cs_1`);
    let loads = 0;
    page.on('load', () => (loads += 1));
    const report = {
      on: '2026-11-20',
      report: {
        standard: 'ISO2859-1',
        lot: 'L-1',
        lotSize: 100,
        level: 'II',
        classes: { critical: '0' },
        findings: { critical: { units: 20, defects: 0 } },
      },
    };
    await store.cases.change('cs_1', {}, { facts: { ...CASE.facts, quality: quality([report]) } });
    const step = page.getByRole('region', { name: '3. Stocking & quality 备货与质检' });
    await step.getByText('✓ passed').waitFor();
    await step.getByText('Nothing stands in the way.').waitFor();
    await step.getByText('Not verified', { exact: false }).first().waitFor();
    expect(loads).toBe(0);
    expect(browser.complaints()).toEqual([]);
    await page.close();
  });

  it('asks for a key, offers papers with one, and has a page for what is not there', async () => {
    const address = await browser.serve(null);
    const page = await browser.open(`${address}/cases`);
    await page.getByLabel('API key of your workspace').fill('a wrong one');
    await page.keyboard.press('Enter');
    await page.getByText('This key is not accepted').waitFor();
    await page.getByLabel('API key of your workspace').fill(KEY);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: /^EX-1/ }).click();
    await page.getByRole('heading', { name: /^EX-1/ }).waitFor();
    await page.goto(`${address}/cases/cs_none`);
    await page.getByRole('heading', { name: 'There is no such case' }).waitFor();
    expect((await fetch(`${await browser.serve(WORKSPACE)}/cases/cs_none`)).status).toBe(404);
    await page.close();
  });

  it('never scrolls sideways on a phone', async () => {
    const page = await browser.open(`${await browser.serve(WORKSPACE)}/cases/cs_1`);
    await page.setViewportSize({ width: 360, height: 740 });
    await page.getByRole('heading', { name: /^EX-1/ }).waitFor();
    const whole = page.locator('html');
    expect(await whole.evaluate((element: { scrollWidth: number }) => element.scrollWidth)).toBe(360);
    await page.close();
  });
});

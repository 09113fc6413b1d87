import { describe, expect, it } from 'vitest';
import type { PurchaseLeg } from '#domain/leg.ts';
import { dailyCost } from './daily-cost.ts';

const DAY_MS = 86_400_000;
const NOW = 100 * DAY_MS;
const GIVEN = { partner: 'cn_cj', currency: 'USD', nowMs: NOW, complete: true };

const purchase = (daysAgo: number, changes: Partial<PurchaseLeg> = {}, cancelled = 0): PurchaseLeg => ({
  _id: `lg_${daysAgo}`,
  workspaceId: 'main',
  kind: 'purchase',
  orderId: 'or_1',
  orderNumber: '1',
  plan: 1,
  connectionId: 'cn_shop',
  orderExternalId: '1',
  shipTo: null,
  mode: 'oem_dropship',
  partner: 'cn_cj',
  location: 'supplier:cn_cj',
  currency: 'GBP',
  costCurrency: 'USD',
  state: 'accepted',
  version: 1,
  lines: [
    {
      lineId: 'l',
      externalId: 'l',
      sku: 'A',
      title: 'A',
      quantity: 7,
      totalMinor: 0,
      externalSku: 'v',
      unitCost: '1.00',
      reservation: 'l',
      ready: true,
      shipped: 0,
      cancelled,
      returned: 0,
      asked: 0,
      received: 0,
    },
  ],
  refunds: [],
  counted: [],
  waitsFor: null,
  reason: '',
  dueAtMs: null,
  createdAtMs: NOW - daysAgo * DAY_MS,
  updatedAtMs: NOW,
  externalId: '21',
  cancel: 'none',
  ...changes,
});

describe('what a day of purchases costs', () => {
  it('is the mean of seven days', () => {
    expect(dailyCost([], GIVEN)).toBe(0);
    expect(dailyCost([purchase(0), purchase(3), purchase(6)], GIVEN)).toBe(300);
  });

  it.each<[string, PurchaseLeg]>([
    ['is older', purchase(8)],
    ['is of another supplier', purchase(1, { partner: 'cn_other' })],
    ['is in another currency', purchase(1, { costCurrency: 'EUR' })],
    ['was never sent', purchase(1, { state: 'planned' })],
    ['was refused', purchase(1, { state: 'rejected' })],
    ['was cancelled', purchase(1, {}, 7)],
  ])('leaves out what %s', (_, leg) => {
    expect(dailyCost([purchase(1), leg], GIVEN)).toBe(100);
  });

  it('is the mean of the time that the newest legs cover, where there are more', () => {
    expect(dailyCost([purchase(0.5), purchase(1), purchase(2)], { ...GIVEN, complete: false })).toBe(1050);
    expect(dailyCost([purchase(0)], { ...GIVEN, complete: false })).toBe(700 * 24);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { purchaseUnder } from '../support/books.ts';
import { closed, ITEMS, itemOf, orderWhen, place } from '../support/shop.ts';
import { openStand, type Stand } from '../support/stand.ts';

const YEAR_MS = 365 * 86_400_000;

describe('a purchase that its supplier splits', () => {
  let stand: Stand;
  beforeAll(async () => {
    // Polls come too late to bring the news.
    stand = await openStand({ items: ITEMS, rate: 100, shipAfterMs: YEAR_MS, pollEveryMinutes: 1_440 });
  });
  afterAll(() => stand.close());

  it('arrives as a package for each of its parcels, and the shop is told of both', async () => {
    place(stand, 'in-two', [{ item: itemOf('oem_dropship'), quantity: 3 }]);
    const taken = await orderWhen(stand, 'in-two', 'accepted', ({ legs }) => legs[0]?.state === 'accepted');
    const reference = taken.legs[0]?.id ?? '';
    expect(purchaseUnder(stand.world, reference)?.orderId).toMatch(/^\d{18}$/);
    const { cj } = stand.world;
    cj.split?.({ reference });
    cj.ship?.({ reference });
    const one = await orderWhen(stand, 'in-two', 'partly sent', ({ legs }) => legs[0]?.state === 'partly_shipped');
    expect(one.legs[0]?.lines[0]).toMatchObject({ quantity: 3, shipped: 1 });
    cj.ship?.({ reference });
    const both = await orderWhen(stand, 'in-two', 'closed', closed);
    expect(both.legs[0]?.lines[0]).toMatchObject({ shipped: 3, cancelled: 0 });
    expect(both.shipments.map(({ lines }) => lines[0]?.quantity).sort()).toEqual([1, 2]);
    expect(new Set(both.shipments.map(({ tracking }) => tracking?.number)).size).toBe(2);
    expect(both.exceptions).toEqual([]);
  });
});

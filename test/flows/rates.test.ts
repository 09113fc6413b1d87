import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { plainDate } from '#domain/plain-date.ts';
import { isTargetDay } from '#domain/target-days.ts';
import { SHELVES } from '#simulator/business.ts';
import { ITEMS, itemOf } from '../support/shop.ts';
import { openStand, type Stand, until } from '../support/stand.ts';

const Rates = z.object({ items: z.array(z.object({ day: z.string(), quote: z.string() })) });
const Converted = z.object({
  to: z.object({ amount: z.number(), currency: z.string() }),
  legs: z.array(z.object({ source: z.string(), quote: z.string(), inverse: z.boolean() })),
});

describe('the product and the ECB', () => {
  let stand: Stand;
  beforeAll(async () => {
    stand = await openStand({ items: [], act: false, rate: 40_000, startMs: Date.UTC(2026, 0, 5, 9) });
  });
  afterAll(() => stand.close());

  it('has rates to convert by soon after its start, and each working day’s from then on, by itself', async () => {
    const daysOfDollar = async (): Promise<string[]> =>
      Rates.parse(await stand.api.get('/v1/rates?base=EUR&quote=USD&from=2026-01-05&limit=500')).items.map(
        ({ day }) => day,
      );
    const converted = await until('a rate', async () => {
      const { items } = Rates.parse(await stand.api.get('/v1/rates?source=ecb&limit=1'));
      return items.length > 0
        ? Converted.parse(await stand.api.get('/v1/rates/convert?from=USD&to=GBP&amount=10000&day=2026-01-02'))
        : null;
    });
    expect(converted.to.amount).toBeGreaterThan(6_000);
    expect(converted.to.amount).toBeLessThan(9_500);
    expect(converted.legs).toEqual([
      { source: 'ecb', quote: 'USD', inverse: true },
      { source: 'ecb', quote: 'GBP', inverse: false },
    ]);
    const days = await until('a week of rates', async () => {
      const found = await daysOfDollar();
      return found.length >= 6 ? found : null;
    });
    expect(days.slice(0, 5)).toEqual(['2026-01-05', '2026-01-06', '2026-01-07', '2026-01-08', '2026-01-09']);
    expect(days.filter((day) => !isTargetDay(plainDate(day)))).toEqual([]);
    expect(await stand.api.get('/v1/rates/notices')).toEqual({ items: [] });
  });
});

describe('a currency that the ECB does not publish', () => {
  let stand: Stand;
  beforeAll(async () => {
    stand = await openStand({ items: ITEMS, act: false, rate: 60, startMs: Date.UTC(2026, 0, 5, 9) });
    await until('rates', async () => Rates.parse(await stand.api.get('/v1/rates?source=ecb&limit=1')).items[0]);
  });
  afterAll(() => stand?.close());

  const Noticed = z.object({
    notices: z.array(z.object({ kind: z.string(), currency: z.string(), text: z.string() })),
  });
  const named = (answer: unknown): string[] => Noticed.parse(answer).notices.map(({ currency }) => currency);
  const item = itemOf('self_produced');
  const offersIn = (...currencies: readonly string[]) =>
    stand.api.put('/v1/offers', {
      offers: currencies.map((currency, n) => ({
        sku: itemOf('self_produced', n).sku,
        mode: 'self_produced',
        partner: 'brand-works',
        location: SHELVES.brand,
        unitCost: '3.00',
        currency,
      })),
    });

  it('is named by the answer that first uses it, until a rate is put by hand', async () => {
    expect(named(await offersIn('GBP', 'USD'))).toEqual([]);
    const answer = await offersIn('TWD', 'USD', 'TWD');
    expect(answer).toMatchObject({ failed: 0 });
    expect(named(answer)).toEqual(['TWD']);
    expect(Noticed.parse(answer).notices[0]?.text).toContain('rate put TWD GBP RATE');
    const { credentials, settings } = stand.world.sandboxes.feed;
    const feed = { connectorId: 'feed', name: 'A supplier', credentials };
    const at = (stockPath: string, currency: string) => ({ ...feed, settings: { ...settings, stockPath, currency } });
    expect(named(await stand.api.post('/v1/connections', at('usd.csv', 'USD')))).toEqual([]);
    const made = await stand.api.post('/v1/connections', at('vnd.csv', 'VND'));
    expect(named(made)).toEqual(['VND']);
    expect(await stand.api.get('/v1/rates/notices')).toMatchObject({ items: [{ currency: 'VND' }] });
    await stand.api.post('/v1/rates', { base: 'GBP', quote: 'TWD', rate: '42.1' });
    expect(named(await offersIn('TWD', 'USD'))).toEqual([]);
    await stand.api.post('/v1/rates', { base: 'VND', quote: 'EUR', rate: '0.000034' });
    expect(await stand.api.get('/v1/rates/notices')).toEqual({ items: [] });
  });

  it('is named where the connection is shown once its shop has sent it, and a published one is not', async () => {
    const { shopify, woocommerce } = stand.business.connections;
    const shown = (id: string) => stand.api.get(`/v1/connections/${id}`);
    // Shopify tells the shop's currency when it is asked whose account it is.
    expect(await stand.api.post(`/v1/connections/${shopify}/check`, {})).toMatchObject({ problem: null, notices: [] });
    expect(await shown(shopify)).toMatchObject({ currencies: ['GBP'], notices: [] });
    stand.world.storefronts[1]?.world.placeOrder({
      reference: 'in-riyal',
      placedAtMs: Math.floor(stand.world.clock.clock.now()),
      currency: 'SAR',
      buyer: { id: null, name: 'Ana Example', email: 'ana@buyers.example' },
      shipTo: null,
      lines: [{ key: '1', sku: item.sku, title: item.title, quantity: 1, unitPrice: '3.00', totalMinor: 300 }],
      charges: [],
      note: '',
    });
    const connection = await until('the order', async () => {
      const found = await shown(woocommerce);
      return named(found).length > 0 ? found : null;
    });
    expect(connection).toMatchObject({ currencies: ['SAR'], notices: [{ currency: 'SAR' }] });
  });

  it('is named when it becomes the workspace’s own', async () => {
    expect(named(await stand.api.patch('/v1/workspace/terms', { currency: 'USD' }))).not.toContain('USD');
    expect(named(await stand.api.patch('/v1/workspace/terms', { currency: 'KWD' }))).toContain('KWD');
  });
});

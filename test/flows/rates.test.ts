import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { plainDate } from '#domain/plain-date.ts';
import { isTargetDay } from '#domain/target-days.ts';
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

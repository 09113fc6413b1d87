import { z } from 'zod';
import { Currency } from '#domain/money.ts';
import { Exact, exact } from '../decimal.ts';
import { invalid, readInput } from '../read-input.ts';

const Weight = z.string().regex(/^\d{1,3}(\.\d{1,4})?$/, 'has to be a weight as text, such as 0.5');

export const RateOffer = z.strictObject({
  id: z.string().trim().min(1).max(200),
  carrier: z.string().trim().min(1).max(200),
  /** All charges of the shipment together. */
  price: z.string().regex(/^\d{1,11}(\.\d{1,4})?$/, 'has to be an amount as text, such as 12.50'),
  currency: Currency,
  /** Door to door: the latest promised day. */
  days: z.int().min(0).max(365),
  /** From 0 to 100: tracking, insurance and reliability as rated by the merchant. */
  service: z.int().min(0).max(100),
});
export type RateOffer = z.infer<typeof RateOffer>;

export const RateWish = z.strictObject({
  offers: z.array(RateOffer).min(1, 'needs at least one offer').max(1_000),
  weights: z.strictObject({ price: Weight, days: Weight, service: Weight }),
  /** Offers that take longer are not ranked. */
  latestDays: z.int().min(0).max(365).optional(),
});
export type RateWish = z.infer<typeof RateWish>;

export interface RankedOffer {
  id: string;
  /** 0 to 100, two decimals; 100 is best in everything that has a weight. */
  score: string;
  parts: { price: string; days: string; service: string };
}

/** 1 for the lowest of `all`, 0 for the highest, linear in between; 1 if all are equal. */
const lessIsBetter = (value: Exact, all: readonly Exact[]): Exact => {
  const [least, most] = [Exact.min(...all), Exact.max(...all)];
  return most.eq(least) ? new Exact(1) : most.minus(value).div(most.minus(least));
};

/**
 * Ranks offers by score: price and days relative to the other offers, service as rated, each with its weight. Equal
 * scores rank by price, then by days, then by id. Offers later than `latestDays` are listed separately. Throws
 * `invalid` if the currencies differ or all weights are zero.
 */
export const compareRates = (wish: RateWish): { ranked: readonly RankedOffer[]; tooLate: readonly string[] } => {
  const { offers, weights, latestDays } = readInput(RateWish, wish, 'offers');
  if (new Set(offers.map(({ currency }) => currency)).size > 1)
    throw invalid('offers', 'the prices have to be in one currency; convert them first');
  const weight = {
    price: exact(weights.price, 'weights.price'),
    days: exact(weights.days, 'weights.days'),
    service: exact(weights.service, 'weights.service'),
  };
  const sum = weight.price.plus(weight.days).plus(weight.service);
  if (sum.isZero()) throw invalid('weights', 'one weight at least has to be above zero');
  const inTime = offers.filter(({ days }) => latestDays === undefined || days <= latestDays);
  const [prices, days] = [inTime.map(({ price }) => new Exact(price)), inTime.map((one) => new Exact(one.days))];
  const scored = inTime.map((offer) => {
    const price = lessIsBetter(new Exact(offer.price), prices);
    const speed = lessIsBetter(new Exact(offer.days), days);
    const service = new Exact(offer.service).div(100);
    const all = price.times(weight.price).plus(speed.times(weight.days)).plus(service.times(weight.service));
    return { offer, score: all.div(sum).times(100), parts: { price, days: speed, service } };
  });
  const text = (share: Exact) => share.times(100).toFixed(2);
  return {
    ranked: scored
      .sort(
        (a, b) =>
          b.score.comparedTo(a.score) ||
          new Exact(a.offer.price).comparedTo(b.offer.price) ||
          a.offer.days - b.offer.days ||
          (a.offer.id < b.offer.id ? -1 : 1),
      )
      .map(({ offer, score, parts }) => ({
        id: offer.id,
        score: score.toFixed(2),
        parts: { price: text(parts.price), days: text(parts.days), service: text(parts.service) },
      })),
    tooLate: offers.filter((offer) => !inTime.includes(offer)).map(({ id }) => id),
  };
};

import { z } from 'zod';
import { Actor } from './actor.ts';
import { Failure } from './failure.ts';
import { idOf } from './ids.ts';
import { Currency, divideHalfAway, exponentOf, parseDecimal, toSafeInteger } from './money.ts';
import { earliest, PlainDate } from './plain-date.ts';

/** Files of rates that can be imported. */
export const RATE_FORMATS = ['csv', 'ecb_xml'] as const;
export type RateFormat = (typeof RATE_FORMATS)[number];

/** Where a rate comes from: the ECB's files that we fetched, a file that somebody imported, or a person who typed it. */
export const RATE_SOURCES = ['ecb', 'import', 'typed'] as const;
export const RateSource = z.enum(RATE_SOURCES);
export type RateSource = z.infer<typeof RateSource>;

/** Units of the quote currency for one of the base, as exact decimal text above zero, such as `1.0850`. */
export const RateText = z
  .string()
  .regex(/^\d{1,12}(\.\d{1,12})?$/, 'a rate such as 1.0850')
  .refine((text) => /[1-9]/.test(text), 'a rate above zero');

/**
 * One exchange rate of one day. It is never changed: a correction of the same day is a new record with the next revision, which counts
 * from then on, so that what was stamped on an order still finds its rate.
 */
export const Rate = z.object({
  _id: z.string(),
  /** The workspace whose own rate it is, or ECB_SCOPE. */
  workspaceId: z.string(),
  base: Currency,
  quote: Currency,
  rate: RateText,
  source: RateSource,
  /** The day of publication, or for which it was typed. */
  day: PlainDate,
  /** From 1. */
  revision: z.int(),
  /** `base/quote`, and the same with the day: what look-ups ask by. */
  pair: z.string(),
  pairDay: z.string(),
  importedAtMs: z.number(),
  by: Actor,
});
export type Rate = z.infer<typeof Rate>;

/**
 * The rates of the ECB are the same for everybody and stand once, under this name in place of a workspace. Only the fetch writes there;
 * every workspace reads there after its own. No workspace can have this name: it could have no key, whose form allows letters, digits,
 * - and _ alone.
 */
export const ECB_SCOPE = '(ecb)';

export const pairOf = (base: string, quote: string): string => `${base}/${quote}`;
export const pairDayOf = (base: string, quote: string, day: string): string => `${base}/${quote} ${day}`;

/** The same rate of the same source and day has the same id however often it is met; ids sort by day. */
export const rateId = (
  workspaceId: string,
  { source, base, quote, day, revision }: Pick<Rate, 'source' | 'base' | 'quote' | 'day' | 'revision'>,
): string => `${ratesFrom(day)}${idOf('', workspaceId, source, base, quote, day, revision).slice(1)}`;

/** All ids of rates of `day` and later sort after this. */
export const ratesFrom = (day: PlainDate): string => `rt_${day}_`;

export interface QuotedRate {
  day: PlainDate;
  base: string;
  quote: string;
  rate: string;
}

/** True when both texts are the same number: `1.10` and `1.1`. */
export const sameRate = (a: string, b: string): boolean => {
  const [x, y] = [parseDecimal(a), parseDecimal(b)];
  return x.digits * 10n ** BigInt(y.scale) === y.digits * 10n ** BigInt(x.scale);
};

/** One step of a conversion, as it is stamped on what was converted: by multiplying, or when `inverse` by dividing. */
export const RateLeg = z.object({
  rateId: z.string(),
  source: RateSource,
  base: Currency,
  quote: Currency,
  rate: RateText,
  day: PlainDate,
  /** From the quote to the base. */
  inverse: z.boolean(),
});
export type RateLeg = z.infer<typeof RateLeg>;

export const legOf = ({ _id, source, base, quote, rate, day }: Rate, from: string): RateLeg => ({
  rateId: _id,
  source,
  base,
  quote,
  rate,
  day,
  inverse: from !== base,
});

/**
 * `amountMinor` of `from` in minor units of `to` over the steps of `legs`: exact throughout and rounded once at the end, half away from
 * zero. No legs are for one currency alone. Throws `bug` when the legs do not lead from `from` to `to`, `invalid` when the result is too
 * large for a number.
 */
export const convert = (amountMinor: number, from: string, to: string, legs: readonly RateLeg[]): number => {
  if (!Number.isSafeInteger(amountMinor))
    throw new Failure('invalid', `${amountMinor} is not a whole number of minor units`);
  let numerator = BigInt(amountMinor);
  let denominator = 1n;
  let at = from;
  for (const { base, quote, rate, inverse } of legs) {
    const [enters, leaves] = inverse ? [quote, base] : [base, quote];
    if (at !== enters) throw new Failure('bug', `a rate from ${enters} cannot convert ${at}`);
    const { digits, scale } = parseDecimal(rate);
    if (digits <= 0n) throw new Failure('bug', `the rate ${rate} of ${base} in ${quote} is not above zero`);
    const unit = 10n ** BigInt(scale);
    numerator *= inverse ? unit : digits;
    denominator *= inverse ? digits : unit;
    at = leaves;
  }
  if (at !== to) throw new Failure('bug', `the rates lead from ${from} to ${at}, not to ${to}`);
  numerator *= 10n ** BigInt(exponentOf(to));
  denominator *= 10n ** BigInt(exponentOf(from));
  return toSafeInteger(divideHalfAway(numerator, denominator));
};

/** Of several rates the one that counts: the newest day, then a workspace's own before the ECB's, then the one recorded last. */
export const countingRate = (rates: readonly Rate[]): Rate | null =>
  [...rates].sort(
    (a, b) =>
      (a.day === b.day ? 0 : a.day > b.day ? -1 : 1) ||
      Number(a.workspaceId === ECB_SCOPE) - Number(b.workspaceId === ECB_SCOPE) ||
      b.importedAtMs - a.importedAtMs ||
      Number(b.source === 'typed') - Number(a.source === 'typed') ||
      b.revision - a.revision ||
      (a._id < b._id ? -1 : 1),
  )[0] ?? null;

/**
 * The way from one currency to another over the rates given: the pair itself (in either direction), or two steps through EUR. The way
 * whose rates are newer counts, a cross being as old as its older step; of the same day the pair itself. `missing` is the currency
 * that has no step to the other and none to EUR.
 */
export const chooseLegs = (
  rates: readonly Rate[],
  from: string,
  to: string,
): { legs: readonly [RateLeg, ...RateLeg[]]; day: PlainDate } | { missing: string } => {
  const best = (a: string, b: string): Rate | null =>
    countingRate(
      rates.filter((rate) => (rate.base === a && rate.quote === b) || (rate.base === b && rate.quote === a)),
    );
  const direct = best(from, to);
  const single = (rate: Rate) => ({ legs: [legOf(rate, from)] as const, day: rate.day });
  if (from === 'EUR' || to === 'EUR') return direct ? single(direct) : { missing: from === 'EUR' ? to : from };
  const first = best(from, 'EUR');
  const second = best('EUR', to);
  if (!first || !second) return direct ? single(direct) : { missing: first ? to : from };
  const day = earliest(first.day, second.day);
  if (direct && direct.day >= day) return single(direct);
  return { legs: [legOf(first, from), legOf(second, 'EUR')], day };
};

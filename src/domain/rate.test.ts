import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemActor } from './actor.ts';
import { isFailure } from './failure.ts';
import { addDays, plainDate } from './plain-date.ts';
import { chooseLegs, convert, ECB_SCOPE, legOf, type Rate, type RateLeg, rateId, sameRate } from './rate.ts';

const DAY = plainDate('2026-11-27');

const rateOf = (base: string, quote: string, rate: string, given: Partial<Rate> = {}): Rate => {
  const { workspaceId = ECB_SCOPE, source = 'ecb', day = DAY, revision = 1 } = given;
  return {
    _id: rateId(workspaceId, { source, base, quote, day, revision }),
    workspaceId,
    base,
    quote,
    rate,
    source,
    day,
    revision,
    pair: `${base}/${quote}`,
    pairDay: `${base}/${quote} ${day}`,
    importedAtMs: 0,
    by: systemActor('test'),
    ...given,
  };
};
const own = (base: string, quote: string, rate: string, given: Partial<Rate> = {}): Rate =>
  rateOf(base, quote, rate, { workspaceId: 'ws', source: 'typed', ...given });
const leg = (base: string, quote: string, rate: string, inverse = false): RateLeg =>
  legOf(rateOf(base, quote, rate), inverse ? quote : base);

const CURRENCIES = ['EUR', 'USD', 'GBP', 'JPY', 'KWD', 'CLF', 'IDR'] as const;
const currency = fc.constantFrom(...CURRENCIES);
/** From 0.0001 to 99999.9999: what currencies are worth of each other. */
const rateText = fc
  .integer({ min: 1, max: 999_999_999 })
  .map((n) => `${Math.floor(n / 10_000)}.${String(n % 10_000).padStart(4, '0')}`)
  .filter((text) => /[1-9]/.test(text));
const amount = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });

/** A way between two currencies of one or two legs, each in either direction. */
const way = fc
  .record({
    from: currency,
    through: currency,
    to: currency,
    rates: fc.tuple(rateText, rateText),
    inverse: fc.tuple(fc.boolean(), fc.boolean()),
    isCross: fc.boolean(),
  })
  .filter(({ from, through, to, isCross }) => from !== to && (!isCross || (through !== from && through !== to)))
  .map(({ from, through, to, rates, inverse, isCross }) => {
    const step = (a: string, b: string, at: 0 | 1): RateLeg =>
      inverse[at] ? leg(b, a, rates[at], true) : leg(a, b, rates[at]);
    return { from, to, legs: isCross ? [step(from, through, 0), step(through, to, 1)] : [step(from, to, 0)] };
  });

/** Null where a number would not hold the result: of wild rates, wild amounts come. */
const converted = (...asked: Parameters<typeof convert>): number | null => {
  try {
    return convert(...asked);
  } catch (error) {
    if (isFailure(error, 'invalid') && error.message.includes('too large')) return null;
    throw error;
  }
};

describe('convert', () => {
  it('gives an amount of one currency back as it is', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), currency, (minor, code) => {
        expect(convert(minor, code, code, [])).toBe(minor);
      }),
    );
  });

  it('is odd and monotone, and gives whole minor units or a refusal', () => {
    fc.assert(
      fc.property(amount, amount, way, (a, b, { from, to, legs }) => {
        const [x, y] = [converted(a, from, to, legs), converted(b, from, to, legs)];
        if (x === null || y === null) return;
        expect(Number.isSafeInteger(x)).toBe(true);
        expect(convert(-a, from, to, legs) + x).toBe(0);
        if (a <= b) expect(x).toBeLessThanOrEqual(y);
      }),
    );
  });

  it('there and back differs by no more than one minor unit of each step', () => {
    fc.assert(
      fc.property(amount, way, (minor, { from, to, legs }) => {
        const back = legs.toReversed().map((one) => ({ ...one, inverse: !one.inverse }));
        const there = converted(minor, from, to, legs);
        // What a million minor units of the other currency are worth.
        const million = converted(1_000_000, to, from, back);
        if (there === null || million === null) return;
        const returned = convert(there, to, from, back);
        expect(Math.abs(returned - minor)).toBeLessThanOrEqual(1 + (million + 1) / 1_000_000);
      }),
    );
  });

  it('is what exact fractions give, rounded once, half away from zero', () => {
    fc.assert(
      fc.property(amount, rateText, rateText, (minor, a, b) => {
        const legs = [leg('EUR', 'USD', a, true), leg('EUR', 'GBP', b)];
        const scaled = (text: string) => BigInt(text.replace('.', ''));
        const [top, bottom] = [BigInt(Math.abs(minor)) * scaled(b), scaled(a)];
        const rounded = top / bottom + ((top % bottom) * 2n >= bottom ? 1n : 0n);
        const exact = minor < 0 ? -rounded : rounded;
        const fits = rounded <= BigInt(Number.MAX_SAFE_INTEGER);
        expect(converted(minor, 'USD', 'GBP', legs)).toBe(fits ? Number(exact) : null);
      }),
    );
  });

  it.each([
    // One euro is 162.75 yen: no decimals there.
    [100, 'EUR', 'JPY', [leg('EUR', 'JPY', '162.75')], 163],
    [163, 'JPY', 'EUR', [leg('EUR', 'JPY', '162.75', true)], 100],
    // Three decimals.
    [1_000, 'EUR', 'KWD', [leg('EUR', 'KWD', '0.33655')], 3_366],
    [3_366, 'KWD', 'JPY', [leg('EUR', 'KWD', '0.33655', true), leg('EUR', 'JPY', '162.75')], 1_628],
    [1, 'GBP', 'EUR', [leg('EUR', 'GBP', '2', true)], 1],
    [-1, 'GBP', 'EUR', [leg('EUR', 'GBP', '2', true)], -1],
    [9_007_199_254_740_991, 'EUR', 'USD', [leg('EUR', 'USD', '1.000000000000')], 9_007_199_254_740_991],
    [9_007_199_254_740_991, 'USD', 'EUR', [leg('EUR', 'USD', '3', true)], 3_002_399_751_580_330],
    [0, 'EUR', 'USD', [leg('EUR', 'USD', '1.1')], 0],
  ] as const)('%i %s in %s', (minor, from, to, legs, expected) => {
    expect(convert(minor, from, to, legs)).toBe(expected);
  });

  it('refuses legs that lead elsewhere, parts of a minor unit and results beyond a number', () => {
    expect(() => convert(1, 'GBP', 'EUR', [leg('EUR', 'USD', '1.1')])).toThrow(/cannot convert GBP/);
    expect(() => convert(1, 'EUR', 'GBP', [leg('EUR', 'USD', '1.1')])).toThrow(/lead from EUR to USD/);
    expect(() => convert(1, 'EUR', 'GBP', [])).toThrow(/lead from EUR to EUR/);
    expect(() => convert(1.5, 'EUR', 'USD', [leg('EUR', 'USD', '1.1')])).toThrow(/whole number/);
    expect(() => convert(Number.NaN, 'EUR', 'EUR', [])).toThrow(/whole number/);
    expect(() => convert(Number.MAX_SAFE_INTEGER, 'EUR', 'IDR', [leg('EUR', 'IDR', '17000')])).toThrow(/too large/);
  });
});

describe('the rates that count', () => {
  const chosen = (rates: readonly Rate[], from: string, to: string) => {
    const found = chooseLegs(rates, from, to);
    return 'legs' in found
      ? found.legs.map((one) => `${one.base}/${one.quote} ${one.rate}${one.inverse ? '⁻¹' : ''}`)
      : found;
  };
  const ecb = [rateOf('EUR', 'USD', '1.1'), rateOf('EUR', 'GBP', '0.86')];

  it('lead through EUR, with both legs kept', () => {
    expect(chosen(ecb, 'USD', 'GBP')).toEqual(['EUR/USD 1.1⁻¹', 'EUR/GBP 0.86']);
    expect(chosen(ecb, 'EUR', 'GBP')).toEqual(['EUR/GBP 0.86']);
    expect(chosen(ecb, 'GBP', 'EUR')).toEqual(['EUR/GBP 0.86⁻¹']);
  });

  it('name the currency without one', () => {
    expect(chosen(ecb, 'USD', 'TWD')).toEqual({ missing: 'TWD' });
    expect(chosen(ecb, 'TWD', 'USD')).toEqual({ missing: 'TWD' });
    expect(chosen(ecb, 'EUR', 'VND')).toEqual({ missing: 'VND' });
    expect(chosen(ecb, 'VND', 'EUR')).toEqual({ missing: 'VND' });
  });

  it('are the pair’s own before a cross of the same day or older, and the cross when it is newer', () => {
    expect(chosen([...ecb, own('GBP', 'USD', '1.3')], 'USD', 'GBP')).toEqual(['GBP/USD 1.3⁻¹']);
    const older = own('GBP', 'USD', '1.3', { day: addDays(DAY, -1) });
    expect(chosen([...ecb, older], 'USD', 'GBP')).toEqual(['EUR/USD 1.1⁻¹', 'EUR/GBP 0.86']);
    // A cross is as old as its older leg.
    const [usd, gbp] = [rateOf('EUR', 'USD', '1.1'), rateOf('EUR', 'GBP', '0.86', { day: addDays(DAY, -1) })];
    expect(chosen([usd, gbp, older], 'USD', 'GBP')).toEqual(['GBP/USD 1.3⁻¹']);
  });

  it('are the workspace’s own for their day, then the ECB’s of the next', () => {
    const typed = own('EUR', 'USD', '1.2', { day: addDays(DAY, -1) });
    const before = rateOf('EUR', 'USD', '1.09', { day: addDays(DAY, -1) });
    expect(chosen([before, typed], 'EUR', 'USD')).toEqual(['EUR/USD 1.2']);
    expect(chosen([before, typed, ...ecb], 'EUR', 'USD')).toEqual(['EUR/USD 1.1']);
  });

  it('are the one recorded last, in either direction', () => {
    const rates = [
      own('EUR', 'USD', '1.2', { importedAtMs: 5 }),
      own('EUR', 'USD', '1.3', { importedAtMs: 6, revision: 2 }),
      own('USD', 'EUR', '0.7', { importedAtMs: 7 }),
      own('EUR', 'USD', '1.4', { importedAtMs: 4, source: 'import' }),
    ];
    expect(chosen(rates, 'EUR', 'USD')).toEqual(['USD/EUR 0.7⁻¹']);
    expect(chosen(rates.slice(0, 2), 'EUR', 'USD')).toEqual(['EUR/USD 1.3']);
  });

  it('do not depend on the order in which they are given', () => {
    const all = [...ecb, own('EUR', 'USD', '1.2'), own('GBP', 'USD', '1.3'), own('USD', 'GBP', '0.8', { revision: 2 })];
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
        expect(chosen(shuffled, 'USD', 'GBP')).toEqual(chosen(all, 'USD', 'GBP'));
      }),
    );
  });
});

describe('a rate', () => {
  it('has an id that follows from what it is and sorts by its day', () => {
    const given = { source: 'ecb', base: 'EUR', quote: 'USD', day: DAY, revision: 1 } as const;
    expect(rateId('a', given)).toBe(rateId('a', { ...given }));
    const others = [
      rateId('b', given),
      rateId('a', { ...given, source: 'typed' }),
      rateId('a', { ...given, quote: 'GBP' }),
      rateId('a', { ...given, day: addDays(DAY, 1) }),
      rateId('a', { ...given, revision: 2 }),
    ];
    expect(new Set([rateId('a', given), ...others]).size).toBe(6);
    expect(rateId('z', given) < rateId('a', { ...given, day: addDays(DAY, 1) })).toBe(true);
  });

  it('is the same number however it is written', () => {
    expect(sameRate('1.10', '1.1')).toBe(true);
    expect(sameRate('0.9634', '0.96340')).toBe(true);
    expect(sameRate('1.1', '1.11')).toBe(false);
  });
});

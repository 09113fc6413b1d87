import { z } from 'zod';
import { Exact, exact } from '../decimal.ts';
import { invalid, readUnder } from '../read-input.ts';
import type { Notice } from '../rule.ts';

/** Decimal text as `exact` reads it: up to 18 digits before the point and 12 after. */
export const FigureText = z.string().max(32, 'a decimal number such as 12.5');

const Shares = z.array(FigureText).min(1, 'names no share').max(10_000, 'names too many shares');

/** Published shares are rounded, so their sum may differ from 100 by this much. */
const ROUNDING_OF_SHARES = '0.5';

/**
 * Concentration of a market: the sum of the squared shares in per cent: 40, 30, 20, 10 → 3000; one supplier is 10000.
 * If the shares leave out more than half a point of the market, returns the minimum possible value and a notice.
 */
export const concentration = (shares: readonly string[]): { hhi: string; notices: readonly Notice[] } => {
  const values = readUnder('shares', Shares, shares).map((share, index) =>
    exact(share, `shares.${index}`, { max: '100' }),
  );
  const sum = values.reduce((total, value) => total.plus(value), new Exact(0));
  if (sum.gt(new Exact(100).plus(ROUNDING_OF_SHARES)))
    throw invalid('shares', `sum to ${sum.toFixed()} per cent, more than the market`);
  const rest = new Exact(100).minus(sum);
  const notices: Notice[] = rest.gt(ROUNDING_OF_SHARES)
    ? [
        {
          code: 'advice',
          rule: 'market.concentration',
          message: `The shares leave out ${rest.toFixed()} per cent of the market; its concentration is at least this`,
        },
      ]
    : [];
  const hhi = values.reduce((total, value) => total.plus(value.times(value)), new Exact(0));
  return { hhi: hhi.toFixed(), notices };
};

/** Decimals of a growth rate. */
const RATE_DECIMALS = 10;
const MAX_FACTOR = '1000000000000';
/** In years. Growth over a few days, scaled to a year, is no basis for a decision. */
const PERIOD = { shortest: '0.01', longest: '1000' };

/**
 * Compound annual growth, (to/from)^(1/years) − 1, as a rate: 100 → 146.41 in 4 years is 0.1. Growth from zero is
 * undefined.
 */
export const annualGrowth = (growth: { from: string; to: string; years: string }): string => {
  const from = exact(growth.from, 'from', { zero: false });
  const to = exact(growth.to, 'to');
  const years = exact(growth.years, 'years', { zero: false, max: PERIOD.longest });
  if (years.lt(PERIOD.shortest)) throw invalid('years', 'too short a time for a growth a year');
  const factor = to.isZero() ? new Exact(0) : to.div(from).pow(new Exact(1).div(years));
  if (factor.gt(MAX_FACTOR)) throw invalid('to', 'has grown beyond any market; check the two figures and the years');
  return factor.minus(1).toDecimalPlaces(RATE_DECIMALS).toFixed();
};

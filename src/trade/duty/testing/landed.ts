import { isFailure } from '#domain/failure.ts';
import { plainDate } from '../../plain-date.ts';
import type { ConsignmentInput } from '../consignment.ts';
import { type LandedCost, landedCost } from '../landed-cost.ts';

export type Line = ConsignmentInput['lines'][number];

/** A line of T-shirts worth `value`. */
export const line = (value: string, rest: Partial<Line> = {}): Line => ({
  hs: '610910',
  quantity: 1,
  value,
  ...rest,
});

const CURRENCY = {
  EU: 'EUR',
  GB: 'GBP',
  US: 'USD',
  CA: 'CAD',
  AU: 'AUD',
  NZ: 'NZD',
  CH: 'CHF',
  NO: 'NOK',
  JP: 'JPY',
  BR: 'USD',
  MX: 'USD',
} as const;

/** The landed cost of `lines` on a day in the market's currency; for the EU, to Germany. */
export const cost = (
  jurisdiction: ConsignmentInput['jurisdiction'],
  on: string,
  lines: Line[],
  rest: Partial<ConsignmentInput> = {},
): LandedCost =>
  landedCost(
    {
      jurisdiction,
      country: jurisdiction === 'EU' ? 'DE' : jurisdiction,
      lines,
      currency: CURRENCY[jurisdiction],
      ...rest,
    },
    { on: plainDate(on), today: plainDate('2026-11-24') },
  );

export const totals = (...of: Parameters<typeof cost>) => cost(...of).totals;

/** Code and message of the failure that `ask` throws. */
export const why = (ask: () => unknown): string => {
  try {
    ask();
    return 'no failure';
  } catch (error) {
    return isFailure(error) ? `${error.code}: ${error.message}` : String(error);
  }
};

/** Code and rule of each notice. */
export const codes = ({ notices }: LandedCost) => notices.map(({ code, rule }) => `${code} ${rule}`);

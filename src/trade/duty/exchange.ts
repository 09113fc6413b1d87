import type { Exact } from '../decimal.ts';
import { invalid } from '../read-input.ts';
import type { ExchangeRate } from './consignment.ts';

/** Converts `amount` to another currency, unrounded. Throws `invalid` if the caller gave no rate for the pair. */
export type Exchange = (amount: Exact, from: string, to: string) => Exact;

/** Converts with the given pairs only, in both directions. No cross rates. Each pair may be given once. */
export const exchangeWith = (rates: readonly ExchangeRate[]): Exchange => {
  const pairs = new Set<string>();
  for (const [index, { from, to }] of rates.entries()) {
    const pair = [from, to].sort().join(' ');
    if (from === to || pairs.has(pair))
      throw invalid(`fx.${index}`, from === to ? 'is a rate of a currency to itself' : `gives ${pair} a second time`);
    pairs.add(pair);
  }
  return (amount, from, to) => {
    if (from === to) return amount;
    const forward = rates.find((pair) => pair.from === from && pair.to === to);
    if (forward) return amount.times(forward.rate);
    const backward = rates.find((pair) => pair.from === to && pair.to === from);
    if (backward) return amount.div(backward.rate);
    throw invalid('fx', `the rate from ${from} to ${to} is needed; hand it in with its source`);
  };
};

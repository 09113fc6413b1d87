import { Failure } from '#domain/failure.ts';
import { Exact } from '../decimal.ts';
import type { ExchangeRate } from './consignment.ts';

/** `amount` of one currency in another, not rounded; throws `invalid` when the pair was not handed in. */
export type Exchange = (amount: Exact, from: string, to: string) => Exact;

const missingPair = (from: string, to: string): Failure =>
  new Failure('invalid', `fx: the rate from ${from} to ${to} is needed; hand it in with its source`, {
    safe: { field: 'fx', reason: `the rate from ${from} to ${to} is needed` },
  });

/** An exchange that knows the pairs handed in, in both directions, and no other: no cross rates. */
export const exchangeWith = (rates: readonly ExchangeRate[]): Exchange => {
  for (const [index, { rate }] of rates.entries())
    if (new Exact(rate).isZero())
      throw new Failure('invalid', `fx.${index}.rate: is zero`, {
        safe: { field: `fx.${index}.rate`, reason: 'is zero' },
      });
  return (amount, from, to) => {
    if (from === to) return amount;
    const forward = rates.find((pair) => pair.from === from && pair.to === to);
    if (forward) return amount.times(forward.rate);
    const backward = rates.find((pair) => pair.from === to && pair.to === from);
    if (backward) return amount.div(backward.rate);
    throw missingPair(from, to);
  };
};

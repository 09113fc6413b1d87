import { Failure } from '#domain/failure.ts';
import { convert, type RateLeg } from '#domain/rate.ts';
import type { Ports } from '../ports.ts';
import { findRate } from './find.ts';

export interface Converted {
  from: { amount: number; currency: string };
  to: { amount: number; currency: string };
  /** Of the oldest rate used; null between a currency and itself. */
  rateDay: string | null;
  legs: readonly RateLeg[];
}

/** An amount at the rate of a day, with the rates used. Throws `no_row` (422) that names the currency without one and its last day. */
export const convertMoney = async (
  ports: Pick<Ports, 'store' | 'rates'>,
  {
    workspaceId,
    amount,
    from,
    to,
    day,
  }: { workspaceId: string; amount: number; from: string; to: string; day: string },
): Promise<Converted> => {
  const found = await findRate(ports, { workspaceId, from, to, day });
  if (found.kind === 'none') throw noRate(found, day, ports.rates.maxAgeDays);
  const legs = found.kind === 'same' ? [] : found.legs;
  return {
    from: { amount, currency: from },
    to: { amount: convert(amount, from, to, legs), currency: to },
    rateDay: found.kind === 'same' ? null : found.day,
    legs,
  };
};

/** What is said when there is no rate. */
export const noRate = (
  { missing, lastDay }: { missing: string; lastDay: string | null },
  day: string,
  maxAgeDays: number,
): Failure =>
  new Failure(
    'no_row',
    lastDay === null
      ? `There is no rate on file for ${missing} on or before ${day}: import or type one.`
      : `There is no rate on file for ${missing} of ${day} or the ${maxAgeDays} days before it: the last is of ${lastDay}. Fetch, import or type a newer one.`,
    { safe: { missing, lastDay } },
  );

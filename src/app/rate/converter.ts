import { Failure } from '#domain/failure.ts';
import type { Edit } from '#domain/move.ts';
import type { Order } from '#domain/order.ts';
import { dayOf } from '#domain/plain-date.ts';
import { convert, type RateLeg } from '#domain/rate.ts';
import { changeOrder } from '../change.ts';
import type { Ports } from '../ports.ts';
import { findRate } from './find.ts';

/** Minor units of one currency as minor units of another. Throws `no_row` where no rate is on file. */
export type Convert = (minor: number, from: string, to: string) => number;

/** Converts by the rates that are stamped on the order. The same currency needs none. */
export const converterFor =
  (order: Pick<Order, 'rates'> | null): Convert =>
  (minor, from, to) => {
    if (from === to) return minor;
    const stamped = order?.rates.find((rate) => rate.from === from && rate.to === to);
    if (!stamped)
      throw new Failure('no_row', `No exchange rate from ${from} to ${to} is on file.`, { safe: { from, to } });
    return convert(minor, from, to, stamped.legs);
  };

/**
 * The order with the rates of these pairs stamped on it: of each the last one published on or before the order's day. What is stamped
 * stays, whatever is corrected later. A pair without a rate is left out; who needs it is told by the converter.
 */
export const stampRates = async (
  ports: Ports,
  order: Order,
  pairs: readonly (readonly [from: string, to: string])[],
): Promise<Order> => {
  const open = pairs.filter(
    ([from, to], index) =>
      from !== to &&
      !order.rates.some((rate) => rate.from === from && rate.to === to) &&
      pairs.findIndex(([f, t]) => f === from && t === to) === index,
  );
  if (open.length === 0) return order;
  const day = dayOf(order.placedAtMs);
  const found: { from: string; to: string; day: string; legs: RateLeg[] }[] = [];
  for (const [from, to] of open) {
    const rate = await findRate(ports, { workspaceId: order.workspaceId, from, to, day });
    if (rate.kind === 'found') found.push({ from, to, day: rate.day, legs: [...rate.legs] });
  }
  if (found.length === 0) return order;
  return changeOrder(
    ports,
    order.workspaceId,
    order._id,
    (current): Edit<Order> | null => {
      const fresh = found.filter((rate) => !current.rates.some(({ from, to }) => from === rate.from && to === rate.to));
      return fresh.length === 0 ? null : { rates: [...current.rates, ...fresh] };
    },
    order,
  );
};

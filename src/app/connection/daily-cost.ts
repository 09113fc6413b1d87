import type { Leg } from '#domain/leg.ts';
import { extend } from '#domain/money.ts';

const DAY_MS = 86_400_000;
export const WINDOW_DAYS = 7;

const NOT_BOUGHT: ReadonlySet<Leg['state']> = new Set(['planned', 'awaiting', 'rejected', 'cancelled']);

/**
 * What a day of purchases at a supplier has cost in one currency, on the mean of the last seven days; postage is not in it. `legs` are
 * the newest of the workspace. Where `complete` is false there are older ones, and the mean is of the time that they cover.
 */
export const dailyCost = (
  legs: readonly Leg[],
  given: { partner: string; currency: string; nowMs: number; complete: boolean },
): number => {
  const { partner, currency, nowMs, complete } = given;
  const oldest = legs.reduce((least, { createdAtMs }) => Math.min(least, createdAtMs), nowMs);
  const covered = (nowMs - oldest) / DAY_MS;
  const days = complete ? WINDOW_DAYS : Math.min(WINDOW_DAYS, Math.max(covered, 1 / 24));
  const cost = legs
    .filter((leg) => leg.kind === 'purchase' && leg.partner === partner && leg.costCurrency === currency)
    .filter((leg) => !NOT_BOUGHT.has(leg.state) && leg.createdAtMs > nowMs - WINDOW_DAYS * DAY_MS)
    .flatMap(({ lines }) => lines)
    .reduce((sum, line) => sum + extend(line.unitCost, line.quantity - line.cancelled, currency), 0);
  return Math.ceil(cost / days);
};

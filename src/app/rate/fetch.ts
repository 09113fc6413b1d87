import type { Actor } from '#domain/actor.ts';
import { toFailure } from '#domain/failure.ts';
import { addDays, dayOf, daysBetween, type PlainDate } from '#domain/plain-date.ts';
import { ECB_SCOPE } from '#domain/rate.ts';
import { expectedRateDay, nextFetchAt, targetDayBefore } from '#domain/target-days.ts';
import { quotedInEuro, readEcbRates } from '#trade/fx/rate-file.ts';
import { workspacePages } from '../every-page.ts';
import type { EcbFile, Ports } from '../ports.ts';
import { newestRateDay } from './find.ts';
import { noticeStaleRates } from './notices.ts';
import { storeRates } from './put.ts';

/** After a failed fetch, and while the ECB is late. */
export const RETRY_MS = 30 * 60_000;
/** The ECB's file of 90 days reaches this far back for certain. */
const RECENT_DAYS = 85;
/** Days before the newest on file that are compared again: a correction comes soon or never. */
const OVERLAP_DAYS = 7;

export interface FetchedRates {
  /** `late`: the ECB answered, and the day that is due is not there yet. */
  kind: 'off' | 'fresh' | 'fetched' | 'late' | 'failed';
  newestDay: PlainDate | null;
  stored: number;
  /** Why it failed; empty otherwise. */
  reason: string;
  /** When to call again. */
  nextAtMs: number;
}

/** The smallest file that leaves no gap after the newest day on file. */
const fileFor = (newest: PlainDate | null, expected: PlainDate): EcbFile => {
  if (newest === null) return '90_days';
  if (newest >= targetDayBefore(expected)) return 'daily';
  return daysBetween(newest, expected) <= RECENT_DAYS ? '90_days' : 'all';
};

const fetchDue = async (ports: Ports, actor: Actor): Promise<FetchedRates> => {
  const { rates, clock } = ports;
  const now = clock.now();
  const before = await newestRateDay(ports, ECB_SCOPE);
  if (rates.source === 'off')
    return { kind: 'off', newestDay: before, stored: 0, reason: '', nextAtMs: nextFetchAt(now) };
  const expected = expectedRateDay(now);
  if (before !== null && before >= expected)
    return { kind: 'fresh', newestDay: before, stored: 0, reason: '', nextAtMs: nextFetchAt(now) };
  try {
    const days = readEcbRates(await rates.read(fileFor(before, expected)), dayOf(now));
    const wanted = days.filter(({ day }) => before === null || day >= addDays(before, -OVERLAP_DAYS));
    const { stored } = await storeRates(ports, { workspaceId: ECB_SCOPE, source: 'ecb' }, quotedInEuro(wanted), actor);
    const newestDay = await newestRateDay(ports, ECB_SCOPE);
    const isThere = newestDay !== null && newestDay >= expected;
    return {
      kind: isThere ? 'fetched' : 'late',
      newestDay,
      stored,
      reason: '',
      nextAtMs: isThere ? nextFetchAt(clock.now()) : clock.now() + RETRY_MS,
    };
  } catch (error) {
    const failure = toFailure(error);
    if (failure.code === 'bug') throw error;
    ports.log.warn({ reason: failure.message, newestDay: before }, 'rates.fetch_failed');
    return {
      kind: 'failed',
      newestDay: before,
      stored: 0,
      reason: failure.message,
      nextAtMs: clock.now() + RETRY_MS,
    };
  }
};

/**
 * Fetches the ECB's rates when a day is due that is not on file, with every day that was missed, and says when to call again. Asks the
 * ECB nothing when nothing is due, and writes nothing twice: it may be called at any time by anybody. A fetch that fails is no error but
 * an answer; the next call is half an hour later. Afterwards every workspace whose rates are old has its notice, and no other.
 */
export const fetchRates = async (
  ports: Ports,
  actor: Actor,
  _input: Readonly<Record<string, never>> = {},
): Promise<FetchedRates> => {
  const fetched = await fetchDue(ports, actor);
  for await (const page of workspacePages(ports.store))
    for (const { _id: workspaceId } of page) await noticeStaleRates(ports, actor, { workspaceId });
  return fetched;
};

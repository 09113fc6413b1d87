import { get } from 'node:http';
import { createInterface } from 'node:readline';
import type { Clock } from '#domain/clock.ts';
import { Failure } from '#domain/failure.ts';
import { clockWaiters } from './clock-waiters.ts';

export { makeWorldClock, serveClock, type WorldClock } from './world-clock.ts';

/** How long the clock keeps running without a tick, in real milliseconds. */
const MAX_WITHOUT_TICK_MS = 100;

export interface FollowOptions {
  /** Real time between attempts to connect. Default 250. */
  retryMs?: number;
  /** Real time to wait for the first tick. Default 10,000. */
  firstTickTimeoutMs?: number;
}

/**
 * A clock that another process moves: `url` streams newline-delimited `{"nowMs":…,"rate":…}`. Never goes backwards and
 * never runs more than 100 ms (times the rate) past the last tick: without a connection it stops and reconnects.
 * Resolves at the first tick; throws `unavailable` if none arrives in time.
 */
export const followClock = async (
  url: string,
  { retryMs = 250, firstTickTimeoutMs = 10_000 }: FollowOptions = {},
): Promise<Clock & { close(): void }> => {
  const waiters = clockWaiters();
  const ended = new AbortController();
  let last = { nowMs: 0, rate: 0, realMs: 0 };
  let shown = 0;
  let connected = false;

  const now = (): number => {
    const blind = connected ? Math.min(MAX_WITHOUT_TICK_MS, performance.now() - last.realMs) : 0;
    shown = Math.max(shown, last.nowMs + blind * last.rate);
    return shown;
  };

  const first = Promise.withResolvers<void>();
  const onLine = (line: string): void => {
    const tick = readTick(line);
    if (!tick) return;
    connected = true;
    last = { ...tick, realMs: performance.now() };
    waiters.wake(now());
    first.resolve();
  };

  let retry: NodeJS.Timeout | undefined;
  const connect = (): void => {
    const request = get(url, { agent: false, signal: ended.signal });
    request.once('response', (response) => {
      // The request's close event follows the stream's error and reconnects.
      response.on('error', () => {});
      createInterface({ input: response })
        .on('line', onLine)
        .on('error', () => {});
    });
    request.on('error', () => {});
    request.once('close', () => {
      // Keep the time reached so far: a time that was returned cannot be taken back.
      now();
      connected = false;
      if (!ended.signal.aborted) retry = setTimeout(connect, retryMs);
    });
  };
  const close = (): void => {
    ended.abort();
    clearTimeout(retry);
    waiters.reject(new Error('The clock was closed'));
  };

  connect();
  const tooLate = setTimeout(
    () => first.reject(new Failure('unavailable', `No clock answers at ${url} (CLOCK_URL)`)),
    firstTickTimeoutMs,
  );
  try {
    await first.promise;
  } catch (error) {
    close();
    throw error;
  } finally {
    clearTimeout(tooLate);
  }

  return {
    now,
    wait: (ms, signal) => waiters.until(now() + ms, now(), signal),
    // The last known rate, also while the connection is lost: timers outside should fire early rather than never.
    rate: () => last.rate,
    close,
  };
};

const readTick = (line: string): { nowMs: number; rate: number } | null => {
  try {
    const tick: unknown = JSON.parse(line);
    if (typeof tick !== 'object' || tick === null || !('nowMs' in tick) || !('rate' in tick)) return null;
    const { nowMs, rate } = tick;
    return typeof nowMs === 'number' && typeof rate === 'number' ? { nowMs, rate } : null;
  } catch {
    // The incomplete last line of a connection that was cut.
    return null;
  }
};

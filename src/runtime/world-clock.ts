import { createServer, type ServerResponse } from 'node:http';
import type { Clock } from '#domain/clock.ts';
import { clockWaiters } from './clock-waiters.ts';

const TICK_MS = 10;

/** What `serveClock` publishes: a time, and how many clock milliseconds pass per real millisecond. */
export interface ClockSource {
  now(): number;
  rate(): number;
}

/**
 * Streams the source to every client, on loopback: newline-delimited `{"nowMs":…,"rate":…}`, at once and then every 10
 * ms. `onTick` runs before each. A slow reader misses ticks but always gets the latest.
 */
export const serveClock = async (
  source: ClockSource,
  options: { port?: number; onTick?(): void } = {},
): Promise<{ url: string; close(): Promise<void> }> => {
  const readers = new Set<ServerResponse>();
  const line = (): string => `${JSON.stringify({ nowMs: source.now(), rate: source.rate() })}\n`;
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
    response.write(line());
    readers.add(response);
    response.once('close', () => readers.delete(response));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const timer = setInterval(() => {
    options.onTick?.();
    const text = line();
    for (const reader of readers) if (!reader.writableNeedDrain) reader.write(text);
  }, TICK_MS);
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    close: () =>
      new Promise((resolve) => {
        clearInterval(timer);
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

export interface WorldClock {
  clock: Clock;
  /** The URL for other processes: see `followClock`. */
  url: string;
  /** Clock milliseconds per real millisecond; 0 stops the clock. */
  setRate(rate: number): void;
  /** Jumps to this time, never backwards, and wakes all waiters that are due. */
  advanceTo(ms: number): void;
  close(): Promise<void>;
}

/** A clock for a simulated world. It runs at any rate, and other processes can follow it over HTTP. */
export const makeWorldClock = async (options: {
  startMs: number;
  rate?: number;
  port?: number;
}): Promise<WorldClock> => {
  const waiters = clockWaiters();
  let rate = options.rate ?? 1;
  let base = { clockMs: options.startMs, realMs: performance.now() };
  const now = (): number => base.clockMs + (performance.now() - base.realMs) * rate;
  const served = await serveClock(
    { now, rate: () => rate },
    options.port === undefined
      ? { onTick: () => waiters.wake(now()) }
      : { port: options.port, onTick: () => waiters.wake(now()) },
  );
  return {
    clock: {
      now,
      wait: (ms, signal) => waiters.until(now() + ms, now(), signal),
      rate: () => rate,
    },
    url: served.url,
    setRate(next) {
      base = { clockMs: now(), realMs: performance.now() };
      rate = Math.max(0, next);
    },
    advanceTo(ms) {
      base = { clockMs: Math.max(ms, now()), realMs: performance.now() };
      waiters.wake(now());
    },
    async close() {
      await served.close();
      waiters.reject(new Error('The clock was closed'));
    },
  };
};

/**
 * Time as a port. All code that reads the time or waits takes a Clock. Rate limiters, schedules and sandboxes then
 * share one, and months of history run in virtual time under the vendors' real limits.
 */
export interface Clock {
  /** Milliseconds since the epoch in this clock's time. Never goes backwards. */
  now(): number;
  /** Resolves once `now()` has advanced by `ms` of this clock's time, or rejects when `signal` aborts. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * Current speed: milliseconds of this clock per real millisecond. Used for timers outside the process, such as a
   * queue's delay.
   */
  rate(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  rate: () => 1,
  wait: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', stop);
        resolve();
      }, ms);
      const stop = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', stop, { once: true });
    }),
};

export interface ManualClock extends Clock {
  advance(ms: number): void;
}

/** A clock that only `advance` moves. Waiters wake in the order of their due times. */
export const manualClock = (start = Date.UTC(2026, 0, 5, 9)): ManualClock => {
  let now = start;
  let waiters: { at: number; wake: () => void }[] = [];
  return {
    now: () => now,
    rate: () => 1,
    wait: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        if (ms <= 0) return resolve();
        const waiter = { at: now + ms, wake: resolve };
        waiters.push(waiter);
        signal?.addEventListener(
          'abort',
          () => {
            waiters = waiters.filter((w) => w !== waiter);
            reject(signal.reason);
          },
          { once: true },
        );
      }),
    advance(ms) {
      now += ms;
      const due = waiters.filter((w) => w.at <= now).sort((a, b) => a.at - b.at);
      waiters = waiters.filter((w) => w.at > now);
      for (const waiter of due) waiter.wake();
    },
  };
};

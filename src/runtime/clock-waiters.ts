/** The waiters of a clock that something else moves. */
export interface ClockWaiters {
  until(atMs: number, nowMs: number, signal?: AbortSignal): Promise<void>;
  /** Wakes everyone who is due, in order of due time. */
  wake(nowMs: number): void;
  /** Rejects all remaining waits. */
  reject(reason: Error): void;
}

export const clockWaiters = (): ClockWaiters => {
  const waiting = new Set<{ at: number; resolve(): void; reject(reason: unknown): void }>();
  return {
    until: (at, nowMs, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        if (at <= nowMs) return resolve();
        const leave = (): void => {
          waiting.delete(waiter);
          signal?.removeEventListener('abort', abort);
        };
        const waiter = {
          at,
          resolve() {
            leave();
            resolve();
          },
          reject(reason: unknown) {
            leave();
            reject(reason);
          },
        };
        const abort = (): void => waiter.reject(signal?.reason);
        waiting.add(waiter);
        signal?.addEventListener('abort', abort, { once: true });
      }),
    wake(nowMs) {
      const due = [...waiting].filter((waiter) => waiter.at <= nowMs).sort((a, b) => a.at - b.at);
      for (const waiter of due) waiter.resolve();
    },
    reject(reason) {
      for (const waiter of [...waiting]) waiter.reject(reason);
    },
  };
};

/**
 * How often and how far apart a step is retried if its failure's row says `backoff`. Waits have full jitter: random(0,
 * min(capMs, baseMs × 2^n)), in clock time. Source: AWS Architecture Blog, “Exponential Backoff And Jitter”, read
 * 2026-11-24.
 */
export const RETRY = {
  /** Reads and guarded writes at a vendor: retried for about a day. */
  vendor: { attempts: 20, baseMs: 1_000, capMs: 2 * 3_600_000 },
  /** Steps that only use our own database. */
  own: { attempts: 10, baseMs: 200, capMs: 30_000 },
} as const satisfies Record<string, { attempts: number; baseMs: number; capMs: number }>;
export type RetryName = keyof typeof RETRY;

/** Postponing a step at the vendor's request (`later`) uses no attempt. After this total time a person is asked. */
export const LATER_BUDGET_MS = 24 * 3_600_000;

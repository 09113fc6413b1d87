/**
 * How often and how far apart a step is tried again when its failure's row says `backoff`. Waits are full jitter:
 * random(0, min(capMs, baseMs × 2^n)), in clock time. Source: AWS Architecture Blog, “Exponential Backoff And Jitter”, read 2026-11-24.
 */
export const RETRY = {
  /** Reads and guarded writes at a vendor: for about a day. */
  vendor: { attempts: 20, baseMs: 1_000, capMs: 2 * 3_600_000 },
  /** Steps that touch our own database alone. */
  own: { attempts: 10, baseMs: 200, capMs: 30_000 },
} as const satisfies Record<string, { attempts: number; baseMs: number; capMs: number }>;
export type RetryName = keyof typeof RETRY;

/** A step put off by the vendor (`later`) costs no attempt, but may wait this long in all before a person is asked. */
export const LATER_BUDGET_MS = 24 * 3_600_000;

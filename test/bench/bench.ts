import { randomUUID } from 'node:crypto';
import type { Interval } from './stats.ts';

/** What a row is given: the servers that both sides share, and a place for what it starts. */
export interface Bench {
  quick: boolean;
  folder: string;
  redisUrl: string;
  mongodbUri: string;
  /** Where CPU profiles of the product's processes go; null: none. */
  profiles: string | null;
  signal: AbortSignal;
  say(line: string): void;
  /** Undone in reverse order when the row ends, however it ends. */
  onStop(undo: () => Promise<unknown>): void;
}

export interface Row {
  id: string;
  title: string;
  ratio?: number;
  value?: number;
  low: number;
  high: number;
  unit: string;
  ours: number;
  /** Null where nothing stands beside it. */
  baseline: number | null;
  /** Pairs that count; for a value, how often it was measured. */
  pairs: number;
  delivered: boolean;
  /** What was lost or doubled, in words; empty when delivered. */
  missing: readonly string[];
  /** What the interval is, and whatever a reader has to know. */
  notes: readonly string[];
  [extra: string]: unknown;
}

export const AIMS: Readonly<Record<string, { at: number; better: 'more' | 'less' }>> = {
  a: { at: 0.35, better: 'more' },
  a2: { at: 100, better: 'less' },
  b: { at: 0.8, better: 'more' },
  g: { at: 5, better: 'less' },
  t: { at: 5, better: 'less' },
  t2: { at: 50, better: 'less' },
};

/** A database of one's own on the shared server. */
export const databaseFor = ({ mongodbUri }: Bench, name: string): string => {
  const url = new URL(mongodbUri);
  url.pathname = `/bench_${name}_${randomUUID().slice(0, 8)}`;
  return url.toString();
};

export const prefixFor = (name: string): string => `bench-${name}-${randomUUID().slice(0, 8)}`;

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until `ask` says yes; false when it has not after `limitMs`. */
export const becomes = async (
  { signal }: Pick<Bench, 'signal'>,
  ask: () => boolean | Promise<boolean>,
  limitMs: number,
  everyMs = 10,
): Promise<boolean> => {
  const until = performance.now() + limitMs;
  while (!(await ask())) {
    signal.throwIfAborted();
    if (performance.now() > until) return false;
    await pause(everyMs);
  }
  return true;
};

/** The interval in words. */
export const wordsOf = ({ coverage }: Interval, how: string): string =>
  `interval: ${how}, ${(coverage * 100).toFixed(0)} %${coverage < 0.95 ? ' (too few pairs for 95 %)' : ''}`;

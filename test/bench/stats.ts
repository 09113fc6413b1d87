import { seeded } from '#kit/sandbox';

const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);
const at = (ordered: readonly number[], index: number): number => ordered[index] ?? Number.NaN;

export const median = (values: readonly number[]): number => {
  const ordered = sorted(values);
  const half = Math.floor(ordered.length / 2);
  return ordered.length % 2 === 1 ? at(ordered, half) : (at(ordered, half - 1) + at(ordered, half)) / 2;
};

/** Nearest rank. */
export const percentile = (values: readonly number[], share: number): number => {
  const ordered = sorted(values);
  return at(ordered, Math.max(0, Math.ceil(share * ordered.length) - 1));
};

export interface Interval {
  low: number;
  high: number;
  /** How sure the interval is, from 0 to 1. */
  coverage: number;
}

/** How sure it is that the median lies between the k-th smallest and the k-th largest of n values (k from 0). */
const coverageOf = (n: number, k: number): number => {
  let chance = 1;
  let outside = 0;
  for (let i = 0; i <= k; i += 1) {
    outside += chance / 2 ** n;
    chance = (chance * (n - i)) / (i + 1);
  }
  return 1 - 2 * outside;
};

/** The narrowest interval of order statistics that holds the median with 95 %; with too few values, all of them, and how sure. */
export const medianInterval = (values: readonly number[]): Interval => {
  const ordered = sorted(values);
  let k = 0;
  while (k + 1 < Math.floor(ordered.length / 2) && coverageOf(ordered.length, k + 1) >= 0.95) k += 1;
  return {
    low: at(ordered, k),
    high: at(ordered, ordered.length - 1 - k),
    coverage: Math.max(0, coverageOf(ordered.length, k)),
  };
};

/** A 95 % percentile bootstrap of any figure of the values, 2,000 draws of a fixed seed. */
export const bootstrapInterval = (values: readonly number[], figure: (sample: number[]) => number): Interval => {
  const draw = seeded(20_260_105);
  const figures = Array.from({ length: 2_000 }, () =>
    figure(values.map(() => values[Math.floor(draw() * values.length)] ?? 0)),
  );
  return { low: percentile(figures, 0.025), high: percentile(figures, 0.975), coverage: 0.95 };
};

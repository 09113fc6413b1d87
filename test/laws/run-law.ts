import type { Broken, Law } from './law.ts';

/** How a law did: `seeds` of `wanted` ran, until all had, the time was up or it broke. */
export interface Outcome {
  name: string;
  title: string;
  wanted: number;
  seeds: number;
  ms: number;
  broken: Broken | null;
  unreached: readonly string[];
  covered: string;
}

export interface Plan {
  /** How many seeds, from `from` on. */
  seeds: number;
  from: number;
  /** Real time after which no further seed is begun. */
  limitMs: number;
  /** Called after each seed with how many have run. */
  onSeed?(ran: number, ms: number): void;
}

/** Runs a law seed by seed and stops at the first that breaks it. What `open` throws, and what a seed could not even begin, is thrown. */
export const runLaw = async (law: Law, { seeds: wanted, from, limitMs, onSeed }: Plan): Promise<Outcome> => {
  const started = performance.now();
  const elapsed = () => performance.now() - started;
  const open = await law.open();
  let seeds = 0;
  let broken: Broken | null = null;
  try {
    while (broken === null && seeds < wanted && (seeds === 0 || elapsed() < limitMs)) {
      broken = await open.check(from + seeds);
      seeds += 1;
      onSeed?.(seeds, elapsed());
      // Signals and timers get their turn also in a law that never waits.
      await new Promise((resolve) => setImmediate(resolve));
    }
    const unreached = broken === null ? open.unreached(seeds) : [];
    return {
      name: law.name,
      title: law.title,
      wanted,
      seeds,
      ms: elapsed(),
      broken,
      unreached,
      covered: open.covered(),
    };
  } finally {
    await open.close();
  }
};

/** What is wrong with an outcome, a sentence each; empty when nothing is. */
export const faultsOf = ({ name, wanted, seeds, broken, unreached }: Outcome): string[] => [
  ...(broken ? [`${name}: broken by seed ${broken.seed}`] : []),
  ...(broken || seeds >= wanted ? [] : [`${name}: ran ${seeds} seeds, ${wanted} were asked for; the time was up`]),
  ...unreached.map((what) => `${name}: no seed reached ${what}`),
];

/** A broken law in words: the seed, the steps, the smallest failing case, and how to see it again. */
export const tellBroken = (name: string, { seed, reason, steps, smallest, shrinks }: Broken): string =>
  [
    `Seed ${seed} breaks ${name}.`,
    ...reason.split('\n').map((line) => `  ${line}`),
    ...(steps.length === 0 ? [] : ['Steps:', ...steps.map((step, index) => `  ${index + 1}. ${step}`)]),
    ...(smallest === '' ? [] : [`Smallest failing case, made smaller ${shrinks} times:`, `  ${smallest}`]),
    `Again: npm run laws -- --only ${name} --from ${seed} --seeds 1`,
  ].join('\n');

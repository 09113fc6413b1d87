import fc from 'fast-check';
import { PROPERTY_LIMIT_MS } from './limits.ts';

/**
 * A law: what holds for every sequence of steps that a seed makes. It runs in `npm test` with a few seeds and in `npm run laws`
 * with many.
 */
export interface Law {
  /** In kebab-case, the thing first: `shelf-sum-of-movements`. `--only` takes it. */
  readonly name: string;
  /** The guarantee, as the title of a test tells it. */
  readonly title: string;
  /** `servers`: it needs the Redis and the MongoDB that test/support/servers.ts names. */
  readonly needs: 'nothing' | 'servers';
  open(): Promise<OpenLaw>;
}

/** A law with what it needs at hand. */
export interface OpenLaw {
  /** Runs one seed. The same seed makes the same steps. Null when the law held. */
  check(seed: number): Promise<Broken | null>;
  /** What no seed so far has reached, though the law is about it; asked once, after the last seed. */
  unreached(seeds: number): readonly string[];
  /** How much of what the law is about the seeds have reached, in words; empty where it does not count. */
  covered(): string;
  close(): Promise<void>;
}

/** A law that did not hold. */
export interface Broken {
  seed: number;
  /** What was wrong, as the law's own check said it. */
  reason: string;
  /** The steps of the smallest failing case, in order; of a law with `run`, the steps as they were taken. */
  steps: readonly string[];
  /** The smallest failing case as one text. Empty where there is no shrinking. */
  smallest: string;
  /** How often the case was made smaller. */
  shrinks: number;
}

interface Named {
  name: string;
  title: string;
}
/** What a law works on, made once for all its seeds. */
interface Opening<C> {
  needs: 'servers';
  open(): Promise<C>;
  close(context: C): Promise<void>;
}
interface Covering<C> {
  /** After the last seed: names of what should have been reached and was not. Many seeds are asked for more than a few. */
  unreached?(context: C, seeds: number): readonly string[];
  /** How much of what it is about the seeds have reached, in words. */
  covered?(context: C): string;
}

/** A law about pure functions. One seed is `cases` cases (default 25), each shrunk when it fails. */
export interface PureLaw extends Named, Covering<undefined> {
  cases?: number;
  property(): fc.IRawProperty<unknown>;
}
/** A law about servers. One seed is one case: its commands are in the property, which shrinks them. */
export interface ServerLaw<C> extends Named, Opening<C>, Covering<C> {
  property(context: C): fc.IRawProperty<unknown>;
}
/** A law that makes its steps itself: it tells each by `step` before it takes it, and throws when the law is broken. */
export interface SteppedLaw<C> extends Named, Opening<C>, Covering<C> {
  run(context: C, seed: number, step: (told: string) => void): Promise<void>;
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Commands tell themselves; of a list each item is a step; anything else is one. */
const stepsOf = (counterexample: unknown): string[] => {
  const parts = Array.isArray(counterexample) ? counterexample : [counterexample];
  return parts.flatMap((part) => {
    if (typeof part === 'object' && part !== null && 'commands' in part) return String(part).split(/,(?=\S)/);
    return Array.isArray(part) ? part.map((step) => fc.stringify(step)) : [fc.stringify(part)];
  });
};

const checkProperty = async (
  property: fc.IRawProperty<unknown>,
  seed: number,
  numRuns: number,
): Promise<Broken | null> => {
  const found = await fc.check(property, {
    seed,
    numRuns,
    interruptAfterTimeLimit: PROPERTY_LIMIT_MS,
    markInterruptAsFailure: true,
  });
  if (!found.failed) return null;
  const { counterexample, errorInstance, interrupted, numShrinks } = found;
  // No counterexample: the time ran out before a case failed.
  if (counterexample === null) {
    const reason = interrupted
      ? `did not end within ${PROPERTY_LIMIT_MS / 1_000} s`
      : 'left out more cases than it ran';
    return { seed, reason, steps: [], smallest: '', shrinks: 0 };
  }
  return {
    seed,
    reason: reasonOf(errorInstance),
    steps: stepsOf(counterexample),
    smallest: fc.stringify(counterexample),
    shrinks: numShrinks,
  };
};

const runSteps = async (
  run: (seed: number, step: (told: string) => void) => Promise<void>,
  seed: number,
): Promise<Broken | null> => {
  const steps: string[] = [];
  try {
    await run(seed, (told) => steps.push(told));
    return null;
  } catch (error) {
    return { seed, reason: reasonOf(error), steps, smallest: '', shrinks: 0 };
  }
};

/** A law about pure functions: `property()` is a fast-check property that throws, or returns false, when the law is broken. */
export const defineLaw = ({ name, title, cases = 25, property, unreached, covered }: PureLaw): Law => ({
  name,
  title,
  needs: 'nothing',
  async open() {
    const made = property();
    return {
      check: (seed) => checkProperty(made, seed, cases),
      unreached: (seeds) => unreached?.(undefined, seeds) ?? [],
      covered: () => covered?.(undefined) ?? '',
      close: async () => {},
    };
  },
});

/**
 * A law about the product on its servers. `open` makes what all seeds share (a database of its own, a stand); each seed takes ids
 * of its own in it. With `property` fast-check makes and shrinks the commands; with `run` the law makes its steps from the seed.
 */
export const defineServerLaw = <C>(law: ServerLaw<C> | SteppedLaw<C>): Law => ({
  name: law.name,
  title: law.title,
  needs: 'servers',
  async open() {
    const context = await law.open();
    const check =
      'run' in law
        ? (seed: number) => runSteps((given, step) => law.run(context, given, step), seed)
        : (seed: number) => checkProperty(law.property(context), seed, 1);
    return {
      check,
      unreached: (seeds) => law.unreached?.(context, seeds) ?? [],
      covered: () => law.covered?.(context) ?? '',
      close: () => law.close(context),
    };
  },
});

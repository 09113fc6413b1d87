import { describe, expect, it } from 'vitest';
import type { Law } from './law.ts';
import { LAW_LIMIT_IN_TESTS_MS, PROPERTY_LIMIT_MS, SEEDS_IN_TESTS } from './limits.ts';
import { runLaw, tellBroken } from './run-law.ts';

/** A test a law, with a few seeds: as many as there is time for, one at least. */
export const describeLaws = (laws: readonly Law[]): void => {
  describe('the law', () => {
    it.each(laws.map((law) => [law.name, law] as const))(
      '%s holds',
      { timeout: LAW_LIMIT_IN_TESTS_MS + 2 * PROPERTY_LIMIT_MS },
      async (_, law) => {
        const plan = { seeds: SEEDS_IN_TESTS, from: 1, limitMs: LAW_LIMIT_IN_TESTS_MS };
        const { broken, unreached, seeds, ms } = await runLaw(law, plan);
        if (broken) expect.fail(tellBroken(law.name, broken));
        expect(unreached).toEqual([]);
        if (seeds < SEEDS_IN_TESTS)
          console.warn(`${law.name}: ${seeds} of ${SEEDS_IN_TESTS} seeds in ${Math.round(ms / 1_000)} s`);
      },
    );
  });
};

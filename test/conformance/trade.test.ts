import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { agrees } from './trade/agrees.ts';
import { ENGINES } from './trade/engines.ts';
import { Vector } from './trade/vector.ts';

/** The worked examples are next to the project. */
const FOLDER = path.join(import.meta.dirname, '../../../shared/trade/vectors');
const files = (() => {
  try {
    return readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
  } catch {
    return [];
  }
})();
if (files.length === 0)
  console.warn(`SKIPPED: the worked examples of the trade rules, for there are none in ${FOLDER}`);

describe.skipIf(files.length === 0)('the worked examples', () => {
  const asked = files.map((name) => ({
    engine: path.basename(name, '.json'),
    vectors: z.array(Vector).parse(JSON.parse(readFileSync(path.join(FOLDER, name), 'utf8'))),
  }));
  const unverified = asked.flatMap(({ vectors }) => vectors.filter(({ status }) => status === 'unverified'));
  if (unverified.length > 0)
    console.warn(`SKIPPED: ${unverified.length} worked examples whose own source calls them unverified`);
  for (const { engine, vectors } of asked)
    describe(engine, () => {
      for (const { id, input, expected, status } of vectors)
        it.runIf(status !== 'unverified')(id, () => {
          const answered = ENGINES[engine]?.(id, input);
          expect(
            agrees(answered, expected),
            `answered ${JSON.stringify(answered)}, expected ${JSON.stringify(expected)}`,
          ).toBe(true);
        });
    });
});

import { noRow } from '../rule.ts';

export const LEVELS = ['S-1', 'S-2', 'S-3', 'S-4', 'I', 'II', 'III'] as const;
export type Level = (typeof LEVELS)[number];

/** I and O are not used; S has only one plan, for tightened inspection. */
export const LETTERS = 'ABCDEFGHJKLMNPQRS';

/**
 * Largest lot of the range and its letters in the order of LEVELS. Source: MIL-STD-105E, table I, 10 May 1989; the same
 * in ANSI/ASQ Z1.4 and ISO 2859-1:1999. Read 2026-11-24.
 */
const TABLE_I = [
  [8, 'AAAAAAB'],
  [15, 'AAAAABC'],
  [25, 'AABBBCD'],
  [50, 'ABBCCDE'],
  [90, 'BBCCCEF'],
  [150, 'BBCDDFG'],
  [280, 'BCDEEGH'],
  [500, 'BCDEFHJ'],
  [1_200, 'CCEFGJK'],
  [3_200, 'CDEGHKL'],
  [10_000, 'CDFGJLM'],
  [35_000, 'CDFHKMN'],
  [150_000, 'DEGJLNP'],
  [500_000, 'DEGJMPQ'],
  [Number.POSITIVE_INFINITY, 'DEHKNQR'],
] as const;

/**
 * The sample size code letter of a lot of 2 units or more; throws `no_row` for a smaller lot than the table begins
 * with.
 */
export const codeLetter = (lotSize: number, level: Level): string => {
  const row = lotSize < 2 ? undefined : TABLE_I.find(([max]) => lotSize <= max);
  const letter = row?.[1][LEVELS.indexOf(level)];
  if (letter === undefined)
    throw noRow(`a sample size code letter for a lot of ${lotSize}: the tables begin with lots of 2`, 'lotSize');
  return letter;
};

import type { ComparableName } from './name.ts';
import { jaroWinklerOfCodes } from './similarity.ts';

/** Words less similar than this are different words, not one with a typing error. */
export const WORD_FLOOR = 0.8;
/** The score of an initial against a word that begins with it. */
export const INITIAL_SCORE = 0.9;
/** How much a contained name counts compared with one of equal length: a quarter of the letters is enough. */
const CONTAINED_WEIGHT = 4;

/** 0, or the similarity of two words from WORD_FLOOR to 1. */
export const wordScore = (a: Uint32Array, b: Uint32Array): number => {
  if (a.length === 1 || b.length === 1) {
    if (a[0] !== b[0]) return 0;
    return a.length === b.length ? 1 : INITIAL_SCORE;
  }
  const score = jaroWinklerOfCodes(a, b);
  return score < WORD_FLOOR ? 0 : score;
};

/**
 * The largest sum of `gains` (rows × columns, none negative) that uses every row and column at most once: the Hungarian
 * method, rows ≤ columns.
 */
const bestAssignment = (gains: Float64Array, rows: number, columns: number): number => {
  const rowPrice = new Float64Array(rows + 1);
  const columnPrice = new Float64Array(columns + 1);
  const rowOf = new Int32Array(columns + 1);
  const cameFrom = new Int32Array(columns + 1);
  for (let row = 1; row <= rows; row++) {
    const least = new Float64Array(columns + 1).fill(Number.POSITIVE_INFINITY);
    const seen = new Uint8Array(columns + 1);
    rowOf[0] = row;
    let column = 0;
    while ((rowOf[column] ?? 0) !== 0) {
      seen[column] = 1;
      const at = rowOf[column] ?? 0;
      let step = Number.POSITIVE_INFINITY;
      let next = 0;
      for (let j = 1; j <= columns; j++) {
        if (seen[j] === 1) continue;
        const cost = -(gains[(at - 1) * columns + j - 1] ?? 0) - (rowPrice[at] ?? 0) - (columnPrice[j] ?? 0);
        if (cost < (least[j] ?? 0)) {
          least[j] = cost;
          cameFrom[j] = column;
        }
        if ((least[j] ?? 0) < step) {
          step = least[j] ?? 0;
          next = j;
        }
      }
      for (let j = 0; j <= columns; j++) {
        if (seen[j] === 1) {
          const owner = rowOf[j] ?? 0;
          rowPrice[owner] = (rowPrice[owner] ?? 0) + step;
          columnPrice[j] = (columnPrice[j] ?? 0) - step;
        } else least[j] = (least[j] ?? 0) - step;
      }
      column = next;
    }
    while (column !== 0) {
      const before = cameFrom[column] ?? 0;
      rowOf[column] = rowOf[before] ?? 0;
      column = before;
    }
  }
  let sum = 0;
  for (let j = 1; j <= columns; j++) {
    const row = rowOf[j] ?? 0;
    if (row > 0) sum += gains[(row - 1) * columns + j - 1] ?? 0;
  }
  return sum;
};

/** Letters of the shorter name whose word has a match in the other, each weighted with the similarity of the words. */
const matchedLetters = (party: ComparableName, listed: ComparableName): number => {
  const turned = party.codes.length > listed.codes.length;
  const rows = turned ? listed.codes : party.codes;
  const columns = turned ? party.codes : listed.codes;
  const gains = new Float64Array(rows.length * columns.length);
  const columnUsed = new Uint8Array(columns.length);
  let sum = 0;
  let contested = false;
  for (let i = 0; i < rows.length; i++) {
    let found = 0;
    for (let j = 0; j < columns.length; j++) {
      const row = rows[i];
      const column = columns[j];
      if (!row || !column) continue;
      // Jaro's greedy matching can depend on the order, so the listed word always comes first.
      const score = turned ? wordScore(row, column) : wordScore(column, row);
      if (score === 0) continue;
      const gain = score * Math.min(row.length, column.length);
      gains[i * columns.length + j] = gain;
      sum += gain;
      contested ||= found > 0 || columnUsed[j] === 1;
      found++;
      columnUsed[j] = 1;
    }
  }
  return contested ? bestAssignment(gains, rows.length, columns.length) : sum;
};

/** The maximum if one name has an additional word: similar enough for a review, not the same. */
const MAX_WITH_OTHER_WORDS = 0.96;

export interface NameSize {
  /** Total letters of all distinct words. */
  length: number;
  /** Repeated words count each time: “Li Li” is not “Li”. */
  words: number;
}

/**
 * The score for `matched` letters. It grows with `matched`, so an upper bound of the letters gives an upper bound of
 * the score.
 */
export const partsScore = (matched: number, a: NameSize, b: NameSize): number => {
  const alike = (2 * matched) / (a.length + b.length);
  const contained = matched / Math.min(a.length, b.length);
  const single = a.words < 2 || b.words < 2;
  const score = single ? alike : (alike + CONTAINED_WEIGHT * contained) / (1 + CONTAINED_WEIGHT);
  return a.words === b.words ? score : Math.min(score, MAX_WITH_OTHER_WORDS);
};

export interface NameScore {
  /** 0 to 1, four decimals; 1 means the same words. */
  score: number;
  /** Whether the whole strings or the separate words were more similar. */
  by: 'whole' | 'words';
}

export const sizeOf = (name: ComparableName): NameSize => ({ length: name.length, words: name.words });

export const rounded = (score: number): number => Math.round(Math.min(1, Math.max(0, score)) * 10_000) / 10_000;

/**
 * The similarity of two names: the higher of two Jaro-Winkler scores, one of the whole strings (without spaces) and one
 * of the words. Each word is paired with at most one word of the other name so that the sum is largest. For names of
 * two or more words, a name contained in the longer one scores high (“Ivan Petrov” in “Ivan Sergeevich Petrov”).
 * Follows OFAC's description of its own search (FAQ 249), without its sound codes.
 */
export const nameScore = (party: ComparableName, listed: ComparableName): NameScore => {
  const whole = jaroWinklerOfCodes(listed.compactCodes, party.compactCodes);
  const words = partsScore(matchedLetters(party, listed), sizeOf(party), sizeOf(listed));
  return words > whole ? { score: rounded(words), by: 'words' } : { score: rounded(whole), by: 'whole' };
};

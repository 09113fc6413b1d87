import { exact } from '../decimal.ts';
import { noRow } from '../rule.ts';
import { LETTERS } from './code-letters.ts';

export const AQLS = [
  '0.010',
  '0.015',
  '0.025',
  '0.040',
  '0.065',
  '0.10',
  '0.15',
  '0.25',
  '0.40',
  '0.65',
  '1.0',
  '1.5',
  '2.5',
  '4.0',
  '6.5',
  '10',
  '15',
  '25',
  '40',
  '65',
  '100',
  '150',
  '250',
  '400',
  '650',
  '1000',
] as const;

/** Acceptance and rejection number: a lot is accepted up to `ac` and refused from `re` on. */
export interface Numbers {
  ac: number;
  re: number;
}

/** A cell of a master table: numbers, or an arrow to the next plan below (`down`) or above (`up`). */
export type Cell = Numbers | 'up' | 'down';

export type TableName = 'normal' | 'tightened' | 'tightened_iso' | 'reduced_gap' | 'reduced_no_gap';

interface MasterTable {
  name: string;
  /** Sample sizes from letter A on. */
  sizes: readonly number[];
  /** The column of 0/1 in row A. It moves one column to the left with each letter. */
  zeroAt: number;
  /** The arrows between 0/1 and the run. */
  between: readonly Cell[];
  run: readonly Numbers[];
  /** The longer run of the smallest samples, A to E. */
  longRun: readonly Numbers[];
  /** Deviations from the table's own rule: cells of one row from one AQL on. */
  exceptions: readonly { letter: string; from: (typeof AQLS)[number]; cells: readonly Cell[] }[];
}

const noGap = (...acs: number[]): Numbers[] => acs.map((ac) => ({ ac, re: ac + 1 }));
const withGap = (...pairs: [number, number][]): Numbers[] => pairs.map(([ac, re]) => ({ ac, re }));

const SIZES = [2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800, 1250, 2000];
const REDUCED_SIZES = [2, 2, 2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800];
const LARGE = [5, 7, 10, 14, 21, 30];
/** Row A of both reduced tables, from where it deviates from the rule. */
const SMALLEST_REDUCED: MasterTable['exceptions'] = [
  { letter: 'A', from: '10', cells: ['down'] },
  { letter: 'A', from: '25', cells: noGap(1, 2, 3, ...LARGE) },
];

const TIGHTENED = {
  name: 'tightened inspection',
  sizes: [...SIZES, 3150],
  zeroAt: 15,
  between: ['down', 'down'],
  run: noGap(1, 2, 3, 5, 8, 12, 18),
  longRun: noGap(27, 41),
} as const satisfies Omit<MasterTable, 'exceptions'>;
/** Row S has one plan. Its other columns are empty, so the plan above applies. */
const LAST_TIGHTENED: MasterTable['exceptions'] = [
  { letter: 'R', from: '0.015', cells: ['up'] },
  { letter: 'S', from: '0.010', cells: AQLS.map((aql) => (aql === '0.025' ? { ac: 1, re: 2 } : 'up')) },
];

/**
 * The five master tables for single sampling, as the rule that they follow and the cells that deviate from it. Source:
 * MIL-STD-105E, tables II-A, II-B and II-C, 10 May 1989 (public domain); all 1,248 plans compared with R AQLSchemes
 * 1.7-2 on 2026-11-24. Normal and tightened are the same in ANSI/ASQ Z1.4 and, except for one plan of tightened
 * inspection (letter A, AQL 10), in ISO 2859-1:1999. The reduced table without a gap is table 2-C of GB/T 2828.1-2012,
 * which is ISO 2859-1:1999; its 416 plans, and those of 2-A and 2-B, were compared on 2026-11-25 with the transcription
 * that rules.ts names.
 */
const TABLES: Readonly<Record<TableName, MasterTable>> = {
  normal: {
    name: 'normal inspection',
    sizes: SIZES,
    zeroAt: 14,
    between: ['up', 'down'],
    run: noGap(1, 2, 3, 5, 7, 10, 14, 21),
    longRun: noGap(30, 44),
    exceptions: [
      { letter: 'A', from: '10', cells: ['down'] },
      { letter: 'R', from: '0.015', cells: ['up'] },
    ],
  },
  tightened: { ...TIGHTENED, exceptions: [{ letter: 'A', from: '10', cells: ['down'] }, ...LAST_TIGHTENED] },
  tightened_iso: { ...TIGHTENED, exceptions: LAST_TIGHTENED },
  reduced_gap: {
    name: 'reduced inspection',
    sizes: REDUCED_SIZES,
    zeroAt: 14,
    between: ['up', 'down'],
    run: withGap([0, 2], [1, 3], [1, 4], [2, 5], [3, 6], [5, 8], [7, 10], [10, 13]),
    longRun: withGap([14, 17], [21, 24]),
    exceptions: [
      ...SMALLEST_REDUCED,
      { letter: 'B', from: '40', cells: [...withGap([2, 4], [3, 5]), ...noGap(...LARGE)] },
      { letter: 'R', from: '0.015', cells: ['up'] },
    ],
  },
  reduced_no_gap: {
    name: 'reduced inspection of ISO 2859-1:1999',
    sizes: REDUCED_SIZES,
    zeroAt: 14,
    between: ['up', 'down', 'down'],
    run: noGap(1, 2, 3, 5, 6, 8, 10),
    longRun: noGap(14, 21),
    exceptions: [
      ...SMALLEST_REDUCED,
      { letter: 'B', from: '150', cells: noGap(7, 10, 14, 21, 30) },
      { letter: 'Q', from: '0.025', cells: ['up'] },
      { letter: 'R', from: '0.015', cells: ['up', 'up'] },
    ],
  },
};

/** Letters A to E have the longer run. */
const LONG_RUN_LETTERS = 5;

const byRule = (table: MasterTable, row: number, column: number): Cell => {
  const run = row < LONG_RUN_LETTERS ? [...table.run, ...table.longRun] : table.run;
  const cells: Cell[] = [{ ac: 0, re: 1 }, ...table.between, ...run];
  const place = column - (table.zeroAt - row);
  return place < 0 ? 'down' : (cells[place] ?? 'up');
};

/** The column of an AQL, by value (`1` is `1.0`); throws `no_row` for one that the tables do not have. */
export const aqlNamed = (text: string, field = 'aql'): (typeof AQLS)[number] => {
  const value = exact(text, field);
  const found = AQLS.find((aql) => value.eq(aql));
  if (found === undefined) throw noRow(`an AQL of ${text} in the tables for single sampling`, field);
  return found;
};

/** The cell of one letter and AQL; throws `no_row` if the table has no such row. */
export const cellOf = (name: TableName, letter: string, aql: (typeof AQLS)[number]): Cell => {
  const table = TABLES[name];
  const row = LETTERS.indexOf(letter);
  if (letter.length !== 1 || row < 0 || row >= table.sizes.length)
    throw noRow(`row ${letter.slice(0, 3)} of the table for ${table.name}`, 'lotSize');
  const column = AQLS.indexOf(aql);
  const own = table.exceptions.find(({ letter: of, from, cells }) => {
    const place = column - AQLS.indexOf(from);
    return of === letter && place >= 0 && place < cells.length;
  });
  return own?.cells[column - AQLS.indexOf(own.from)] ?? byRule(table, row, column);
};

export const sizeOf = (name: TableName, letter: string): number => {
  const size = TABLES[name].sizes[LETTERS.indexOf(letter)];
  if (size === undefined) throw noRow(`a sample size for letter ${letter.slice(0, 3)}`, 'lotSize');
  return size;
};

export interface TablePlan extends Numbers {
  /** The letter whose plan applies after following the arrows. */
  letter: string;
  sampleSize: number;
}

const isNumbers = (cell: Cell): cell is Numbers => typeof cell === 'object';

/** The plan of a letter and AQL. Arrows are followed, and the sample size is that of the letter they lead to. */
export const planAt = (name: TableName, letter: string, aql: (typeof AQLS)[number]): TablePlan => {
  let row = LETTERS.indexOf(letter);
  for (let steps = 0; steps < LETTERS.length; steps++) {
    const at = LETTERS[row] ?? letter;
    const cell = cellOf(name, at, aql);
    if (isNumbers(cell)) return { letter: at, sampleSize: sizeOf(name, at), ...cell };
    row += cell === 'down' ? 1 : -1;
  }
  throw noRow(`a plan for letter ${letter} and AQL ${aql}: the arrows lead nowhere`, 'aql');
};

/**
 * The plan at the same letter for the AQL one step tighter (the next smaller), for the switching score; null if that
 * cell has no numbers or there is no tighter AQL.
 */
export const oneStepTighter = (name: TableName, letter: string, aql: (typeof AQLS)[number]): Numbers | null => {
  const tighter = AQLS[AQLS.indexOf(aql) - 1];
  if (tighter === undefined) return null;
  const cell = cellOf(name, letter, tighter);
  return isNumbers(cell) ? cell : null;
};

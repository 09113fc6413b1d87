import type { LabelKey } from './labels.ts';

/** Words in a cell: paragraphs, each of them wrapped. */
export type Cell = readonly string[];

export interface Column {
  label: LabelKey;
  /** Its part of the width, in relation to the other columns. */
  share: number;
  align: 'left' | 'right';
}

export interface PaperField {
  label: LabelKey;
  value: Cell;
}

export interface TotalRow {
  label: Cell;
  value: string;
  strong: boolean;
}

/** What stands on a paper, in order; how it is laid out is the printer's. */
export type Block =
  | { block: 'fields'; columns: 1 | 2 | 3 | 4; fields: readonly PaperField[] }
  | {
      block: 'table';
      columns: readonly Column[];
      rows: readonly (readonly Cell[])[];
      /** One row under the columns. */
      sums: readonly Cell[] | null;
      totals: readonly TotalRow[];
    }
  | { block: 'heading'; words: string }
  | { block: 'words'; paragraphs: readonly string[]; small: boolean }
  | { block: 'signature'; label: LabelKey; words: Cell }
  | { block: 'new-page' };

export interface Paper {
  title: LabelKey;
  number: string;
  date: string;
  reference: string;
  blocks: readonly Block[];
}

import type { LabelKey } from './labels.ts';

/** Text in a cell: paragraphs, each wrapped on its own. */
export type Cell = readonly string[];

export interface Column {
  label: LabelKey;
  /** Relative width: its share of the table compared with the other columns. */
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

/** The content of a paper, in order. The printer decides the layout. */
export type Block =
  | { block: 'fields'; columns: 1 | 2 | 3 | 4; fields: readonly PaperField[] }
  | {
      block: 'table';
      columns: readonly Column[];
      rows: readonly (readonly Cell[])[];
      /** One row of sums under the columns. */
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

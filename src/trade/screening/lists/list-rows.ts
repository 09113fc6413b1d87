import { Failure } from '#domain/failure.ts';
import type { PlainDate } from '../../plain-date.ts';
import { invalid } from '../../read-input.ts';
import type { ListEntry } from '../sanctions-list.ts';

/** A row that could not be read. The others are kept. */
export interface BadRow {
  file: string;
  /** Counted from 1, blank lines left out. */
  row: number;
  /** What the row is about, as far as it was legible. */
  about: string;
  reason: string;
}

export interface FileCount {
  file: string;
  rows: number;
  processed: number;
  failed: number;
}

/** What a reader made of its files. For each file `processed + failed` is `rows`. */
export interface ListRead {
  entries: readonly ListEntry[];
  files: readonly FileCount[];
  badRows: readonly BadRow[];
}

/** Of a file that says itself of which day it is; null when this one does not. */
export interface DatedListRead extends ListRead {
  date: PlainDate | null;
}

/** Reads `rows`, one at a time; a row for which `read` throws `invalid` or `not_found` is counted and named. */
export const readRows = <R>(
  file: string,
  rows: Iterable<R>,
  about: (row: R) => string,
  read: (row: R) => void,
): { count: FileCount; badRows: BadRow[] } => {
  const badRows: BadRow[] = [];
  let row = 0;
  for (const content of rows) {
    row++;
    try {
      read(content);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      badRows.push({ file, row, about: about(content).slice(0, 80), reason: error.message.slice(0, 200) });
    }
  }
  return { count: { file, rows: row, processed: row - badRows.length, failed: badRows.length }, badRows };
};

/**
 * Reads `rows` as entries, one each: `readRows`, and an entry whose id an earlier one has is refused under the name of `field`.
 */
export const readEntries = <R>(
  file: string,
  rows: Iterable<R>,
  about: (row: R) => string,
  entryOf: (row: R) => ListEntry,
  field: string,
): ListRead => {
  const entries = new Map<string, ListEntry>();
  const { count, badRows } = readRows(file, rows, about, (row) => {
    const entry = entryOf(row);
    if (entries.has(entry.id)) throw invalid(field, `${entry.id} stands twice`);
    entries.set(entry.id, entry);
  });
  return { entries: [...entries.values()], files: [count], badRows };
};

/** The lines of a text, one at a time. */
export const linesOf = function* (text: string): Generator<string> {
  let from = 0;
  while (from < text.length) {
    const end = text.indexOf('\n', from);
    const to = end < 0 ? text.length : end;
    yield text.slice(from, text.charAt(to - 1) === '\r' ? to - 1 : to);
    from = to + 1;
  }
};

/** The end-of-file character of old systems, with which OFAC's files end. */
const END_OF_FILE = '\u001a';

/** Lines put together where a quoted field goes on to the next one. */
export const quotedRows = function* (lines: Iterable<string>): Generator<string> {
  let open = '';
  for (const line of lines) {
    const row = open === '' ? line : `${open}\n${line}`;
    const quotes = row.split('"').length - 1;
    open = quotes % 2 === 1 ? row : '';
    if (open === '') yield row;
  }
  // An unclosed quote: a row that whoever reads it will refuse.
  if (open !== '') yield open;
};

/** Lines that hold something: blank ones, the old end-of-file mark and a byte-order mark are no rows. */
export const rowsIn = function* (lines: Iterable<string>): Generator<string> {
  for (const line of lines) {
    const bare = line.replace(/^\uFEFF/, '').replaceAll(END_OF_FILE, '');
    if (bare.trim() !== '') yield bare;
  }
};

/**
 * The fields of one line whose fields may stand in double quotes (a quote within is doubled). Null when a quote is not
 * closed on the line or text follows it.
 */
export const fieldsOf = (line: string, separator: ',' | '\t'): string[] | null => {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    if (line.charAt(at) === '"') {
      let field = '';
      for (;;) {
        const close = line.indexOf('"', at + 1);
        if (close < 0) return null;
        field += line.slice(at + 1, close);
        at = close + 1;
        if (line.charAt(at) !== '"') break;
        field += '"';
      }
      const next = line.indexOf(separator, at);
      const end = next < 0 ? line.length : next;
      if (line.slice(at, end).trim() !== '') return null;
      fields.push(field);
      at = end;
    } else {
      const next = line.indexOf(separator, at);
      const end = next < 0 ? line.length : next;
      fields.push(line.slice(at, end));
      at = end;
    }
    if (at >= line.length) return fields;
    at++;
  }
};

import { Failure } from '#domain/failure.ts';
import type { PlainDate } from '../../plain-date.ts';
import { invalid } from '../../read-input.ts';
import type { ListEntry } from '../sanctions-list.ts';

/** A row that could not be read. The others are kept. */
export interface BadRow {
  file: string;
  /** Counted from 1, without blank lines. */
  row: number;
  /** What the row is about, as far as it could be read. */
  about: string;
  reason: string;
}

export interface FileCount {
  file: string;
  rows: number;
  processed: number;
  failed: number;
}

/** The result of reading a list's files. For each file `processed + failed` is `rows`. */
export interface ListRead {
  entries: readonly ListEntry[];
  files: readonly FileCount[];
  badRows: readonly BadRow[];
}

/** For files that can state their own date; null if this one does not. */
export interface DatedListRead extends ListRead {
  date: PlainDate | null;
}

/** Reads `rows` one at a time. A row for which `read` throws `invalid` or `not_found` is counted and named. */
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

/** Reads each row as an entry with `readRows`. Refuses an entry whose id occurred before, naming `field`. */
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
    if (entries.has(entry.id)) throw invalid(field, `${entry.id} occurs twice`);
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

/** Joins lines if a quoted field continues on the next one. */
export const quotedRows = function* (lines: Iterable<string>): Generator<string> {
  let open = '';
  for (const line of lines) {
    const row = open === '' ? line : `${open}\n${line}`;
    const quotes = row.split('"').length - 1;
    open = quotes % 2 === 1 ? row : '';
    if (open === '') yield row;
  }
  // An unclosed quote: the reader of this row refuses it.
  if (open !== '') yield open;
};

/** Lines with content: skips blank lines, the old end-of-file mark and a byte-order mark. */
export const rowsIn = function* (lines: Iterable<string>): Generator<string> {
  for (const line of lines) {
    const bare = line.replace(/^\uFEFF/, '').replaceAll(END_OF_FILE, '');
    if (bare.trim() !== '') yield bare;
  }
};

/**
 * Splits a line into fields, which may be in double quotes (a quote inside is doubled). Null if a quote is not closed
 * on the line or is followed by text.
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

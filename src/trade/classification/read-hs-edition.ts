import type { HsEdition } from './hs-edition.ts';

export interface HsRowFault {
  /** The line where the row begins; the header is line 1. */
  line: number;
  column: string | null;
  reason: string;
}

export interface HsReading {
  /** Null if the list has any fault: an incomplete list would call valid codes invalid. */
  edition: HsEdition | null;
  counts: { chapters: number; headings: number; subheadings: number };
  faults: readonly HsRowFault[];
}

const COLUMNS = ['section', 'hscode', 'description', 'parent', 'level'] as const;

interface Row {
  line: number;
  cells: string[];
}

/** RFC 4180: quoted cells may hold commas, line breaks and doubled quotes. One pass. */
const rowsOf = (text: string): { rows: Row[]; open: number | null } => {
  const rows: Row[] = [];
  let row: Row = { line: 1, cells: [] };
  let line = 1;
  let parts: string[] = [];
  let open: number | null = null;
  const endCell = () => {
    row.cells.push(parts.join(''));
    parts = [];
  };
  const endRow = () => {
    endCell();
    if (row.cells.length > 1 || row.cells[0] !== '') rows.push(row);
    row = { line, cells: [] };
  };
  for (const [token] of text.matchAll(/"|,|\r?\n|[^",\r\n]+|\r/g)) {
    const breaks = token.endsWith('\n');
    if (breaks) line += 1;
    if (token === '"') {
      // Inside quotes a quote closes. A quote that follows at once reopens and stands for a literal quote.
      if (open === null && parts.length > 0 && parts.at(-1) === '') parts.splice(-1, 1, '"', '');
      open = open === null ? line : null;
      if (open === null) parts.push('');
    } else if (open !== null) parts.push(token);
    else if (token === ',') endCell();
    else if (breaks) endRow();
    else parts.push(token);
  }
  if (parts.length > 0 || row.cells.length > 0) endRow();
  return { rows, open };
};

const FORMS: Readonly<Record<string, RegExp>> = { 2: /^\d{2}$/, 4: /^\d{4}$/, 6: /^\d{6}$/ };

/**
 * Reads the official list of one edition from CSV with the columns section, hscode, description, parent, level (2, 4 or
 * 6; a row TOTAL is skipped). Reports every fault with its line, and returns no edition if there is one: a code that
 * does not have the digits of its level, a parent that is not its prefix or not in the list, a duplicate code, a row of
 * the wrong length.
 */
export const readHsEdition = (csvText: string, about: Omit<HsEdition, 'codes'>): HsReading => {
  const { rows, open } = rowsOf(csvText.replace(/^\ufeff/, ''));
  const faults: HsRowFault[] = [];
  const counts = { chapters: 0, headings: 0, subheadings: 0 };
  const header = rows[0]?.cells.map((cell) => cell.trim().toLowerCase()) ?? [];
  const missing = COLUMNS.filter((column) => !header.includes(column));
  if (missing.length > 0)
    return { edition: null, counts, faults: [{ line: 1, column: null, reason: `no column ${missing.join(', ')}` }] };
  if (open !== null) faults.push({ line: open, column: null, reason: 'a quote that is opened here is never closed' });
  const at = new Map(COLUMNS.map((column) => [column, header.indexOf(column)]));
  const seen = new Map<string, string>();
  const parents: { line: number; code: string; parent: string }[] = [];
  for (const { line, cells } of rows.slice(1)) {
    const fault = (column: string | null, reason: string) => faults.push({ line, column, reason });
    const cell = (column: (typeof COLUMNS)[number]) => cells[at.get(column) ?? -1]?.trim() ?? '';
    if (cells.length !== header.length) {
      fault(null, `${cells.length} cells instead of ${header.length}`);
      continue;
    }
    const code = cell('hscode');
    const level = cell('level');
    if (code === 'TOTAL') continue;
    const form = FORMS[level];
    if (!form) fault('level', `“${level.slice(0, 20)}” is not 2, 4 or 6`);
    else if (!form.test(code))
      fault('hscode', `“${code.slice(0, 20)}” is not ${level} digits; is a leading zero gone?`);
    else if (seen.has(code)) fault('hscode', `${code} is there twice`);
    else {
      if (cell('description') === '') fault('description', 'is empty');
      seen.set(code, cell('description'));
      if (level === '2') counts.chapters += 1;
      else parents.push({ line, code, parent: cell('parent') });
      if (level === '4') counts.headings += 1;
      if (level === '6') counts.subheadings += 1;
    }
  }
  for (const { line, code, parent } of parents) {
    const expected = code.slice(0, -2);
    if (parent !== expected)
      faults.push({
        line,
        column: 'parent',
        reason: `“${parent.slice(0, 20)}” is not ${expected}, where ${code} belongs`,
      });
    else if (!seen.has(parent)) faults.push({ line, column: 'parent', reason: `${parent} is not in the list` });
  }
  if (counts.subheadings === 0) faults.push({ line: 1, column: null, reason: 'no subheading in the list' });
  faults.sort((a, b) => a.line - b.line);
  const codes = new Map([...seen].filter(([code]) => code.length === 6));
  return { edition: faults.length === 0 ? { ...about, codes } : null, counts, faults };
};

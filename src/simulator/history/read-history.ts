import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { Failure } from '#domain/failure.ts';
import { DecimalText } from '#domain/money.ts';

export const COLUMNS = [
  'InvoiceNo',
  'StockCode',
  'Description',
  'Quantity',
  'InvoiceDate',
  'UnitPrice',
  'CustomerID',
  'Country',
] as const;
type Column = (typeof COLUMNS)[number];

/** One data row exactly as in the file. Texts stay untouched, because code and customer are identities. */
export interface HistoryRow {
  /** The 1-based number of the data row in the whole file, also if only part of the file is read. */
  row: number;
  invoice: string;
  code: string;
  description: string;
  quantity: number;
  /** The file names no time zone. Its times are read as UTC, so that a day is the same everywhere. */
  atMs: number;
  unitPrice: string;
  /** Empty for a guest. */
  customer: string;
  country: string;
}

export interface Span {
  /** The first day to read, as YYYY-MM-DD. */
  from?: string | undefined;
  /** The first day after the span, as YYYY-MM-DD. */
  to?: string | undefined;
}

/** A failure that names the row, the column if there is one, and what to do. */
export const rowFailure = (row: number, problem: string, advice: string, column?: Column): Failure =>
  new Failure('invalid', `row ${row}${column ? `, column ${column}` : ''}: ${problem}; ${advice}`);

const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2}))?)?$/;

/** Milliseconds of a date text read as UTC; null if no such date exists. */
const readDate = (text: string): number | null => {
  const match = DATE.exec(text);
  if (!match) return null;
  const [, year, month, day, hour = '00', minute = '00', second = '00'] = match;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const atMs = Date.parse(iso);
  // Date.parse can read 30 February as 2 March, and 24:00 as the next day.
  return !Number.isNaN(atMs) && new Date(atMs).toISOString() === iso ? atMs : null;
};

const readDay = (name: 'from' | 'to', text: string): number => {
  const atMs = /^\d{4}-\d{2}-\d{2}$/.test(text) ? readDate(text) : null;
  if (atMs === null) throw new Failure('invalid', `--${name} ${text} is not a day; write it as 2011-03-01`);
  return atMs;
};

const readSpan = ({ from, to }: Span): { fromMs: number; toMs: number } => {
  const span = {
    fromMs: from === undefined ? Number.NEGATIVE_INFINITY : readDay('from', from),
    toMs: to === undefined ? Number.POSITIVE_INFINITY : readDay('to', to),
  };
  if (span.fromMs >= span.toMs) {
    throw new Failure('invalid', `--from ${from} --to ${to} holds no day; --to is the first day not read any more`);
  }
  return span;
};

type Cells = (column: Column) => string;

const readHeader = (header: readonly string[]): ((record: readonly string[]) => Cells) => {
  const names = header.map((name) => name.trim());
  const missing = COLUMNS.filter((column) => !names.includes(column));
  if (missing.length > 0) {
    throw new Failure(
      'invalid',
      `the file lacks the column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}; its first line must name ${COLUMNS.join(',')}`,
    );
  }
  const places = new Map<Column, number>(COLUMNS.map((column) => [column, names.indexOf(column)]));
  return (record) => (column) => record[places.get(column) ?? -1] ?? '';
};

const readDateCell = (row: number, cells: Cells): number => {
  const text = cells('InvoiceDate');
  const atMs = readDate(text.trim());
  if (atMs === null) {
    throw rowFailure(row, `“${text.slice(0, 40)}” is not a date`, 'write it as 2010-12-01 08:26:00', 'InvoiceDate');
  }
  return atMs;
};

const readRow = (row: number, atMs: number, cells: Cells): HistoryRow => {
  const filled = (column: 'InvoiceNo' | 'StockCode'): string => {
    const text = cells(column);
    if (text.trim() === '') throw rowFailure(row, 'it is empty', 'every row needs one: fill it in', column);
    return text;
  };
  const quantity = cells('Quantity').trim();
  if (!/^[+-]?\d+$/.test(quantity) || !Number.isSafeInteger(Number(quantity))) {
    throw rowFailure(
      row,
      `“${quantity.slice(0, 40)}” is not an integer`,
      'write whole units, such as 6 or -1',
      'Quantity',
    );
  }
  const unitPrice = cells('UnitPrice').trim();
  if (!DecimalText.safeParse(unitPrice).success) {
    throw rowFailure(row, `“${unitPrice.slice(0, 40)}” is not a decimal`, 'write a price such as 2.55', 'UnitPrice');
  }
  return {
    row,
    invoice: filled('InvoiceNo'),
    code: filled('StockCode'),
    description: cells('Description'),
    // Turns -0 into 0, because they would compare as different quantities.
    quantity: Number(quantity) || 0,
    atMs,
    unitPrice,
    customer: cells('CustomerID').trim(),
    country: cells('Country').trim(),
  };
};

const toReadFailure = (path: string, error: unknown): Failure => {
  if (error instanceof Failure) return error;
  const facts: Record<string, unknown> = error instanceof Error ? { ...error } : {};
  const code = String(facts['code'] ?? '');
  const message = error instanceof Error ? error.message : String(error);
  if (code === 'ENOENT') return new Failure('invalid', `there is no file ${path}; give the path of a .csv or .csv.gz`);
  if (code.startsWith('Z_')) {
    return new Failure('invalid', `${path} cannot be unpacked (${message}); fetch it again`, { cause: error });
  }
  if (code.startsWith('CSV_')) {
    // `records` counts the rows parsed before this one, including the header, so it is the number of this data row.
    return rowFailure(Number(facts['records']), message, 'mend its commas and quotes');
  }
  return new Failure('invalid', `${path} cannot be read: ${message}`, { cause: error });
};

/**
 * Yields the rows of a history file (.csv, or .csv.gz) in file order. Each row is validated; memory use is constant,
 * because nothing is read ahead of the consumer beyond the stream buffers. Columns are found by name. With a span, only
 * rows whose InvoiceDate is inside it are validated and yielded; they keep their numbers in the whole file. The first
 * invalid row ends the reading with a `Failure`.
 */
export const readHistory = async function* (
  path: string,
  span: Span = {},
): AsyncGenerator<HistoryRow, void, undefined> {
  const { fromMs, toMs } = readSpan(span);
  const parser = parse({ bom: true, skip_empty_lines: true });
  const file = createReadStream(path);
  // pipeline destroys the last stream with the error of any stage, so we see all errors there.
  const done = () => {};
  if (path.endsWith('.gz')) pipeline(file, createGunzip(), parser, done);
  else pipeline(file, parser, done);

  let cellsOf: ((record: readonly string[]) => Cells) | null = null;
  let row = 0;
  try {
    for await (const record of parser) {
      if (!cellsOf) {
        cellsOf = readHeader(record);
        continue;
      }
      row += 1;
      const cells = cellsOf(record);
      const atMs = readDateCell(row, cells);
      if (atMs >= fromMs && atMs < toMs) yield readRow(row, atMs, cells);
    }
  } catch (error) {
    throw toReadFailure(path, error);
  } finally {
    file.destroy();
  }
  if (!cellsOf) throw new Failure('invalid', `${path} is empty; its first line must name ${COLUMNS.join(',')}`);
};

import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import { CsvError, parse } from 'csv-parse';
import { parse as parseNow } from 'csv-parse/sync';
import { Failure } from '#kit';

/** A row that could not be used. Rows are counted as a spreadsheet shows them, the header being row 1. `column` is empty where the whole row is meant. */
export interface Rejected {
  row: number;
  column: string;
  reason: string;
  /** What stands there. */
  value: unknown;
}

export interface Row {
  row: number;
  /** The cell under one of the wanted columns, trimmed. */
  cell(column: string): string;
}

export interface Dialect {
  encoding: 'utf-8' | 'windows-1252';
  delimiter: 'auto' | ',' | ';' | 'tab';
}

/** Longer than any honest row: a quote that is never closed stops here and does not swallow the file. */
const MAX_ROW_BYTES = 64 * 1024;
const SLICE_BYTES = 64 * 1024;

const DELIMITERS = { ',': [','], ';': [';'], tab: ['\t'], auto: [',', ';', '\t'] } as const;

/** What is not text at all, by its first bytes. */
const FOREIGN: readonly { bytes: readonly number[]; is: string }[] = [
  { bytes: [0x50, 0x4b, 0x03, 0x04], is: 'a zip archive (an .xlsx file is one too)' },
  { bytes: [0x1f, 0x8b], is: 'gzip-compressed' },
  { bytes: [0xff, 0xfe], is: 'in UTF-16' },
  { bytes: [0xfe, 0xff], is: 'in UTF-16' },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], is: 'an old Excel workbook' },
];

const refuse = (where: string, what: string): never => {
  throw new Failure('rejected', `${where} ${what}`);
};

const startsWith = (bytes: Buffer, start: readonly number[]): boolean => start.every((byte, i) => bytes[i] === byte);

const isUtf8 = (bytes: Buffer): boolean => {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
};

/**
 * The text of a file in the encoding that the settings name, without its byte order mark, which overrules them. Throws
 * `rejected` for anything else, naming the file, what it is and what to do: text is never taken in the wrong encoding on a guess.
 */
export const decode = (bytes: Buffer, where: string, encoding: Dialect['encoding']): string => {
  const foreign = FOREIGN.find((kind) => startsWith(bytes, kind.bytes));
  if (foreign) return refuse(where, `is ${foreign.is}; export it as plain CSV in UTF-8`);
  const marked = startsWith(bytes, [0xef, 0xbb, 0xbf]);
  const utf8 = isUtf8(bytes);
  const text = new TextDecoder(marked ? 'utf-8' : encoding).decode(bytes);
  if ((marked || encoding === 'utf-8') && !utf8) {
    const line = text.slice(0, text.indexOf('\ufffd')).split('\n').length;
    return refuse(where, `is not UTF-8 (row ${line}); export it as UTF-8, or set the encoding to windows-1252`);
  }
  // Accents that happen to form UTF-8 all through a file do not occur: this is the wrong setting, and every title would be garbled.
  if (!marked && encoding === 'windows-1252' && utf8 && bytes.some((byte) => byte > 0x7f))
    return refuse(where, 'is UTF-8, but the settings say windows-1252; set the encoding to utf-8');
  if (text.includes('\0')) return refuse(where, 'contains NUL characters, so it is no text; export it as plain CSV');
  if (/^\s*<(!doctype|html|\?xml)\b/i.test(text.slice(0, 200)))
    return refuse(where, 'is a web page or XML, not CSV; check the path in the settings');
  return text;
};

const headerUnder = (text: string, delimiter: string): readonly string[] => {
  const skip = { skip_empty_lines: true, skip_records_with_empty_values: true };
  const options = { delimiter, to: 1, relax_quotes: true, max_record_size: MAX_ROW_BYTES, ...skip };
  try {
    const [header = []] = parseNow(text.slice(0, MAX_ROW_BYTES), options);
    return header.map((name) => name.trim().toLowerCase());
  } catch {
    return [];
  }
};

/** The delimiter under which the header has the wanted columns. Throws `rejected` where none does. */
const readHeader = (text: string, where: string, delimiter: Dialect['delimiter'], wanted: readonly string[]) => {
  const [best] = DELIMITERS[delimiter]
    .map((sign) => {
      const header = headerUnder(text, sign);
      const missing = wanted.filter((name) => !header.includes(name.toLowerCase()));
      return { sign, header, missing };
    })
    .sort((a, b) => a.missing.length - b.missing.length || b.header.length - a.header.length);
  if (!best || best.missing.length > 0)
    return refuse(
      where,
      `has no column ${best?.missing.map((name) => `“${name}”`).join(', ')}; its header is “${best?.header.join(' | ').slice(0, 200)}”; set the names of the columns, or the delimiter, in the settings`,
    );
  const twice = wanted.find((name) => best.header.filter((other) => other === name.toLowerCase()).length > 1);
  if (twice) return refuse(where, `has the column “${twice}” twice; keep one`);
  return best;
};

/** In slices with room between them, so that a large file does not hold up everything else in the process. */
async function* slices(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
    yield bytes.subarray(at, at + SLICE_BYTES);
    await setImmediate();
  }
}

/**
 * Hands every row to `onRow`, or to `onRejected` where it has not the header's number of fields. Throws
 * `rejected` for a file that cannot be cut into rows at all (empty, no such column, a quote left open), naming the row.
 */
export const readTable = async (
  bytes: Buffer,
  where: string,
  dialect: Dialect,
  wanted: readonly string[],
  onRow: (row: Row) => void,
  onRejected: (rejected: Rejected) => void,
): Promise<void> => {
  const text = decode(bytes, where, dialect.encoding);
  if (text.trim() === '')
    return refuse(where, 'is empty; a supplier with nothing left writes quantity 0 for each item');
  const { sign, header } = readHeader(text, where, dialect.delimiter, wanted);
  const index = new Map(wanted.map((name) => [name, header.indexOf(name.toLowerCase())]));
  let row = 0;
  let filled = 0;

  const parser = parse({
    delimiter: sign,
    // A quote inside an unquoted field is that character, as every spreadsheet reads it.
    relax_quotes: true,
    relax_column_count: true,
    max_record_size: MAX_ROW_BYTES,
    on_record: (cells: string[]) => {
      row += 1;
      if (cells.every((cell) => cell.trim() === '')) return null;
      filled += 1;
      if (filled === 1) return null;
      if (cells.length !== header.length)
        onRejected({
          row,
          column: '',
          reason: `has ${cells.length} fields, the header has ${header.length}`,
          value: cells,
        });
      else onRow({ row, cell: (column) => cells[index.get(column) ?? -1]?.trim() ?? '' });
      return null;
    },
  });
  try {
    await pipeline(slices(Buffer.from(text)), parser, async (records) => {
      for await (const _ of records);
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    refuse(where, `row ${row + 1}: ${UNREADABLE[error.code] ?? 'is not CSV'}; nothing of the file was taken`);
  }
  if (filled < 2) refuse(where, 'has a header and no rows');
};

const UNREADABLE: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quoted field is opened and never closed',
  CSV_MAX_RECORD_SIZE: `a quoted field is opened and not closed within ${MAX_ROW_BYTES / 1024} KiB`,
};

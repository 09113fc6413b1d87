import { PlainDate } from '../../plain-date.ts';
import { invalid } from '../../read-input.ts';
import { countryCode } from '../country.ts';
import { nameText } from '../name.ts';
import type { ListEntry } from '../sanctions-list.ts';
import { fieldsOf, type ListRead, readRows, rowsIn } from './list-rows.ts';

const NEEDED = ['Name', 'Country', 'Effective_Date', 'Expiration_Date', 'Action', 'FR_Citation'] as const;
type Column = (typeof NEEDED)[number];

const AMERICAN_DATE = /^(\d{2})\/(\d{2})\/(\d{4})$/;

/** `06/29/2056`; null if it is empty or no date: then the order has no such end. */
const dateOf = (text: string): PlainDate | null => {
  const [, month, day, year] = AMERICAN_DATE.exec(text.trim()) ?? [];
  const date = PlainDate.safeParse(`${year}-${month}-${day}`);
  return date.success ? date.data : null;
};

/**
 * Reads the BIS Denied Persons List in its tab-separated form, whose first line names the columns. An order is in
 * effect from its effective date to its expiration date; without a legible end it has no end. Unreadable rows are
 * counted and named, the others are kept. A file without the columns is `invalid`. Reads line by line.
 */
export const readDeniedPersons = (lines: Iterable<string>): ListRead => {
  const rows = rowsIn(lines);
  const first = rows.next();
  const header = first.done ? [] : (fieldsOf(first.value, '\t') ?? []).map((name) => name.trim());
  const missing = NEEDED.filter((column) => !header.includes(column));
  if (missing.length > 0) throw invalid('dpl', `is not the tab-separated list: no column ${missing.join(', ')}`);
  const entries: ListEntry[] = [];
  const timesSeen = new Map<string, number>();
  const { count, badRows } = readRows(
    'dpl',
    rows,
    (line) => line,
    (line) => {
      const fields = fieldsOf(line, '\t');
      if (!fields) throw invalid('dpl', 'a quote is not closed');
      if (fields.length !== header.length) throw invalid('dpl', `has ${fields.length} columns, not ${header.length}`);
      const of = (column: Column): string => (fields[header.indexOf(column)] ?? '').trim();
      const name = nameText(of('Name'), 'Name').trim();
      const from = dateOf(of('Effective_Date'));
      const key = `${name} ${of('Effective_Date')}`;
      const times = (timesSeen.get(key) ?? 0) + 1;
      timesSeen.set(key, times);
      const country = countryCode(of('Country'));
      entries.push({
        id: times === 1 ? key : `${key} #${times}`,
        kind: null,
        name,
        aliases: [],
        programs: ['DPL'],
        births: [],
        countries: country === null ? [] : [country],
        identifiers: [],
        effective: { from, to: dateOf(of('Expiration_Date')) },
        remarks: [of('Action'), of('FR_Citation')].filter(Boolean).join('; '),
      });
    },
  );
  return { entries, files: [count], badRows };
};

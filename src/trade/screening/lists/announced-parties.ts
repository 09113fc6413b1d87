import { PlainDate } from '../../plain-date.ts';
import { invalid } from '../../read-input.ts';
import { PARTY_KINDS, type PartyKind } from '../party.ts';
import type { ListEntry } from '../sanctions-list.ts';
import { countriesOf, type GivenName, identifierOf, namesOf, remarksOf } from './list-entry.ts';
import { fieldsOf, type ListRead, quotedRows, readEntries, rowsIn } from './list-rows.ts';

const NEEDED = ['list', 'name', 'announcement', 'from'] as const;
const ALSO = ['chinese_name', 'aliases', 'weak_aliases', 'kind', 'country', 'registration', 'to', 'remarks'] as const;
type Column = (typeof NEEDED)[number] | (typeof ALSO)[number];
const COLUMNS: readonly string[] = [...NEEDED, ...ALSO];

/** The Chinese list for which a party was announced, and its name in a screening. */
const LISTS: ReadonlyMap<string, string> = new Map([
  ['unreliable_entity', 'CN unreliable entity list'],
  ['export_control', 'CN export control list'],
  ['export_control_watch', 'CN export control watch list'],
]);

/** The maximum length of an id. */
const MAX_ID_LENGTH = 400;

const dayIn = (text: string, column: Column): PlainDate => {
  const day = PlainDate.safeParse(text);
  if (!day.success) throw invalid(column, `“${text.slice(0, 20)}” is not a day of the calendar, such as 2026-03-15`);
  return day.data;
};

const kindIn = (text: string): PartyKind | null => {
  const kind = PARTY_KINDS.find((each) => each === text);
  if (text !== '' && kind === undefined)
    throw invalid('kind', `“${text.slice(0, 20)}” is none of ${PARTY_KINDS.join(', ')}`);
  return kind ?? null;
};

const others = (text: string, weak: boolean): GivenName[] =>
  text.split('|').map((name) => ({ name: name.trim(), weak, label: 'aka', main: false }));

const entryOf = (of: (column: Column) => string): ListEntry => {
  const program = LISTS.get(of('list'));
  if (program === undefined)
    throw invalid('list', `“${of('list').slice(0, 20)}” is none of ${[...LISTS.keys()].join(', ')}`);
  if (of('announcement') === '') throw invalid('announcement', 'is empty; give the number of the announcement');
  if (of('name') === '') throw invalid('name', 'is empty; give the name as announced');
  const from = dayIn(of('from'), 'from');
  const to = of('to') === '' ? null : dayIn(of('to'), 'to');
  if (to !== null && to < from) throw invalid('to', `${to} is before ${from}`);
  const kind = kindIn(of('kind'));
  return {
    id: [of('list'), of('announcement'), from, of('name')].join(' ').slice(0, MAX_ID_LENGTH),
    kind,
    programs: [program],
    births: [],
    ...namesOf(
      [
        { name: of('name'), weak: false, label: 'name', main: true },
        { name: of('chinese_name'), weak: false, label: 'Chinese name', main: false },
        ...others(of('aliases'), false),
        ...others(of('weak_aliases'), true),
      ],
      'name',
    ),
    countries: countriesOf([of('country')]),
    identifiers: of('registration') === '' ? [] : identifierOf('registration', of('registration'), of('country')),
    effective: { from, to },
    remarks: remarksOf([of('announcement'), of('remarks')]),
  };
};

/**
 * Parties that China's Ministry of Commerce put on its unreliable entity list or its export control lists. The ministry
 * publishes announcements but no file, so this is our own CSV form that a user fills in from them, one row per party
 * and announcement: columns `list`, `name`, `announcement`, `from`, and if known `chinese_name`, `aliases` and
 * `weak_aliases` (separated by `|`), `kind`, `country`, `registration`, `to`, `remarks`, in any order. A suspended
 * measure ends on the day before and continues in a row of its own. Unreadable rows are counted and named, the others
 * are kept; a file without its columns, or with an unknown one, is `invalid`.
 */
export const readAnnouncedParties = (lines: Iterable<string>): ListRead => {
  const rows = rowsIn(quotedRows(lines));
  const first = rows.next();
  const header = first.done ? [] : (fieldsOf(first.value, ',') ?? []).map((name) => name.trim().toLowerCase());
  const missing = NEEDED.filter((column) => !header.includes(column));
  if (missing.length > 0) throw invalid('cn', `line 1: no column ${missing.join(', ')}`);
  const strange = header.filter((column, at) => !COLUMNS.includes(column) || header.indexOf(column) !== at);
  if (strange.length > 0) throw invalid('cn', `line 1: the columns ${strange.join(', ')} are unknown or occur twice`);
  const partyOf = (line: string): ListEntry => {
    const fields = fieldsOf(line, ',');
    if (!fields) throw invalid('cn', 'a quote is not closed');
    if (fields.length !== header.length) throw invalid('cn', `has ${fields.length} columns, not ${header.length}`);
    return entryOf((column) => (fields[header.indexOf(column)] ?? '').trim());
  };
  return readEntries('cn', rows, (line) => line, partyOf, 'name');
};

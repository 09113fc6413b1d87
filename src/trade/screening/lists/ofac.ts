import { invalid } from '../../read-input.ts';
import { countryCode } from '../country.ts';
import { nameText } from '../name.ts';
import { type Identifier, type IdentifierType, type PartyKind, plainIdentifier } from '../party.ts';
import type { Alias, BirthDate, ListEntry } from '../sanctions-list.ts';
import { birthBetween } from './list-entry.ts';
import { fieldsOf, type ListRead, readRows, rowsIn } from './list-rows.ts';

/** The four files of OFAC's legacy CSV form, as lines. Only `sdn` is required. */
export interface OfacFiles {
  sdn: Iterable<string>;
  alt?: Iterable<string>;
  add?: Iterable<string>;
  comments?: Iterable<string>;
}

const COLUMNS = { sdn: 12, alt: 5, add: 6, comments: 2 } as const;

const KINDS: ReadonlyMap<string, PartyKind> = new Map([
  ['', 'organisation'],
  ['individual', 'person'],
  ['vessel', 'vessel'],
  ['aircraft', 'aircraft'],
]);

/** `-0- ` means null; the last field of a truncated file can be `-0`. */
const textIn = (field: string): string => (/^\s*-0-?\s*$/.test(field) ? '' : field.trim());

const columnsOf = (line: string, file: keyof typeof COLUMNS): string[] => {
  const fields = fieldsOf(line, ',');
  if (!fields) throw invalid(file, 'a quote is not closed');
  if (fields.length !== COLUMNS[file]) throw invalid(file, `has ${fields.length} columns, not ${COLUMNS[file]}`);
  return fields.map(textIn);
};

interface Draft {
  id: string;
  name: string;
  kind: PartyKind;
  programs: string[];
  callSign: string;
  flag: string;
  remarks: string;
  aliases: Alias[];
  countries: Set<string>;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DATE = /^(?:(\d{1,2}) )?(?:([A-Z][a-z]{2}) )?(\d{4})$/;

/** `17 Apr 1993`, `Apr 1993` and `1993` as partial dates; null for anything else. */
const dateOf = (text: string): string | null => {
  const [, day, month, year] = DATE.exec(text) ?? [];
  if (year === undefined || (day !== undefined && month === undefined)) return null;
  if (month === undefined) return year;
  const number = MONTHS.indexOf(month.toLowerCase()) + 1;
  if (number === 0) return null;
  return [year, String(number).padStart(2, '0'), ...(day === undefined ? [] : [day.padStart(2, '0')])].join('-');
};

const birthOf = (text: string): BirthDate | null => {
  const circa = text.startsWith('circa ');
  const [first = '', second, ...more] = text.replace(/^circa /, '').split(' to ');
  const [from, to] = [dateOf(first), dateOf(second ?? first)];
  return from === null || to === null || more.length > 0 ? null : birthBetween(from, to, circa);
};

/** Prefixes of the remarks that contain a number, longest first. */
const NUMBERS: readonly (readonly [string, IdentifierType])[] = [
  ['Vessel Registration Identification IMO ', 'imo'],
  ['Identification Number IMO ', 'imo'],
  ['Company Number IMO ', 'imo'],
  ['MMSI ', 'mmsi'],
  ['Aircraft Tail Number ', 'tail'],
  ['Passport ', 'passport'],
  ['National ID No. ', 'national_id'],
  ['Cedula No. ', 'national_id'],
  ['D.N.I. ', 'national_id'],
  ['SSN ', 'national_id'],
  ['Tax ID No. ', 'tax'],
  ['V.A.T. Number ', 'tax'],
  ['NIT # ', 'tax'],
  ['RUC # ', 'tax'],
  ['RIF # ', 'tax'],
  ['Business Registration Number ', 'registration'],
  ['Registration Number ', 'registration'],
  ['Registration ID ', 'registration'],
  ['UK Company Number ', 'registration'],
  ['Company Number ', 'registration'],
  ['Commercial Registry Number ', 'registration'],
  ['Legal Entity Number ', 'lei'],
  ['SWIFT/BIC ', 'bic'],
];
const WALLET = /^Digital Currency Address - [A-Z0-9]+ (\S+)$/;

const numberOf = (remark: string): Identifier | null => {
  const wallet = WALLET.exec(remark)?.[1];
  if (wallet !== undefined) return { type: 'wallet', value: wallet };
  const found = NUMBERS.find(([beginning]) => remark.startsWith(beginning));
  if (!found) return null;
  const [beginning, type] = found;
  const [value = '', ...notes] = remark.slice(beginning.length).split(' (');
  if (plainIdentifier(type, value).length < 3) return null;
  const country = notes.map((note) => countryCode(note.replace(/\).*$/, ''))).find((code) => code !== null);
  return { type, value: value.trim(), ...(country ? { country } : {}) };
};

const REMARKED_ALIAS = /^(a\.k\.a\.|f\.k\.a\.|n\.k\.a\.) '(.+?)'?$/;
const BELONGS_TO = /^(?:nationality|citizen) (.+)$/;

/** The separate remarks, without a leading “alt.” and the final full stop. */
const remarksIn = (text: string): string[] =>
  text.split(';').map((remark) =>
    remark
      .trim()
      .replace(/^alt\. /, '')
      .replace(/\.$/, ''),
  );

const finished = (draft: Draft): ListEntry => {
  const remarks = remarksIn(draft.remarks);
  // Aliases in quotes in the remarks are OFAC's weak ones; the strong ones have a file (general knowledge).
  const weak = remarks.flatMap((remark): Alias[] => {
    const [, label, name] = REMARKED_ALIAS.exec(remark) ?? [];
    return label === undefined || name === undefined || !/[\p{L}\p{N}]/u.test(name)
      ? []
      : [{ name, weak: true, label: label.replaceAll('.', '') }];
  });
  const countries = remarks.flatMap((remark) => {
    const country = BELONGS_TO.exec(remark)?.[1];
    return country === undefined ? [] : (countryCode(country) ?? []);
  });
  const identifiers = remarks.flatMap((remark) => numberOf(remark) ?? []);
  if (draft.callSign.length > 2) identifiers.push({ type: 'call_sign', value: draft.callSign });
  if (draft.kind === 'aircraft') identifiers.push({ type: 'tail', value: draft.name });
  return {
    id: draft.id,
    kind: draft.kind,
    name: draft.name,
    programs: draft.programs,
    identifiers,
    aliases: [...draft.aliases, ...weak],
    births: remarks.flatMap((remark) => (remark.startsWith('DOB ') ? (birthOf(remark.slice(4)) ?? []) : [])),
    countries: [...new Set([...draft.countries, ...countries])],
    effective: { from: null, to: null },
    remarks: draft.remarks,
  };
};

const draftOf = (fields: readonly string[]): Draft => {
  const [id = '', name = '', type = '', programs = '', , callSign = '', , , , flag = '', , remarks = ''] = fields;
  if (!/^\d{1,9}$/.test(id)) throw invalid('ent_num', `“${id.slice(0, 20)}” is not a number`);
  nameText(name, 'SDN_Name');
  const kind = KINDS.get(type);
  if (!kind) throw invalid('SDN_Type', `“${type.slice(0, 20)}” is not known`);
  const country = countryCode(flag);
  return {
    id,
    name,
    kind,
    callSign,
    flag,
    remarks,
    aliases: [],
    programs: programs.split('] [').filter(Boolean),
    countries: new Set(country === null ? [] : [country]),
  };
};

/**
 * Reads OFAC's files in the legacy CSV form (no header, `-0- ` for null, programs separated by `] [`), joined by entity
 * number. Over-long remarks are completed from `sdn_comments`. Unreadable rows, and rows that belong to no entry, are
 * counted and named, the others are kept: `processed + failed = rows` in each file. Reads line by line.
 */
export const readOfac = ({ sdn, alt = [], add = [], comments = [] }: OfacFiles): ListRead => {
  const drafts = new Map<string, Draft>();
  const draftFor = (id: string): Draft => {
    const draft = drafts.get(id);
    if (!draft) throw invalid('ent_num', `no entry ${id.slice(0, 20)} in sdn`);
    return draft;
  };
  const line = (text: string) => text;
  const read = [
    readRows('sdn', rowsIn(sdn), line, (text) => {
      const draft = draftOf(columnsOf(text, 'sdn'));
      if (drafts.has(draft.id)) throw invalid('ent_num', `${draft.id} occurs twice`);
      drafts.set(draft.id, draft);
    }),
    readRows('comments', rowsIn(comments), line, (text) => {
      const [id = '', remarks = ''] = columnsOf(text, 'comments');
      draftFor(id).remarks += remarks;
    }),
    readRows('alt', rowsIn(alt), line, (text) => {
      const [id = '', , label = '', name = ''] = columnsOf(text, 'alt');
      draftFor(id).aliases.push({ name: nameText(name, 'alt_name'), weak: false, label });
    }),
    readRows('add', rowsIn(add), line, (text) => {
      const [id = '', , , , country = ''] = columnsOf(text, 'add');
      const code = countryCode(country);
      const draft = draftFor(id);
      if (code !== null) draft.countries.add(code);
    }),
  ];
  return {
    entries: [...drafts.values()].map(finished),
    files: read.map(({ count }) => count),
    badRows: read.flatMap(({ badRows }) => badRows),
  };
};

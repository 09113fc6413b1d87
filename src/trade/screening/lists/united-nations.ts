import { PlainDate } from '../../plain-date.ts';
import { invalid } from '../../read-input.ts';
import { countryCode } from '../country.ts';
import { nameText } from '../name.ts';
import { type Identifier, type IdentifierType, PartialDate, plainIdentifier } from '../party.ts';
import type { Alias, BirthDate, ListEntry } from '../sanctions-list.ts';
import { type ListRead, readRows } from './list-rows.ts';
import { elementsOf, type XmlElement } from './xml-events.ts';

export interface UnitedNationsRead extends ListRead {
  /** The day on which the file was generated, as it says itself; null when it does not. */
  date: PlainDate | null;
}

const RECORDS = new Set(['INDIVIDUAL', 'ENTITY']);
const NAMES = ['FIRST_NAME', 'SECOND_NAME', 'THIRD_NAME', 'FOURTH_NAME'];

const plainText = (text: string): string => text.replace(/\s+/g, ' ').trim();
const children = (of: XmlElement, name: string): XmlElement[] => of.children.filter((child) => child.name === name);
const textOf = (of: XmlElement, name: string): string => plainText(children(of, name)[0]?.text ?? '');

const isName = (text: string): boolean => /[\p{L}\p{N}]/u.test(text);

const aliasesOf = (record: XmlElement): Alias[] => {
  const listed = children(record, `${record.name}_ALIAS`).flatMap((alias): Alias[] => {
    const [name, label] = [textOf(alias, 'ALIAS_NAME'), textOf(alias, 'QUALITY')];
    return isName(name) ? [{ name: nameText(name, 'ALIAS_NAME'), weak: /^low$/i.test(label), label }] : [];
  });
  const original = textOf(record, 'NAME_ORIGINAL_SCRIPT');
  return isName(original)
    ? [...listed, { name: nameText(original, 'NAME_ORIGINAL_SCRIPT'), weak: false, label: 'original script' }]
    : listed;
};

const dateIn = (text: string): string | null => (PartialDate.safeParse(text).success ? text : null);

const birthsOf = (record: XmlElement): BirthDate[] =>
  children(record, 'INDIVIDUAL_DATE_OF_BIRTH').flatMap((birth): BirthDate[] => {
    const from = dateIn(textOf(birth, 'DATE')) ?? dateIn(textOf(birth, 'YEAR')) ?? dateIn(textOf(birth, 'FROM_YEAR'));
    const to = dateIn(textOf(birth, 'TO_YEAR')) ?? from;
    if (from === null || to === null) return [];
    return [{ from, to, circa: textOf(birth, 'TYPE_OF_DATE') === 'APPROXIMATELY' }];
  });

const DOCUMENTS: readonly (readonly [RegExp, IdentifierType])[] = [
  [/pass(port|eport|aporte)|pasaporte/i, 'passport'],
  [/national identification/i, 'national_id'],
];

const documentsOf = (record: XmlElement): Identifier[] =>
  children(record, 'INDIVIDUAL_DOCUMENT').flatMap((document): Identifier[] => {
    const value = textOf(document, 'NUMBER');
    const type = DOCUMENTS.find(([called]) => called.test(textOf(document, 'TYPE_OF_DOCUMENT')))?.[1];
    if (type === undefined || plainIdentifier(type, value).length < 3) return [];
    const country = countryCode(textOf(document, 'ISSUING_COUNTRY') || textOf(document, 'COUNTRY_OF_ISSUE'));
    return [{ type, value, ...(country === null ? {} : { country }) }];
  });

const countriesOf = (record: XmlElement): string[] => {
  const nationalities = children(record, 'NATIONALITY').flatMap((of) => children(of, 'VALUE').map(({ text }) => text));
  const addresses = children(record, `${record.name}_ADDRESS`).map((address) => textOf(address, 'COUNTRY'));
  return [...new Set([...nationalities, ...addresses].flatMap((name) => countryCode(plainText(name)) ?? []))];
};

const entryOf = (record: XmlElement): ListEntry => {
  const id = textOf(record, 'REFERENCE_NUMBER') || textOf(record, 'DATAID');
  if (id === '') throw invalid('REFERENCE_NUMBER', 'is missing');
  const name = nameText(
    NAMES.map((part) => textOf(record, part))
      .filter(Boolean)
      .join(' '),
    'FIRST_NAME',
  );
  const listed = PlainDate.safeParse(textOf(record, 'LISTED_ON'));
  return {
    ...{ id, name, kind: record.name === 'INDIVIDUAL' ? 'person' : 'organisation', aliases: aliasesOf(record) },
    programs: [textOf(record, 'UN_LIST_TYPE')].filter(Boolean),
    ...{ births: birthsOf(record), countries: countriesOf(record), identifiers: documentsOf(record) },
    effective: { from: listed.success ? listed.data : null, to: null },
    remarks: textOf(record, 'COMMENTS1'),
  };
};

/**
 * The entries of the United Nations Security Council's consolidated list (XML), read record by record from the pieces of
 * the file. A record without a number or a name that can be compared is counted and named, the others are kept; a file
 * that is not well-formed, ends early or declares a document type or entities is `invalid` as a whole.
 */
export const readUnitedNations = (chunks: Iterable<string>): UnitedNationsRead => {
  const entries: ListEntry[] = [];
  const known = new Set<string>();
  let date: PlainDate | null = null;
  let isList = false;
  const records = elementsOf(chunks, RECORDS, (name, attributes) => {
    if (name !== 'CONSOLIDATED_LIST') return;
    isList = true;
    const generated = PlainDate.safeParse(attributes.get('dateGenerated')?.slice(0, 10));
    if (generated.success) date = generated.data;
  });
  const { count, badRows } = readRows(
    'un',
    records,
    (record) => `${textOf(record, 'REFERENCE_NUMBER')} ${textOf(record, 'FIRST_NAME')}`.trim(),
    (record) => {
      const entry = entryOf(record);
      if (known.has(entry.id)) throw invalid('REFERENCE_NUMBER', `${entry.id} stands twice`);
      known.add(entry.id);
      entries.push(entry);
    },
  );
  if (!isList) throw invalid('xml', 'is not the consolidated list: no CONSOLIDATED_LIST');
  return { entries, files: [count], badRows, date };
};

import { PlainDate } from '../../plain-date.ts';
import { invalid } from '../../read-input.ts';
import { type Identifier, type IdentifierType, PartialDate } from '../party.ts';
import type { BirthDate, ListEntry } from '../sanctions-list.ts';
import { birthBetween, countriesOf, type GivenName, identifierOf, namesOf, remarksOf } from './list-entry.ts';
import { type DatedListRead, readEntries } from './list-rows.ts';
import { elementsOf, type XmlElement } from './xml-events.ts';
import { children, textOf, textsBelow } from './xml-record.ts';

const RECORDS = new Set(['INDIVIDUAL', 'ENTITY']);
const NAMES = ['FIRST_NAME', 'SECOND_NAME', 'THIRD_NAME', 'FOURTH_NAME'];

const namesOfRecord = (record: XmlElement): Pick<ListEntry, 'name' | 'aliases'> => {
  const own = NAMES.map((part) => textOf(record, part)).filter(Boolean);
  const aliases = children(record, `${record.name}_ALIAS`).map((alias): GivenName => {
    const [name, label] = [textOf(alias, 'ALIAS_NAME'), textOf(alias, 'QUALITY')];
    return { name, label, weak: /^low$/i.test(label), main: false };
  });
  return namesOf(
    [
      { name: own.join(' '), label: 'name', weak: false, main: true },
      ...aliases,
      { name: textOf(record, 'NAME_ORIGINAL_SCRIPT'), label: 'original script', weak: false, main: false },
    ],
    'FIRST_NAME',
  );
};

const dateIn = (text: string): string | null => (PartialDate.safeParse(text).success ? text : null);

const birthsOf = (record: XmlElement): BirthDate[] =>
  children(record, 'INDIVIDUAL_DATE_OF_BIRTH').flatMap((birth): BirthDate[] => {
    const from = dateIn(textOf(birth, 'DATE')) ?? dateIn(textOf(birth, 'YEAR')) ?? dateIn(textOf(birth, 'FROM_YEAR'));
    const to = dateIn(textOf(birth, 'TO_YEAR')) ?? from;
    if (from === null || to === null) return [];
    return [birthBetween(from, to, textOf(birth, 'TYPE_OF_DATE') === 'APPROXIMATELY')];
  });

const DOCUMENTS: readonly (readonly [RegExp, IdentifierType])[] = [
  [/pass(port|eport|aporte)|pasaporte/i, 'passport'],
  [/national identification/i, 'national_id'],
];

const documentsOf = (record: XmlElement): Identifier[] =>
  children(record, 'INDIVIDUAL_DOCUMENT').flatMap((document): Identifier[] => {
    const value = textOf(document, 'NUMBER');
    const type = DOCUMENTS.find(([called]) => called.test(textOf(document, 'TYPE_OF_DOCUMENT')))?.[1];
    return identifierOf(type, value, textOf(document, 'ISSUING_COUNTRY') || textOf(document, 'COUNTRY_OF_ISSUE'));
  });

const countriesIn = (record: XmlElement): string[] =>
  countriesOf([
    ...textsBelow(record, 'NATIONALITY', 'VALUE'),
    ...textsBelow(record, `${record.name}_ADDRESS`, 'COUNTRY'),
  ]);

const entryOf = (record: XmlElement): ListEntry => {
  const id = textOf(record, 'REFERENCE_NUMBER') || textOf(record, 'DATAID');
  if (id === '') throw invalid('REFERENCE_NUMBER', 'is missing');
  const listed = PlainDate.safeParse(textOf(record, 'LISTED_ON'));
  return {
    id,
    kind: record.name === 'INDIVIDUAL' ? 'person' : 'organisation',
    ...namesOfRecord(record),
    programs: [textOf(record, 'UN_LIST_TYPE')].filter(Boolean),
    births: birthsOf(record),
    countries: countriesIn(record),
    identifiers: documentsOf(record),
    effective: { from: listed.success ? listed.data : null, to: null },
    remarks: remarksOf([textOf(record, 'COMMENTS1')]),
  };
};

/**
 * Reads the United Nations Security Council's consolidated list (XML), record by record from chunks of the file.
 * Records without a number or a comparable name are counted and named, the others are kept; a file that is not
 * well-formed, is truncated or declares a document type or entities is `invalid` as a whole.
 */
export const readUnitedNations = (chunks: Iterable<string>): DatedListRead => {
  let date: PlainDate | null = null;
  let isList = false;
  const records = elementsOf(chunks, RECORDS, (name, attributes) => {
    if (name !== 'CONSOLIDATED_LIST') return;
    isList = true;
    const generated = PlainDate.safeParse(attributes.get('dateGenerated')?.slice(0, 10));
    if (generated.success) date = generated.data;
  });
  const read = readEntries(
    'un',
    records,
    (record) => `${textOf(record, 'REFERENCE_NUMBER')} ${textOf(record, 'FIRST_NAME')}`.trim(),
    entryOf,
    'REFERENCE_NUMBER',
  );
  if (!isList) throw invalid('xml', 'is not the consolidated list: no CONSOLIDATED_LIST');
  return { ...read, date };
};

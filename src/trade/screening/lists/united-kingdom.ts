import { PlainDate } from '../../plain-date.ts';
import { invalid } from '../../read-input.ts';
import type { IdentifierType, PartyKind } from '../party.ts';
import type { BirthDate, ListEntry } from '../sanctions-list.ts';
import {
  birthBetween,
  countriesOf,
  type GivenName,
  identifierOf,
  namesOf,
  partialDate,
  remarksOf,
} from './list-entry.ts';
import { type DatedListRead, readEntries } from './list-rows.ts';
import { elementsOf, type XmlElement } from './xml-events.ts';
import { children, textOf, textsBelow } from './xml-record.ts';

const RECORDS = new Set(['Designation', 'DateGenerated']);
const KINDS: ReadonlyMap<string, PartyKind> = new Map([
  ['individual', 'person'],
  ['entity', 'organisation'],
  ['ship', 'vessel'],
]);
/** Given names first; the sixth is the surname, or the whole name of an entity or ship. */
const PARTS = ['Name1', 'Name2', 'Name3', 'Name4', 'Name5', 'Name6'];

/** The paths of numbers within a designation. */
const NUMBERS: readonly (readonly [IdentifierType, ...string[]])[] = [
  ['passport', 'IndividualDetails', 'Individual', 'PassportDetails', 'Passport', 'PassportNumber'],
  [
    ...(['national_id', 'IndividualDetails', 'Individual'] as const),
    'NationalIdentifierDetails',
    'NationalIdentifier',
    'NationalIdentifierNumber',
  ],
  ['registration', 'EntityDetails', 'Entity', 'BusinessRegistrationNumbers', 'BusinessRegistrationNumber'],
  ['imo', 'ShipDetails', 'Ship', 'IMONumbers', 'IMONumber'],
];
const COUNTRIES: readonly (readonly string[])[] = [
  ['IndividualDetails', 'Individual', 'Nationalities', 'Nationality'],
  ['Addresses', 'Address', 'AddressCountry'],
  ['ShipDetails', 'Ship', 'CurrentBelievedFlagOfShips', 'CurrentBelievedFlagOfShip'],
];

const nameOf = (name: XmlElement): GivenName => ({
  name: PARTS.map((part) => textOf(name, part))
    .filter(Boolean)
    .join(' '),
  main: textOf(name, 'NameType').toLowerCase() === 'primary name',
  weak: /^low/i.test(textOf(name, 'AliasStrength')),
  label: textOf(name, 'NameType') || 'Alias',
});

/** The list writes `dd/mm/1945` if only the year is known. */
const DAY = /^(\d{2}|dd)\/(\d{2}|mm)\/(\d{4})$/;

const birthOf = (text: string): BirthDate[] => {
  const [, day = '', month = '', year = ''] = DAY.exec(text) ?? [];
  const date = partialDate(year, month, day);
  return date === null ? [] : [birthBetween(date, date, false)];
};

const dayIn = (text: string): PlainDate | null => {
  const [, day, month, year] = DAY.exec(text.slice(0, 10)) ?? [];
  const date = PlainDate.safeParse(year === undefined ? text.slice(0, 10) : `${year}-${month}-${day}`);
  return date.success ? date.data : null;
};

const entryOf = (record: XmlElement): ListEntry => {
  const id = textOf(record, 'UniqueID');
  if (id === '') throw invalid('UniqueID', 'is missing');
  const names = children(record, 'Names').flatMap((all) => children(all, 'Name').map(nameOf));
  const others = textsBelow(record, 'NonLatinNames', 'NonLatinName', 'NameNonLatinScript');
  return {
    id,
    kind: KINDS.get(textOf(record, 'IndividualEntityShip').toLowerCase()) ?? null,
    ...namesOf(
      [...names, ...others.map((name) => ({ name, main: false, weak: false, label: 'non-Latin script' }))],
      'Names',
    ),
    programs: textsBelow(record, 'RegimeName').map((regime) => regime.slice(0, 200)),
    births: textsBelow(record, 'IndividualDetails', 'Individual', 'DOBs', 'DOB').flatMap(birthOf),
    countries: countriesOf(COUNTRIES.flatMap((path) => textsBelow(record, ...path))),
    identifiers: NUMBERS.flatMap(([type, ...path]) =>
      [...new Set(textsBelow(record, ...path))].flatMap((number) => identifierOf(type, number, '')),
    ),
    effective: { from: dayIn(textOf(record, 'DateDesignated')), to: null },
    remarks: remarksOf([textOf(record, 'SanctionsImposed'), textOf(record, 'OtherInformation')]),
  };
};

/**
 * Reads the UK Sanctions List in its XML form (root `Designations`), record by record from chunks of the file. It has
 * been the one list of financial, immigration, trade and transport sanctions since OFSI's consolidated list was closed
 * on 28 January 2026. An alias is weak if its strength is “Low quality a.k.a”. Records without a number or name are
 * counted and named, the others are kept; a file that is not well-formed, is truncated or declares a document type or
 * entities is `invalid` as a whole, with the line.
 */
export const readUnitedKingdom = (chunks: Iterable<string>): DatedListRead => {
  let date: PlainDate | null = null;
  let isList = false;
  const elements = elementsOf(chunks, RECORDS, (name) => {
    isList ||= name === 'Designations';
  });
  const records = function* (): Generator<XmlElement> {
    for (const element of elements)
      if (element.name === 'DateGenerated') date = dayIn(element.text.trim());
      else yield element;
  };
  const read = readEntries('uk', records(), (record) => textOf(record, 'UniqueID'), entryOf, 'UniqueID');
  if (!isList) throw invalid('xml', 'is not the UK Sanctions List: no Designations');
  return { ...read, date };
};

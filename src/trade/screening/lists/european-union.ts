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
import { attributeOf, children, plainText, textOf } from './xml-record.ts';

const RECORDS = new Set(['sanctionEntity']);
const KINDS: ReadonlyMap<string, PartyKind> = new Map([
  ['person', 'person'],
  ['enterprise', 'organisation'],
]);

/** `identificationTypeCode`; the other codes are for documents that are not compared. */
const NUMBERS: ReadonlyMap<string, IdentifierType> = new Map([
  ['passport', 'passport'],
  ...['id', 'ssn', 'NRN'].map((code) => [code, 'national_id'] as const),
  ...['fiscalcode', 'taxid', 'euvat'].map((code) => [code, 'tax'] as const),
  ...['regnumber', 'tradelic'].map((code) => [code, 'registration'] as const),
  ['swiftbic', 'bic'],
  ['imo', 'imo'],
]);

/** How the Commission marks a name as weak in its remark: as a clause of its own, not in words about somebody else. */
const LOW_QUALITY = /(?:^|[\n;])[\s("'‘]*low(?:er)?\s+quality/i;

const nameOf = (alias: XmlElement): GivenName => {
  const parts = ['firstName', 'middleName', 'lastName'].map((part) => attributeOf(alias, part)).filter(Boolean);
  const isLow = children(alias, 'remark').some(({ text }) => LOW_QUALITY.test(text));
  return {
    name: attributeOf(alias, 'wholeName') || parts.join(' '),
    weak: attributeOf(alias, 'strong') === 'false' || isLow,
    label: attributeOf(alias, 'nameLanguage') || 'aka',
    main: true,
  };
};

/**
 * A year of another calendar would be compared as a Gregorian one, so only the converted date of such a birth is read.
 */
const birthOf = (birth: XmlElement): BirthDate[] => {
  const of = (name: string) => attributeOf(birth, name);
  const [year, month, day] = of('birthdate').split('-');
  const whole = partialDate(year ?? '', month, day);
  const isOurs = of('calendarType') === '' || of('calendarType') === 'GREGORIAN';
  const one = whole ?? (isOurs ? partialDate(of('year'), of('monthOfYear'), of('dayOfMonth')) : null);
  const [from, to] = isOurs ? [partialDate(of('yearRangeFrom')), partialDate(of('yearRangeTo'))] : [null, null];
  const circa = of('circa') === 'true';
  if (one !== null) return [birthBetween(one, one, circa)];
  return from === null || to === null ? [] : [birthBetween(from, to, circa)];
};

/** `00` is the list's code for an unknown country. */
const countryIn = (element: XmlElement): string =>
  attributeOf(element, 'countryIso2Code') === '00'
    ? ''
    : attributeOf(element, 'countryIso2Code') || attributeOf(element, 'countryDescription');

const entryOf = (record: XmlElement): ListEntry => {
  const id = attributeOf(record, 'euReferenceNumber') || attributeOf(record, 'logicalId');
  if (id === '') throw invalid('euReferenceNumber', 'is missing');
  const [subject] = children(record, 'subjectType');
  const listed = PlainDate.safeParse(attributeOf(record, 'designationDate'));
  const numbers = children(record, 'identification').filter((each) => attributeOf(each, 'knownFalse') !== 'true');
  return {
    id,
    kind: KINDS.get(subject ? attributeOf(subject, 'code') : '') ?? null,
    ...namesOf(children(record, 'nameAlias').map(nameOf), 'nameAlias'),
    programs: [...new Set(children(record, 'regulation').map((each) => attributeOf(each, 'programme')))].filter(
      Boolean,
    ),
    births: children(record, 'birthdate').flatMap(birthOf),
    countries: countriesOf([...children(record, 'citizenship'), ...children(record, 'address')].map(countryIn)),
    identifiers: numbers.flatMap((each) =>
      identifierOf(
        NUMBERS.get(attributeOf(each, 'identificationTypeCode')),
        attributeOf(each, 'number') || attributeOf(each, 'latinNumber'),
        countryIn(each),
      ),
    ),
    effective: { from: listed.success ? listed.data : null, to: null },
    remarks: remarksOf(children(record, 'remark').map(({ text }) => plainText(text))),
  };
};

/**
 * Reads the consolidated list of persons, groups and entities under EU financial sanctions in its full XML form 1.1
 * (root `export`, one element `sanctionEntity` each), record by record from chunks of the file. The list marks no name
 * as the main one, so the first strong one is used. An alias is weak if `strong` is false or its remark calls it low
 * quality. Records without a number or name are counted and named, the others are kept; a file that is not well-formed,
 * is truncated or declares a document type or entities is `invalid` as a whole, with the line.
 */
export const readEuropeanUnion = (chunks: Iterable<string>): DatedListRead => {
  let date: PlainDate | null = null;
  let isList = false;
  const records = elementsOf(chunks, RECORDS, (name, attributes) => {
    if (name !== 'export') return;
    isList = true;
    const generated = PlainDate.safeParse(attributes.get('generationDate')?.slice(0, 10));
    if (generated.success) date = generated.data;
  });
  const read = readEntries(
    'eu',
    records,
    (record) => attributeOf(record, 'euReferenceNumber') || textOf(record, 'remark'),
    entryOf,
    'euReferenceNumber',
  );
  if (!isList) throw invalid('xml', 'is not the consolidated list of the EU: no export');
  return { ...read, date };
};

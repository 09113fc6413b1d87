import { PlainDate } from '../../plain-date.ts';
import { invalid } from '../../read-input.ts';
import type { Identifier, IdentifierType, PartyKind } from '../party.ts';
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
import { type DatedListRead, readRows } from './list-rows.ts';
import { elementsOf, type XmlElement } from './xml-events.ts';
import { attributeOf, below, children, plainText, textOf, textsBelow } from './xml-record.ts';

const RECORDS = new Set(['sanctions-program', 'place', 'target']);

/** Texts for the sanctions of a target and the country of an address; both may follow the target in the file. */
interface Tables {
  /** Short name of the programme, by sanctions set. */
  programs: Map<string, string>;
  countries: Map<string, string>;
}

const countryOf = (element: XmlElement): string => {
  const [country] = children(element, 'country');
  return country ? attributeOf(country, 'iso-code') || plainText(country.text) : '';
};

const inEnglish = (element: XmlElement, name: string): string => {
  const all = children(element, name);
  const english = all.find((each) => attributeOf(each, 'lang') === 'eng') ?? all[0];
  return english ? plainText(english.text) : '';
};

const take = (element: XmlElement, { programs, countries }: Tables): void => {
  if (element.name === 'place') countries.set(attributeOf(element, 'ssid'), countryOf(element));
  const key = inEnglish(element, 'program-key') || inEnglish(element, 'program-name');
  for (const set of children(element, 'sanctions-set')) programs.set(attributeOf(set, 'ssid'), key.slice(0, 200));
};

interface Change {
  type: string;
  day: string;
}

/**
 * The day from which each change is in effect, latest first; of two on the same day, the one that comes first in the
 * file.
 */
const changesOf = (target: XmlElement): Change[] =>
  children(target, 'modification')
    .map((change) => ({
      type: attributeOf(change, 'modification-type'),
      day:
        ['effective-date', 'publication-date', 'enactment-date']
          .map((name) => attributeOf(change, name))
          .find(Boolean) ?? '',
    }))
    .sort((a, b) => (a.day < b.day ? 1 : a.day > b.day ? -1 : 0));

/** A spelling of a name part, with its language and script; the value itself has none. */
interface Spelling {
  group: string;
  text: string;
}

const spellingsOf = (part: XmlElement): Spelling[] => [
  { group: '', text: textOf(part, 'value') },
  ...children(part, 'spelling-variant').map((variant) => ({
    group: `${attributeOf(variant, 'lang')} ${attributeOf(variant, 'script')}`,
    text: plainText(variant.text),
  })),
];

/** One name with two dozen spellings of each part would make a million names. */
const MAX_SPELLINGS = 48;

/** Every name that the parts form in one language and script. A part without a spelling in it keeps its value. */
const spelledIn = (group: string, parts: readonly (readonly Spelling[])[]): string[] =>
  parts.reduce<string[]>(
    (names, spellings) => {
      const own = spellings.filter((spelling) => spelling.group === group && spelling.text !== '');
      const texts = own.length > 0 ? own.map(({ text }) => text) : spellings.slice(0, 1).map(({ text }) => text);
      return names.flatMap((name) => texts.map((text) => `${name} ${text}`.trim())).slice(0, MAX_SPELLINGS);
    },
    [''],
  );

const namesIn = (identity: XmlElement): GivenName[] =>
  children(identity, 'name').flatMap((name): GivenName[] => {
    const type = attributeOf(name, 'name-type');
    const parts = children(name, 'name-part')
      .filter((part) => attributeOf(part, 'name-part-type') !== 'title')
      .sort((a, b) => Number(attributeOf(a, 'order')) - Number(attributeOf(b, 'order')))
      .map(spellingsOf);
    const groups = [...new Set(parts.flatMap((spellings) => spellings.map(({ group }) => group)))];
    return groups.flatMap((group) =>
      spelledIn(group, parts).map((text) => ({
        name: text,
        label: type || 'alias',
        weak: attributeOf(name, 'quality') === 'low',
        main: group === '' && type === 'primary-name' && attributeOf(identity, 'main') !== 'false',
      })),
    );
  });

const birthsIn = (identity: XmlElement): BirthDate[] =>
  children(identity, 'day-month-year').flatMap((birth): BirthDate[] => {
    const of = (name: string) => attributeOf(birth, name);
    const date = partialDate(of('year'), of('month'), of('day'));
    return date === null ? [] : [birthBetween(date, date, attributeOf(birth, 'quality') === 'low')];
  });

const documentType = (text: string): IdentifierType | undefined =>
  /passport/.test(text) ? 'passport' : /^(id|identity)-card$/.test(text) ? 'national_id' : undefined;

const documentsIn = (identity: XmlElement): Identifier[] =>
  children(identity, 'identification-document').flatMap((document) => {
    const [issuer] = children(document, 'issuer');
    const country = issuer ? attributeOf(issuer, 'code') || plainText(issuer.text) : '';
    return identifierOf(documentType(attributeOf(document, 'document-type')), textOf(document, 'number'), country);
  });

/** Numbers are in separate sentences: “IMO Number: 1234567”. */
const REMARKED: readonly (readonly [RegExp, IdentifierType])[] = [
  [/^IMO(?: number)?\s*:?\s*(\d{7})\.?$/i, 'imo'],
  [/^(?:taxpayer identification|tax registration) number\s*:\s*(\d+)\.?$/i, 'tax'],
  [/^(?:(?:state|business) )?registration number\s*:\s*(\d+)\.?$/i, 'registration'],
];

const numbersIn = (remark: string): Identifier[] =>
  REMARKED.flatMap(([form, type]) => identifierOf(type, form.exec(remark)?.[1] ?? '', ''));

const SUBJECTS = ['individual', 'entity', 'object'] as const;

const kindOf = (subject: XmlElement): PartyKind | null => {
  if (subject.name === 'individual') return 'person';
  if (subject.name === 'entity') return 'organisation';
  const object = attributeOf(subject, 'object-type');
  return object === 'vessel' || object === 'aircraft' ? object : null;
};

const entryOf = (target: XmlElement, changes: readonly Change[], { programs, countries }: Tables): ListEntry => {
  const subject = target.children.find(({ name }) => SUBJECTS.some((each) => each === name));
  if (!subject) throw invalid('target', 'names neither an individual nor an entity nor an object');
  const identities = children(subject, 'identity');
  const kind = kindOf(subject);
  const addresses = identities.flatMap((identity) => children(identity, 'address'));
  const remarks = textsBelow(subject, 'other-information');
  const listed = changes.filter(({ type }) => type === 'listed').at(-1);
  const from = PlainDate.safeParse(listed?.day);
  const sets = [attributeOf(target, 'sanctions-set-id'), ...textsBelow(target, 'sanctions-set-id')];
  return {
    id: attributeOf(target, 'ssid'),
    kind,
    ...namesOf(identities.flatMap(namesIn), 'identity'),
    programs: [...new Set(sets.flatMap((set) => programs.get(set) ?? []))].filter(Boolean),
    births: kind === 'person' ? identities.flatMap(birthsIn) : [],
    countries: countriesOf([
      ...identities.flatMap((identity) => below(identity, 'nationality').map(countryOf)),
      ...addresses.map((address) => countryOf(address) || (countries.get(attributeOf(address, 'place-id')) ?? '')),
    ]),
    identifiers: [...identities.flatMap(documentsIn), ...remarks.flatMap(numbersIn)],
    effective: { from: from.success ? from.data : null, to: null },
    remarks: remarksOf(remarks),
  };
};

/** A target without its history, and the changes from that history. */
interface Listed {
  target: XmlElement;
  changes: readonly Change[];
}

const listedOf = (target: XmlElement): Listed => ({
  target: { ...target, children: target.children.filter(({ name }) => name !== 'modification') },
  changes: changesOf(target),
});

/**
 * Reads the sanctions list of the Swiss SECO (XML, root `swiss-sanctions-list`, the whole list), target by target from
 * chunks of the file. A delisted target stays in the file: if its latest change by the day of the file is `de-listed`,
 * it is read but gives no entry. Earlier states in changes are ignored. A name is an alias in each script and spelling
 * of its parts; it is weak if its quality is `low`. Targets without a number or name are counted and named, the others
 * are kept; another list, and a file that is not well-formed, is truncated or declares a document type or entities, is
 * `invalid` as a whole, with the line.
 */
export const readSwitzerland = (chunks: Iterable<string>): DatedListRead => {
  const tables: Tables = { programs: new Map(), countries: new Map() };
  const targets: Listed[] = [];
  const root = { listType: '', date: '' };
  const elements = elementsOf(chunks, RECORDS, (name, attributes) => {
    if (name !== 'swiss-sanctions-list') return;
    root.listType = attributes.get('list-type') ?? '';
    root.date = attributes.get('date') ?? '';
  });
  for (const element of elements)
    if (element.name === 'target') targets.push(listedOf(element));
    else take(element, tables);
  if (root.listType !== 'whole-list')
    throw invalid('xml', 'is not the whole list of the SECO: no swiss-sanctions-list of the type whole-list');
  const date = PlainDate.safeParse(root.date).data ?? null;
  const entries: ListEntry[] = [];
  const known = new Set<string>();
  const { count, badRows } = readRows(
    'ch',
    targets,
    ({ target }) => attributeOf(target, 'ssid'),
    ({ target, changes }) => {
      const id = attributeOf(target, 'ssid');
      if (id === '') throw invalid('ssid', 'is missing');
      if (known.has(id)) throw invalid('ssid', `${id} occurs twice`);
      known.add(id);
      const [latest] = changes;
      if (latest?.type === 'de-listed' && (date === null || latest.day <= date)) return;
      entries.push(entryOf(target, changes, tables));
    },
  );
  return { entries, files: [count], badRows, date };
};

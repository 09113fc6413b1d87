import { isFailure } from '#domain/failure.ts';
import { invalid } from '../../read-input.ts';
import { countryCode } from '../country.ts';
import { nameText } from '../name.ts';
import { type Identifier, type IdentifierType, PartialDate, plainIdentifier } from '../party.ts';
import type { Alias, BirthDate, ListEntry } from '../sanctions-list.ts';

/** What an entry keeps of the authority's prose; the rest stands at the authority. */
const MOST_REMARKS = 20_000;
/** Longer “numbers” are sentences. */
const LONGEST_NUMBER = 120;
const FEWEST_LETTERS = 3;

/** Whether a text can be compared as a name: it has a letter and is no longer than names are. */
export const isName = (text: string): boolean => {
  try {
    return nameText(text, 'name') !== '';
  } catch (error) {
    if (isFailure(error, 'invalid')) return false;
    throw error;
  }
};

/** A name as a list gives it: `main` marks those that it calls the party's own. */
export interface GivenName extends Alias {
  main: boolean;
}

/**
 * The entry's name, which is the first that is marked as main, or else the first strong one, or else the first; and the
 * others as aliases, each spelling once. What cannot be compared is left out; when nothing is left that is `invalid`.
 */
export const namesOf = (given: readonly GivenName[], field: string): Pick<ListEntry, 'name' | 'aliases'> => {
  const names = given.filter(({ name }) => isName(name));
  const chosen = names.find(({ main, weak }) => main && !weak) ?? names.find(({ weak }) => !weak) ?? names[0];
  if (!chosen) throw invalid(field, 'has no name that can be compared: a letter at least, and 500 characters at most');
  const aliases = new Map<string, Alias>();
  for (const { name, weak, label } of names) {
    const known = aliases.get(name);
    // The same spelling as a strong alias and as a weak one is a strong one.
    if (name !== chosen.name && (!known || known.weak)) aliases.set(name, { name, weak, label });
  }
  return { name: chosen.name, aliases: [...aliases.values()] };
};

/** A day of a birth of which month and day may be missing or unknown; null when even the year is. */
export const partialDate = (year: string, month = '', day = ''): string | null => {
  const two = (text: string) => (/^\d{1,2}$/.test(text) && Number(text) > 0 ? text.padStart(2, '0') : null);
  const [mm, dd] = [two(month), two(day)];
  const written = [year, ...(mm === null ? [] : [mm, ...(dd === null ? [] : [dd])])].join('-');
  return [written, year].find((text) => PartialDate.safeParse(text).success) ?? null;
};

/** A birth between two dates, whichever was written first: one that nobody can have would speak against everybody. */
export const birthBetween = (a: string, b: string, circa: boolean): BirthDate =>
  a <= b ? { from: a, to: b, circa } : { from: b, to: a, circa };

/** A number that can name a party; none for what is too short, too long or of an unknown type. */
export const identifierOf = (type: IdentifierType | undefined, value: string, country: string): Identifier[] => {
  if (type === undefined || value.length > LONGEST_NUMBER) return [];
  if (plainIdentifier(type, value).length < FEWEST_LETTERS) return [];
  const code = countryCode(country);
  return [{ type, value, ...(code === null ? {} : { country: code }) }];
};

/** The codes of the countries that are known, each once. */
export const countriesOf = (names: readonly string[]): string[] => [
  ...new Set(names.flatMap((name) => countryCode(name) ?? [])),
];

export const remarksOf = (texts: readonly string[]): string =>
  [...new Set(texts.filter(Boolean))].join('; ').slice(0, MOST_REMARKS);

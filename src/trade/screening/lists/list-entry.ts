import { isFailure } from '#domain/failure.ts';
import { invalid } from '../../read-input.ts';
import { countryCode } from '../country.ts';
import { nameText } from '../name.ts';
import { type Identifier, type IdentifierType, PartialDate, plainIdentifier } from '../party.ts';
import type { Alias, BirthDate, ListEntry } from '../sanctions-list.ts';

/** How much of the authority's remarks an entry keeps; the full text is at the authority. */
const MAX_REMARKS_LENGTH = 20_000;
/** Longer “numbers” are sentences. */
const MAX_NUMBER_LENGTH = 120;
const MIN_LETTERS = 3;

/** Whether a text can be compared as a name: it contains a letter and is not longer than names are. */
export const isName = (text: string): boolean => {
  try {
    return nameText(text, 'name') !== '';
  } catch (error) {
    if (isFailure(error, 'invalid')) return false;
    throw error;
  }
};

/** A name as given in a list. `main` marks those that the list calls the party's own. */
export interface GivenName extends Alias {
  main: boolean;
}

/**
 * Chooses the entry's name: the first one marked as main, otherwise the first strong one, otherwise the first. The
 * others become aliases, without duplicate spellings. Names that cannot be compared are dropped; throws `invalid` if
 * none is left.
 */
export const namesOf = (given: readonly GivenName[], field: string): Pick<ListEntry, 'name' | 'aliases'> => {
  const names = given.filter(({ name }) => isName(name));
  const chosen = names.find(({ main, weak }) => main && !weak) ?? names.find(({ weak }) => !weak) ?? names[0];
  if (!chosen) throw invalid(field, 'has no name that can be compared: a letter at least, and 500 characters at most');
  const aliases = new Map<string, Alias>();
  for (const { name, weak, label } of names) {
    const known = aliases.get(name);
    // If the same spelling is both a strong and a weak alias, it is strong.
    if (name !== chosen.name && (!known || known.weak)) aliases.set(name, { name, weak, label });
  }
  return { name: chosen.name, aliases: [...aliases.values()] };
};

/** A date of birth whose month and day may be missing or unknown; null if the year is too. */
export const partialDate = (year: string, month = '', day = ''): string | null => {
  const two = (text: string) => (/^\d{1,2}$/.test(text) && Number(text) > 0 ? text.padStart(2, '0') : null);
  const [mm, dd] = [two(month), two(day)];
  const written = [year, ...(mm === null ? [] : [mm, ...(dd === null ? [] : [dd])])].join('-');
  return [written, year].find((text) => PartialDate.safeParse(text).success) ?? null;
};

/** A birth between two dates in either order. Reversed dates would match nobody and so count against everybody. */
export const birthBetween = (a: string, b: string, circa: boolean): BirthDate =>
  a <= b ? { from: a, to: b, circa } : { from: b, to: a, circa };

/** The number as an identifier; empty if it is too short, too long or of an unknown type. */
export const identifierOf = (type: IdentifierType | undefined, value: string, country: string): Identifier[] => {
  if (type === undefined || value.length > MAX_NUMBER_LENGTH) return [];
  if (plainIdentifier(type, value).length < MIN_LETTERS) return [];
  const code = countryCode(country);
  return [{ type, value, ...(code === null ? {} : { country: code }) }];
};

/** The codes of the known countries, without duplicates. */
export const countriesOf = (names: readonly string[]): string[] => [
  ...new Set(names.flatMap((name) => countryCode(name) ?? [])),
];

export const remarksOf = (texts: readonly string[]): string =>
  [...new Set(texts.filter(Boolean))].join('; ').slice(0, MAX_REMARKS_LENGTH);

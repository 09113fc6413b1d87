import type { Party } from './party.ts';
import type { ListEntry } from './sanctions-list.ts';

/** How a second attribute changes the score of a name. Our own weights: the name decides, a qualifier adjusts. */
export const QUALIFIER_EFFECTS = {
  birth_same_day: 0.03,
  birth_agrees: 0.02,
  birth_unclear: 0,
  birth_differs: -0.15,
  country_agrees: 0.01,
  country_differs: -0.05,
  number_differs: -0.15,
} as const;
export type Qualifier = keyof typeof QUALIFIER_EFFECTS;

/** The most that qualifiers can raise a score. Names that far below the threshold must be examined too. */
export const MAX_RAISE = QUALIFIER_EFFECTS.birth_same_day + QUALIFIER_EFFECTS.country_agrees;

const CIRCA_YEARS = 2;

const yearOf = (date: string): number => Number(date.slice(0, 4));

const birthOf = (party: string, listed: ListEntry['births'][number]): Qualifier => {
  const slack = listed.circa ? CIRCA_YEARS : 0;
  const year = yearOf(party);
  const [from, to] = [yearOf(listed.from) - slack, yearOf(listed.to) + slack];
  const isDay = listed.from === listed.to && listed.from.length === 10 && !listed.circa;
  if (isDay && party.length === 10) {
    if (party === listed.from) return 'birth_same_day';
    // Swapping day and month is the most common error in dates of birth.
    return year >= from - 1 && year <= to + 1 ? 'birth_unclear' : 'birth_differs';
  }
  if (year >= from && year <= to) {
    const shorter = Math.min(party.length, listed.from.length);
    const sameMonth =
      listed.from !== listed.to || listed.circa || party.slice(0, shorter) === listed.from.slice(0, shorter);
    return sameMonth ? 'birth_agrees' : 'birth_unclear';
  }
  return year >= from - 1 && year <= to + 1 ? 'birth_unclear' : 'birth_differs';
};

/** Kinds of numbers of which a thing has only one, so a different number means a different thing. */
const ONE_EACH = ['imo', 'tail'] as const;

/**
 * What date of birth, country and ship or tail number say about whether `party` is `entry`; the most favourable of
 * each.
 */
export const qualifiersOf = (party: Party, entry: ListEntry): Qualifier[] => {
  const found: Qualifier[] = [];
  const { dateOfBirth } = party;
  if (dateOfBirth !== undefined && entry.births.length > 0) {
    const births = entry.births.map((birth) => birthOf(dateOfBirth, birth));
    births.sort((a, b) => QUALIFIER_EFFECTS[b] - QUALIFIER_EFFECTS[a]);
    found.push(births[0] ?? 'birth_unclear');
  }
  if (party.countries.length > 0 && entry.countries.length > 0)
    found.push(party.countries.some((code) => entry.countries.includes(code)) ? 'country_agrees' : 'country_differs');
  const differs = ONE_EACH.some(
    (type) =>
      party.identifiers.some((own) => own.type === type) && entry.identifiers.some((listed) => listed.type === type),
  );
  // Equal numbers are separate hits and are not handled here.
  if (differs) found.push('number_differs');
  return found;
};

import { daysBetween, type PlainDate } from '../plain-date.ts';
import { invalid, readUnder } from '../read-input.ts';
import { mergeNotices, type Notice } from '../rule.ts';
import { type ComparableName, comparableNames, isUnspelled, nameText, weightOf } from './name.ts';
import { rounded } from './name-score.ts';
import { Party, type PartyInput, plainIdentifier } from './party.ts';
import { MAX_RAISE, QUALIFIER_EFFECTS, type Qualifier, qualifiersOf } from './qualifiers.ts';
import type { ListEntry, ListUsed } from './sanctions-list.ts';
import { type ListedNumber, namesLike, numberKey, type ScreeningIndex, type SimilarName } from './screening-index.ts';

/**
 * Changes whenever the same party and lists could give another answer. Decisions stored with another version are
 * repeated.
 */
export const SCREENING_VERSION = '2';

export const VERDICTS = ['clear', 'review', 'blocked'] as const;
export type Verdict = (typeof VERDICTS)[number];

export const DEFAULT_THRESHOLD = 0.88;
/** From this score on, a strong name with nothing against it blocks. */
export const DEFAULT_BLOCK_AT = 0.99;
export const LOWEST_THRESHOLD = 0.75;
/** Lists can change on any day. A week without a new state usually means that fetching failed. */
export const DEFAULT_MAX_LIST_AGE_DAYS = 7;

/**
 * From this score on, a Chinese name counts as spelled like a listed one. Pinyin has about four hundred syllables: one
 * letter more or less makes another name (li, lin, ling), not a typing error, and the usual threshold would match every
 * fourth name.
 */
export const ROMANISED_THRESHOLD = 0.99;
/** With fewer letters, a name matches a list by chance. */
const MIN_LETTERS = 4;
/** A word that occurs in this many listed names is weak evidence. */
const COMMON_FROM = 20;
/** Shorter numbers repeat between registers. */
const MIN_NUMBER_LENGTH = 5;
const MAX_HITS = 100;

export interface ScreeningOptions {
  /** The day of the transaction or decision. Entries not in effect on it do not block. */
  on: PlainDate;
  today: PlainDate;
  threshold?: number;
  blockAt?: number;
  maxListAgeDays?: number;
}

export interface Hit {
  /** The effect of this hit alone. `clear`: a name above the threshold that a qualifier or a date contradicts. */
  effect: Verdict;
  listId: string;
  entryId: string;
  /** The entry's main name, as listed. */
  name: string;
  /** The alias that matched, as listed; null if the main name or a number matched. */
  matchedAlias: string | null;
  /** 0 to 1, with qualifiers; an equal number scores 1. */
  score: number;
  /** Score of the names alone. */
  nameScore: number;
  programs: readonly string[];
  why: readonly string[];
}

/** The record of a decision: what was found, with which states of which lists, by which engine and threshold. */
export interface Screening {
  verdict: Verdict;
  hits: readonly Hit[];
  /** The number of further, weaker hits that are not in `hits`. */
  hitsLeftOut: number;
  listsUsed: readonly ListUsed[];
  threshold: number;
  blockAt: number;
  engineVersion: string;
  screenedOn: PlainDate;
  /** The forms of the name that were compared. */
  comparedAs: readonly string[];
  notices: readonly Notice[];
}

const advice = (rule: string, message: string): Notice => ({ code: 'advice', rule, message });

const within = (value: number, lowest: number, field: string): number => {
  if (!(value >= lowest && value <= 1)) throw invalid(field, `is not between ${lowest} and 1`);
  return value;
};

const listNotices = (lists: readonly ListUsed[], today: PlainDate, maxAge: number): Notice[] =>
  lists.flatMap(({ id, date }): Notice[] => {
    const age = daysBetween(date, today);
    const rule = 'screening.list-age';
    if (age > maxAge)
      return [
        {
          code: 'review_overdue',
          rule,
          message: `${id}: its state of ${date} is ${age} days old; fetch the list and screen again`,
        },
      ];
    return age < -1
      ? [advice(rule, `${id}: its date ${date} is after today, ${today}; check where the file came from`)]
      : [];
  });

const WHY = {
  birth_same_day: 'the date of birth is the same',
  birth_agrees: 'the date of birth agrees as far as both are known',
  birth_unclear: 'the dates of birth are near each other',
  birth_differs: 'the dates of birth differ',
  country_agrees: 'a country is the same',
  country_differs: 'no country is the same',
  number_differs: 'the ship or tail number is another',
} as const satisfies Record<Qualifier, string>;

const outOfForce = ({ effective: { from, to } }: ListEntry, on: PlainDate): string | null => {
  if (from !== null && on < from) return `the entry takes effect on ${from}`;
  if (to !== null && on > to) return `the entry had effect until ${to}`;
  return null;
};

interface Question {
  party: Party;
  options: Required<ScreeningOptions>;
  /** Why the party's name alone is not enough; null if it is. */
  weakName: string | null;
}

const hitByName = (
  { listed, score, by }: SimilarName,
  romanised: boolean,
  { party, options, weakName }: Question,
): Hit | null => {
  const { entry, alias, list } = listed;
  const qualifiers = qualifiersOf(party, entry);
  const final = rounded(qualifiers.reduce((sum, qualifier) => sum + QUALIFIER_EFFECTS[qualifier], score));
  // Not even close by its name: a qualifier would have had to raise it.
  if (score < options.threshold && final < options.threshold) return null;
  const agrees = qualifiers.some((qualifier) => QUALIFIER_EFFECTS[qualifier] > 0);
  const sameBirth = qualifiers.includes('birth_same_day') || qualifiers.includes('birth_agrees');
  const against = qualifiers.filter((qualifier) => QUALIFIER_EFFECTS[qualifier] < 0);
  const ended = outOfForce(entry, options.on);
  const kinds = party.kind !== undefined && entry.kind !== null && party.kind !== entry.kind;
  const needsNumber = entry.kind === 'vessel' || entry.kind === 'aircraft';
  const doubts = [
    ...(weakName !== null && !agrees ? [weakName] : []),
    ...(romanised && !sameBirth ? ['other Chinese characters are spelled the same in Latin letters'] : []),
    ...(alias?.weak ? ['the alias is a weak one'] : []),
    ...(kinds ? [`the entry is a ${entry.kind}, the party a ${party.kind}`] : []),
    ...(needsNumber ? [`a ${entry.kind} is told by its number, not by its name`] : []),
  ];
  const blocks = final >= options.blockAt && doubts.length === 0 && against.length === 0;
  const effect = final < options.threshold || ended !== null ? 'clear' : blocks ? 'blocked' : 'review';
  return {
    effect,
    listId: list.id,
    entryId: entry.id,
    name: entry.name,
    matchedAlias: alias?.name ?? null,
    score: final,
    nameScore: score,
    programs: entry.programs,
    why: [
      score === 1
        ? 'the names are the same'
        : `the ${by === 'whole' ? 'names as a whole' : 'words of the names'} are alike`,
      ...qualifiers.map((qualifier) => WHY[qualifier]),
      ...doubts,
      ...(ended === null ? [] : [ended]),
    ],
  };
};

const hitByNumber = ({ list, entry, identifier }: ListedNumber, { party, options }: Question): Hit => {
  const own = party.identifiers.find(
    ({ type, value }) => numberKey(type, value) === numberKey(identifier.type, identifier.value),
  );
  const otherCountry =
    own?.country !== undefined && identifier.country !== undefined && own.country !== identifier.country;
  const short = plainIdentifier(identifier.type, identifier.value).length < MIN_NUMBER_LENGTH;
  const ended = outOfForce(entry, options.on);
  return {
    effect: ended !== null ? 'clear' : otherCountry || short ? 'review' : 'blocked',
    listId: list.id,
    entryId: entry.id,
    name: entry.name,
    matchedAlias: null,
    score: 1,
    nameScore: 0,
    programs: entry.programs,
    why: [
      `the number ${identifier.type} ${identifier.value} is the same`,
      ...(otherCountry ? ['another country gave it'] : []),
      ...(short ? ['it is too short to tell alone'] : []),
      ...(ended === null ? [] : [ended]),
    ],
  };
};

const stronger = (a: Hit, b: Hit): number =>
  VERDICTS.indexOf(b.effect) - VERDICTS.indexOf(a.effect) ||
  b.score - a.score ||
  b.nameScore - a.nameScore ||
  (a.listId === b.listId ? 0 : a.listId < b.listId ? -1 : 1) ||
  (a.entryId < b.entryId ? -1 : a.entryId > b.entryId ? 1 : 0);

/** One hit per entry: the strongest, with the reasons of the others. */
const oneEach = (hits: readonly Hit[]): Hit[] => {
  const byEntry = Map.groupBy(hits, ({ listId, entryId }) => `${listId} ${entryId}`);
  return [...byEntry.values()]
    .flatMap((same) => {
      const [best, ...others] = same.sort(stronger);
      if (!best) return [];
      const nameScore = Math.max(best.nameScore, ...others.map((hit) => hit.nameScore));
      return [
        {
          ...best,
          nameScore,
          why: [...new Set([...best.why, ...others.flatMap((hit) => (hit.nameScore === 0 ? hit.why : []))])],
        },
      ];
    })
    .sort(stronger);
};

/** Measured as written: the spelling of Chinese characters has more letters but is no more distinctive. */
const isShort = (names: readonly ComparableName[]): boolean =>
  names.every((name) => name.romanised || weightOf(name) < MIN_LETTERS);

const weakness = (names: readonly ComparableName[], index: ScreeningIndex): string | null => {
  if (isShort(names)) return 'the name is too short to tell alone';
  const common = ({ tokens }: ComparableName) =>
    tokens.every((token) => (index.timesUsed.get(token) ?? 0) >= COMMON_FROM);
  return names.every(common) ? 'every word of the name is common on the lists' : null;
};

/**
 * Screens one party against every name, alias and number in the lists of `index`.
 *
 * `blocked`: a strong listed name with nothing against it, or an equal number. `review`: a person must look. `clear`:
 * no name reaches the threshold, or other facts contradict those that do; these hits are in the answer, so that nothing
 * is cleared silently. A short or common name without a second matching attribute is never more than `review`, and a
 * short one without any second attribute never less. A Chinese name against one in Latin letters counts from
 * `ROMANISED_THRESHOLD` on and is never more than `review` unless the date of birth agrees. Speed never costs a match
 * above the threshold. The record names the lists with date and hash, the engine and the thresholds. A bad party, name
 * or threshold throws one `invalid` with field and reason.
 */
export const screen = (input: PartyInput, index: ScreeningIndex, given: ScreeningOptions): Screening => {
  const party = readUnder('party', Party, input);
  const threshold = within(given.threshold ?? DEFAULT_THRESHOLD, LOWEST_THRESHOLD, 'threshold');
  const blockAt = within(given.blockAt ?? Math.max(DEFAULT_BLOCK_AT, threshold), threshold, 'blockAt');
  const options = { ...given, threshold, blockAt, maxListAgeDays: given.maxListAgeDays ?? DEFAULT_MAX_LIST_AGE_DAYS };
  const kind = party.kind ?? null;
  const texts = [
    nameText(party.name, 'party.name'),
    ...party.aliases.map((name, at) => nameText(name, `party.aliases.${at}`)),
  ];
  const names = texts.flatMap((text) => comparableNames(text, kind, index.romaniseHan));
  const hasSecond = party.dateOfBirth !== undefined || party.countries.length > 0 || party.identifiers.length > 0;
  const question: Question = { party, options, weakName: weakness(names, index) };
  const raised = party.dateOfBirth !== undefined || party.countries.length > 0 ? MAX_RAISE : 0;
  const byName = names.flatMap((name) =>
    namesLike(name, index, name.romanised ? Math.max(ROMANISED_THRESHOLD, threshold) : threshold - raised).flatMap(
      (similar) => {
        const romanised = name.romanised || similar.listed.comparable.romanised;
        const counts = !romanised || similar.score >= ROMANISED_THRESHOLD;
        return counts ? (hitByName(similar, romanised, question) ?? []) : [];
      },
    ),
  );
  const byNumber = party.identifiers
    .flatMap(({ type, value }) => index.numbers.get(numberKey(type, value)) ?? [])
    .map((number) => hitByNumber(number, question));
  const hits = oneEach([...byNumber, ...byName]);
  const short = !hasSecond && isShort(names);
  const strongest = hits[0]?.effect ?? 'clear';
  const unspelled = names.length > 0 && names.every(isUnspelled);
  return {
    verdict: strongest === 'clear' && short ? 'review' : strongest,
    hits: hits.slice(0, MAX_HITS),
    hitsLeftOut: Math.max(0, hits.length - MAX_HITS),
    listsUsed: index.lists,
    threshold,
    blockAt,
    engineVersion: SCREENING_VERSION,
    screenedOn: given.today,
    comparedAs: names.map(({ tokens }) => tokens.join(' ')),
    notices: mergeNotices(
      listNotices(index.lists, given.today, options.maxListAgeDays),
      short
        ? [
            advice(
              'screening.short-name',
              'the name is too short to be screened alone; add date of birth, country or a number',
            ),
          ]
        : [],
      unspelled
        ? [
            advice(
              'screening.script',
              'the name is compared in its own script only; add its Latin spelling as an alias',
            ),
          ]
        : [],
      hits.length > MAX_HITS
        ? [
            advice(
              'screening.many-hits',
              `${hits.length} entries match and ${MAX_HITS} are shown; add date of birth, country or a number`,
            ),
          ]
        : [],
    ),
  };
};

/**
 * Whether a stored decision must be repeated: a list has another state, was added or removed, or the engine changed.
 */
export const isOutdated = (
  decision: Pick<Screening, 'listsUsed' | 'engineVersion'>,
  lists: readonly ListUsed[],
): boolean => {
  const states = (used: readonly ListUsed[]) =>
    used
      .map(({ id, sha256 }) => `${id} ${sha256}`)
      .sort()
      .join('\n');
  return decision.engineVersion !== SCREENING_VERSION || states(decision.listsUsed) !== states(lists);
};

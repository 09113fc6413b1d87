import { daysBetween, type PlainDate } from '../plain-date.ts';
import { invalid, readUnder } from '../read-input.ts';
import { type Notice, noticesTogether } from '../rule.ts';
import { type ComparableName, comparableNames, isUnspelled, nameText, weightOf } from './name.ts';
import { rounded } from './name-score.ts';
import { Party, type PartyInput, plainIdentifier } from './party.ts';
import { MOST_RAISED, QUALIFIER_EFFECTS, type Qualifier, qualifiersOf } from './qualifiers.ts';
import type { ListEntry, ListUsed } from './sanctions-list.ts';
import { type ListedNumber, namesLike, numberKey, type ScreeningIndex, type SimilarName } from './screening-index.ts';

/** Changes whenever the same party and lists could get another answer: stored decisions of another version are repeated. */
export const SCREENING_VERSION = '2';

export const VERDICTS = ['clear', 'review', 'blocked'] as const;
export type Verdict = (typeof VERDICTS)[number];

export const DEFAULT_THRESHOLD = 0.88;
/** From here on a strong name without anything against it blocks. */
export const DEFAULT_BLOCK_AT = 0.99;
export const LOWEST_THRESHOLD = 0.75;
/** Lists change on any day; a week without a new state is a fault of the fetching more often than not. */
export const DEFAULT_MAX_LIST_AGE_DAYS = 7;

/**
 * From here on a Chinese name counts as spelled like a listed one. Pinyin has some four hundred syllables: one letter more
 * or less is another name (li, lin, ling), not a slip of the pen, and the usual threshold would find one for every fourth.
 */
export const ROMANISED_THRESHOLD = 0.99;
/** Fewer letters than this, and chance alone finds a name on a list. */
const FEWEST_LETTERS = 4;
/** A word that so many listed names have tells little. */
const COMMON_FROM = 20;
/** Shorter numbers repeat between registers. */
const TELLING_NUMBER = 5;
const MOST_HITS = 100;

export interface ScreeningOptions {
  /** The day of the transaction or of the decision: entries that have no effect on it do not block. */
  on: PlainDate;
  today: PlainDate;
  threshold?: number;
  blockAt?: number;
  maxListAgeDays?: number;
}

export interface Hit {
  /** What this hit alone amounts to; `clear` is a name above the threshold that a qualifier or a date speaks against. */
  effect: Verdict;
  listId: string;
  entryId: string;
  /** The entry's main name, as listed. */
  name: string;
  /** The alias that matched, as listed; null when the main name did or a number. */
  matchedAlias: string | null;
  /** 0 to 1, with qualifiers; a number that is equal scores 1. */
  score: number;
  /** Of the names alone. */
  nameScore: number;
  programs: readonly string[];
  why: readonly string[];
}

/** The record of a decision: what was found, against which states of which lists, by which engine and threshold. */
export interface Screening {
  verdict: Verdict;
  hits: readonly Hit[];
  /** Further hits that are left out of `hits`, the weakest ones. */
  hitsLeftOut: number;
  listsUsed: readonly ListUsed[];
  threshold: number;
  blockAt: number;
  engineVersion: string;
  screenedOn: PlainDate;
  /** The name in the forms in which it was compared. */
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
  /** Why the party's name alone is too little; null when it is not. */
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
  // Never even a near miss by its name: a qualifier would have had to lift it.
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
  const short = plainIdentifier(identifier.type, identifier.value).length < TELLING_NUMBER;
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

/** One hit an entry, the strongest, with what the others say beside it. */
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

/** As written: a spelling of Chinese characters has more letters, and tells no more. */
const isShort = (names: readonly ComparableName[]): boolean =>
  names.every((name) => name.romanised || weightOf(name) < FEWEST_LETTERS);

const weakness = (names: readonly ComparableName[], index: ScreeningIndex): string | null => {
  if (isShort(names)) return 'the name is too short to tell alone';
  const common = ({ tokens }: ComparableName) =>
    tokens.every((token) => (index.timesUsed.get(token) ?? 0) >= COMMON_FROM);
  return names.every(common) ? 'every word of the name is common on the lists' : null;
};

/**
 * Screens one party against every name, alias and number of the lists of `index`.
 *
 * `blocked`: a listed name, strong and with nothing against it, or a number that is the same. `review`: somebody has to
 * look. `clear`: no name reaches the threshold, or what does is spoken against; those hits are in the answer, so that
 * nothing is cleared silently. A short or common name without a second attribute that agrees is never more than
 * `review`, and a short one without any second attribute never less. A Chinese name against one in Latin letters counts
 * from `ROMANISED_THRESHOLD` on and is never more than `review` unless the date of birth agrees. Nothing above the
 * threshold is missed for the sake of speed. The record names the lists with date and hash, the engine and the thresholds. A bad party, name or threshold
 * is one `invalid` with field and reason.
 */
export const screen = (input: PartyInput, index: ScreeningIndex, asked: ScreeningOptions): Screening => {
  const party = readUnder('party', Party, input);
  const threshold = within(asked.threshold ?? DEFAULT_THRESHOLD, LOWEST_THRESHOLD, 'threshold');
  const blockAt = within(asked.blockAt ?? Math.max(DEFAULT_BLOCK_AT, threshold), threshold, 'blockAt');
  const options = { ...asked, threshold, blockAt, maxListAgeDays: asked.maxListAgeDays ?? DEFAULT_MAX_LIST_AGE_DAYS };
  const kind = party.kind ?? null;
  const texts = [
    nameText(party.name, 'party.name'),
    ...party.aliases.map((name, at) => nameText(name, `party.aliases.${at}`)),
  ];
  const names = texts.flatMap((text) => comparableNames(text, kind, index.romaniseHan));
  const hasSecond = party.dateOfBirth !== undefined || party.countries.length > 0 || party.identifiers.length > 0;
  const question: Question = { party, options, weakName: weakness(names, index) };
  const raised = party.dateOfBirth !== undefined || party.countries.length > 0 ? MOST_RAISED : 0;
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
    hits: hits.slice(0, MOST_HITS),
    hitsLeftOut: Math.max(0, hits.length - MOST_HITS),
    listsUsed: index.lists,
    threshold,
    blockAt,
    engineVersion: SCREENING_VERSION,
    screenedOn: asked.today,
    comparedAs: names.map(({ tokens }) => tokens.join(' ')),
    notices: noticesTogether(
      listNotices(index.lists, asked.today, options.maxListAgeDays),
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
      hits.length > MOST_HITS
        ? [
            advice(
              'screening.many-hits',
              `${hits.length} entries match and ${MOST_HITS} are shown; add date of birth, country or a number`,
            ),
          ]
        : [],
    ),
  };
};

/** Whether a stored decision has to be repeated: a list has another state, was added or taken away, or the engine changed. */
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

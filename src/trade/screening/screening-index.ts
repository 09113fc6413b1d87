import { PlainDate } from '../plain-date.ts';
import { invalid } from '../read-input.ts';
import { type ComparableName, comparableKey, comparableNames, nameText, type RomaniseHan } from './name.ts';
import { type NameScore, nameScore, partsScore, sizeOf, WORD_FLOOR } from './name-score.ts';
import { type Identifier, type IdentifierType, plainIdentifier } from './party.ts';
import type { Alias, ListEntry, ListUsed, SanctionsList } from './sanctions-list.ts';
import { eachSimilar, layOutWords, type WordTable } from './word-table.ts';

/** A name of an entry in a form used for comparison; `alias` is null for the entry's main name. */
export interface ListedName {
  list: ListUsed;
  entry: ListEntry;
  alias: Alias | null;
  comparable: ComparableName;
}

export interface ListedNumber {
  list: ListUsed;
  entry: ListEntry;
  identifier: Identifier;
}

/** The names that contain a word, by the word's place in a table: `names[from[place] … from[place + 1]]`. */
interface Postings {
  from: Uint32Array;
  names: Uint32Array;
}

/** Every name and number of the lists, laid out for `namesLike`. Built once per state of the lists; never changed. */
export interface ScreeningIndex {
  lists: readonly ListUsed[];
  names: readonly ListedName[];
  numbers: ReadonlyMap<string, readonly ListedNumber[]>;
  romaniseHan: RomaniseHan | undefined;
  words: WordTable;
  withWord: Postings;
  /** Places of the words that begin with a code point. */
  beginningWith: ReadonlyMap<number, readonly number[]>;
  wholes: WordTable;
  withWhole: Postings;
  /** For each name: the total length of its words, and their number. */
  nameLengths: Uint16Array;
  wordCounts: Uint16Array;
  /** In how many names a word occurs. */
  timesUsed: ReadonlyMap<string, number>;
  /** Working memory of one search, by word and by name; all zero between searches. */
  work: { gains: Float64Array; matched: Float64Array };
}

const SHA256 = /^[0-9a-f]{64}$/;

const listUsed = (list: SanctionsList, index: number): ListUsed => {
  const field = `lists.${index}`;
  if (list.id.trim() === '') throw invalid(`${field}.id`, 'is empty; name the list');
  if (!PlainDate.safeParse(list.date).success) throw invalid(`${field}.date`, 'is not a day of the calendar');
  if (!SHA256.test(list.sha256))
    throw invalid(`${field}.sha256`, 'is not a SHA-256 in hexadecimal; hash the file as read');
  return { id: list.id, date: list.date, sha256: list.sha256 };
};

export const numberKey = (type: IdentifierType, value: string): string => `${type} ${plainIdentifier(type, value)}`;

/** Letters of names to read, and names to count, between two pauses: a few milliseconds of work. */
const LETTERS_PER_PAUSE = 1_500;
const NAMES_PER_PAUSE = 500;

const grouped = function* (
  table: WordTable,
  wordsOfNames: readonly (readonly number[])[],
): Generator<undefined, Postings> {
  const from = new Uint32Array(table.lengths.length + 1);
  for (const [name, words] of wordsOfNames.entries()) {
    for (const word of words) {
      const place = (table.placeOf[word] ?? 0) + 1;
      from[place] = (from[place] ?? 0) + 1;
    }
    if (name % NAMES_PER_PAUSE === 0) yield;
  }
  for (let place = 1; place < from.length; place++) from[place] = (from[place] ?? 0) + (from[place - 1] ?? 0);
  const next = from.slice();
  const names = new Uint32Array(from.at(-1) ?? 0);
  for (const [name, words] of wordsOfNames.entries()) {
    for (const word of words) {
      const place = table.placeOf[word] ?? 0;
      names[next[place] ?? 0] = name;
      next[place] = (next[place] ?? 0) + 1;
    }
    if (name % NAMES_PER_PAUSE === 0) yield;
  }
  return { from, names };
};

interface Numbered {
  numberOf: (text: string, codes: Uint32Array) => number;
  all: Uint32Array[];
}

const numbered = (): Numbered => {
  const known = new Map<string, number>();
  const all: Uint32Array[] = [];
  const numberOf = (text: string, codes: Uint32Array): number => {
    const number = known.get(text) ?? all.push(codes) - 1;
    known.set(text, number);
    return number;
  };
  return { numberOf, all };
};

export interface IndexOptions {
  /** Romanises Chinese names, on the lists and of the parties. */
  romaniseHan?: RomaniseHan | undefined;
}

interface Read {
  names: ListedName[];
  numbers: Map<string, ListedNumber[]>;
}

/** Adds every name and number of one list's entries to `read`. */
const readEntries = function* (
  list: ListUsed,
  entries: readonly ListEntry[],
  romaniseHan: RomaniseHan | undefined,
  { names, numbers }: Read,
): Generator<undefined, void> {
  let letters = 0;
  for (const entry of entries) {
    const seen = new Set<string>();
    for (const [name, alias] of [
      [entry.name, null] as const,
      ...entry.aliases.map((each) => [each.name, each] as const),
    ]) {
      const text = nameText(name, `${list.id} ${entry.id}`);
      for (const comparable of comparableNames(text, entry.kind, romaniseHan)) {
        const key = comparableKey(comparable);
        if (!seen.has(key)) names.push({ list, entry, alias, comparable });
        seen.add(key);
      }
      letters += text.length;
      if (letters < LETTERS_PER_PAUSE) continue;
      letters = 0;
      yield;
    }
    for (const identifier of entry.identifiers) {
      const key = numberKey(identifier.type, identifier.value);
      const same = numbers.get(key);
      if (same) same.push({ list, entry, identifier });
      else numbers.set(key, [{ list, entry, identifier }]);
    }
  }
};

/**
 * Builds an index of every name and number of `lists` in steps of a few milliseconds, so that the caller can let other
 * work run in between. Throws `invalid` for no list at all, a duplicate list, or one without a hash or date: a party
 * screened against nothing must not look clear. Names that cannot be compared are `invalid` too; the readers of lists
 * count and name such rows instead.
 */
export const layOutIndex = function* (
  lists: readonly SanctionsList[],
  { romaniseHan }: IndexOptions = {},
): Generator<undefined, ScreeningIndex> {
  if (lists.length === 0) throw invalid('lists', 'no list is loaded; a party screened against nothing is not clear');
  const used = lists.map(listUsed);
  const twice = used.find(({ id }, index) => used.findIndex((other) => other.id === id) !== index);
  if (twice) throw invalid('lists', `${twice.id} is loaded twice; keep its newest state`);
  const read: Read = { names: [], numbers: new Map() };
  for (const [index, { id, entries }] of lists.entries()) {
    const list = used[index];
    if (!list) continue;
    if (entries.length === 0) throw invalid(`lists.${index}.entries`, `${id} has no entry; the file was not read`);
    yield* readEntries(list, entries, romaniseHan, read);
  }
  const { names, numbers } = read;
  const word = numbered();
  const whole = numbered();
  const timesUsed = new Map<string, number>();
  const wordsOfNames: number[][] = [];
  const wholesOfNames: number[][] = [];
  const nameLengths = new Uint16Array(names.length);
  const wordCounts = new Uint16Array(names.length);
  for (const [name, { comparable }] of names.entries()) {
    const { tokens, codes, compact, compactCodes } = comparable;
    nameLengths[name] = comparable.length;
    wordCounts[name] = comparable.words;
    wordsOfNames.push(
      tokens.map((token, index) => {
        timesUsed.set(token, (timesUsed.get(token) ?? 0) + 1);
        return word.numberOf(token, codes[index] ?? new Uint32Array());
      }),
    );
    wholesOfNames.push([whole.numberOf(compact, compactCodes)]);
    if (name % NAMES_PER_PAUSE === 0) yield;
  }
  const words = yield* layOutWords(word.all);
  const wholes = yield* layOutWords(whole.all);
  const beginningWith = new Map<number, number[]>();
  for (const [number, codes] of word.all.entries()) {
    const places = beginningWith.get(codes[0] ?? 0);
    const place = words.placeOf[number] ?? 0;
    if (places) places.push(place);
    else beginningWith.set(codes[0] ?? 0, [place]);
    if (number % NAMES_PER_PAUSE === 0) yield;
  }
  return {
    lists: used,
    names,
    numbers,
    romaniseHan,
    words,
    beginningWith,
    wholes,
    timesUsed,
    work: { gains: new Float64Array(word.all.length), matched: new Float64Array(names.length) },
    withWord: yield* grouped(words, wordsOfNames),
    withWhole: yield* grouped(wholes, wholesOfNames),
    nameLengths,
    wordCounts,
  };
};

/** Builds it in one go, for short lists or if nothing else is waiting. */
export const buildScreeningIndex = (lists: readonly SanctionsList[], options: IndexOptions = {}): ScreeningIndex => {
  const steps = layOutIndex(lists, options);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
};

/** Half of the fourth decimal, to which scores are rounded, and a little for the order of additions. */
const ROUNDING = 6e-5;

/**
 * For each word of the lists, stores the best gain against any word of `party` in `work.gains`; returns the words'
 * places.
 */
const gainsOf = (party: ComparableName, { words, beginningWith, work: { gains } }: ScreeningIndex): number[] => {
  const places: number[] = [];
  const gain = (place: number, amount: number) => {
    const before = gains[place] ?? 0;
    if (amount <= before) return;
    if (before === 0) places.push(place);
    gains[place] = amount;
  };
  for (const word of party.codes) {
    const sameFirst = beginningWith.get(word[0] ?? 0) ?? [];
    if (word.length > 1)
      eachSimilar(words, word, WORD_FLOOR, (place, similarity) => {
        const length = words.lengths[place] ?? 0;
        if (length > 1) gain(place, similarity * Math.min(word.length, length));
      });
    // `wordScore` of initials; an upper bound may be higher than the score.
    for (const place of sameFirst) if (word.length === 1 || words.lengths[place] === 1) gain(place, 1);
  }
  return places;
};

/** The numbers of all names that can reach `floor`: a superset, from upper bounds of both kinds of score. */
const candidatesFor = (party: ComparableName, index: ScreeningIndex, floor: number): Set<number> => {
  const candidates = new Set<number>();
  const { withWhole, withWord, wholes, nameLengths, wordCounts } = index;
  const { matched, gains } = index.work;
  eachSimilar(wholes, party.compactCodes, floor, (place) => {
    const end = withWhole.from[place + 1] ?? 0;
    for (let at = withWhole.from[place] ?? 0; at < end; at++) candidates.add(withWhole.names[at] ?? 0);
  });
  const own = sizeOf(party);
  const touched: number[] = [];
  for (const place of gainsOf(party, index)) {
    const gain = gains[place] ?? 0;
    gains[place] = 0;
    const end = withWord.from[place + 1] ?? 0;
    for (let at = withWord.from[place] ?? 0; at < end; at++) {
      const name = withWord.names[at] ?? 0;
      const before = matched[name] ?? 0;
      if (before === 0) touched.push(name);
      matched[name] = before + gain;
    }
  }
  for (const name of touched) {
    const length = nameLengths[name] ?? 0;
    // Each pair of words counts the letters of the shorter one, so at most those of the shorter name are matched.
    const most = Math.min(matched[name] ?? 0, party.length, length);
    matched[name] = 0;
    if (partsScore(most, own, { length, words: wordCounts[name] ?? 0 }) >= floor) candidates.add(name);
  }
  return candidates;
};

export interface SimilarName extends NameScore {
  listed: ListedName;
}

/**
 * Returns exactly the names of the lists that score `threshold` or more against `party`: the same as `nameScore` over
 * all names, but without comparing most of them.
 */
export const namesLike = (party: ComparableName, index: ScreeningIndex, threshold: number): SimilarName[] => {
  const similar: SimilarName[] = [];
  for (const number of candidatesFor(party, index, threshold - ROUNDING)) {
    const listed = index.names[number];
    if (!listed) continue;
    const score = nameScore(party, listed.comparable);
    if (score.score >= threshold) similar.push({ ...score, listed });
  }
  return similar;
};

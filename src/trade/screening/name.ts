import { invalid } from '../read-input.ts';
import { type FormClass, withoutForms } from './legal-forms.ts';
import type { PartyKind } from './party.ts';
import { codesOf } from './similarity.ts';
import { transliterated } from './transliteration.ts';

/** The longest name on the lists read has under 200 characters. */
export const LONGEST_NAME = 500;

/** A name in the form that is compared. */
export interface ComparableName {
  /** The words in their order, each once, without legal forms, titles and marks. At least one. */
  tokens: readonly string[];
  /** The same as code points. */
  codes: readonly Uint32Array[];
  /** How many words there were; more than `tokens` where one is repeated. */
  words: number;
  /** All words in their order with nothing between: what spacing and hyphens cannot change. */
  compact: string;
  compactCodes: Uint32Array;
  /** The sum of the lengths of `tokens`, in code points. */
  length: number;
  forms: readonly FormClass[];
  /** Chinese characters spelled in Latin letters: many names are spelled alike, so it tells less than the characters. */
  romanised: boolean;
}

/** What makes a form of a name another one: the same key is compared the same. */
export const comparableKey = ({ compact, tokens }: Pick<ComparableName, 'compact' | 'tokens'>): string =>
  `${compact} ${tokens.join(' ')}`;

/**
 * The Latin spellings (pinyin without tones) of a run of Chinese characters that names a party of `kind`: words parted by
 * spaces, several where it is read or ordered in several ways. None: it is compared by its characters alone.
 */
export type RomaniseHan = (han: string, kind: PartyKind | null) => readonly string[];

const APOSTROPHES = /['’‘ʼʻ`´ʹʺ]/gu;
/** What no reader sees, the Hangul fillers among it, which count as letters. */
const MARKS = /[\p{M}\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}ـ]/gu;
const NOT_WORD = /[^\p{L}\p{N}]+/gu;
const HAN = /\p{Script=Han}+/gu;
/** Japanese and Korean names with Chinese characters are not read as Chinese ones. */
const NOT_CHINESE = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
/** The longest name of a Chinese person: two characters of surname, two of given name. */
const LONGEST_PERSON = 4;
const TITLES = new Set(['mr', 'mrs', 'ms', 'dr', 'prof']);
const INITIAL = /^[a-z0-9]$/;
/** Two names in one field: “A doing business as B”. */
const SEVERAL_NAMES =
  /\s(?:a\s?\/\s?k\s?\/\s?a|f\s?\/\s?k\s?\/\s?a|d\s?\/\s?b\s?\/\s?a|a\.k\.a\.?|f\.k\.a\.?|d\.b\.a\.?|aka|fka|dba|t\/a|also known as|formerly known as|formerly|doing business as|trading as)\s/i;

/**
 * Lower case a to z where a letter can be spelled so; other scripts keep their letters without marks. Spelled twice: first
 * as composed, since й is not и with a mark, then without the marks that are left, as on ό.
 */
const plain = (text: string): string =>
  transliterated(
    transliterated(text.normalize('NFKC').toLowerCase().normalize('NFKC'))
      .replace(APOSTROPHES, '')
      .replace(/&/g, ' and ')
      .normalize('NFKD')
      .replace(MARKS, ''),
  );

/** “S. A.”, “S.A.” and “SA” are one word: a run of single letters is joined. */
const withInitialsJoined = (words: readonly string[]): string[] => {
  const joined: string[] = [];
  let run = '';
  for (const word of words) {
    if (INITIAL.test(word)) {
      run += word;
      continue;
    }
    if (run) joined.push(run);
    run = '';
    joined.push(word);
  }
  return run ? [...joined, run] : joined;
};

const wordsOf = (text: string): string[] =>
  withInitialsJoined(plain(text).replace(NOT_WORD, ' ').trim().split(' ').filter(Boolean));

const isOnlyForms = (words: readonly string[]): boolean => withoutForms(['x', ...words]).tokens.length === 1;

/** “LAST, First” of a person in the order in which it is spoken; other commas stay. */
const inSpokenOrder = (text: string, kind: PartyKind | null): string => {
  if (kind !== null && kind !== 'person') return text;
  const [last = '', first = '', ...more] = text.split(/[,，]/);
  if (more.length > 0 || !first.trim() || (kind === null && isOnlyForms(wordsOf(first)))) return text;
  return `${first} ${last}`;
};

const bare = (
  words: readonly string[],
  kind: PartyKind | null,
): { tokens: readonly string[]; forms: readonly FormClass[] } => {
  if (kind === 'vessel' || kind === 'aircraft') return { tokens: words, forms: [] };
  const untitled = kind === 'organisation' ? words : words.filter((word) => !TITLES.has(word));
  const kept = untitled.length > 0 ? untitled : words;
  if (kind === 'person') return { tokens: kept, forms: [] };
  const { tokens, forms } = withoutForms(kept);
  return { tokens: tokens[0] === 'the' && tokens.length > 1 ? tokens.slice(1) : tokens, forms };
};

const comparableOf = (words: readonly string[], forms: readonly FormClass[], romanised: boolean): ComparableName => {
  const tokens = [...new Set(words)];
  const codes = tokens.map(codesOf);
  const compact = words.join('');
  return {
    tokens,
    codes,
    words: words.length,
    compact,
    compactCodes: codesOf(compact),
    forms,
    romanised,
    length: codes.reduce((sum, token) => sum + token.length, 0),
  };
};

/** Words of which some are written in Chinese characters, each way in which they can be spelled in Latin letters. */
const spellings = (words: readonly string[], kind: PartyKind | null, romaniseHan: RomaniseHan): string[][] => {
  const joined = words.join('');
  if (joined.search(HAN) < 0 || NOT_CHINESE.test(joined)) return [];
  // “张　三” is how forms space a name of two characters.
  const isSpaced = kind !== 'organisation' && joined.length <= LONGEST_PERSON && joined.replace(HAN, '') === '';
  const runs = (isSpaced ? [joined] : words).map((word) => {
    const readings = new Map((word.match(HAN) ?? []).map((han) => [han, romaniseHan(han, kind)] as const));
    const most = Math.max(1, ...[...readings.values()].map(({ length }) => length));
    return {
      most,
      spelt: (at: number) =>
        word.replace(HAN, (han) => ` ${readings.get(han)?.[at] ?? readings.get(han)?.[0] ?? han} `),
    };
  });
  const most = Math.max(...runs.map((run) => run.most));
  return Array.from({ length: most }, (_, at) => wordsOf(runs.map(({ spelt }) => spelt(at)).join(' ')));
};

/** The forms of one name: as written, and with Chinese characters spelled. None where nothing is left to compare. */
const formsOf = (text: string, kind: PartyKind | null, romaniseHan: RomaniseHan | undefined): ComparableName[] => {
  const all = wordsOf(inSpokenOrder(text, kind));
  const { tokens: words, forms } = bare(all, kind);
  if (words.length === 0) return [];
  const spelled = romaniseHan ? spellings(words, kind, romaniseHan) : [];
  return [
    comparableOf(words, forms, false),
    // Whatever may be a person: Se, Sa, Ag and Co are names too.
    ...(kind === null && forms.length > 0 ? [comparableOf(all, [], false)] : []),
    ...spelled.map((spelt) => comparableOf(spelt, forms, true)),
  ];
};

/** `text` when it can be a name; else one `invalid` that names `field` and the reason. */
export const nameText = (text: string, field: string): string => {
  // Cut first: nothing below is done to more than a name's worth of text.
  const start = text.slice(0, LONGEST_NAME * 2 + 2);
  if ([...start].length > LONGEST_NAME)
    throw invalid(field, `longer than ${LONGEST_NAME} characters; give the name alone`);
  if (!start.isWellFormed()) throw invalid(field, 'is not well-formed text; send it as UTF-8');
  if (start.trim() === '') throw invalid(field, 'is empty; give the name of the party');
  if (!/[\p{L}\p{N}]/u.test(start)) throw invalid(field, 'has no letter or digit; give the name of the party');
  if (wordsOf(start).length === 0)
    throw invalid(field, 'has no letter that can be compared; give the name of the party');
  return start;
};

/**
 * The forms of one written name that are compared: without legal forms, marks, titles and punctuation, Cyrillic and Greek
 * spelled in Latin, “LAST, First” turned, each of the names in “A a.k.a. B”, and with `romaniseHan` also the Latin spelling
 * of a Chinese name. Never empty for a text that `nameText` accepts; the result depends on the arguments alone.
 */
export const comparableNames = (text: string, kind: PartyKind | null, romaniseHan?: RomaniseHan): ComparableName[] => {
  const parts = text.split(SEVERAL_NAMES).flatMap((name) => formsOf(name, kind, romaniseHan));
  // A text of nothing but “a.k.a.” is a name after all.
  const names = parts.length > 0 ? parts : formsOf(text, kind, romaniseHan);
  if (names.length === 1) return names;
  // The first counts: characters that nobody can spell stay what they are.
  return [...new Map(names.toReversed().map((name) => [comparableKey(name), name])).values()].reverse();
};

const HAN_CHARACTER = /^\p{Script=Han}$/u;
/** Letters of a name as a measure of how much it tells; a Chinese character tells as much as two letters. */
export const weightOf = (name: ComparableName): number =>
  [...name.compact].reduce((sum, character) => sum + (HAN_CHARACTER.test(character) ? 2 : 1), 0);

/** Whether the name has letters that are compared only with the same letters, because nothing here spells them in Latin. */
export const isUnspelled = (name: ComparableName): boolean => /[^\p{Script=Latin}\p{N}]/u.test(name.compact);

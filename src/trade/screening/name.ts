import { invalid } from '../read-input.ts';
import { type FormClass, withoutForms } from './legal-forms.ts';
import type { PartyKind } from './party.ts';
import { codesOf } from './similarity.ts';
import { transliterated } from './transliteration.ts';

/** The longest name in the lists that we read has under 200 characters. */
export const MAX_NAME_LENGTH = 500;

/** A name in the form used for comparison. */
export interface ComparableName {
  /** The distinct words in order, without legal forms, titles and marks. At least one. */
  tokens: readonly string[];
  /** The same as code points. */
  codes: readonly Uint32Array[];
  /** The number of words; more than `tokens` if one is repeated. */
  words: number;
  /** All words in order without spaces, so that spacing and hyphens make no difference. */
  compact: string;
  compactCodes: Uint32Array;
  /** Total length of `tokens` in code points. */
  length: number;
  forms: readonly FormClass[];
  /**
   * From Chinese characters spelled in Latin letters. Many names share a spelling, so a match is weaker evidence than
   * equal characters.
   */
  romanised: boolean;
}

/** Identity of a form: forms with the same key compare the same. */
export const comparableKey = ({ compact, tokens }: Pick<ComparableName, 'compact' | 'tokens'>): string =>
  `${compact} ${tokens.join(' ')}`;

/**
 * Returns the Latin spellings (pinyin without tones) of a run of Chinese characters that names a party of `kind`: words
 * separated by spaces, several if there are several readings or orders. Empty: it is compared by its characters only.
 */
export type RomaniseHan = (han: string, kind: PartyKind | null) => readonly string[];

const APOSTROPHES = /['’‘ʼʻ`´ʹʺ]/gu;
/** Invisible characters, including the Hangul fillers, which count as letters. */
const MARKS = /[\p{M}\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}ـ]/gu;
const NOT_WORD = /[^\p{L}\p{N}]+/gu;
const HAN = /\p{Script=Han}+/gu;
/** Japanese and Korean names with Chinese characters are not read as Chinese names. */
const NOT_CHINESE = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
/** The longest name of a Chinese person: a surname of two characters and a given name of two. */
const MAX_PERSON_NAME_LENGTH = 4;
const TITLES = new Set(['mr', 'mrs', 'ms', 'dr', 'prof']);
const INITIAL = /^[a-z0-9]$/;
/** Separators of several names in one field: “A doing business as B”. */
const SEVERAL_NAMES =
  /\s(?:a\s?\/\s?k\s?\/\s?a|f\s?\/\s?k\s?\/\s?a|d\s?\/\s?b\s?\/\s?a|a\.k\.a\.?|f\.k\.a\.?|d\.b\.a\.?|aka|fka|dba|t\/a|also known as|formerly known as|formerly|doing business as|trading as)\s/i;

/**
 * Lower case a to z for letters that can be spelled so; letters of other scripts lose only their marks. Runs twice:
 * first on the composed text, because й is not и with a mark, then without the remaining marks, as on ό.
 */
const plain = (text: string): string =>
  transliterated(
    transliterated(text.normalize('NFKC').toLowerCase().normalize('NFKC'))
      .replace(APOSTROPHES, '')
      .replace(/&/g, ' and ')
      .normalize('NFKD')
      .replace(MARKS, ''),
  );

/** “S. A.”, “S.A.” and “SA” are one word: joins a run of single letters. */
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

/** Turns a person's “LAST, First” into spoken order. Other commas stay. */
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

/** All Latin spellings of words that partly contain Chinese characters. */
const spellings = (words: readonly string[], kind: PartyKind | null, romaniseHan: RomaniseHan): string[][] => {
  const joined = words.join('');
  if (joined.search(HAN) < 0 || NOT_CHINESE.test(joined)) return [];
  // Forms space a name of two characters like “张　三”.
  const isSpaced = kind !== 'organisation' && joined.length <= MAX_PERSON_NAME_LENGTH && joined.replace(HAN, '') === '';
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

/** The forms of one name: as written, and with Chinese characters romanised. Empty if nothing is left to compare. */
const formsOf = (text: string, kind: PartyKind | null, romaniseHan: RomaniseHan | undefined): ComparableName[] => {
  const all = wordsOf(inSpokenOrder(text, kind));
  const { tokens: words, forms } = bare(all, kind);
  if (words.length === 0) return [];
  const spelled = romaniseHan ? spellings(words, kind, romaniseHan) : [];
  return [
    comparableOf(words, forms, false),
    // If it may be a person, because Se, Sa, Ag and Co are names too.
    ...(kind === null && forms.length > 0 ? [comparableOf(all, [], false)] : []),
    ...spelled.map((spelt) => comparableOf(spelt, forms, true)),
  ];
};

/** Returns `text` if it can be a name; otherwise throws one `invalid` with `field` and the reason. */
export const nameText = (text: string, field: string): string => {
  // Cut first, so that the steps below only process the length of a name.
  const start = text.slice(0, MAX_NAME_LENGTH * 2 + 2);
  if ([...start].length > MAX_NAME_LENGTH)
    throw invalid(field, `longer than ${MAX_NAME_LENGTH} characters; give the name alone`);
  if (!start.isWellFormed()) throw invalid(field, 'is not well-formed text; send it as UTF-8');
  if (start.trim() === '') throw invalid(field, 'is empty; give the name of the party');
  if (!/[\p{L}\p{N}]/u.test(start)) throw invalid(field, 'has no letter or digit; give the name of the party');
  if (wordsOf(start).length === 0)
    throw invalid(field, 'has no letter that can be compared; give the name of the party');
  return start;
};

/**
 * The forms of a written name that are compared: without legal forms, marks, titles and punctuation; Cyrillic and Greek
 * spelled in Latin; “LAST, First” reordered; each of the names in “A a.k.a. B”; and with `romaniseHan` also the Latin
 * spelling of a Chinese name. Never empty for a text that `nameText` accepts. Deterministic.
 */
export const comparableNames = (text: string, kind: PartyKind | null, romaniseHan?: RomaniseHan): ComparableName[] => {
  const parts = text.split(SEVERAL_NAMES).flatMap((name) => formsOf(name, kind, romaniseHan));
  // A text that is only “a.k.a.” counts as a name.
  const names = parts.length > 0 ? parts : formsOf(text, kind, romaniseHan);
  if (names.length === 1) return names;
  // The first of equal names is kept: characters that cannot be romanised stay unchanged.
  return [...new Map(names.toReversed().map((name) => [comparableKey(name), name])).values()].reverse();
};

const HAN_CHARACTER = /^\p{Script=Han}$/u;
/** The number of letters as a measure of how distinctive a name is. A Chinese character counts as two letters. */
export const weightOf = (name: ComparableName): number =>
  [...name.compact].reduce((sum, character) => sum + (HAN_CHARACTER.test(character) ? 2 : 1), 0);

/** Whether the name has letters that are only compared with the same letters, because we cannot spell them in Latin. */
export const isUnspelled = (name: ComparableName): boolean => /[^\p{Script=Latin}\p{N}]/u.test(name.compact);

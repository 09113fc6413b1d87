import { jaroWinklerWithin, MAX_PREFIX_LENGTH, PREFIX_SCALE, sought } from './similarity.ts';

/**
 * Words, or whole names written as one word, laid out so that those with a Jaro-Winkler similarity above a bound are
 * found by comparing a few numbers each. Sorted by length; every array has one place per word.
 */
export interface WordTable {
  /** The place in the table of each input word, in input order. */
  placeOf: Uint32Array;
  /** The code points of all words, concatenated. */
  codes: Uint32Array;
  starts: Uint32Array;
  lengths: Uint16Array;
  /** Bit k: the word has a character of class k; at least two; at least three. */
  once: Int32Array;
  twice: Int32Array;
  thrice: Int32Array;
  /** Characters beyond the first of each class, and beyond the third. */
  extra: Uint16Array;
  rest: Uint16Array;
  /** The lowest bytes of the first four code points. */
  heads: Int32Array;
  /** First place of each length. */
  firstOfLength: Uint32Array;
}

const LETTER_A = 0x61;
const DIGIT_0 = 0x30;

/**
 * 32 classes: a to z, digits in pairs, everything else by its code. Words share at least as many classed characters as
 * characters.
 */
const classOf = (code: number): number => {
  if (code >= LETTER_A && code < LETTER_A + 26) return code - LETTER_A;
  if (code >= DIGIT_0 && code < DIGIT_0 + 10) return 26 + ((code - DIGIT_0) % 6);
  return code % 32;
};

export const bitsIn = (word: number): number => {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return (((v + (v >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
};

const headByte = (code: number): number => code & 0xff;

interface Signature {
  once: number;
  twice: number;
  thrice: number;
  extra: number;
  rest: number;
  head: number;
}

const signatureOf = (codes: Uint32Array): Signature => {
  let [once, twice, thrice, head] = [0, 0, 0, 0];
  for (let index = 0; index < codes.length; index++) {
    const code = codes[index] ?? 0;
    const bit = 1 << classOf(code);
    if ((once & bit) === 0) once |= bit;
    else if ((twice & bit) === 0) twice |= bit;
    else thrice |= bit;
    if (index < MAX_PREFIX_LENGTH) head |= headByte(code) << (24 - 8 * index);
  }
  const extra = codes.length - bitsIn(once);
  return { once, twice, thrice, head, extra, rest: extra - bitsIn(twice) - bitsIn(thrice) };
};

/** Words to lay out between two pauses. */
const PER_PAUSE = 1_000;

/** The places of all words, sorted by length and then by first byte; equal words keep their order. */
const placesOf = function* (words: readonly Uint32Array[], longest: number): Generator<undefined, Uint32Array> {
  const kinds = new Uint32Array(words.length);
  const next = new Uint32Array((longest + 1) * 256 + 1);
  for (const [index, word] of words.entries()) {
    const kind = word.length * 256 + headByte(word[0] ?? 0);
    kinds[index] = kind;
    next[kind + 1] = (next[kind + 1] ?? 0) + 1;
    if (index % PER_PAUSE === 0) yield;
  }
  for (let kind = 1; kind < next.length; kind++) next[kind] = (next[kind] ?? 0) + (next[kind - 1] ?? 0);
  const places = new Uint32Array(words.length);
  for (const [index, kind] of kinds.entries()) {
    const place = next[kind] ?? 0;
    places[index] = place;
    next[kind] = place + 1;
    if (index % PER_PAUSE === 0) yield;
  }
  return places;
};

/** Builds the table of `words` in steps of a few milliseconds; the caller may pause between them. */
export const layOutWords = function* (words: readonly Uint32Array[]): Generator<undefined, WordTable> {
  const size = words.length;
  const longest = words.reduce((most, word) => Math.max(most, word.length), 0);
  const placeOf = yield* placesOf(words, longest);
  const table: WordTable = {
    placeOf,
    codes: new Uint32Array(words.reduce((sum, word) => sum + word.length, 0)),
    starts: new Uint32Array(size),
    lengths: new Uint16Array(size),
    once: new Int32Array(size),
    twice: new Int32Array(size),
    thrice: new Int32Array(size),
    extra: new Uint16Array(size),
    rest: new Uint16Array(size),
    heads: new Int32Array(size),
    firstOfLength: new Uint32Array(longest + 2),
  };
  for (const [index, word] of words.entries()) {
    const place = placeOf[index] ?? 0;
    const signature = signatureOf(word);
    table.lengths[place] = word.length;
    table.once[place] = signature.once;
    table.twice[place] = signature.twice;
    table.thrice[place] = signature.thrice;
    table.extra[place] = signature.extra;
    table.rest[place] = signature.rest;
    table.heads[place] = signature.head;
    table.firstOfLength[word.length + 1] = (table.firstOfLength[word.length + 1] ?? 0) + 1;
    if (index % PER_PAUSE === 0) yield;
  }
  for (let length = 1; length < longest + 2; length++)
    table.firstOfLength[length] = (table.firstOfLength[length] ?? 0) + (table.firstOfLength[length - 1] ?? 0);
  for (let place = 1; place < size; place++)
    table.starts[place] = (table.starts[place - 1] ?? 0) + (table.lengths[place - 1] ?? 0);
  for (const [index, word] of words.entries()) {
    table.codes.set(word, table.starts[placeOf[index] ?? 0] ?? 0);
    if (index % PER_PAUSE === 0) yield;
  }
  return table;
};

const IMPOSSIBLE = 0xffff;

/**
 * The minimum number of characters that two words of these lengths must share for a Jaro-Winkler similarity of `floor`,
 * if their first `prefix` characters are equal. Jaro is (m/|a| + m/|b| + 1 − t/m)/3 with m shared characters; t is
 * taken as 0.
 */
const fewestShared = (lengthA: number, lengthB: number, prefix: number, floor: number): number => {
  const jaro = (floor - prefix * PREFIX_SCALE) / (1 - prefix * PREFIX_SCALE);
  const shared = Math.ceil(((3 * jaro - 1) * lengthA * lengthB) / (lengthA + lengthB) - 1e-9);
  return shared > Math.min(lengthA, lengthB) ? IMPOSSIBLE : Math.max(1, shared);
};

/**
 * The places from `from` to `to` whose word has the same first byte as `word`. They are adjacent, because words are
 * sorted by it.
 */
const samePlaces = (table: WordTable, head: number, from: number, to: number): readonly [number, number] => {
  const first = head >>> 24;
  const firstNotBelow = (byte: number): number => {
    let [low, high] = [from, to];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((table.heads[middle] ?? 0) >>> 24 < byte) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return [firstNotBelow(first), firstNotBelow(first + 1)];
};

/** Places that passed the first check, for one length at a time. Working memory: nothing is kept between calls. */
let passed = new Uint32Array(1024);

/** Writes the places from `from` to `to` whose word can share `need` characters to `passed`, from `count` on. */
const look = (table: WordTable, own: Signature, need: number, from: number, to: number, count: number): number => {
  const { once, extra } = table;
  const { once: ownOnce, extra: ownExtra } = own;
  const into = passed;
  let next = count;
  for (let place = from; place < to; place++) {
    if (bitsIn((once[place] ?? 0) & ownOnce) + Math.min(extra[place] ?? 0, ownExtra) >= need) into[next++] = place;
  }
  return next;
};

/** The same for words with a common prefix: the longer the prefix, the fewer characters they must share. */
const lookAtSame = (
  table: WordTable,
  own: Signature,
  needs: Uint16Array,
  from: number,
  to: number,
  count: number,
): number => {
  let next = count;
  for (let place = from; place < to; place++) {
    const prefix = Math.clz32((table.heads[place] ?? 0) ^ own.head) >>> 3;
    next = look(table, own, needs[prefix] ?? 0, place, place + 1, next);
  }
  return next;
};

/** The most characters that the word at `place` can share. */
const mostShared = ({ once, twice, thrice, rest }: WordTable, own: Signature, place: number): number =>
  bitsIn((once[place] ?? 0) & own.once) +
  bitsIn((twice[place] ?? 0) & own.twice) +
  bitsIn((thrice[place] ?? 0) & own.thrice) +
  Math.min(rest[place] ?? 0, own.rest);

/**
 * Calls `found` with the place and the similarity of exactly those words of `table` whose Jaro-Winkler similarity with
 * `word`, the listed word first, is at least `floor`. Nothing is missed: a word is skipped only if the characters it
 * can share with `word`, in whatever order, are too few for `floor`.
 */
export const eachSimilar = (
  table: WordTable,
  word: Uint32Array,
  floor: number,
  found: (place: number, similarity: number) => void,
): void => {
  const { codes, starts, heads, firstOfLength } = table;
  if (passed.length < starts.length) passed = new Uint32Array(starts.length);
  const own = signatureOf(word);
  const wanted = sought(word);
  const needs = new Uint16Array(MAX_PREFIX_LENGTH + 1);
  for (let length = 1; length + 1 < firstOfLength.length; length++) {
    const from = firstOfLength[length] ?? 0;
    const to = firstOfLength[length + 1] ?? 0;
    if (from === to) continue;
    for (let prefix = 0; prefix <= MAX_PREFIX_LENGTH; prefix++)
      needs[prefix] = fewestShared(word.length, length, prefix, floor);
    if (needs[MAX_PREFIX_LENGTH] === IMPOSSIBLE) continue;
    const [same, other] = samePlaces(table, own.head, from, to);
    let count = lookAtSame(table, own, needs, same, other, 0);
    const need = needs[0] ?? IMPOSSIBLE;
    if (need !== IMPOSSIBLE) {
      count = look(table, own, need, from, same, count);
      count = look(table, own, need, other, to, count);
    }
    for (let at = 0; at < count; at++) {
      const place = passed[at] ?? 0;
      const fewest = needs[Math.clz32((heads[place] ?? 0) ^ own.head) >>> 3] ?? 0;
      if (mostShared(table, own, place) < fewest) continue;
      const similarity = jaroWinklerWithin(codes, starts[place] ?? 0, length, wanted, fewest);
      if (similarity >= floor) found(place, similarity);
    }
  }
};

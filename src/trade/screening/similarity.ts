import { Failure } from '#domain/failure.ts';

/** Longer texts are no names, and the time of a comparison grows with the square of the length. */
export const MAX_COMPARED_LENGTH = 1_000;

export const PREFIX_SCALE = 0.1;
export const MAX_PREFIX_LENGTH = 4;

/** Code points of `text`: a character beyond the basic plane counts as one, not two. */
export const codesOf = (text: string): Uint32Array =>
  Uint32Array.from(text, (character) => character.codePointAt(0) ?? 0);

/** Marks of the current comparison, reused so that a million comparisons allocate nothing. */
let usedA = new Uint8Array(64);
let usedB = new Uint8Array(64);

const marksFor = (lengthA: number, lengthB: number): void => {
  if (usedA.length < lengthA) usedA = new Uint8Array(lengthA * 2);
  if (usedB.length < lengthB) usedB = new Uint8Array(lengthB * 2);
  usedA.fill(0, 0, lengthA);
  usedB.fill(0, 0, lengthB);
};

const jaroOf = (matches: number, swapped: number, lengthA: number, lengthB: number): number =>
  (matches / lengthA + matches / lengthB + (matches - swapped / 2) / matches) / 3;

/**
 * Jaro similarity of two texts as code points. Two empty texts are equal; an empty and a non-empty text score 0.
 * Returns 0 as soon as it is certain that they share fewer than `need` characters.
 */
const jaroOfCodes = (a: Uint32Array, b: Uint32Array, need: number): number => {
  if (a.length === 0 && b.length === 0) return 1;
  marksFor(a.length, b.length);
  let misses = a.length - need;
  const window = Math.max(0, Math.floor(Math.max(a.length, b.length) / 2) - 1);
  let matches = 0;
  for (let i = 0; i < a.length; i++) {
    const last = Math.min(b.length - 1, i + window);
    const code = a[i];
    let j = Math.max(0, i - window);
    while (j <= last && (usedB[j] === 1 || code !== b[j])) j++;
    if (j <= last) {
      usedA[i] = 1;
      usedB[j] = 1;
      matches++;
    } else if (--misses < 0) return 0;
  }
  if (matches === 0) return 0;
  let swapped = 0;
  for (let i = 0, j = 0; i < a.length; i++) {
    if (usedA[i] === 0) continue;
    while (usedB[j] === 0) j++;
    if (a[i] !== b[j]) swapped++;
    j++;
  }
  return jaroOf(matches, swapped, a.length, b.length);
};

const raisedFor = (similarity: number, prefix: number): number => similarity + prefix * PREFIX_SCALE * (1 - similarity);

/** Jaro-Winkler of two texts as code points; 0 if they certainly share fewer than `need` characters. */
export const jaroWinklerOfCodes = (a: Uint32Array, b: Uint32Array, need = 0): number => {
  const longest = Math.min(MAX_PREFIX_LENGTH, a.length, b.length);
  let prefix = 0;
  while (prefix < longest && a[prefix] === b[prefix]) prefix++;
  const similarity = jaroOfCodes(a, b, need);
  return similarity === 0 ? 0 : raisedFor(similarity, prefix);
};

const BITS = 32;
const ASCII = 128;

/** A text prepared for comparison with many others: the positions of each of its characters, one bit per position. */
export interface Sought {
  codes: Uint32Array;
  /** Positions 0 to 31 of each ASCII character, positions 32 to 63, and both of the other characters. */
  low: Int32Array;
  high: Int32Array;
  others: ReadonlyMap<number, readonly [number, number]>;
}

export const sought = (codes: Uint32Array): Sought => {
  const low = new Int32Array(ASCII);
  const high = new Int32Array(ASCII);
  const others = new Map<number, readonly [number, number]>();
  for (const [position, code] of codes.subarray(0, 2 * BITS).entries()) {
    const bit = 1 << (position % BITS);
    const [inLow, inHigh] = position < BITS ? [bit, 0] : [0, bit];
    if (code < ASCII) {
      low[code] = (low[code] ?? 0) | inLow;
      high[code] = (high[code] ?? 0) | inHigh;
    } else {
      const [beforeLow, beforeHigh] = others.get(code) ?? [0, 0];
      others.set(code, [beforeLow | inLow, beforeHigh | inHigh]);
    }
  }
  return { codes, low, high, others };
};

const NOWHERE = [0, 0] as const;

const lowestBit = (word: number): number => 31 - Math.clz32(word & -word);
/** A mask of bits `from` to `to`, limited to the bits of one word. */
const bitsFrom = (from: number, to: number): number => {
  if (to < 0 || from >= BITS) return 0;
  const upTo = to >= BITS - 1 ? -1 : (1 << (to + 1)) - 1;
  return from <= 0 ? upTo : upTo & (-1 << from);
};

/**
 * `jaroWinklerOfCodes` of the prepared text with the `length` codes of `a` from `from` on, identical to the last bit;
 * or 0 as soon as it is certain that they share fewer than `need` characters. Needs no loop over `b` up to 64
 * characters.
 */
export const jaroWinklerWithin = (
  a: Uint32Array,
  from: number,
  length: number,
  { codes: b, low, high, others }: Sought,
  need: number,
): number => {
  if (length > 2 * BITS || b.length > 2 * BITS) return jaroWinklerOfCodes(a.subarray(from, from + length), b, need);
  const window = Math.max(0, (Math.max(length, b.length) >>> 1) - 1);
  let misses = length - need;
  let matches = 0;
  let [usedLowOfA, usedHighOfA, usedLow, usedHigh] = [0, 0, 0, 0];
  for (let i = 0; i < length; i++) {
    const code = a[from + i] ?? 0;
    const [otherLow, otherHigh] = code < ASCII ? NOWHERE : (others.get(code) ?? NOWHERE);
    const inLow = (code < ASCII ? (low[code] ?? 0) : otherLow) & ~usedLow;
    const inHigh = (code < ASCII ? (high[code] ?? 0) : otherHigh) & ~usedHigh;
    const freeLow = inLow === 0 ? 0 : inLow & bitsFrom(i - window, i + window);
    const freeHigh = inHigh === 0 ? 0 : inHigh & bitsFrom(i - window - BITS, i + window - BITS);
    if (freeLow !== 0) usedLow |= freeLow & -freeLow;
    else if (freeHigh !== 0) usedHigh |= freeHigh & -freeHigh;
    else {
      if (--misses < 0) return 0;
      continue;
    }
    matches++;
    if (i < BITS) usedLowOfA |= 1 << i;
    else usedHighOfA |= 1 << (i - BITS);
  }
  if (matches === 0) return 0;
  let swapped = 0;
  for (let match = 0; match < matches; match++) {
    const i = usedLowOfA !== 0 ? lowestBit(usedLowOfA) : BITS + lowestBit(usedHighOfA);
    const j = usedLow !== 0 ? lowestBit(usedLow) : BITS + lowestBit(usedHigh);
    if (a[from + i] !== b[j]) swapped++;
    if (usedLowOfA !== 0) usedLowOfA &= usedLowOfA - 1;
    else usedHighOfA &= usedHighOfA - 1;
    if (usedLow !== 0) usedLow &= usedLow - 1;
    else usedHigh &= usedHigh - 1;
  }
  const similarity = jaroOf(matches, swapped, length, b.length);
  const longest = Math.min(MAX_PREFIX_LENGTH, length, b.length);
  let prefix = 0;
  while (prefix < longest && a[from + prefix] === b[prefix]) prefix++;
  return raisedFor(similarity, prefix);
};

const comparable = (text: string, field: string): Uint32Array => {
  const codes = codesOf(text.slice(0, MAX_COMPARED_LENGTH * 2 + 2));
  if (codes.length > MAX_COMPARED_LENGTH)
    throw new Failure('invalid', `${field}: longer than ${MAX_COMPARED_LENGTH} characters; shorten it to the name`, {
      safe: { field, reason: `longer than ${MAX_COMPARED_LENGTH} characters` },
    });
  return codes;
};

/**
 * Jaro similarity, 0 to 1, of two texts by code points, without normalising. Two empty texts are equal; an empty and a
 * non-empty text score 0. Longer than 1,000 characters: `invalid`. Source: Winkler 1990.
 */
export const jaro = (a: string, b: string): number => jaroOfCodes(comparable(a, 'a'), comparable(b, 'b'), 0);

/** Jaro raised for a common prefix of up to four characters, a tenth each, at every Jaro score (no boost threshold). */
export const jaroWinkler = (a: string, b: string): number => jaroWinklerOfCodes(comparable(a, 'a'), comparable(b, 'b'));

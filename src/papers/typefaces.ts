import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create, type Font } from 'fontkit';

/**
 * Two families under the Open Font License, embedded as subsets: Noto Sans for Latin, Greek and Cyrillic, Noto Sans SC
 * for Chinese and kana. Neither can shape Arabic, Hebrew, Thai or Indic text, so such text is refused, never printed as
 * boxes.
 */
const FILES = {
  latin: '@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf',
  latinStrong: '@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf',
  han: '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf',
  hanStrong: '@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf',
} as const;

export type Family = 'latin' | 'han';
export type Face = keyof typeof FILES;
export const FACES = ['latin', 'latinStrong', 'han', 'hanStrong'] as const satisfies readonly Face[];

export const faceOf = (family: Family, strong: boolean): Face => {
  if (family === 'latin') return strong ? 'latinStrong' : 'latin';
  return strong ? 'hanStrong' : 'han';
};

interface Typeface {
  characters: ReadonlySet<number>;
  advances: Map<string, number>;
  font: Font;
}

const require = createRequire(import.meta.url);
const loaded = new Map<Face, Typeface>();

/** Loaded once per process, for the first paper that needs it. */
const typeface = (face: Face): Typeface => {
  const known = loaded.get(face);
  if (known) return known;
  const font = create(readFileSync(require.resolve(FILES[face])));
  if (!('glyphForCodePoint' in font)) throw new Error(`${FILES[face]} is a collection of fonts, not one`);
  const made = { font, characters: new Set(font.characterSet), advances: new Map<string, number>() };
  loaded.set(face, made);
  return made;
};

/** The opened font, one for all papers: to open its 10 MB again for each paper took ten times as long as printing it. */
export const openedFont = (face: Face): Font => typeface(face).font;

/** The width of `character` at size 1 by itself. Kerning hardly ever widens a text, so lines still fit. */
export const advanceOf = (character: string, face: Face): number => {
  const { font, advances } = typeface(face);
  const known = advances.get(character);
  if (known !== undefined) return known;
  const width = font.glyphForCodePoint(character.codePointAt(0) ?? 0).advanceWidth / font.unitsPerEm;
  advances.set(character, width);
  return width;
};

/** The width of `text` at size 1 as printed, with kerning and ligatures. */
export const widthOfText = (text: string, face: Face): number => {
  const { font } = typeface(face);
  return font.layout(text).advanceWidth / font.unitsPerEm;
};

/** Invisible characters. Removing them does not change what a reader sees. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u2060\ufeff]|\p{Variation_Selector}/gu;
const SPACES = /[\s\u00a0\u2000-\u200a\u202f\u205f]+/gu;

/** Normalises text for printing: composed letters, single spaces, no invisible characters. */
export const printable = (text: string): string =>
  text.replace(INVISIBLE, '').normalize('NFC').replace(SPACES, ' ').trim();

const LATIN = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Common}]$/u;
const HAN = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Common}]$/u;
/**
 * Characters that cannot be printed sensibly although a font has them: a mark that did not compose with its letter and
 * would be printed beside it, signs that change the text direction or show nothing, and placeholders for a lost or
 * foreign object.
 */
const NO_PICTURE = /^[\p{M}\p{C}\ufffc\ufffd]$/u;

const families = new Map<string, Family | null>();

/** The family that contains `character`; null if none of our fonts can print it. */
export const familyOf = (character: string): Family | null => {
  const known = families.get(character);
  if (known !== undefined) return known;
  const code = character.codePointAt(0) ?? 0;
  const has = (family: Family) => typeface(family).characters.has(code);
  const found = NO_PICTURE.test(character)
    ? null
    : LATIN.test(character) && has('latin')
      ? 'latin'
      : HAN.test(character) && has('han')
        ? 'han'
        : null;
  families.set(character, found);
  return found;
};

import { pinyin } from 'pinyin-pro';

/** Surnames of two characters, simplified and traditional. General knowledge. */
const TWO_CHARACTER_SURNAMES = new Set(
  (
    '欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 东方 東方 皇甫 尉迟 尉遲 公孙 公孫 令狐 慕容 司徒 夏侯 长孙 長孫 宇文 轩辕 軒轅 ' +
    '端木 百里 南宫 南宮 东郭 東郭 万俟 萬俟 呼延 独孤 獨孤 闻人 聞人 钟离 鍾離 淳于 澹台 澹臺 公冶 太史 申屠 赫连 赫連 ' +
    '拓跋 西门 西門 濮阳 濮陽 鲜于 鮮于 闾丘 閭丘 司空 仲孙 仲孫 第五'
  ).split(' '),
);
/** A character outside the 16-bit range, such as 𠮷, counts as one. */
const charactersOf = (text: string): string[] => [...text];

const wordsOfLanguage = new Intl.Segmenter('zh', { granularity: 'word' });

const spelt = (han: string, surname: 'head' | 'off'): string[] =>
  pinyin(han, { toneType: 'none', type: 'array', surname, toneSandhi: false, nonZh: 'consecutive' });

/** “zhang sanfeng” and “sanfeng zhang”: lists write both orders, and also each syllable separately. */
const bothOrders = (surname: string, given: string): string[] =>
  given === '' ? [surname] : [`${surname} ${given}`, `${given} ${surname}`];

/** The number of characters of the surname in a person's name; 0 if the text is too long for a name. */
const surnameSize = (characters: readonly string[]): number => {
  const isPair = characters.length > 2 && TWO_CHARACTER_SURNAMES.has(characters.slice(0, 2).join(''));
  const size = isPair ? 2 : 1;
  return characters.length - size <= 2 ? size : 0;
};

/**
 * The name with the surname in its surname reading and in its usual reading, which a list may use instead. Empty for
 * other names.
 */
const asPerson = (han: string): string[] => {
  const characters = charactersOf(han);
  const size = surnameSize(characters);
  if (size === 0) return [];
  const given = characters.slice(size).join('');
  const rest = given === '' ? '' : spelt(given, 'off').join('');
  const surnames = new Set((['head', 'off'] as const).map((mode) => spelt(han, mode).slice(0, size).join('')));
  return [...surnames].flatMap((surname) => bothOrders(surname, rest));
};

/** Keyboards write ü as v, Chinese passports as yu. Without its dots it is compared anyway. */
const withoutDots = (name: string): string[] =>
  name.includes('ü') ? [name, name.replaceAll('ü', 'v'), name.replaceAll('ü', 'yu')] : [name];

const asOrganisation = (han: string): string =>
  [...wordsOfLanguage.segment(han)].map(({ segment }) => spelt(segment, 'off').join('')).join(' ');

/**
 * Pinyin without tones for a run of Chinese characters that names a party of `kind` (null: unknown). A person's surname
 * is given in its surname readings (单 shan, 解 xie, 仇 qiu) and in the usual one, before and after the given name; other
 * names word by word. Characters without a reading stay unchanged. Deterministic. Readings: pinyin-pro.
 */
export const romaniseHan = (han: string, kind: string | null): string[] => {
  const person = kind === null || kind === 'person' ? asPerson(han) : [];
  if (kind === 'person' && person.length > 0) return person.flatMap(withoutDots);
  const other = asOrganisation(han);
  // Names with the same letters in the same order compare equal, however they are spaced.
  const isNew = !person.some((name) => name.replaceAll(' ', '') === other.replaceAll(' ', ''));
  return (isNew ? [...person, other] : person).flatMap(withoutDots);
};

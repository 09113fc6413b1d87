/**
 * Cyrillic and Greek letters in the Latin spelling that sanctions lists and passports mostly use. One spelling a letter:
 * the others (kh/h, y/i, iu/yu) are near enough for the similarity that follows. From the alphabets, no standard copied.
 */
const LETTERS: Readonly<Record<string, string>> = {
  // Russian, and what Ukrainian, Belarusian, Serbian, Macedonian and Bulgarian share with it
  ...{ а: 'a', б: 'b', в: 'v', г: 'g', д: 'd', е: 'e', ё: 'e', ж: 'zh', з: 'z', и: 'i', й: 'y', к: 'k', л: 'l' },
  ...{ м: 'm', н: 'n', о: 'o', п: 'p', р: 'r', с: 's', т: 't', у: 'u', ф: 'f', х: 'kh', ц: 'ts', ч: 'ch', ш: 'sh' },
  ...{ щ: 'shch', ъ: '', ы: 'y', ь: '', э: 'e', ю: 'yu', я: 'ya' },
  // Ukrainian, Belarusian
  ...{ є: 'ye', і: 'i', ї: 'yi', ґ: 'g', ў: 'u' },
  // Serbian, Macedonian
  ...{ ђ: 'dj', ј: 'j', љ: 'lj', њ: 'nj', ћ: 'c', џ: 'dz', ѓ: 'gj', ќ: 'kj', ѕ: 'dz' },
  // Kazakh, Kyrgyz, Tatar
  ...{ ә: 'a', ғ: 'gh', қ: 'q', ң: 'ng', ө: 'o', ұ: 'u', ү: 'u', һ: 'h' },
  // Greek
  ...{ α: 'a', β: 'v', γ: 'g', δ: 'd', ε: 'e', ζ: 'z', η: 'i', θ: 'th', ι: 'i', κ: 'k', λ: 'l', μ: 'm', ν: 'n' },
  ...{ ξ: 'x', ο: 'o', π: 'p', ρ: 'r', σ: 's', ς: 's', τ: 't', υ: 'y', φ: 'f', χ: 'ch', ψ: 'ps', ω: 'o' },
  // Latin letters that do not fall into a letter and a mark
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', þ: 'th', ł: 'l', ħ: 'h', ŧ: 't', ı: 'i', ĸ: 'k', ŋ: 'ng' },
  ...{ ə: 'a', ƙ: 'k', ɓ: 'b', ɗ: 'd' },
};

const GREEK_OU = /ο[υύ]/g;
const SPELLED = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'g');

/** `text`, in lower case and composed (NFC or NFKC), with Cyrillic, Greek and special Latin letters spelled in a to z. */
export const transliterated = (text: string): string =>
  text.replace(GREEK_OU, 'ou').replace(SPELLED, (letter) => LETTERS[letter] ?? letter);

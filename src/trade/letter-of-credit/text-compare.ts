/** Letters and digits of any script in capitals, everything else one space: `Co., Ltd.` and `CO LTD` are the same. */
export const foldedText = (text: string): string =>
  text
    .slice(0, 10_000)
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toUpperCase()
    .replaceAll('&', ' AND ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** Spellings of a legal form that banks treat as the same (ISBP allows the abbreviation). No others are equated. */
const SPELLINGS: Readonly<Record<string, string>> = {
  LIMITED: 'LTD',
  COMPANY: 'CO',
  CORPORATION: 'CORP',
  INCORPORATED: 'INC',
  INTERNATIONAL: 'INTL',
  MANUFACTURING: 'MFG',
};

const wordsOf = (text: string): string[] =>
  foldedText(text)
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => SPELLINGS[word] ?? word);

/** True if two names do not conflict: the same words, ignoring accents, dots and usual abbreviations. */
export const sameName = (one: string, other: string): boolean => {
  const [first, second] = [wordsOf(one).join(' '), wordsOf(other).join(' ')];
  return first !== '' && first === second;
};

/** True if `whole` contains the words of `part` in sequence. An empty part is never contained. */
export const hasWords = (whole: string, part: string): boolean => {
  const wanted = foldedText(part);
  return wanted !== '' && ` ${foldedText(whole)} `.includes(` ${wanted} `);
};

/** Words for the kind of place, which do not identify it. */
const KIND_OF_PLACE = /\b(SEA|AIR)?PORT( OF)?\b/g;

const placeOf = (text: string): { town: string; region: string } => {
  const [town = '', ...region] = text.slice(0, 500).split(',');
  const folded = foldedText(town).replace(KIND_OF_PLACE, ' ').replace(/ +/g, ' ').trim();
  return { town: folded === '' ? foldedText(town) : folded, region: foldedText(region.join(' ')) };
};

/** The texts are equal, or one begins with the other. Two empty texts do not match. */
const continues = (one: string, other: string): boolean =>
  one !== '' && other !== '' && (`${one} `.startsWith(`${other} `) || `${other} `.startsWith(`${one} `));

/**
 * True if two places do not conflict: the same town, one with more detail (`NINGBO PORT` and `NINGBO, CHINA`). Two
 * different regions or countries do conflict (`BIRMINGHAM, UK` and `BIRMINGHAM, USA`), and so do towns if one name ends
 * like the other (`LONDON` and `EAST LONDON`).
 */
export const samePlace = (one: string, other: string): boolean => {
  const [whole, part] = [foldedText(one), foldedText(other)];
  if (whole !== '' && whole === part) return true;
  const [first, second] = [placeOf(one), placeOf(other)];
  const agree = (a: string, b: string) => a === '' || b === '' || hasWords(a, b) || hasWords(b, a);
  return continues(first.town, second.town) && agree(first.region, second.region);
};

/** True if the lines of an address or a party begin with the name, on one line or over two. */
export const beginsWithName = (lines: readonly string[], name: string): boolean =>
  [1, 2, 3].some((count) => sameName(lines.slice(0, count).join(' '), name));

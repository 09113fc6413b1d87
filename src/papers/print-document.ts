import { Failure } from '#domain/failure.ts';
import type { TradeDocument } from '#trade/documents/trade-document.ts';
import { billPaper, certificatePaper } from './credit-papers.ts';
import { chinaPaper, h1Paper, h7Paper, postalPaper, usPaper } from './declaration-papers.ts';
import type { PaperLanguage } from './labels.ts';
import type { Paper } from './paper.ts';
import { printPaper } from './print-paper.ts';
import { invoicePaper, originPaper, packingPaper } from './sale-papers.ts';
import { familyOf, printable } from './typefaces.ts';

/** The content of a document's paper in the requested language. */
export const paperOf = (document: TradeDocument, language: PaperLanguage): Paper => {
  switch (document.kind) {
    case 'commercial_invoice':
      return invoicePaper(document, language);
    case 'packing_list':
      return packingPaper(document, language);
    case 'cn22':
    case 'cn23':
      return postalPaper(document, language);
    case 'certificate_of_origin':
      return originPaper(document, language);
    case 'eu_h7':
      return h7Paper(document, language);
    case 'eu_h1':
      return h1Paper(document, language);
    case 'cn_declaration':
      return chinaPaper(document, language);
    case 'us_entry':
      return usPaper(document, language);
    case 'bill_of_exchange':
      return billPaper(document, language);
    case 'beneficiary_certificate':
      return certificatePaper(document, language);
  }
};

/** Every text inside a value, with its path. */
function* textsIn(value: unknown, path = ''): Generator<{ path: string; text: string }> {
  if (typeof value === 'string') yield { path, text: value };
  else if (Array.isArray(value)) for (const [index, part] of value.entries()) yield* textsIn(part, `${path}[${index}]`);
  else if (typeof value === 'object' && value !== null)
    for (const [key, part] of Object.entries(value)) yield* textsIn(part, path === '' ? key : `${path}.${key}`);
}

const lackingIn = (text: string): string[] =>
  [...printable(text)].filter((character) => character !== ' ' && familyOf(character) === null);

const codeOf = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/**
 * How an error message shows a character. A combining mark needs a base letter and a control character would change the
 * message, so both are shown by code point only.
 */
const named = (character: string): string =>
  /[\p{M}\p{C}\p{Z}]/u.test(character) ? codeOf(character) : `${character} (${codeOf(character)})`;

/**
 * Throws `invalid`, naming the first field and its characters, if the fonts cannot print part of the paper. They cover
 * Latin, Greek, Cyrillic, Chinese and kana. A letter with a mark must exist as one character.
 */
const requirePrintable = (document: TradeDocument, paper: Paper): void => {
  const missing = new Set(
    [...textsIn(paper.blocks), { text: paper.number }, { text: paper.reference }].flatMap(({ text }) =>
      lackingIn(text),
    ),
  );
  if (missing.size === 0) return;
  const places = [...textsIn(document)].filter(({ text }) =>
    lackingIn(text).some((character) => missing.has(character)),
  );
  const field = places[0]?.path ?? document.kind;
  const characters = [...missing].slice(0, 10);
  throw new Failure(
    'invalid',
    `${field}: no font prints ${characters.map(named).join(', ')}; write it in Latin letters or Chinese characters`,
    {
      safe: {
        field,
        reason: 'characters that no font prints',
        characters: characters.map(codeOf),
        fields: places.slice(0, 20).map(({ path }) => path),
      },
    },
  );
};

/**
 * Prints the document as PDF with labels in English, Chinese or both. The same document and language give the same
 * bytes. Text that the fonts cannot print is refused (`invalid`, with field and characters), never printed as boxes.
 */
export const printDocument = async (document: TradeDocument, language: PaperLanguage): Promise<Buffer> => {
  const paper = paperOf(document, language);
  requirePrintable(document, paper);
  return printPaper(paper, language);
};

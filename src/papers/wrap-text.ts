import { advanceOf, type Face, faceOf, familyOf, printable, widthOfText } from './typefaces.ts';

export interface Run {
  face: Face;
  text: string;
  width: number;
}

/** One laid-out line of text: runs that follow each other. */
export interface LaidOutLine {
  runs: readonly Run[];
  width: number;
}

export interface Style {
  size: number;
  strong: boolean;
}

const faceFor = (character: string, strong: boolean): Face => faceOf(familyOf(character) ?? 'latin', strong);

const widthOf = (text: string, { size, strong }: Style): number =>
  [...text].reduce((width, character) => width + advanceOf(character, faceFor(character, strong)) * size, 0);

const WIDE = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}';
const PIECES = [
  // A Chinese character with the closing punctuation that must not begin a line.
  `[${WIDE}][、。，．；：！？）】》」』”’]*`,
  // Part of a word up to a possible break, but not inside a number.
  `[^\\s${WIDE}]*?[-/;,](?=[^\\s\\d])`,
  `[^\\s${WIDE}]+`,
  '\\s+',
];
/** The pieces after which a line may break. */
const PIECE = new RegExp(PIECES.join('|'), 'gu');

const piecesOf = (text: string): string[] => text.match(PIECE) ?? [];

/** Splits a piece that is wider than the line at the line's width. */
const cutToFit = (piece: string, width: number, style: Style): string[] => {
  const parts: string[] = [];
  let part = '';
  let used = 0;
  for (const character of piece) {
    const advance = widthOf(character, style);
    if (part !== '' && used + advance > width) {
      parts.push(part);
      part = '';
      used = 0;
    }
    part += character;
    used += advance;
  }
  return part === '' ? parts : [...parts, part];
};

const runsOf = (text: string, { size, strong }: Style): LaidOutLine => {
  const parts: { face: Face; text: string }[] = [];
  for (const character of text) {
    const face = faceFor(character, strong);
    const last = parts.at(-1);
    if (last?.face === face) last.text += character;
    else parts.push({ face, text: character });
  }
  const runs = parts.map((part) => ({ ...part, width: widthOfText(part.text, part.face) * size }));
  return { runs, width: runs.reduce((sum, { width }) => sum + width, 0) };
};

/** Breaks `text` into lines no wider than `width`; returns at least one line. */
export const wrapText = (text: string, width: number, style: Style): LaidOutLine[] => {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  const flush = () => {
    lines.push(line.trimEnd());
    line = '';
    used = 0;
  };
  for (const whole of piecesOf(printable(text)))
    for (const piece of widthOf(whole, style) > width ? cutToFit(whole, width, style) : [whole]) {
      const advance = widthOf(piece, style);
      if (line !== '' && used + advance > width && piece.trim() !== '') flush();
      if (line === '' && piece.trim() === '') continue;
      line += piece;
      used += advance;
    }
  if (line !== '' || lines.length === 0) flush();
  return lines.map((text) => runsOf(text, style));
};

/** Lays out `text` on a single line, however wide. */
export const layOutLine = (text: string, style: Style): LaidOutLine => runsOf(printable(text), style);

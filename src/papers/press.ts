import type PDFDocument from 'pdfkit';
import { label, type PaperLanguage } from './labels.ts';
import type { Cell, Paper } from './paper.ts';
import { type LaidOutLine, layOutLine, type Style, wrapText } from './wrap-text.ts';

/** A4 in points. */
export const PAGE = { width: 595.28, height: 841.89, side: 40, top: 40, bottom: 52 } as const;
export const WIDTH = PAGE.width - 2 * PAGE.side;
export const FLOOR = PAGE.height - PAGE.bottom;
const LEADING = 1.36;
/** Distance from the top of a line to its baseline, as a fraction of the font size. */
const RISE = 1.02;
export const PAD = 3.5;

export const TITLE: Style = { size: 17, strong: true };
export const STRONG: Style = { size: 8.5, strong: true };
export const PLAIN: Style = { size: 8.5, strong: false };
export const LABEL: Style = { size: 6.8, strong: false };
export const HEAD: Style = { size: 7.2, strong: true };
export const SMALL: Style = { size: 7, strong: false };

export const INK = '#14171c';
export const SOFT = '#5b6470';
export const RULE = '#c3c9d1';
export const SHADE = '#eef1f4';

type Pdf = InstanceType<typeof PDFDocument>;

/** The printing state: the document and the current position on its page. */
export interface Press {
  pdf: Pdf;
  paper: Paper;
  language: PaperLanguage;
  y: number;
}

export interface TextLine {
  line: LaidOutLine;
  style: Style;
  colour: string;
}

export const heightOf = (style: Style): number => style.size * LEADING;
export const heightTogether = (lines: readonly TextLine[]): number =>
  lines.reduce((height, { style }) => height + heightOf(style), 0);

export const linesOf = (cell: Cell, width: number, style: Style, colour: string = INK): TextLine[] =>
  cell
    .filter((paragraph) => paragraph.trim() !== '')
    .flatMap((paragraph) => wrapText(paragraph, width, style).map((line) => ({ line, style, colour })));

export const drawLine = ({ pdf }: Press, { line, style, colour }: TextLine, x: number, top: number): void => {
  let at = x;
  for (const run of line.runs) {
    pdf
      .font(run.face)
      .fontSize(style.size)
      .fillColor(colour)
      .text(run.text, at, top + style.size * RISE, { lineBreak: false, baseline: 'alphabetic', features: [] });
    at += run.width;
  }
};

/** Draws lines below each other. Right-aligned lines end exactly at the right edge. */
export const drawLines = (
  press: Press,
  lines: readonly TextLine[],
  at: { x: number; y: number; width: number; align: 'left' | 'right' },
): void => {
  let top = at.y;
  for (const text of lines) {
    drawLine(press, text, at.align === 'right' ? at.x + at.width - text.line.width : at.x, top);
    top += heightOf(text.style);
  }
};

export const rule = ({ pdf }: Press, y: number, colour: string = RULE, thickness = 0.5): void => {
  pdf
    .moveTo(PAGE.side, y)
    .lineTo(PAGE.side + WIDTH, y)
    .lineWidth(thickness)
    .strokeColor(colour)
    .stroke();
};

export const LEFT = { x: PAGE.side, width: WIDTH, align: 'left' } as const;

export const titleOf = ({ title, number }: Paper, language: PaperLanguage): string =>
  `${label(title, language)} ${number}`.trim();

/** The header of every page except the first. */
const drawContinuation = (press: Press): void => {
  const { paper, language } = press;
  const title = titleOf(paper, language);
  drawLines(press, linesOf([title], WIDTH - 80, STRONG).slice(0, 1), { ...LEFT, y: PAGE.top });
  const date = layOutLine(paper.date, PLAIN);
  drawLine(press, { line: date, style: PLAIN, colour: SOFT }, PAGE.side + WIDTH - date.width, PAGE.top);
  rule(press, PAGE.top + heightOf(STRONG) + 3, INK, 0.8);
  press.y = PAGE.top + heightOf(STRONG) + 10;
};

export const turnPage = (press: Press): void => {
  press.pdf.addPage();
  drawContinuation(press);
};

export const makeRoom = (press: Press, height: number): boolean => {
  if (press.y + height <= FLOOR) return false;
  turnPage(press);
  return true;
};

export interface Stack {
  lines: readonly TextLine[];
  x: number;
  width: number;
  align: 'left' | 'right';
}

/** The number of `lines` that fit into `height`; at least one, so that printing always makes progress. */
const linesThatFit = (lines: readonly TextLine[], height: number): number => {
  let used = 0;
  const over = lines.findIndex(({ style }) => {
    used += heightOf(style);
    return used > height;
  });
  return over < 0 ? lines.length : Math.max(over, 1);
};

/**
 * Draws texts side by side: on one page if they fit on one, otherwise over as many pages as needed. `afterTurn` prints
 * the header of each new page. `press.y` ends below the longest text.
 */
export const drawStacks = (press: Press, stacks: readonly Stack[], pad: number, afterTurn: () => void): void => {
  const highest = (some: readonly Stack[]) => Math.max(...some.map(({ lines }) => heightTogether(lines)), 0);
  let rest = stacks;
  if (press.y + highest(rest) + 2 * pad > FLOOR) {
    const isLong = highest(rest) + 2 * pad > FLOOR - PAGE.top - 80;
    if (!isLong || press.y > FLOOR - 80) {
      turnPage(press);
      afterTurn();
    }
  }
  for (;;) {
    const room = FLOOR - press.y - 2 * pad;
    const now = rest.map((stack) => ({ ...stack, lines: stack.lines.slice(0, linesThatFit(stack.lines, room)) }));
    for (const stack of now) drawLines(press, stack.lines, { ...stack, y: press.y + pad });
    press.y += highest(now) + 2 * pad;
    rest = rest.map((stack, index) => ({ ...stack, lines: stack.lines.slice(now[index]?.lines.length ?? 0) }));
    if (rest.every(({ lines }) => lines.length === 0)) return;
    turnPage(press);
    afterTurn();
  }
};

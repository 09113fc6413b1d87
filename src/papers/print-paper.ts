import PDFDocument from 'pdfkit';
import { type LabelKey, label, labelLines, type PaperLanguage, pageOf } from './labels.ts';
import type { Block, Cell, Column, Paper, PaperField, TotalRow } from './paper.ts';
import { type SetLine, type Style, setLine, setLines } from './set-lines.ts';
import { FACES, fontBytes } from './typefaces.ts';

/** A4 in points. */
const PAGE = { width: 595.28, height: 841.89, side: 40, top: 40, bottom: 52 } as const;
const WIDTH = PAGE.width - 2 * PAGE.side;
const FLOOR = PAGE.height - PAGE.bottom;
const LEADING = 1.36;
/** From the top of a line to its baseline, as a part of the size. */
const RISE = 1.02;
const PAD = 3.5;

const TITLE: Style = { size: 17, strong: true };
const STRONG: Style = { size: 8.5, strong: true };
const PLAIN: Style = { size: 8.5, strong: false };
const LABEL: Style = { size: 6.8, strong: false };
const HEAD: Style = { size: 7.2, strong: true };
const SMALL: Style = { size: 7, strong: false };

const INK = '#14171c';
const SOFT = '#5b6470';
const RULE = '#c3c9d1';
const SHADE = '#eef1f4';

type Pdf = InstanceType<typeof PDFDocument>;

/** The state of printing: the document and how far down its page we are. */
interface Press {
  pdf: Pdf;
  paper: Paper;
  language: PaperLanguage;
  y: number;
}

interface TextLine {
  line: SetLine;
  style: Style;
  colour: string;
}

const heightOf = (style: Style): number => style.size * LEADING;
const heightTogether = (lines: readonly TextLine[]): number =>
  lines.reduce((height, { style }) => height + heightOf(style), 0);

const linesOf = (cell: Cell, width: number, style: Style, colour: string = INK): TextLine[] =>
  cell
    .filter((paragraph) => paragraph.trim() !== '')
    .flatMap((paragraph) => setLines(paragraph, width, style).map((line) => ({ line, style, colour })));

const drawLine = ({ pdf }: Press, { line, style, colour }: TextLine, x: number, top: number): void => {
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

/** Lines one under the other; right-aligned ones end exactly at the right edge. */
const drawLines = (
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

const rule = ({ pdf }: Press, y: number, colour: string = RULE, thickness = 0.5): void => {
  pdf
    .moveTo(PAGE.side, y)
    .lineTo(PAGE.side + WIDTH, y)
    .lineWidth(thickness)
    .strokeColor(colour)
    .stroke();
};

const LEFT = { x: PAGE.side, width: WIDTH, align: 'left' } as const;

/** The head of every page but the first. */
const drawContinuation = (press: Press): void => {
  const { paper, language } = press;
  const title = `${label(paper.title, language)} ${paper.number}`;
  drawLines(press, linesOf([title], WIDTH - 80, STRONG).slice(0, 1), { ...LEFT, y: PAGE.top });
  const date = setLine(paper.date, PLAIN);
  drawLine(press, { line: date, style: PLAIN, colour: SOFT }, PAGE.side + WIDTH - date.width, PAGE.top);
  rule(press, PAGE.top + heightOf(STRONG) + 3, INK, 0.8);
  press.y = PAGE.top + heightOf(STRONG) + 10;
};

const turnPage = (press: Press): void => {
  press.pdf.addPage();
  drawContinuation(press);
};

const makeRoom = (press: Press, height: number): boolean => {
  if (press.y + height <= FLOOR) return false;
  turnPage(press);
  return true;
};

interface Stack {
  lines: readonly TextLine[];
  x: number;
  width: number;
  align: 'left' | 'right';
}

/** How many of `lines` fit into `height`; at least one, so that printing always goes on. */
const fitting = (lines: readonly TextLine[], height: number): number => {
  let used = 0;
  const over = lines.findIndex(({ style }) => {
    used += heightOf(style);
    return used > height;
  });
  return over < 0 ? lines.length : Math.max(over, 1);
};

/**
 * Texts side by side, on one page when any page can hold them, else over as many as they need; `afterTurn` prints what
 * every new page begins with. `press.y` ends below the longest.
 */
const drawStacks = (press: Press, stacks: readonly Stack[], pad: number, afterTurn: () => void): void => {
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
    const now = rest.map((stack) => ({ ...stack, lines: stack.lines.slice(0, fitting(stack.lines, room)) }));
    for (const stack of now) drawLines(press, stack.lines, { ...stack, y: press.y + pad });
    press.y += highest(now) + 2 * pad;
    rest = rest.map((stack, index) => ({ ...stack, lines: stack.lines.slice(now[index]?.lines.length ?? 0) }));
    if (rest.every(({ lines }) => lines.length === 0)) return;
    turnPage(press);
    afterTurn();
  }
};

const drawFields = (press: Press, columns: number, fields: readonly PaperField[]): void => {
  const gap = 12;
  const width = (WIDTH - gap * (columns - 1)) / columns;
  for (let from = 0; from < fields.length; from += columns) {
    const stacks = fields.slice(from, from + columns).map((field, index) => ({
      lines: [
        ...linesOf([label(field.label, press.language)], width, LABEL, SOFT),
        ...linesOf(field.value, width, PLAIN),
      ],
      ...{ x: PAGE.side + index * (width + gap), width, align: 'left' as const },
    }));
    drawStacks(press, stacks, 0, () => undefined);
    press.y += 6;
  }
};

interface Slot extends Column {
  x: number;
  width: number;
}

const slotsOf = (columns: readonly Column[]): Slot[] => {
  const shares = columns.reduce((sum, { share }) => sum + share, 0);
  let x = PAGE.side;
  return columns.map((column) => {
    const width = (WIDTH * column.share) / shares;
    const slot = { ...column, x: x + PAD, width: width - 2 * PAD };
    x += width;
    return slot;
  });
};

const stacksOf = (slots: readonly Slot[], cells: readonly Cell[], style: Style): Stack[] =>
  slots.map(({ x, width, align }, index) => ({ lines: linesOf(cells[index] ?? [], width, style), x, width, align }));

const headOf = (slots: readonly Slot[], language: PaperLanguage): { stacks: Stack[]; height: number } => {
  const stacks = stacksOf(
    slots,
    slots.map((slot) => labelLines(slot.label, language)),
    HEAD,
  );
  return { stacks, height: Math.max(...stacks.map(({ lines }) => heightTogether(lines))) + 2 * PAD };
};

const drawTableHead = (press: Press, slots: readonly Slot[]): void => {
  const { stacks, height } = headOf(slots, press.language);
  press.pdf.rect(PAGE.side, press.y, WIDTH, height).fill(SHADE);
  for (const stack of stacks) drawLines(press, stack.lines, { ...stack, y: press.y + PAD });
  press.y += height;
  rule(press, press.y, INK, 0.6);
};

const TOTAL: Style = { size: 10, strong: true };
const TOTAL_LABEL = 190;
const TOTAL_VALUE = 110;

/** All totals on one page: a sum is not torn from what it sums. */
const drawTotals = (press: Press, totals: readonly TotalRow[]): void => {
  const rows = totals.map((total) => {
    const style = total.strong ? TOTAL : PLAIN;
    const labels = linesOf(total.label, TOTAL_LABEL, style);
    const values = linesOf([total.value], TOTAL_VALUE, style);
    return { strong: total.strong, labels, values, height: heightTogether(labels) + 4 };
  });
  makeRoom(
    press,
    Math.min(
      rows.reduce((sum, { height }) => sum + height, 4),
      FLOOR - PAGE.top - 60,
    ),
  );
  const right = PAGE.side + WIDTH - PAD;
  for (const [index, { strong, labels, values, height }] of rows.entries()) {
    makeRoom(press, height);
    // The first of them stands under the table's own rule.
    if (strong && index > 0) rule(press, press.y, INK, 0.8);
    const y = press.y + 2;
    const x = right - TOTAL_VALUE;
    drawLines(press, labels, { x: x - TOTAL_LABEL - 8, y, width: TOTAL_LABEL, align: 'right' });
    drawLines(press, values, { x, y, width: TOTAL_VALUE, align: 'right' });
    press.y += height;
  }
};

const drawTable = (press: Press, table: Extract<Block, { block: 'table' }>): void => {
  const slots = slotsOf(table.columns);
  makeRoom(press, headOf(slots, press.language).height + 40);
  drawTableHead(press, slots);
  const place = (cells: readonly Cell[], style: Style) =>
    drawStacks(press, stacksOf(slots, cells, style), PAD, () => drawTableHead(press, slots));
  for (const cells of table.rows) {
    place(cells, PLAIN);
    rule(press, press.y, RULE, 0.4);
  }
  if (table.sums) {
    place(table.sums, STRONG);
    rule(press, press.y, INK, 0.8);
  }
  press.y += 4;
  drawTotals(press, table.totals);
  press.y += 8;
};

const drawWords = (press: Press, paragraphs: readonly string[], style: Style, colour: string): void => {
  for (const paragraph of paragraphs) {
    for (const text of linesOf([paragraph], WIDTH, style, colour)) {
      makeRoom(press, heightOf(style));
      drawLine(press, text, PAGE.side, press.y);
      press.y += heightOf(style);
    }
    press.y += 3;
  }
  press.y += 4;
};

const drawSignature = (press: Press, labelled: LabelKey, words: Cell): void => {
  const width = 220;
  const x = PAGE.side + WIDTH - width;
  makeRoom(press, 74);
  const names = linesOf(words, width, PLAIN);
  drawLines(press, names, { x, y: press.y, width, align: 'left' });
  const y = press.y + Math.max(heightTogether(names), 14) + 30;
  press.pdf
    .moveTo(x, y)
    .lineTo(x + width, y)
    .lineWidth(0.6)
    .strokeColor(INK)
    .stroke();
  drawLines(press, linesOf([label(labelled, press.language)], width, LABEL, SOFT), {
    x,
    y: y + 2,
    width,
    align: 'left',
  });
  press.y = y + 20;
};

const drawBlock = (press: Press, block: Block): void => {
  switch (block.block) {
    case 'fields':
      drawFields(press, block.columns, block.fields);
      press.y += 4;
      rule(press, press.y - 4);
      press.y += 4;
      return;
    case 'table':
      return drawTable(press, block);
    case 'heading':
      makeRoom(press, 60);
      return drawWords(press, [block.words], { size: 11, strong: true }, INK);
    case 'words':
      return drawWords(press, block.paragraphs, block.small ? SMALL : PLAIN, block.small ? SOFT : INK);
    case 'signature':
      return drawSignature(press, block.label, block.words);
    case 'new-page':
      return turnPage(press);
  }
};

const drawTitle = (press: Press): void => {
  const { paper, language } = press;
  const lines = linesOf([label(paper.title, language)], WIDTH, TITLE);
  drawLines(press, lines, { x: PAGE.side, y: PAGE.top, width: WIDTH, align: 'left' });
  press.y = PAGE.top + heightTogether(lines) + 4;
  rule(press, press.y, INK, 1.2);
  press.y += 8;
  drawFields(press, 3, [
    { label: 'number', value: [paper.number] },
    { label: 'date', value: [paper.date] },
    { label: 'shipment', value: [paper.reference] },
  ]);
  rule(press, press.y);
  press.y += 8;
};

const drawFooters = (press: Press): void => {
  const { start, count } = press.pdf.bufferedPageRange();
  for (let page = start; page < start + count; page++) {
    press.pdf.switchToPage(page);
    const y = PAGE.height - 36;
    rule(press, y - 6);
    const left = `${press.paper.number} · ${press.paper.reference}`;
    drawLines(press, linesOf([left], WIDTH - 180, SMALL, SOFT).slice(0, 1), { ...LEFT, y });
    const right = setLine(pageOf(page - start + 1, count, press.language), SMALL);
    drawLine(press, { line: right, style: SMALL, colour: SOFT }, PAGE.side + WIDTH - right.width, y);
  }
};

/**
 * The paper as PDF: A4, fonts embedded, table heads and a short title repeated on every page, totals after the last
 * row, page x of y. The same paper gives the same bytes: the only date inside is the paper's own.
 */
export const printPaper = (paper: Paper, language: PaperLanguage): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const pdf = new PDFDocument({
      size: [PAGE.width, PAGE.height],
      margin: 0,
      bufferPages: true,
      lang: language === 'zh' ? 'zh-CN' : 'en',
      displayTitle: true,
      info: {
        Title: `${label(paper.title, language)} ${paper.number}`,
        Creator: 'Crossdock',
        Producer: 'Crossdock',
        CreationDate: new Date(`${paper.date}T00:00:00Z`),
      },
    });
    const chunks: Buffer[] = [];
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('end', () => resolve(Buffer.concat(chunks)));
    pdf.on('error', reject);
    for (const face of FACES) pdf.registerFont(face, fontBytes(face));
    const press: Press = { pdf, paper, language, y: PAGE.top };
    drawTitle(press);
    for (const block of paper.blocks) drawBlock(press, block);
    drawFooters(press);
    pdf.end();
  });

import { labelLines, type PaperLanguage } from './labels.ts';
import type { Block, Cell, Column, TotalRow } from './paper.ts';
import {
  drawLines,
  drawStacks,
  FLOOR,
  HEAD,
  heightTogether,
  INK,
  linesOf,
  makeRoom,
  PAD,
  PAGE,
  PLAIN,
  type Press,
  RULE,
  rule,
  SHADE,
  STRONG,
  type Stack,
  WIDTH,
} from './press.ts';
import { layOutLine, type Style } from './wrap-text.ts';

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

const NUMBER = /^\[?-?[\d,.]*\d\]?$/;

/**
 * `style`, in a smaller size if a number would not fit on one line: a number split over two lines reads as another
 * number.
 */
const styleThatFits = (cell: Cell, width: number, style: Style): Style => {
  const numbers = cell.flatMap((paragraph) => paragraph.split(' ')).filter((word) => NUMBER.test(word));
  const widest = Math.max(0, ...numbers.map((word) => layOutLine(word, style).width));
  return widest <= width ? style : { ...style, size: (style.size * width * 0.99) / widest };
};

const linesFitted = (cell: Cell, width: number, style: Style) =>
  linesOf(cell, width, styleThatFits(cell, width, style));

const stacksOf = (slots: readonly Slot[], cells: readonly Cell[], style: Style): Stack[] =>
  slots.map(({ x, width, align }, index) => ({
    lines: linesFitted(cells[index] ?? [], width, style),
    x,
    width,
    align,
  }));

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

/** Keeps all totals on one page, so that a sum stays with what it adds up. */
const drawTotals = (press: Press, totals: readonly TotalRow[]): void => {
  const rows = totals.map((total) => {
    const style = total.strong ? TOTAL : PLAIN;
    const labels = linesOf(total.label, TOTAL_LABEL, style);
    const values = linesFitted([total.value], TOTAL_VALUE, style);
    return {
      strong: total.strong,
      labels,
      values,
      height: Math.max(heightTogether(labels), heightTogether(values)) + 4,
    };
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
    // The first total is already below the table's own rule.
    if (strong && index > 0) rule(press, press.y, INK, 0.8);
    const y = press.y + 2;
    const x = right - TOTAL_VALUE;
    drawLines(press, labels, { x: x - TOTAL_LABEL - 8, y, width: TOTAL_LABEL, align: 'right' });
    drawLines(press, values, { x, y, width: TOTAL_VALUE, align: 'right' });
    press.y += height;
  }
};

/** Draws the table: column headers on each page, the rows, a row of sums, and the totals together below it. */
export const drawTable = (press: Press, table: Extract<Block, { block: 'table' }>): void => {
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

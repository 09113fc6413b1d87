import PDFDocument from 'pdfkit';
import { type LabelKey, label, type PaperLanguage, pageOf } from './labels.ts';
import type { Block, Cell, Paper, PaperField } from './paper.ts';
import {
  drawLine,
  drawLines,
  drawStacks,
  heightOf,
  heightTogether,
  INK,
  LABEL,
  LEFT,
  linesOf,
  makeRoom,
  PAGE,
  PLAIN,
  type Press,
  rule,
  SMALL,
  SOFT,
  TITLE,
  titleOf,
  turnPage,
  WIDTH,
} from './press.ts';
import { drawTable } from './print-table.ts';
import { FACES, openedFont } from './typefaces.ts';
import { hasWords } from './wording.ts';
import { layOutLine, type Style } from './wrap-text.ts';

const drawFields = (press: Press, columns: number, fields: readonly PaperField[]): void => {
  const gap = 12;
  const width = (WIDTH - gap * (columns - 1)) / columns;
  for (let from = 0; from < fields.length; from += columns) {
    const stacks = fields.slice(from, from + columns).map((field, index) => ({
      lines: [
        ...linesOf([label(field.label, press.language)], width, LABEL, SOFT),
        ...linesOf(field.value, width, PLAIN),
      ],
      x: PAGE.side + index * (width + gap),
      width,
      align: 'left' as const,
    }));
    drawStacks(press, stacks, 0, () => undefined);
    press.y += 6;
  }
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
  const names = linesOf(words, width, PLAIN);
  makeRoom(press, Math.max(heightTogether(names), 14) + 50);
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
  const head: PaperField[] = [
    { label: 'number', value: [paper.number] },
    { label: 'date', value: [paper.date] },
    { label: 'shipment', value: [paper.reference] },
  ];
  drawFields(press, 3, head.filter(hasWords));
  rule(press, press.y);
  press.y += 8;
};

const drawFooters = (press: Press): void => {
  const { start, count } = press.pdf.bufferedPageRange();
  for (let page = start; page < start + count; page++) {
    press.pdf.switchToPage(page);
    const y = PAGE.height - 36;
    rule(press, y - 6);
    const left = [press.paper.number, press.paper.reference].filter((word) => word !== '').join(' · ');
    drawLines(press, linesOf([left], WIDTH - 180, SMALL, SOFT).slice(0, 1), { ...LEFT, y });
    const right = layOutLine(pageOf(page - start + 1, count, press.language), SMALL);
    drawLine(press, { line: right, style: SMALL, colour: SOFT }, PAGE.side + WIDTH - right.width, y);
  }
};

/**
 * Prints the paper as PDF: A4, embedded fonts, table headers and a short title repeated on every page, totals after the
 * last row, page x of y. The same paper gives the same bytes: the only date in the file is the paper's own.
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
        Title: titleOf(paper, language),
        Creator: 'Crossdock',
        Producer: 'Crossdock',
        CreationDate: new Date(`${paper.date}T00:00:00Z`),
      },
    });
    const chunks: Buffer[] = [];
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('end', () => resolve(Buffer.concat(chunks)));
    pdf.on('error', reject);
    // pdfkit takes an opened font as well (PDFFontFactory.open, 0.20.2); its published type names bytes and paths alone.
    for (const face of FACES) pdf.registerFont(face, openedFont(face) as unknown as Buffer);
    const press: Press = { pdf, paper, language, y: PAGE.top };
    drawTitle(press);
    for (const block of paper.blocks) drawBlock(press, block);
    drawFooters(press);
    pdf.end();
  });

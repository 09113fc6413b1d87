import { inflateSync } from 'node:zlib';

interface PdfObject {
  head: string;
  stream: string;
}

/** The numbered objects of a PDF as pdfkit writes them: no object streams, no encryption. */
const objectsOf = (pdf: Buffer): Map<string, PdfObject> => {
  const bytes = pdf.toString('latin1');
  const objects = new Map<string, PdfObject>();
  for (const match of bytes.matchAll(/(?:^|\n)(\d+) 0 obj\n([\s\S]*?)\nendobj/g)) {
    const [, id = '', body = ''] = match;
    const at = body.indexOf('\nstream\n');
    const head = at < 0 ? body : body.slice(0, at);
    const raw = at < 0 ? '' : body.slice(at + '\nstream\n'.length, body.lastIndexOf('\nendstream'));
    const packed = raw !== '' && head.includes('/FlateDecode') && !head.includes('/Length1');
    const stream = packed ? inflateSync(Buffer.from(raw, 'latin1')).toString('latin1') : raw;
    objects.set(id, { head, stream });
  }
  return objects;
};

const fromUtf16 = (hex: string): string =>
  String.fromCharCode(...(hex.match(/.{4}/g) ?? []).map((unit) => Number.parseInt(unit, 16)));

/** Maps the glyphs of an embedded font to text, from the table that PDF readers use for copying text. */
const glyphsOf = (map: string): Map<number, string> => {
  const glyphs = new Map<number, string>();
  for (const [, first = '0', list = ''] of map.matchAll(/<([0-9a-f]+)> <[0-9a-f]+> \[([^\]]*)\]/gi)) {
    const entries = list.match(/<[0-9a-f\s]*>/gi) ?? [];
    entries.forEach((entry, index) => {
      glyphs.set(Number.parseInt(first, 16) + index, fromUtf16(entry.replace(/[<>\s]/g, '')));
    });
  }
  return glyphs;
};

/** A text and its position: where it was moved to last, from the matrix before it. */
export interface PlacedText {
  text: string;
  x: number;
  y: number;
}

/** The text of each page, run by run, as a PDF reader copies it. A glyph without text becomes `\ufffd`. */
export const textOfPdf = (pdf: Buffer): PlacedText[][] => {
  const objects = objectsOf(pdf);
  const fonts = new Map<string, Map<number, string>>();
  for (const { head } of objects.values())
    for (const [, name = '', id = ''] of head.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      const map = /\/ToUnicode (\d+) 0 R/.exec(objects.get(id)?.head ?? '')?.[1] ?? '';
      fonts.set(name, glyphsOf(objects.get(map)?.stream ?? ''));
    }
  const pages = [...objects.values()].filter(({ head }) => /\/Type \/Page\b(?!s)/.test(head));
  return pages.map(({ head }) => {
    const content = objects.get(/\/Contents (\d+) 0 R/.exec(head)?.[1] ?? '')?.stream ?? '';
    const placed: PlacedText[] = [];
    let font = new Map<number, string>();
    let at = { x: 0, y: 0 };
    for (const line of content.split('\n')) {
      const matrix = /^1 0 0 1 ([-\d.]+) ([-\d.]+) Tm$/.exec(line);
      if (matrix) at = { x: Number(matrix[1]), y: Number(matrix[2]) };
      const chosen = /^\/(F\d+) [\d.]+ Tf$/.exec(line)?.[1];
      if (chosen !== undefined) font = fonts.get(chosen) ?? new Map();
      if (!line.endsWith(' TJ')) continue;
      const glyphs = [...line.matchAll(/<([0-9a-f]+)>/gi)].flatMap(([, hex = '']) => hex.match(/.{4}/g) ?? []);
      placed.push({ ...at, text: glyphs.map((glyph) => font.get(Number.parseInt(glyph, 16)) ?? '\ufffd').join('') });
    }
    return placed;
  });
};

/** All words of a PDF as one text. */
export const wordsOfPdf = (pdf: Buffer): string =>
  textOfPdf(pdf)
    .flatMap((page) => page.map(({ text }) => text))
    .join('');

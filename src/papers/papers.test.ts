import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '#domain/failure.ts';
import { makeDocument } from '#trade/documents/make-document.ts';
import { DOCUMENT_KINDS, type DocumentKind } from '#trade/documents/rules.ts';
import { SHIPMENT, shipment } from '#trade/documents/testing/shipments.ts';
import { plainDate } from '#trade/plain-date.ts';
import { LABELS, PAPER_LANGUAGES, type PaperLanguage } from './labels.ts';
import { printDocument } from './print-document.ts';
import { textOfPdf, wordsOfPdf } from './testing/text-of-pdf.ts';
import { familyOf } from './typefaces.ts';
import { grouped, kilograms } from './wording.ts';
import { wrapText } from './wrap-text.ts';

const day = plainDate;
const context = {
  asOf: { on: day('2026-10-05'), today: day('2026-11-25') },
  sdrRate: { currency: 'EUR', sdrPerUnit: '0.8', date: day('2026-10-05'), source: 'IMF' },
};
const [first, second] = SHIPMENT.lines;
const [carton] = SHIPMENT.packages ?? [];
if (!first || !second || !carton) throw new Error('the example has two lines and a carton');

const many = (count: number) =>
  shipment({
    credit: null,
    lines: Array.from({ length: count }, (_, index) => ({
      ...first,
      lineNo: index + 1,
      sku: `SKU-${index + 1}`,
      quantity: 10,
      unitPrice: '1234.5678',
    })),
    packages: Array.from({ length: count }, (_, index) => ({
      ...carton,
      id: `C${index + 1}`,
      grossGrams: 5000,
      contents: [{ lineNo: index + 1, quantity: 10 }],
    })),
  });

const example = shipment();
const printed = new Map<string, Promise<string>>();
/** The words of a paper of the example, printed once however many tests read it. */
const wordsOf = (kind: DocumentKind, language: PaperLanguage): Promise<string> => {
  const key = `${kind} ${language}`;
  const words =
    printed.get(key) ?? printDocument(makeDocument(kind, example, context), language).then((pdf) => wordsOfPdf(pdf));
  printed.set(key, words);
  return words;
};

describe('a printed document', () => {
  it.each(DOCUMENT_KINDS)('%s can be read back, with its title in both languages', async (kind) => {
    const document = makeDocument(kind, example, context);
    const words = await wordsOf(kind, 'both');
    const { en, zh } = LABELS[kind];
    for (const said of [en, zh, document.number, document.reference]) expect(words).toContain(said);
    expect(words).not.toContain('\ufffd');
  });

  it('has labels in the language asked for and no other', async () => {
    for (const language of PAPER_LANGUAGES) {
      const words = await wordsOf('packing_list', language);
      expect(words.includes('Description of goods')).toBe(language !== 'zh');
      expect(words.includes('货物名称')).toBe(language !== 'en');
    }
  });

  it('has its totals in both languages', async () => {
    expect(await wordsOf('commercial_invoice', 'en')).toContain('Total EUR119.04');
    expect(await wordsOf('commercial_invoice', 'zh')).toContain('合计 EUR119.04');
    expect(await wordsOf('commercial_invoice', 'both')).toContain('Total 合计 EUR119.04');
    const list = await wordsOf('packing_list', 'both');
    for (const sum of ['2.250', '3.000', '0.1329825']) expect(list).toContain(sum);
    expect(await wordsOf('bill_of_exchange', 'zh')).toContain('EUR 119.04');
  });

  it('prints names and goods in the language of the paper', async () => {
    const english = await wordsOf('commercial_invoice', 'en');
    const chinese = await wordsOf('commercial_invoice', 'zh');
    expect(english).toContain('Łódź Handel GmbH');
    expect(/\p{Script=Han}/u.test(english)).toBe(false);
    expect(chinese).toContain('深圳市前海明亮贸易有限公司');
    expect(chinese).toContain('针织棉制T恤衫');
    expect(chinese).not.toContain('T-shirts of cotton');
  });

  it('is the same to the byte for the same document', async () => {
    const print = async () =>
      createHash('sha256')
        .update(await printDocument(makeDocument('commercial_invoice', shipment(), context), 'both'))
        .digest('hex');
    expect(await print()).toBe(await print());
  });

  it('spans pages with the table header on each, page x of y, and the totals on the last', async () => {
    const invoice = makeDocument('commercial_invoice', many(60), context);
    const pages = textOfPdf(await printDocument(invoice, 'both')).map((page) => page.map(({ text }) => text).join(''));
    expect(pages.length).toBeGreaterThan(3);
    pages.forEach((page, index) => {
      expect(page).toContain(`Page ${index + 1} of ${pages.length}`);
      expect(page).toContain(`第 ${index + 1} 页，共 ${pages.length} 页`);
      expect(page).toContain('Commercial Invoice 商业发票');
      if (page.includes('SKU-')) expect(page).toContain('Description of goods');
      expect(page.includes('Total 合计 EUR')).toBe(index === pages.length - 1);
    });
    const all = pages.join('');
    for (const line of invoice.lines) expect(all).toContain(line.sku);
    expect(all).toContain('740,740.80');
  });

  it('keeps all text between the margins, and numbers of a column end at one edge', async () => {
    const invoice = makeDocument('commercial_invoice', many(30), context);
    const pages = textOfPdf(await printDocument(invoice, 'both'));
    for (const { x, y } of pages.flat()) {
      expect(x).toBeGreaterThanOrEqual(39.9);
      expect(x).toBeLessThan(556);
      expect(y).toBeGreaterThan(20);
      expect(y).toBeLessThan(820);
    }
    const amounts = pages.flat().filter(({ text }) => text === '12,345.68');
    expect(amounts).toHaveLength(30);
    expect(new Set(amounts.map(({ x }) => x)).size).toBe(1);
  });
});

describe('a text longer than a page', () => {
  it('continues on the next pages, in fields and in rows', async () => {
    const marks = Array.from({ length: 120 }, (_, index) =>
      `MARK NUMBER ${index} OF A VERY LONG LIST OF MARKS `.repeat(4),
    );
    const base = many(50);
    const lines = base.lines.map((line, index) => ({
      ...line,
      descriptionEn: `Shirt ${index} ${'of cotton '.repeat(20)}`,
    }));
    const packages = base.packages.map((pack, index) => ({ ...pack, marks: marks[index] ?? '' }));
    const record = shipment({ ...base, lines, packages, currency: 'EUR', originForm: 'non_preferential' });
    const origin = textOfPdf(await printDocument(makeDocument('certificate_of_origin', record, context), 'en'));
    const h1 = textOfPdf(await printDocument(makeDocument('eu_h1', record, context), 'en'));
    for (const page of [...origin, ...h1])
      for (const { y } of page) {
        expect(y).toBeGreaterThan(20);
        expect(y).toBeLessThan(820);
      }
    const words = (pages: typeof h1) =>
      pages
        .flat()
        .map(({ text }) => text)
        .join(' ')
        .replace(/\s+/g, ' ');
    for (const mark of [0, 25, 49]) expect(words(origin)).toContain(`MARK NUMBER ${mark} OF`);
    for (const shirt of [0, 25, 49]) expect(words(h1)).toContain(`Shirt ${shirt} of cotton`);
  });
});

describe('the longest texts and sums that a record can hold', () => {
  const party = {
    ...SHIPMENT.exporter,
    name: 'W'.repeat(200),
    nameZh: '深'.repeat(200),
    line1: 'Long Road '.repeat(19),
    line2: 'x'.repeat(200),
    email: `${'m'.repeat(190)}@x.com`,
  };
  const long = shipment({
    exporter: party,
    importer: party,
    importerOfRecord: party,
    consignee: party,
    notify: party,
    credit: null,
    currency: 'KWD',
    reference: 'R'.repeat(64),
    charges: [{ kind: 'freight', amount: '999999999999.999' }],
    lines: [{ ...first, quantity: 10_000, unitPrice: '799999999.9', descriptionEn: 'd'.repeat(500) }, second],
    packages: [
      { ...carton, grossGrams: 5000, contents: [{ lineNo: 1, quantity: 10_000 }] },
      { ...carton, id: 'I'.repeat(64), marks: 'M'.repeat(200), contents: [{ lineNo: 2, quantity: 3 }] },
    ],
  });

  /** Checks that only the footer is below the text area, nothing is outside the margins and no two texts overlap. */
  const requireOrder = (pages: ReturnType<typeof textOfPdf>): void => {
    for (const page of pages) {
      const foot = page.filter(({ y }) => y < 50).map(({ text }) => text);
      expect(foot.join('')).toMatch(/^[A-Z0-9-]+ · [^ ]+Page \d+ of \d+ *第 \d+ 页，共 \d+ 页$/);
      for (const { x } of page) expect(x).toBeGreaterThanOrEqual(39.9);
      for (const { x } of page) expect(x).toBeLessThan(556);
      const starts = page.map(({ x, y }) => `${x} ${y}`);
      expect(new Set(starts).size).toBe(starts.length);
    }
  };

  it.each(['commercial_invoice', 'packing_list', 'cn23', 'certificate_of_origin', 'eu_h1', 'us_entry'] as const)(
    'leave the foot and the margins of a %s free, and no number is torn',
    async (kind) => {
      const pages = textOfPdf(await printDocument(makeDocument(kind, long, context), 'both'));
      requireOrder(pages);
      const texts = pages.flat().map(({ text }) => text);
      if (kind === 'commercial_invoice')
        for (const sum of ['7,999,999,999,000.000', '7,999,999,999,060.000', '8,999,999,999,059.999'])
          expect(texts).toContain(sum);
      if (kind === 'eu_h1') expect(texts).toContain('7,999,999,999,060.000');
    },
  );

  it('leave the foot free wherever on its page the signature begins', async () => {
    const exporter = { ...party, line1: 'Road 1', line2: '', email: '' };
    for (let count = 11; count < 17; count++) {
      const invoice = makeDocument('commercial_invoice', shipment({ ...many(count), exporter }), context);
      requireOrder(textOfPdf(await printDocument(invoice, 'both')));
    }
  });
});

describe('text that the fonts cannot print', () => {
  const refusalOf = async (descriptionEn: string): Promise<Failure> => {
    const record = shipment({ lines: [{ ...first, descriptionEn }, second] });
    try {
      await printDocument(makeDocument('commercial_invoice', record, context), 'en');
    } catch (error) {
      if (error instanceof Failure) return error;
      throw error;
    }
    throw new Error(`“${descriptionEn}” was printed`);
  };

  it.each([
    ['ผ้าฝ้าย', 'U+0E1C'],
    ['قميص', 'U+0642'],
    ['कमीज', 'U+0915'],
    ['셔츠', 'U+C154'],
    ['Hot 🔥 sale', 'U+1F525'],
    ['\u0301', 'U+0301'],
    ['a\u0301\u0301\u0301', 'U+0301'],
    ['q\u0323', 'U+0323'],
    ['\ue000', 'U+E000'],
    ['שלום', 'U+05E9'],
    ['abc\u202etxt.exe', 'U+202E'],
    ['\u2067abc\u2069', 'U+2067'],
    ['lost \ufffd letter', 'U+FFFD'],
    ['object \ufffc', 'U+FFFC'],
  ])('%s is refused with its field and its characters', async (text, code) => {
    const failure = await refusalOf(text);
    expect(failure.code).toBe('invalid');
    expect(failure.safe['field']).toBe('lines[0].descriptionEn');
    expect(failure.safe['characters']).toContain(code);
  });

  it('is not a letter with a mark that exists as one character, nor what no reader sees', async () => {
    const record = shipment({
      lines: [{ ...first, descriptionEn: 'Cafe\u0301\u200b co\u00adtton\u00a0shirt' }, second],
    });
    const words = wordsOfPdf(await printDocument(makeDocument('commercial_invoice', record, context), 'en'));
    expect(words).toContain('Café cotton shirt');
  });

  it('only counts when it is printed on the paper', async () => {
    const record = shipment({ lines: [{ ...first, descriptionZh: '🔥' }, second] });
    const invoice = makeDocument('commercial_invoice', record, context);
    expect((await printDocument(invoice, 'en')).length).toBeGreaterThan(1000);
    await expect(printDocument(invoice, 'both')).rejects.toMatchObject({ safe: { field: 'lines[0].descriptionZh' } });
  });

  it('is never silent: any text is printed in full or refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), async (text) => {
        const clean = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/gu, '');
        fc.pre(clean.trim() !== '');
        const record = shipment({ lines: [{ ...first, descriptionEn: `<${clean}>` }, second] });
        try {
          const pdf = await printDocument(makeDocument('commercial_invoice', record, context), 'en');
          expect(wordsOfPdf(pdf)).not.toContain('\ufffd');
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
        }
      }),
      { numRuns: 10, seed: 11 },
    );
  });
});

describe('setting lines', () => {
  const style = { size: 8.5, strong: false };

  it('prints all our own words', () => {
    for (const { en, zh } of Object.values(LABELS))
      for (const character of `${en}${zh}`.replaceAll(' ', ''))
        expect([character, familyOf(character)]).not.toContain(null);
  });

  it('loses no character and never passes the width, however long a word is', () => {
    const word = fc.string({ unit: fc.constantFrom(...'abcWM-/,.0123 深圳市，。（）Łß'), maxLength: 200 });
    fc.assert(
      fc.property(word, fc.integer({ min: 30, max: 400 }), (text, width) => {
        const lines = wrapText(text, width, style);
        for (const line of lines) expect(line.width).toBeLessThanOrEqual(width + 0.01);
        const set = lines.map((line) => line.runs.map((run) => run.text).join('')).join('');
        expect(set.replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      }),
      { seed: 3 },
    );
  });

  it('breaks Chinese anywhere but before a closing mark', () => {
    const lines = wrapText('深圳市前海，明亮贸易。', 8.5 * 5 + 1, style).map((line) =>
      line.runs.map((run) => run.text).join(''),
    );
    expect(lines.every((line) => !/^[，。]/.test(line))).toBe(true);
  });

  it('takes a very long text in linear time', () => {
    for (const text of ['x'.repeat(10_000), '深'.repeat(10_000), 'a-'.repeat(5000), ' '.repeat(10_000)])
      expect(wrapText(text, 200, style).length).toBeLessThan(5001);
  });
});

describe('the head of a paper', () => {
  it('has no empty field for a number that a gift does not have', async () => {
    const record = shipment({ references: {}, reasonForExport: 'gift', packages: SHIPMENT.packages ?? [] });
    const words = wordsOfPdf(await printDocument(makeDocument('cn22', record, context), 'en'));
    expect(words).not.toContain('No.Date');
    expect(words).not.toContain(' · ');
    expect(words).toContain('May be opened officially');
  });

  it('has on a CN23 the papers that travel with the item', async () => {
    const record = shipment({ china: { ...SHIPMENT.china, licence: 'LIC-77' } });
    const of = async (kind: 'cn22' | 'cn23') =>
      wordsOfPdf(await printDocument(makeDocument(kind, record, context), 'en'));
    const cn23 = await of('cn23');
    for (const number of ['LIC-77', 'G26400012345', 'CI-2026-0042']) expect(cn23).toContain(number);
    expect(await of('cn22')).not.toContain('LIC-77');
  });
});

describe('figures', () => {
  it('are grouped by thousands, and grams are kilograms exactly', () => {
    expect(['0', '999', '1000', '-1234567.50', '0.0001'].map(grouped)).toEqual([
      '0',
      '999',
      '1,000',
      '-1,234,567.50',
      '0.0001',
    ]);
    expect([0, 1, 999, 1_234_567].map(kilograms)).toEqual(['0.000', '0.001', '0.999', '1,234.567']);
  });
});

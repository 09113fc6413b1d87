import { createWriteStream } from 'node:fs';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { stringify } from 'csv-stringify';
import { bucketOf, storefrontOf } from './mode-of.ts';
import { COLUMNS, type HistoryRow } from './read-history.ts';

export interface WeekOptions {
  seed?: number;
  /** Number of ordinary orders, in addition to those that test a special case. */
  orders?: number;
  /** Number of lines of the very large orders, one at each of two storefronts. */
  largeOrderLines?: number;
  /** Initial stock of each code. Some codes sell more, so that goods must be bought and made. */
  openingStock?: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONDAY = Date.UTC(2011, 2, 7);
const FIRST_NUMBER = 545_000;
const CATALOGUE = 80;
/** The number of modes that the hash distributes the codes over. */
const MODES = 4;

interface Item {
  code: string;
  title: string;
  price: string;
}

/** A row before its document has a number. `later`: how many minutes it follows the document. */
interface Part extends Item {
  quantity: number;
  later?: number;
}

interface Document {
  atMs: number;
  /** C for a cancellation, A for an adjustment. */
  prefix?: 'C' | 'A';
  customer: string;
  country: string;
  parts: readonly Part[];
  /** Its number gives it to this one of two storefronts. */
  storefront?: number;
}

/** A small random number generator (mulberry32): the same seed gives the same week. */
const makeRandom = (seed: number) => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const upTo = (n: number): number => Math.floor(next() * n);
  const pick = <T>(from: readonly T[], otherwise: T): T => from[upTo(from.length)] ?? otherwise;
  return { next, upTo, pick };
};

const UPPER: Item = { code: '85123A', title: 'WHITE HANGING HEART T-LIGHT HOLDER', price: '2.55' };
const LOWER: Item = { code: '85123a', title: 'WHITE HANGING HEART T-LIGHT HOLDER', price: '2.95' };
const SPECIAL: readonly Item[] = [
  UPPER,
  LOWER,
  { code: 'gift_0001_20', title: 'Dotcomgiftshop Gift Voucher £20.00', price: '17.02' },
  { code: 'DCGS0072', title: '"GLITTER, HEART" DECORATION', price: '0.83' },
  { code: 'PADS', title: 'PADS TO MATCH ALL CUSHIONS', price: '0.001' },
];

const makeCatalogue = (upTo: (n: number) => number): Item[] => [
  ...SPECIAL,
  ...Array.from({ length: CATALOGUE }, (_, index) => ({
    code: `${20_600 + index * 31}${index % 5 === 0 ? 'B' : ''}`,
    title: `${['RED', 'BLUE', 'IVORY', 'PINK'][index % 4]} ${['LANTERN', 'MUG', 'BUNTING', 'CLOCK', 'TIN'][index % 5]} ${index}`,
    price: (0.19 + upTo(1_200) / 100).toFixed(2),
  })),
];

const of = (item: Item, quantity: number, changed: Partial<Part> = {}): Part => ({ ...item, quantity, ...changed });

const charge = (code: string, title: string, quantity: number, price: string): Part => ({
  code,
  title,
  quantity,
  price,
});
const postage = (price: string, quantity = 1) => charge('POST', 'POSTAGE', quantity, price);
const dotcom = (price: string) => charge('DOT', 'DOTCOM POSTAGE', 1, price);
const carriage = (price: string) => charge('C2', 'CARRIAGE', 1, price);
const manual = (price: string, quantity = 1) => charge('M', 'Manual', quantity, price);

/** One or more documents for each special case of a real history, kept apart by customer and time. */
const traps = (catalogue: readonly Item[], largeOrderLines: number, openingStock: number): Document[] => {
  const item = (n: number): Item => catalogue[SPECIAL.length + (n % CATALOGUE)] ?? UPPER;
  const at = (day: number, hour: number, minute = 0) => MONDAY + day * DAY + hour * HOUR + minute * MINUTE;
  const doc = (atMs: number, customer: string, parts: readonly Part[], more: Partial<Document> = {}): Document => ({
    atMs,
    customer,
    country: 'United Kingdom',
    parts,
    ...more,
  });
  const back = (atMs: number, customer: string, ...parts: readonly Part[]) =>
    doc(atMs, customer, parts, { prefix: 'C' });
  const zero = { price: '0.0' };
  const large = Array.from({ length: largeOrderLines }, (_, index) => of(item(index * 7), 1 + (index % 3)));
  // The catalogue has codes of every mode. The first of each is bought far beyond its stock, twice.
  const beyond = Array.from({ length: MODES }, (_, bucket) =>
    catalogue.find(({ code }) => bucketOf(code, MODES) === bucket),
  ).filter((found) => found !== undefined);

  return [
    // Charges on an order, including shipping of several units.
    doc(at(0, 9), '12583.0', [of(item(0), 24), of(item(1), 12), postage('18.0', 3)], { country: 'France' }),
    doc(at(0, 9, 5), '', [of(item(2), 1), of(item(3), 2), dotcom('11.17')]),
    doc(at(0, 9, 10), '14911.0', [of(item(4), 10), carriage('50.0')], { country: 'EIRE' }),
    doc(at(0, 9, 15), '17850.0', [of(item(5), 6), manual('1.25', 2), charge('m', 'Manual', 1, '2.55')]),
    // Orders without goods, one for each code.
    doc(at(0, 10), '12600.0', [postage('40.0')], { country: 'Germany' }),
    doc(at(0, 10, 5), '', [dotcom('1.95')]),
    doc(at(0, 10, 10), '14912.0', [carriage('75.0')], { country: 'EIRE' }),
    doc(at(0, 10, 15), '17851.0', [manual('112.35')]),
    // Charges that belong to no order: fees, discounts, samples, bad debt, charges of zero.
    doc(at(0, 11), '', [postage('0.0', 1_000)]),
    back(at(0, 11, 5), '', charge('AMAZONFEE', 'AMAZON FEE', -1, '1299.65')),
    back(at(0, 11, 10), '', charge('BANK CHARGES', 'Bank Charges', -1, '15.79')),
    doc(at(0, 11, 15), '', [charge('BANK CHARGES', 'Bank Charges', 1, '15.0')]),
    back(at(0, 11, 20), '17850.0', charge('D', 'Discount', -1, '27.5')),
    back(at(0, 11, 25), '', charge('S', 'SAMPLES', -1, '5.55')),
    back(at(0, 11, 30), '', charge('CRUK', 'CRUK Commission', -1, '1.6')),
    back(at(0, 11, 35), '12583.0', charge('POST', 'POSTAGE', -1, '18.0')),
    doc(at(0, 11, 40), '', [charge('B', 'Adjust bad debt', 1, '11062.06')], { prefix: 'A' }),
    doc(at(0, 11, 45), '', [charge('B', 'Adjust bad debt', 1, '-11062.06')], { prefix: 'A' }),
    // A document of three kinds, and one of charges and stock changes.
    doc(at(0, 12), '', [of(item(6), 3), of(item(7), 1, zero), dotcom('4.25')]),
    doc(at(0, 12, 5), '', [of(item(8), 5, zero), manual('9.99')]),
    // Names that are no country, codes that differ only in case, a code twice at one price and at two.
    doc(at(0, 13), '18000.0', [of(UPPER, 6), of(LOWER, 4)], { country: 'Unspecified' }),
    doc(at(0, 13, 5), '18001.0', [of(item(9), 3), of(item(9), 2)], { country: 'European Community' }),
    doc(at(0, 13, 10), '18002.0', [of(item(10), 3), of(item(10), 2, { price: '9.95' })], {
      country: 'Channel Islands',
    }),
    // Totals of zero, prices of zero with a customer, a price of a tenth of a penny and one that ends in a half.
    doc(at(0, 14), '18003.0', [of(item(11), 12, zero)]),
    doc(at(0, 14, 5), '18003.0', [of(item(12), 2), of(item(13), 1, zero)]),
    doc(at(0, 14, 10), '18004.0', [of(item(14), 1, { price: '0.001' }), of(item(15), 3, { price: '1.295' })]),
    doc(at(0, 14, 15), '18004.0', [of(item(16), 1, { price: '0.001' })]),
    // An order that continues into a second minute while another one begins.
    doc(at(0, 15), '18005.0', [of(item(17), 1), of(item(18), 1, { later: 1 })]),
    doc(at(0, 15), '18006.0', [of(item(19), 1)]),
    ...[0, 1].map((storefront) => doc(at(0, 15, 30 + storefront), '', large, { storefront })),

    // Cancelled within the hour, in the same minute, and after days.
    doc(at(1, 9), '18010.0', [of(item(20), 20), of(item(21), 8), of(item(22), 4)]),
    back(at(1, 9, 25), '18010.0', of(item(20), -5)),
    doc(at(1, 9, 30), '18011.0', [of(item(20), 7)]),
    back(at(1, 9, 30), '18011.0', of(item(20), -7)),
    back(at(4, 10), '18010.0', of(item(21), -8), of(item(22), -1)),
    // Cancellations of something never bought, bought under another case, by nobody, by somebody else.
    back(at(1, 10), '18012.0', of(item(23), -2)),
    back(at(1, 10, 5), '18000.0', of(LOWER, -5)),
    back(at(1, 10, 10), '', of(item(0), -1)),
    back(at(1, 10, 15), '18013.0', of(item(20), -1)),
    // More than is left: of a line that was partly cancelled, and of two lines that have it only together.
    doc(at(1, 11), '18014.0', [of(item(24), 6)]),
    back(at(2, 11), '18014.0', of(item(24), -4)),
    back(at(3, 11), '18014.0', of(item(24), -3)),
    doc(at(1, 11, 5), '18015.0', [of(item(25), 5), of(item(25), 5)]),
    back(at(2, 11, 5), '18015.0', of(item(25), -8)),
    // Matches the line with the equal price although a later one exists, and the later one if no price is equal.
    doc(at(1, 12), '18016.0', [of(item(26), 10, { price: '2.10' })]),
    doc(at(2, 12), '18016.0', [of(item(26), 10, { price: '1.85' })]),
    back(at(3, 12), '18016.0', of(item(26), -4, { price: '2.1' })),
    back(at(3, 12, 5), '18016.0', of(item(26), -4, { price: '1.95' })),
    // Before the purchase, of something that cost nothing, and for more than the line's amount.
    back(at(1, 13), '18017.0', of(item(27), -1)),
    doc(at(1, 13, 5), '18017.0', [of(item(27), 1)]),
    doc(at(1, 13, 10), '18018.0', [of(item(28), 3, zero), of(item(29), 5, { price: '4.25' })]),
    back(at(2, 13, 10), '18018.0', of(item(28), -1, zero)),
    doc(at(1, 13, 15), '18019.0', [of(item(30), 2, { price: '5.95' }), of(item(31), 40, { price: '3.75' })]),
    back(at(2, 13, 15), '18019.0', of(item(30), -2, { price: '6.95' })),

    // Stock changes up and down, with typical notes.
    ...['damaged', '?', '', 'wrongly coded 20713', 'found', 'thrown away'].map((title, index) =>
      doc(at(2, 15, index * 5), '', [of(item(32 + index), index % 3 === 1 ? 40 : -15, { title, ...zero })]),
    ),

    // Beyond the stock, for every mode.
    ...beyond.flatMap((wanted, index) => [
      doc(at(1, 14, index * 5), `${18_030 + index}.0`, [of(wanted, openingStock + 200)]),
      doc(at(3, 14, index * 5), `${18_030 + index}.0`, [of(wanted, openingStock)]),
    ]),
  ];
};

const COUNTRIES_OF_BUYERS = ['United Kingdom', 'United Kingdom', 'United Kingdom', 'Germany', 'France', 'EIRE', 'USA'];

/** Ordinary trade over the week, with a cancellation for one order in eight. */
const trade = (catalogue: readonly Item[], orders: number, random: ReturnType<typeof makeRandom>): Document[] =>
  Array.from({ length: orders }, (): Document[] => {
    const { next, upTo, pick } = random;
    const atMs = MONDAY + upTo(6) * DAY + (8 + upTo(9)) * HOUR + upTo(60) * MINUTE;
    // Other customers than those of the special cases, whose cancellations must match the lines made for them.
    const customer = next() < 0.2 ? '' : `${13_000 + upTo(40)}.0`;
    const country = customer === '' ? 'United Kingdom' : pick(COUNTRIES_OF_BUYERS, 'United Kingdom');
    const parts = Array.from({ length: 1 + upTo(12) }, () => of(pick(catalogue, UPPER), 1 + upTo(customer ? 36 : 3)));
    const order: Document = {
      atMs,
      customer,
      country,
      parts: next() < 0.12 ? [...parts, postage('18.0', 1 + upTo(3))] : parts,
    };
    const [first] = parts;
    if (!first || next() >= 0.125) return [order];
    const taken = of(first, -(1 + upTo(first.quantity)));
    return [order, { ...order, atMs: atMs + (10 + upTo(2 * 24 * 60)) * MINUTE, prefix: 'C', parts: [taken] }];
  }).flat();

/** The number of the n-th document: of two that are free, which differ in their last bit, the one whose hash gives the storefront. */
const numberOf = (n: number, storefront: number | undefined): number => {
  const even = FIRST_NUMBER + 2 * n;
  return storefront === undefined || storefrontOf(String(even), 2) === storefront ? even : even + 1;
};

/**
 * Generates a week of history that contains every special case of the real one; the same options give the same week. It
 * has each kind of row, dirty customers and countries, codes twice or in two cases, orders without goods or with
 * hundreds of lines, every way in which a cancellation can and cannot be matched, and more demand than stock in every
 * mode. Rows are in time order and numbered.
 */
export const generateWeek = ({
  seed = 1,
  orders = 150,
  largeOrderLines = 704,
  openingStock = 1_000,
}: WeekOptions = {}): HistoryRow[] => {
  const random = makeRandom(seed);
  const catalogue = makeCatalogue(random.upTo);
  const documents = [...traps(catalogue, largeOrderLines, openingStock), ...trade(catalogue, orders, random)];
  return documents
    .sort((a, b) => a.atMs - b.atMs)
    .flatMap(({ atMs, prefix = '', customer, country, parts, storefront }, index) =>
      parts.map((part) => ({
        row: 0,
        invoice: `${prefix}${numberOf(index, storefront)}`,
        code: part.code,
        description: part.title,
        quantity: part.quantity,
        atMs: atMs + (part.later ?? 0) * MINUTE,
        unitPrice: part.price,
        customer,
        country,
      })),
    )
    .sort((a, b) => a.atMs - b.atMs)
    .map((row, index) => ({ ...row, row: index + 1 }));
};

const toRecord = (row: HistoryRow): string[] => [
  row.invoice,
  row.code,
  row.description,
  String(row.quantity),
  new Date(row.atMs).toISOString().slice(0, 19).replace('T', ' '),
  row.unitPrice,
  row.customer,
  row.country,
];

/** Writes rows as a history file that `readHistory` reads back unchanged; compressed if the path ends in .gz. */
export const writeCsv = async (rows: Iterable<HistoryRow>, path: string): Promise<void> => {
  const records = Readable.from(Iterator.from(rows).map(toRecord));
  const packing = path.endsWith('.gz') ? createGzip() : new PassThrough();
  await pipeline(records, stringify({ header: true, columns: [...COLUMNS] }), packing, createWriteStream(path));
};

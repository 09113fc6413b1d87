import { z } from 'zod';
import { type Answer, Failure, parseJson } from '#kit';

/** What a WooCommerce shop really sends, and of that only what we use. Statuses stay text: plugins add their own. */

/** A number as decimal text, freed of the noise of a float: 24.900000000000002 is 24.9. */
export const decimalText = (value: number): string =>
  Number.isFinite(value) ? value.toFixed(10).replace(/\.?0+$/, '') : '';

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  times: '×',
  copy: '©',
  reg: '®',
  trade: '™',
  deg: '°',
  euro: '€',
  pound: '£',
};

const codePoint = (digits: string, radix: number): string | undefined => {
  const point = Number.parseInt(digits, radix);
  return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : undefined;
};

/** Text as people wrote it: WordPress keeps names with HTML entities. Once only, and what is no entity stays. */
export const plain = (text: string): string =>
  text.replace(
    /&(?:#x([\da-f]{1,6})|#(\d{1,7})|([a-z]+));/gi,
    (whole, hex?: string, decimal?: string, name?: string) =>
      (hex && codePoint(hex, 16)) || (decimal && codePoint(decimal, 10)) || NAMED[name ?? ''] || whole,
  );

/** Absent, null, false and '' are one here; a number is its text. */
const Text = z
  .union([z.string(), z.number(), z.literal(false)])
  .nullish()
  .transform((value) => (value === false ? '' : String(value ?? '')));
const Decimal = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => (typeof value === 'number' ? decimalText(value) : value || '0'))
  .pipe(z.string().regex(/^-?\d+(\.\d+)?$/, 'a decimal number as text'));
const Id = z.int().nonnegative();
/** Where nobody is named: null and absent are 0. */
const IdOrNone = Id.nullish().transform((id) => id ?? 0);
/** PHP makes an object of a list with gaps, {"0": …, "2": …}, and plugins leave gaps. */
const asList = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.values(value) : value;
/** Null and absent are an empty list. */
const listOf = <T extends z.ZodType>(item: T) => z.preprocess((value) => asList(value ?? []), z.array(item));
/** Without a zone; the `_gmt` twin of each date is the one to read. */
const Naive = z.string().nullish();
/** Plugins keep JSON of any shape in it, and some an entry without a key. */
const Meta = z.object({
  key: Text,
  value: z.unknown().optional(),
  /** As people see them; at lines alone. */
  display_key: z.unknown().optional(),
  display_value: z.unknown().optional(),
});
const MetaData = listOf(Meta);
export type Meta = z.infer<typeof Meta>;

const PartyFields = z.object({
  first_name: Text,
  last_name: Text,
  company: Text,
  address_1: Text,
  address_2: Text,
  city: Text,
  state: Text,
  postcode: Text,
  country: Text,
  email: Text,
  phone: Text,
});
/** PHP makes a list of an empty object, and some shops send null. */
const Party = z.preprocess(
  (value) => (value === null || value === undefined || Array.isArray(value) ? {} : value),
  PartyFields,
);
export type Party = z.infer<typeof Party>;

const Tax = z.object({ id: Id, total: Decimal });
const Line = z.object({
  id: Id,
  name: Text,
  product_id: IdOrNone,
  variation_id: IdOrNone,
  /** Some plugins sell by weight: 2.5. */
  quantity: z.number(),
  subtotal: Decimal,
  subtotal_tax: Decimal,
  total: Decimal,
  total_tax: Decimal,
  taxes: listOf(Tax),
  sku: Text,
  /** The documentation says text; shops send a number with the noise of a float. */
  price: z
    .union([z.string(), z.number()])
    .nullish()
    .transform((price) => Number(price ?? 0) || 0),
  meta_data: MetaData,
});
export type Line = z.infer<typeof Line>;

const ShippingLine = z.object({ id: Id, method_title: Text, total: Decimal, total_tax: Decimal, meta_data: MetaData });
const FeeLine = z.object({ id: Id, name: Text, total: Decimal, total_tax: Decimal, meta_data: MetaData });

export const Order = z.object({
  id: Id,
  number: Text,
  status: z.string(),
  currency: z.string(),
  date_created_gmt: Naive,
  date_modified_gmt: z.string(),
  date_paid_gmt: Naive,
  payment_method: Text,
  prices_include_tax: z
    .boolean()
    .nullish()
    .transform((include) => include ?? false),
  customer_id: IdOrNone,
  customer_note: Text,
  billing: Party,
  shipping: Party,
  total: Decimal,
  total_tax: Decimal,
  line_items: z.preprocess(asList, z.array(Line)),
  shipping_lines: listOf(ShippingLine),
  fee_lines: listOf(FeeLine),
  refunds: listOf(z.object({ id: Id })),
  meta_data: MetaData,
});
export type Order = z.infer<typeof Order>;

export const Refund = z.object({
  id: Id,
  date_created_gmt: z.string(),
  amount: Decimal,
  reason: Text,
  meta_data: MetaData,
  line_items: listOf(z.object({ quantity: z.number(), total: Decimal, total_tax: Decimal, meta_data: MetaData })),
});
export type Refund = z.infer<typeof Refund>;

/** Of a refund in the list of all the shop's refunds: its order. The rest is read with the order. */
export const RefundOf = z.object({ id: Id, parent_id: IdOrNone });
export type RefundOf = z.infer<typeof RefundOf>;

export const Note = z.object({ id: z.coerce.number(), note: Text });

/** A price, or '' where the shop gives none: null, false and '' are one. A word is no price. */
const Price = z
  .union([z.string(), z.number(), z.literal(false)], 'is no price')
  .nullish()
  .transform((price) => (typeof price === 'number' ? decimalText(price) : price || ''))
  .pipe(z.string().regex(/^(\d{1,15}(\.\d{1,10})?)?$/, 'is no price'));
/** How many there are, as a number or its text; null where the shop does not say. A word is no quantity. */
const Quantity = z
  .union([z.string(), z.number(), z.literal(false)], 'is no quantity')
  .nullish()
  .transform((value) => (value === false || value === '' ? null : (value ?? null)))
  .pipe(
    z.union(
      [
        z.null(),
        z.number(),
        z
          .string()
          .regex(/^-?\d{1,15}(\.\d{1,10})?$/)
          .transform(Number),
      ],
      'is no quantity',
    ),
  );

/** A length or a weight in the shop's unit; 0 where it was not entered, or is a word. */
const Measure = Text.transform((text) => (/^\d{1,9}([.,]\d{1,6})?$/.test(text) ? Number(text.replace(',', '.')) : 0));

const SoldFields = z.object({
  id: Id,
  sku: Text,
  price: Price,
  /** The documentation's own example of a variation says true (WooCommerce REST API v3, read 2026-12-01): it is shown. */
  status: z.preprocess((status) => (status === true ? 'publish' : status), Text),
  /** A variation may say 'parent'. */
  manage_stock: z.union([z.boolean(), z.string(), z.number()]).nullish(),
  stock_quantity: Quantity,
  backorders: Text,
  weight: Measure,
  dimensions: z.object({ length: Measure, width: Measure, height: Measure }).nullish().catch(null),
  /** GTIN, UPC, EAN or ISBN; WooCommerce 9.2 has it. */
  global_unique_id: Text,
});
export type Sold = z.infer<typeof SoldFields>;
/** A product that is sold as it is. */
export const Product = SoldFields.extend({ name: Text, type: z.string() });
export type Product = z.infer<typeof Product>;
/** Of a product that is not sold itself, such as one whose variations are. */
export const Parent = z.object({ id: Id, name: Text, type: z.string() });
export type Parent = z.infer<typeof Parent>;
export const Variation = SoldFields.extend({ attributes: listOf(z.object({ option: Text })) });
export type Variation = z.infer<typeof Variation>;

/** The rows of a list, each to be read by itself. An object whose keys are not all numbers is no list but something else. */
export const RowList = z.preprocess(
  (value) => (Object.keys(Object(value)).every((key) => /^\d+$/.test(key)) ? asList(value) : value),
  z.array(z.unknown()),
);

/** Of a row that may not fit: its id, its type and the second of its change, as far as they can be read. */
export const Peek = z.object({
  id: Id.nullable().catch(null),
  type: z.string().nullable().catch(null),
  date_modified_gmt: z.string().nullable().catch(null),
});

/** A batch answers 200 even where items fail: each says so for itself. */
export const Batch = z.object({
  update: z.array(z.object({ id: Id, error: z.object({ code: z.string(), message: Text }).optional() })).default([]),
});

export const Webhook = z.object({ id: Id, topic: z.string(), delivery_url: Text });

/** The only part of a webhook's body that we believe. */
export const HookedResource = z.object({ id: z.int().positive() });

export const Made = z.object({ id: Id });

/** The beginning of an object or of a list as JSON has it, at the beginning of a line; `[05-Jan-2026]` is none. */
const BEGINS = /^[ \t]*(?:\{\s*["}]|\[\s*[[{"\]])/gm;

/**
 * The JSON of an answer, also where the host prints PHP notices in front of it: from the first line on that begins a JSON
 * value which is whole to the end. Undefined where nothing stands in front of the JSON, or there is none.
 */
export const afterNotices = (text: string): unknown => {
  for (const { index } of text.matchAll(BEGINS)) {
    if (text.slice(0, index).trim() === '') return undefined;
    // A notice may hold such a line itself, and so may the script of a page: then the next one is tried.
    const read = parseJson(text.slice(index));
    if (read.kind === 'json') return read.body;
  }
  return undefined;
};

/** `answer.json` for hosts that print PHP notices. A page of HTML and a cut answer stay what the kit calls them. */
export const parse = <T>(answer: Answer, schema: z.ZodType<T>): T => {
  const body = afterNotices(answer.text);
  if (body === undefined) return answer.json(schema);
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Failure(
    'contract',
    `WooCommerce answered in a shape we do not know: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
  );
};

/** One setting of the shop. */
export const Setting = z.object({ value: Text });

import { z } from 'zod';
import { type Answer, Failure } from '#kit';

/** What a WooCommerce shop really sends, and of that only what we use. Statuses stay text: plugins add their own. */

/** Absent, null and '' are one here. */
const Text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const Decimal = z
  .string()
  .nullish()
  .transform((value) => (value ? value : '0'))
  .pipe(z.string().regex(/^-?\d+(\.\d+)?$/, 'a decimal number as text'));
const Id = z.int().nonnegative();
/** Without a zone; the `_gmt` twin of each date is the one to read. */
const Naive = z.string().nullish();
/** Plugins keep JSON of any shape in it. */
const Meta = z.object({ key: z.string(), value: z.unknown() });
const MetaData = z.array(Meta).default([]);
export type Meta = z.infer<typeof Meta>;

const Party = z.object({
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
export type Party = z.infer<typeof Party>;

const Tax = z.object({ id: Id, total: Decimal });
const Line = z.object({
  id: Id,
  name: Text,
  product_id: Id,
  variation_id: Id.default(0),
  /** Some plugins sell by weight: 2.5. */
  quantity: z.number(),
  subtotal: Decimal,
  subtotal_tax: Decimal,
  total: Decimal,
  total_tax: Decimal,
  taxes: z.array(Tax).default([]),
  sku: Text,
  /** The documentation says text; shops send a number with the noise of a float. */
  price: z.union([z.string(), z.number()]).transform(Number),
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
  prices_include_tax: z.boolean().default(false),
  customer_id: Id.default(0),
  customer_note: Text,
  billing: Party,
  shipping: Party,
  total: Decimal,
  total_tax: Decimal,
  line_items: z.array(Line),
  shipping_lines: z.array(ShippingLine),
  fee_lines: z.array(FeeLine),
  refunds: z.array(z.object({ id: Id })).default([]),
  meta_data: MetaData,
});
export type Order = z.infer<typeof Order>;

export const Refund = z.object({
  id: Id,
  date_created_gmt: z.string(),
  amount: Decimal,
  reason: Text,
  meta_data: MetaData,
  line_items: z
    .array(z.object({ quantity: z.number(), total: Decimal, total_tax: Decimal, meta_data: MetaData }))
    .default([]),
});
export type Refund = z.infer<typeof Refund>;

export const Note = z.object({ note: Text });

const Stock = {
  id: Id,
  sku: Text,
  price: Text,
  status: z.string(),
  /** A variation may say 'parent'. */
  manage_stock: z.union([z.boolean(), z.string()]),
  stock_quantity: z.number().nullish(),
};
export const Product = z.object({ ...Stock, name: Text, type: z.string() });
export type Product = z.infer<typeof Product>;
export const Variation = z.object({ ...Stock, attributes: z.array(z.object({ option: Text })).default([]) });
export type Variation = z.infer<typeof Variation>;

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
    try {
      return JSON.parse(text.slice(index));
    } catch {
      // A notice may hold such a line itself, and so may the script of a page: the next one is tried.
    }
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

import { fromMinor, toMinor } from '#kit';
import { gmt, SITE_OFFSET_MS } from './sandbox-query.ts';

/*
 * How a shop keeps its things, and how it shows them: every documented field is there.
 * Source: woocommerce-rest-api-docs, wp-api-v3 at 13d61967911c, the tables of properties and their examples. Read 2026-12-01.
 */

export const BASE = '/wp-json/wc/v3';

export type Meta = { id: number; key: string; value: unknown };
export interface Line {
  id: number;
  name: string;
  product_id: number;
  variation_id: number;
  quantity: number;
  tax_class: string;
  subtotal: string;
  subtotal_tax: string;
  total: string;
  total_tax: string;
  taxes: readonly never[];
  meta_data: Meta[];
  sku: string;
  price: number;
}
export interface Charge {
  id: number;
  total: string;
  total_tax: string;
  taxes: readonly never[];
  meta_data: Meta[];
  [field: string]: unknown;
}
export interface Order {
  id: number;
  number: string;
  status: string;
  currency: string;
  total: string;
  customer_id: number;
  date_modified_gmt: string;
  date_paid_gmt: string | null;
  payment_method: string;
  billing: Record<string, string>;
  shipping: Record<string, string>;
  meta_data: Meta[];
  line_items: Line[];
  shipping_lines: Charge[];
  fee_lines: Charge[];
  refunds: { id: number; reason: string; total: string }[];
  [field: string]: unknown;
}
export interface Refund {
  id: number;
  parent_id: number;
  amount: string;
  reason: string;
  [field: string]: unknown;
}
export interface Product {
  id: number;
  /** 0 for a product, else the variable product that this is a variation of. */
  parent_id: number;
  name: string;
  type: string;
  status: string;
  sku: string;
  price: string;
  manage_stock: boolean;
  stock_quantity: number | null;
  stock_status: string;
  attributes: readonly { name: string; option?: string; options?: readonly string[] }[];
  /** Absent in what version 0.1.0 has written, as are all below. */
  madeMs?: number;
  changedMs?: number;
  regular_price?: string;
  sale_price?: string;
  backorders?: string;
  weight?: string;
  dimensions?: { length: string; width: string; height: string };
  global_unique_id?: string;
  meta_data?: Meta[];
}
export interface Hook {
  id: number;
  name: string;
  status: string;
  topic: string;
  delivery_url: string;
  secret: string;
  failures: number;
  /** Absent in what version 0.1.0 has written. */
  madeMs?: number;
  changedMs?: number;
}

/** A date as WordPress gives it: twice, and never with a zone. */
export const dates = (name: string, ms: number): Record<string, string> => ({
  [name]: gmt(ms + SITE_OFFSET_MS),
  [`${name}_gmt`]: gmt(ms),
});

/** Two decimals at least, whatever the currency: they are a setting of the site. */
export const money = (minor: number, currency: string): string => {
  const text = fromMinor(minor, currency);
  return text.includes('.') ? text : `${text}.00`;
};

/** Where the API stands for the caller, such as `https://127.0.0.1:8443`. */
export type Origin = string;
const links = (origin: Origin, path: string, up?: string) => {
  const href = (to: string) => [{ href: `${origin}${BASE}${to}` }];
  return {
    _links: {
      self: href(path),
      collection: href(path.replace(/\/\d+$/, '')),
      ...(up === undefined ? {} : { up: href(up) }),
    },
  };
};

/** Names of methods as a checkout shows them; any other is its own title. */
const METHOD_TITLES: Readonly<Record<string, string>> = {
  bacs: 'Direct bank transfer',
  cheque: 'Check payments',
  cod: 'Cash on delivery',
};
const shownMeta = (meta: readonly Meta[]) =>
  meta.map((entry) => ({ ...entry, display_key: entry.key, display_value: entry.value }));

const withoutLinks = (order: Order) => {
  const minor = (text: string): number => toMinor(text, order.currency);
  const sum = (parts: readonly { total: string }[]): number => parts.reduce((all, part) => all + minor(part.total), 0);
  const before = order.line_items.reduce((all, line) => all + minor(line.subtotal), 0);
  return {
    parent_id: 0,
    order_key: `wc_order_${order.id.toString(36).padStart(13, '0')}`,
    discount_tax: '0.00',
    shipping_tax: '0.00',
    cart_tax: '0.00',
    customer_ip_address: '',
    customer_user_agent: '',
    payment_method_title: METHOD_TITLES[order.payment_method] ?? order.payment_method,
    transaction_id: '',
    cart_hash: '',
    ...order,
    discount_total: money(before - sum(order.line_items), order.currency),
    shipping_total: money(sum(order.shipping_lines), order.currency),
    line_items: order.line_items.map((line) => ({ ...line, meta_data: shownMeta(line.meta_data) })),
  };
};
export const shownOrder = (order: Order, origin: Origin) => ({
  ...withoutLinks(order),
  ...links(origin, `/orders/${order.id}`),
});
/** As a webhook brings it. */
export const sentOrder = (order: Order) => shownOrder(order, 'https://shop.example');

/** As an order's own list has it: there the order is not repeated. */
export const shownRefund = ({ parent_id, ...refund }: Refund, origin: Origin) => ({
  ...refund,
  ...links(origin, `/orders/${parent_id}/refunds/${refund.id}`, `/orders/${parent_id}`),
});

const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
const NO_DATE = {
  date_on_sale_from: null,
  date_on_sale_from_gmt: null,
  date_on_sale_to: null,
  date_on_sale_to_gmt: null,
};

/** What products and variations have in common. */
const sold = ({ madeMs = 0, changedMs = madeMs, ...product }: Product) => ({
  permalink: `https://shop.example/?p=${product.id}`,
  ...dates('date_created', madeMs),
  ...dates('date_modified', changedMs),
  description: '',
  regular_price: product.price,
  sale_price: '',
  ...NO_DATE,
  on_sale: (product.sale_price ?? '') !== '',
  purchasable: product.price !== '',
  virtual: false,
  downloadable: false,
  downloads: [],
  download_limit: -1,
  download_expiry: -1,
  tax_status: 'taxable',
  tax_class: '',
  backorders: 'no',
  weight: '',
  dimensions: { length: '', width: '', height: '' },
  shipping_class: '',
  shipping_class_id: 0,
  global_unique_id: '',
  menu_order: 0,
  meta_data: [],
  ...product,
  backorders_allowed: (product.backorders ?? 'no') !== 'no',
  backordered: product.stock_status === 'onbackorder',
});

export const shownVariation = ({ parent_id, ...product }: Product, origin: Origin) => {
  const { type: _, ...shown } = sold({ ...product, parent_id: 0 });
  const up = `/products/${parent_id}`;
  return { ...shown, parent_id, image: null, ...links(origin, `${up}/variations/${product.id}`, up) };
};
export const shownProduct = (product: Product, variations: readonly number[], origin: Origin) => ({
  slug: slugOf(product.name),
  featured: false,
  catalog_visibility: 'visible',
  short_description: '',
  price_html: '',
  total_sales: 0,
  external_url: '',
  button_text: '',
  sold_individually: false,
  shipping_required: true,
  shipping_taxable: true,
  reviews_allowed: true,
  average_rating: '0.00',
  rating_count: 0,
  related_ids: [],
  upsell_ids: [],
  cross_sell_ids: [],
  purchase_note: '',
  categories: [],
  tags: [],
  images: [],
  default_attributes: [],
  grouped_products: [],
  ...sold(product),
  variations,
  ...links(origin, `/products/${product.id}`),
});
export const slug = (product: Product): string => slugOf(product.name);

export const shownHook = (
  { secret: _, failures: __, madeMs = 0, changedMs = madeMs, ...hook }: Hook,
  origin: Origin,
) => {
  const [resource = '', event = ''] = hook.topic.split('.');
  return {
    ...hook,
    resource,
    event,
    hooks: [`woocommerce_${event}_${resource}`],
    ...dates('date_created', madeMs),
    ...dates('date_modified', changedMs),
    ...links(origin, `/webhooks/${hook.id}`),
  };
};

/** Amounts of orders and refunds, which `dp` rounds. */
const AMOUNTS: ReadonlySet<string> = new Set([
  'amount',
  'discount_total',
  'discount_tax',
  'shipping_total',
  'shipping_tax',
  'cart_tax',
  'subtotal',
  'subtotal_tax',
  'total',
  'total_tax',
]);
/** The same with `places` decimals, half away from zero. */
const rounded = (text: string, places: number): string => {
  const [, sign = '', whole = '0', part = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  const digits = BigInt(`${whole}${part.padEnd(places + 1, '0').slice(0, places + 1)}`);
  const text2 = String((digits + 5n) / 10n).padStart(places + 1, '0');
  const shown = places === 0 ? text2 : `${text2.slice(0, -places)}.${text2.slice(-places)}`;
  return /[1-9]/.test(shown) ? `${sign}${shown}` : shown;
};
export const withDecimals = (value: unknown, places: number): unknown => {
  if (Array.isArray(value)) return value.map((item) => withDecimals(item, places));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      AMOUNTS.has(name) && typeof inner === 'string'
        ? rounded(inner, places)
        : name === 'meta_data'
          ? inner
          : withDecimals(inner, places),
    ]),
  );
};

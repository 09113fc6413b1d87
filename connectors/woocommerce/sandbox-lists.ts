import {
  dateFilters,
  type Entry,
  equal,
  idFilters,
  type ListRules,
  lacking,
  modifiedFilters,
  parentFilters,
  search,
  word,
} from './sandbox-query.ts';
import { type Hook, type Order, type Product, type Refund, slug } from './sandbox-shape.ts';

/*
 * What each list can be narrowed and sorted by.
 * Source: woocommerce-rest-api-docs, wp-api-v3 at 13d61967911c, the tables “Available parameters”. Read 2026-12-01.
 */

export const ORDER_STATUSES = [
  'pending',
  'processing',
  'on-hold',
  'completed',
  'cancelled',
  'refunded',
  'failed',
  'trash',
];
const PRODUCT_STATUSES = ['draft', 'pending', 'private', 'publish', 'future', 'trash'];
const PRODUCT_TYPES = ['simple', 'grouped', 'external', 'variable'];
const STOCK_STATUSES = ['instock', 'outofstock', 'onbackorder'];

/** Words by which a shop finds an order: its number, its people and what they bought. */
const orderText = (order: Order): string =>
  [order.number, ...Object.values(order.billing), ...Object.values(order.shipping)]
    .concat(order.line_items.map((line) => line.name))
    .join(' ');
const priced =
  (keeps: (price: number, bound: number) => boolean) =>
  ([bound = '']: readonly string[]) => {
    const limit = Number(bound);
    return (entry: Entry<Product>) => entry.row().price !== '' && keeps(Number(entry.row().price), limit);
  };

export const ORDER_LIST: ListRules<Order> = {
  filters: {
    ...dateFilters<Order>(),
    ...modifiedFilters<Order>(),
    ...idFilters<Order>(),
    ...parentFilters<Order>(() => 0),
    customer: equal((order) => String(order.customer_id)),
    product: (values) => {
      const wanted = new Set(values.map(Number));
      return (entry) =>
        entry.row().line_items.some((line) => wanted.has(line.product_id) || wanted.has(line.variation_id));
    },
    search: search(orderText),
    status: word({
      name: 'status',
      words: ORDER_STATUSES,
      everything: 'any',
      hidden: ['trash'],
      of: (entry) => entry.status ?? entry.row().status,
    }),
    dp: () => () => true,
  },
  orders: { modified: (entry) => entry.modified, title: null, slug: null },
  defaults: { status: 'any' },
};
const SOLD_FILTERS = {
  ...dateFilters<Product>(),
  ...idFilters<Product>(),
  ...parentFilters<Product>((product) => product.parent_id),
  search: search<Product>((product) => `${product.name} ${product.sku}`),
  slug: equal<Product>(slug),
  sku: equal<Product>((product) => product.sku),
  status: word<Product>({
    name: 'status',
    words: PRODUCT_STATUSES,
    everything: 'any',
    hidden: ['trash'],
    of: (entry) => entry.row().status,
  }),
  stock_status: word<Product>({
    name: 'stock_status',
    words: STOCK_STATUSES,
    everything: '',
    of: (entry) => entry.row().stock_status,
  }),
  min_price: priced((price, bound) => price >= bound),
  max_price: priced((price, bound) => price <= bound),
  ...lacking('on_sale', 'tax_class'),
};
export const PRODUCT_LIST: ListRules<Product> = {
  filters: {
    ...SOLD_FILTERS,
    ...modifiedFilters<Product>(),
    type: word<Product>({ name: 'type', words: PRODUCT_TYPES, everything: '', of: (entry) => entry.row().type }),
    ...lacking('featured', 'category', 'tag', 'shipping_class', 'attribute', 'attribute_term'),
  },
  orders: {
    title: (entry) => entry.row().name,
    slug: (entry) => slug(entry.row()),
    price: (entry) => entry.row().price.padStart(20, '0'),
    popularity: null,
    rating: null,
  },
  defaults: { status: 'any' },
};
export const VARIATION_LIST: ListRules<Product> = {
  filters: SOLD_FILTERS,
  orders: { title: null, slug: null },
  defaults: { status: 'any' },
};
export const REFUND_LIST: ListRules<Refund> = {
  filters: {
    ...dateFilters<Refund>(),
    ...idFilters<Refund>(),
    ...parentFilters<Refund>((made) => made.parent_id),
    search: search((made) => made.reason),
    dp: () => () => true,
  },
  orders: { title: null, slug: null },
};
export const HOOK_LIST: ListRules<Hook> = {
  filters: {
    ...dateFilters<Hook>(),
    ...idFilters<Hook>(),
    search: search((hook) => hook.name),
    status: word({
      name: 'status',
      words: ['active', 'paused', 'disabled'],
      everything: 'all',
      of: (entry) => entry.row().status,
    }),
  },
  orders: { title: (entry) => entry.row().name },
};

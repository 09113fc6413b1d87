import type { Coverage, EntityKind, Wire } from '#kit';
import { manifest } from './manifest.ts';
import { isSoldItself, RESTOCK, toListing, toOrder, toRefund, toVariationListing } from './mapper.ts';
import { Order, Product, Refund, Variation } from './wire.ts';

const PARTY: Wire = {
  first_name: 'Ana',
  last_name: 'Example',
  company: 'Example',
  address_1: 'Street 1',
  address_2: 'Floor 2',
  city: 'Town',
  state: 'BE',
  postcode: '10115',
  country: 'DE',
  email: 'ana@example.test',
  phone: '+49 1',
};
const LINE: Wire = {
  id: 1,
  name: 'A thing',
  product_id: 5,
  variation_id: 6,
  quantity: 2,
  subtotal: '20.00',
  subtotal_tax: '4.00',
  total: '18.00',
  total_tax: '3.60',
  taxes: [{ id: 1, total: '3.60' }],
  sku: 'A',
  price: 9,
  meta_data: [{ key: 'Engraving', value: 'Ana' }],
};
const CHARGE: Wire = { id: 2, total: '5.00', total_tax: '1.00', meta_data: [] };
const ORDER: Wire = {
  id: 100,
  number: '100',
  status: 'processing',
  currency: 'EUR',
  date_created_gmt: '2026-11-01T10:00:00',
  date_modified_gmt: '2026-11-01T11:00:00',
  date_paid_gmt: '2026-11-01T10:30:00',
  payment_method: 'bacs',
  prices_include_tax: false,
  customer_id: 7,
  customer_note: 'a note',
  billing: PARTY,
  shipping: PARTY,
  total: '30.00',
  total_tax: '5.00',
  line_items: [LINE],
  shipping_lines: [{ ...CHARGE, method_title: 'Sent' }],
  fee_lines: [{ ...CHARGE, name: 'Fee' }],
  refunds: [],
  meta_data: [],
};
/** Some fields count where another is not there. */
const SPARSE: Wire = {
  ...ORDER,
  date_created_gmt: null,
  shipping: [],
  line_items: [{ ...LINE, variation_id: 0, subtotal: '0' }],
};
const REFUND: Wire = {
  id: 9,
  date_created_gmt: '2026-11-02T10:00:00',
  amount: '10.00',
  reason: 'a reason',
  meta_data: [{ key: RESTOCK, value: 'yes' }],
  line_items: [
    { quantity: -1, total: '-4.00', total_tax: '-0.80', meta_data: [{ key: '_refunded_item_id', value: '1' }] },
    { quantity: -1, total: '-6.00', total_tax: '-1.20', meta_data: [{ key: '_refunded_item_id', value: '2' }] },
  ],
};
const PRODUCT: Wire = {
  id: 5,
  name: 'A thing',
  type: 'simple',
  sku: 'A',
  price: '10.00',
  status: 'publish',
  manage_stock: true,
  stock_quantity: 4,
};
const VARIATION: Wire = { ...PRODUCT, id: 6, attributes: [{ option: 'Red' }] };
const PARENT = { id: 5, name: 'A thing', type: 'variable' };

const inOrder = (order: Wire) => toOrder(Order.parse(order), []);
const has = (value: Wire, ...names: readonly string[]): boolean => names.every((name) => name in value);

const kinds: readonly EntityKind[] = [
  {
    entity: 'order',
    types: [],
    is: (value) => has(value, 'line_items', 'billing', 'currency'),
    readers: [{ neutral: [ORDER, SPARSE], read: inOrder }],
  },
  {
    entity: 'line',
    types: [],
    fields: ['order.line_items'],
    readers: [
      {
        neutral: [LINE, { ...LINE, variation_id: 0, subtotal: '0' }],
        read: (line) => inOrder({ ...ORDER, line_items: [line] }),
      },
      {
        neutral: [LINE],
        read: (line) => inOrder({ ...ORDER, prices_include_tax: true, line_items: [line] }),
      },
    ],
  },
  {
    entity: 'refund',
    types: [],
    is: (value) => has(value, 'amount', 'reason') && (has(value, 'refunded_by') || has(value, 'refunded_payment')),
    readers: [
      {
        neutral: [REFUND],
        read: (refund) => toRefund({ currency: 'EUR', prices_include_tax: true }, Refund.parse(refund)),
      },
    ],
  },
  {
    entity: 'product',
    types: [],
    is: (value) => has(value, 'type', 'regular_price'),
    readers: [
      {
        neutral: [PRODUCT],
        read: (wire) => {
          const product = Product.parse(wire);
          return { listing: toListing(product), sold: isSoldItself(product.type) };
        },
      },
    ],
  },
  {
    entity: 'variant',
    types: [],
    is: (value) => has(value, 'regular_price', 'stock_status') && !has(value, 'type'),
    readers: [{ neutral: [VARIATION], read: (variation) => toVariationListing(PARENT, Variation.parse(variation)) }],
  },
  {
    entity: 'error',
    types: [],
    is: (value) => has(value, 'code', 'message') && typeof value['code'] === 'string',
    readers: [
      {
        neutral: [{ code: 'woocommerce_rest_cannot_view', message: 'Not allowed', data: { status: 403 } }],
        read: (body) => manifest.http.classify?.({ status: 403, text: JSON.stringify(body), headers: {} }),
      },
    ],
  },
];

export const coverage: Coverage = {
  kinds,
  rows: [],
  corpus: { marks: ['13d61967911c'], floors: { files: 28 } },
};

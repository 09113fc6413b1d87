import { type Coverage, type CoverageRow, type EntityKind, unkept, unread, type Wire } from '#kit';
import { classify, manifest } from './manifest.ts';
import { toPurchaseReport, toSupplyLevel } from './mapper.ts';
import { ListedProduct, Order, Product, Variant } from './wire.ts';

const WAREHOUSE: Wire = { countryCode: 'CN', cjInventory: 5, verifiedWarehouse: 1 };
const VARIANT: Wire = {
  vid: 'v-1',
  variantNameEn: 'A thing in red',
  variantSellPrice: '3.00',
  variantWeight: 120,
  variantLength: 100,
  variantWidth: 80,
  variantHeight: 10,
  inventory: [WAREHOUSE],
};
const ORDER: Wire = {
  orderId: '210823100016290555',
  orderNumber: 'leg-1',
  orderNum: 'leg-1',
  orderStatus: 'SHIPPED',
  orderAmount: '7.50',
  logisticName: 'PostNL',
  trackNumber: 'TRACK1',
  trackingUrl: 'https://track.test/1',
};
const MESSAGE: Wire = {
  messageId: 'm-1',
  type: 'ORDER',
  params: { orderNumber: 'leg-1', orderNum: null, cjOrderId: '1', orderId: null, orderStatus: 'SHIPPED' },
};
const level = (variant: Wire) => toSupplyLevel(Variant.parse(variant), 'A thing', 'CN');
const has = (value: Wire, ...names: readonly string[]): boolean => names.every((name) => name in value);

const kinds: readonly EntityKind[] = [
  {
    entity: 'variant',
    types: [],
    is: (value) => has(value, 'vid') && !has(value, 'inventory'),
    readers: [{ neutral: [VARIANT], read: level }],
  },
  {
    entity: 'inventory level',
    types: [],
    is: (value) => has(value, 'countryCode') && (has(value, 'cjInventory') || has(value, 'cjInventoryNum')),
    readers: [{ neutral: [WAREHOUSE], read: (warehouse) => level({ ...VARIANT, inventory: [warehouse] }) }],
  },
  {
    entity: 'product',
    types: [],
    is: (value) => has(value, 'productNameEn') || has(value, 'nameEn'),
    readers: [
      {
        neutral: [{ productNameEn: 'A thing', variants: [] }],
        read: (data) => {
          const { productNameEn } = Product.parse({ data }).data;
          return toSupplyLevel(Variant.parse({ ...VARIANT, variantNameEn: null }), productNameEn ?? '', 'CN');
        },
      },
      { neutral: [{ id: 'p-1' }], read: (product) => ListedProduct.parse(product) },
    ],
  },
  {
    entity: 'order',
    types: [],
    is: (value) => has(value, 'orderStatus', 'orderId') && !has(value, 'messageId'),
    readers: [
      {
        neutral: [ORDER],
        read: (order) => {
          const read = Order.parse(order);
          return toPurchaseReport(read, read.orderNum ?? read.orderNumber ?? '');
        },
      },
    ],
  },
  {
    entity: 'message',
    types: [],
    is: (value) => has(value, 'messageId', 'params'),
    readers: [{ neutral: [MESSAGE], read: (body) => manifest.webhooks?.read({ body, headers: {} }) }],
  },
  {
    entity: 'error',
    types: [],
    is: ({ code, message }) => typeof code === 'number' && code !== 200 && typeof message === 'string',
    readers: [
      {
        neutral: [{ code: 1_600_100, message: 'Param error' }],
        read: (body) => classify({ body: () => body }),
      },
    ],
  },
];

const fields: readonly CoverageRow[] = [
  ...unkept('error', 'the code, which is kept, says more than that it went wrong', ['result']),
  ...unkept('error', 'a number for CJ’s own support, in the logs of the call', ['requestId']),
  ...unkept('product', 'CJ’s own catalogue page: its variants are read, each with its own price, weight and stock', [
    'nameEn',
    'sku',
    'bigImage',
    'sellPrice',
    'categoryId',
    'listedNum',
    'warehouseInventoryNum',
    'verifiedWarehouse',
    'pid',
    'productSku',
    'productKeyEn',
    'productImageSet',
    'productWeight',
    'description',
    'status',
  ]),
  ...unkept('variant', 'CJ takes orders by the variant’s id, which is kept', ['pid', 'variantSku', 'variantKey']),
  ...unkept('inventory level', 'what a factory says that it could make is no stock; what CJ has counted is kept', [
    'totalInventory',
    'factoryInventory',
  ]),
];

const operations: readonly CoverageRow[] = [
  ...unread('a token for the next calls, which is no fact of the business', [
    'POST /api2.0/v1/authentication/getAccessToken',
  ]),
  ...unread('who the account is: it is compared as the connection’s identity and kept nowhere else', [
    'setting_get_response',
  ]),
];

export const coverage: Coverage = {
  kinds,
  rows: [...fields, ...operations],
  corpus: { marks: ['173207dd7fe4'], floors: { files: 4 } },
};

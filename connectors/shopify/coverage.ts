import { type Coverage, type EntityKind, Failure, type Wire } from '#kit';
import { classify } from './manifest.ts';
import { toListing, toOrder, toPacking, toQuantity, toRefund } from './mapper.ts';
import { refuse } from './operations.ts';
import { Fulfillment, FulfillmentOrder, InventoryItem, Order, ProductVariant, Refund, UserErrors } from './wire.ts';

const id = (type: string, number = 1): string => `gid://shopify/${type}/${number}`;
const money = (amount: string): Wire => ({ presentmentMoney: { amount, currencyCode: 'EUR' } });
const page = (...nodes: unknown[]): Wire => ({ nodes, pageInfo: { hasNextPage: false, endCursor: null } });

const LINE: Wire = {
  id: id('LineItem'),
  name: 'A thing',
  sku: 'A',
  quantity: 2,
  currentQuantity: 2,
  unfulfilledQuantity: 2,
  requiresShipping: true,
  isGiftCard: false,
  variant: { id: id('ProductVariant') },
  originalUnitPriceSet: money('10.00'),
  discountedTotalSet: money('20.00'),
};
const REFUND: Wire = {
  id: id('Refund'),
  createdAt: '2026-11-02T10:00:00Z',
  processedAt: '2026-11-02T10:00:00Z',
  note: 'a note',
  totalRefundedSet: money('10.00'),
  refundLineItems: page({
    lineItem: { id: id('LineItem') },
    quantity: 1,
    restockType: 'RETURN',
    subtotalSet: money('9.00'),
    totalTaxSet: money('1.00'),
  }),
};
const ADDRESS: Wire = {
  name: 'Ana Example',
  company: 'Example',
  address1: 'Street 1',
  address2: '',
  city: 'Town',
  province: 'Region',
  zip: '10115',
  countryCodeV2: 'DE',
  phone: '+49 1',
};
const ORDER: Wire = {
  id: id('Order'),
  name: '#1001',
  createdAt: '2026-11-01T10:00:00Z',
  updatedAt: '2026-11-01T10:00:00Z',
  cancelledAt: null,
  presentmentCurrencyCode: 'EUR',
  displayFinancialStatus: 'PAID',
  displayFulfillmentStatus: 'UNFULFILLED',
  test: false,
  paymentGatewayNames: ['a gateway'],
  risk: { recommendation: 'NONE' },
  email: 'ana@example.test',
  note: 'a note',
  taxesIncluded: false,
  totalPriceSet: money('27.00'),
  currentTotalPriceSet: money('27.00'),
  totalReceivedSet: money('27.00'),
  customer: { id: id('Customer'), displayName: 'Ana Example' },
  shippingAddress: ADDRESS,
  billingAddress: ADDRESS,
  taxLines: [{ title: 'Tax', priceSet: money('2.00') }],
  currentTaxLines: [{ title: 'Tax', priceSet: money('2.00') }],
  transactions: [{ kind: 'SALE', status: 'SUCCESS', processedAt: '2026-11-01T10:00:00Z' }],
  additionalFees: [{ id: id('AdditionalFee'), name: 'Fee', price: money('1.00') }],
  shippingLines: page({ id: id('ShippingLine'), code: 'S', title: 'Sent', discountedPriceSet: money('4.00') }),
  lineItems: page(LINE),
  refunds: [],
};
const REFUNDED_ORDER: Wire = { ...ORDER, refunds: [REFUND] };
const EDITED_ORDER: Wire = { ...REFUNDED_ORDER, lineItems: page({ ...LINE, quantity: 4 }) };

const INVENTORY_ITEM: Wire = {
  id: id('InventoryItem'),
  harmonizedSystemCode: '420221',
  countryCodeOfOrigin: 'IT',
  measurement: { weight: { value: 2, unit: 'KILOGRAMS' } },
  inventoryLevel: { quantities: [{ quantity: 5 }] },
};
const VARIANT: Wire = {
  id: id('ProductVariant'),
  sku: 'A',
  barcode: '4006381333931',
  title: 'Red',
  price: '10.00',
  product: { id: id('Product'), title: 'A thing', status: 'ACTIVE' },
  inventoryItem: INVENTORY_ITEM,
};
const FULFILLMENT: Wire = {
  id: id('Fulfillment'),
  status: 'SUCCESS',
  trackingInfo: [{ number: 'TRACK1' }],
  fulfillmentLineItems: page({ quantity: 1, lineItem: { id: id('LineItem') } }),
};
const FULFILLMENT_ORDER: Wire = {
  id: id('FulfillmentOrder'),
  status: 'OPEN',
  lineItems: page({ id: id('FulfillmentOrderLineItem'), remainingQuantity: 3, lineItem: { id: id('LineItem') } }),
};
const PACKAGE = {
  orderExternalId: id('Order'),
  reference: 'shipment-1',
  lines: [{ lineExternalId: id('LineItem'), quantity: 2 }],
  tracking: { carrier: 'DHL', number: 'TRACK1', url: '' },
  completes: true,
};

const listing = (variant: Wire) => toListing(ProductVariant.parse(variant), 'EUR');
const inOrder = (order: Wire) => toOrder(Order.parse(order));

/** What is thrown, as it is shown. */
const toldOf = (act: () => void): unknown => {
  try {
    act();
    return null;
  } catch (error) {
    if (error instanceof Failure) return { code: error.code, message: error.message };
    throw error;
  }
};

const kinds: readonly EntityKind[] = [
  {
    entity: 'order',
    types: ['Order'],
    fields: ['order', 'orders'],
    readers: [{ neutral: [ORDER, REFUNDED_ORDER, EDITED_ORDER], read: inOrder }],
  },
  {
    entity: 'line',
    types: ['LineItem'],
    fields: ['order.lineItems', 'refund.lineItem', 'fulfilment.lineItem', 'fulfilment order.lineItem'],
    readers: [
      {
        neutral: [LINE, { ...LINE, variant: null, requiresShipping: false }],
        read: (line) => inOrder({ ...ORDER, lineItems: page(line) }),
      },
    ],
  },
  {
    entity: 'refund',
    types: ['Refund'],
    fields: ['refund', 'refunds'],
    readers: [
      { neutral: [REFUND], read: (refund) => toRefund(Refund.parse(refund), 'EUR') },
      { neutral: [REFUND], read: (refund) => inOrder({ ...ORDER, refunds: [refund] }) },
    ],
  },
  {
    entity: 'fulfilment',
    types: ['Fulfillment'],
    fields: ['fulfillment', 'fulfillments'],
    readers: [
      {
        neutral: [FULFILLMENT],
        read: (fulfillment) =>
          toPacking(PACKAGE, [Fulfillment.parse(fulfillment)], [FulfillmentOrder.parse(FULFILLMENT_ORDER)]),
      },
    ],
  },
  {
    entity: 'fulfilment order',
    types: ['FulfillmentOrder'],
    fields: ['fulfillmentOrder', 'fulfillmentOrders'],
    readers: [
      { neutral: [FULFILLMENT_ORDER], read: (order) => toPacking(PACKAGE, [], [FulfillmentOrder.parse(order)]) },
    ],
  },
  {
    entity: 'variant',
    types: ['ProductVariant'],
    fields: ['productVariant', 'productVariants', 'variant', 'variants'],
    readers: [{ neutral: [VARIANT, { ...VARIANT, title: 'Default Title' }], read: listing }],
  },
  {
    entity: 'product',
    types: ['Product'],
    fields: ['product', 'products'],
    readers: [
      {
        neutral: [{ id: id('Product'), title: 'A thing', status: 'ACTIVE' }],
        read: (product) => listing({ ...VARIANT, product }),
      },
    ],
  },
  {
    entity: 'inventory item',
    types: ['InventoryItem'],
    fields: ['inventoryItem', 'inventoryItems'],
    readers: [
      {
        neutral: [INVENTORY_ITEM],
        read: (inventoryItem) => listing({ ...VARIANT, inventoryItem }),
      },
    ],
  },
  {
    entity: 'inventory level',
    types: ['InventoryLevel'],
    fields: ['inventoryLevel', 'inventoryLevels'],
    readers: [
      {
        neutral: [{ quantities: [{ quantity: 5 }] }],
        read: (inventoryLevel) => toQuantity(InventoryItem.parse({ id: id('InventoryItem'), inventoryLevel })),
      },
    ],
  },
  {
    entity: 'user error',
    types: ['UserError', 'DisplayableError'],
    fields: ['userErrors', 'orderCancelUserErrors'],
    readers: [
      {
        neutral: [
          { field: ['input'], message: 'is not right', code: 'INVALID' },
          { field: ['input'], message: 'is not right', code: 'IDEMPOTENCY_CONCURRENT_REQUEST' },
        ],
        read: (error) => toldOf(() => refuse(UserErrors.parse([error]))),
      },
    ],
  },
  {
    entity: 'error',
    types: ['errors'],
    whole: ['errors.extensions.value'],
    readers: [
      {
        neutral: [{ errors: [{ message: 'is not right', extensions: { code: 'ACCESS_DENIED' } }] }],
        read: (answer) => classify({ body: () => answer }),
      },
    ],
  },
  { entity: 'location', types: ['Location'], fields: ['location', 'locations'], readers: [] },
];

export const coverage: Coverage = {
  kinds,
  rows: [],
  corpus: {
    marks: ['1fba7c1853d6'],
    floors: { order: 140, line: 122, 'fulfilment order': 69, fulfilment: 36, variant: 110, 'inventory level': 53 },
  },
};

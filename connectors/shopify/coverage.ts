import { z } from 'zod';
import { type Coverage, type CoverageRow, type EntityKind, Failure, unkept, unread, type Wire } from '#kit';
import { classify } from './manifest.ts';
import { toListing, toOrder, toPacking, toQuantity, toRefund, toRefundTransactions } from './mapper.ts';
import { refuse } from './operations.ts';
import {
  Fulfillment,
  FulfillmentOrder,
  InventoryItem,
  Order,
  ProductVariant,
  Refund,
  Transaction,
  UserErrors,
} from './wire.ts';

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
  transactions: [
    {
      id: id('OrderTransaction'),
      kind: 'SALE',
      status: 'SUCCESS',
      gateway: 'a gateway',
      amountSet: money('27.00'),
      parentTransaction: null,
      processedAt: '2026-11-01T10:00:00Z',
    },
  ],
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
/** What is left to pay back depends on what was paid back of the first payment before. */
const PAYMENT = { status: 'SUCCESS', gateway: 'a gateway', parentTransaction: null };
const PAID_ORDER: Wire = {
  id: id('Order'),
  transactions: [
    {
      ...PAYMENT,
      id: id('OrderTransaction', 2),
      kind: 'REFUND',
      amountSet: money('1.00'),
      parentTransaction: { id: id('OrderTransaction') },
    },
    { ...PAYMENT, id: id('OrderTransaction'), kind: 'SALE', amountSet: money('9.00') },
    { ...PAYMENT, id: id('OrderTransaction', 3), kind: 'SALE', amountSet: money('9.00') },
  ],
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
    readers: [
      { neutral: [ORDER, REFUNDED_ORDER, EDITED_ORDER], read: inOrder },
      {
        neutral: [PAID_ORDER],
        read: ({ transactions }) =>
          toRefundTransactions(1_500, id('Order'), z.array(Transaction).parse(transactions), 'EUR'),
      },
    ],
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

/** Amounts in the shop's currency, with the currency's name beside each. */
const inShopMoney = (entity: string, reason: string, amounts: readonly string[]): CoverageRow[] =>
  unkept(
    entity,
    reason,
    amounts.flatMap((amount) => [`${amount}.shopMoney.amount`, `${amount}.shopMoney.currencyCode`]),
  );
/** Amounts that follow from others, in both currencies. */
const inBothMoneys = (entity: string, reason: string, amounts: readonly string[]): CoverageRow[] => [
  ...inShopMoney(entity, reason, amounts),
  ...unkept(
    entity,
    reason,
    amounts.flatMap((amount) => [`${amount}.presentmentMoney.amount`, `${amount}.presentmentMoney.currencyCode`]),
  ),
];

const SAME_MONEY =
  'the same money in the shop’s own currency: we count in the buyer’s, in which Shopify takes refunds, and keep the shop’s for the total';
const CURRENCY = 'the currency is the order’s, which is kept as presentmentCurrencyCode';
const PAGES = 'how the shop shows its products: we read what is needed to sell one, to count it and to send it';

const fields: readonly CoverageRow[] = [
  ...unkept(
    'user error',
    'the path of an input that our own code makes; the message, which is shown, says what was wrong',
    ['field'],
  ),
  ...unkept('error', 'where in our own query it went wrong: the message, which is shown, names it', [
    'errors.locations.line',
    'errors.locations.column',
    'errors.path',
    'errors.extensions.argumentName',
    'errors.extensions.argumentType',
    'errors.extensions.arguments',
    'errors.extensions.className',
    'errors.extensions.directiveName',
    'errors.extensions.fieldName',
    'errors.extensions.inputObjectType',
    'errors.extensions.name',
    'errors.extensions.typeName',
    'errors.extensions.variableName',
    'errors.extensions.problems.path',
    'errors.extensions.problems.explanation',
    'errors.extensions.problems.message',
  ]),
  ...unkept('error', 'what we had sent, said again', ['errors.extensions.value']),
  ...unkept('error', 'missing rights are named by connection.check, each with what it is for', [
    'errors.extensions.requiredAccess',
    'errors.extensions.documentation',
  ]),
  ...unkept('error', 'a number for Shopify’s own support, in the logs of the call', ['errors.extensions.requestId']),

  ...inShopMoney('line', SAME_MONEY, ['originalUnitPriceSet', 'taxLines.priceSet']),
  ...inShopMoney('line', 'the line’s total before discounts is price times quantity', ['originalTotalSet']),
  ...inShopMoney('refund', SAME_MONEY, ['totalRefundedSet', 'refundLineItems.subtotalSet', 'transactions.amountSet']),
  ...inShopMoney('order', SAME_MONEY, [
    'totalReceivedSet',
    'currentTaxLines.priceSet',
    'transactions.amountSet',
    'shippingLines.taxLines.priceSet',
  ]),
  ...unkept('order', CURRENCY, [
    'currencyCode',
    'currentTotalPriceSet.presentmentMoney.currencyCode',
    'totalPriceSet.presentmentMoney.currencyCode',
    'totalReceivedSet.presentmentMoney.currencyCode',
    'transactions.amountSet.presentmentMoney.currencyCode',
    'shippingLines.taxLines.priceSet.presentmentMoney.currencyCode',
  ]),
  ...unkept('line', CURRENCY, [
    'originalUnitPriceSet.presentmentMoney.currencyCode',
    'taxLines.priceSet.presentmentMoney.currencyCode',
  ]),
  ...unkept('refund', CURRENCY, ['totalRefundedSet.presentmentMoney.currencyCode']),
  ...inBothMoneys('order', 'follows from the lines, charges, payment and refunds, which are kept', [
    'subtotalPriceSet',
    'currentSubtotalPriceSet',
    'totalTaxSet',
    'currentTotalTaxSet',
    'totalDiscountsSet',
    'currentTotalDiscountsSet',
    'totalShippingPriceSet',
    'totalOutstandingSet',
    'totalRefundedSet',
    'netPaymentSet',
  ]),
  ...inBothMoneys(
    'order',
    'capturing is done in the shop; that money is authorised and not yet captured is the payment’s state',
    ['totalCapturableSet'],
  ),
  ...unkept(
    'order',
    'capturing is done in the shop; that money is authorised and not yet captured is the payment’s state',
    [
      'capturable',
      'totalCapturable',
      'transactions.manualPaymentGateway',
      'transactions.manuallyCapturable',
      'transactions.multiCapturable',
    ],
  ),
  ...inBothMoneys('order', 'before its discount; what is charged for shipping is kept', [
    'shippingLines.originalPriceSet',
  ]),
  ...unkept('order', 'the order’s tax lines include the tax on shipping', [
    'shippingLines.taxLines.title',
    'shippingLines.taxLines.rate',
    'shippingLines.taxLines.priceSet.presentmentMoney.amount',
  ]),
  ...unkept('order', 'the earlier payment is itself in the list', [
    'transactions.parentTransaction.kind',
    'transactions.parentTransaction.status',
  ]),
  ...unkept('order', 'the tax itself is kept', ['currentTaxLines.rate']),
  ...unkept('line', 'the tax itself is kept, as an amount', ['taxLines.rate', 'taxLines.title', 'taxable']),
  ...unkept('order', 'who reckoned the price of shipping', ['shippingLines.source']),
  ...unkept('order', 'kept whole, as the name', [
    'billingAddress.firstName',
    'billingAddress.lastName',
    'shippingAddress.firstName',
    'shippingAddress.lastName',
  ]),
  ...unkept('order', 'the region is kept by its name', ['billingAddress.provinceCode', 'shippingAddress.provinceCode']),
  ...unkept('order', 'the country is kept by its code', ['shippingAddress.country']),
  ...unkept('order', 'the address of this order is kept, not the customer’s of today', ['customer.email']),
  ...unkept('order', 'a carrier calls the number of the address, which is kept', ['phone']),
  ...unkept('order', 'that it is cancelled and since when is kept, and all that follows from it', [
    'cancelReason',
    'cancellation.staffNote',
  ]),
  ...unkept('order', 'whether the shop keeps it in its list of open orders: nothing follows from it for what is sent', [
    'closed',
    'closedAt',
    'merchantEditable',
  ]),
  ...unkept('order', 'the sum of the lines’ quantities, which are kept', ['currentSubtotalLineItemsQuantity']),
  ...unkept('order', 'what they took off is kept as money', ['discountCodes']),
  ...unkept('order', 'what happened is our own history, made from the versions of the order', [
    'events.id',
    'events.action',
    'events.message',
    'events.createdAt',
  ]),
  ...unkept('order', 'data of other apps, whose meaning they alone know', [
    'metafield.id',
    'metafield.namespace',
    'metafield.key',
    'metafield.type',
    'metafield.value',
    'metafields.id',
    'metafields.namespace',
    'metafields.key',
    'metafields.type',
    'metafields.value',
  ]),
  ...unkept('order', 'the moment that an app may set for orders of the past; when the shop took the order is kept', [
    'processedAt',
  ]),
  ...unkept('order', 'the connection says which shop it came from; through which of the shop’s pages decides nothing', [
    'sourceName',
  ]),
  ...unkept('order', 'accounts of companies are the shop’s; the company’s name is in the address', [
    'purchasingEntity.company.id',
    'purchasingEntity.contact.id',
    'purchasingEntity.location.id',
  ]),
  ...unkept(
    'order',
    'what is asked for back is the shop’s talk with its buyer; what it paid back and restocked is kept with the refund',
    [
      'returnStatus',
      'returns.id',
      'returns.name',
      'returns.status',
      'returns.totalQuantity',
      'returns.closedAt',
      'returns.returnLineItems.id',
      'returns.returnLineItems.quantity',
      'returns.returnLineItems.processedQuantity',
      'returns.returnLineItems.unprocessedQuantity',
      'returns.returnShippingFees.id',
      'returns.reverseFulfillmentOrders.id',
      'returns.reverseFulfillmentOrders.lineItems.id',
      'returns.reverseFulfillmentOrders.lineItems.totalQuantity',
    ],
  ),
  ...inBothMoneys('order', 'a charge of a return that is not paid yet; what was paid back is kept with the refund', [
    'returns.returnShippingFees.amountSet',
  ]),
  ...unkept('line', 'the line’s name is kept, which is its title with the variant’s', ['title']),
  ...unkept('line', 'unfulfilledQuantity, which is kept, tells the same without units on hold being left out', [
    'fulfillableQuantity',
  ]),

  ...unkept('refund', 'a refund is kept as it was made; the shop changes its note alone', ['updatedAt']),
  ...unkept('refund', 'the refund’s line is known by the order’s line that it names', ['refundLineItems.id']),
  ...unkept('refund', 'restockType, which is kept, says it', ['refundLineItems.restocked']),
  ...unkept('refund', 'how the money went back is the shop’s; how much is kept', [
    'transactions.id',
    'transactions.kind',
    'transactions.status',
    'transactions.gateway',
  ]),

  ...unkept('fulfilment', 'how a parcel travels is read from its carrier', [
    'estimatedDeliveryAt',
    'inTransitAt',
    'events.id',
    'events.status',
    'events.message',
    'events.happenedAt',
    'events.createdAt',
    'events.estimatedDeliveryAt',
    'events.address1',
    'events.city',
    'events.province',
    'events.country',
    'events.zip',
    'events.latitude',
    'events.longitude',
  ]),
  ...unkept('fulfilment', 'the package’s line is known by the order’s line that it names', ['fulfillmentLineItems.id']),
  ...unkept('fulfilment', 'the app that sent it, which is of no use to others', [
    'service.id',
    'service.handle',
    'service.serviceName',
    'service.trackingSupport',
    'service.type',
  ]),
  ...unkept('fulfilment', 'the order’s own time of change, which is kept, moves with it', ['updatedAt']),
  ...unkept('fulfilment order', 'remainingQuantity, which is kept, says what is still to be sent', [
    'lineItems.totalQuantity',
  ]),
  ...unkept('fulfilment order', 'what the shop’s own screen offers at this moment; our acts follow from its state', [
    'supportedActions.action',
  ]),
  ...unkept('fulfilment order', 'the shop’s talk with a fulfilment app, which we are not', [
    'merchantRequests.kind',
    'merchantRequests.message',
    'merchantRequests.requestOptions.notify_customer',
  ]),
  ...unkept('fulfilment order', 'the order’s own time of change, which is kept, moves with it', ['updatedAt']),

  ...unkept('inventory item', 'Shopify never sent it: whoever made the recording wrote down what it had asked for', [
    'input.tracked',
    'input.requiresShipping',
    'input.countryCodeOfOrigin',
    'input.provinceCodeOfOrigin',
    'input.harmonizedSystemCode',
    'input.measurement.weight.unit',
    'input.measurement.weight.value',
  ]),
  ...unkept('inventory item', 'customs forms ask for the country alone', ['provinceCodeOfOrigin']),
  ...unkept('inventory item', 'told with each line of an order, where it decides', ['requiresShipping']),
  ...unkept('inventory level', 'known by its item and location', ['id']),
  ...unkept('inventory level', 'an item that is not stocked at our location has no level, and its stock is unknown', [
    'isActive',
  ]),
  ...unkept('inventory level', 'we ask for the number under one name alone, “available”', ['quantities.name']),
  ...unkept('inventory level', 'a number is as old as our reading of it', ['quantities.updatedAt']),

  ...unkept('product', PAGES, [
    'availablePublicationsCount.count',
    'availablePublicationsCount.precision',
    'category.fullName',
    'category.id',
    'category.isLeaf',
    'category.level',
    'category.name',
    'category.parentId',
    'collections.handle',
    'collections.id',
    'collections.title',
    'descriptionHtml',
    'featuredImage.altText',
    'featuredImage.id',
    'featuredImage.url',
    'featuredMedia.alt',
    'featuredMedia.id',
    'featuredMedia.image.altText',
    'featuredMedia.image.height',
    'featuredMedia.image.id',
    'featuredMedia.image.url',
    'featuredMedia.image.width',
    'featuredMedia.mediaContentType',
    'featuredMedia.preview.image.height',
    'featuredMedia.preview.image.url',
    'featuredMedia.preview.image.width',
    'featuredMedia.status',
    'handle',
    'images.altText',
    'images.id',
    'images.url',
    'isGiftCard',
    'legacyResourceId',
    'media.alt',
    'media.embedUrl',
    'media.host',
    'media.id',
    'media.image.id',
    'media.image.url',
    'media.mediaContentType',
    'media.originUrl',
    'media.preview.image.height',
    'media.preview.image.url',
    'media.preview.image.width',
    'media.status',
    'metafield.id',
    'metafield.key',
    'metafield.namespace',
    'metafield.type',
    'metafield.value',
    'metafields.id',
    'metafields.key',
    'metafields.namespace',
    'metafields.type',
    'metafields.value',
    'onlineStorePreviewUrl',
    'options.id',
    'options.name',
    'options.optionValues.hasVariants',
    'options.optionValues.id',
    'options.optionValues.name',
    'options.position',
    'options.values',
    'productType',
    'publications.isPublished',
    'publishedOnPublication',
    'requiresSellingPlan',
    'resourcePublicationsCount.count',
    'resourcePublicationsCount.precision',
    'seo.description',
    'seo.title',
    'tags',
    'templateSuffix',
    'vendor',
  ]),
  ...unkept('product', 'the sum over its variants, whose numbers are kept', ['totalInventory', 'tracksInventory']),
  ...unkept('product', 'a listing is as old as our reading of it', ['createdAt', 'updatedAt']),
  ...unkept('variant', PAGES, [
    'position',
    'compareAtPrice',
    'requiresComponents',
    'showUnitPrice',
    'unitPriceMeasurement.quantityValue',
    'unitPriceMeasurement.referenceValue',
  ]),
  ...unkept('variant', 'the variant’s title, which is kept, is made of them', [
    'selectedOptions.name',
    'selectedOptions.value',
  ]),
  ...unkept('variant', 'tax is taken from the order, where it was charged', ['taxable']),
  ...unkept('variant', 'the sum over all locations; the number at our own location is kept', ['inventoryQuantity']),
];

const operations: readonly CoverageRow[] = [
  ...unread('customers are kept with the orders that they placed, and nowhere else', [
    'customer',
    'customerByIdentifier',
    'customers',
    'customersCount',
    'customerCreate',
    'customerUpdate',
    'customerSet',
    'customerDelete',
    'customerAddressCreate',
    'customerAddressUpdate',
    'customerAddressDelete',
    'customerUpdateDefaultAddress',
    'customerMerge',
    'customerMergePreview',
    'customerMergeJobStatus',
    'customerSendAccountInviteEmail',
    'customerEmailMarketingConsentUpdate',
    'customerSmsMarketingConsentUpdate',
    'companyCreate',
    'companyDelete',
    'companyLocationCreate',
    'companyAssignCustomerAsContact',
    'byEmail',
    'byEmailTwo',
    'mergeStatus',
    'metafieldIdentifier',
  ]),
  ...unread('a draft is no order: nobody has placed it, and it comes as an order when somebody does', [
    'draftOrder',
    'draftOrders',
    'draftOrdersCount',
    'draftOrderCreate',
    'draftOrderCreateFromOrder',
    'draftOrderUpdate',
    'draftOrderDelete',
    'draftOrderDuplicate',
    'draftOrderCalculate',
    'draftOrderInvoiceSend',
    'resultDraftOrders',
    'resultDraftOrdersCount',
    'sourceDraftOrdersCount',
    'orderPercentageNegative',
    'linePercentageNegative',
    'validOrderPercentage',
    'validLinePercentage',
    'baselineCreate',
    'validCreate',
  ]),
  ...unread('an edit that is not committed changes nothing; once it is, the order is fetched', [
    'orderEditBegin',
    'orderEditAddCustomItem',
    'orderEditAddLineItemDiscount',
    'orderEditSetQuantity',
  ]),
  ...unread('a number of things, and none of them', [
    'ordersCount',
    'productsCount',
    'filteredCount',
    'skuCount',
    'remainingCount',
    'removedCount',
    'publishedProductsCount',
    'groupedExclusion',
    'orMatches',
    'prefix',
  ]),
  ...unread('it says that it was done, and of what; the order is fetched and read', [
    'orderCancel',
    'orderDelete',
    'orderCapture',
    'transactionVoid',
    'fulfillmentEventCreate',
    'fulfillmentOrdersSetFulfillmentDeadline',
    'inventorySetQuantities',
    'productDelete',
    'productSet',
    'productOperation',
    'productUpdateMedia',
    'locationDelete',
    'locationLocalPickupEnable',
    'locationLocalPickupDisable',
  ]),
  ...unread('a return is the shop’s talk with its buyer; what it pays back and restocks is read with the refund', [
    'return',
    'returnRequest',
    'returnDeclineRequest',
    'returnProcess',
    'returnReasonDefinitions',
    'reverseDelivery',
    'reverseDeliveryCreateWithShipping',
    'reverseDeliveryShippingUpdate',
    'reverseFulfillmentOrder',
  ]),
  ...unread('terms of payment are the shop’s; whether an order is paid is read with it', [
    'paymentTermsCreate',
    'paymentTermsUpdate',
    'paymentTermsDelete',
    'giftCardCreate',
    'giftCardDeactivate',
  ]),
  ...unread('units between the shop’s own locations; what is at a location is read as its level', [
    'inventoryTransfers',
    'inventoryTransferCreate',
    'inventoryTransferCreateAsReadyToShip',
    'inventoryTransferEdit',
    'inventoryTransferSetItems',
    'inventoryTransferDuplicate',
    'inventoryTransferMarkAsReadyToShip',
    'inventoryTransferCancel',
    'inventoryTransferDelete',
    'inventoryProperties',
  ]),
  ...unread('where and for how much the shop offers its products: prices are read with the listings', [
    'catalog',
    'catalogs',
    'catalogsCount',
    'catalogCreate',
    'catalogUpdate',
    'catalogContextUpdate',
    'catalogDelete',
    'markets',
    'marketCreate',
    'marketDelete',
    'priceList',
    'priceLists',
    'priceListCreate',
    'priceListUpdate',
    'priceListDelete',
    'priceListFixedPricesDelete',
    'publication',
    'publications',
    'publicationCreate',
    'publicationUpdate',
    'publicationDelete',
    'webPresences',
    'webPresenceCreate',
    'webPresenceDelete',
  ]),
  ...unread('which ways of shipping the shop offers; the one that was chosen is read with the order', [
    'availableCarrierServices',
    'carrierService',
    'carrierServices',
    'carrierServiceCreate',
    'carrierServiceUpdate',
    'carrierServiceDelete',
    'deliveryProfile',
    'deliveryProfiles',
    'deliveryProfileCreate',
    'deliveryProfileUpdate',
    'deliveryProfileRemove',
    'deliverySettings',
    'deliveryPromiseSettings',
    'fulfillmentServiceUpdate',
    'fulfillmentServiceDelete',
  ]),
  ...unread('set-up of the connection: it is compared and kept nowhere', [
    'shop',
    'currentAppInstallation',
    'webhookSubscription',
    'webhookSubscriptions',
    'webhookSubscriptionsCount',
    'webhookSubscriptionCreate',
    'webhookSubscriptionUpdate',
    'webhookSubscriptionDelete',
    'eventBridgeWebhookSubscriptionCreate',
    'pubSubWebhookSubscriptionCreate',
    'pubSubWebhookSubscriptionUpdate',
  ]),
  ...unread('how far a long job of Shopify’s has come; its file is no answer of the API', [
    'bulkOperation',
    'bulkOperations',
    'currentBulkOperation',
    'bulkOperationRunQuery',
    'bulkOperationRunMutation',
    'bulkOperationCancel',
    'stagedUploadsCreate',
  ]),
  ...unread('the schema told of itself', [
    '__type',
    'inventoryChangeInput',
    'inventorySetQuantityInput',
    'inventorySetQuantitiesInput',
    'inventorySetOnHandQuantitiesInput',
    'returnApproveRequestInput',
    'returnDeclineReason',
    'returnDeclineRequestInput',
    'returnRequestInput',
    'webhookSubscriptionEndpoint',
    'webhookSubscriptionInput',
    'webhookSubscriptionTopic',
  ]),
  ...unread('kinds of other apps, whose meaning they alone know', ['metaobjectDefinitionDelete']),
  ...unread('of these ids none was of a kind that we keep', ['node', 'nodes', 'result']),
];

export const coverage: Coverage = {
  kinds,
  rows: [...fields, ...operations],
  corpus: {
    marks: ['1fba7c1853d6'],
    floors: { order: 140, line: 122, 'fulfilment order': 69, fulfilment: 36, variant: 110, 'inventory level': 53 },
  },
};

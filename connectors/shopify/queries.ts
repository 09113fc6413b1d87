import { z } from 'zod';
import {
  connection,
  Fulfillment,
  FulfillmentLineItem,
  FulfillmentOrder,
  FulfillmentOrderLineItem,
  InventoryItem,
  Refund,
  ShownTracking,
  Transaction,
  UserErrors,
  WebhookSubscription,
} from './wire.ts';

/** A document, what it costs at Shopify and what its `data` looks like. */
export interface Query<T> {
  text: string;
  /**
   * Shopify's `requestedQueryCost`. By what was recorded: an object 1, a connection 2 + ⌊2 ln first⌋ × its node, money and
   * scalars nothing, a mutation 10 (20 where it moves money). The test holds each number against the sandbox's own walk.
   */
  cost: number;
  reply: z.ZodType<{ data: T }>;
}

const query = <T>(cost: number, data: z.ZodType<T>, text: string): Query<T> => ({
  cost,
  text,
  reply: z.object({ data }),
});

const MONEY = 'presentmentMoney { amount }';
const BOTH = `${MONEY} shopMoney { amount currencyCode }`;
const PAGE = 'pageInfo { hasNextPage endCursor }';

/** Pages inside an order are small, for most orders fit and each costs; what is left is read in pages of the most allowed. */
const INNER = 20;
const MOST = 250;

const LINE = `id name sku quantity currentQuantity unfulfilledQuantity requiresShipping isGiftCard variant { id }
  originalUnitPriceSet { ${MONEY} } discountedTotalSet(withCodeDiscounts: true) { ${MONEY} }
  taxLines { title priceSet { ${MONEY} } } discountAllocations { allocatedAmountSet { ${MONEY} } }
  customAttributes { key value }`;
const REFUND_LINE = `lineItem { id } quantity restockType subtotalSet { ${MONEY} } totalTaxSet { ${MONEY} }`;
const SHIPPING_LINE = `id code title discountedPriceSet { ${MONEY} }`;

const FULFILLMENT_LINE = 'quantity lineItem { id }';
const FULFILLMENT_ORDER = 'id status fulfillAt fulfillmentHolds { id reason reasonNotes }';

const ADDRESS = 'name company address1 address2 city province zip countryCodeV2 phone';

const ORDER = `id name createdAt updatedAt cancelledAt presentmentCurrencyCode displayFinancialStatus
  displayFulfillmentStatus test paymentGatewayNames risk { recommendation } email note taxesIncluded
  tags poNumber customAttributes { key value }
  totalPriceSet { ${BOTH} } currentTotalPriceSet { ${BOTH} } totalReceivedSet { ${MONEY} }
  customer { id displayName }
  purchasingEntity { ... on PurchasingCompany { location { taxSettings { taxRegistrationId } } } }
  localizedFields(first: 10) { nodes { key countryCode title value } }
  shippingAddress { ${ADDRESS} }
  billingAddress { ${ADDRESS} }
  taxLines { title priceSet { ${MONEY} } }
  currentTaxLines { title priceSet { ${MONEY} } }
  transactions { kind status processedAt }
  additionalFees { id name price { ${MONEY} } }
  shippingLines(first: 10) { nodes { ${SHIPPING_LINE} } ${PAGE} }
  lineItems(first: ${INNER}) { nodes { ${LINE} } ${PAGE} }
  refunds {
    id createdAt processedAt note totalRefundedSet { ${MONEY} }
    refundLineItems(first: ${INNER}) { nodes { ${REFUND_LINE} } ${PAGE} }
  }
  fulfillments {
    id status trackingInfo { company number url }
    fulfillmentLineItems(first: ${INNER}) { nodes { ${FULFILLMENT_LINE} } ${PAGE} }
  }
  fulfillmentOrders(first: 10) { nodes { ${FULFILLMENT_ORDER} } ${PAGE} }`;

/** Whose shop it is, and what our app may do there. */
export const SHOP = query(
  3,
  z.object({
    shop: z.object({ id: z.string(), name: z.string(), myshopifyDomain: z.string(), currencyCode: z.string() }),
    currentAppInstallation: z.object({ accessScopes: z.array(z.object({ handle: z.string() })) }),
  }),
  'query Shop { shop { id name myshopifyDomain currencyCode } currentAppInstallation { accessScopes { handle } } }',
);

export const ORDERS = query(
  625,
  // Each order is read by itself, so that one that does not fit stops no other.
  z.object({ orders: connection(z.unknown()) }),
  `query Orders($changed: String!, $after: String) {
    orders(first: 50, after: $after, sortKey: UPDATED_AT, query: $changed) { nodes { ${ORDER} } ${PAGE} }
  }`,
);

export const ORDER_BY_ID = query(
  89,
  z.object({ order: z.unknown() }),
  `query Order($id: ID!) { order(id: $id) { ${ORDER} } }`,
);

export const ORDER_OF_FULFILLMENT_ORDER = query(
  1,
  z.object({ fulfillmentOrder: z.object({ orderId: z.string() }).nullable() }),
  'query OrderOf($id: ID!) { fulfillmentOrder(id: $id) { orderId } }',
);

export const CANCELLATION = query(
  1,
  z.object({ order: z.object({ id: z.string(), cancelledAt: z.string().nullable() }).nullable() }),
  'query Cancellation($id: ID!) { order(id: $id) { id cancelledAt } }',
);

/** Gives no money back, but an authorised payment is voided whatever one says. Source: SDL of 2026-04, read 2026-11-30. */
export const CANCEL = query(
  10,
  z.object({ orderCancel: z.object({ orderCancelUserErrors: UserErrors }) }),
  `mutation Cancel($id: ID!, $reason: OrderCancelReason!, $restock: Boolean!, $notify: Boolean!, $note: String!) {
    orderCancel(
      orderId: $id
      reason: $reason
      restock: $restock
      notifyCustomer: $notify
      staffNote: $note
      refundMethod: { originalPaymentMethodsRefund: false }
    ) { orderCancelUserErrors { field message code } }
  }`,
);

export const MORE_LINES = query(
  58,
  z.object({ order: z.object({ lineItems: connection(z.unknown()) }).nullable() }),
  `query Lines($id: ID!, $after: String) {
    order(id: $id) { lineItems(first: ${MOST}, after: $after) { nodes { ${LINE} } ${PAGE} } }
  }`,
);

export const MORE_SHIPPING_LINES = query(
  14,
  z.object({ order: z.object({ shippingLines: connection(z.unknown()) }).nullable() }),
  `query ShippingLines($id: ID!, $after: String) {
    order(id: $id) { shippingLines(first: ${MOST}, after: $after) { nodes { ${SHIPPING_LINE} } ${PAGE} } }
  }`,
);

export const MORE_REFUND_LINES = query(
  25,
  z.object({ refund: z.object({ refundLineItems: connection(z.unknown()) }).nullable() }),
  `query RefundLines($id: ID!, $after: String) {
    refund(id: $id) { refundLineItems(first: ${MOST}, after: $after) { nodes { ${REFUND_LINE} } ${PAGE} } }
  }`,
);

export const MORE_FULFILLMENT_ORDERS = query(
  25,
  z.object({ order: z.object({ fulfillmentOrders: connection(z.unknown()) }).nullable() }),
  `query FulfillmentOrders($id: ID!, $after: String) {
    order(id: $id) { fulfillmentOrders(first: ${MOST}, after: $after) { nodes { ${FULFILLMENT_ORDER} } ${PAGE} } }
  }`,
);

export const VARIANTS = query(
  66,
  // Each variant is read by itself, so that one that does not fit stops no other.
  z.object({ shop: z.object({ currencyCode: z.string() }), productVariants: connection(z.unknown()) }),
  `query Variants($location: ID!, $after: String) {
    shop { currencyCode }
    productVariants(first: 100, after: $after) {
      nodes {
        id sku barcode title price inventoryPolicy product { id title status }
        inventoryItem {
          id harmonizedSystemCode countryCodeOfOrigin measurement { weight { value unit } }
          inventoryLevel(locationId: $location) { quantities(names: ["available"]) { quantity } }
        }
      }
      ${PAGE}
    }
  }`,
);

export const LOCATIONS = query(
  13,
  z.object({ locations: connection(z.unknown()) }),
  `query Locations($after: String) {
    locations(first: ${MOST}, after: $after, includeInactive: true) { nodes { id name isActive } ${PAGE} }
  }`,
);

export const SET_QUANTITIES = query(
  10,
  z.object({ inventorySetQuantities: z.object({ userErrors: UserErrors }) }),
  `mutation SetQuantities($input: InventorySetQuantitiesInput!, $key: String!) {
    inventorySetQuantities(input: $input) @idempotent(key: $key) { userErrors { field message code } }
  }`,
);

export const LEVELS = query(
  3,
  z.object({ nodes: z.array(InventoryItem.nullable()) }),
  `query Levels($ids: [ID!]!, $location: ID!) {
    nodes(ids: $ids) {
      ... on InventoryItem { id inventoryLevel(locationId: $location) { quantities(names: ["available"]) { quantity } } }
    }
  }`,
);

const OPEN_LINE = 'id remainingQuantity lineItem { id }';

export const FULFILLMENTS = query(
  154,
  z.object({
    order: z.object({ fulfillments: z.array(Fulfillment), fulfillmentOrders: connection(FulfillmentOrder) }).nullable(),
  }),
  `query Packages($id: ID!) {
    order(id: $id) {
      fulfillments {
        id status trackingInfo { number }
        fulfillmentLineItems(first: ${MOST}) { nodes { ${FULFILLMENT_LINE} } ${PAGE} }
      }
      fulfillmentOrders(first: 20) {
        nodes { id status lineItems(first: ${MOST}) { nodes { ${OPEN_LINE} } ${PAGE} } }
        ${PAGE}
      }
    }
  }`,
);

export const MORE_FULFILLMENT_LINES = query(
  25,
  z.object({ fulfillment: z.object({ fulfillmentLineItems: connection(FulfillmentLineItem) }).nullable() }),
  `query PackageLines($id: ID!, $after: String) {
    fulfillment(id: $id) { fulfillmentLineItems(first: ${MOST}, after: $after) { nodes { ${FULFILLMENT_LINE} } ${PAGE} } }
  }`,
);

export const MORE_OPEN_LINES = query(
  25,
  z.object({ fulfillmentOrder: z.object({ lineItems: connection(FulfillmentOrderLineItem) }).nullable() }),
  `query OpenLines($id: ID!, $after: String) {
    fulfillmentOrder(id: $id) { lineItems(first: ${MOST}, after: $after) { nodes { ${OPEN_LINE} } ${PAGE} } }
  }`,
);

export const FULFILL = query(
  10,
  z.object({
    fulfillmentCreate: z.object({ fulfillment: z.object({ id: z.string() }).nullable(), userErrors: UserErrors }),
  }),
  `mutation Fulfill($fulfillment: FulfillmentInput!) {
    fulfillmentCreate(fulfillment: $fulfillment) { fulfillment { id } userErrors { field message } }
  }`,
);

export const TRACKING_OF = query(
  2,
  z.object({ fulfillment: z.object({ trackingInfo: z.array(ShownTracking) }).nullable() }),
  `query TrackingOf($id: ID!) { fulfillment(id: $id) { trackingInfo { company number url } } }`,
);

export const UPDATE_TRACKING = query(
  10,
  z.object({ fulfillmentTrackingInfoUpdate: z.object({ userErrors: UserErrors }) }),
  `mutation UpdateTracking($id: ID!, $tracking: FulfillmentTrackingInput!, $notify: Boolean!) {
    fulfillmentTrackingInfoUpdate(fulfillmentId: $id, trackingInfoInput: $tracking, notifyCustomer: $notify) {
      userErrors { field message }
    }
  }`,
);

export const PAYMENTS = query(
  4,
  z.object({
    order: z
      .object({ refunds: z.array(Refund.pick({ id: true, note: true })), transactions: z.array(Transaction) })
      .nullable(),
  }),
  `query Payments($id: ID!) {
    order(id: $id) {
      refunds { id note }
      transactions { id kind status gateway amountSet { ${MONEY} } parentTransaction { id } }
    }
  }`,
);

export const REFUND = query(
  20,
  z.object({
    refundCreate: z.object({ refund: z.object({ id: z.string() }).nullable(), userErrors: UserErrors }),
  }),
  `mutation Refund($input: RefundInput!, $key: String!) {
    refundCreate(input: $input) @idempotent(key: $key) { refund { id } userErrors { field message } }
  }`,
);

export const SUBSCRIPTIONS = query(
  13,
  z.object({ webhookSubscriptions: connection(WebhookSubscription) }),
  `query Subscriptions($uri: String!) {
    webhookSubscriptions(first: ${MOST}, uri: $uri) { nodes { topic uri } ${PAGE} }
  }`,
);

/** All of our app: their addresses are compared here, for Shopify finds whole addresses alone. */
export const ALL_SUBSCRIPTIONS = query(
  13,
  z.object({ webhookSubscriptions: connection(WebhookSubscription.extend({ id: z.string() })) }),
  `query AllSubscriptions($after: String) {
    webhookSubscriptions(first: ${MOST}, after: $after) { nodes { id topic uri } ${PAGE} }
  }`,
);

export const UNSUBSCRIBE = query(
  10,
  z.object({ webhookSubscriptionDelete: z.object({ userErrors: UserErrors }) }),
  `mutation Unsubscribe($id: ID!) { webhookSubscriptionDelete(id: $id) { userErrors { field message } } }`,
);

export const SUBSCRIBE = query(
  10,
  z.object({ webhookSubscriptionCreate: z.object({ userErrors: UserErrors }) }),
  `mutation Subscribe($topic: WebhookSubscriptionTopic!, $uri: String!) {
    webhookSubscriptionCreate(topic: $topic, webhookSubscription: { uri: $uri, format: JSON }) {
      userErrors { field message }
    }
  }`,
);

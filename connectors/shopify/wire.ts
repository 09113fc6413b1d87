import { z } from 'zod';

/**
 * What Shopify's Admin GraphQL 2026-04 answers, only the fields that we ask for. Every enum stays text: Shopify adds values
 * within a version. Source: the published SDL of Admin 2026-04, read 2026-11-24.
 */

/** A MoneyBag as the decimal text that the buyer saw: Shopify wants refunds in the presentment currency, so we count in it. */
export const Money = z
  .object({ presentmentMoney: z.object({ amount: z.string() }) })
  .transform((bag) => bag.presentmentMoney.amount);

/** The same of a total, which is also given in the currency that the shop counts in. Absent in bodies that version 0.2 has kept. */
const Total = z
  .object({
    presentmentMoney: z.object({ amount: z.string() }),
    shopMoney: z.object({ amount: z.string(), currencyCode: z.string() }).nullish(),
  })
  .transform(({ presentmentMoney, shopMoney }) => ({ amount: presentmentMoney.amount, shop: shopMoney ?? null }));

export const PageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() });

export const connection = <N extends z.ZodType>(node: N) => z.object({ nodes: z.array(node), pageInfo: PageInfo });

export interface Connection<N> {
  nodes: N[];
  pageInfo: z.infer<typeof PageInfo>;
}

const Id = z.object({ id: z.string() });
const TaxLine = z.object({ title: z.string(), priceSet: Money });
const Attribute = z.object({ key: z.string(), value: z.string().nullable() });
export type Attribute = z.infer<typeof Attribute>;

export const LineItem = z.object({
  id: z.string(),
  name: z.string(),
  sku: z.string().nullable(),
  /** Refunded and removed units included. */
  quantity: z.int(),
  /** Without refunded and removed units. */
  currentQuantity: z.int(),
  unfulfilledQuantity: z.int(),
  requiresShipping: z.boolean(),
  isGiftCard: z.boolean(),
  variant: Id.nullable(),
  originalUnitPriceSet: Money,
  discountedTotalSet: Money,
  /** These three are of all units ever ordered, and absent in bodies that version 0.2 has kept. */
  taxLines: z.array(TaxLine).nullish(),
  discountAllocations: z.array(z.object({ allocatedAmountSet: Money })).nullish(),
  customAttributes: z.array(Attribute).nullish(),
});
export type LineItem = z.infer<typeof LineItem>;

export const RefundLineItem = z.object({
  lineItem: Id,
  quantity: z.int(),
  restockType: z.string(),
  subtotalSet: Money,
  totalTaxSet: Money,
});

export const Refund = z.object({
  id: z.string(),
  createdAt: z.string().nullable(),
  processedAt: z.string(),
  note: z.string().nullable(),
  totalRefundedSet: Money,
  refundLineItems: connection(RefundLineItem),
});
export type Refund = z.infer<typeof Refund>;

export const ShippingLine = z.object({
  id: z.string().nullable(),
  code: z.string().nullable(),
  title: z.string(),
  discountedPriceSet: Money,
});

export const MailingAddress = z.object({
  name: z.string().nullable(),
  company: z.string().nullable(),
  address1: z.string().nullable(),
  address2: z.string().nullable(),
  city: z.string().nullable(),
  province: z.string().nullable(),
  zip: z.string().nullable(),
  countryCodeV2: z.string().nullable(),
  phone: z.string().nullable(),
});
export type MailingAddress = z.infer<typeof MailingAddress>;

/** Of the buyer, by the rules of a country: its tax or customs number, or what belongs to one. */
const LocalizedField = z.object({ key: z.string(), countryCode: z.string(), title: z.string(), value: z.string() });
export type LocalizedField = z.infer<typeof LocalizedField>;

/** Who bought: empty for a person, the branch of a company for a company. */
const PurchasingEntity = z.object({
  location: z.object({ taxSettings: z.object({ taxRegistrationId: z.string().nullable() }) }).nullish(),
});

export const FulfillmentLineItem = z.object({ quantity: z.int().nullable(), lineItem: Id });
/** A package that the order shows, whoever sent it. */
const ShownFulfillment = z.object({
  id: z.string(),
  status: z.string(),
  trackingInfo: z.array(
    z.object({ company: z.string().nullable(), number: z.string().nullable(), url: z.string().nullable() }),
  ),
  fulfillmentLineItems: connection(FulfillmentLineItem),
});
/** Whether a part of the order may be sent: a hold ends when somebody ends it, a scheduled part opens by itself. */
const FulfillmentOrderState = z.object({
  id: z.string(),
  status: z.string(),
  fulfillAt: z.string().nullable(),
  fulfillmentHolds: z.array(z.object({ id: z.string(), reason: z.string(), reasonNotes: z.string().nullable() })),
});
export type FulfillmentOrderState = z.infer<typeof FulfillmentOrderState>;

export const Order = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
  cancelledAt: z.string().nullable(),
  presentmentCurrencyCode: z.string(),
  displayFinancialStatus: z.string().nullable(),
  displayFulfillmentStatus: z.string(),
  test: z.boolean(),
  paymentGatewayNames: z.array(z.string()),
  risk: z.object({ recommendation: z.string() }),
  email: z.string().nullable(),
  note: z.string().nullable(),
  taxesIncluded: z.boolean(),
  /** As placed, with what edits have added. */
  totalPriceSet: Total,
  /** After edits, returns and refunds. */
  currentTotalPriceSet: Total,
  /** Before refunds. */
  totalReceivedSet: Money,
  customer: z.object({ id: z.string(), displayName: z.string() }).nullable(),
  shippingAddress: MailingAddress.nullable(),
  billingAddress: MailingAddress.nullable(),
  taxLines: z.array(TaxLine),
  currentTaxLines: z.array(TaxLine),
  transactions: z.array(z.object({ kind: z.string(), status: z.string(), processedAt: z.string().nullable() })),
  additionalFees: z.array(z.object({ id: z.string(), name: z.string(), price: Money })),
  shippingLines: connection(ShippingLine),
  lineItems: connection(LineItem),
  refunds: z.array(Refund),
  /** From here on absent in bodies that version 0.2 has kept. */
  tags: z.array(z.string()).nullish(),
  poNumber: z.string().nullish(),
  customAttributes: z.array(Attribute).nullish(),
  localizedFields: z.object({ nodes: z.array(LocalizedField) }).nullish(),
  purchasingEntity: PurchasingEntity.nullish(),
  fulfillments: z.array(ShownFulfillment).nullish(),
  fulfillmentOrders: connection(FulfillmentOrderState).nullish(),
});
export type Order = z.infer<typeof Order>;

const Unread = connection(z.unknown());
/** Of an order as it was sent: its lists, which may go on behind their first page. What they hold and all else stays as it is. */
export const PagedOrder = z.looseObject({
  id: z.string(),
  lineItems: Unread,
  shippingLines: Unread,
  refunds: z.array(z.looseObject({ id: z.string(), refundLineItems: Unread })),
  fulfillments: z.array(z.looseObject({ id: z.string(), fulfillmentLineItems: Unread })).nullish(),
  fulfillmentOrders: Unread.nullish(),
});
export type PagedOrder = z.infer<typeof PagedOrder>;

export const InventoryItem = z.object({
  id: z.string(),
  inventoryLevel: z.object({ quantities: z.array(z.object({ quantity: z.int() })) }).nullable(),
});
export type InventoryItem = z.infer<typeof InventoryItem>;

/** Text, also where a number or nothing stands for it. */
const Text = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => String(value ?? ''));
/** A fact that is told of a thing: what does not fit is not told. */
const fact = <T extends z.ZodType>(of: T) => of.nullish().catch(null);
export const ListedItem = InventoryItem.extend({
  harmonizedSystemCode: fact(z.string()),
  countryCodeOfOrigin: fact(z.string()),
  measurement: fact(z.object({ weight: z.object({ value: z.number(), unit: z.string() }).nullable() })),
});
export type ListedItem = z.infer<typeof ListedItem>;

export const ProductVariant = z.object({
  id: z.string().min(1),
  sku: Text,
  barcode: fact(Text),
  title: Text,
  price: z
    .union([z.string(), z.number()], 'is no price')
    .transform(String)
    .pipe(z.string().regex(/^\d{1,15}(\.\d{1,10})?$/, 'is no price')),
  product: z.object({ id: z.string().min(1), title: Text, status: Text }),
  inventoryPolicy: fact(z.string()),
  inventoryItem: ListedItem,
});
export type ProductVariant = z.infer<typeof ProductVariant>;

export const UserError = z.object({
  field: z.array(z.string()).nullable(),
  message: z.string(),
  code: z.string().nullable().optional(),
});
export type UserError = z.infer<typeof UserError>;
export const UserErrors = z.array(UserError);

export const ShownTracking = z.object({
  company: z.string().nullable(),
  number: z.string().nullable(),
  url: z.string().nullable(),
});
export const Fulfillment = z.object({
  id: z.string(),
  status: z.string(),
  trackingInfo: z.array(z.object({ number: z.string().nullable() })),
  fulfillmentLineItems: connection(FulfillmentLineItem),
});
export type Fulfillment = z.infer<typeof Fulfillment>;

export const FulfillmentOrderLineItem = z.object({ id: z.string(), remainingQuantity: z.int(), lineItem: Id });
export const FulfillmentOrder = z.object({
  id: z.string(),
  status: z.string(),
  lineItems: connection(FulfillmentOrderLineItem),
});
export type FulfillmentOrder = z.infer<typeof FulfillmentOrder>;

export const Transaction = z.object({
  id: z.string(),
  kind: z.string(),
  status: z.string(),
  gateway: z.string(),
  amountSet: Money,
  parentTransaction: Id.nullable(),
});
export type Transaction = z.infer<typeof Transaction>;

export const Location = z.object({ id: z.string().min(1), name: Text, isActive: z.boolean() });
export type Location = z.infer<typeof Location>;

export const WebhookSubscription = z.object({ topic: z.string(), uri: z.string() });

/** Of a record that may not fit: its id, as far as it can be read. */
export const Peek = z.object({ id: z.string() });

/** The planes beside `data`: top-level errors and the cost block that every answer carries. */
export const Envelope = z.object({
  errors: z
    .array(z.object({ message: z.string(), extensions: z.object({ code: z.string().optional() }).optional() }))
    .optional(),
  extensions: z
    .object({
      cost: z
        .object({
          requestedQueryCost: z.number(),
          throttleStatus: z.object({ currentlyAvailable: z.number(), restoreRate: z.number() }),
        })
        .optional(),
    })
    .optional(),
});

/** Webhook bodies keep the REST shape; of it we need ids alone, for the order is fetched again. */
const RestId = z.union([z.int(), z.string().regex(/^\d+$/)]);
export const OrderWebhook = z.object({ id: RestId });
export const RedactWebhook = z.object({
  customer: z.object({ id: RestId.nullish().transform((id) => id ?? undefined) }).nullish(),
  orders_to_redact: z
    .array(RestId)
    .nullish()
    .transform((ids) => ids ?? []),
});
export const RefundWebhook = z.object({ order_id: RestId });
/** Topics of a fulfillment order carry its GraphQL id, not the order's. Source: the webhook reference of 2026-04, [unverified]. */
const FULFILLMENT_ORDER = 'gid://shopify/FulfillmentOrder/';
export const isFulfillmentOrder = (id: string): boolean => id.startsWith(FULFILLMENT_ORDER);
export const FulfillmentOrderWebhook = z.object({
  fulfillment_order: z.object({
    id: z.union([z.string().startsWith(FULFILLMENT_ORDER), RestId.transform((id) => `${FULFILLMENT_ORDER}${id}`)]),
  }),
});

import { z } from 'zod';

/**
 * What CJ sends, only the fields that we use. Statuses stay text. Shapes: CJ's documentation pages “Authentication”,
 * “Product”, “Shopping”, “Webhook”, read 2026-11-24; no recorded traffic of CJ was to be had.
 */

/** CJ prices in US dollars only. */
export const CURRENCY = 'USD';

/** CJ writes amounts as text, as numbers and as ranges (“8.13-10.00”); the mapper tells them apart. */
export const Amount = z.union([z.string(), z.number()]).nullish();
export type Amount = z.infer<typeof Amount>;

/** An id as text or number; a number past 2^53 has lost digits on the way and is no id any more. */
const Id = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((id) => (typeof id === 'number' ? (Number.isSafeInteger(id) ? String(id) : null) : (id ?? null)));

/** Every answer. `pointsInfo` is [unverified]: it is described, but no sample shows where it stands. */
export const Envelope = z.object({
  code: z.number(),
  message: z.string().nullish(),
  pointsInfo: z.object({ remaining: z.number() }).nullish().catch(null),
});

const answer = <T extends z.ZodType>(data: T) => z.object({ data });

export const Token = answer(z.object({ accessToken: z.string().min(1), accessTokenExpiryDate: z.string() }));

/** The account's number is read from the text: see `checkConnection`. */
export const Account = answer(z.object({ openName: z.string().nullish(), openEmail: z.string().nullish() }));

export const ProductPage = answer(
  z.object({
    totalPages: z.number(),
    content: z.array(z.object({ productList: z.array(z.object({ id: z.string() })).nullish() })).nullish(),
  }),
);

export const Product = answer(
  z.object({
    productNameEn: z.string().nullish(),
    variants: z
      .array(
        z.object({
          vid: z.string().min(1),
          variantNameEn: z.string().nullish(),
          variantSellPrice: Amount,
          /** Grams and millimetres. */
          variantWeight: Amount,
          variantLength: Amount,
          variantWidth: Amount,
          variantHeight: Amount,
        }),
      )
      .nullish(),
  }),
);
export type Variant = NonNullable<z.infer<typeof Product>['data']['variants']>[number];

const Warehouse = z.object({
  countryCode: z.string(),
  cjInventory: z.number().nullish(),
  /** 1 counted by CJ; 2 is what a factory says that it could make. */
  verifiedWarehouse: z.number().nullish(),
});
export type Warehouse = z.infer<typeof Warehouse>;
export const Stock = answer(
  z.object({
    variantInventories: z.array(z.object({ vid: z.string(), inventory: z.array(Warehouse).nullish() })).nullish(),
  }),
);

/** An order as created, listed or in detail: our number is `orderNumber` in one and `orderNum` in the others. */
export const Order = z.object({
  orderId: z.union([z.string().min(1), z.int()]).transform(String),
  orderNumber: z.string().nullish(),
  orderNum: z.string().nullish(),
  orderStatus: z.string(),
  orderAmount: Amount,
  logisticName: z.string().nullish(),
  trackNumber: z.string().nullish(),
  trackingUrl: z.string().nullish(),
});
export type Order = z.infer<typeof Order>;
export const OneOrder = answer(Order);
export const OrderOrNone = answer(Order.nullable());

export const Message = z.object({
  messageId: z.string().min(1),
  type: z.string().min(1),
  params: z.object({
    orderNumber: z.string().nullish(),
    orderNum: z.string().nullish(),
    cjOrderId: Id,
    orderId: Id,
    orderStatus: z.string().nullish(),
  }),
});
export type Message = z.infer<typeof Message>;

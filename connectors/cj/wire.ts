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

/** An id as text or number; one of many digits comes as their text (`parseExact`). A number that has lost digits is no id. */
const Id = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((id) => (typeof id === 'number' ? (Number.isSafeInteger(id) ? String(id) : null) : (id ?? null)));
/** A word that some editions of the documentation show as a number. */
const Word = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((word) => (word === null || word === undefined ? null : String(word)));

/** Every answer. `pointsInfo` is [unverified]: it is described, but no sample shows where it stands. */
export const Envelope = z.object({
  code: z.number(),
  message: z.string().nullish(),
  pointsInfo: z.object({ remaining: z.number() }).nullish().catch(null),
});

const answer = <T extends z.ZodType>(data: T) => z.object({ data });

export const Token = answer(z.object({ accessToken: z.string().min(1), accessTokenExpiryDate: z.string() }));

/** The number of the account may have 20 digits. Source: CJ, “Setting”, read 2026-12-01. */
export const Account = answer(
  z.object({ openId: Id, openName: z.string().nullish(), openEmail: z.string().nullish() }),
);

/** An id that has to be there. */
const NeededId = Id.pipe(z.string({ error: 'is no id' }).min(1, 'is no id'));
/** A number, also as its text; a word is none. */
const Count = z
  .union(
    [
      z.number(),
      z
        .string()
        .regex(/^-?\d{1,15}(\.\d{1,10})?$/)
        .transform(Number),
    ],
    'is no number',
  )
  .nullish();
/** A price, a range of prices or nothing; a word is none. */
const Price = z
  .union(
    [z.number().nonnegative(), z.string().regex(/^(\d{1,15}(\.\d{1,10})?(\s*-+\s*\d{1,15}(\.\d{1,10})?)?)?$/)],
    'is no price',
  )
  .nullish();
/** A fact of a thing: what does not fit is not told. */
const Fact = Amount.catch(null);

export const ProductPage = answer(
  z.object({
    totalPages: Count.pipe(z.int({ error: 'is no number of pages' })),
    content: z.array(z.object({ productList: z.array(z.unknown()).nullish() })).nullish(),
  }),
);
export const ListedProduct = z.object({ id: NeededId });

/** Each of the variants is read by itself, as `Variant`. */
export const Product = answer(
  z.object({ productNameEn: z.string().nullish().catch(null), variants: z.array(z.unknown()).nullish() }),
);

const Warehouse = z.object({
  countryCode: z.string(),
  cjInventory: Count,
  /** 1 counted by CJ; 2 is what a factory says that it could make. */
  verifiedWarehouse: Count,
});
export type Warehouse = z.infer<typeof Warehouse>;
/** Where a product lies, a row for each variant. */
export const Stock = answer(z.object({ variantInventories: z.array(z.unknown()).nullish() }));
export const StockRow = z.object({ vid: NeededId, inventory: z.unknown().optional() });

/** A variant with its row of the stock. */
export const Variant = z.object({
  vid: NeededId,
  variantNameEn: z.string().nullish().catch(null),
  variantSellPrice: Price,
  /** Grams and millimetres. */
  variantWeight: Fact,
  variantLength: Fact,
  variantWidth: Fact,
  variantHeight: Fact,
  inventory: z.array(Warehouse, 'is no list').nullish(),
});
export type Variant = z.infer<typeof Variant>;

/** An order as created, listed or in detail: our number is `orderNumber` in one and `orderNum` in the others. */
export const Order = z.object({
  orderId: NeededId,
  orderNumber: z.string().nullish(),
  orderNum: z.string().nullish(),
  orderStatus: z.string(),
  productList: z
    .array(z.object({ vid: NeededId, quantity: Count }))
    .nullish()
    .catch(null),
  orderAmount: Amount,
  logisticName: z.string().nullish(),
  trackNumber: z.string().nullish(),
  trackingUrl: z.string().nullish(),
});
export type Order = z.infer<typeof Order>;
/** A create may be answered without CJ's id of the order. Source: CJ, “Shopping”, 1.1, read 2026-12-01. */
export const CreatedOrder = answer(Order.extend({ orderId: Id }));
export type CreatedOrder = z.infer<typeof CreatedOrder>['data'];
export const OrderOrNone = answer(Order.nullable());

/** What can be paid with: bonus and frozen amounts stand beside it. Source: CJ, “Shopping”, 2.1, read 2026-12-01. */
export const Balance = answer(
  z.object({
    amount: z
      .union([z.string(), z.number()])
      .transform(String)
      .pipe(z.string().regex(/^-?\d{1,15}(\.\d{1,10})?$/, 'is no amount')),
  }),
);

/** Source: CJ, “Webhook Mechanism”, read 2026-12-01. What the other types carry is not read. */
export const Message = z.object({
  messageId: z.string().min(1),
  type: z.string().min(1),
  messageType: z.string().nullish().catch(null),
  params: z.object({
    orderNumber: z.string().nullish(),
    orderNum: z.string().nullish(),
    cjOrderId: Id,
    orderId: Id,
    orderStatus: Word,
    originalOrderId: Id,
    splitOrderList: z.array(z.object({ orderCode: NeededId })).nullish(),
  }),
});
export type Message = z.infer<typeof Message>;

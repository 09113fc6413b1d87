import { z } from 'zod';

/*
 * What a body may bring, and the fields that WooCommerce documents and this sandbox lacks.
 * Source: woocommerce-rest-api-docs, wp-api-v3 at 13d61967911c, the tables of properties. Read 2026-12-01.
 */

/** A text or a number, as PHP takes either for the other. */
const Words = z.union([z.string(), z.number()]).transform(String);
const Amount = Words.pipe(z.string().regex(/^-?\d+(\.\d+)?$/, 'is no amount'));
export const Metas = z.array(z.object({ key: z.string(), value: z.unknown() }));
const Party = z.record(z.string(), Words);
const OrderFields = {
  status: z.string().optional(),
  currency: z.string().length(3).optional(),
  customer_id: z.int().optional(),
  customer_note: z.string().optional(),
  billing: Party.default({}),
  shipping: Party.default({}),
  payment_method: z.string().optional(),
  payment_method_title: z.string().optional(),
  transaction_id: z.string().optional(),
  set_paid: z.boolean().default(false),
  meta_data: Metas.default([]),
};
export const OrderChange = z.object(OrderFields);
const NewCharge = { total: Amount.default('0'), meta_data: Metas.default([]) };
export const NewOrder = z.object({
  ...OrderFields,
  line_items: z
    .array(
      z.object({
        name: z.string().optional(),
        sku: z.string().optional(),
        product_id: z.int().default(0),
        variation_id: z.int().default(0),
        quantity: z.number().default(1),
        subtotal: Amount.optional(),
        total: Amount.optional(),
        meta_data: Metas.default([]),
      }),
    )
    .default([]),
  shipping_lines: z
    .array(z.object({ ...NewCharge, method_id: z.string().default(''), method_title: z.string().default('') }))
    .default([]),
  fee_lines: z.array(z.object({ ...NewCharge, name: z.string().default('') })).default([]),
});
export const ProductChange = z.object({
  name: z.string().optional(),
  sku: z.string().optional(),
  status: z.string().optional(),
  regular_price: Words.optional(),
  sale_price: Words.optional(),
  manage_stock: z.boolean().optional(),
  stock_quantity: z.number().nullish(),
  stock_status: z.enum(['instock', 'outofstock', 'onbackorder']).optional(),
  backorders: z.enum(['no', 'notify', 'yes']).optional(),
  weight: Words.optional(),
  dimensions: z.object({ length: Words, width: Words, height: Words }).partial().optional(),
  global_unique_id: z.string().optional(),
  meta_data: Metas.default([]),
});

/** Fields that a body may bring: true where this sandbox takes them or, as read-only ones, leaves them, as the shop does. */
const fields = (taken: readonly string[], ignored: readonly string[], missing: readonly string[]) =>
  Object.fromEntries([
    ...[...taken, ...ignored].map((name) => [name, true] as const),
    ...missing.map((name) => [name, false] as const),
  ]);
const names = (text: string): string[] => text.trim().split(/\s+/);
const READ_ONLY = 'id date_created date_created_gmt date_modified date_modified_gmt _links permalink';
const ORDER_READ_ONLY = names(`${READ_ONLY}
  number order_key created_via version discount_total discount_tax shipping_total shipping_tax cart_tax total total_tax
  prices_include_tax customer_ip_address customer_user_agent date_paid date_paid_gmt date_completed date_completed_gmt
  cart_hash tax_lines refunds`);
export const ORDER_BODY = fields(
  Object.keys(OrderFields),
  ORDER_READ_ONLY,
  names('parent_id line_items shipping_lines fee_lines coupon_lines'),
);
export const NEW_ORDER_BODY = fields(Object.keys(NewOrder.shape), ORDER_READ_ONLY, names('parent_id coupon_lines'));
export const PRODUCT_BODY = fields(
  Object.keys(ProductChange.shape),
  names(`${READ_ONLY}
    price price_html on_sale purchasable total_sales backorders_allowed backordered shipping_required shipping_taxable
    shipping_class_id average_rating rating_count related_ids variations`),
  names(`
    slug type featured catalog_visibility description short_description date_on_sale_from date_on_sale_from_gmt date_on_sale_to
    date_on_sale_to_gmt virtual downloadable downloads download_limit download_expiry external_url button_text tax_status tax_class
    image sold_individually shipping_class reviews_allowed upsell_ids cross_sell_ids parent_id purchase_note categories tags images
    attributes default_attributes grouped_products menu_order`),
);
export const REFUND_BODY = fields(
  names('amount reason api_refund api_restock meta_data line_items refunded_by'),
  names(`${READ_ONLY} refunded_payment`),
  [],
);
export const NOTE_BODY = fields(names('note customer_note'), names(`${READ_ONLY} author`), ['added_by_user']);
export const HOOK_BODY = fields(
  names('name status topic delivery_url secret'),
  names(`${READ_ONLY} resource event hooks`),
  [],
);
export const BATCH_BODY = fields(['update'], [], names('create delete'));

export const NewRefund = z.object({
  amount: z.string().optional(),
  reason: z.string().default(''),
  api_refund: z.boolean().default(true),
  api_restock: z.boolean().default(true),
  meta_data: z.array(z.object({ key: z.string(), value: z.unknown() })).default([]),
  line_items: z
    .array(z.object({ id: z.coerce.number(), quantity: z.number().default(0), refund_total: z.coerce.string() }))
    .default([]),
});
export const NewNote = z.object({ note: z.string().min(1), customer_note: z.boolean().default(false) });
export const HookChange = z.object({
  name: z.string().optional(),
  status: z.enum(['active', 'paused', 'disabled']).optional(),
  topic: z.string().optional(),
  delivery_url: z.string().optional(),
  secret: z.string().optional(),
});
export const Batch = z.object({ update: z.array(ProductChange.extend({ id: z.number() })).default([]) });

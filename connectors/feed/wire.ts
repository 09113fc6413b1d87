import { z } from 'zod';

/** The supplier's file of an order is written in these columns, always UTF-8 with commas and decimal points. */
export const ORDER_COLUMNS = [
  'reference',
  'line',
  'sku',
  'quantity',
  'unit_cost',
  'currency',
  'ship_to_name',
  'ship_to_company',
  'ship_to_line1',
  'ship_to_line2',
  'ship_to_city',
  'ship_to_region',
  'ship_to_postal_code',
  'ship_to_country',
  'ship_to_phone',
  'ship_to_email',
  'neutral_packing',
  'note',
];

const quantity = z
  .string()
  .regex(/^[1-9]\d{0,8}$/, 'is not a whole number above zero')
  .transform(Number);

/** What we need again of an order that we wrote. */
export const OrderRow = z.object({
  reference: z.string(),
  line: z.string(),
  sku: z.string().min(1, 'is empty'),
  quantity,
  unit_cost: z.string(),
  currency: z.string(),
});
export type OrderRow = z.infer<typeof OrderRow>;

const instant = z.union([z.literal(''), z.iso.date(), z.iso.datetime({ offset: true })], {
  error: 'is not a date such as 2026-01-31 or 2026-01-31T09:30:00Z',
});

/** One row of `answers/<reference>.csv`. The file always states the whole of the order as it is now. */
export const AnswerRow = z.object({
  reference: z.string(),
  sku: z.string().min(1, 'is empty'),
  /** accepted, rejected, shipped; any other word is kept and reported. */
  status: z.string().min(1, 'is empty'),
  quantity,
  carrier: z.string(),
  tracking_number: z.string(),
  shipped_at: instant,
  reason: z.string(),
});
export type AnswerRow = z.infer<typeof AnswerRow>;

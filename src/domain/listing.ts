import { z } from 'zod';
import { Currency, DecimalText } from './money.ts';
import { ReadFacts } from './variant.ts';

/** One sellable variant as a storefront lists it. */
export const ListingRead = z.object({
  externalVariantId: z.string().min(1),
  externalProductId: z.string(),
  /** Where the storefront counts stock apart from the variant (Shopify's inventory item), else the variant's id. */
  externalInventoryId: z.string(),
  sku: z.string(),
  title: z.string(),
  price: DecimalText.nullable(),
  currency: Currency.nullable(),
  quantity: z.int().nullable(),
  status: z.enum(['active', 'inactive', 'unknown']),
  rawStatus: z.string(),
  /** Buyers may order it when there is none left; absent where the connector does not read it. */
  sellsWithoutStock: z.boolean().exactOptional(),
  /** Physical and customs facts, where the connector reads them. */
  facts: ReadFacts.optional(),
});
export type ListingRead = z.infer<typeof ListingRead>;

/** A place whose stock a storefront counts apart. */
export const LocationRead = z.object({ externalId: z.string().min(1), name: z.string(), active: z.boolean() });
export type LocationRead = z.infer<typeof LocationRead>;

/** The number a listing shall show. */
export const LevelChange = z.object({
  externalVariantId: z.string().min(1),
  externalProductId: z.string(),
  externalInventoryId: z.string().min(1),
  sku: z.string(),
  quantity: z.int().nonnegative(),
  /** What we last saw or wrote there; null when unknown. A vendor with compare-and-set is given it. */
  from: z.int().nullable(),
});
export type LevelChange = z.infer<typeof LevelChange>;

/** `shown` is what is there instead, of a `conflict` with the number that we took for the one shown. */
export const FailedItem = z.object({
  id: z.string(),
  code: z.string(),
  message: z.string(),
  shown: z.int().nullable().optional(),
});

/** What came of a batch: every item is in exactly one list, so that processed + failed + skipped = selected. */
export const PushReport = z.object({
  processed: z.array(z.string()),
  failed: z.array(FailedItem),
  skipped: z.array(z.string()),
});
export type PushReport = z.infer<typeof PushReport>;

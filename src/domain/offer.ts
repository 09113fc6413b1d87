import { z } from 'zod';
import { Currency, DecimalText, Minor } from './money.ts';

export const MODE_NAMES = ['wholesale', 'self_produced', 'agent_operated', 'oem_dropship'] as const;
export const ModeName = z.enum(MODE_NAMES);
export type ModeName = z.infer<typeof ModeName>;

/** The terms under which a SKU may be sold. Copied onto each order line when it is mapped. */
export const Offer = z.object({
  sku: z.string().min(1).max(64),
  mode: ModeName,
  title: z.string().default(''),
  /** Who stands behind it: a supplier's connection id, or the name of a factory or principal. */
  partner: z.string().min(1),
  /** Whose shelf it is counted on: the code of a location, or `supplier:` and the supplier's connection. */
  location: z.string().min(1),
  /** The partner's own id of it. */
  externalSku: z.string().default(''),
  unitCost: DecimalText,
  currency: Currency,
  leadTimeDays: z.int().nonnegative().default(7),
  /** Our share of the sale where we act for a principal. */
  commissionBps: z.int().min(0).max(10_000).default(0),
  /** Order more when what is free and on its way falls below this. */
  reorderPoint: z.int().nonnegative().default(0),
  /** … and fill up to this. */
  orderUpTo: z.int().nonnegative().default(0),
});
export type Offer = z.infer<typeof Offer>;

/** What the merchant decided once for the whole workspace. Above a limit somebody is asked. */
export const Terms = z.object({
  currency: Currency,
  /** One buyer's wholesale lines of one order. */
  creditLimitMinor: Minor,
  /** What the agency may accept for a principal without asking. */
  mandateLimitMinor: Minor,
  /** The least margin of a drop-shipped leg, in basis points of its price. */
  marginFloorBps: z.int(),
  /** Units held back from what is published. */
  safetyStock: z.int().nonnegative(),
});
export type Terms = z.infer<typeof Terms>;

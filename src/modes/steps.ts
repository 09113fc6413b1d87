import type { LegKind } from '#domain/leg.ts';
import { extend } from '#domain/money.ts';
import type { ModeName, Offer } from '#domain/offer.ts';
import { available, position, type StockLevel } from '#domain/stock.ts';
import type { OfferedLine, PlannedLeg, Refill } from './mode.ts';

/** One leg for each partner, shelf and currency of the cost, the lines in the order in which they stand. */
export const legsByPartner = (mode: ModeName, kind: LegKind, lines: readonly OfferedLine[]): PlannedLeg[] => {
  const groups = new Map<string, { partner: string; location: string; lineIds: string[] }>();
  for (const { id, offer } of lines) {
    // One purchase is in one currency.
    const key = JSON.stringify([offer.partner, offer.location, offer.currency]);
    const group = groups.get(key) ?? { partner: offer.partner, location: offer.location, lineIds: [] };
    group.lineIds.push(id);
    groups.set(key, group);
  }
  return [...groups.values()].map((group) => ({ kind, mode, ...group }));
};

export const sellableFromShelf = (level: StockLevel, safetyStock: number): number =>
  Math.max(0, available(level) - safetyStock);

/**
 * Fills up to `orderUpTo` below the reorder point. Units that are waited for are covered always, also where no reorder point was
 * set.
 */
export const refillByReorderPoint = (kind: Refill['kind'], { reorderPoint, orderUpTo }: Offer): Refill => ({
  kind,
  below: Math.max(0, Math.min(reorderPoint, orderUpTo)),
  upTo: orderUpTo,
});

/** How many to order for a shelf by its rule: none while its position is not below what the rule says. */
export const unitsToOrder = (level: StockLevel, { below, upTo }: Refill): number =>
  position(level) < below ? upTo - position(level) : 0;

export const lineCost = (offer: Offer, quantity: number): number => extend(offer.unitCost, quantity, offer.currency);

export const totalOf = (lines: readonly { totalMinor: number }[]): number =>
  lines.reduce((sum, line) => sum + line.totalMinor, 0);

import type { LegKind } from '#domain/leg.ts';
import { extend } from '#domain/money.ts';
import type { ModeName, Offer } from '#domain/offer.ts';
import { available, type StockLevel, waitingUnits } from '#domain/stock.ts';
import type { OfferedLine, PlannedLeg, Refill } from './mode.ts';

/** One leg for each partner and shelf, the lines in the order in which they stand. */
export const legsByPartner = (mode: ModeName, kind: LegKind, lines: readonly OfferedLine[]): PlannedLeg[] => {
  const groups = new Map<string, { partner: string; location: string; lineIds: string[] }>();
  for (const { id, offer } of lines) {
    const key = JSON.stringify([offer.partner, offer.location]);
    const group = groups.get(key) ?? { partner: offer.partner, location: offer.location, lineIds: [] };
    group.lineIds.push(id);
    groups.set(key, group);
  }
  return [...groups.values()].map((group) => ({ kind, mode, ...group }));
};

export const sellableFromShelf = (level: StockLevel, safetyStock: number): number =>
  Math.max(0, available(level) - safetyStock);

/**
 * Fills up to `orderUpTo` when what is free and on its way, less what is waited for, falls below the reorder point. Waited-for
 * units are always covered, also where no reorder point was set.
 */
export const refillByReorderPoint = (kind: Refill['kind'], level: StockLevel, offer: Offer): Refill | null => {
  const position = level.onHand - level.reserved - waitingUnits(level) + level.onOrder;
  if (position >= Math.min(offer.reorderPoint, offer.orderUpTo) && position >= 0) return null;
  return { kind, quantity: Math.max(offer.orderUpTo, 0) - position };
};

export const lineCost = (offer: Offer, quantity: number): number => extend(offer.unitCost, quantity, offer.currency);

export const totalOf = (lines: readonly { totalMinor: number }[]): number =>
  lines.reduce((sum, line) => sum + line.totalMinor, 0);

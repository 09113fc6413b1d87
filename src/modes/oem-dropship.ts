import { extend } from '#domain/money.ts';
import type { BusinessMode } from './mode.ts';
import { legsByPartner, lineCost, sellableFromShelf, totalOf } from './steps.ts';

/** A factory makes and ships under our brand: each order becomes a purchase order to its supplier, shipped to the buyer. */
export const oemDropship: BusinessMode = {
  name: 'oem_dropship',
  title: 'OEM & drop shipping',
  stockOwner: 'supplier',
  sellerOfRecord: 'us',
  shelf: null,
  sellable: (level, terms) => sellableFromShelf(level, terms.safetyStock),
  plan: (lines) => ({ legs: legsByPartner('oem_dropship', 'purchase', lines), short: [] }),
  approvals({ lines, currency, costCurrency }, terms, convert) {
    const price = totalOf(lines);
    const cost = convert(
      lines.reduce((sum, line) => sum + extend(line.unitCost, line.quantity, costCurrency), 0),
      costCurrency,
      currency,
    );
    const marginBps =
      price === 0 ? (cost === 0 ? 10_000 : -10_000) : Math.floor(((price - cost) * 10_000) / Math.abs(price));
    return marginBps < terms.marginFloorBps
      ? [
          {
            kind: 'margin_floor',
            party: 'us',
            amount: marginBps,
            limit: terms.marginFloorBps,
            reason: 'The margin is below the floor',
          },
        ]
      : [];
  },
  settle: (line, offer) => [
    { kind: 'sale', from: 'buyer', to: 'us', minor: line.totalMinor },
    { kind: 'cost', from: 'us', to: 'supplier', minor: lineCost(offer, line.shipped) },
  ],
  refund: (minor) => [{ kind: 'refund', from: 'us', to: 'buyer', minor }],
  returnsTo: () => 'supplier',
  buys: () => true,
  refill: () => null,
};

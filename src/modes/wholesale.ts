import type { BusinessMode } from './mode.ts';
import { legsByPartner, lineCost, refillByReorderPoint, sellableFromShelf, totalOf } from './steps.ts';

/** We buy in bulk, hold the stock and sell it online. */
export const wholesale: BusinessMode = {
  name: 'wholesale',
  title: 'Wholesale & retail',
  stockOwner: 'us',
  sellerOfRecord: 'us',
  shelf: { wait: true },
  sellable: (level, terms) => sellableFromShelf(level, terms.safetyStock),
  plan: (lines, supply) => ({
    legs: legsByPartner('wholesale', 'fulfilment', lines),
    short: lines.filter((line) => !supply.held(line.id)).map((line) => line.id),
  }),
  approvals({ lines, currency }, terms, convert) {
    const amount = convert(totalOf(lines), currency, terms.currency);
    return amount > terms.creditLimitMinor
      ? [
          {
            kind: 'credit_limit',
            party: 'us',
            amount,
            limit: terms.creditLimitMinor,
            reason: 'The buyer’s order is above the credit limit',
          },
        ]
      : [];
  },
  settle: (line, offer) => [
    { kind: 'sale', from: 'buyer', to: 'us', minor: line.totalMinor },
    { kind: 'cost', from: 'us', to: 'supplier', minor: lineCost(offer, line.shipped) },
  ],
  refund: (minor) => [{ kind: 'refund', from: 'us', to: 'buyer', minor }],
  returnsTo: () => 'us',
  buys: (offer) => offer.orderUpTo > 0,
  refill: (offer) => refillByReorderPoint('purchase', offer),
};

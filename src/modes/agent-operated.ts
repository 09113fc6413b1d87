import { share } from '#domain/money.ts';
import type { BusinessMode } from './mode.ts';
import { legsByPartner, sellableFromShelf, totalOf } from './steps.ts';

/** An agency runs the principal's store: the principal owns the goods and the sale, we earn a commission. */
export const agentOperated: BusinessMode = {
  name: 'agent_operated',
  title: 'Agent operation',
  stockOwner: 'principal',
  sellerOfRecord: 'principal',
  shelf: { wait: true },
  sellable: (level, terms) => sellableFromShelf(level, terms.safetyStock),
  plan: (lines, supply) => ({
    legs: legsByPartner('agent_operated', 'fulfilment', lines),
    short: lines.filter((line) => !supply.held(line.id)).map((line) => line.id),
  }),
  approvals({ lines, currency }, terms, convert) {
    const amount = convert(totalOf(lines), currency, terms.currency);
    return amount > terms.mandateLimitMinor
      ? [
          {
            kind: 'mandate',
            party: 'principal',
            amount,
            limit: terms.mandateLimitMinor,
            reason: 'The order is above what the mandate lets us accept alone',
          },
        ]
      : [];
  },
  settle: (line, offer) => [
    { kind: 'sale', from: 'buyer', to: 'principal', minor: line.totalMinor },
    { kind: 'commission', from: 'principal', to: 'us', minor: share(line.totalMinor, offer.commissionBps) },
  ],
  refund: (minor, offer) => [
    { kind: 'refund', from: 'principal', to: 'buyer', minor },
    // What was earned on the sale is given back with it.
    { kind: 'commission', from: 'us', to: 'principal', minor: share(minor, offer.commissionBps) },
  ],
  returnsTo: () => 'principal',
  buys: () => false,
  // The principal fills its own shelf; it is told what is short, through its work list.
  refill: () => null,
};

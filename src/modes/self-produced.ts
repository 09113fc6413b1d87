import type { BusinessMode } from './mode.ts';
import { legsByPartner, lineCost, refillByReorderPoint, sellableFromShelf } from './steps.ts';

/** A brand makes what it sells: from the shelf while there is some, else made to order. */
export const selfProduced: BusinessMode = {
  name: 'self_produced',
  title: 'Self-produced & self-sold',
  stockOwner: 'us',
  sellerOfRecord: 'us',
  shelf: { wait: false },
  sellable: (level, terms) => sellableFromShelf(level, terms.safetyStock),
  plan(lines, supply) {
    const held = lines.filter((line) => supply.held(line.id));
    const toMake = lines.filter((line) => !supply.held(line.id));
    return {
      legs: [...legsByPartner('self_produced', 'fulfilment', held), ...legsByPartner('self_produced', 'work', toMake)],
      short: toMake.map((line) => line.id),
    };
  },
  // A lot is released by inspection before its units count; that gate stands at the lot, not at the order.
  approvals: () => [],
  settle: (line, offer) => [
    { kind: 'sale', from: 'buyer', to: 'us', minor: line.totalMinor },
    { kind: 'cost', from: 'us', to: 'factory', minor: lineCost(offer, line.shipped) },
  ],
  refund: (minor) => [{ kind: 'refund', from: 'us', to: 'buyer', minor }],
  returnsTo: () => 'us',
  buys: () => false,
  refill: (offer) => refillByReorderPoint('work', offer),
};

export type PartyName = 'buyer' | 'us' | 'supplier' | 'principal' | 'factory';

/** One line of who owes whom. `sale` postings of a line sum to what the buyer pays for it. */
export interface Posting {
  _id: string;
  workspaceId: string;
  orderId: string;
  lineId: string;
  kind: 'sale' | 'refund' | 'cost' | 'commission' | 'charge';
  from: PartyName;
  to: PartyName;
  partner: string;
  minor: number;
  currency: string;
  atMs: number;
}

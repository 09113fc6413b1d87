import type { ApprovalKind } from '#domain/approval.ts';
import type { Leg, LegKind, LegLine } from '#domain/leg.ts';
import type { ModeName, Offer, Terms } from '#domain/offer.ts';
import type { PartyName, Posting } from '#domain/posting.ts';
import type { StockLevel } from '#domain/stock.ts';

/** An order line with the offer it is sold under. */
export interface OfferedLine {
  id: string;
  externalId: string;
  title: string;
  quantity: number;
  totalMinor: number;
  offer: Offer;
}

/** What the shelves said about the lines when they were asked to hold them. */
export interface Supply {
  /** True when the line's units are held on our own or the principal's shelf. */
  held(lineId: string): boolean;
}

/** A leg to be: everything but its ids and counts. */
export interface PlannedLeg {
  kind: LegKind;
  mode: ModeName;
  partner: string;
  location: string;
  lineIds: readonly string[];
}

/** Who does what. Every line is in exactly one leg; `short` names the lines whose leg waits for goods. */
export interface Plan {
  legs: readonly PlannedLeg[];
  short: readonly string[];
}

export interface Approval {
  kind: ApprovalKind;
  /** Who decides. */
  party: PartyName;
  amount: number;
  limit: number;
  reason: string;
}

/** How a shelf is filled again: when its position falls below `below`, as many are ordered as bring it to `upTo`. */
export interface Refill {
  kind: 'purchase' | 'work';
  below: number;
  upTo: number;
}

export type Postings = readonly Pick<Posting, 'kind' | 'from' | 'to' | 'minor'>[];

/** One way of doing business, as facts and pure answers; the rest of the code never asks which mode it is. */
export interface BusinessMode {
  readonly name: ModeName;
  readonly title: string;
  readonly stockOwner: PartyName;
  readonly sellerOfRecord: PartyName;
  /** Units are counted and held in our ledger before a leg is planned; `wait` when a short line waits for the shelf to fill. */
  readonly shelf: { readonly wait: boolean } | null;
  /** What may be promised of a level, never below zero. */
  sellable(level: StockLevel, terms: Terms): number;
  plan(lines: readonly OfferedLine[], supply: Supply): Plan;
  /**
   * What somebody must say yes to before the leg goes on. Empty: nobody. Amounts in another currency are compared through `convert`,
   * which throws `no_row` where no rate is on file.
   */
  approvals(
    leg: { lines: readonly LegLine[]; currency: string; costCurrency: string },
    terms: Terms,
    convert: (minor: number, from: string, to: string) => number,
  ): readonly Approval[];
  /** Who owes whom for a line whose units have left, been cancelled or come back; `sale` postings sum to the line. */
  settle(line: LegLine, offer: Offer): Postings;
  /** Who owes whom when money went back to the buyer. */
  refund(minor: number, offer: Offer): Postings;
  returnsTo(): PartyName;
  /** Whether we send purchase orders to the offer's partner, who then has to be a connected supplier. */
  buys(offer: Offer): boolean;
  /** The rule by which its shelf is filled again; null where we do not fill it. */
  refill(offer: Offer): Refill | null;
}

export type { Leg };

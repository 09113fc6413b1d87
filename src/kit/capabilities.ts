import type { ConnectionRole } from '#domain/connection.ts';
import type { IncomingOrder } from '#domain/incoming-order.ts';
import type { LevelChange, ListingRead, LocationRead, PushReport } from '#domain/listing.ts';
import type { PurchaseReport, PurchaseRequest, SupplyLevel } from '#domain/purchase.ts';
import type { Confirmation, Label, LabelRequest, Rate, TrackingReport, TrackingUpdate } from '#domain/shipment.ts';

/** A record of the vendor that could not be read. */
export interface RejectedItem {
  /** The vendor's id of it, by which it is known when it can be read; null where even that cannot be read. */
  id: string | null;
  /** Where the value stands that does not fit, such as `line_items.0.quantity`, or `row 12 quantity` in a file. */
  field: string;
  reason: string;
  /** The value of the field as the vendor sent it, shortened; personal values are left out. */
  raw: string;
}

/** One page of a walk. `next` null ends it; the caller saves `next` only after the items are stored. */
export interface Page<T> {
  items: readonly T[];
  next: string | null;
  /** What stands on this page, could not be read and so is not among the items. The walk goes on behind it. */
  rejected?: readonly RejectedItem[];
}

/** An order as it was read, and the vendor's body from which it was read, as plain JSON: `orders.read` makes the same order of it. */
export interface OrderRead {
  order: IncomingOrder;
  body: unknown;
}

export const CANCEL_REASONS = ['customer', 'fraud', 'inventory', 'declined', 'other'] as const;
export type CancelReason = (typeof CANCEL_REASONS)[number];

/** A right that the credentials lack, in the vendor's own word for it. */
export interface MissingRight {
  right: string;
  /** What will not work without it. */
  why: string;
  /** The connection cannot do its work without it: it does not go live. */
  needed: boolean;
}

/** Whose account it is, and what may be done with it. */
export interface AccountCheck {
  /** For a person's eyes. */
  account: string;
  /**
   * The account as the vendor knows it, the same for ever and under whichever credentials: two connections with one identity are
   * one account. Where the manifest knows an identity too, it is the same.
   */
  identity: string;
  missing: readonly MissingRight[];
  /** Where the vendor tells. */
  currency?: string;
}

/**
 * Every verb the platform can ask of the outside world, with its canonical input and output.
 * A verb that writes is safe to call again with the same reference or key: it ends in one effect.
 */
export interface Capabilities {
  /** Proves that the credentials work, and says whose account it is and which rights they lack. Changes nothing there. */
  'connection.check': (input: Record<string, never>) => AccountCheck;

  /**
   * Orders changed at or after `since`, oldest change first, each once a walk; behind them those whose refunds alone changed,
   * where the shop does not count that as a change. An order that cannot be read is among `rejected`.
   */
  'orders.pull': (input: { since: string; cursor: string | null }) => Page<OrderRead>;
  /**
   * For a shop that does not count every edit as a change: all orders placed or changed at or after `since`, as they are now.
   * Without it, `orders.pull` sees whatever is edited.
   */
  'orders.recheck': (input: { since: string; cursor: string | null }) => Page<OrderRead>;
  /** By its own id, or by what a webhook of this connector gave for it. */
  'orders.get': (input: { externalId: string }) => OrderRead;
  /**
   * The order in a body that `orders.pull` or `orders.get` gave, maybe long ago and to an older version of the connector. Asks
   * nobody. Throws `contract` with the field that does not fit.
   */
  'orders.read': (input: { body: unknown }) => IncomingOrder;
  /**
   * Cancels the whole order at the storefront and gives no money back. True also for an order that is cancelled already or
   * gone; false, in the shop's words, where the shop refuses. `notify` and `restock` are wishes: a shop with rules of its own
   * keeps to them.
   */
  'orders.cancel': (input: {
    externalId: string;
    reference: string;
    reason: CancelReason;
    note: string;
    notify: boolean;
    restock: boolean;
  }) => { cancelled: boolean; reason: string };
  /** What the storefront sells, an item for each variant. One that cannot be read is among `rejected`. */
  'listings.read': (input: { cursor: string | null }) => Page<ListingRead>;
  /** The places whose stock the storefront counts apart. */
  'locations.read': (input: { cursor: string | null }) => Page<LocationRead>;
  'inventory.push': (input: { levels: readonly LevelChange[]; idempotencyKey: string }) => PushReport;
  /** Tells of a package. One that was told of under a number in `earlier` is told of its new one, as `shipments.update` does. */
  'shipments.confirm': (input: { confirmation: Confirmation }) => { externalId: string };
  /**
   * Tells of another tracking of a package that was told of: `externalId` is what `shipments.confirm` gave. What the storefront shows
   * already is not told again. `notify`: the buyer is to hear of it (default true); a shop with rules of its own keeps to them.
   */
  'shipments.update': (input: TrackingUpdate) => { externalId: string };
  /** Gives money back at the storefront; `reference` is written where it can be found again. */
  'refunds.create': (input: {
    orderExternalId: string;
    reference: string;
    currency: string;
    lines: readonly { lineExternalId: string; quantity: number; totalMinor: number; restock: boolean }[];
    note: string;
  }) => { externalId: string };
  /** Subscribes `url` to what we need, once however often it is called, and says the secret to verify with where the vendor takes ours. */
  'webhooks.register': (input: { url: string; secret: string }) => { topics: readonly string[] };
  /** Ends the subscriptions whose address ends with `path`, and no others; again finds none. Says how many they were. */
  'webhooks.deregister': (input: { path: string }) => { ended: number };

  /** What the supplier has, an item for each SKU. One that cannot be read is among `rejected`. */
  'stock.pull': (input: { cursor: string | null }) => Page<SupplyLevel>;
  /** Looks for `reference` first where the vendor takes no key of ours. */
  'purchases.place': (input: { purchase: PurchaseRequest }) => PurchaseReport;
  /** The live order under our reference, or null when the supplier holds none: the probe after an unknown outcome. */
  'purchases.find': (input: { reference: string }) => PurchaseReport | null;
  /** `parts`: the supplier's ids of the orders into which it has split this one, where it has told of them. */
  'purchases.get': (input: { externalId: string; reference: string; parts?: readonly string[] }) => PurchaseReport;
  /**
   * Takes a purchase order back. True also for one that is cancelled already or that the supplier no longer holds; false, in
   * the supplier's words, where it is too late. `pending`: asked for, and the supplier has not answered yet.
   */
  'purchases.cancel': (input: { externalId: string; reference: string }) => {
    cancelled: boolean;
    reason: string;
    pending?: boolean;
  };
  /**
   * Pays a purchase that the supplier has taken down, from the balance there. One that is paid is not paid again. Throws `rejected` in
   * the supplier's words, such as for want of money.
   */
  'purchases.pay': (input: { externalId: string; reference: string }) => PurchaseReport;
  /** What the merchant has left at the supplier to pay with, and from where down the settings ask for a warning; null: from nowhere. */
  'balance.read': (input: Record<string, never>) => {
    amountMinor: number;
    currency: string;
    warnBelowMinor: number | null;
  };

  'rates.quote': (input: { request: LabelRequest }) => { rates: readonly Rate[]; messages: readonly string[] };
  'labels.buy': (input: { request: LabelRequest }) => Label;
  /** The label bought under our reference, or null: the probe after an unknown outcome. */
  'labels.find': (input: { reference: string }) => Label | null;
  /** Gives a label back. Asking again for the same label changes nothing more. */
  'labels.void': (input: { externalId: string }) => { voided: boolean; rawStatus: string };
  'tracking.get': (input: { tracking: { carrier: string; number: string } }) => TrackingReport;
}

export type Verb = keyof Capabilities;
export type Input<V extends Verb> = Parameters<Capabilities[V]>[0];
export type Output<V extends Verb> = ReturnType<Capabilities[V]>;

/** The verbs a connector of each role must have. A missing one does not compile. */
export const ROLES = {
  storefront: [
    'connection.check',
    'orders.pull',
    'orders.get',
    'orders.read',
    'listings.read',
    'inventory.push',
    'shipments.confirm',
    'shipments.update',
    'refunds.create',
    'webhooks.register',
  ],
  supplier: ['connection.check', 'stock.pull', 'purchases.place', 'purchases.find', 'purchases.get'],
  logistics: ['connection.check', 'rates.quote', 'labels.buy', 'labels.find', 'labels.void', 'tracking.get'],
} as const satisfies Record<ConnectionRole, readonly Verb[]>;
export type Role = keyof typeof ROLES;
export type RequiredVerb<R extends Role> = (typeof ROLES)[R][number];

import type { LegKind, LegState } from '#domain/leg.ts';

/** Where a leg stands on its way through its lane. */
export const STAGES = ['routed', 'waiting', 'party', 'shipped', 'closed'] as const;
export type Stage = (typeof STAGES)[number];

export const STAGE_TITLES: Readonly<Record<Stage, string>> = {
  routed: 'Routed',
  waiting: 'Waiting',
  party: 'Supplier, factory, warehouse',
  shipped: 'Shipped',
  closed: 'Closed',
};

/** While its order is open; with the order everything is closed. */
export const STAGE_OF: Readonly<Record<LegState, Stage>> = {
  planned: 'routed',
  awaiting: 'waiting',
  submitted: 'party',
  unknown: 'party',
  accepted: 'party',
  partly_shipped: 'party',
  shipped: 'shipped',
  delivered: 'shipped',
  received: 'closed',
  rejected: 'waiting',
  cancelled: 'closed',
};

/** What each kind of leg is called, and who does it. */
export const LEG_TITLES: Readonly<Record<LegKind, { title: string; party: string }>> = {
  fulfilment: { title: 'fulfilment order', party: 'warehouse' },
  purchase: { title: 'purchase order', party: 'supplier' },
  work: { title: 'work order', party: 'factory' },
};

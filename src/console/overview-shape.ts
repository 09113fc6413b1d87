import type { Unreadable } from '#app/app.ts';
import type { Connection } from '#domain/connection.ts';
import type { LegKind, LegState } from '#domain/leg.ts';
import type { ModeName } from '#domain/offer.ts';
import type { OrderState } from '#domain/order.ts';
import type { CaseRow } from './cases.ts';
import type { Stage } from './stages.ts';

export interface OverviewLeg {
  id: string;
  /** Null for a leg that fills our own shelf. */
  orderId: string | null;
  orderNumber: string;
  mode: ModeName;
  modeTitle: string;
  kind: LegKind;
  kindTitle: string;
  party: string;
  state: LegState;
  stage: Stage;
  shipped: number;
  /** Units that are to leave: cancelled ones are not among them. */
  quantity: number;
}

export interface OverviewOrder {
  id: string;
  number: string;
  storefront: string;
  buyer: string;
  country: string;
  lines: number;
  /** Major units and the currency: `12.50 GBP`. */
  total: string;
  state: OrderState;
  ageMs: number;
  legs: OverviewLeg[];
}

export interface OverviewLane {
  mode: ModeName;
  title: string;
  /** Of the latest legs. */
  legs: number;
  lines: number;
  units: number;
  shipped: number;
  waiting: number;
  stages: { stage: Stage; title: string; count: number; legs: OverviewLeg[] }[];
}

export interface Overview {
  workspace: { id: string; name: string };
  clock: { nowMs: number; rate: number };
  orders: {
    total: number;
    states: { state: OrderState; count: number }[];
    latest: OverviewOrder[];
    /** Not yet routed, so in no lane yet. */
    received: OverviewOrder[];
  };
  lanes: OverviewLane[];
  /** Of all lanes. */
  totals: Pick<OverviewLane, 'legs' | 'lines' | 'units' | 'shipped' | 'waiting'>;
  connections: {
    id: string;
    name: string;
    connector: string;
    role: Connection['role'];
    state: Connection['state'];
    live: boolean;
    lastError: string;
    /** What is left there to pay with, in words; empty where it does not tell. */
    balance: string;
    /** Items that it sent and that cannot be read. */
    unreadable: Unreadable;
  }[];
  exceptions: {
    count: number;
    oldest: { id: string; title: string; next: string; detail: string; ageMs: number }[];
  };
  pendingApprovals: number;
  cases: { open: number; latest: CaseRow[] };
  shelves: {
    levels: {
      id: string;
      sku: string;
      location: string;
      onHand: number;
      reserved: number;
      onOrder: number;
      waiting: number;
    }[];
    movements: {
      id: string;
      sku: string;
      location: string;
      kind: string;
      onHand: number;
      reserved: number;
      onOrder: number;
      reference: string;
      ageMs: number;
    }[];
  };
  queues: { name: string; depth: number }[];
}

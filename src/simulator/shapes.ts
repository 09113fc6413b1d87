import type { Address } from '#domain/address.ts';

/** What the other parties read in the API's answers: the fields they act on, no more. */

export interface LegShape {
  id: string;
  orderId: string | null;
  mode: string;
  state: string;
  kind: string;
  externalId: string;
  lines: {
    lineId: string;
    externalId: string;
    sku: string;
    quantity: number;
    totalMinor: number;
    ready: boolean;
    shipped: number;
    cancelled: number;
    returned: number;
    received: number;
    open: number;
  }[];
}

export interface ApprovalShape {
  id: string;
  party: string;
}

export interface LevelShape {
  sku: string;
  onHand: number;
  reserved: number;
  waitingUnits: number;
  updatedAtMs: number;
}

export interface OrderShape {
  id: string;
  connectionId: string;
  externalId: string;
  state: string;
  holds: { code: string }[];
  shipTo: Address | null;
  lines: { id: string; quantity: number; totalMinor: number }[];
  charges: { totalMinor: number }[];
}

export interface ReturnShape {
  reference: string;
  totalMinor: number;
  state: string;
  lines: { quantity: number; totalMinor: number }[];
}

export interface ShipmentShape {
  id: string;
  legId: string;
  orderId: string;
  lines: { lineId: string; quantity: number }[];
  tracking: { number: string } | null;
  state: string;
  label: object | null;
  confirmationId: string | null;
}

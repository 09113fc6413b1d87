/** Causes that wait for a person or for the cause to clear. One row each: what it is called and what to do. */
export const CAUSES = {
  awaiting_mapping: {
    title: 'A sold item is not mapped to one of our SKUs',
    next: 'Map the item; the order goes on by itself.',
  },
  approval_declined: {
    title: 'An approval was declined',
    next: 'Cancel the lines at the storefront, or change the terms and retry.',
  },
  purchase_rejected: {
    title: 'The supplier refused a purchase order',
    next: 'Read the reason, change supplier or quantity, then retry.',
  },
  label_refused: {
    title: 'The carrier sells no label for this package',
    next: 'Correct the address or the parcel, then retry.',
  },
  confirmation_refused: {
    title: 'The storefront does not take the tracking number',
    next: 'Read the reason, correct it at the storefront, then retry.',
  },
  return_unmatched: {
    title: 'A return belongs to no order line',
    next: 'Find the sale it belongs to, or book it as goodwill with a note.',
  },
  refund_mismatch: {
    title: 'A refund takes back more than was ordered',
    next: 'Compare the refund at the storefront with the order.',
  },
  credentials_refused: {
    title: 'A connection’s credentials are refused',
    next: 'Enter new credentials; what waited goes on by itself.',
  },
  export_blocked: {
    title: 'A gate of the case file holds an export back',
    next: 'Open the case file: it names what is missing for each step. Complete it, or override with a reason.',
  },
  case_deadline: {
    title: 'A deadline of an export comes up',
    next: 'Do what the reminder says, then resolve it.',
  },
  failed_job: { title: 'A step failed for good', next: 'Read the reason, mend it, then retry.' },
} as const;
export type Cause = keyof typeof CAUSES;

/** A typed business problem with what to do next. One per cause and subject; it closes by itself when the cause is gone. */
export interface ExceptionRecord {
  _id: string;
  workspaceId: string;
  cause: Cause;
  subject: { kind: 'order' | 'leg' | 'shipment' | 'return' | 'connection' | 'case' | 'job'; id: string };
  orderId: string | null;
  detail: string;
  /** What a retry puts on the queue again. */
  retry: { job: string; payload: Record<string, unknown> } | null;
  state: 'open' | 'resolved';
  note: string;
  openedAtMs: number;
  closedAtMs: number | null;
}

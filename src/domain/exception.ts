import { z } from 'zod';
import type { Synced } from './connection.ts';
import { News } from './event.ts';
import { Retry } from './job.ts';
import { machine } from './state-machine.ts';

/** Causes that wait for a person or for the cause to clear. One row each: what it is called and what to do. */
export const CAUSES = {
  awaiting_mapping: {
    title: 'A sold item is not mapped to one of our SKUs',
    next: 'Map the item; the order goes on by itself.',
  },
  approval_declined: {
    title: 'An approval was declined',
    next: 'Cancel the lines, or change the offer or the terms and plan the order anew.',
  },
  purchase_rejected: {
    title: 'The supplier refused a purchase order',
    next: 'Read the reason, then retry where it can be tried again, or change the offer and plan the order anew.',
  },
  purchase_unpaid: {
    title: 'A purchase was taken down and waits for its payment',
    next: 'Top up the balance and have it paid again, or pay it at the supplier and say so, or cancel it (leg pay, leg paid, leg cancel). It closes by itself when it is paid or cancelled.',
  },
  balance_low: {
    title: 'The balance at a supplier runs out',
    next: 'Top it up at the supplier, then have it read (balance). It closes by itself when there is enough.',
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
  account_connected_twice: {
    title: 'An account is connected twice',
    next: 'Remove one of the two connections. The one that was stopped goes on when it is resumed.',
  },
  export_blocked: {
    title: 'A gate of the case file holds an export back',
    next: 'Open the case file: it names what is missing for each step. Complete it, or override with a reason.',
  },
  case_deadline: {
    title: 'A deadline of an export comes up',
    next: 'Do what the reminder says, then resolve it.',
  },
  units_after_sent: {
    title: 'Units were taken off an order after they were sent to the supplier',
    next: 'Let them come, cancel the purchase by hand, or plan the order anew with its sent legs cancelled.',
  },
  cancel_declined: {
    title: 'The supplier does not cancel',
    next: 'Let the goods come, or settle it with the supplier and say what came of it.',
  },
  cancel_by_hand: {
    title: 'A supplier has to be asked by hand to cancel',
    next: 'Ask the supplier, then say whether it cancelled.',
  },
  changed_after_sent: {
    title: 'The order was changed after it was sent',
    next: 'Keep it as sent, ask the supplier to change it, or plan the order anew with its sent legs cancelled.',
  },
  order_unreadable: {
    title: 'An order of a storefront cannot be read',
    next: 'Look at the field that is named, mend it at the storefront, then retry.',
  },
  listing_unreadable: {
    title: 'A listing of a storefront cannot be read',
    next: 'Look at the field that is named, mend it at the storefront, then retry. It closes by itself when the listing is read, or is gone.',
  },
  stock_unreadable: {
    title: 'What a supplier says of an item cannot be read',
    next: 'Look at the field that is named, have the supplier mend it, then retry. It closes by itself when the item is read, or is gone.',
  },
  storefront_not_told: {
    title: 'The storefront does not know that an order is cancelled',
    next: 'Retry, or cancel it at the storefront by hand and say so (order told). It closes by itself when the storefront shows it as cancelled.',
  },
  label_not_voided: {
    title: 'The carrier does not take a label back',
    next: 'Retry, or settle the label with the carrier by hand and say so (package settled): the package is voided then. Else it goes on its way after an hour, and this closes when the storefront is told of it.',
  },
  parcel_failed: {
    title: 'A parcel does not reach its buyer',
    next: 'Ask the carrier or the buyer, send anew or refund, then say what came of it (package parcel-settled). It closes by itself when the carrier has the parcel on its way again.',
  },
  refund_refused: {
    title: 'The storefront refuses a refund',
    next: 'Read the reason, correct it at the storefront, then retry.',
  },
  rates_stale: {
    title: 'The newest exchange rate on file is old',
    next: 'Fetch the rates again, or import or type them, before orders in other currencies are held. It closes by itself when a newer rate arrives.',
  },
  location_incomplete: {
    title: 'A location has no address',
    next: 'Enter the address of the location; what waits for it goes on by itself.',
  },
  carrier_ambiguous: {
    title: 'Several carriers could sell a label',
    next: 'Set the carriers of the location; its packages go on by themselves.',
  },
  facts_assumed: {
    title: 'Weights and origins were assumed',
    next: 'Confirm them all, or enter the right ones: until then they are used for nothing.',
  },
  ledger_differs: {
    title: 'Shelves are not the sum of their movements',
    next: 'Count the shelves and correct them, then have the difference entered in the ledger (stock prove --note). Old movements of these shelves are not folded meanwhile.',
  },
  failed_job: { title: 'A step failed for good', next: 'Read the reason, mend it, then retry.' },
} as const;
export type Cause = keyof typeof CAUSES;
export const CAUSE_NAMES = Object.keys(CAUSES).filter((name): name is Cause => name in CAUSES);

/** Causes of what a connection sent and cannot be read: of which of its lists it is an item, and what it is called. */
export const UNREADABLE = {
  order_unreadable: { list: 'orders', word: 'order' },
  listing_unreadable: { list: 'listings', word: 'listing' },
  stock_unreadable: { list: 'stock', word: 'stock' },
} as const satisfies Partial<Record<Cause, { list: Synced; word: string }>>;
export type UnreadableCause = keyof typeof UNREADABLE;
export const isUnreadable = (cause: Cause): cause is UnreadableCause => Object.hasOwn(UNREADABLE, cause);
export const UNREADABLE_CAUSES: readonly UnreadableCause[] = CAUSE_NAMES.filter(isUnreadable);

/** What an exception of an item that cannot be read is opened on. */
export const unreadableSubject = (cause: UnreadableCause, connectionId: string, id: string): string =>
  `${connectionId} ${UNREADABLE[cause].word} ${id}`;

/** The connection that sent what such an exception is about. */
export const connectionOf = ({ id }: { id: string }): string => id.split(' ')[0] ?? '';

/** An exception closes by itself when its cause is gone, or by a person's note, and opens again when the cause comes back. */
export const exceptionMachine = machine('exception', 'open', { open: ['resolved'], resolved: ['open'] });
export type ExceptionState = keyof typeof exceptionMachine.table;

/** What an exception is about. */
export const EXCEPTION_SUBJECTS = [
  'order',
  'leg',
  'shipment',
  'return',
  'connection',
  'location',
  'workspace',
  'case',
  'rates',
  'job',
] as const;

/** A typed business problem with what to do next. One per cause and subject; it closes by itself when the cause is gone. */
export const ExceptionRecord = z.object({
  _id: z.string(),
  workspaceId: z.string(),
  cause: z.enum(CAUSE_NAMES),
  subject: z.object({ kind: z.enum(EXCEPTION_SUBJECTS), id: z.string() }),
  orderId: z.string().nullable(),
  detail: z.string(),
  /** What a retry puts on the queue again. */
  retry: Retry.nullable(),
  /** Of what cannot be read: when it was last met, and by which version of the product it was last tried. */
  unread: z.object({ atMs: z.number(), version: z.string() }).exactOptional(),
  state: z.enum(exceptionMachine.states),
  note: z.string(),
  openedAtMs: z.number(),
  closedAtMs: z.number().nullable(),
  news: z.array(News).optional(),
  newsSeq: z.int().optional(),
});
export type ExceptionRecord = z.infer<typeof ExceptionRecord>;

import { machine } from '#domain/state-machine.ts';
import { type Calendar, openDaysAfter } from '../calendar.ts';
import { addDays, type PlainDate } from '../plain-date.ts';

export const RMA_STATES = [
  ...(['requested', 'authorised', 'declined', 'returnless', 'label_issued', 'in_transit', 'received'] as const),
  ...(['inspected', 'refunded', 'partially_refunded', 'replaced', 'repaired', 'rejected', 'closed'] as const),
] as const;
export type RmaState = (typeof RMA_STATES)[number];

/** The life of a return. No decision is reversed; a new request is a new return. */
export const rmaMachine = machine<RmaState>('return', 'requested', {
  requested: ['authorised', 'declined', 'returnless'],
  authorised: ['label_issued', 'in_transit', 'closed'],
  declined: ['closed'],
  returnless: ['refunded', 'partially_refunded', 'replaced'],
  label_issued: ['in_transit', 'closed'],
  in_transit: ['received', 'closed'],
  received: ['inspected'],
  inspected: ['refunded', 'partially_refunded', 'replaced', 'repaired', 'rejected'],
  refunded: ['closed'],
  partially_refunded: ['closed'],
  replaced: ['closed'],
  repaired: ['closed'],
  rejected: ['closed'],
  closed: [],
});

interface Timer {
  days: number;
  /** Working days use the calendar that the caller gives. */
  kind: 'days' | 'working days';
  /** What is due when the timer expires. */
  action: string;
}

/**
 * How long a return may stay in a state before somebody must act. Our own rule; a law or marketplace may be stricter.
 */
export const RMA_TIMERS: Readonly<Record<RmaState, Timer | null>> = {
  requested: { days: 2, kind: 'days', action: 'answer the request' },
  authorised: { days: 2, kind: 'working days', action: 'issue the label or name the address' },
  declined: { days: 14, kind: 'days', action: 'close it, unless the buyer objects' },
  returnless: { days: 2, kind: 'working days', action: 'refund or replace' },
  label_issued: { days: 14, kind: 'days', action: 'ask the buyer whether the goods were sent; else close it' },
  in_transit: { days: 30, kind: 'days', action: 'trace the parcel with the carrier' },
  received: { days: 2, kind: 'working days', action: 'inspect the goods' },
  inspected: { days: 2, kind: 'working days', action: 'decide: refund, replace, repair or reject' },
  refunded: { days: 14, kind: 'days', action: 'see the refund in the settlement, then close it' },
  partially_refunded: { days: 14, kind: 'days', action: 'see the refund in the settlement, then close it' },
  replaced: { days: 30, kind: 'days', action: 'see the replacement delivered, then close it' },
  repaired: { days: 30, kind: 'days', action: 'see the goods delivered, then close it' },
  rejected: { days: 14, kind: 'days', action: 'send the goods back to the buyer, then close it' },
  closed: null,
};

/**
 * Where goods go after inspection: sellable as new, as open box, as used or for parts; scrap never returns to stock.
 */
export const RESTOCK_GRADES = {
  A: { restock: true, as: 'new' },
  B: { restock: true, as: 'open box' },
  C: { restock: true, as: 'used, or for parts' },
  scrap: { restock: false, as: 'disposed of, with a record' },
} as const;
export type RestockGrade = keyof typeof RESTOCK_GRADES;

/** When the timer of a state entered on `since` expires, and what is due then; null for a closed return. */
export const timerOf = (
  state: RmaState,
  since: PlainDate,
  calendar: Calendar,
): { due: PlainDate; action: string } | null => {
  const timer = RMA_TIMERS[state];
  if (timer === null) return null;
  const due = timer.kind === 'days' ? addDays(since, timer.days) : openDaysAfter(since, timer.days, calendar);
  return { due, action: timer.action };
};

import { machine } from '#domain/state-machine.ts';
import type { PlainDate } from '../plain-date.ts';
import type { Notice } from '../rule.ts';
import { collectionDeadline, refundDeadlines } from '../tax-refund/deadlines.ts';

export const WRITE_OFF_STATES = [
  ...(['draft', 'exported', 'filed', 'open', 'matched'] as const),
  ...(['deemed_received', 'clawback', 'deemed_domestic', 'closed'] as const),
] as const;
export type WriteOffState = (typeof WRITE_OFF_STATES)[number];

/** The life of a declaration line from export to the closed file. Payments can be reversed, so `matched` may reopen. */
export const writeOffMachine = machine<WriteOffState>('write-off', 'draft', {
  draft: ['exported', 'filed', 'open', 'matched', 'deemed_received'],
  exported: ['filed', 'open', 'matched', 'deemed_received', 'clawback', 'deemed_domestic'],
  filed: ['open', 'matched', 'deemed_received', 'clawback'],
  open: ['filed', 'matched', 'deemed_received', 'clawback', 'deemed_domestic'],
  matched: ['open', 'clawback', 'deemed_domestic', 'closed'],
  deemed_received: ['open', 'matched', 'clawback', 'deemed_domestic', 'closed'],
  clawback: ['matched', 'deemed_received', 'deemed_domestic', 'closed'],
  deemed_domestic: ['closed'],
  closed: [],
});

export interface StateFacts {
  /** The export date on the declaration; null if nothing was exported yet. */
  exportDate: PlainDate | null;
  /** Whether the receipts settle the line within the tolerance; `unknown` until a person has checked for money. */
  money: 'unknown' | 'short' | 'in';
  /** Whether the purchase papers agree with the declaration: HS code, unit, quantity. */
  papersAgree: boolean;
  /** The refund claim; null if none was filed, undefined if unknown. */
  claim: { refunded: string } | null | undefined;
  /** The last payment day of the contract, if it names one. */
  finalPayment: PlainDate | null;
  /** Whether a listed reason with its proofs replaces the money. */
  deemedReceived: boolean;
  /** Whether a person closed the file. A line that is still open, or only filed, keeps its state. */
  closed: boolean;
}

export interface LineStatus {
  state: WriteOffState;
  /** Null without an export date, like the cap. */
  collectBy: PlainDate | null;
  cap: PlainDate | null;
  /** The part of the refund to be paid back, in CNY. */
  repay: string;
  notices: readonly Notice[];
}

const ZERO = '0.00';

/**
 * The state of a declaration line on `today`, and the part of the refund to be paid back. Law: an export not claimed
 * within 36 months is a domestic sale (exports from 2026 on), whatever was paid; if the money is not received by the
 * deadline, the refund is clawed back from the next day on. Sources: 公告2026年第11号, 公告2026年第5号 art. 48, read 2026-11-25.
 */
export const lineStatusOn = (facts: StateFacts, today: PlainDate): LineStatus => {
  const { exportDate, money, claim } = facts;
  if (exportDate === null) return { state: 'draft', collectBy: null, cap: null, repay: ZERO, notices: [] };
  const { collectBy, cap, notices } = collectionDeadline(exportDate, facts.finalPayment, today);
  const { deemedDomesticFrom } = refundDeadlines(exportDate, today);
  const lapsed = deemedDomesticFrom !== null && today >= deemedDomesticFrom;
  const order: readonly (readonly [WriteOffState, boolean])[] = [
    ['draft', today < exportDate],
    ['deemed_domestic', lapsed && claim === null],
    ['matched', money === 'in' && facts.papersAgree],
    ['deemed_received', facts.deemedReceived],
    ['deemed_domestic', lapsed && claim === undefined],
    ['clawback', today > collectBy && money !== 'in'],
    ['open', money !== 'unknown'],
    ['filed', claim !== null && claim !== undefined],
    ['exported', true],
  ];
  const reached = order.find(([, holds]) => holds)?.[0] ?? 'exported';
  const state = facts.closed && writeOffMachine.allows(reached, 'closed') ? 'closed' : reached;
  const repay = state === 'clawback' ? (claim?.refunded ?? ZERO) : ZERO;
  return { state, collectBy, cap, repay, notices };
};

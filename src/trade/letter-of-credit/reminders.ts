import { addDays, type PlainDate } from '../plain-date.ts';
import type { CreditState } from './credit-states.ts';

export interface Reminder {
  on: PlainDate;
  code: 'credit_due_soon' | 'credit_due' | 'hold_production' | 'present_soon' | 'present_today' | 'presentation_missed';
  to: 'buyer' | 'production' | 'documents';
  text: string;
}

interface ReminderRow extends Omit<Reminder, 'on' | 'text'> {
  days: number;
  text(day: PlainDate): string;
}

/** Days relative to the day by which the contract requires the credit to be issued. Our own practice, not law. */
const ISSUE: readonly ReminderRow[] = [
  {
    days: -7,
    code: 'credit_due_soon',
    to: 'buyer',
    text: (day) => `The letter of credit is due on ${day}, in 7 days.`,
  },
  {
    days: -3,
    code: 'credit_due_soon',
    to: 'buyer',
    text: (day) => `The letter of credit is due on ${day}, in 3 days.`,
  },
  { days: 0, code: 'credit_due', to: 'buyer', text: () => 'The letter of credit is due today.' },
  {
    days: 3,
    code: 'hold_production',
    to: 'production',
    text: (day) => `No letter of credit since ${day}: hold production.`,
  },
];

/** Days relative to the last day for presentation. */
const PRESENT: readonly ReminderRow[] = [
  { days: -7, code: 'present_soon', to: 'documents', text: (day) => `Present the documents by ${day}: 7 days left.` },
  { days: -3, code: 'present_soon', to: 'documents', text: (day) => `Present the documents by ${day}: 3 days left.` },
  { days: -1, code: 'present_soon', to: 'documents', text: (day) => `Present the documents by ${day}: tomorrow.` },
  { days: 0, code: 'present_today', to: 'documents', text: () => 'Last day to present the documents.' },
  {
    days: 1,
    code: 'presentation_missed',
    to: 'documents',
    text: (day) => `The documents were to be presented by ${day}: ask for approval.`,
  },
];

const from = (rows: readonly ReminderRow[], day: PlainDate): Reminder[] =>
  rows.map(({ days, code, to, text }) => ({ on: addDays(day, days), code, to, text: text(day) }));

/** When to urge the buyer to have the credit issued; empty once it is issued. */
export const issueReminders = (creditDue: PlainDate, state: CreditState): Reminder[] =>
  state === 'requested' ? from(ISSUE, creditDue) : [];

const NOT_PRESENTED: readonly CreditState[] = [
  'issued',
  'reviewed',
  'amendment_requested',
  'accepted',
  'discrepant',
  'refused',
];

/**
 * When to urge presentation; `lastDay` is that of `presentationDeadline`. Empty once the documents are with the bank.
 */
export const presentationReminders = (lastDay: PlainDate, state: CreditState): Reminder[] =>
  NOT_PRESENTED.includes(state) ? from(PRESENT, lastDay) : [];

/** The reminders due on or before `today`, oldest first: those that a daily job must have sent. */
export const dueReminders = (reminders: readonly Reminder[], today: PlainDate): Reminder[] =>
  reminders.filter(({ on }) => on <= today).sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));

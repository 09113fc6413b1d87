import { isFailure } from '#domain/failure.ts';
import { readCredit } from '../letter-of-credit/credit.ts';
import { presentationDeadline, presentationTerm } from '../letter-of-credit/presentation-days.ts';
import { issueReminders, presentationReminders } from '../letter-of-credit/reminders.ts';
import { addDays, type PlainDate } from '../plain-date.ts';
import { withdrawalPeriod } from '../returns-law/withdrawal.ts';
import type { AsOf } from '../rule.ts';
import { collectionDeadline, filingDocuments, refundDeadlines } from '../tax-refund/deadlines.ts';
import { keyOf } from '../write-off/case-file.ts';
import type { CaseFile } from './case-file.ts';
import type { Step } from './facts.ts';

/** A day on which somebody must be reminded. */
export interface CaseReminder {
  /**
   * Derived from the subject and its day. Each reminder is sent once; the same subject on another day is another
   * reminder.
   */
  key: string;
  /** The subject. One subject can have several reminders, one after the other. */
  about: string;
  step: Step;
  on: PlainDate;
  text: string;
}

/** How many days before a deadline we remind. Our own practice, not law. */
const BEFORE = { licence: [30, 7, 0], money: [60, 30, 7, 0], papers: [5, 1, 0], withdrawal: [0] } as const;

const remindersBefore = (
  step: Step,
  key: string,
  due: PlainDate,
  before: readonly number[],
  text: string,
): CaseReminder[] =>
  before.map((days) => ({
    key: `${key} ${due} T-${days}`,
    about: key,
    step,
    on: addDays(due, -days),
    text: `${text}: ${days === 0 ? 'the last day is' : 'by'} ${due}`,
  }));

const ofContract = ({ facts: { contract } }: CaseFile, asOf: AsOf): CaseReminder[] => {
  if (contract?.payment !== 'letter_of_credit' || !contract.contract) return [];
  const { creditDue } = contract.contract;
  const as = (kind: string, rows: ReturnType<typeof issueReminders>): CaseReminder[] =>
    rows.map(({ on, code, text }) => ({ key: `${kind} ${code} ${on}`, about: kind, step: 'contract', on, text }));
  if (contract.messages === '') return as('credit', issueReminders(creditDue, 'requested'));
  const { credit } = readCredit(contract.messages, asOf);
  if (!credit || contract.shipped === null || contract.presented !== null) return [];
  const { days, originals } = presentationTerm(credit.presentation, true);
  const { lastDay } = presentationDeadline(
    { shipped: contract.shipped, expiry: credit.expiry.date, days, originals },
    contract.bank,
    asOf,
  );
  return as('present', presentationReminders(lastDay, 'accepted'));
};

const ofRights = ({ facts: { rights } }: CaseFile): CaseReminder[] =>
  (rights?.licences ?? []).flatMap(({ id, kind, expires }) =>
    expires === null
      ? []
      : remindersBefore('rights', `licence ${id}`, expires, BEFORE.licence, `${kind.replaceAll('_', ' ')} ${id} ends`),
  );

const ofAfterSales = ({ facts: { after_sales: sale } }: CaseFile, { today }: AsOf): CaseReminder[] => {
  if (!sale || sale.law === null || sale.delivered === null) return [];
  const { law, delivered, informed, calendar } = sale;
  const { lastDay } = withdrawalPeriod({ law, delivered, informed, calendar }, today);
  return lastDay === null
    ? []
    : remindersBefore('after_sales', 'withdrawal', lastDay, BEFORE.withdrawal, 'The buyer may withdraw');
};

const ofSettlement = ({ facts: { settlement } }: CaseFile, { today }: AsOf): CaseReminder[] =>
  (settlement?.file?.lines ?? []).flatMap((line) => {
    if (line.closed) return [];
    const key = keyOf(line);
    const contract = settlement?.file?.contracts.find(({ number }) => number === line.contract);
    const { collectBy } = collectionDeadline(line.exportDate, contract?.finalPayment ?? null, today);
    const { last36Months } = refundDeadlines(line.exportDate, today);
    return [
      ...remindersBefore(
        'settlement',
        `collect ${key}`,
        collectBy,
        BEFORE.money,
        `${key}: foreign exchange has to be in`,
      ),
      ...(line.claim === null
        ? remindersBefore(
            'settlement',
            `claim ${key}`,
            last36Months,
            BEFORE.money,
            `${key}: the tax refund has to be claimed`,
          )
        : remindersBefore(
            'settlement',
            `papers ${key}`,
            filingDocuments(line.claim.filedOn, today).filingDocumentsBy,
            BEFORE.papers,
            `${key}: filing documents have to be in the file`,
          )),
    ];
  });

/**
 * No reminder if the rules have no row for the day: the gate of that step says why. One file must not prevent the
 * reminders of the others.
 */
const noneIfNoRow = (days: () => CaseReminder[]): CaseReminder[] => {
  try {
    return days();
  } catch (error) {
    if (isFailure(error, 'no_row') || isFailure(error, 'invalid')) return [];
    throw error;
  }
};

/** All reminder days of this file, earliest first. */
export const remindersOf = (file: CaseFile, asOf: AsOf): CaseReminder[] =>
  [
    noneIfNoRow(() => ofContract(file, asOf)),
    noneIfNoRow(() => ofRights(file)),
    noneIfNoRow(() => ofAfterSales(file, asOf)),
    noneIfNoRow(() => ofSettlement(file, asOf)),
  ]
    .flat()
    .sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : a.key < b.key ? -1 : 1));

import { isFailure } from '#domain/failure.ts';
import { TRANSPORT_KINDS } from './documents.ts';
import { shipmentsOf } from './partial-shipment.ts';
import { type Check, discrepancy, notExamined, nothing, together, warning } from './presentation-case.ts';
import { presentationDeadline, presentationTerm } from './presentation-days.ts';
import { shipmentPeriod } from './shipment-period.ts';

const noLaterThanLastDay: Check = (input) => {
  const { credit, presentation, required, asOf } = input;
  const { shipped, notices } = shipmentsOf(input.presentation.documents, input.asOf);
  const { presented, calendar } = presentation;
  const originals = required.some(
    ({ kind, originalsCopiesOnly }) => TRANSPORT_KINDS.some((known) => known === kind) && !originalsCopiesOnly,
  );
  const { counted, ...term } = presentationTerm(credit.presentation, originals);
  const deadline = presentationDeadline(
    {
      shipped: shipped ?? credit.expiry.date,
      expiry: credit.expiry.date,
      ...term,
    },
    calendar,
    asOf,
  );
  const { periodEnds, expires } = deadline;
  return together(
    { ...nothing(), notices: [...notices, ...deadline.notices] },
    presented > expires ? discrepancy('CREDIT_EXPIRED', { expected: `by ${expires}`, found: presented }) : nothing(),
    shipped !== null && periodEnds !== null && presented > periodEnds
      ? discrepancy('LATE_PRESENTATION', { expected: `by ${periodEnds}`, found: presented })
      : nothing(),
    shipped !== null && deadline.statement && presented > deadline.limit && presented <= deadline.lastDay
      ? warning('EXTENDED_BY_CLOSED_DAY', { expected: deadline.limit, found: presented })
      : nothing(),
    shipped === null ? notExamined('the presentation period, for no document shows a date of shipment') : nothing(),
    counted ? nothing() : notExamined(`the presentation period of field 48, counted “${credit.presentation?.after}”`),
  );
};

const shippedInTime: Check = (input) => {
  const { credit, asOf } = input;
  const { shipped } = shipmentsOf(input.presentation.documents, input.asOf);
  if (shipped === null) return nothing();
  if (credit.latestShipment !== null && shipped > credit.latestShipment)
    return discrepancy('LATE_SHIPMENT', { expected: `by ${credit.latestShipment}`, found: shipped });
  if (credit.shipmentPeriod === null) return nothing();
  try {
    const period = shipmentPeriod(credit.shipmentPeriod.join(' '), asOf, '44D');
    const outside =
      (period.earliest !== null && shipped < period.earliest) || (period.latest !== null && shipped > period.latest);
    const expected = `${period.earliest ?? 'any day'} to ${period.latest ?? 'any day'}`;
    return together(
      { ...nothing(), notices: [...period.notices] },
      outside ? discrepancy('SHIPMENT_OUTSIDE_PERIOD', { expected, found: shipped }) : nothing(),
    );
  } catch (error) {
    if (isFailure(error, 'invalid')) return notExamined(`the shipment period of field 44D: ${error.message}`);
    throw error;
  }
};

const oneShipment: Check = (input) => {
  const { partial, because } = shipmentsOf(input.presentation.documents, input.asOf);
  return partial && input.credit.partialShipments === 'NOT ALLOWED'
    ? discrepancy('PARTIAL_SHIPMENT', { expected: 'one vessel, voyage and destination', found: because })
    : nothing();
};

/** Expiry, presentation, shipment and partial shipments: arts 3, 6(d), 14(c), 29 and 31; fields 31D, 43P, 44C, 44D, 48. */
export const CHECKS_OF_TIMES: readonly Check[] = [noLaterThanLastDay, shippedInTime, oneShipment];

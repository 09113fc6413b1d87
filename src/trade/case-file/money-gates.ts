import { fromMinor } from '#domain/money.ts';
import { readCredit } from '../letter-of-credit/credit.ts';
import { presentationDeadline, presentationTerm } from '../letter-of-credit/presentation-days.ts';
import { reviewCredit } from '../letter-of-credit/review-credit.ts';
import { mergeNotices } from '../rule.ts';
import { claimProcedure } from '../tax-refund/refund-claim.ts';
import { keyOf } from '../write-off/case-file.ts';
import { matchFile } from '../write-off/match.ts';
import { block, type Gate, warn } from './finding.ts';

export const contract: Gate<'contract'> = (facts, file, { asOf, hash }) => {
  if (facts.payment !== 'letter_of_credit') return { reasons: [], notices: [] };
  if (!facts.contract)
    return {
      reasons: [block('CONTRACT_MISSING', '', 'there is no sales contract', 'Give the contract the credit is for.')],
      notices: [],
    };
  if (facts.messages === '')
    return {
      reasons: [
        block('CREDIT_MISSING', '', `no credit came; it was due on ${facts.contract.creditDue}`, 'Urge the buyer.'),
      ],
      notices: [],
    };
  const { credit, faults, notices } = readCredit(facts.messages, asOf);
  const unread = faults.map(({ tag, reason }) =>
    warn('CREDIT_FORMAT', tag ?? '', `field ${tag ?? '?'}: ${reason}`, 'Ask the advising bank for a clean copy.'),
  );
  if (!credit)
    return {
      reasons: [block('CREDIT_UNREADABLE', '', 'a term of the credit cannot be read', 'Ask the bank.'), ...unread],
      notices,
    };
  const review = reviewCredit(credit, facts.contract, { today: asOf.today });
  const reasons = review.findings.map(({ code, severity, field, expected, found, ask }) => {
    const what = `${field}: ${found ?? 'nothing'}${expected === null ? '' : ` (expected: ${expected})`}`;
    return severity === 'must' ? block(code, field, what, ask) : warn(code, field, what, ask);
  });
  if (file.creditAccepted !== hash(facts.messages))
    reasons.push(
      block(
        'CREDIT_UNREVIEWED',
        hash(facts.messages).slice(0, 12),
        'nobody has accepted the credit as it stands',
        'Read the review and accept it.',
      ),
    );
  const latest = credit.latestShipment;
  if (latest !== null && (facts.shipped ?? asOf.on) > latest)
    reasons.push(block('SHIPMENT_LATE', '44C', `the latest day of shipment was ${latest}`, 'Ask for an amendment.'));
  if (asOf.on > credit.expiry.date && facts.shipped === null)
    reasons.push(
      block('CREDIT_EXPIRED', '31D', `the credit expired on ${credit.expiry.date}`, 'Ask for an amendment.'),
    );
  const { days, originals } = presentationTerm(credit.presentation, true);
  const deadline = facts.shipped
    ? presentationDeadline({ shipped: facts.shipped, expiry: credit.expiry.date, days, originals }, facts.bank, {
        today: asOf.today,
      })
    : null;
  return {
    reasons: [...reasons, ...unread],
    notices: mergeNotices(notices, review.notices, deadline?.notices ?? []),
  };
};

export const afterSales: Gate<'after_sales'> = (facts, _file, { refund }) => {
  const { currency, capturedMinor } = facts;
  if (refund && refund.currency !== currency) {
    const what = `a refund in ${refund.currency} of what was captured in ${currency}`;
    return { reasons: [block('REFUND_CURRENCY', '', what, 'Correct the currency of the step.')], notices: [] };
  }
  // The amount actually being paid takes precedence over the expected one.
  const wanted = refund?.minor ?? facts.askedMinor;
  const left = capturedMinor - Math.max(facts.refundedMinor, refund?.refundedMinor ?? 0);
  const over = `a refund of ${fromMinor(wanted, currency)} ${currency} is more than the ${fromMinor(left, currency)} left`;
  return {
    reasons: wanted > left ? [block('REFUND_ABOVE_CAPTURED', '', over, 'Refund what is left, or capture first.')] : [],
    notices: [],
  };
};

export const settlement: Gate<'settlement'> = ({ claim, file }, _case, { asOf }) => {
  if (claim === null) return { reasons: [], notices: [] };
  if (file === null)
    return {
      reasons: [
        block('PROOF_MISSING', '', 'no declaration is on file', 'Enter declaration, invoices, receipts and B/L.'),
      ],
      notices: [],
    };
  const { paper, mode, sale, sold } = claim;
  const ways = file.lines.map((line) =>
    claimProcedure({ paper, mode, sale, sold, exportDate: line.exportDate }, asOf.today),
  );
  const matched = matchFile(file, asOf.today);
  return {
    reasons: [
      ...(ways.some(({ treatment }) => treatment === 'exempt')
        ? [
            block(
              'NO_REFUND_PAPER',
              '',
              'goods bought without a special VAT invoice are exempt: there is no refund',
              'Get the special VAT invoice, or book the sale as exempt.',
            ),
          ]
        : []),
      ...matched.lines.flatMap((line) =>
        line.findings.map(({ severity, link, message }) =>
          severity === 'warning'
            ? warn('PROOF_CHECK', `${keyOf(line)} ${link}`, message, 'Check it before filing.')
            : block('PROOF_MISSING', `${keyOf(line)} ${link}`, message, 'Bring the paper, or correct the entry.'),
        ),
      ),
    ],
    notices: mergeNotices(...ways.map(({ notices }) => notices), ...matched.lines.map(({ notices }) => notices)),
  };
};
